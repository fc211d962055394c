package kramdown

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/text"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A writer gathers HTML and, if it tracks, where each byte of it comes from.
type writer struct {
	b      []byte
	track  bool
	pieces text.Pieces
	places []place
	scan   [1]run
	t      *Tree
}

// A place is a byte that is later replaced by something that is not known yet.
type place struct {
	at   int
	what placeKind
}

type placeKind uint8

const (
	tocPlace placeKind = iota
	notesPlace
)

// made appends HTML that was made from src.
func (w *writer) made(s string, src text.Span) {
	w.b = append(w.b, s...)
	if !w.track {
		return
	}
	if k := len(w.pieces) - 1; k >= 0 && w.pieces[k].Src == src && !w.pieces[k].Exact {
		w.pieces[k].Out.End += len(s)
		return
	}
	w.pieces = w.pieces.Append(len(s), src, 0, false)
}

const blanks = "                                                                "

func (w *writer) indent(n int, src text.Span) {
	for n > 0 {
		k := min(n, len(blanks))
		w.made(blanks[:k], src)
		n -= k
	}
}

// cut takes off what was written since at.
func (w *writer) cut(at int) {
	w.b = w.b[:at]
	for k := len(w.pieces) - 1; k >= 0 && w.pieces[k].Out.End > at; k-- {
		if w.pieces[k].Out.Start < at {
			w.pieces[k].Out.End = at
			break
		}
		w.pieces = w.pieces[:k]
	}
}

// An escape says which characters of a value are written otherwise.
type escape uint8

const (
	escapeNone escape = iota
	escapeAll         // < > &
	escapeText        // the same, but character references stay
)

// escaped are the characters that may have to be written otherwise.
var escaped = [256]bool{'<': true, '>': true, '&': true, '\n': true}

// value appends the value of n.
func (w *writer) value(n *Node, e escape, cjk bool) {
	s := n.Value
	var runs []run
	if w.track {
		runs = w.t.origins(n, w.scan[:0])
	}
	at := 0 // where runs begin
	exact := func(i, j int) {
		w.b = append(w.b, s[i:j]...)
		if !w.track {
			return
		}
		for i < j && len(runs) > 0 {
			r := runs[0]
			if at+r.n <= i {
				at += r.n
				runs = runs[1:]
				continue
			}
			end := min(j, at+r.n)
			src := r.src
			if r.exact {
				src = text.Span{Start: r.src.Start + i - at, End: r.src.Start + end - at}
			}
			w.pieces = w.pieces.Append(end-i, src, 0, r.exact)
			i = end
		}
		if i < j {
			w.pieces = w.pieces.Append(j-i, n.Span, 0, false)
		}
	}
	special := func(i int, out string) {
		w.b = append(w.b, out...)
		if !w.track {
			return
		}
		src := n.Span
		for len(runs) > 0 && at+runs[0].n <= i {
			at += runs[0].n
			runs = runs[1:]
		}
		if len(runs) > 0 {
			if src = runs[0].src; runs[0].exact {
				src = text.Span{Start: src.Start + i - at, End: src.Start + i - at + 1}
			}
		}
		w.pieces = w.pieces.Append(len(out), src, 0, false)
	}
	from := 0
	if e != escapeNone || cjk {
		for i := 0; i < len(s); i++ {
			if !escaped[s[i]] {
				continue
			}
			out := ""
			switch s[i] {
			case '<':
				out = "&lt;"
			case '>':
				out = "&gt;"
			case '&':
				if e == escapeText {
					if r, ok := matchReference(s, i); ok {
						i = r.end - 1
						continue
					}
				}
				out = "&amp;"
			case '\n':
				if !cjk || !betweenCJK(s, i) {
					continue
				}
			default:
				continue
			}
			exact(from, i)
			special(i, out)
			from = i + 1
		}
	}
	exact(from, len(s))
}

func betweenCJK(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	behind, _ := utf8.DecodeRuneInString(s[i+1:])
	return unicode.In(before, unicode.Han, unicode.Hiragana, unicode.Katakana) &&
		unicode.In(behind, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// escapeString escapes text that is not from the source.
func escapeString(s string, quotes bool) string {
	if !strings.ContainsAny(s, "<>&\"") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '"' && quotes:
			b.WriteString("&quot;")
		case c == '&':
			if r, ok := matchReference(s, i); ok {
				b.WriteString(s[i:r.end])
				i = r.end - 1
				continue
			}
			b.WriteString("&amp;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// attrs appends attributes.
func (w *writer) attrs(attrs []Attr, src text.Span) {
	for _, a := range attrs {
		if a.Name == "id" && strip(a.Value) == "" {
			continue
		}
		w.made(" ", src)
		w.made(a.Name, src)
		w.made(`="`, src)
		if value := escapeString(a.Value, true); w.track && value == a.Value && src.Covers(a.Span) && a.Span.Of(w.t.Source) == value {
			w.b = append(w.b, value...)
			w.pieces = w.pieces.Append(len(value), a.Span, 0, true)
		} else {
			w.made(value, src)
		}
		w.made(`"`, src)
	}
}
