package kramdown

import (
	"strings"
)

// rawText is text whose spans are read when all blocks are known: link and
// footnote definitions may stand below their uses. Lines may still be added.
type rawText struct {
	v view
	b *builder
}

func (r *rawText) view() view {
	if r.b != nil {
		r.v, r.b = r.b.view(), nil
	}
	return r.v
}

func (r *rawText) builder() *builder {
	if r.b == nil {
		r.b = &builder{}
		r.b.add(r.v, 0, len(r.v.s))
	}
	return r.b
}

// raw returns the text of a node of it.
func (p *parser) raw(n *Node) *rawText { return &p.raws[n.Level] }

// addRaw appends bytes i to j of v to el as text that is not read yet.
func (p *parser) addRaw(el *Node, v view, i, j int) {
	if last := el.last(); last != nil && last.Kind == rawNode {
		p.raw(last).builder().add(v, i, j)
		last.Span.End = max(last.Span.End, v.end(j))
		return
	}
	if i >= j {
		return
	}
	n := p.at(rawNode, v, i, j)
	n.Level = len(p.raws)
	p.raws = append(p.raws, rawText{v: v.slice(i, j)})
	p.adopt(el, n)
}

// newBlock gives n the attributes that stand above it.
func (p *parser) newBlock(n *Node) *Node {
	if p.ial != nil {
		n.ext().ial = p.ial
		p.ial = nil
	}
	return n
}

// add appends a new block made from bytes i to j of the input.
func (p *parser) add(kind Kind, i, j int) *Node {
	n := p.newBlock(p.at(kind, p.in.v, i, j))
	p.adopt(p.tree, n)
	return n
}

// eob ends the block above: a later one is not joined to it.
func (p *parser) eob(what string, i, j int) *Node {
	n := p.add(eobNode, i, j)
	n.ext().eob = what
	return n
}

// blocks reads the rest of the input into el. It returns true if the end tag of
// the HTML element el ended it.
func (p *parser) blocks(el *Node) bool {
	tree, above := p.tree, p.ial
	p.tree, p.ial = el, nil
	p.depth++
	found := false
	for p.in.pos < len(p.in.s) && !found {
		found = p.block()
	}
	p.depth--
	p.tree, p.ial = tree, above
	return found
}

// block reads one block. The order in which the kinds are tried is kramdown's.
// It returns true at the end tag of p.tree.
func (p *parser) block() (stop bool) {
	in := p.in
	s, i := in.s, in.pos
	if n := blankLines(s, i); n > i {
		p.blank(n)
		return false
	}
	if isIndented(s, i) {
		p.codeBlock()
		return false
	}
	first := opt(s, i)
	c := s[first]
	if p.depth > maxDepth {
		p.paragraph()
		return false
	}
	switch c {
	case '~', '`':
		if p.fenced() {
			return false
		}
	case '>':
		p.quote()
		return false
	case '#':
		if first == i && p.atxHeader() {
			return false
		}
	case '*', '-', '_', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if c == '*' || c == '-' || c == '_' {
			if end := ruleLine(s, i); end > 0 {
				in.pos = end
				p.add(HorizontalRule, i, end)
				return false
			}
		}
		if _, ok := listStart(s, i, anyList, 3); ok {
			p.list()
			return false
		}
	case ':':
		if _, ok := listStart(s, i, definition, 3); ok && p.definitionList() {
			return false
		}
	case '<':
		if done, stop := p.blockHTML(); done {
			return stop
		}
	}
	boundary := p.afterBoundary()
	if boundary {
		if p.setextHeader() {
			return false
		}
		if (c == '$' || c == '\\') && p.mathBlock() {
			return false
		}
		s, i = in.s, in.pos // an escaped $$ moves on by its backslash
		if p.table() {
			return false
		}
	}
	switch c {
	case '[':
		if p.footnoteDef() || p.linkDef() {
			return false
		}
	case '*':
		if p.abbrevDef() {
			return false
		}
	case '{':
		if p.blockExtension() {
			return false
		}
	case '^':
		if first == i {
			if end := toLineEnd(s, i+1); end > 0 {
				in.pos = end
				p.eob("", i, end)
				return false
			}
		}
	}
	first = opt(s, i)
	if first < len(s) && !isBlank(s[first]) {
		p.paragraph()
		return false
	}
	// A tab behind one to three spaces: kramdown has no block for it.
	end := lineEnd(s, i)
	p.addRaw(p.tree, in.v, i, end)
	in.pos = end
	return false
}

// blankLines returns the offset behind the blank lines at i, or i.
func blankLines(s string, i int) int {
	end := i
	for j := i; j < len(s) && isSpace(s[j]); j++ {
		if s[j] == '\n' {
			end = j + 1
		}
	}
	return end
}

func (p *parser) blank(end int) {
	i := p.in.pos
	p.in.pos = end
	if last := p.tree.last(); last != nil && last.Kind == Blank {
		last.Value += p.in.s[i:end]
		last.Span.End = p.in.v.end(end)
		return
	}
	p.add(Blank, i, end).Value = p.in.s[i:end]
}

func isIndented(s string, i int) bool {
	return s[i] == '\t' || strings.HasPrefix(s[i:], "    ")
}

// unindent returns the offset behind one indentation, or i.
func unindent(s string, i int) int {
	if i < len(s) && s[i] == '\t' {
		return i + 1
	}
	if strings.HasPrefix(s[i:], "    ") {
		return i + 4
	}
	return i
}

// afterBoundary reports whether a block may begin here that needs a blank line
// above it.
func (p *parser) afterBoundary() bool {
	last := p.tree.last()
	return last == nil || last.Kind == Blank || p.ial != nil || last.Kind == eobNode && last.x.eob == ""
}

// beforeBoundary reports whether a block may end at i.
func (p *parser) beforeBoundary(i int) bool {
	s := p.in.s
	if i >= len(s) || s[i] == '\n' || toLineEnd(s, i) > 0 {
		return true
	}
	return s[i] == '^' && toLineEnd(s, i+1) > 0 || p.ialLine(i) > 0
}

// lazyEnd reports whether the line at i cannot go on with a paragraph.
func (p *parser) lazyEnd(i int) bool {
	s := p.in.s
	if i >= len(s) {
		return true
	}
	if s[i] == '^' {
		return toLineEnd(s, i+1) > 0
	}
	first := opt(s, i)
	if first >= len(s) {
		return true
	}
	switch s[first] {
	case '{':
		return p.ialLine(i) > 0
	case '<':
		return p.lazyTag(s, first)
	}
	return isSpace(s[first]) && toLineEnd(s, first) > 0
}

// ialLine returns the offset behind the line at i if it is a block IAL, else -1.
func (p *parser) ialLine(i int) int {
	_, _, end := p.ialBlock(p.in, opt(p.in.s, i))
	return end
}

// paragraphEnd reports whether a paragraph ends above the line at i.
func (p *parser) paragraphEnd(i int) bool {
	s := p.in.s
	if i >= len(s) {
		return true
	}
	first := opt(s, i)
	if first >= len(s) {
		return true
	}
	switch c := s[first]; c {
	case ':':
		_, ok := listStart(s, i, definition, 3)
		return ok
	case '^', '{', '<', ' ', '\t', '\n', '\v', '\f', '\r':
		return p.lazyEnd(i)
	case '*', '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if p.paragraphEnds {
			_, ok := listStart(s, i, anyList, 3)
			return ok
		}
	case '#':
		return p.paragraphEnds && first == i && p.gfmHash(i) > 0
	case '>':
		return p.paragraphEnds
	case '~', '`':
		return p.paragraphEnds && fenceLength(s, first) >= 3
	}
	return false
}

func (p *parser) paragraph() {
	in := p.in
	s, start := in.s, in.pos
	end := lineEnd(s, start)
	for !p.paragraphEnd(end) {
		end = lineEnd(s, end)
	}
	in.pos = end
	stripped := rstrip(s, start, end)
	if last := p.tree.last(); last != nil && last.Kind == Paragraph {
		if raw := last.last(); raw != nil && raw.Kind == rawNode {
			b := p.raw(raw).builder()
			switch {
			case start >= 3 && s[start-3:start] == "  \n":
				b.add(in.v, start-3, start)
			case start >= 1 && s[start-1] == '\n':
				b.add(in.v, start-1, start)
			default:
				b.made("\n", in.v.span(start, start))
			}
			b.add(in.v, start, stripped)
		} else {
			p.addRaw(last, in.v, start, stripped)
		}
		last.Span.End = max(last.Span.End, in.v.end(stripped))
		if raw := last.last(); raw != nil {
			raw.Span.End = last.Span.End
		}
		return
	}
	begin := lstrip(s, start, max(start, stripped))
	stripped = max(stripped, begin)
	n := p.add(Paragraph, begin, stripped)
	p.addRaw(n, in.v, begin, stripped)
}

func (p *parser) quote() {
	in := p.in
	s, start := in.s, in.pos
	end := lineEnd(s, start)
	for !p.lazyEnd(end) {
		end = lineEnd(s, end)
	}
	in.pos = end
	b := &builder{}
	b.b.Grow(end - start)
	for i := start; i < end; {
		j := lineEnd(s, i)
		if q := opt(s, i); q < j && s[q] == '>' {
			i = q + 1
			if i < j && s[i] == ' ' {
				i++
			}
		}
		b.add(in.v, i, j)
		i = j
	}
	n := p.add(Blockquote, start, end)
	p.within(b.view(), func() { p.blocks(n) })
}

// codeBlock reads an indented code block.
func (p *parser) codeBlock() {
	in := p.in
	start := in.pos
	in.pos = p.indentedEnd(start)
	if in.pos == start { // indented white space without a line end
		in.pos = lineEnd(in.s, start)
	}
	b := &builder{}
	p.unindentCode(b, start, in.pos)
	n := p.add(CodeBlock, start, in.pos)
	v := b.view()
	p.value(n, v, 0, len(v.s))
}

// indentedEnd matches kramdown's CODEBLOCK_MATCH: indented lines, lines that
// lazily go on with them, and the blank lines between.
func (p *parser) indentedEnd(i int) int {
	s := p.in.s
	for {
		j := blankLines(s, i)
		n := 0
		for j < len(s) && isIndented(s, j) && toLineEnd(s, j) < 0 {
			j = lineEnd(s, j)
			n++
		}
		if n == 0 {
			return i
		}
		for j < len(s) && toLineEnd(s, j) < 0 && skipBlank(s, j) < len(s) && !isSpace(s[skipBlank(s, j)]) {
			first := opt(s, j)
			if s[j] == '^' && toLineEnd(s, j+1) > 0 || s[first] == '{' && p.ialLine(j) > 0 || s[first] == '<' && p.lazyTag(s, first) {
				break
			}
			j = lineEnd(s, j)
		}
		i = j
	}
}

// unindentCode copies an indented block: a line that goes on lazily is joined
// to the one above by a space, all others lose one indentation.
func (p *parser) unindentCode(b *builder, i, end int) {
	in := p.in
	for i < end {
		j := lineEnd(in.s, i)
		from, to := unindent(in.s, i), j
		if j < end && lazyLine(in.s, j) {
			b.add(in.v, from, to-1)
			b.made(" ", in.v.span(to-1, to))
		} else {
			b.add(in.v, from, to)
		}
		i = j
	}
}

// lazyLine reports whether at most three spaces stand in front of the line's
// first letter.
func lazyLine(s string, i int) bool {
	first := opt(s, i)
	return first < len(s) && !isSpace(s[first])
}

// ruleLine returns the offset behind a horizontal rule, or -1.
func ruleLine(s string, i int) int {
	i = opt(s, i)
	c, n := s[i], 0
	for ; i < len(s); i++ {
		switch {
		case s[i] == c:
			n++
		case s[i] == '\n' && n >= 3:
			return i + 1
		case !isBlank(s[i]):
			return -1
		}
	}
	return -1
}

// mathBlock reads $$…$$ that stands alone. It moves on by the backslash of an
// escaped one and returns false.
func (p *parser) mathBlock() bool {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	escaped := s[open] == '\\'
	if escaped {
		open++
	}
	if !strings.HasPrefix(s[open:], "$$") {
		return false
	}
	close := in.dollar.next(s, "$$", open+2)
	if close < 0 {
		return false
	}
	end := close + 2
	alone := toLineEnd(s, end)
	if alone > 0 {
		end = alone
	}
	if escaped {
		if alone > 0 {
			in.pos = open
		}
		return false
	}
	if !p.beforeBoundary(end) {
		return false
	}
	in.pos = end
	stop := rstrip(s, open+2, close)
	n := p.add(MathBlock, open, close+2)
	n.flags |= block
	p.value(n, in.v, lstrip(s, open+2, stop), stop)
	return true
}
