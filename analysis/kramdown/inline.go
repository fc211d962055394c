package kramdown

import (
	"strings"
)

// codeSpan reads `…`.
func (p *parser) codeSpan(f *frame, i int) {
	s := p.ss
	n := 1
	for i+n < len(s) && s[i+n] == '`' {
		n++
	}
	from := i + n
	p.sp = from
	if n == 1 && (i == 0 || isSpace(s[i-1])) && from < len(s) && isSpace(s[from]) {
		p.text(f, i, from)
		return
	}
	close := -1
	if n == 1 {
		close = p.tick.next(s, "`", from)
	} else if at, ok := p.unticked[n]; !ok || from < at {
		if k := strings.Index(s[from:], s[i:from]); k >= 0 {
			close = from + k
		} else {
			if p.unticked == nil {
				p.unticked = map[int]int{}
			}
			p.unticked[n] = from
		}
	}
	if close < 0 {
		p.text(f, i, from)
		return
	}
	to := close
	if n > 1 {
		if from < to && s[from] == ' ' {
			from++
		}
		if from < to && s[to-1] == ' ' {
			to--
		}
	}
	el := p.at(CodeSpan, p.sv, i, close+n)
	p.value(el, p.sv, from, to)
	p.sp = close + n
	p.child(f, el)
}

// math reads $$…$$ in a line.
func (p *parser) math(f *frame, i int) bool {
	s := p.ss
	if !strings.HasPrefix(s[i:], "$$") {
		return false
	}
	close := p.dollar.next(s, "$$", i+2)
	if close < 0 {
		return false
	}
	stop := rstrip(s, i+2, close)
	el := p.at(MathSpan, p.sv, i, close+2)
	p.value(el, p.sv, lstrip(s, i+2, stop), stop)
	p.sp = close + 2
	p.child(f, el)
	return true
}

// reference reads a character reference.
func (p *parser) reference(f *frame, i int) bool {
	s := p.ss
	r, ok := matchReference(s, i)
	if !ok {
		return false
	}
	el := p.at(Entity, p.sv, i, r.end)
	p.sp = r.end
	e, known := p.o.referred(r)
	if !known {
		e, _ = entityByName("amp")
		el.Span.End = el.Span.Start + 1
		el.ext().ent = e
		p.child(f, el)
		p.text(f, i+1, r.end)
		return true
	}
	el.Value = s[i:r.end]
	el.ext().ent = e
	p.child(f, el)
	return true
}

// symbol reads a typographic symbol.
func (p *parser) symbol(f *frame, i int) bool {
	s := p.ss[i:]
	name, n := "", 0
	switch {
	case strings.HasPrefix(s, "---"):
		name, n = "mdash", 3
	case strings.HasPrefix(s, "--"):
		name, n = "ndash", 2
	case strings.HasPrefix(s, "..."):
		name, n = "hellip", 3
	case strings.HasPrefix(s, `\<<`), strings.HasPrefix(s, `\>>`):
		name := "lt"
		if s[1] == '>' {
			name = "gt"
		}
		for k := range 2 {
			from := i + k*(k+1)
			el := p.at(Entity, p.sv, from, i+2+k)
			el.ext().ent, _ = entityByName(name)
			p.child(f, el)
		}
		p.sp = i + 3
		return true
	case strings.HasPrefix(s, "<< "):
		name, n = "laquo_space", 3
	case strings.HasPrefix(s, " >>"):
		name, n = "raquo_space", 3
	case strings.HasPrefix(s, "<<"):
		name, n = "laquo", 2
	case strings.HasPrefix(s, ">>"):
		name, n = "raquo", 2
	default:
		return false
	}
	el := p.at(Symbol, p.sv, i, i+n)
	el.Value = name
	p.sp = i + n
	p.child(f, el)
	return true
}

// strikethrough reads GFM's ~~…~~. The text within is read on its own.
func (p *parser) strikethrough(f *frame, i int) bool {
	s := p.ss
	if i+3 >= len(s) || s[i+1] != '~' || isSpace(s[i+2]) || s[i+2] == '~' || p.spanDepth > maxDepth {
		return false
	}
	close := -1
	for k := i + 3; ; {
		n := strings.Index(s[k:], "~~")
		if n < 0 {
			return false
		}
		k += n
		if !isSpace(s[k-1]) && s[k-1] != '~' {
			close = k
			break
		}
		k++
		if p.budget--; p.budget < 0 {
			return false
		}
	}
	el := p.at(HTMLElement, p.sv, i, close+2)
	el.Value = "del"
	el.Inner = p.sv.span(i+2, close)
	saved := p.spanState
	p.startSpans(p.sv.slice(i+2, close))
	p.spanDepth = saved.spanDepth + 1
	g := p.open(HTMLElement)
	p.spans(&g)
	p.release()
	el.Children = p.take(&g)
	saved.kids, saved.bytes, saved.runs, saved.marks, saved.budget = p.kids, p.bytes, p.runs, p.marks, p.budget
	p.spanState = saved
	p.sp = close + 2
	p.child(f, el)
	return true
}

// spanExtension reads {: …} or {::name …} in a line.
func (p *parser) spanExtension(f *frame, i int) {
	s := p.ss
	if tag, ok := matchExtension(s, i, &p.brace); ok {
		if !tag.stop && p.extensionSpan(f, tag, i) {
			return
		}
		p.letter(f, i)
		return
	}
	close := braces(s, i+2, p.brace.next(s, "}", i+2), func(int) bool { return true })
	if close < 0 || f.lastIsText(p) || len(p.kids) == f.kids {
		p.letter(f, i)
		return
	}
	l := &ial{}
	p.attributes(p.sv, i+2, close, l)
	el := p.kids[len(p.kids)-1]
	to := el.list() // that of its link definition, if that has one: other links get it too
	to.refs = append(to.refs, l.refs...)
	for _, a := range l.attrs {
		to.attrs = setAttr(to.attrs, a, true)
	}
	el.Attr = p.apply(el.Attr, l, 0)
	el.Span.End = max(el.Span.End, p.sv.end(close+1))
	p.sp = close + 1
}

func (p *parser) extensionSpan(f *frame, tag extension, i int) bool {
	s := p.ss
	from, to, end := tag.end, -1, tag.end
	if p.budget < 0 {
		return false
	}
	if !tag.closed {
		for k := from; ; {
			n := strings.Index(s[k:], "{:/")
			if n < 0 {
				p.budget -= len(s) - from
				return false
			}
			k += n
			if stop := matchStop(s, k, tag.name); stop > 0 {
				to, end = k, stop
				break
			}
			k += 3
		}
	}
	n := p.extend(tag, p.sv, from, to, false)
	if n == nil {
		return false
	}
	p.sp = end
	n.Span = p.sv.span(i, end)
	if to >= 0 && tag.name != "options" {
		p.child(f, n)
	}
	return true
}
