package kramdown

import (
	"strings"
)

// A marker is what begins the items of a list.
type marker uint8

const (
	bullet     marker = iota // + * -
	number                   // 1.
	anyList                  // either
	definition               // :
)

// listStart matches the start of a list item with at most indent spaces in
// front. It returns the offset behind the marker.
func listStart(s string, i int, m marker, indent int) (int, bool) {
	for ; indent > 0 && i < len(s) && s[i] == ' '; indent-- {
		i++
	}
	if i >= len(s) {
		return 0, false
	}
	switch c := s[i]; {
	case c == ':' && m == definition:
		i++
	case (c == '*' || c == '+' || c == '-') && (m == bullet || m == anyList):
		i++
	case isDigit(c) && (m == number || m == anyList):
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if i >= len(s) || s[i] != '.' {
			return 0, false
		}
		i++
	default:
		return 0, false
	}
	// The bar is kramdown's own: [\t| ].
	return i, i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '|')
}

// itemIAL matches an IAL in front of an item's text. It returns its attributes'
// place and the offset behind it with the white space that follows.
func itemIAL(s string, i int) (from, to, end int, ok bool) {
	i = skipSpace(s, i)
	if !strings.HasPrefix(s[i:], "{:") {
		return 0, 0, 0, false
	}
	i += 2
	if j := idName(s, i); j > 0 && j < len(s) && s[j] == ':' || i < len(s) && (s[i] == ':' || s[i] == '/') {
		return 0, 0, 0, false
	}
	close := braces(s, i, i+strings.IndexByte(s[i:], '}'), func(int) bool { return true })
	if close < 0 {
		return 0, 0, 0, false
	}
	return i, close, skipSpace(s, close+1), true
}

// An item is a list item as its lines are gathered.
type item struct {
	node   *Node
	parts  []*builder // a list directly below a paragraph begins a new part
	indent int
}

func (it *item) last() *builder { return it.parts[len(it.parts)-1] }

// firstLine reads the line of a marker that ends at i.
func (p *parser) firstLine(kind Kind, start, i int) *item {
	in := p.in
	end := lineEnd(in.s, i)
	line := in.s[i:end]
	it := &item{node: p.at(kind, in.v, start, end), parts: []*builder{{}}}
	if alone := skipSpace(line, 0) == len(line); alone {
		it.indent = 4
	} else if _, _, behind, ok := itemIAL(line, 0); ok && behind == len(line) {
		it.indent = 4
	} else {
		it.indent = i - start
		for j := 0; j < len(line) && isBlank(line[j]); j++ {
			if line[j] == '\t' {
				it.indent += 4 - it.indent%4
			} else {
				it.indent++
			}
		}
	}
	from := i + skipSpace(line, 0)
	if a, b, behind, ok := itemIAL(in.s[:end], from); ok {
		p.attributes(in.v, a, b, it.node.list())
		from = behind
	}
	if from < end {
		it.parts[0].add(in.v, from, end)
	}
	in.pos = end
	return it
}

// list returns the attribute list of n, made when first asked for.
func (n *Node) list() *ial {
	x := n.ext()
	if x.ial == nil {
		x.ial = &ial{}
	}
	return x.ial
}

// contentLine reports whether the line at i belongs to an item by its indentation.
func contentLine(s string, i, indent int) bool {
	j, ok := i, true
	for n := indent / 4; n > 0 && ok; n-- {
		k := unindent(s, j)
		j, ok = k, k > j
	}
	if !ok || toLineEnd(s, j) > 0 {
		return false
	}
	return strings.HasPrefix(s[j:], "    "[:indent%4]) || unindent(s, j) > j
}

// lazyContent reports whether the line at i goes on with an item though it is
// not indented.
func (p *parser) lazyContent(i, indent int) bool {
	s := p.in.s
	if toLineEnd(s, i) > 0 {
		return false
	}
	first := i
	for n := min(indent, 3); n > 0 && first < len(s) && s[first] == ' '; n-- {
		first++
	}
	switch s[first] {
	case '<':
		return !p.lazyTag(s, first)
	case '{':
		_, _, end := p.ialBlock(p.in, first)
		return end < 0
	}
	return true
}

// A line of an item without its indentation.
type itemLine struct {
	tabs   int  // that lead it, each four spaces
	spaces int  // that are left in front of the text, with those of the tabs
	text   int  // where the text begins
	found  bool // it was indented
}

func cutLine(s string, i, indent int) (l itemLine) {
	j := i
	for j < len(s) && s[j] == '\t' {
		j++
	}
	l.tabs = j - i
	for j < len(s) && s[j] == ' ' {
		j++
	}
	l.text = j
	l.spaces = l.tabs*4 + j - i - l.tabs
	if l.found = l.spaces >= indent; l.found {
		l.spaces -= indent
	}
	return l
}

// addLine appends the line at i to b.
func (p *parser) addLine(b *builder, i int, l itemLine, end int) {
	v := p.in.v
	if real := l.text - i - l.tabs; l.spaces > real {
		b.made(strings.Repeat(" ", l.spaces-real), v.span(i, i+l.tabs))
		b.add(v, i+l.tabs, end)
		return
	}
	b.add(v, l.text-l.spaces, end)
}

func (p *parser) list() {
	in := p.in
	s, start := in.s, in.pos
	kind, m := OrderedList, number
	if _, ok := listStart(s, start, bullet, 3); ok {
		kind, m = UnorderedList, bullet
	}
	list := p.newBlock(p.at(kind, in.v, start, start))
	var items []*item
	var it *item
	maxIndent := 3
	ended, nested, afterBlank := false, false, false
	for in.pos < len(s) {
		i := in.pos
		if afterBlank && isRule(s, i) {
			break
		}
		if s[i] == '^' {
			if end := toLineEnd(s, i+1); end > 0 {
				in.pos, ended = end, true
				break
			}
		}
		if end, ok := listStart(s, i, m, maxIndent); ok {
			it = p.firstLine(ListItem, i, end)
			items = append(items, it)
			list.Children = append(list.Children, it.node)
			maxIndent = 3
			if it.indent >= 1 && it.indent <= 3 {
				maxIndent = it.indent - 1
			}
			_, nested = listStart(it.parts[0].b.String(), 0, anyList, 3)
			afterBlank = false
			continue
		}
		if contentLine(s, i, it.indent) || !afterBlank && p.lazyContent(i, it.indent) {
			l := cutLine(s, i, it.indent)
			isList := false
			if l.spaces <= 3 {
				_, isList = listStart(s, l.text, anyList, 0)
			}
			switch {
			case !nested && l.found && isList:
				it.parts = append(it.parts, &builder{})
				nested = true
			case nested && !l.found && isList:
				it.last().made(strings.Repeat(" ", it.indent+4), in.v.span(i, i))
			}
			end := lineEnd(s, i)
			p.addLine(it.last(), i, l, end)
			in.pos, afterBlank = end, false
			it.node.Span.End = max(it.node.Span.End, in.v.end(end))
			continue
		}
		if end := blankLines(s, i); end > i {
			nested, afterBlank = true, true
			it.last().add(in.v, i, end)
			in.pos = end
			continue
		}
		break
	}
	list.Span.End = max(list.Span.Start, items[len(items)-1].node.Span.End)
	p.tree.Children = append(p.tree.Children, list)

	var last *Node
	for k, it := range items {
		for _, part := range it.parts {
			p.within(part.view(), func() { p.blocks(it.node) })
		}
		if len(it.node.Children) == 0 {
			continue
		}
		p.tighten(list, k, ended)
		last = it.node.popBlank()
	}
	if last != nil && !ended {
		p.tree.Children = append(p.tree.Children, last)
	}
	if p.gfm {
		p.tasks()
	}
}

func isRule(s string, i int) bool {
	c := s[opt(s, i)]
	return (c == '*' || c == '-' || c == '_') && ruleLine(s, i) > 0
}

// tighten takes the <p> from an item's first paragraph where no blank line
// stands behind it.
func (p *parser) tighten(list *Node, k int, ended bool) {
	it := list.Children[k]
	kids := it.Children
	if kids[0].Kind != Paragraph {
		return
	}
	// An IAL for the first paragraph puts a mark behind it.
	if len(kids) >= 2 && kids[1].Kind == eobNode && kids[0].x != nil && kids[0].x.ial != nil {
		kids = append(kids[:1], kids[2:]...)
		it.Children = kids
	}
	isLast := k == len(list.Children)-1
	if len(kids) >= 2 && kids[1].Kind == Blank && !(isLast && len(kids) == 2 && !ended) {
		return
	}
	if isLast && len(list.Children) > 1 {
		tight := false
		for _, other := range list.Children[:k] {
			if len(other.Children) == 0 || other.Children[0].Kind != Paragraph || other.Children[0].is(transparent) {
				tight = true
				break
			}
		}
		if !tight {
			return
		}
	}
	if len(kids) > 1 && kids[1].Kind != Blank {
		p.breakLine(kids[0])
	}
	kids[0].flags |= transparent
}

// breakLine ends the text of a paragraph without <p> with a line end.
func (p *parser) breakLine(para *Node) {
	if len(para.Children) == 0 {
		return
	}
	if c := para.Children[0]; c.Kind != rawNode {
		if c.Kind == Text { // <p> that became a paragraph
			var buf [1]run
			runs := append(append([]run(nil), p.t.origins(c, buf[:0])...), run{1, c.Span, false})
			c.Value += "\n"
			p.t.setRuns(c, runs)
		}
		return
	}
	raw := p.raw(para.Children[0])
	if v := raw.view(); v.d.segs == nil || v.at+len(v.s) < len(v.d.text) {
		if end := v.at + len(v.s); end < len(v.d.text) && v.d.text[end] == '\n' {
			raw.v = view{v.d, v.at, v.d.text[v.at : end+1]}
			return
		}
	}
	b := raw.builder()
	at := para.Span.End
	if at < len(p.t.Source) && p.t.Source[at] == '\n' {
		b.seg(seg{at: b.b.Len(), src: at, exact: true})
		b.b.WriteByte('\n')
		return
	}
	b.segs = append(b.segs, seg{at: b.b.Len(), src: at})
	b.b.WriteByte('\n')
}

// rawView returns the text of n before its spans are read, also of a <p> that
// became a paragraph.
func (p *parser) rawView(n *Node) view {
	if n.Kind == rawNode {
		return p.raw(n).view()
	}
	b := &builder{}
	b.made(n.Value, n.Span)
	return b.view()
}

// popBlank takes a blank line off the end of n's children.
func (n *Node) popBlank() *Node {
	last := n.last()
	if last == nil || last.Kind != Blank {
		return nil
	}
	n.Children = n.Children[:len(n.Children)-1]
	return last
}

func (p *parser) definitionList() bool {
	in := p.in
	s := in.s
	kids := p.tree.Children
	n := len(kids)
	blank := n >= 2 && kids[n-1].Kind == Blank && kids[n-1].Value == "\n" && kids[n-2].Kind == Paragraph
	if n == 0 || kids[n-1].Kind != Paragraph && !blank {
		return false
	}
	para := kids[n-1]
	if blank {
		para = kids[n-2]
		n--
	}
	if len(para.Children) == 0 {
		return false
	}
	p.tree.Children = kids[:n-1]
	list := p.newBlock(p.node(DefinitionList, para.Span.Start, para.Span.End))
	p.terms(list, p.rawView(para.Children[0]))
	if list.x != nil {
		list.x.ial = nil
	}
	if para.x != nil && para.x.ial != nil {
		list.ext().ial = para.x.ial
	}

	var items []*item
	var it *item
	asPara := blank
	maxIndent := 3
	afterBlank := false
	for in.pos < len(s) {
		i := in.pos
		if end, ok := listStart(s, i, definition, maxIndent); ok {
			it = p.firstLine(Definition, i, end)
			items = append(items, it)
			list.Children = append(list.Children, it.node)
			if asPara {
				it.node.flags |= firstAsPara
			}
			maxIndent = 3
			if it.indent >= 1 && it.indent <= 3 {
				maxIndent = it.indent - 1
			}
			asPara, afterBlank = false, false
			continue
		}
		if s[i] == '^' && toLineEnd(s, i+1) > 0 {
			break
		}
		if contentLine(s, i, it.indent) || !afterBlank && p.lazyContent(i, it.indent) {
			end := lineEnd(s, i)
			p.addLine(it.last(), i, cutLine(s, i, it.indent), end)
			in.pos = end
			it.node.Span.End = max(it.node.Span.End, in.v.end(end))
			asPara, afterBlank = false, false
			continue
		}
		if end := blankLines(s, i); end > i {
			asPara, afterBlank = true, true
			it.last().add(in.v, i, end)
			in.pos = end
			continue
		}
		break
	}
	list.Span.End = max(list.Span.End, items[len(items)-1].node.Span.End)

	var last *Node
	for _, it := range items {
		p.within(it.parts[0].view(), func() { p.blocks(it.node) })
		if len(it.node.Children) == 0 {
			continue
		}
		last = it.node.popBlank()
		if len(it.node.Children) == 0 {
			continue
		}
		if first := it.node.Children[0]; first.Kind == Paragraph && !it.node.is(firstAsPara) {
			if len(it.node.Children) > 1 {
				p.breakLine(first)
			}
			first.flags |= transparent
		}
	}

	kids = p.tree.Children
	n = len(kids)
	switch {
	case n >= 1 && kids[n-1].Kind == DefinitionList:
		kids[n-1].Children = append(kids[n-1].Children, list.Children...)
		kids[n-1].Span.End = list.Span.End
	case n >= 2 && kids[n-1].Kind == Blank && kids[n-2].Kind == DefinitionList:
		p.tree.Children = kids[:n-1]
		kids[n-2].Children = append(kids[n-2].Children, list.Children...)
		kids[n-2].Span.End = list.Span.End
	default:
		p.tree.Children = append(kids, list)
	}
	if last != nil {
		p.tree.Children = append(p.tree.Children, last)
	}
	return true
}

// terms makes a term of each line of v.
func (p *parser) terms(list *Node, v view) {
	end := len(v.s)
	for end > 0 && v.s[end-1] == '\n' {
		end--
	}
	for i := 0; i < end; {
		j := i + strings.IndexByte(v.s[i:end]+"\n", '\n')
		dt := p.at(DefinitionTerm, v, i, j)
		from := i
		if a, b, behind, ok := itemIAL(v.s[:j], i); ok {
			p.attributes(v, a, b, dt.list())
			from = behind
		}
		dt.ext().text = v.s[from:j]
		dt.Inner = v.span(from, j)
		p.addRaw(dt, v, from, j)
		list.Children = append(list.Children, dt)
		i = j + 1
	}
}

const (
	boxUnchecked = `<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" />`
	boxChecked   = `<input type="checkbox" class="task-list-item-checkbox" disabled="disabled" checked="checked" />`
)

// tasks makes check boxes of [ ] and [x] in the last list of p.tree, as GFM does.
func (p *parser) tasks() {
	var list *Node
	for k := len(p.tree.Children) - 1; k >= 0 && list == nil; k-- {
		if c := p.tree.Children[k]; c.Kind == UnorderedList || c.Kind == OrderedList {
			list = c
		}
	}
	if list == nil {
		return
	}
	isTasks := false
	for _, li := range list.Children {
		if len(li.Children) == 0 || li.Children[0].Kind != Paragraph || len(li.Children[0].Children) == 0 {
			continue
		}
		if raw := li.Children[0].Children[0]; raw.Kind == rawNode {
			v := p.raw(raw).view()
			if box, from, behind := taskBox(v.s); box != "" {
				b := &builder{}
				b.made(box, v.span(from, from+3))
				b.add(v, behind, len(v.s))
				*p.raw(raw) = rawText{b: b}
				isTasks = true
			}
		}
		if isTasks {
			li.Attr = setAttr(li.Attr, Attr{Name: "class", Value: "task-list-item"}, false)
		}
	}
	if isTasks {
		list.Attr = setAttr(list.Attr, Attr{Name: "class", Value: "task-list"}, false)
	}
}

func taskBox(s string) (box string, from, behind int) {
	from = skipSpace(s, 0)
	if from+3 >= len(s) || s[from] != '[' || s[from+2] != ']' || !isSpace(s[from+3]) {
		return "", 0, 0
	}
	behind = skipSpace(s, from+3)
	switch s[from+1] {
	case ' ':
		return boxUnchecked, from, behind
	case 'x', 'X':
		return boxChecked, from, behind
	}
	return "", 0, 0
}
