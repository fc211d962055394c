package kramdown

import (
	"strings"
)

// footnoteDef reads [^name]: …
func (p *parser) footnoteDef() bool {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	if !strings.HasPrefix(s[open:], "[^") {
		return false
	}
	name := idName(s, open+2)
	if name < 0 || !strings.HasPrefix(s[name:], "]:") {
		return false
	}
	from := name + 2
	end := p.indentedEnd(lineEnd(s, from))
	b := &builder{}
	for i := from; i < end; {
		j := lineEnd(s, i)
		b.add(in.v, unindent(s, i), j)
		i = j
	}
	in.pos = end
	note := &Footnote{
		Name:     s[open+2 : name],
		NameSpan: in.v.span(open+2, name),
		Span:     in.v.span(open, end),
		Node:     p.at(Root, in.v, from, end),
	}
	p.within(b.view(), func() { p.blocks(note.Node) })
	note.eob = p.eob("footnote_def", start, end)
	if p.notes == nil {
		p.notes = map[string]*Footnote{}
	}
	if old := p.notes[note.Name]; old != nil {
		old.Replaced = true
		for k, f := range p.noteOrder {
			if f == old {
				p.noteOrder[k] = note
			}
		}
	} else {
		p.noteOrder = append(p.noteOrder, note)
	}
	p.notes[note.Name] = note
	p.t.Footnotes = append(p.t.Footnotes, note)
	return true
}

// LinkName returns the name of a link definition as kramdown compares it: lower
// case, blanks folded.
func LinkName(s string) string { return linkID(s) }

// linkID is how kramdown compares the names of link definitions.
func linkID(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || isSpace(c) && (c != ' ' || i > 0 && s[i-1] == ' ') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if isSpace(s[i]) {
			b.WriteByte(' ')
			i = skipSpace(s, i)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return downcase(b.String())
}

// downcase is Ruby's: it differs from Go's in one letter.
func downcase(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, "İ", "i\u0307"))
}

// linkDef reads [name]: url "title".
func (p *parser) linkDef() bool {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	if s[open] != '[' {
		return false
	}
	close := open + 1
	for close < len(s) && s[close] != ']' && s[close] != '\n' {
		close++
	}
	if close == open+1 || !strings.HasPrefix(s[close:], "]:") {
		return false
	}
	d, end, ok := matchTarget(s, close+2)
	if !ok {
		return false
	}
	if !d.angle && blankQuote(s[d.from:d.to]) {
		return false
	}
	in.pos = end
	def := &LinkDef{
		Name:     linkID(s[open+1 : close]),
		URL:      s[d.from:d.to],
		Span:     in.v.span(open, end),
		NameSpan: in.v.span(open+1, close),
		URLSpan:  in.v.span(d.from, d.to),
	}
	if d.title[1] > 0 {
		def.Title, def.titled = s[d.title[0]:d.title[1]], true
		def.TitleSpan = in.v.span(d.title[0], d.title[1])
	}
	def.eob = p.eob("link_def", start, end)
	if old := p.defs[def.Name]; old != nil {
		old.Duplicate = true
	}
	p.define(def)
	p.t.LinkDefs = append(p.t.LinkDefs, def)
	return true
}

func (p *parser) define(def *LinkDef) {
	if p.defs == nil {
		p.defs = map[string]*LinkDef{}
	}
	p.defs[def.Name] = def
}

// predefined takes over the option link_defs.
func (p *parser) predefined() {
	for name, def := range p.o.LinkDefs {
		p.define(&LinkDef{Name: linkID(name), URL: def[0], Title: def[1], titled: def[1] != ""})
	}
}

// blankQuote matches [ \t]+["'].
func blankQuote(s string) bool {
	for i := 1; i < len(s); i++ {
		if (s[i] == '"' || s[i] == '\'') && isBlank(s[i-1]) {
			return true
		}
	}
	return false
}

// A target is what a link definition points to.
type target struct {
	angle    bool // <url>
	from, to int
	title    [2]int
}

// matchTarget reads the target of a link definition at i and returns the offset
// behind its line.
func matchTarget(s string, i int) (t target, end int, ok bool) {
	i = skipBlank(s, i)
	if i >= len(s) || s[i] == '\n' {
		return t, 0, false
	}
	eol := lineEnd(s, i)
	if s[i] == '<' {
		for close := i + 1; close < eol; close++ {
			if s[close] != '>' {
				continue
			}
			if title, end, ok := matchTitle(s, close+1); ok {
				return target{true, i + 1, close, title}, end, true
			}
			if end := skipBlank(s, close+1); end < len(s) && s[end] == '\n' {
				return target{true, i + 1, close, [2]int{}}, end + 1, true
			}
		}
	}
	first := skipSpace(s, i)
	if first >= eol {
		return t, 0, false
	}
	stop := eol - 1
	for stop > i && isBlank(s[stop-1]) {
		stop--
	}
	for e := first + 1; e < stop; e++ {
		if !isBlank(s[e]) {
			continue
		}
		if title, end, ok := matchTitle(s, e); ok {
			return target{false, i, e, title}, end, true
		}
		e = skipBlank(s, e) - 1
	}
	if title, end, ok := matchTitle(s, stop); ok {
		return target{false, i, stop, title}, end, true
	}
	if eol > len(s) || s[eol-1] != '\n' {
		return t, 0, false
	}
	return target{false, i, stop, [2]int{}}, eol, true
}

// matchTitle reads a title behind the URL, on its line or the next one.
func matchTitle(s string, i int) (title [2]int, end int, ok bool) {
	j := skipBlank(s, i)
	if j < len(s) && s[j] == '\n' {
		j = skipBlank(s, j+1)
	} else if j == i {
		return title, 0, false
	}
	if j >= len(s) || s[j] != '"' && s[j] != '\'' {
		return title, 0, false
	}
	// The last quote of the line closes it, as nothing may follow.
	eol := lineEnd(s, j)
	for k := j + 2; k < eol; k++ {
		if s[k] == s[j] {
			if e := skipBlank(s, k+1); e < len(s) && s[e] == '\n' {
				return [2]int{j + 1, k}, e + 1, true
			}
		}
	}
	return title, 0, false
}
