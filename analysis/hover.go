package analysis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// A HoverText is what is shown about the thing under the cursor.
type HoverText struct {
	Markdown string      // without the formula
	At       site.Origin // what it speaks of

	Formula *Picture // the formula that is shown, else nil
	Source  string   // its source, in a fence
}

// A Picture is a formula that can be drawn.
type Picture struct {
	Plain  string     // the formula as one line of Unicode
	Ask    site.Doubt // what MathJax is asked to draw
	Number int        // of its first numbered row, from 1
	Labels map[string]string
}

// Text is all of a hover. drawing is the address of an image of the formula;
// empty where there is none, and then its line of Unicode stands there.
func (h HoverText) Text(drawing string) string {
	parts := []string{h.Markdown}
	if h.Formula != nil && h.Formula.Plain != "" {
		if drawing != "" {
			parts = append(parts, "!["+strings.NewReplacer("[", `\[`, "]", `\]`, `\`, `\\`).Replace(h.Formula.Plain)+"]("+drawing+")")
		} else {
			parts = append(parts, code(h.Formula.Plain))
		}
	}
	parts = append(parts, h.Source)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
}

// code writes a line so that Markdown leaves its letters alone.
func code(s string) string {
	ticks := "`"
	for strings.Contains(s, ticks) {
		ticks += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// The most that a hover shows of a source, in lines.
const hoverLines = 30

// Hover says what stands at a cursor: an equation with its number, a
// footnote's text, a macro's definition, a figure, an include, a file. It
// returns false where there is nothing to say.
func Hover(c site.Cursor) (HoverText, bool) {
	n, ok := c.Name()
	if !ok {
		if h, ok := hoverCommand(c); ok {
			return h, true
		}
		return hoverFormula(c)
	}
	h := HoverText{At: n.At}
	if !n.At.Span.Contains(c.Offset) || n.At.File != c.File {
		h.At = n.Whole
	}
	switch n.Kind {
	case site.Label:
		hoverLabel(c, n, &h)
	case site.Footnote:
		h.Markdown = hoverFootnote(c, n)
	case site.Macro:
		hoverMacro(c, n, &h)
	case site.Anchor:
		h.Markdown = hoverAnchor(c, n)
	case site.Include:
		h.Markdown = hoverInclude(c, n)
	case site.Asset:
		h.Markdown = hoverFile(c, n)
	case site.Post:
		h.Markdown = hoverPost(c, n)
	case site.PageLink:
		if target := c.Site.AtURL(n.Text); target != nil {
			h.Markdown = describe(target)
		}
	case site.LinkRef:
		h.Markdown = "Link to " + n.Detail
	}
	return h, h.Markdown != ""
}

func fence(language, source string) string {
	source = strings.Trim(source, "\n")
	lines := strings.Split(source, "\n")
	if len(lines) > hoverLines {
		source = strings.Join(lines[:hoverLines], "\n") + "\n…"
	}
	ticks := "```"
	for strings.Contains(source, ticks) {
		ticks += "`"
	}
	return ticks + language + "\n" + source + "\n" + ticks
}

func hoverLabel(c site.Cursor, n site.Name, h *HoverText) {
	for i := range c.Page.Math {
		f := &c.Page.Math[i]
		for _, l := range f.Labels {
			if l.Name != n.Text || l.Lost == tex.LostDuplicate {
				continue
			}
			h.Markdown = fmt.Sprintf("**(%s)** `%s`", l.Number, n.Text)
			if l.Number == "" {
				h.Markdown = fmt.Sprintf("**(???)** `%s`: this equation has no number", n.Text)
			}
			h.Formula, h.Source = picture(c.Page, i), fence("latex", f.TeX)
			return
		}
	}
	h.Markdown = fmt.Sprintf("**(???)** no equation of this page has the label `%s`", n.Text)
}

// hoverFormula shows the formula around the cursor.
func hoverFormula(c site.Cursor) (HoverText, bool) {
	if c.Page == nil || c.Page.Config == nil || c.File != c.Page.Source.Path {
		return HoverText{}, false
	}
	i, ok := c.Page.Formula(c.File, c.Offset)
	if !ok {
		return HoverText{}, false
	}
	f := &c.Page.Math[i]
	h := HoverText{At: c.Page.FromFlow(f.Flow), Formula: picture(c.Page, i), Source: fence("latex", f.TeX)}
	var numbers []string
	for _, r := range f.Rows {
		if r.Number != "" {
			numbers = append(numbers, "("+r.Number+")")
		}
	}
	if len(numbers) > 0 {
		h.Markdown = "**" + strings.Join(numbers, ", ") + "**"
	}
	return h, true
}

// picture is formula i of a page, to be drawn.
func picture(p *site.Page, i int) *Picture {
	f := &p.Math[i]
	out := &Picture{Plain: tex.Plain(f.TeX, p.Config, defined(p, i+1)), Ask: p.Doubt(i), Number: 1, Labels: map[string]string{}}
	for _, r := range f.Rows {
		if n, err := strconv.Atoi(r.Number); err == nil && !r.Tag {
			out.Number = n
			break
		}
	}
	for _, r := range f.Refs { // those that it speaks of
		for j := range p.Math {
			for _, l := range p.Math[j].Labels {
				if l.Name == r.Name && l.Number != "" {
					out.Labels[l.Name] = l.Number
				}
			}
		}
	}
	return out
}

// defined are those of the formulas in front of formula i.
func defined(p *site.Page, i int) []tex.Definition {
	var out []tex.Definition
	for _, d := range p.State.Defined {
		if d.Formula < i {
			out = append(out, p.Math[d.Formula].Defs[d.Index])
		}
	}
	return out
}

func hoverFootnote(c site.Cursor, n site.Name) string {
	defs := c.Site.Definitions(c, n.Key)
	if len(defs) == 0 {
		return fmt.Sprintf("The reader sees `[^%s]`: this page has no footnote of that name", n.Text)
	}
	source := c.Region(defs[0].Name.Whole)
	if _, after, ok := strings.Cut(source, "]:"); ok {
		source = after
	}
	number := ""
	for _, f := range c.Page.Tree.Footnotes {
		if f.Name == n.Text && f.Number > 0 {
			number = fmt.Sprintf(" %d", f.Number)
		}
	}
	return "**Footnote" + number + "**\n\n" + dedent(source)
}

// dedent takes the indentation of a footnote's further lines away, which would
// make code of them.
func dedent(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimLeft(strings.TrimRight(l, "\r"), " \t")
	}
	if len(lines) > hoverLines {
		lines = append(lines[:hoverLines], "…")
	}
	return strings.Join(lines, "\n")
}

func hoverMacro(c site.Cursor, n site.Name, h *HoverText) {
	defs := c.Site.Definitions(c, n.Key)
	if len(defs) == 0 {
		return
	}
	d := defs[len(defs)-1]
	if d.Name.Form == site.YAML {
		h.Markdown = fmt.Sprintf("`\\%s`, a macro of this site (`%s`)", n.Text, d.File)
		h.Source = fence("latex", d.Name.Detail)
	} else {
		h.Markdown = fmt.Sprintf("`\\%s`, a macro of this page", n.Text)
		h.Source = fence("latex", c.Region(d.Name.Whole))
	}
	if c.Page != nil && c.Page.Config != nil {
		h.Formula = sample(c.Page, n.Text)
	}
}

// sample is a macro with letters for its arguments, to be drawn; nil for what
// is no macro of commands.
func sample(p *site.Page, name string) *Picture {
	args, found := 0, false
	for _, m := range p.Config.Macros {
		if m.Name == name && len(m.Template) == 0 {
			args, found = m.Args, true
			if m.Optional != nil {
				args--
			}
		}
	}
	for _, d := range defined(p, len(p.Math)) {
		if d.Name == name && !d.Environment {
			args, found = d.Args, true
			if d.Optional != nil {
				args--
			}
		}
	}
	if !found {
		return nil
	}
	source := `\` + name
	for i := range min(max(args, 0), 9) {
		source += "{" + string(rune('a'+i)) + "}"
	}
	return &Picture{Plain: tex.Plain(source, p.Config, defined(p, len(p.Math))), Ask: p.Ask(site.Asked{TeX: source}), Number: 1}
}

// hoverCommand describes a command of MathJax's own.
func hoverCommand(c site.Cursor) (HoverText, bool) {
	if c.Page == nil || c.Page.Config == nil || c.File != c.Page.Source.Path {
		return HoverText{}, false
	}
	word := c.Around()
	if word.Len() < 2 {
		return HoverText{}, false
	}
	if _, ok := c.Page.Formula(c.File, c.Offset); !ok {
		return HoverText{}, false
	}
	name := word.Of(c.Text())[1:]
	info, ok := tex.Lookup(name, c.Page.Config)
	if !ok {
		return HoverText{}, false
	}
	var b strings.Builder
	fmt.Fprintf(&b, "`\\%s%s`", name, signature(info))
	if info.Char != "" {
		b.WriteString(" " + info.Char)
	}
	fmt.Fprintf(&b, " · MathJax package %s", info.Package)
	switch info.Known {
	case tex.Require:
		fmt.Fprintf(&b, ", which needs `\\require{%s}`", info.Package)
	case tex.Autoload:
		b.WriteString(", loaded when first used")
	}
	if info.Expansion != "" {
		b.WriteString("\n\n" + fence("latex", info.Expansion))
	}
	return HoverText{Markdown: b.String(), At: site.Origin{File: c.File, Span: word, Exact: true}}, true
}

// signature shows what a command reads.
func signature(info tex.Info) string {
	var b strings.Builder
	for _, letter := range strings.Fields(info.Signature) {
		switch letter[0] {
		case 'm':
			b.WriteString("{…}")
		case 'o':
			b.WriteString("[…]")
		case 's':
			b.WriteString("*")
		case 'd', 'D':
			b.WriteString("⟨delimiter⟩")
		case 'l':
			b.WriteString("⟨length⟩")
		}
	}
	return b.String()
}

func hoverAnchor(c site.Cursor, n site.Name) string {
	defs := c.Site.Definitions(c, site.Key{Kind: site.Anchor, Text: n.Text})
	if len(defs) == 0 {
		if c.Page != nil && c.Page.Facts.Knows(site.Anchor) == site.Certain && !c.Page.Layout.Gives(n.Text) {
			return fmt.Sprintf("Nothing on this page has the id `%s`", n.Text)
		}
		return fmt.Sprintf("`#%s`", n.Text)
	}
	d := defs[0]
	var b strings.Builder
	fmt.Fprintf(&b, "`#%s`", n.Text)
	if d.Name.Detail != "" {
		b.WriteString(" · " + d.Name.Detail)
	}
	if c.Page != nil {
		for _, other := range c.Page.Facts.Names { // the image of the same construct
			if other.Kind == site.Asset && other.Whole == d.Name.Whole {
				fmt.Fprintf(&b, "\n\nImage `%s`%s", other.Text, size(c.Site, other.Text))
				break
			}
		}
	}
	if source := c.Region(d.Name.Whole); source != "" && d.Name.Whole.Span.Len() < 2000 {
		language := "markdown"
		b.WriteString("\n\n" + fence(language, source))
	}
	return b.String()
}

func hoverInclude(c site.Cursor, n site.Name) string {
	src := c.Site.Source(site.Path(n.Text))
	if src == nil {
		if c.Site.Absent(site.Path(n.Text)) {
			return fmt.Sprintf("There is no file `%s`", n.Text)
		}
		return fmt.Sprintf("`%s`", n.Text)
	}
	out := fmt.Sprintf("`%s`", n.Text)
	if params := parametersOf(src.Text); len(params) > 0 {
		out += " · parameters: `" + strings.Join(params, "`, `") + "`"
	}
	return out + "\n\n" + fence("html", src.Text)
}

// parametersOf are the names that a template reads from include, in the order of
// its text.
func parametersOf(template string) []string {
	var out []string
	seen := map[string]bool{}
	for at := 0; ; {
		i := strings.Index(template[at:], "include.")
		if i < 0 {
			return out
		}
		at += i + len("include.")
		end := at
		for end < len(template) && (isWordByte(template[end]) || template[end] == '-') {
			end++
		}
		if name := template[at:end]; name != "" && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
		at = end
	}
}

func isWordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

func hoverFile(c site.Cursor, n site.Name) string {
	if c.Site.Absent(site.Path(n.Text)) {
		return fmt.Sprintf("There is no file `%s`", n.Text)
	}
	out := fmt.Sprintf("`%s`%s", n.Text, size(c.Site, n.Text))
	if n.Detail != "" {
		out += "\n\n" + n.Detail
	}
	return out
}

// size is a file's size for people.
func size(s *site.Snapshot, p string) string {
	n, ok := s.Size(site.Path(p))
	switch {
	case !ok:
		return ""
	case n < 1000:
		return fmt.Sprintf(" · %d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf(" · %.0f kB", float64(n)/1000)
	}
	return fmt.Sprintf(" · %.1f MB", float64(n)/1e6)
}

func hoverPost(c site.Cursor, n site.Name) string {
	f := c.Site.Facts(site.Path(n.Text))
	if f == nil {
		if c.Site.Absent(site.Path(n.Text)) {
			return fmt.Sprintf("There is no document `%s`", n.Text)
		}
		return fmt.Sprintf("`%s`", n.Text)
	}
	return describe(f)
}

// describe is a page's title, date, address and excerpt.
func describe(f *site.Facts) string {
	out := "**" + f.Title + "**"
	if f.Date != "" {
		out += " · " + f.Date
	}
	if f.URL != "" {
		out += " · `" + f.URL + "`"
	}
	if f.Excerpt != "" {
		out += "\n\n" + f.Excerpt
	}
	return out
}
