package kramdown

import "strings"

// headCell is the kind of a <th> until its table is known to be kramdown's.
const headCell = Unknown

func isCell(n *Node) bool {
	return n.Kind == HTMLElement && (n.Value == "th" || n.Value == "td")
}

// nativeTable converts a table that kramdown's syntax could express.
func (p *parser) nativeTable(el *Node) {
	if cells, simple := simpleTable(el); !simple || cells == 0 && p.v25 {
		p.keepHTML(el, false, false)
		return
	}
	kept := el.Children[:0:0]
	for _, c := range el.Children {
		if c.Kind != Text {
			kept = append(kept, c)
		}
	}
	el.Children = kept
	p.nativeChildren(el, true, false)
	el.become(Table)
	var align func(n *Node)
	align = func(n *Node) {
		if n.Kind != TableRow {
			for _, c := range n.Children {
				align(c)
			}
			return
		}
		el.ext().align = nil
		for _, cell := range n.Children {
			side := byte('d')
			if style, ok := cell.Get("style"); ok {
				from, to, s := cellAlign(style.Value)
				if to > 0 {
					side = s
					style.Value = style.Value[:from] + style.Value[to:]
				}
				if strip(style.Value) == "" {
					cell.Attr, _, _ = dropAttr(cell.Attr, "style")
				} else {
					cell.Attr = setAttr(cell.Attr, style, false)
				}
			}
			el.x.align = append(el.x.align, side)
		}
	}
	align(el)
	kept = el.Children[:0:0]
	for _, c := range el.Children {
		if c.Kind != HTMLElement {
			kept = append(kept, c)
		}
	}
	el.Children = kept
	var heads func(n *Node)
	heads = func(n *Node) {
		for _, c := range n.Children {
			if c.Kind == headCell {
				c.Kind = TableCell
				continue
			}
			heads(c)
		}
	}
	heads(el)
	if len(el.Children) > 0 && el.Children[0].Kind == TableRow {
		body := p.node(TableBody, el.Span.Start, el.Span.End)
		body.Children = el.Children
		el.Children = []*Node{body}
	}
}

// cellAlign finds (;\s*)?text-align:\s+(left|center|right) in a style.
func cellAlign(s string) (from, to int, side byte) {
	i := strings.Index(s, "text-align:")
	for i >= 0 {
		j := skipSpace(s, i+len("text-align:"))
		if j > i+len("text-align:") {
			for _, name := range [...]string{"center", "left", "right"} {
				if strings.HasPrefix(s[j:], name) {
					from = i
					for from > 0 && isSpace(s[from-1]) {
						from--
					}
					if from > 0 && s[from-1] == ';' {
						from--
					} else {
						from = i
					}
					return from, j + len(name), name[0]
				}
			}
		}
		n := strings.Index(s[i+1:], "text-align:")
		if n < 0 {
			break
		}
		i += n + 1
	}
	return 0, 0, 0
}

// simpleTable reports whether kramdown's syntax could express a table: only
// text in its cells, rows of one length and one alignment, and nothing else. It
// returns the number of cells in a row too.
func simpleTable(el *Node) (cells int, simple bool) {
	simple = true
	first := ""
	var inCell, below func(n *Node)
	inCell = func(n *Node) {
		for _, c := range n.Children {
			if c.Kind != Text && c.Kind == HTMLElement && tagClasses[c.Value]&blockTag != 0 {
				simple = false
			}
			inCell(c)
		}
	}
	below = func(n *Node) {
		if isCell(n) {
			inCell(n)
		}
		if n.Kind == HTMLElement && n.Value == "tr" {
			count, sides := 0, ""
			for _, c := range n.Children {
				if !isCell(c) {
					continue
				}
				count++
				style, _ := c.Get("style")
				if strings.Contains(style.Value, "text-align:") {
					if _, to, side := cellAlign(style.Value); to > 0 {
						sides += string(side)
						continue
					}
					for _, name := range [...]string{"justify", "inherit"} {
						simple = simple && !strings.Contains(style.Value, name)
					}
				}
				sides += "d"
			}
			if cells == 0 {
				cells, first = count, sides
			}
			simple = simple && count == cells && sides == first
		}
		if !isCell(n) {
			for _, c := range n.Children {
				below(c)
			}
		}
	}
	below(el)
	if !simple {
		return cells, false
	}
	rows := func(t *Node, cell string) bool {
		for _, r := range t.Children {
			if r.Kind == Text {
				continue
			}
			if r.Value != "tr" {
				return false
			}
			for _, c := range r.Children {
				if c.Kind != Text && c.Value != cell {
					return false
				}
			}
		}
		return true
	}
	if rows(el, "td") {
		return cells, true
	}
	body := false
	for _, t := range el.Children {
		switch {
		case t.Kind == Text:
		case t.Value == "thead" && rows(t, "th"):
		case (t.Value == "tfoot" || t.Value == "tbody") && rows(t, "td"):
			body = body || t.Value == "tbody"
		default:
			return cells, false
		}
	}
	return cells, body
}
