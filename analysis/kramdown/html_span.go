package kramdown

import "strings"

// startsTag matches HTML_SPAN_START: <name, <!-- or </, and since 2.5 <![CDATA[.
func (p *parser) startsTag(s string, i int) bool {
	return strings.HasPrefix(s[i:], "</") || strings.HasPrefix(s[i:], "<!--") || ncname(s, i+1) > 0 ||
		p.v25 && strings.HasPrefix(s[i:], cdataOpen)
}

// A section <![CDATA[…]]> is text since kramdown 2.5.
const cdataOpen, cdataClose = "<![CDATA[", "]]>"

// spanHTML reads a comment or an element in a line.
func (p *parser) spanHTML(f *frame, i int) {
	s := p.ss
	if strings.HasPrefix(s[i:], "<!--") {
		if close := p.commentEnd.next(s, "-->", i+4); close > 0 {
			n := p.at(XMLComment, p.sv, i, close+3)
			p.value(n, p.sv, i, close+3)
			p.sp = close + 3
			p.child(f, n)
			return
		}
	}
	if p.v25 && strings.HasPrefix(s[i:], cdataOpen) {
		from := i + len(cdataOpen)
		if close := p.cdataEnd.next(s, cdataClose, from); close > 0 {
			p.verbatim(f, from, close)
			p.hardSeen = true // a backslash in front of a line end may be in it
			p.sp = close + len(cdataClose)
			return
		}
	}
	if _, end := matchClose(s, i); end > 0 {
		p.text(f, i, end)
		p.sp = end
		return
	}
	t, ok := matchTag(s, i)
	if !ok {
		p.letter(f, i)
		return
	}
	name, class := p.tagName(t.name)
	if class&blockTag != 0 || p.spanDepth > maxDepth {
		p.text(f, i, t.end)
		p.sp = t.end
		return
	}
	el := p.at(HTMLElement, p.sv, i, t.end)
	el.Value = name
	attrs := tagAttrs(p.sv, t, class != 0)
	for k := range attrs {
		attrs[k].Value = joinLines(attrs[k].Value)
	}
	parse := class.holds() != modelRaw && !f.raw && p.o.ParseSpanHTML
	var how string
	attrs, how, _ = dropAttr(attrs, "markdown")
	switch how {
	case "0":
		parse = false
	case "1":
		parse = class.holds() != modelRaw
	case "span":
		parse = true
	}
	el.Attr = attrs
	el.model = modelRaw
	if parse {
		el.model = modelSpan
	}
	if t.closed {
		el.flags |= closed
	}
	p.sp = t.end
	if !t.closed && class&voidTag == 0 {
		g := p.open(HTMLElement)
		g.raw, g.stop, g.delim, g.fold = !parse, stopTag, name, class != 0
		if !parse {
			g.which = onlyTags
		}
		p.spanDepth++
		found := p.spans(&g)
		p.spanDepth--
		el.Inner = p.sv.span(t.end, p.sp)
		if found {
			p.sp = isClose(s, p.sp, name, g.fold)
		} else {
			p.text(&g, p.sp, len(s))
			p.sp = len(s)
			el.Inner = p.sv.span(t.end, p.sp)
		}
		el.Children = p.take(&g)
		el.Span.End = max(el.Span.End, p.sv.end(p.sp))
	}
	p.child(f, el)
	if p.o.HTMLToNative {
		p.native(el, true, false, nil)
		if el.Kind == Image {
			f.images++
		}
	}
}

// verbatim appends bytes i to j of the input to the text of f, with character
// references in the place of what HTML would read.
func (p *parser) verbatim(f *frame, i, j int) {
	for i < j {
		n := strings.IndexAny(p.ss[i:j], "<>&")
		if n < 0 {
			p.text(f, i, j)
			return
		}
		p.text(f, i, i+n)
		i += n + 1
		p.made(f, escapeAllString(p.ss[i-1:i]), p.sv.span(i-1, i))
	}
}

// joinLines makes a blank of line ends.
func joinLines(s string) string {
	if strings.IndexByte(s, '\n') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\n' {
			b.WriteByte(s[i])
		} else if i == 0 || s[i-1] != '\n' {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
