package kramdown

import (
	"strings"
	"unicode/utf8"
)

// autolink reads <https://…> and <a@b.c>.
func (p *parser) autolink(f *frame, i int) bool {
	s := p.ss
	from := i + 1
	scheme := 0
	for _, x := range [...]string{"mailto:", "https:", "http:", "ftps:", "ftp:"} {
		if strings.HasPrefix(s[from:], x) {
			scheme = len(x)
			break
		}
	}
	end := -1
	if scheme > 0 && from+scheme+1 < len(s) {
		end = p.tagEnd.next(s, ">", from+scheme+1)
		if end > 0 && strings.IndexByte(s[from:end], '\n') >= 0 {
			end = -1
		}
	}
	mail := false
	if end < 0 {
		scheme = 0
		if end = mailAddress(s, from); end < 0 {
			return false
		}
		mail = true
	}
	el := p.at(Link, p.sv, i, end+1)
	href := s[from:end]
	if mail {
		href = "mailto:" + href
	}
	el.Attr = append(el.Attr, Attr{"href", href, p.sv.span(from, end)})
	label := from
	if strings.HasPrefix(s[from:end], "mailto:") {
		label += len("mailto:")
	}
	el.Inner = p.sv.span(label, end)
	if label < end {
		el.Children = []*Node{p.textNode(p.sv, label, end)}
	}
	p.sp = end + 1
	p.child(f, el)
	return true
}

// mailAddress returns the offset of the > behind an address at i, or -1.
func mailAddress(s string, i int) int {
	at := 0
	for j := i; j < len(s); {
		r, size := utf8.DecodeRuneInString(s[j:])
		switch {
		case r == '@' && at == 0 && j > i:
			at = j
		case r == '>' && at > 0 && j > at+1:
			return j
		case !isAlnum(r) && r != '-' && r != '_' && r != '.':
			return -1
		}
		j += size
	}
	return -1
}

// footnoteMarker reads [^name].
func (p *parser) footnoteMarker(f *frame, i int) bool {
	s := p.ss
	if i+2 >= len(s) || s[i+1] != '^' {
		return false
	}
	end := idName(s, i+2)
	if end < 0 || end >= len(s) || s[end] != ']' {
		return false
	}
	note := p.notes[s[i+2:end]]
	p.t.Markers = append(p.t.Markers, Marker{s[i+2 : end], p.sv.span(i+2, end), p.sv.span(i, end+1), note})
	p.sp = end + 1
	if note == nil {
		p.text(f, i, end+1)
		return true
	}
	note.marked = true
	el := p.at(FootnoteMarker, p.sv, i, end+1)
	el.Value = note.Name
	el.Inner = p.sv.span(i+2, end)
	el.ext().note = note
	if note.eob.x.ial != nil {
		el.x.ial = note.eob.x.ial
	}
	p.child(f, el)
	return true
}

// link reads a link or an image whose text begins n bytes behind i.
func (p *parser) link(f *frame, i, n int) {
	s := p.ss
	from := i + n
	kind := Link
	if n == 2 {
		kind = Image
	}
	// The last bracket of the text bounds all attempts.
	if kind == Link && p.inLink > 0 || (!p.switches || p.tried) && p.bracket.next(s, "]", from) < 0 || p.hasFailed(i, 0) {
		p.text(f, i, from)
		p.sp = from
		return
	}
	g := p.open(kind)
	g.stop, g.count = stopBracket, 1
	markers, missing := len(p.t.Markers), len(p.t.Missing)
	began := p.work
	p.inLink++
	p.spanDepth++
	p.sp = from
	found := p.spans(&g)
	p.inLink--
	p.spanDepth--
	if found {
		to := p.sp
		if el := p.target(kind, i, from, to); el != nil {
			if kind == Image { // its text becomes an attribute as it is written
				p.drop(&g)
				p.t.Markers, p.t.Missing = p.t.Markers[:markers], p.t.Missing[:missing]
			} else {
				el.Children = p.take(&g)
			}
			p.child(f, el)
			return
		}
	}
	p.tried = p.tried || !found
	p.fail(i, 0)
	p.waste(began, max(p.sp-i-64, 0))
	p.drop(&g)
	p.t.Markers, p.t.Missing = p.t.Markers[:markers], p.t.Missing[:missing]
	if found {
		p.missing(i, from, p.bracketEnd)
	}
	p.text(f, i, from)
	p.sp = from
}

// target reads what stands behind the text of a link: [name], (url "title"), or
// nothing. It returns nil if that is no link.
func (p *parser) target(kind Kind, i, from, to int) *Node {
	s := p.ss
	p.bracketEnd = to
	behind := to + 1
	p.sp = behind
	id, next, isID := inlineID(s, behind)
	if isID || behind >= len(s) || s[behind] != '(' {
		name := [2]int{from, to}
		if isID && id[1] > id[0] {
			name = id
		}
		end := behind
		if isID {
			end = next
		}
		def := p.definitionOf(s[name[0]:name[1]], name == [2]int{from, to})
		if def == nil {
			return nil
		}
		el := p.newLink(kind, i, from, to, end)
		el.ext().def, el.x.ref = def, p.sv.span(name[0], name[1])
		p.setTarget(el, from, to, Attr{Value: def.URL, Span: def.URLSpan}, def.title(), def.eob)
		return el
	}
	if strings.HasPrefix(s[behind:], "(<") {
		eol := strings.IndexByte(s[behind:], '\n')
		if eol < 0 {
			eol = len(s) - behind
		}
		if n := strings.IndexByte(s[behind:behind+eol], '>'); n > 0 {
			a, b := behind+2, behind+n
			if b+1 < len(s) && s[b+1] == ')' {
				el := p.newLink(kind, i, from, to, b+2)
				p.setTarget(el, from, to, p.attr(a, b), nil, nil)
				return el
			}
			return p.titled(kind, i, from, to, a, b, b+1)
		}
	}
	depth, j, last := 0, behind, 0
scan:
	for ; j < len(s); j++ {
		switch c := s[j]; {
		case c == '(':
			depth++
			last = j + 1
		case c == ')':
			depth--
			last = j + 1
			if depth == 0 {
				break scan
			}
		case isSpace(c) && j+1 < len(s) && (s[j+1] == '"' || s[j+1] == '\''):
			last = j + 1
			break scan
		}
	}
	p.sp = min(j, len(s))
	a, b := behind+1, max(last-1, behind+1)
	b = rstrip(s, a, b)
	a = lstrip(s, a, b)
	if depth == 0 {
		el := p.newLink(kind, i, from, to, last)
		p.setTarget(el, from, to, p.attr(a, b), nil, nil)
		return el
	}
	return p.titled(kind, i, from, to, a, b, last)
}

// titled reads the title and the closing parenthesis at j.
func (p *parser) titled(kind Kind, i, from, to, a, b, j int) *Node {
	s := p.ss
	j = skipSpace(s, j)
	if j >= len(s) || s[j] != '"' && s[j] != '\'' {
		return nil
	}
	for k := j + 2; k < len(s); k++ {
		if s[k] != s[j] {
			continue
		}
		if e := skipSpace(s, k+1); e < len(s) && s[e] == ')' {
			el := p.newLink(kind, i, from, to, e+1)
			title := p.attr(j+1, k)
			p.setTarget(el, from, to, p.attr(a, b), &title, nil)
			return el
		}
	}
	p.sp = len(s)
	return nil
}

func (p *parser) newLink(kind Kind, i, from, to, end int) *Node {
	el := p.at(kind, p.sv, i, end)
	el.Inner = p.sv.span(from, to)
	p.sp = end
	return el
}

// setTarget sets the attributes of a link: first those that an IAL below its
// definition gives.
func (p *parser) setTarget(el *Node, from, to int, url Attr, title *Attr, eob *Node) {
	if eob != nil && eob.x.ial != nil {
		el.ext().ial = eob.x.ial
		el.Attr = p.apply(el.Attr, eob.x.ial, 0)
	}
	if el.Kind == Link {
		url.Name = "href"
		el.Attr = setAttr(el.Attr, url, false)
	} else {
		url.Name = "src"
		el.Attr = setAttr(el.Attr, url, false)
		el.Attr = setAttr(el.Attr, Attr{"alt", p.unescape(p.ss[from:to]), p.sv.span(from, to)}, false)
	}
	if title != nil {
		title.Name = "title"
		el.Attr = setAttr(el.Attr, *title, false)
	}
}

// attr returns bytes i to j as the value of an attribute.
func (p *parser) attr(i, j int) Attr { return Attr{Value: p.ss[i:j], Span: p.sv.span(i, j)} }

// title returns the title of a definition, nil where it has none.
func (d *LinkDef) title() *Attr {
	if !d.titled {
		return nil
	}
	return &Attr{Value: d.Title, Span: d.TitleSpan}
}

// unescape takes the backslashes from a link's text, as the input kramdown has
// them whichever is read.
func (p *parser) unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] != '~' && p.escapable(s[i+1]) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// inlineID matches \s*?\[([^\]]+)?\].
func inlineID(s string, i int) (id [2]int, end int, ok bool) {
	i = skipSpace(s, i)
	if i >= len(s) || s[i] != '[' {
		return id, 0, false
	}
	n := strings.IndexByte(s[i:], ']')
	if n < 0 {
		return id, 0, false
	}
	return [2]int{i + 1, i + n}, i + n + 1, true
}

// definitionOf finds the link definition of a name, which is a link's own text
// where there is no other.
func (p *parser) definitionOf(name string, isText bool) *LinkDef {
	if len(p.defs) == 0 {
		return nil
	}
	if isText {
		name = p.unescape(name)
	}
	return p.defs[linkID(name)]
}

// missing notes a reference link without a definition.
func (p *parser) missing(i, from, to int) {
	s := p.ss
	id, end, isID := inlineID(s, to+1)
	m := MissingLink{Shortcut: true}
	name := [2]int{from, to}
	switch {
	case isID:
		m.Shortcut = false
		if id[1] > id[0] {
			name = id
		}
	case to+1 < len(s) && s[to+1] == '(':
		return
	default:
		end = to + 1
	}
	m.Name = linkID(s[name[0]:name[1]])
	if strings.IndexByte(m.Name, ']') >= 0 {
		return // no definition can have such a name
	}
	if k := len(p.t.Missing) - 1; k >= 0 && !p.t.Missing[k].Shortcut && p.t.Missing[k].NameSpan.Start == p.sv.start(i)+1 {
		return // the [name] of a link that is missing already
	}
	m.NameSpan = p.sv.span(name[0], name[1])
	m.Span = p.sv.span(i, end)
	p.t.Missing = append(p.t.Missing, m)
}
