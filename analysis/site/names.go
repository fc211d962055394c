package site

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/text"
)

// A collector gathers the names of a page.
type collector struct {
	s *Snapshot
	p *Page
	f *Facts
	r *reader

	cited []string // by distill's tags: its script makes ids of them
}

func (c *collector) all() {
	c.citations()
	if c.p.Tree != nil {
		c.tree()
		c.footnotes()
		c.formulas()
	}
	c.templates()
}

func (c *collector) add(n Name) { c.f.Names = append(c.f.Names, n) }

// place finds the part of a name that an author has written: the longest run
// that stands in one file to the letter, the page's own file before others.
// What stands around it is prefix and suffix. span counts in the text after
// Liquid and holds value to the letter; otherwise the place is inexact.
func (c *collector) place(span text.Span, value string) (at Origin, prefix, suffix string) {
	at = c.p.origin(span)
	if span.Of(c.p.Liquid.Text) != value {
		at.Exact = false
		return at, "", ""
	}
	if at.Exact {
		return at, "", ""
	}
	best := -1
	pieces := c.p.Liquid.Pieces.In(span)
	for i, piece := range pieces {
		if !piece.Exact {
			continue
		}
		better := best < 0
		if !better {
			own, was := c.p.path(piece.File) == c.p.Source.Path, c.p.path(pieces[best].File) == c.p.Source.Path
			better = own && !was || own == was && piece.Out.Len() > pieces[best].Out.Len()
		}
		if better {
			best = i
		}
	}
	if best < 0 {
		return at, "", ""
	}
	piece := pieces[best]
	prefix = value[:piece.Out.Start-span.Start]
	suffix = value[piece.Out.End-span.Start:]
	return Origin{c.p.path(piece.File), piece.Src, true}, prefix, suffix
}

// input turns a span of the tree into one of the text after Liquid.
func (c *collector) input(span text.Span) text.Span { return c.p.input(span) }

func (c *collector) tree() {
	svg := -1 // the depth of a drawing, whose ids are its own business
	c.p.Tree.Walk(func(n *kramdown.Node, depth int) bool {
		if svg >= 0 && depth <= svg {
			svg = -1
		}
		if svg < 0 && n.Kind == kramdown.HTMLElement && n.Value == "svg" {
			svg = depth
		}
		for i := range n.Attr {
			a := &n.Attr[i]
			switch a.Name {
			case "id":
				if svg < 0 || svg == depth {
					c.anchor(n, a)
				}
			case "class":
				if !a.Span.Empty() {
					c.classes(a.Value)
				}
			case "name":
				if n.Kind == kramdown.HTMLElement && n.Value == "a" {
					c.anchor(n, a)
				}
			case "href":
				if n.Kind == kramdown.Link || n.Kind == kramdown.HTMLElement && n.Value == "a" {
					c.link(n, a)
				}
			case "src":
				if n.Kind == kramdown.Image || n.Kind == kramdown.HTMLElement && n.Value == "img" {
					c.image(n, a)
				}
			}
		}
		return true
	})
	for _, d := range c.p.Tree.LinkDefs {
		at, _, _ := c.place(c.input(d.NameSpan), d.NameSpan.Of(c.p.Tree.Source))
		c.add(Name{Key: Key{LinkRef, d.Name, false}, At: at, Whole: c.p.FromTree(d.Span), Detail: d.URL})
	}
	c.p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if d, span := n.Ref(); d != nil && d.Span.Len() > 0 { // those of the configuration are written elsewhere
			at, _, _ := c.place(c.input(span), span.Of(c.p.Tree.Source))
			c.add(Name{Key: Key{LinkRef, d.Name, true}, At: at, Whole: c.p.FromTree(n.Span), Detail: d.URL})
		}
		return true
	})
}

// classes are those that an author gives to an element. What names the language
// of code is none.
func (c *collector) classes(value string) {
	for class := range strings.FieldsSeq(value) {
		if !strings.HasPrefix(class, "language-") && !slices.Contains(c.f.Classes, class) {
			c.f.Classes = append(c.f.Classes, class)
		}
	}
}

// anchor is an id that a link can reach.
func (c *collector) anchor(n *kramdown.Node, a *kramdown.Attr) {
	if a.Value == "" {
		return
	}
	name := Name{Key: Key{Anchor, a.Value, false}, Form: Attribute, Whole: c.p.FromTree(n.Span)}
	switch {
	case a.Span.Empty() && n.Kind == kramdown.Header:
		name.Form = Derived
		name.At = c.p.FromTree(n.Inner)
		name.At.Exact = false
	case a.Span.Empty():
		name.Form = Derived
		name.At = name.Whole
		name.At.Exact = false
	default:
		name.At, name.Prefix, name.Suffix = c.place(c.input(a.Span), a.Value)
	}
	if n.Kind == kramdown.Header {
		name.Detail, name.Level = PlainText(n), uint8(n.Level)
	} else if call := c.call(c.input(n.Span).Start); call != nil {
		name.Whole = Origin{c.p.Source.Path, call.Tag, false}
		for _, param := range call.Params {
			if param.Name == "alt" || param.Name == "caption" || param.Name == "title" {
				name.Detail = param.Value
				break
			}
		}
	} else if alt, ok := n.Get("alt"); ok {
		name.Detail = alt.Value
	}
	c.add(name)
}

// call returns the include of the page's own file that printed the byte at
// offset of the text after Liquid, or nil.
func (c *collector) call(offset int) *liquid.Call {
	for i := range c.p.Liquid.Calls {
		k := &c.p.Liquid.Calls[i]
		if k.Parent < 0 && k.Out.Start <= offset && offset < k.Out.End {
			return k
		}
	}
	return nil
}

// link is an address: an anchor of this page, or a file of the site.
func (c *collector) link(n *kramdown.Node, a *kramdown.Attr) {
	span := c.input(a.Span)
	whole := c.p.FromTree(n.Span)
	hash := strings.IndexByte(a.Value, '#')
	if hash == 0 {
		c.fragment(span, a.Value[1:], whole)
		return
	}
	if file, ok := c.s.sitePath(a.Value, "/"+string(c.f.Path)); ok && c.s.BySource(file) && !c.hole(span) && !strings.HasPrefix(a.Value, "/") {
		at, prefix, suffix := c.place(span, a.Value)
		n := Name{Key: Key{Asset, file, true}, At: at, Form: URL, Prefix: prefix, Suffix: suffix, Whole: whole}
		n.fragment(a.Value)
		c.add(n)
		return
	}
	file, ok := c.s.sitePath(a.Value, c.f.URL)
	if !ok || c.f.URL == "" {
		return
	}
	if !looksLikeFile(file) {
		c.pageLink(span, a.Value, file, whole)
		return
	}
	at, _, _ := c.place(span, a.Value)
	c.add(Name{Key: Key{Asset, file, true}, At: at, Form: URL, Whole: whole})
}

// fragment is a use of an anchor of the page itself. A browser compares the
// fragment as it is and, failing that, percent-decoded.
func (c *collector) fragment(span text.Span, fragment string, whole Origin) {
	if fragment == "" || strings.EqualFold(fragment, "top") {
		return // the top of the page always exists
	}
	for _, prefix := range []string{":~:", "!", "/", "mjx-eqn"} {
		if strings.HasPrefix(fragment, prefix) {
			return // text fragments, routes of scripts, and ids that MathJax makes
		}
	}
	if c.hole(span) || slices.Contains(c.cited, fragment) {
		return
	}
	name := Name{Form: URL, Whole: whole}
	name.Key = Key{Anchor, fragment, true}
	if d, err := url.PathUnescape(fragment); err == nil {
		name.Text = d
	}
	span.Start++ // the #
	name.At, name.Prefix, name.Suffix = c.place(span, fragment)
	if name.Text != fragment {
		name.Spelled = name.At.Exact && name.Prefix == "" && name.Suffix == ""
		name.At.Exact, name.Prefix, name.Suffix = false, "", ""
	}
	c.add(name)
}

// hole reports whether something unknown stands in a span of the text after Liquid.
func (c *collector) hole(span text.Span) bool {
	for _, h := range c.p.Liquid.Holes {
		if !h.Block && span.Start <= h.Out.Start && h.Out.Start <= span.End && h.Out.Empty() {
			return true
		}
	}
	return false
}

// image is a file that the page shows. One whose address holds something
// unknown, or which lies elsewhere, is no name of this site.
func (c *collector) image(n *kramdown.Node, a *kramdown.Attr) {
	span := c.input(a.Span)
	if a.Span.Empty() || c.hole(span) || c.f.URL == "" && !c.s.Loose {
		return
	}
	base := c.f.URL
	if c.s.Loose {
		base = "/" + string(c.f.Path)
	}
	file, ok := c.s.sitePath(a.Value, base)
	if !ok || file == "" {
		return
	}
	at, prefix, suffix := c.place(span, a.Value)
	name := Name{Key: Key{Asset, file, true}, At: at, Form: ImageSource, Prefix: prefix, Suffix: suffix, Whole: c.p.FromTree(n.Span)}
	if call := c.call(span.Start); call != nil {
		name.Whole = Origin{c.p.Source.Path, call.Tag, false}
	}
	if alt, ok := n.Get("alt"); ok {
		name.Detail = alt.Value
	}
	c.add(name)
}

// BySource reports whether a relative link to a file is taken from the folder of
// the file it stands in, and not from the page's address: links to Markdown
// files where jekyll-relative-links turns them into addresses, and all where
// there is no site.
func (s *Snapshot) BySource(file string) bool {
	if s.Loose {
		return path.Ext(file) != ""
	}
	if !slices.Contains(s.Config.Plugins, "jekyll-relative-links") {
		return false
	}
	return slices.Contains(s.Config.MarkdownExt, strings.TrimPrefix(strings.ToLower(path.Ext(file)), "."))
}

// looksLikeFile reports whether a link's path names a file that is copied as it
// is, and not a page, whose URL may be anything.
func looksLikeFile(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".pdf", ".mp4", ".webm", ".zip", ".bib", ".ipynb", ".csv", ".mp3":
		return true
	}
	return false
}

func (c *collector) footnotes() {
	tree := c.p.Tree
	for _, n := range tree.Footnotes {
		at, _, _ := c.place(c.input(n.NameSpan), n.Name)
		name := Name{Key: Key{Footnote, n.Name, false}, At: at, Whole: c.p.FromTree(n.Span)}
		if n.Node != nil {
			name.Detail = PlainText(n.Node)
		}
		c.add(name)
		if n.Number > 0 {
			id := tree.Options.FootnotePrefix + n.Name
			at.Exact = false
			for _, before := range []string{"fn:", "fnref:"} {
				prefix := before + tree.Options.FootnotePrefix
				c.add(Name{Key: Key{Anchor, before + id, false}, At: at, Form: Derived, Prefix: prefix, Whole: name.Whole})
			}
		}
	}
	again := map[string]int{}
	for _, m := range tree.Markers {
		at, _, _ := c.place(c.input(m.NameSpan), m.Name)
		if n := again[m.Name]; n > 0 && m.Footnote != nil { // kramdown numbers the ids of further markers
			back := at
			back.Exact = false
			prefix, suffix := "fnref:"+tree.Options.FootnotePrefix, ":"+strconv.Itoa(n)
			c.add(Name{Key: Key{Anchor, prefix + m.Name + suffix, false}, At: back, Form: Derived, Prefix: prefix, Suffix: suffix, Whole: c.p.FromTree(m.Span)})
		}
		again[m.Name]++
		c.add(Name{Key: Key{Footnote, m.Name, true}, At: at, Whole: c.p.FromTree(m.Span)})
	}
}

// templates are the names in Liquid tags of the page's own file.
func (c *collector) templates() {
	for _, k := range c.p.Liquid.Calls {
		if k.File != 0 && !k.Missing {
			continue // the included file's own business
		}
		at := Origin{c.p.path(k.File), k.NameSpan, k.Name == k.NameSpan.Of(c.p.Source.Text) || k.File != 0}
		text := k.Path
		if text == "" {
			text = path.Join(strings.Trim(c.s.Config.IncludesDir, "/"), k.Name)
		}
		c.add(Name{Key: Key{Include, text, true}, At: at, Form: Parameter, Whole: c.p.Own(Origin{c.p.path(k.File), k.Tag, true}, k.Out.Start), Detail: k.Name})
	}
	for _, l := range c.p.Liquid.Links {
		if l.File != 0 {
			continue
		}
		text := l.Path
		if text == "" {
			text = l.Name
		}
		at := Origin{c.p.Source.Path, l.NameSpan, true}
		c.add(Name{Key: Key{Post, text, true}, At: at, Form: Parameter, Whole: Origin{c.p.Source.Path, l.Span, true}})
	}
}

// PlainText returns a node's words, without markup, blanks folded.
func PlainText(n *kramdown.Node) string {
	var b strings.Builder
	var walk func(n *kramdown.Node)
	walk = func(n *kramdown.Node) {
		switch n.Kind {
		case kramdown.Text, kramdown.CodeSpan, kramdown.MathSpan, kramdown.MathBlock, kramdown.CodeBlock, kramdown.Abbreviation,
			kramdown.Entity, kramdown.Symbol, kramdown.SmartQuote:
			b.WriteString(n.Value)
		case kramdown.Break, kramdown.Blank, kramdown.Paragraph:
			b.WriteByte(' ')
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}
