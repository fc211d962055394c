package kramdown

import (
	"strings"
	"unicode/utf8"
)

// gfmHash matches GFM's start of a heading and returns where its text begins,
// or -1.
func (p *parser) gfmHash(i int) int {
	s, n := p.in.s, 0
	for i < len(s) && s[i] == '#' && n < 6 {
		i, n = i+1, n+1
	}
	if n == 0 || i >= len(s) || !isBlank(s[i]) {
		return -1
	}
	return skipBlank(s, i)
}

// atxHeader reads a heading that begins with #.
func (p *parser) atxHeader() bool {
	in := p.in
	s, start := in.s, in.pos
	level := 0
	for level < 6 && start+level < len(s) && s[start+level] == '#' {
		level++
	}
	var from, end int
	if p.gfm {
		from = p.gfmHash(start)
		if from < 0 || !p.paragraphEnds && !p.afterBoundary() {
			return false
		}
		end = lineEnd(s, from)
	} else {
		if !p.afterBoundary() {
			return false
		}
		from = skipBlank(s, start+level)
		if from < len(s) && s[from] == '\n' {
			// The text may begin with the line end: [^ \t] matches it.
			if from+1 >= len(s) {
				return false
			}
			end = lineEnd(s, from+1)
		} else {
			end = lineEnd(s, from)
		}
	}
	stop, id := headerText(s, from, rstrip(s, from, end-1))
	hashes := stop
	for hashes > from && s[hashes-1] == '#' {
		hashes--
	}
	switch {
	case hashes == stop:
	case p.gfm && p.paragraphEnds:
		// [\t ]#+ at the end.
		if hashes > from && isBlank(s[hashes-1]) {
			stop = rstrip(s, from, hashes-1)
		}
	case hashes > from && s[hashes-1] == '\\':
		stop = rstrip(s, from, hashes+1)
	default:
		stop = rstrip(s, from, hashes)
	}
	if stop <= from {
		return false
	}
	p.header(level, from, stop, end, id)
	return true
}

// setextHeader reads a heading that is underlined.
func (p *parser) setextHeader() bool {
	in := p.in
	s, start := in.s, in.pos
	from := opt(s, start)
	if from >= len(s) || isBlank(s[from]) {
		return false
	}
	under := lineEnd(s, from+1)
	if s[from] == '\n' || under >= len(s) || s[under] != '-' && s[under] != '=' {
		return false
	}
	end := under
	for end < len(s) && (s[end] == '-' || s[end] == '=') {
		end++
	}
	for end < len(s) && isSpace(s[end]) && s[end] != '\n' {
		end++
	}
	if end >= len(s) || s[end] != '\n' {
		return false
	}
	stop, id := headerText(s, from, rstrip(s, from, under-1))
	if stop <= from {
		return false
	}
	level := 1
	if s[under] == '-' {
		level = 2
	}
	p.header(level, from, stop, end+1, id)
	return true
}

func (p *parser) header(level, from, stop, end int, id [2]int) {
	in := p.in
	n := p.add(Header, in.pos, end-1)
	n.Level = level
	n.Inner = in.v.span(from, stop)
	n.ext().text = in.s[from:stop]
	if id[1] > 0 {
		n.Attr = append(n.Attr, Attr{"id", in.s[id[0]:id[1]], in.v.span(id[0], id[1])})
	}
	p.addRaw(n, in.v, from, stop)
	in.pos = end
}

// headerText takes {#id} off the end of a heading's text.
func headerText(s string, from, stop int) (int, [2]int) {
	if stop-from < 4 || s[stop-1] != '}' {
		return stop, [2]int{}
	}
	open := strings.LastIndex(s[from:stop], "{#")
	if open < 1 || !isBlank(s[from+open-1]) {
		return stop, [2]int{}
	}
	open += from
	id := s[open+2 : stop-1]
	for k, r := range id {
		if !xmlName(r, k > 0) {
			return stop, [2]int{}
		}
	}
	if id == "" {
		return stop, [2]int{}
	}
	return rstrip(s, from, open-1), [2]int{open + 2, stop - 1}
}

// xmlName reports whether r may stand in an XML name, and at its start if not
// inner. The table is the XML recommendation's.
func xmlName(r rune, inner bool) bool {
	if r < utf8.RuneSelf {
		c := byte(r)
		return isLetter(c) || c == '_' || c == ':' || inner && (isDigit(c) || c == '-' || c == '.')
	}
	for _, x := range [...][2]rune{{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF},
		{0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFC}, {0x10000, 0xEFFFF}} {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	return inner && (r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040)
}
