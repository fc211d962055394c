package analysis

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A HoverText is what is shown about the thing under the cursor.
type HoverText struct {
	Markdown string      // without what follows
	At       site.Origin // what it speaks of

	File  string    // a line of Markdown about a file
	Image site.Path // the file, where it is an image that can be shown; else empty

	Formula *Picture // the formula that is shown, else nil
	Source  string   // its source, in a fence
}

// A Look is what only who has a disk and MathJax can add to a hover.
type Look struct {
	Drawing       string // the address of an image of the formula; empty where there is none, and then its line of Unicode stands there
	Image         string // the address under which the image can be shown; empty where it is not
	Width, Height int    // of the image, in pixels; 0 where they are not known
}

// A Picture is a formula that can be drawn.
type Picture struct {
	Plain  string     // the formula as one line of Unicode
	Said   bool       // the text says Plain already
	Ask    site.Doubt // what MathJax is asked to draw
	Number int        // of its first numbered row, from 1
	Labels map[string]string
}

// Text is all of a hover, in Markdown.
func (h HoverText) Text(l Look) string {
	parts := []string{h.Markdown, h.File}
	if h.File != "" && l.Width > 0 && l.Height > 0 {
		parts[1] += fmt.Sprintf(" · %d × %d pixels", l.Width, l.Height)
	}
	if h.Image != "" && l.Image != "" {
		parts = append(parts, embed(path.Base(string(h.Image)), l.Image))
	}
	switch f := h.Formula; {
	case f == nil:
	case l.Drawing != "":
		parts = append(parts, embed(f.Plain, l.Drawing))
	case f.Plain != "" && !f.Said:
		parts = append(parts, code(f.Plain))
	}
	parts = append(parts, h.Source)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n\n")
}

// embed shows an image, or what it stands for where it cannot be shown.
func embed(words, address string) string {
	return "![" + strings.NewReplacer("[", `\[`, "]", `\]`, `\`, `\\`).Replace(words) + "](" + address + ")"
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
// footnote's text, a macro's definition, a figure, an include, a file, another
// page, a key of front matter, a tag or filter. It returns false where there is
// nothing to say. Where closed pages must be whole before there is an answer it
// returns these too; asked again in vain, what it says is all.
func Hover(c site.Cursor) (h HoverText, need []site.Path, ok bool) {
	if isSettings(c.File) && c.Source() != nil {
		h, ok := hoverSettings(c)
		return h, nil, ok
	}
	if src := c.Source(); src != nil && inHead(src, c.Offset) {
		if h, ok := hoverHead(c); ok {
			return h, nil, true
		}
	}
	if h, need, ok := hoverLiquid(c); ok {
		return h, need, true
	}
	n, named := c.Name()
	heading := n.Kind == site.Anchor && n.Form == site.Derived
	if named && !heading {
		h := hoverName(c, n)
		return h, nil, h.Markdown != "" || h.File != ""
	}
	if h, ok := hoverCommand(c); ok {
		return h, nil, true
	}
	if h, ok := hoverFormula(c); ok || !heading {
		return h, nil, ok
	}
	return hoverName(c, n), nil, true // the words of a heading
}

func hoverName(c site.Cursor, n site.Name) HoverText {
	h := HoverText{At: n.At}
	if !n.At.Span.Contains(c.Offset) || n.At.File != c.File {
		h.At = n.Whole
	}
	switch n.Kind {
	case site.Label:
		hoverLabel(c, n, &h)
	case site.Footnote:
		h.Markdown = hoverFootnote(c, n)
	case site.Macro, site.Environment:
		hoverMacro(c, n, &h)
	case site.Anchor:
		hoverAnchor(c, n, &h)
	case site.Include:
		h.Markdown = hoverInclude(c, n)
	case site.Asset:
		hoverFile(c, n, &h)
	case site.Post:
		hoverPost(c, site.Path(n.Text), &h)
	case site.PageLink:
		hoverPage(c, n, &h)
	case site.LinkRef:
		h.Markdown = "Link to " + n.Detail
	case site.Citation:
		h.Markdown = hoverCitation(c, n)
	case site.Bibliography:
		h.Markdown = hoverBibliography(c, n)
	}
	return h
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
	name := "`" + n.Text + "`, an environment"
	if n.Kind == site.Macro {
		name = "`\\" + n.Text + "`, a macro"
	}
	defs := c.Site.Definitions(c, n.Key)
	if len(defs) == 0 {
		if own, ok := hoverCommand(c); ok { // defined later on the page: here it is MathJax's own
			*h = own
		} else {
			h.Markdown = name + " that is not defined so far"
		}
		return
	}
	d := defs[len(defs)-1]
	if d.Name.Form == site.YAML {
		h.Markdown = fmt.Sprintf("%s of this site (`%s`)", name, d.File)
		h.Source = fence("latex", d.Name.Detail)
	} else {
		h.Markdown = name + " of this page"
		h.Source = fence("latex", c.Region(d.Name.Whole))
	}
	if n.Kind == site.Macro && c.Page != nil && c.Page.Config != nil {
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
	return sampleOf(p, name, args)
}

// sampleOf is a command with letters for its arguments, to be drawn.
func sampleOf(p *site.Page, name string, args int) *Picture {
	source := `\` + name
	for i := range min(max(args, 0), 9) {
		source += "{" + string(rune('a'+i)) + "}"
	}
	return &Picture{Plain: tex.Plain(source, p.Config, defined(p, len(p.Math))), Ask: p.Ask(site.Asked{TeX: source}), Number: 1}
}

// hoverCommand describes a command or environment of MathJax's own.
func hoverCommand(c site.Cursor) (HoverText, bool) {
	if c.Page == nil || c.Page.Config == nil || c.File != c.Page.Source.Path {
		return HoverText{}, false
	}
	if _, ok := c.Page.Formula(c.File, c.Offset); !ok {
		return HoverText{}, false
	}
	doc := c.Text()
	if span, ok := environmentAt(doc, c.Offset); ok {
		if info, ok := tex.LookupEnvironment(span.Of(doc), c.Page.Config); ok {
			return HoverText{Markdown: describeCommand(info), At: site.Origin{File: c.File, Span: span, Exact: true}}, true
		}
	}
	word := c.Around()
	if word.Len() < 2 {
		return HoverText{}, false
	}
	info, ok := tex.Lookup(word.Of(doc)[1:], c.Page.Config)
	if !ok {
		return HoverText{}, false
	}
	return HoverText{Markdown: describeCommand(info), Formula: shown(c.Page, info), At: site.Origin{File: c.File, Span: word, Exact: true}}, true
}

// environmentAt is the name of an environment that an offset lies in, between
// the braces of \begin or \end.
func environmentAt(doc string, offset int) (text.Span, bool) {
	inName := func(i int) bool { return doc[i] == '*' || isWordByte(doc[i]) }
	span := text.Span{Start: min(max(offset, 0), len(doc)), End: min(max(offset, 0), len(doc))}
	for span.Start > 0 && inName(span.Start-1) {
		span.Start--
	}
	for span.End < len(doc) && inName(span.End) {
		span.End++
	}
	before := doc[:span.Start]
	return span, !span.Empty() && (strings.HasSuffix(before, `\begin{`) || strings.HasSuffix(before, `\end{`))
}

// describeCommand says how a command or environment of MathJax's own is written,
// what it prints, and which package has it.
func describeCommand(info tex.Info) string {
	var b strings.Builder
	if info.Environment {
		fmt.Fprintf(&b, "`\\begin{%s}%s … \\end{%s}`", info.Name, signature(info), info.Name)
	} else {
		fmt.Fprintf(&b, "`\\%s%s`", info.Name, signature(info))
	}
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
	return b.String()
}

// shown is a command of MathJax's own, to be drawn: a symbol, or what takes
// nothing but arguments that can be any letters. Nil for what is neither, and
// for what prints nothing by itself.
func shown(p *site.Page, info tex.Info) *Picture {
	if info.Known == tex.Require || info.Known == tex.Never {
		return nil
	}
	args := strings.TrimLeft(info.Signature, "so") // what can be left out
	if info.Char == "" && (args == "" || strings.Trim(args, "m") != "" || !drawable[info.Package] || speechless[info.Name]) {
		return nil
	}
	out := sampleOf(p, info.Name, len(args))
	if info.Char != "" {
		out.Plain, out.Said = info.Char, true
	}
	return out
}

// drawable are packages whose commands print their arguments.
var drawable = map[string]bool{"base": true, "ams": true, "cancel": true, "braket": true, "physics": true, "upgreek": true, "mathtools": true}

// speechless are commands of those that do something else with them.
var speechless = map[string]bool{
	"label": true, "ref": true, "eqref": true, "tag": true, "begin": true, "end": true, "require": true, "style": true, "href": true, "class": true,
	"hspace": true, "hskip": true, "kern": true, "mkern": true, "mskip": true, "mspace": true, "rule": true, "color": true, "unicode": true,
	"phantom": true, "hphantom": true, "vphantom": true, "DeclareMathOperator": true, "Newextarrow": true, "cssId": true, "data": true,
	"mathtip": true, "texttip": true, "skew": true, "abovewithdelims": true, "mmlToken": true, "newcommand": true, "cr": true,
}

// signature shows what a command reads.
func signature(info tex.Info) string {
	var b strings.Builder
	for _, letter := range info.Signature {
		switch letter {
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

func hoverAnchor(c site.Cursor, n site.Name, h *HoverText) {
	h.Markdown = fmt.Sprintf("`#%s`", n.Text)
	defs := c.Site.Definitions(c, site.Key{Kind: site.Anchor, Text: n.Text})
	if len(defs) == 0 {
		if c.Page != nil && c.Page.Facts.Knows(site.Anchor) == site.Certain && !c.Page.Layout.Gives(n.Text) {
			h.Markdown = fmt.Sprintf("Nothing on this page has the id `%s`", n.Text)
		}
		return
	}
	d := defs[0]
	if d.Name.Detail != "" {
		h.Markdown += " · " + d.Name.Detail
	}
	if c.Page != nil {
		for _, other := range c.Page.Facts.Names { // the image of the same construct
			if other.Kind == site.Asset && other.Whole == d.Name.Whole {
				h.File = "Image " + fileLine(c.Site, other.Text)
				h.Image = imageFile(other.Text)
				break
			}
		}
	}
	if source := c.Region(d.Name.Whole); source != "" && d.Name.Whole.Span.Len() < 2000 {
		h.Source = fence("markdown", source)
	}
}

// imageFile is a path if it is that of an image.
func imageFile(p string) site.Path {
	if images[strings.ToLower(path.Ext(p))] {
		return site.Path(p)
	}
	return ""
}

func hoverInclude(c site.Cursor, n site.Name) string {
	src := c.Site.Source(site.Path(n.Text))
	if src == nil {
		if c.Site.Absent(site.Path(n.Text)) && c.Site.Config.Theme == "" {
			return fmt.Sprintf("There is no file `%s`", n.Text)
		}
		return fmt.Sprintf("`%s`", n.Text)
	}
	out := fmt.Sprintf("`%s`", n.Text)
	if params := parametersOf(src.Text); len(params) > 0 {
		out += " · parameters: `" + strings.Join(params, "`, `") + "`"
	}
	if comment := headComment(src); comment != "" {
		return out + "\n\n" + fence("text", comment)
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

func hoverFile(c site.Cursor, n site.Name, h *HoverText) {
	if f := c.Site.Target(n); f != nil { // a link by its file
		h.Markdown = describe(c, f, n.Detail)
		return
	}
	file := n.Text
	if c.Site.Absent(site.Path(file)) {
		if c.Page == nil || c.Site.Knows(c.Page.Source.Path, site.Asset) == site.Certain || c.Site.Loose {
			h.Markdown = fmt.Sprintf("There is no file `%s`", file)
			return
		}
		// Some plugin may make it, or take it from beside the post.
		h.Markdown = fmt.Sprintf("There is no file `%s`, unless a plugin makes it", file)
		if file = path.Join(path.Dir(string(c.Page.Source.Path)), path.Base(file)); c.Site.Has(site.Path(file)) {
			h.File, h.Image = "Beside the post: "+fileLine(c.Site, file), imageFile(file)
		}
		return
	}
	h.Markdown, h.File, h.Image = n.Detail, fileLine(c.Site, file), imageFile(file)
}

// fileLine is a file's path and size.
func fileLine(s *site.Snapshot, p string) string { return "`" + p + "`" + size(s, p) }

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

func hoverPost(c site.Cursor, p site.Path, h *HoverText) {
	f := c.Site.Facts(p)
	switch {
	case f != nil:
		h.Markdown = describe(c, f, "")
	case c.Site.Absent(p):
		h.Markdown = fmt.Sprintf("There is no document `%s`", p)
	default:
		h.File, h.Image = fileLine(c.Site, string(p)), imageFile(string(p))
	}
}

func hoverPage(c site.Cursor, n site.Name, h *HoverText) {
	target := c.Site.Target(n)
	if target != nil {
		h.Markdown = describe(c, target, n.Detail)
		return
	}
	if file, ok := c.Site.Served(n.Text); ok {
		h.File, h.Image = fileLine(c.Site, string(file)), imageFile(string(file))
		return
	}
	h.Markdown = fmt.Sprintf("`/%s`", n.Text)
	if c.Site.KnowsURL(n.Text) == site.Certain {
		h.Markdown = fmt.Sprintf("This site has no page at `/%s`", n.Text)
	}
}

// describe is a page's title, date, address and excerpt, and what a fragment of
// the address leads to.
func describe(c site.Cursor, f *site.Facts, fragment string) string {
	out := "**" + f.Title + "**"
	if f.Date != "" {
		out += " · " + f.Date
	}
	if f.URL != "" {
		out += " · `" + f.URL + "`"
	}
	if f.Kind == jekyll.Draft {
		out += " · a draft"
	}
	if f.Hidden {
		out += " · not published"
	}
	if fragment != "" {
		out += "\n\n`#" + fragment + "`"
		i := slices.IndexFunc(f.Names, func(n site.Name) bool { return n.Kind == site.Anchor && !n.Uses && n.Text == fragment })
		switch {
		case i >= 0 && f.Names[i].Detail != "":
			out += " · " + f.Names[i].Detail
		case !f.HasAnchor(fragment):
			out += ": nothing on that page has this id"
		}
	}
	if f.Excerpt != "" {
		out += "\n\n" + f.Excerpt
	}
	return out
}

// Unmarked takes the marks of Markdown, as this package writes it, off a text:
// for editors that show it as it is. What stands in a fence stays.
func Unmarked(words string) string {
	var out []string
	open := ""
	for _, line := range strings.Split(words, "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case open == "" && len(ticks) >= 3:
			open = ticks
		case open != "" && line == open:
			open = ""
		case open != "":
			out = append(out, line)
		default:
			out = append(out, strings.NewReplacer("**", "", "`", "").Replace(line))
		}
	}
	return strings.Join(out, "\n")
}
