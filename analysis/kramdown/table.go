package kramdown

import (
	"strings"
)

// pipeCheck matches kramdown's TABLE_PIPE_CHECK on s from i to end: a bar that
// begins it, or one that no backslash stands in front of.
func pipeCheck(s string, i, end int) bool {
	for k := i; k < end; k++ {
		n := strings.IndexByte(s[k:end], '|')
		if n < 0 {
			return false
		}
		if k += n; k == i || s[k-1] != '\\' {
			return true
		}
	}
	return false
}

// separator matches the line between a table's head and body, or between
// bodies: it returns whether one of sign stands in it.
func separator(s string, i, end int, sign byte) bool {
	found := false
	for _, c := range []byte(s[i:end]) {
		switch c {
		case sign:
			found = true
		case '+', '|', ':', ' ', '\t':
		default:
			return false
		}
	}
	return found
}

// table reads a table.
func (p *parser) table() bool {
	in := p.in
	s, start := in.s, in.pos
	first := opt(s, start)
	eol := lineEnd(s, start)
	if first >= len(s) || isSpace(s[first]) || s[eol-1] != '\n' || !pipeCheck(s, first, eol-1) {
		return false
	}
	// Attributes above it are lost with a table that turns out to be none.
	table := p.newBlock(p.at(Table, in.v, start, start))
	leading := s[skipSpace(s, start)] == '|'
	var rows []*Node
	var align []byte
	footer, aligned := false, false
	columns := 0
	container := func(kind Kind, force bool) {
		if footer && kind == TableBody && !force {
			return
		}
		n := p.node(kind, 0, 0)
		n.Children, rows = rows, nil
		if len(n.Children) > 0 {
			n.Span = n.Children[0].Span
			n.Span.End = n.last().Span.End
		}
		table.Children = append(table.Children, n)
	}
	i := start
	if separator(s, i, eol-1, '-') {
		i = eol
	}
	plain := true // no code and no tags
	for i < len(s) {
		eol := lineEnd(s, i)
		line := eol - 1
		if s[line] != '\n' || !pipeCheck(s, i, line) {
			break
		}
		switch {
		case separator(s, i, line, '-'):
			if len(rows) > 0 {
				if !aligned && !footer {
					container(TableHead, false)
					align = alignment(s[i:line])
					aligned = len(align) > 0
				} else {
					container(TableBody, false)
				}
			}
		case separator(s, i, line, '='):
			if len(rows) > 0 {
				container(TableBody, true)
			}
			footer = true
		default:
			if plain && strings.IndexByte(s[i:line], '`') < 0 && strings.IndexByte(s[i:line], '<') < 0 {
				rows = append(rows, p.row(i, line, leading, true))
			} else {
				plain = false
				rows = append(rows, p.row(i, line, leading, false))
			}
			columns = max(columns, len(rows[len(rows)-1].Children))
		}
		i = eol
	}
	if !p.beforeBoundary(i) || !plain && !p.pipesOutside(start, i-1) {
		return false
	}
	if len(rows) > 0 {
		kind := TableBody
		if footer {
			kind = TableFoot
		}
		container(kind, false)
	}
	hasBody := false
	for _, n := range table.Children {
		hasBody = hasBody || n.Kind == TableBody
	}
	if !hasBody {
		return false
	}
	for _, n := range table.Children {
		for _, row := range n.Children {
			for len(row.Children) < columns {
				row.Children = append(row.Children, p.node(TableCell, row.Span.End, row.Span.End))
			}
		}
	}
	for len(align) < columns {
		align = append(align, 'd')
	}
	table.ext().align = align[:columns]
	table.Span = in.v.span(start, i)
	p.tree.Children = append(p.tree.Children, table)
	in.pos = i
	return true
}

// alignment reads the colons of a separator line: (:?)-+(:?), again and again.
func alignment(s string) []byte {
	var out []byte
	taken := 0 // a colon belongs to one column
	for i := 0; i < len(s); {
		if s[i] != '-' {
			i++
			continue
		}
		left := i > taken && s[i-1] == ':'
		for i < len(s) && s[i] == '-' {
			i++
		}
		right := i < len(s) && s[i] == ':'
		if right {
			i++
		}
		taken = i
		switch {
		case left && right:
			out = append(out, 'c')
		case left:
			out = append(out, 'l')
		case right:
			out = append(out, 'r')
		default:
			out = append(out, 'd')
		}
	}
	return out
}

// A cellText is the text of a cell as it is put together.
type cellText struct{ b builder }

// row reads a line of cells; bytes i to end of the input.
func (p *parser) row(i, end int, leading, plain bool) *Node {
	in := p.in
	s := in.s
	for end > i && isBlank(s[end-1]) {
		end--
	}
	row := p.at(TableRow, in.v, i, end)
	if plain && !strings.Contains(s[i:end], `\|`) {
		p.plainRow(row, i, end, leading)
		return row
	}
	var cells []*cellText
	last := func() *cellText {
		if len(cells) == 0 {
			cells = append(cells, &cellText{})
		}
		return cells[len(cells)-1]
	}
	// split takes the text at bars that no backslash escapes.
	split := func(a, b int) {
		last()
		from := a
		for k := a; k < b; k++ {
			switch {
			case s[k] != '|':
			case k > a && s[k-1] == '\\':
				last().b.add(in.v, from, k-1)
				last().b.add(in.v, k, k+1)
				from = k + 1
			default:
				last().b.add(in.v, from, k)
				cells = append(cells, &cellText{})
				from = k + 1
			}
		}
		last().b.add(in.v, from, b)
	}
	// part reads text with code spans.
	part := func(a, b int) {
		from := a // of text
		for k := a; k < b; {
			n := strings.IndexByte(s[k:b], '`')
			if n < 0 {
				break
			}
			k += n
			code, next := p.rowCode(a, k, b)
			if next < 0 {
				for k < b && s[k] == '`' {
					k++
				}
				continue
			}
			if from < k {
				split(from, k)
			}
			value := s[code[0]:code[1]]
			delim := strings.Repeat("`", longestTicks(value)+1)
			pad := ""
			if len(delim) > 1 {
				pad = " "
			}
			last().b.made(delim+pad, in.v.span(k, code[0]))
			last().b.add(in.v, code[0], code[1])
			last().b.made(pad+delim, in.v.span(code[1], next))
			k, from = next, next
		}
		if from < b {
			split(from, b)
		}
	}
	for a := i; ; {
		open, close := codeElement(s, a, end)
		if open < 0 {
			part(a, end)
			break
		}
		part(a, open)
		last().b.add(in.v, open, close)
		a = close
		if a == end {
			break
		}
	}
	views := make([]view, len(cells))
	for k, c := range cells {
		views[k] = c.b.view()
	}
	p.cells(row, views, leading)
	return row
}

// plainRow reads a row without code and escaped bars.
func (p *parser) plainRow(row *Node, i, end int, leading bool) {
	v := p.in.v
	var views []view
	for i <= end {
		n := strings.IndexByte(v.s[i:end], '|')
		if n < 0 {
			n = end - i
		}
		views = append(views, v.slice(i, i+n))
		i += n + 1
	}
	p.cells(row, views, leading)
}

func (p *parser) cells(row *Node, views []view, leading bool) {
	if leading && len(views) > 0 && strip(views[0].s) == "" {
		views = views[1:]
	}
	if n := len(views); n > 0 && strip(views[n-1].s) == "" {
		views = views[:n-1]
	}
	for _, v := range views {
		to := rstrip(v.s, 0, len(v.s))
		from := lstrip(v.s, 0, to)
		cell := p.at(TableCell, v, from, to)
		cell.Inner = cell.Span
		p.addRaw(cell, v, from, to)
		row.Children = append(row.Children, cell)
	}
}

// rowCode matches the code span at k; the text around it begins at a. It
// returns the place of its content and the offset behind it, or -1.
func (p *parser) rowCode(a, k, b int) ([2]int, int) {
	s := p.in.s
	n := 1
	for k+n < b && s[k+n] == '`' {
		n++
	}
	from := k + n
	if n == 1 && (k == a || isSpace(s[k-1])) && from < b && isSpace(s[from]) {
		return [2]int{}, -1
	}
	m := strings.Index(s[from:b], s[k:from])
	if m < 0 {
		return [2]int{}, -1
	}
	to := from + m
	next := to + n
	if n > 1 {
		if from < to && s[from] == ' ' {
			from++
		}
		if from < to && s[to-1] == ' ' {
			to--
		}
	}
	return [2]int{from, to}, next
}

func longestTicks(s string) int {
	longest, n := 0, 0
	for _, c := range []byte(s) {
		if c != '`' {
			n = 0
			continue
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

// codeElement finds <code…>…</code>.
func codeElement(s string, i, end int) (from, to int) {
	n := strings.Index(s[i:end], "<code")
	if n < 0 {
		return -1, -1
	}
	from = i + n
	gt := strings.IndexByte(s[from:end], '>')
	if gt < 0 {
		return -1, -1
	}
	close := strings.Index(s[from+gt+1:end], "</code>")
	if close < 0 {
		return -1, -1
	}
	return from, from + gt + 1 + close + len("</code>")
}

// pipesOutside reports whether each line of a table has a bar that is in no code
// span, as kramdown decides it.
func (p *parser) pipesOutside(start, end int) bool {
	saved, native := p.spanState, p.o.HTMLToNative
	p.o.HTMLToNative = false
	kids := p.spansOf(p.in.v.slice(start, end), rawNode, codeTags)
	budget := p.budget
	p.spanState, p.o.HTMLToNative = saved, native
	p.budget = budget
	onLine := false
	for _, n := range kids {
		if n.Value == "" {
			continue
		}
		lines := strings.Split(strings.TrimRight(n.Value, "\n"), "\n")
		if strings.TrimRight(n.Value, "\n") == "" {
			lines = nil
		}
		if n.Kind == CodeSpan {
			if len(lines) > 2 || len(lines) == 2 && !onLine {
				break
			}
			if len(lines) == 2 {
				onLine = false
			}
			continue
		}
		if len(lines) > 1 && !onLine && !pipeCheck(lines[0], 0, len(lines[0])) {
			break
		}
		if len(lines) > 1 {
			onLine = false
		}
		if len(lines) > 0 {
			last := lines[len(lines)-1]
			onLine = onLine || pipeCheck(last, 0, len(last))
		}
	}
	return onLine
}
