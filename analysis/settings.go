package analysis

import (
	"fmt"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// isSettings reports whether a file is the site's .scholium.yml.
func isSettings(p site.Path) bool { return p == ".scholium.yml" }

// completeSettings proposes what .scholium.yml may say: its keys, the codes of
// rules with what they report, severities, and the site's folders and pages.
func completeSettings(c site.Cursor) []Candidate {
	line := c.Line()
	trimmed := strings.TrimLeft(line, " ")
	if strings.Contains(line, "#") {
		return nil
	}
	values, _ := frontmatter.Read(c.Text(), text.Span{Start: 0, End: len(c.Text())})
	switch under := above(c); {
	case trimmed == line && !strings.ContainsAny(line, ":-"):
		var out []Candidate
		for _, s := range rules.SettingKeys {
			if values.Get(s.Name).Kind != frontmatter.Null {
				continue // it stands there
			}
			out = append(out, Candidate{Label: s.Name, Detail: s.Does, Insert: s.Name + ":\n  ", Kind: KeyCandidate, Replace: replaced(c, line)})
		}
		return out
	case under == "rules" && !strings.Contains(line, ":"):
		return completeCodes(c, trimmed, values.Get("rules"))
	case under == "rules":
		typed := strings.TrimLeft(line[strings.IndexByte(line, ':')+1:], " ")
		var out []Candidate
		for i, word := range rules.SeverityWords {
			out = append(out, Candidate{Label: word, Insert: word, Kind: ValueCandidate, Replace: replaced(c, typed), Sort: fmt.Sprintf("%02d", i)})
		}
		return out
	case under == "exclude" && strings.HasPrefix(trimmed, "-"):
		return completeExcluded(c, strings.TrimLeft(trimmed[1:], " "))
	}
	return nil
}

// above is the key at the left margin that the cursor's line belongs to.
func above(c site.Cursor) string {
	src := c.Source()
	for n := src.Lines.Line(c.Offset) - 1; n >= 0; n-- {
		line := strings.TrimPrefix(src.Lines.Span(n).Of(src.Text), "\uFEFF")
		if key, _, ok := strings.Cut(line, ":"); ok && line != "" && line[0] != ' ' && line[0] != '-' && line[0] != '#' {
			return strings.TrimSpace(key)
		}
	}
	return ""
}

func completeCodes(c site.Cursor, typed string, given *frontmatter.Node) []Candidate {
	var out []Candidate
	for _, r := range rules.All {
		if given.Get(r.Code).Kind != frontmatter.Null {
			continue
		}
		out = append(out, Candidate{
			Label: r.Code, Detail: r.Severity.String(), Doc: sentence(r.Summary), Insert: r.Code + ": ", Kind: KeyCandidate, Replace: replaced(c, typed),
		})
	}
	return out
}

// completeExcluded proposes folders that hold pages, and pages.
func completeExcluded(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	add := func(path string) {
		if !seen[path] {
			seen[path] = true
			out = append(out, Candidate{Label: path, Insert: path, Kind: FileCandidate, Replace: replaced(c, typed), Sort: fmt.Sprintf("%d%s", strings.Count(path, "/"), path)})
		}
	}
	for _, f := range c.Site.AllFacts() {
		path := string(f.Path)
		for at, r := range path {
			if r == '/' {
				add(path[:at] + "/**")
			}
		}
		add(path)
	}
	return out
}

// hoverSettings tells of a key, rule or severity in .scholium.yml.
func hoverSettings(c site.Cursor) (HoverText, bool) {
	values, _ := frontmatter.Read(c.Text(), text.Span{Start: 0, End: len(c.Text())})
	for _, e := range values.Entries {
		at := func(n *frontmatter.Node) HoverText {
			return HoverText{At: site.Origin{File: c.File, Span: n.Span, Exact: true}}
		}
		if e.Key.Span.Contains(c.Offset) {
			for _, s := range rules.SettingKeys {
				if s.Name == e.Key.Text {
					h := at(e.Key)
					h.Markdown = "`" + s.Name + "`: " + s.Does
					return h, true
				}
			}
		}
		if e.Key.Text != "rules" {
			continue
		}
		for _, r := range e.Value.Entries {
			rule, ok := rules.Find(r.Key.Text)
			if !ok || !r.Key.Span.Contains(c.Offset) && !r.Value.Span.Contains(c.Offset) {
				continue
			}
			h := at(r.Key)
			h.Markdown = fmt.Sprintf("`%s` reports %s.\n\nWithout a word here it is of severity `%s`.", rule.Code, rule.Summary, rule.Severity)
			return h, true
		}
	}
	return HoverText{}, false
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
