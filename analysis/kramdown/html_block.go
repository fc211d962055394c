package kramdown

import (
	"slices"
	"strings"
)

// blockHTML reads a comment, an element or an end tag that begins a line. It
// reports whether it did, and whether that was the end tag of p.tree.
func (p *parser) blockHTML() (done, stop bool) {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	if open == start && strings.HasPrefix(s[start:], "<!--") {
		if close := in.comment.next(s, "-->", start+4); close > 0 {
			n := p.at(XMLComment, in.v, start, close+3)
			n.flags |= block
			p.value(n, in.v, start, close+3)
			p.tree.Children = append(p.tree.Children, n)
			in.pos = close + 3
			p.trailing()
			return true, false
		}
	}
	if t, ok := matchTag(s, open); ok && p.tags[downcase(t.name)]&spanTag == 0 {
		p.startTag(t, open)
		if p.o.HTMLToNative {
			p.native(p.tree.last(), true, false, nil)
		}
		return true, false
	}
	if name, end := matchClose(s, open); end > 0 && p.tags[downcase(name)]&spanTag == 0 {
		if p.tree.Kind == HTMLElement && p.tree.Value == downcase(name) {
			in.pos = end
			return true, true
		}
	}
	return false, false
}

// trailing skips the white space that ends a line.
func (p *parser) trailing() {
	if i := skipBlank(p.in.s, p.in.pos); i < len(p.in.s) && p.in.s[i] == '\n' {
		p.in.pos = i + 1
	}
}

// startTag reads the element whose start tag is t, at offset open.
func (p *parser) startTag(t tag, open int) {
	in := p.in
	in.pos = t.end
	el := p.at(HTMLElement, in.v, open, t.end)
	name, class := p.tagName(t.name)
	el.Value = name
	el.Attr = tagAttrs(in.v, t, class != 0)
	el.flags |= block
	p.tree.Children = append(p.tree.Children, el)
	if name == "script" || name == "style" {
		from := in.pos
		close := p.elementEnd(name)
		if close > from {
			raw := p.at(RawHTML, in.v, from, close)
			p.value(raw, in.v, from, close)
			el.Children = append(el.Children, raw)
		}
		p.element(el, class, false, false)
	} else {
		p.element(el, class, t.closed || class&voidTag != 0, true)
	}
}

// elementEnd moves behind the end tag of an element whose content is not read,
// and returns where its content ends.
func (p *parser) elementEnd(name string) int {
	in := p.in
	key := "</" + name
	if at, ok := in.unclosed[key]; !ok || at > in.pos {
		if close := findClose(in.s, in.pos, name, true); close >= 0 {
			_, in.pos = matchClose(in.s, close)
			return close
		}
		if in.unclosed == nil {
			in.unclosed = map[string]int{}
		}
		in.unclosed[key] = in.pos
	}
	in.pos = len(in.s)
	return in.pos
}

// element reads the content of an HTML element as its attribute markdown, the
// options and its parent have it.
func (p *parser) element(el *Node, class tagClass, isClosed, hasBody bool) {
	in := p.in
	if p.ial != nil {
		el.ext().ial = p.ial
		p.ial = nil
	}
	rawParent := p.tree.Kind == HTMLElement && p.tree.model == modelRaw
	el.model = modelRaw
	if p.o.ParseBlockHTML && !rawParent {
		el.model = class.holds()
	}
	var how string
	el.Attr, how, _ = dropAttr(el.Attr, "markdown")
	switch how {
	case "0":
		el.model = modelRaw
	case "1":
		el.model = class.holds()
	case "span":
		el.model = modelSpan
	case "block":
		el.model = modelBlock
	}
	if el.model == modelBlock {
		p.trailing()
	}
	if isClosed {
		el.flags |= closed
	}
	if !isClosed && hasBody {
		from := in.pos
		switch el.model {
		case modelBlock:
			p.blocks(el)
		case modelSpan:
			close := p.elementEnd(el.Value)
			p.addRaw(el, in.v, from, close)
		default:
			p.rawHTML(el)
		}
		el.Span.End = max(el.Span.End, in.v.end(in.pos))
		if !rawParent {
			p.trailing()
		}
		return
	}
	el.Span.End = max(el.Span.End, in.v.end(in.pos))
}

// rawHTML reads elements and text up to the end tag of el. Text is kept as it
// is, but what is not HTML is escaped later.
func (p *parser) rawHTML(el *Node) {
	in := p.in
	s := in.s
	tree := p.tree
	p.tree = el
	p.depth++
	from := in.pos // of text that is not added yet
	var section *Node
	flush := func(end int) {
		if end > from && section != nil && el.last() == section { // to kramdown one text
			p.join(section, p.textNode(in.v, from, end))
		} else if end > from {
			el.Children = append(el.Children, p.textNode(in.v, from, end))
		}
	}
	for {
		n := strings.IndexByte(s[in.pos:], '<')
		if n < 0 {
			flush(len(s))
			in.pos = len(s)
			break
		}
		i := in.pos + n
		if strings.HasPrefix(s[i:], "<!--") {
			if close := in.comment.next(s, "-->", i+4); close > 0 {
				flush(i)
				c := p.at(XMLComment, in.v, i, close+3)
				c.flags |= block
				p.value(c, in.v, i, close+3)
				el.Children = append(el.Children, c)
				in.pos = close + 3
				from = in.pos
				continue
			}
		}
		if strings.HasPrefix(s[i:], "<?") {
			if close := in.pi.next(s, "?>", i+2); close > 0 {
				flush(i)
				c := p.at(XMLPI, in.v, i, close+2)
				c.flags |= block
				p.value(c, in.v, i, close+2)
				el.Children = append(el.Children, c)
				in.pos = close + 2
				from = in.pos
				continue
			}
		}
		if p.v25 && strings.HasPrefix(s[i:], cdataOpen) {
			start := i + len(cdataOpen)
			if close := in.cdata.next(s, cdataClose, start); close > 0 {
				flush(i)
				section = p.textNode(in.v, start, close)
				el.Children = append(el.Children, section)
				in.pos = close + len(cdataClose)
				from = in.pos
				continue
			}
		}
		if t, ok := matchTag(s, i); ok && p.depth <= maxDepth {
			flush(i)
			p.startTag(t, i)
			from = in.pos
			continue
		}
		if name, end := matchClose(s, i); end > 0 {
			if _, class := p.tagName(el.Value); class != 0 {
				name = downcase(name)
			}
			if name == el.Value {
				flush(i)
				in.pos = end
				break
			}
			in.pos = end
			continue
		}
		in.pos = i + 1
	}
	p.depth--
	p.tree = tree
}

// join appends the text n to the text to.
func (p *parser) join(to, n *Node) {
	var a, b [1]run
	runs := append(slices.Clone(p.t.origins(to, a[:0])), p.t.origins(n, b[:0])...)
	to.Value += n.Value
	to.Span.End = max(to.Span.End, n.Span.End)
	p.t.setRuns(to, runs)
}

// textNode returns a text of bytes i to j of v.
func (p *parser) textNode(v view, i, j int) *Node {
	n := p.at(Text, v, i, j)
	n.Value = v.s[i:j]
	if v.d.segs != nil {
		p.t.mapRuns(n, v, i, j)
	}
	return n
}
