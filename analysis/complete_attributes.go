package analysis

import (
	"fmt"
	"strings"

	"scholium/analysis/site"
)

// attributes are what authors give to elements, with what they do.
var attributes = [][2]string{
	{"width", "of an image, in pixels or %"}, {"height", "of an image, in pixels or %"}, {"style", "CSS of this element alone"},
	{"title", "shown when the mouse rests on it"}, {"alt", "what an image shows, for who cannot see it"}, {"target", `"_blank" opens a link elsewhere`},
	{"rel", "what a link means"}, {"loading", `"lazy" loads an image when it comes into view`}, {"lang", "the language of the text"}, {"start", "of a list: its first number"},
}

// extensions are kramdown's, with what they do.
var extensions = [][2]string{
	{"comment", "readers do not see it"}, {"nomarkdown", "printed as it stands"}, {"options", "of kramdown, from here on"},
}

// openAttributes returns what is typed of the last attribute of an IAL {: … that
// is open at the cursor, and whether it is one of an extension {:: ….
func openAttributes(line string) (typed string, extension, ok bool) {
	at := strings.LastIndex(line, "{:")
	if at < 0 || strings.Contains(line[at:], "}") {
		return "", false, false
	}
	inner := line[at+2:]
	if inner, extension = strings.CutPrefix(inner, ":"); extension {
		return inner, true, isName(inner)
	}
	if strings.Count(inner, `"`)%2 != 0 || strings.Count(inner, "'")%2 != 0 {
		return "", false, false // a value
	}
	return inner[strings.LastIndexAny(inner, " \t")+1:], false, true
}

// completeAttributes proposes classes that the site uses, ids that links ask
// for, and attributes.
func completeAttributes(c site.Cursor, typed string, extension bool) []Candidate {
	var out []Candidate
	add := func(span string, label, detail, insert string, kind CandidateKind) {
		k := Candidate{Label: label, Detail: detail, Insert: insert, Kind: kind, Replace: replaced(c, span), Sort: fmt.Sprintf("%05d", len(out))}
		doc := c.Text()
		for k.Replace.End < len(doc) && (isWordByte(doc[k.Replace.End]) || doc[k.Replace.End] == '-') {
			k.Replace.End++
		}
		if strings.HasSuffix(insert, `=""`) {
			k.Snippet = insert[:len(insert)-1] + `$1"`
		}
		out = append(out, k)
	}
	if extension {
		for _, e := range extensions {
			add(typed, e[0], e[1], e[0], TagCandidate)
		}
		return out
	}
	sign, name := "", typed
	if typed != "" && (typed[0] == '.' || typed[0] == '#') {
		sign, name = typed[:1], typed[1:]
	}
	if strings.Trim(name, "-") != "" && !isName(strings.ReplaceAll(name, "-", "_")) {
		return nil
	}
	if sign != "#" {
		counts := classes(c)
		for _, class := range ranked(counts) {
			add(typed, "."+class, "class", "."+class, ValueCandidate)
		}
	}
	if sign != "." {
		for _, id := range missingIDs(c) {
			add(typed, "#"+id, "a link asks for it", "#"+id, AnchorCandidate)
		}
	}
	if sign == "" {
		for _, a := range attributes {
			add(typed, a[0], a[1], a[0]+`=""`, ParameterCandidate)
		}
	}
	return out
}

// classes counts the classes of elements on the site's pages, and in its layouts
// and includes. Style sheets are not read.
func classes(c site.Cursor) map[string]int {
	out := map[string]int{"no_toc": 0} // kramdown's own: a heading that its contents leave out
	for _, f := range c.Site.AllFacts() {
		for _, class := range f.Classes {
			out[class]++
		}
	}
	c.Site.EachSource(func(src *site.Source) {
		if src.Template == nil || c.Site.Facts(src.Path) != nil {
			return
		}
		for rest := src.Text; ; {
			_, after, ok := strings.Cut(rest, `class="`)
			if !ok {
				return
			}
			value, _, _ := strings.Cut(after, `"`)
			if !strings.ContainsAny(value, "{}%<>\n") && len(value) < 200 {
				for class := range strings.FieldsSeq(value) {
					out[class]++
				}
			}
			rest = after
		}
	})
	return out
}

// missingIDs are the ids of the page that links ask for and nothing has.
func missingIDs(c site.Cursor) []string {
	has := map[string]bool{}
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Anchor && !n.Uses {
			has[n.Text] = true
		}
	}
	var out []string
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Anchor && n.Uses && !has[n.Text] && !c.Page.Layout.Gives(n.Text) {
			has[n.Text] = true
			out = append(out, n.Text)
		}
	}
	return out
}
