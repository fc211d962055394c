package analysis

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// Document says of a candidate what is worth reading before it is taken: more
// than its Doc, as it is asked for one candidate at a time. The cursor is that
// at which it was offered.
func Document(c site.Cursor, k *Candidate) HoverText {
	h := HoverText{Markdown: k.Doc}
	if c.Page == nil || c.Page.Config == nil {
		return documentFile(c, k, h)
	}
	switch k.Kind {
	case CommandCandidate:
		if info, ok := tex.Lookup(strings.TrimPrefix(k.Label, `\`), c.Page.Config); ok {
			h.Markdown, h.Formula = describeCommand(info), shown(c.Page, info)
		}
	case EnvironmentCandidate:
		if info, ok := tex.LookupEnvironment(k.Label, c.Page.Config); ok {
			h.Markdown = describeCommand(info)
		}
	case MacroCandidate:
		h.Formula = sample(c.Page, strings.TrimPrefix(k.Label, `\`))
	case EquationCandidate:
		if k.Doc != "" { // not a name that no equation has yet
			h.Markdown = ""
			hoverLabel(c, site.Name{Key: site.Key{Kind: site.Label, Text: k.Label, Uses: true}}, &h)
		}
	default:
		return documentFile(c, k, h)
	}
	return h
}

// documentFile describes a candidate that stands for a file or page, or has its
// words made when they are asked for.
func documentFile(c site.Cursor, k *Candidate, h HoverText) HoverText {
	switch {
	case k.doc != nil:
		h.Markdown = k.doc()
	case k.File == "":
	case c.Site.Facts(k.File) != nil:
		h.Markdown = describe(c, c.Site.Facts(k.File), "")
	case k.Doc == "":
		h.File, h.Image = fileLine(c.Site, string(k.File)), imageFile(string(k.File))
	}
	return h
}
