package kramdown

import (
	"strings"
)

// update reads the spans below el and sets the attributes that IALs give, now
// that all definitions are known.
func (p *parser) update(el *Node) {
	out := el.Children[:0:0]
	if cap(el.Children) > 0 && !hasRaw(el.Children) {
		out = el.Children[:0]
	}
	var blank *Node
	for _, c := range el.Children {
		switch c.Kind {
		case rawNode:
			blank = nil
			kids := p.spansOf(p.raw(c).view(), rawNode, allSpans)
			if len(el.Children) == 1 {
				out = kids
			} else {
				out = append(out, kids...)
			}
			*c = Node{}
			p.free = append(p.free, c)
		case eobNode:
			if c.x.ial != nil {
				c.Attr = p.apply(c.Attr, c.x.ial, 0)
			}
		case Blank:
			if blank != nil {
				blank.Value += c.Value
				blank.Span.End = c.Span.End
				continue
			}
			blank = c
			out = append(out, c)
		default:
			blank = nil
			p.update(c)
			if c.x != nil && c.x.ial != nil {
				c.Attr = p.apply(c.Attr, c.x.ial, 0)
			}
			if c.Kind == DefinitionTerm || c.Kind == Header && p.o.AutoIDStripping {
				var b strings.Builder
				p.plainText(&b, c)
				c.ext().text = b.String()
			}
			out = append(out, c)
		}
	}
	el.Children = out
}

func hasRaw(kids []*Node) bool {
	for _, c := range kids {
		if c.Kind == rawNode {
			return true
		}
	}
	return false
}

// plainText writes the text below n of which an id is made. GFM takes more into
// it than kramdown.
func (p *parser) plainText(b *strings.Builder, n *Node) {
	for _, c := range n.Children {
		switch {
		case c.Kind == Text:
			b.WriteString(c.Value)
		case !p.gfm:
			p.plainText(b, c)
		case c.Kind == CodeSpan, c.Kind == MathSpan, c.Kind == MathBlock:
			b.WriteString(c.Value)
		case c.Kind == Entity:
			b.WriteString(c.x.ent.char())
		case c.Kind == SmartQuote:
			e, _ := entityByName(c.Value)
			b.WriteString(e.char())
		case c.Kind == Symbol:
			for _, name := range symbolEntities(c.Value) {
				e, _ := entityByName(name)
				b.WriteString(e.char())
			}
		default:
			p.plainText(b, c)
		}
	}
}

// symbolEntities names the characters of a typographic symbol.
func symbolEntities(name string) []string {
	switch name {
	case "laquo_space":
		return []string{"laquo", "nbsp"}
	case "raquo_space":
		return []string{"nbsp", "raquo"}
	}
	return []string{name}
}

// gfmIDs gives headings the ids of GFM, and makes hard line breaks. It does not
// look into HTML elements, nor into footnotes.
type gfmIDs struct {
	p    *parser
	seen map[string]int
}

func (g *gfmIDs) elements(el *Node) {
	var out []*Node
	for k, c := range el.Children {
		switch {
		case c.Kind == Text && !g.p.hardSeen:
		case c.Kind == Text && strings.Contains(c.Value, g.p.hardBreak):
			if out == nil {
				out = append(out, el.Children[:k]...)
			}
			out = append(out, g.breaks(el, c, k == len(el.Children)-1)...)
			continue
		case c.Kind == HTMLElement:
		case (c.Kind == Paragraph || c.Kind == Table) && !g.p.hardSeen && !g.p.o.HTMLToNative: // no headings in it
		case c.Kind == Header && g.p.o.AutoIDs && !c.hasAttr("id"):
			c.Attr = append(c.Attr, Attr{Name: "id", Value: g.id(c.ext().text)})
		default:
			g.elements(c)
		}
		if out != nil {
			out = append(out, c)
		}
	}
	if out != nil {
		el.Children = out
	}
}

func (n *Node) hasAttr(name string) bool {
	_, ok := n.Get(name)
	return ok
}

func (g *gfmIDs) id(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range downcase(s) {
		switch {
		case r == ' ' || r == '\t':
			b.WriteByte('-')
		case r == '-' || isWord(r):
			b.WriteRune(r)
		}
	}
	id := b.String()
	n, again := g.seen[id]
	if again {
		n++
	}
	g.seen[id] = n
	if n > 0 {
		id += "-" + itoa(n)
	}
	return g.p.o.AutoIDPrefix + id
}

// breaks takes a text apart at its hard line breaks.
func (g *gfmIDs) breaks(el, n *Node, last bool) []*Node {
	brk := g.p.hardBreak
	var ends []int // where each line ends
	for i := 0; ; {
		k := strings.Index(n.Value[i:], brk)
		if k < 0 {
			break
		}
		ends = append(ends, i+k)
		i += k + len(brk)
	}
	tail := n.Value[ends[len(ends)-1]+len(brk):]
	omit := tail == "" && last && isBlock(el)
	var out []*Node
	pieces := g.p.pieces(n)
	from := 0
	for k, end := range ends {
		out = append(out, pieces.cut(from, end))
		if k < len(ends)-1 || !omit {
			at := pieces.cut(end, end+len(brk))
			out = append(out, g.p.node(Break, at.Span.Start, at.Span.End))
		}
		from = end + len(brk) - 1
	}
	return append(out, pieces.cut(from, len(n.Value)))
}

func isBlock(n *Node) bool {
	switch n.Kind {
	case Blank, Paragraph, Header, Blockquote, CodeBlock, UnorderedList, OrderedList, ListItem, DefinitionList,
		DefinitionTerm, Definition, Table, TableCell, HorizontalRule:
		return true
	}
	return n.is(block)
}

// number gives footnotes their numbers and headings their ids, in the order of
// the page: the body, then the footnotes as they are first used.
func (p *parser) number() {
	o := &p.t.converter
	pages := &pageOrder{ids: map[string]int{}, numbers: map[*Footnote]bool{}, o: o}
	pages.node(p.t.Root)
	for i := 0; i < len(pages.notes); i++ {
		note := pages.notes[i]
		note.Number = o.FootnoteNr + i
		pages.node(note.Node)
	}
	p.t.printed = pages.notes
	for _, d := range pages.defs {
		d.Used = true
	}
}

type pageOrder struct {
	o          *Options
	ids        map[string]int
	numbers    map[*Footnote]bool
	notes      []*Footnote
	defs       []*LinkDef
	toc, notAt bool // the places of the table of contents and the footnotes are taken
}

func (o *pageOrder) node(n *Node) {
	switch n.Kind {
	case Header:
		if o.o.AutoIDs && !n.hasAttr("id") {
			n.Attr = append(n.Attr, Attr{Name: "id", Value: o.id(n.ext().text)})
		}
	case FootnoteMarker:
		if note := n.x.note; !o.numbers[note] {
			o.numbers[note] = true
			o.notes = append(o.notes, note)
		}
	case Link, Image:
		if n.x != nil && n.x.def != nil {
			o.defs = append(o.defs, n.x.def)
		}
	case UnorderedList, OrderedList:
		if n.x == nil {
			break
		}
		if !o.toc && n.x.ial.has("toc") {
			o.toc = true
			return
		}
		if !o.notAt && n.x.ial.has("footnotes") {
			o.notAt = true
			return
		}
	}
	for _, c := range n.Children {
		o.node(c)
	}
}

func (o *pageOrder) id(s string) string {
	id := basicID(s)
	if id == "" {
		id = "section"
	}
	n, again := o.ids[id]
	if !again {
		o.ids[id] = 0
		return o.o.AutoIDPrefix + id
	}
	o.ids[id] = n + 1
	return o.o.AutoIDPrefix + id + "-" + itoa(n+1)
}

// basicID makes an id of a text: its letters, digits, hyphens and blanks, from
// the first letter of each line on.
func basicID(s string) string {
	var b strings.Builder
	skip := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isLetter(c):
			skip = false
			if c < 'a' {
				c |= 0x20
			}
			b.WriteByte(c)
		case c == '\n':
			skip = true
		case skip:
		case isDigit(c) || c == '-':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}
