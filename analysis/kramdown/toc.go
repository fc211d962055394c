package kramdown

import "slices"

// An entry is a heading in the table of contents.
type entry struct {
	header *Node
	below  []*entry
}

// contents writes the table of contents.
func (c *converter) contents() {
	var top []*entry
	var stack []*entry
	for _, h := range c.headers {
		e := &entry{header: h}
		for len(stack) > 0 && stack[len(stack)-1].header.Level >= h.Level {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			top = append(top, e)
		} else {
			last := stack[len(stack)-1]
			last.below = append(last.below, e)
		}
		stack = append(stack, e)
	}
	if len(top) == 0 {
		return
	}
	attrs := slices.Clone(c.toc.Attr)
	id, ok := c.toc.Get("id")
	if !ok {
		id.Value = "markdown-toc"
		attrs = append(attrs, Attr{Name: "id", Value: id.Value})
	}
	c.entries(top, attrs, id.Value, 0)
}

func (c *converter) entries(list []*entry, attrs []Attr, id string, indent int) {
	name := "ul"
	if c.toc.Kind == OrderedList {
		name = "ol"
	}
	src := c.toc.Span
	c.indent(indent, src)
	c.open(name, attrs, src, ">\n")
	for _, e := range list {
		h := e.header
		to, _ := h.Get("id")
		c.indent(indent+2, h.Span)
		c.made("<li>", h.Span)
		c.open("a", []Attr{{Name: "href", Value: "#" + to.Value}, {Name: "id", Value: id + "-" + to.Value}}, h.Span, ">")
		c.stack = append(c.stack, h)
		c.entryText(h.Children, indent+8) // li, p, a
		c.made(c.links[h], h.Span)        // of a heading that ends a footnote
		c.stack = c.stack[:len(c.stack)-1]
		c.made("</a>", h.Span)
		if len(e.below) > 0 {
			c.entries(e.below, nil, id, indent+4)
			c.indent(indent+2, h.Span)
		}
		c.made("</li>\n", h.Span)
	}
	c.indent(indent, src)
	c.close(name, src, "\n")
}

// entryText writes a heading's text without its links and footnotes.
func (c *converter) entryText(kids []*Node, indent int) {
	for _, n := range kids {
		switch n.Kind {
		case FootnoteMarker:
		case Link:
			c.entryText(n.Children, indent)
		default:
			m := *n
			m.Children = unlinked(n.Children)
			c.node(&m, indent)
		}
	}
}

// unlinked returns kids with links replaced by their text, and no footnotes.
func unlinked(kids []*Node) []*Node {
	var out []*Node
	for _, n := range kids {
		switch n.Kind {
		case FootnoteMarker:
		case Link:
			out = append(out, unlinked(n.Children)...)
		default:
			m := *n
			m.Children = unlinked(n.Children)
			out = append(out, &m)
		}
	}
	return out
}
