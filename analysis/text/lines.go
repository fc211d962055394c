package text

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// An Encoding is the unit in which a client counts columns.
type Encoding uint8

// The position encodings of LSP 3.17. UTF16 is the protocol's default.
const (
	UTF16 Encoding = iota
	UTF8
	UTF32
)

// String returns the protocol's name of e.
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "utf-8"
	case UTF32:
		return "utf-32"
	}
	return "utf-16"
}

// A Position is a line and a column, both counted from 0, the column in units
// of an Encoding.
type Position struct{ Line, Column int }

// Lines finds lines in a document. It never changes.
//
// A line ends with "\n", "\r\n" or a lone "\r", as in the Language Server
// Protocol.
type Lines struct {
	doc    string
	starts []int  // the offset of each line's first byte
	marks  []mark // within long lines, in order
}

// A mark is a place in a long line whose columns are known: without marks, to
// ask for every word of a line of a megabyte would be to count it a hundred
// thousand times.
type mark struct {
	offset       int
	utf16, utf32 int // columns
}

func (m *mark) column(e Encoding) int {
	if e == UTF16 {
		return m.utf16
	}
	return m.utf32
}

// Lines longer than longLine bytes have a mark every markStep bytes.
const (
	longLine = 4096
	markStep = 1024
)

// markLong marks the long lines.
func (l *Lines) markLong() *Lines {
	for line, start := range l.starts {
		next := len(l.doc)
		if line+1 < len(l.starts) {
			next = l.starts[line+1]
		}
		if next-start <= longLine {
			continue
		}
		span := l.Span(line)
		m := mark{offset: span.Start}
		for i := span.Start; i < span.End; {
			r, size := utf8.DecodeRuneInString(l.doc[i:span.End])
			i += size
			m.utf16, m.utf32 = m.utf16+units(r, UTF16), m.utf32+1
			if i-m.offset >= markStep {
				m.offset = i
				l.marks = append(l.marks, m)
			}
		}
	}
	return l
}

// before returns the last mark of a line for which passed is false; the line's
// beginning where there is none.
func (l *Lines) before(span Span, passed func(*mark) bool) mark {
	if len(l.marks) == 0 || span.Len() <= markStep {
		return mark{offset: span.Start}
	}
	first := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].offset > span.Start })
	n := sort.Search(len(l.marks)-first, func(i int) bool { m := &l.marks[first+i]; return m.offset > span.End || passed(m) })
	if n == 0 {
		return mark{offset: span.Start}
	}
	return l.marks[first+n-1]
}

// NewLines reads the line ends of doc.
func NewLines(doc string) *Lines {
	starts := make([]int, 1, 1+strings.Count(doc, "\n"))
	if strings.IndexByte(doc, '\r') < 0 {
		for i := 0; ; {
			n := strings.IndexByte(doc[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			starts = append(starts, i)
		}
		return (&Lines{doc: doc, starts: starts}).markLong()
	}
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '\n':
			starts = append(starts, i+1)
		case '\r':
			if i+1 < len(doc) && doc[i+1] == '\n' {
				i++
			}
			starts = append(starts, i+1)
		}
	}
	return (&Lines{doc: doc, starts: starts}).markLong()
}

// Part returns the bytes of a span of the document.
func (l *Lines) Part(s Span) string { return s.Of(l.doc) }

// Count returns the number of lines; an empty document has one.
func (l *Lines) Count() int { return len(l.starts) }

// Line returns the 0-based line that holds offset. Offsets outside the document
// are taken to its nearest end.
func (l *Lines) Line(offset int) int {
	offset = min(max(offset, 0), len(l.doc))
	return sort.SearchInts(l.starts, offset+1) - 1
}

// Span returns the bytes of a 0-based line without its line end; lines outside
// the document give the empty span at its end.
func (l *Lines) Span(line int) Span {
	if line < 0 || line >= len(l.starts) {
		return Span{len(l.doc), len(l.doc)}
	}
	start, end := l.starts[line], len(l.doc)
	if line+1 < len(l.starts) {
		end = l.starts[line+1] - 1
		if end > start && l.doc[end] == '\n' && l.doc[end-1] == '\r' {
			end--
		}
	}
	return Span{start, end}
}

// Position returns the line and column of offset in units of e. An offset in
// the middle of a character counts as the character's start; one within a line
// end counts as the end of the line.
func (l *Lines) Position(offset int, e Encoding) Position {
	line := l.Line(offset)
	span := l.Span(line)
	offset = min(max(offset, span.Start), span.End)
	for offset > span.Start && offset < len(l.doc) && !utf8.RuneStart(l.doc[offset]) {
		offset--
	}
	if e == UTF8 {
		return Position{line, offset - span.Start}
	}
	m := l.before(span, func(m *mark) bool { return m.offset > offset })
	return Position{line, m.column(e) + Columns(l.doc[m.offset:offset], e)}
}

// Columns returns how many columns part of a line takes in units of e.
func Columns(part string, e Encoding) int {
	if e == UTF8 {
		return len(part)
	}
	column := 0
	for i := 0; i < len(part); {
		if part[i] < utf8.RuneSelf {
			column, i = column+1, i+1
			continue
		}
		r, size := utf8.DecodeRuneInString(part[i:])
		column, i = column+units(r, e), i+size
	}
	return column
}

// Offset returns the byte offset of p. A column behind the end of its line is
// the end of the line, as the Language Server Protocol has it; a line behind
// the last one is the end of the document; a column within a character is the
// character's start.
func (l *Lines) Offset(p Position, e Encoding) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(l.starts) {
		return len(l.doc)
	}
	span := l.Span(p.Line)
	if e == UTF8 {
		offset := min(span.Start+max(p.Column, 0), span.End)
		for offset > span.Start && offset < len(l.doc) && !utf8.RuneStart(l.doc[offset]) {
			offset--
		}
		return offset
	}
	m := l.before(span, func(m *mark) bool { return m.column(e) > p.Column })
	i, column := m.offset, m.column(e)
	for i < span.End && column < p.Column {
		r, size := utf8.DecodeRuneInString(l.doc[i:span.End])
		n := units(r, e)
		if column+n > p.Column {
			break
		}
		i, column = i+size, column+n
	}
	return i
}

func units(r rune, e Encoding) int {
	if e == UTF16 && r > 0xFFFF {
		return 2
	}
	return 1
}
