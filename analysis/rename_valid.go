package analysis

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// invalid says why a name is none of its kind; empty where it may be.
func invalid(kind site.Kind, name string) string {
	switch kind {
	case site.Label:
		if name == "" || strings.ContainsAny(name, "{}\\%$&#\n\r") || strings.TrimSpace(name) != name {
			return fmt.Sprintf("`%s` cannot be a label: it has a brace, a backslash, or another sign that TeX reads for itself, or a blank at an end.", name)
		}
	case site.Footnote:
		if !validNote(name) {
			return fmt.Sprintf("`%s` cannot be a footnote's name: kramdown takes letters from a to z, digits, `_`, `-` and `:`, and no `-` in front.", name)
		}
	case site.Anchor:
		if name == "" || strings.ContainsAny(name, " \t\n\r\f\"'<>{}#`|\\") {
			return fmt.Sprintf("`%s` cannot be an id: ids have no blanks, quotes or brackets.", name)
		}
	case site.Macro:
		if name == "" || strings.TrimFunc(name, isASCIILetter) != "" {
			return fmt.Sprintf("`\\%s` cannot be a macro: its name is letters from a to z alone.", name)
		}
	case site.Environment:
		if base := strings.TrimSuffix(name, "*"); base == "" || strings.TrimFunc(base, isASCIILetter) != "" {
			return fmt.Sprintf("`%s` cannot be an environment: its name is letters from a to z, and perhaps a star.", name)
		}
	case site.Citation:
		if name == "" || strings.Trim(name, keyLetters) != "" || name[0] == '-' {
			return fmt.Sprintf("`%s` cannot be a citation's key: keys are letters from a to z, digits, and `_`, `-`, `:`, `.`, `/`, `+` within.", name)
		}
	case site.LinkRef:
		if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "[]\\\n\r") || strings.HasPrefix(name, "^") {
			return fmt.Sprintf("`%s` cannot be the name of a link definition: it has a bracket, or is a footnote's.", name)
		}
	}
	return ""
}

// keyLetters are what BibTeX, Liquid and HTML all take for a part of a key.
const keyLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:./+"

func isASCIILetter(c rune) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isWord(c byte) bool {
	return isASCIILetter(rune(c)) || c >= '0' && c <= '9' || c == '_' || c == ':'
}

// validNote reports whether kramdown takes a footnote's name: [\w:][\w:-]*.
func validNote(name string) bool {
	for i := 0; i < len(name); i++ {
		if !isWord(name[i]) && (i == 0 || name[i] != '-') {
			return false
		}
	}
	return name != ""
}

// validHeadingID reports whether {#id} behind a heading is its id:
// [A-Za-z][\w:-]*.
func validHeadingID(id string) bool {
	return id != "" && isASCIILetter(rune(id[0])) && validNote(id)
}

// collide refuses where a new name is one that is there already.
func (r *renamer) collide() {
	keys := slices.SortedFunc(maps.Keys(r.changes), func(a, b site.Key) int { // the name itself before what moves with it
		if (a.Kind == r.name.Kind) != (b.Kind == r.name.Kind) {
			return map[bool]int{true: -1, false: 1}[a.Kind == r.name.Kind]
		}
		return strings.Compare(a.Text, b.Text)
	})
	for _, k := range keys {
		new := r.changes[k]
		if r.changes[site.Key{Kind: k.Kind, Text: new}] != "" {
			continue
		}
		for _, path := range sorted(r.owners) {
			p := r.pages[path]
			if where := taken(p, k.Kind, new, r.defined); where != "" {
				r.refuse("%s", where)
				return
			}
			if k.Kind == site.Anchor && len(r.Site.LinksTo(p.Facts, new)) > 0 {
				r.refuse("A link to `#%s` of this page stands on another already: it would lead here.", new)
				return
			}
		}
	}
}

// taken says what has a name already; empty where nothing has. A heading may
// have it by its words where what is renamed stands in that heading.
func taken(p *site.Page, kind site.Kind, name string, renamed []site.Origin) string {
	use := ""
	for _, n := range p.Facts.Names {
		if n.Kind != kind || n.Text != name {
			continue
		}
		inside := func(at site.Origin) bool { return at.File == n.Whole.File && n.Whole.Span.Covers(at.Span) }
		if isHeading(n) && slices.ContainsFunc(renamed, inside) {
			continue
		}
		if !n.Uses {
			return fmt.Sprintf("There is %s `%s` already, on line %d.", article(kind), name, p.Source.Lines.Line(n.At.Span.Start)+1)
		}
		if use == "" {
			use = inUse(kind, name, p.Source.Lines.Line(n.At.Span.Start)+1)
		}
	}
	switch kind {
	case site.Anchor:
		if p.Layout != nil && p.Layout.Gives(name) {
			return fmt.Sprintf("The page's layout has the id `%s` already.", name)
		}
	case site.Macro, site.Environment:
		if n, ok := p.Layout.Defines(site.Key{Kind: kind, Text: name}); ok {
			return fmt.Sprintf("The site has %s `%s` already, in `%s`.", article(kind), name, n.At.File)
		}
		known := tex.Lookup
		if kind == site.Environment {
			known = tex.LookupEnvironment
		}
		if _, ok := known(name, p.Config); ok {
			return fmt.Sprintf("MathJax has %s `%s` of its own.", map[site.Kind]string{site.Macro: "a command", site.Environment: "an environment"}[kind], name)
		}
		for i := range p.Math {
			for _, u := range p.Math[i].Uses {
				if u.Name == name && u.Environment == (kind == site.Environment) {
					return inUse(kind, name, p.Source.Lines.Line(p.InMath(&p.Math[i], u.Span).Span.Start)+1)
				}
			}
		}
	}
	return use
}

func inUse(kind site.Kind, name string, line int) string {
	return fmt.Sprintf("The %s `%s` is used already, on line %d: it would mean this one then.", kind, name, line)
}

// article is the word for a kind, with its article.
func article(k site.Kind) string {
	word := k.String()
	if strings.IndexByte("aeiou", word[0]) >= 0 {
		return "an " + word
	}
	return "a " + word
}
