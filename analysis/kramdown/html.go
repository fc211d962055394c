package kramdown

import (
	"math/big"
	"slices"
	"strings"

	"scholium/analysis/text"
)

// HTML returns the page as Kramdown::Document#to_html prints it.
func (t *Tree) HTML() string {
	w := t.render(false)
	return string(w.b)
}

// HTMLPieces returns what HTML does, with the places in t.Source that each run
// of it comes from: text to the letter, the values of attributes too where they
// stand there as they are printed, and all else as made from its construct.
func (t *Tree) HTMLPieces() (string, text.Pieces) {
	w := t.render(true)
	return string(w.b), w.pieces
}

// A converter prints a tree. Its methods are those of kramdown's HTML converter.
type converter struct {
	*writer
	t       *Tree
	o       *Options
	stack   []*Node
	toc     *Node // the list in whose place the table of contents stands
	headers []*Node
	notes   bool // a list marks the place of the footnotes
	repeats map[*Footnote]int
	links   map[*Node]string // what stands behind the last paragraph of a footnote
}

func (t *Tree) render(track bool) *writer {
	c := &converter{writer: &writer{t: t, track: track}, t: t, o: &t.converter}
	c.b = make([]byte, 0, len(t.Source)+len(t.Source)/4+64)
	if track {
		c.pieces = make(text.Pieces, 0, 64+len(t.Source)/12)
	}
	c.inner(t.Root, -2)
	body := c.writer
	target := body
	if c.notes {
		c.writer = &writer{t: t, track: track}
		target = c.writer
	}
	c.footnotes()
	if len(body.places) == 0 {
		return body
	}
	toc := &writer{t: t, track: track}
	if c.toc != nil {
		c.writer = toc
		c.contents()
	}
	out := &writer{t: t, track: track}
	var expand func(w *writer)
	expand = func(w *writer) {
		at := 0
		copyTo := func(end int) {
			out.b = append(out.b, w.b[at:end]...)
			if track {
				for _, q := range w.pieces.In(text.Span{Start: at, End: end}) {
					out.pieces = out.pieces.Append(q.Out.Len(), q.Src, q.File, q.Exact)
				}
			}
			at = end
		}
		for _, x := range w.places {
			copyTo(x.at)
			at = x.at + 1
			switch {
			case x.what == tocPlace:
				expand(toc)
			case target != body:
				expand(target)
			}
		}
		copyTo(len(w.b))
	}
	expand(body)
	return out
}

// hold writes the byte in whose place something is put later.
func (c *converter) hold(what placeKind, src text.Span) {
	c.places = append(c.places, place{len(c.b), what})
	c.made("\x00", src)
}

func (c *converter) inner(n *Node, indent int) {
	c.stack = append(c.stack, n)
	for _, k := range n.Children {
		c.node(k, indent+2)
	}
	c.stack = c.stack[:len(c.stack)-1]
	if link := c.links[n]; link != "" {
		c.made(link, text.Span{Start: n.Span.End, End: n.Span.End})
	}
}

func (c *converter) parent() *Node { return c.stack[len(c.stack)-1] }

// open and close write a tag.
func (c *converter) open(name string, attrs []Attr, src text.Span, tail string) {
	c.made("<", src)
	c.made(name, src)
	c.attrs(attrs, src)
	c.made(tail, src)
}

func (c *converter) close(name string, src text.Span, tail string) {
	c.made("</", src)
	c.made(name, src)
	c.made(">", src)
	c.made(tail, src)
}

func (c *converter) span(name string, n *Node, indent int) {
	c.open(name, n.Attr, n.Span, ">")
	c.inner(n, indent)
	c.close(name, n.Span, "")
}

// block writes <p>…</p> on a line.
func (c *converter) block(name string, attrs []Attr, n *Node, indent int) {
	c.indent(indent, n.Span)
	c.open(name, attrs, n.Span, ">")
	c.inner(n, indent)
	c.close(name, n.Span, "\n")
}

// indented writes a block whose content has lines of its own.
func (c *converter) indented(name string, n *Node, indent int) {
	c.indent(indent, n.Span)
	c.open(name, n.Attr, n.Span, ">\n")
	c.inner(n, indent)
	c.indent(indent, n.Span)
	c.close(name, n.Span, "\n")
}

func (c *converter) node(n *Node, indent int) {
	switch n.Kind {
	case Blank:
		c.made("\n", n.Span)
	case Text:
		c.value(n, escapeText, c.o.RemoveLineBreaksForCJK)
	case Paragraph:
		c.paragraph(n, indent)
	case Header:
		if n.hasAttr("id") && slices.Contains(c.o.TOCLevels, n.Level) && !hasWord(classOf(n), "no_toc") {
			c.headers = append(c.headers, n)
		}
		level := min(max(n.Level+c.o.HeaderOffset, 1), 6)
		c.indent(indent, n.Span)
		c.open("h"+itoa(level), n.Attr, n.Span, ">")
		if id, _ := n.Get("id"); id.Value != "" && c.o.HeaderLinks && c.o.is25() {
			c.open("a", []Attr{{Name: "href", Value: "#" + id.Value}}, n.Span, "></a>")
		}
		c.inner(n, indent)
		c.close("h"+itoa(level), n.Span, "\n")
	case Blockquote:
		c.indented("blockquote", n, indent)
	case CodeBlock:
		c.codeBlock(n, indent)
	case UnorderedList, OrderedList:
		c.list(n, indent)
	case DefinitionList:
		c.indented("dl", n, indent)
	case ListItem:
		c.item("li", n.Attr, n, indent)
	case Definition:
		c.item("dd", n.Attr, n, indent)
	case DefinitionTerm:
		c.block("dt", c.termAttrs(n), n, indent)
	case Table:
		c.indented("table", n, indent)
	case TableHead:
		c.indented("thead", n, indent)
	case TableBody:
		c.indented("tbody", n, indent)
	case TableFoot:
		c.indented("tfoot", n, indent)
	case TableRow:
		c.row(n, indent)
	case HorizontalRule:
		c.indent(indent, n.Span)
		c.open("hr", n.Attr, n.Span, " />\n")
	case MathBlock, MathSpan:
		c.math(n, indent)
	case HTMLElement:
		c.element(n, indent)
	case XMLComment, XMLPI:
		if n.is(block) && !c.inRaw() {
			c.indent(indent, n.Span)
			c.value(n, escapeNone, false)
			c.made("\n", n.Span)
		} else {
			c.value(n, escapeNone, false)
		}
	case CommentBlock:
		if n.is(block) {
			c.indent(indent, n.Span)
		}
		c.made("<!-- ", n.Span)
		c.value(n, escapeNone, false)
		c.made(" -->", n.Span)
		if n.is(block) {
			c.made("\n", n.Span)
		}
	case RawHTML:
		if n.x == nil || len(n.x.types) == 0 || slices.Contains(n.x.types, "html") {
			c.value(n, escapeNone, false)
			if n.is(block) {
				c.made("\n", n.Span)
			}
		}
	case Break:
		c.made("<br />", n.Span)
	case Link:
		c.span("a", n, indent)
	case Image:
		c.open("img", n.Attr, n.Span, " />")
	case CodeSpan:
		c.open("code", n.Attr, n.Span, ">")
		c.value(n, escapeAll, false)
		c.close("code", n.Span, "")
	case FootnoteMarker:
		c.marker(n)
	case Entity:
		c.made(c.entity(n.x.ent, n.Value), n.Span)
	case Symbol:
		if s, ok := c.o.TypographicSymbols[n.Value]; ok {
			c.made(escapeString(s, false), n.Span)
			break
		}
		for _, name := range symbolEntities(n.Value) {
			e, _ := entityByName(name)
			c.made(c.entity(e, ""), n.Span)
		}
	case SmartQuote:
		c.made(c.quote(n.Value), n.Span)
	case Emphasis:
		c.span("em", n, indent)
	case Strong:
		c.span("strong", n, indent)
	case Abbreviation:
		a := c.t.abbreviation(n.Value)
		attrs := slices.Clone(a.attr)
		if a.title != "" {
			attrs = setAttr(attrs, Attr{Name: "title", Value: a.title}, false)
		}
		c.open("abbr", attrs, n.Span, ">")
		c.value(n, escapeNone, false)
		c.close("abbr", n.Span, "")
	default:
		c.inner(n, indent)
	}
}

func (c *converter) inRaw() bool {
	p := c.parent()
	return p.Kind == HTMLElement && p.model == modelRaw
}

// quote returns a smart quote as the options have it.
func (c *converter) quote(name string) string {
	for k, q := range [...]string{"lsquo", "rsquo", "ldquo", "rdquo"} {
		if q == name {
			if c.o.SmartQuotes[k] == "" {
				break
			}
			e, _ := c.o.quoteEntity(c.o.SmartQuotes[k])
			return c.entity(e, "")
		}
	}
	e, _ := entityByName(name)
	return c.entity(e, "")
}

// entity writes a character as the option entity_output has it; original is the
// reference as it was written, if it was.
func (c *converter) entity(e entity, original string) string {
	char := e.char()
	special := char == "<" || char == ">" || char == "&"
	switch out := c.o.EntityOutput; {
	case out == "as_char" && char != "" && !special:
		return char
	case (out == "as_input" || out == "as_char") && original != "":
		return original
	case (out == "symbolic" || special || char == `"`) && e.name != "":
		return "&" + e.name + ";"
	}
	if e.code < 0 {
		return "&#" + largeNumber(original) + ";"
	}
	return "&#" + itoa(e.code) + ";"
}

// largeNumber returns the decimal digits of a reference that is no code point.
func largeNumber(original string) string {
	digits, base := strings.Trim(original, "&#;"), 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	if n, ok := new(big.Int).SetString(digits, base); ok && len(digits) < 1000 {
		return n.String()
	}
	return digits
}

func (c *converter) paragraph(n *Node, indent int) {
	if n.is(transparent) {
		c.inner(n, indent)
		return
	}
	if len(n.Children) == 1 && n.Children[0].Kind == Image && n.Children[0].x != nil && n.Children[0].x.ial.has("standalone") && c.links[n] == "" {
		c.figure(n, n.Children[0], indent)
		return
	}
	c.block("p", n.Attr, n, indent)
}

// figure writes an image that stands alone.
func (c *converter) figure(n, img *Node, indent int) {
	figure, image := slices.Clone(n.Attr), slices.Clone(img.Attr)
	for _, name := range [...]string{"class", "id"} {
		if a, ok := img.Get(name); ok && !n.hasAttr(name) {
			image, _, _ = dropAttr(image, name)
			figure = append(figure, a)
		}
	}
	alt, _ := img.Get("alt")
	c.indent(indent, n.Span)
	c.open("figure", figure, n.Span, ">\n")
	c.indent(indent+2, n.Span)
	c.open("img", image, img.Span, " />\n")
	c.indent(indent+2, n.Span)
	c.made("<figcaption>", img.Span)
	c.made(alt.Value, alt.Span)
	c.made("</figcaption>\n", img.Span)
	c.indent(indent, n.Span)
	c.close("figure", n.Span, "\n")
}

func classOf(n *Node) string {
	a, _ := n.Get("class")
	return a.Value
}

// hasWord matches \bword\b.
func hasWord(s, word string) bool {
	for i := 0; ; {
		k := strings.Index(s[i:], word)
		if k < 0 {
			return false
		}
		i += k
		if (i == 0 || !isWordByte(s[i-1])) && wordEnds(s, i+len(word)) {
			return true
		}
		i++
	}
}

func (c *converter) list(n *Node, indent int) {
	name := "ul"
	if n.Kind == OrderedList {
		name = "ol"
	}
	if n.x != nil {
		if c.toc == nil && n.x.ial.has("toc") {
			c.toc = n
			c.hold(tocPlace, n.Span)
			return
		}
		if !c.notes && n.x.ial.has("footnotes") {
			c.notes = true
			c.hold(notesPlace, n.Span)
			return
		}
	}
	c.indented(name, n, indent)
}

func (c *converter) item(name string, attrs []Attr, n *Node, indent int) {
	c.indent(indent, n.Span)
	c.open(name, attrs, n.Span, ">")
	tight := len(n.Children) == 0 || n.Children[0].Kind == Paragraph && n.Children[0].is(transparent)
	if !tight {
		c.made("\n", n.Span)
	}
	at := len(c.b)
	c.inner(n, indent)
	if !tight || len(c.b) > at && c.b[len(c.b)-1] == '\n' {
		c.indent(indent, n.Span)
	}
	c.close(name, n.Span, "\n")
}

// termAttrs gives a term its id, where the list has {:auto_ids}.
func (c *converter) termAttrs(n *Node) []Attr {
	list := c.parent()
	if n.hasAttr("id") || list.x == nil || list.x.ial == nil {
		return n.Attr
	}
	for _, ref := range list.x.ial.refs {
		if rest, ok := strings.CutPrefix(ref, "auto_ids"); ok {
			prefix := ""
			if strings.HasPrefix(rest, "-") {
				prefix = rest[1:]
			}
			plain := ""
			if n.x != nil {
				plain = n.x.text
			}
			return append(slices.Clone(n.Attr), Attr{Name: "id", Value: prefix + basicID(plain)})
		}
	}
	return n.Attr
}

// row writes a row of a table with its cells.
func (c *converter) row(n *Node, indent int) {
	c.indent(indent, n.Span)
	c.open("tr", n.Attr, n.Span, ">\n")
	kind, table := c.parent(), c.stack[max(len(c.stack)-2, 0)]
	c.stack = append(c.stack, n)
	for k, cell := range n.Children {
		c.cell(cell, k, kind, table, indent+2)
	}
	c.stack = c.stack[:len(c.stack)-1]
	c.indent(indent, n.Span)
	c.close("tr", n.Span, "\n")
}

func (c *converter) cell(n *Node, k int, kind, table *Node, indent int) {
	name := "td"
	if kind.Kind == TableHead {
		name = "th"
	}
	attrs := n.Attr
	if table.x != nil && k < len(table.x.align) && table.x.align[k] != 'd' {
		align := map[byte]string{'l': "left", 'r': "right", 'c': "center"}[table.x.align[k]]
		style, ok := n.Get("style")
		value := "text-align: " + align
		if ok {
			value = style.Value + "; " + value
		}
		attrs = setAttr(slices.Clone(attrs), Attr{Name: "style", Value: value}, false)
	}
	c.indent(indent, n.Span)
	c.open(name, attrs, n.Span, ">")
	at := len(c.b)
	c.inner(n, indent)
	if len(c.b) == at {
		nbsp, _ := entityByName("nbsp")
		c.made(c.entity(nbsp, ""), n.Span)
	}
	c.close(name, n.Span, "\n")
}

func (c *converter) math(n *Node, indent int) {
	isBlock := n.is(block)
	open, close := `\(`, `\)`
	if isBlock {
		open, close = `\[`, `\]`
	}
	before := text.Span{Start: n.Span.Start, End: n.Inner.Start}
	behind := text.Span{Start: n.Inner.End, End: max(n.Inner.End, n.Span.End)}
	switch {
	case c.o.MathEngine == "":
		attrs := setAttr(slices.Clone(n.Attr), Attr{Name: "class", Value: "kdmath"}, true)
		if isBlock {
			c.indent(indent, n.Span)
			c.open("div", attrs, n.Span, ">")
			c.made("$$\n", before)
			c.value(n, escapeNone, false)
			c.made("\n$$", behind)
			c.close("div", n.Span, "\n")
			return
		}
		c.open("span", attrs, n.Span, ">")
		c.made("$", before)
		c.value(n, escapeNone, false)
		c.made("$", behind)
		c.close("span", n.Span, "")
	case len(n.Attr) > 0 && !isBlock:
		c.open("span", n.Attr, n.Span, ">")
		c.made("$", before)
		c.value(n, escapeNone, false)
		c.made("$", behind)
		c.close("span", n.Span, "")
	default:
		if len(n.Attr) > 0 {
			c.indent(indent, n.Span)
			c.open("div", n.Attr, n.Span, ">")
		}
		c.made(open, before)
		c.value(n, escapeAll, false)
		c.made(close, behind)
		if isBlock {
			c.made("\n", behind)
		}
		if len(n.Attr) > 0 {
			c.close("div", n.Span, "\n")
		}
	}
}

func (c *converter) element(n *Node, indent int) {
	name := n.Value
	void := tagClasses[name]&voidTag != 0
	if !n.is(block) {
		c.open(name, n.Attr, n.Span, "")
		at := len(c.b)
		c.made(">", n.Span)
		from := len(c.b)
		c.inner(n, indent)
		if len(c.b) == from && void {
			c.cut(at)
			c.made(" />", n.Span)
			return
		}
		c.close(name, n.Span, "")
		return
	}
	raw := c.inRaw()
	if !raw {
		c.indent(indent, n.Span)
	}
	c.open(name, n.Attr, n.Span, "")
	at := len(c.b)
	c.made(">", n.Span)
	if n.model == modelBlock {
		c.made("\n", n.Span)
	}
	from := len(c.b)
	c.inner(n, indent)
	empty := len(c.b) == from
	switch {
	case n.is(closed) && n.model == modelRaw:
		c.cut(at)
		c.made(" />", n.Span)
	case !empty:
		if n.model == modelBlock {
			if c.b[len(c.b)-1] != '\n' {
				c.made("\n", n.Span)
			}
			c.indent(indent, n.Span)
		}
		c.close(name, n.Span, "")
	case void:
		c.cut(at)
		c.made(" />", n.Span)
	default:
		c.cut(at)
		c.made("></"+name+">", n.Span)
	}
	if !raw {
		c.made("\n", n.Span)
	}
}
