package kramdown

import (
	"cmp"
	"slices"
	"strings"

	"scholium/analysis/text"
)

// Parse reads src as kramdown does. It never fails: what kramdown takes for
// text is text. "\r\n" and "\r" become "\n", and a missing last line end is
// added; spans count in Tree.Source, which is that text.
func Parse(src string, o Options) *Tree {
	t := &Tree{Options: o, inputLen: len(src)}
	t.Source, t.dropped = normalize(src)
	p := &parser{t: t, o: o, gfm: strings.EqualFold(o.Input, "GFM"), v25: o.is25(), tags: tagClasses}
	if p.v25 {
		p.tags = tagClasses25
	}
	if p.gfm {
		p.o.AutoIDStripping = true
		p.paragraphEnds = slices.Contains(o.GFMQuirks, "paragraph_end")
		p.hardBreak = "\\\n"
		if o.HardWrap {
			p.hardBreak, p.hardSeen = "\n", true
		}
	}
	p.switches = strings.Contains(t.Source, "{::options")
	p.tables()
	p.predefined()
	t.runs = make([]run, 1, 16)
	p.raws = make([]rawText, 0, 8+len(t.Source)/200)
	p.budget = 4<<20 + 8*len(t.Source)

	root := p.node(Root, 0, len(t.Source))
	t.Root = root
	root.Children = make([]*Node, 0, 8+len(t.Source)/100)
	p.in = &input{v: view{&derived{text: t.Source}, 0, t.Source}}
	p.in.s = t.Source
	p.blocks(root)

	p.update(root)
	p.collectAbbrevs()
	p.abbreviate(root)
	for _, f := range p.noteOrder {
		p.update(f.Node)
		p.abbreviate(f.Node)
	}
	options := p.o // kramdown does not read what was replaced
	for _, f := range t.Footnotes {
		if f.Replaced {
			p.update(f.Node)
		}
	}
	p.o = options
	if p.gfm {
		(&gfmIDs{p: p, seen: map[string]int{}}).elements(root)
	}
	t.converter = p.o
	p.number()
	slices.SortStableFunc(t.Markers, func(a, b Marker) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	slices.SortStableFunc(t.Missing, func(a, b MissingLink) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return t
}

// normalize unifies line ends and sees that there is one at the end. It returns
// the offsets in the result where a byte of src was left out.
func normalize(src string) (string, []int) {
	if strings.IndexByte(src, '\r') < 0 {
		if strings.HasSuffix(src, "\n") {
			return src, nil
		}
		return src + "\n", nil
	}
	var b strings.Builder
	b.Grow(len(src) + 1)
	var dropped []int
	for i := 0; i < len(src); i++ {
		if c := src[i]; c != '\r' {
			b.WriteByte(c)
			continue
		}
		if i+1 < len(src) && src[i+1] == '\n' {
			dropped = append(dropped, b.Len())
			i++
		}
		b.WriteByte('\n')
	}
	if s := b.String(); strings.HasSuffix(s, "\n") {
		return s, dropped
	}
	b.WriteByte('\n')
	return b.String(), dropped
}

// InputOffset returns where the byte at offset off of t.Source stands in the
// text that was given to Parse. Both count bytes from 0.
func (t *Tree) InputOffset(off int) int {
	n, _ := slices.BinarySearch(t.dropped, off)
	return min(max(off, 0)+n, t.inputLen)
}

// Walk calls f for each node that has a place in the page's source, parents
// first, and for the contents of footnotes where they are defined, behind the
// body. Where f returns false the children are left out.
func (t *Tree) Walk(f func(n *Node, depth int) bool) {
	walk(t.Root, 0, f)
	for _, note := range t.Footnotes {
		walk(note.Node, 1, f)
	}
}

func walk(n *Node, depth int, f func(*Node, int) bool) {
	if n == nil || !f(n, depth) {
		return
	}
	for _, c := range n.Children {
		walk(c, depth+1, f)
	}
}

// A parser is the state of one Parse.
type parser struct {
	t             *Tree
	o             Options // {::options} changes it on the way
	gfm           bool
	v25           bool   // kramdown 2.5 is followed
	paragraphEnds bool   // GFM's quirk paragraph_end
	hardBreak     string // what GFM makes a <br /> of

	tags        map[string]tagClass
	switches    bool // {::options} stands somewhere: an attempt in vain may change them too
	alds        map[string]*ial
	notes       map[string]*Footnote // the definition that counts
	noteOrder   []*Footnote          // as a Ruby hash is ordered
	defs        map[string]*LinkDef
	abbrevs     map[string]*abbrevDef
	abbrevNames abbrevNames

	// Blocks.
	in    *input
	tree  *Node // what blocks are added to
	ial   *ial  // attributes for the next block
	depth int   // of blocks in blocks

	// Spans, see span.go.
	work work
	spanState
	up         [256]bool // the bytes at which a construct may start
	noSymbols  bool      // GFM's quirk no_auto_typographic
	hardSeen   bool      // there is a text with GFM's hard line break
	failedPool []uint32

	grown    bool
	spare    *input
	raws     []rawText
	free     []*Node // that may be used again
	slab     []Node
	pointers []*Node
}

// An input is the text that blocks are read from.
type input struct {
	v   view
	s   string // v.s
	pos int

	brace, comment, pi, cdata, dollar ahead
	unclosed                          map[string]int // fences and elements that do not close behind an offset
}

// An ahead remembers where something was last found, so that looking for it
// again and again takes linear time.
type ahead struct {
	from, at int
	known    bool
}

// next returns the offset of the first what at or behind i, or -1.
func (a *ahead) next(s, what string, i int) int {
	if a.known && a.from <= i && (a.at < 0 || a.at >= i) {
		return a.at
	}
	a.from, a.at, a.known = i, -1, true
	if n := strings.Index(s[i:], what); n >= 0 {
		a.at = i + n
	}
	return a.at
}

// maxDepth bounds blocks in blocks and elements in elements; deeper ones are
// text. kramdown itself ends with a stack overflow a good deal later.
const maxDepth = 100

func (p *parser) node(kind Kind, start, end int) *Node {
	if k := len(p.free); k > 0 {
		n := p.free[k-1]
		p.free = p.free[:k-1]
		n.Kind, n.Span = kind, text.Span{Start: start, End: end}
		return n
	}
	if len(p.slab) == 0 {
		size := len(p.t.Source) / 256
		if !p.grown {
			size = len(p.t.Source) / 40 // a post has a node for each 35 bytes or so
		}
		p.grown = true
		p.slab = make([]Node, min(16+size, 1024))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Kind, n.Span = kind, text.Span{Start: start, End: end}
	return n
}

// at returns a new node that was made from bytes i to j of v.
func (p *parser) at(kind Kind, v view, i, j int) *Node {
	s := v.span(i, j)
	return p.node(kind, s.Start, s.End)
}

// adopt appends a child to el; most have but one.
func (p *parser) adopt(el, n *Node) {
	if el.Children == nil {
		el.Children = p.children([]*Node{n})
		return
	}
	el.Children = append(el.Children, n)
}

// children keeps a copy of kids.
func (p *parser) children(kids []*Node) []*Node {
	if len(kids) == 0 {
		return nil
	}
	if len(p.pointers) < len(kids) {
		p.pointers = make([]*Node, max(min(16+len(p.t.Source)/128, 1024), len(kids)))
	}
	out := p.pointers[:len(kids):len(kids)]
	p.pointers = p.pointers[len(kids):]
	copy(out, kids)
	return out
}

// value sets the value of n to bytes i to j of v, with their origin.
func (p *parser) value(n *Node, v view, i, j int) {
	n.Value = v.s[i:j]
	n.Inner = v.span(i, j)
	if v.d.segs != nil {
		p.t.mapRuns(n, v, i, j)
	}
}

// within runs f on another text and comes back.
func (p *parser) within(v view, f func()) {
	saved := p.in
	in := p.spare
	if in == nil {
		in = &input{}
	}
	p.spare = nil
	*in = input{v: v, s: v.s}
	p.in = in
	f()
	p.in, p.spare = saved, in
}
