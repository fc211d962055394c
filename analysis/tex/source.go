package tex

import (
	"strings"
	"unicode/utf8"

	"scholium/analysis/text"
)

// A stretch is a part of a string that is being read, and where it comes from
// in the formula's TeX: these very bytes, or made by the macro call there.
type stretch struct {
	end        int // in the string
	start, tex int // the stretch stands for TeX[start:tex]
	exact      bool
}

// An origin maps a string to the formula's TeX. Without stretches byte i of
// the string is byte shift+i of the TeX; otherwise it is byte shift+i of what
// the stretches cover.
type origin struct {
	stretches []stretch
	shift     int
}

// from returns the origin of a string's tail.
func (o origin) from(i int) origin { return origin{o.stretches, o.shift + i} }

// direct reports whether the string is the TeX itself, no macro's expansion.
func (o origin) direct() bool { return o.stretches == nil }

func (o origin) stretch(i int) stretch {
	i += o.shift
	lo, hi := 0, len(o.stretches)-1
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if o.stretches[mid].end <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return o.stretches[lo]
}

// span returns where string[start:end] comes from.
func (o origin) span(start, end int) text.Span {
	if o.stretches == nil {
		return text.Span{Start: o.shift + start, End: o.shift + end}
	}
	if len(o.stretches) == 0 {
		return text.Span{}
	}
	a := o.place(start, false)
	return text.Span{Start: a, End: max(a, o.place(max(end-1, start), end > start))}
}

// place maps one byte; behind is set where the place behind it is wanted.
func (o origin) place(i int, behind bool) int {
	s := o.stretch(i)
	switch {
	case s.exact && behind:
		return min(s.tex-(s.end-(i+o.shift))+1, s.tex)
	case s.exact:
		return min(s.tex-(s.end-(i+o.shift)), s.tex)
	case behind:
		return s.tex
	}
	return s.start
}

// A weaver builds the string that a macro call becomes.
type weaver struct {
	b         strings.Builder
	stretches []stretch
	word      bool // ends in a control word
}

// argument is an argument of a macro, with where it comes from.
type argument struct {
	text   string
	origin origin
	given  bool // not the default of an optional one
}

// add appends what the macro call at span made.
func (w *weaver) made(s string, call text.Span) {
	w.gap(s, call)
	if s == "" {
		return
	}
	w.b.WriteString(s)
	w.close(stretch{start: call.Start, tex: call.End})
	w.note(s)
}

// copied appends a string that has an origin of its own.
func (w *weaver) copied(s string, o origin, call text.Span) {
	w.gap(s, call)
	if s == "" {
		return
	}
	before := w.b.Len()
	w.b.WriteString(s)
	if o.stretches == nil {
		w.close(stretch{start: o.shift, tex: o.shift + len(s), exact: true})
	} else {
		for _, part := range o.stretches {
			end := part.end - o.shift
			if end <= 0 {
				continue
			}
			if end > len(s) {
				if part.exact {
					part.tex -= end - len(s)
				}
				end = len(s)
			}
			part.end = before + end
			if part.exact && len(w.stretches) > 0 {
				part.start = max(part.start, part.tex-(part.end-w.stretches[len(w.stretches)-1].end))
			}
			w.stretches = append(w.stretches, part)
			if end == len(s) {
				break
			}
		}
	}
	w.note(s)
}

func (w *weaver) close(s stretch) {
	s.end = w.b.Len()
	w.stretches = append(w.stretches, s)
}

// gap keeps a control word from growing into the letters that follow it
// (ParseUtil.addArgs).
func (w *weaver) gap(s string, call text.Span) {
	if w.word && s != "" && isLetter(s[0]) {
		w.b.WriteByte(' ')
		w.close(stretch{start: call.Start, tex: call.End})
		w.word = false
	}
}

func (w *weaver) note(s string) {
	i := len(s)
	for i > 0 && isLetter(s[i-1]) {
		i--
	}
	if i == len(s) {
		w.word = false
		return
	}
	if i == 0 {
		return // more letters of a word, or of none: the gap took care
	}
	slashes := 0
	for i > 0 && s[i-1] == '\\' {
		i--
		slashes++
	}
	w.word = slashes%2 == 1
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// NameLen is the length in bytes of a control sequence's name, which s begins
// with: letters, or else one character. It is 0 at the end of s.
func NameLen(s string) int {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(s)
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
