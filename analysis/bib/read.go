package bib

import (
	"strings"

	"scholium/analysis/text"
)

// Read reads a file. What stands between entries is a comment, as BibTeX has
// it, and so is the front matter that jekyll-scholar's files may begin with. A
// brace that nothing closes ends where the next entry begins a line.
func Read(doc string) *File {
	r := reader{doc: doc, file: &File{first: map[string]int{}}}
	for r.find() {
		r.object()
	}
	return r.file
}

type reader struct {
	doc    string
	at     int
	file   *File
	macros map[string]string // of @string, in small letters
	made   int               // bytes of values that were put together
	wary   bool              // some brace was never closed: look for the next entry in values too
}

// find goes to the next @; false where there is none.
func (r *reader) find() bool {
	n := strings.IndexByte(r.doc[r.at:], '@')
	if n < 0 {
		return false
	}
	r.at += n
	return true
}

// object reads what begins with the @ at r.at.
func (r *reader) object() {
	start := r.at
	r.at++
	r.blanks()
	kind := r.word()
	r.blanks()
	if kind == "" || r.at >= len(r.doc) || r.doc[r.at] != '{' && r.doc[r.at] != '(' {
		return // an address, or text: a comment
	}
	switch strings.ToLower(kind) {
	case "comment", "preamble":
		end, _ := r.balanced(r.at)
		r.at = end
	case "string":
		r.macro()
	default:
		r.entry(start, kind)
	}
}

func (r *reader) blanks() {
	for r.at < len(r.doc) && isBlank(r.doc[r.at]) {
		r.at++
	}
}

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// word reads letters: the type of an entry.
func (r *reader) word() string {
	start := r.at
	for r.at < len(r.doc) && (r.doc[r.at]|0x20 >= 'a' && r.doc[r.at]|0x20 <= 'z' || r.at > start && (r.doc[r.at] >= '0' && r.doc[r.at] <= '9' || r.doc[r.at] == '_' || r.doc[r.at] == '-')) {
		r.at++
	}
	return r.doc[start:r.at]
}

// closer is what ends what the byte at an offset opens.
func closer(c byte) byte {
	if c == '(' {
		return ')'
	}
	return '}'
}

// balanced returns the offset behind the bracket that closes the one at open,
// and whether there is one; braces between them come in pairs. Without one it
// is where the next entry begins a line, or the end of the file. A backslash
// does not hide a brace from BibTeX.
func (r *reader) balanced(open int) (end int, ok bool) {
	if end, ok = r.until(open, closer(r.doc[open])); ok {
		end++
	}
	return end, ok
}

// until returns where a letter stands that no brace encloses, behind an opener;
// false and where to go on where there is none.
func (r *reader) until(open int, close byte) (at int, ok bool) {
	depth, next := 0, -1
	for i := open + 1; i < len(r.doc); i++ {
		switch c := r.doc[i]; {
		case depth == 0 && c == close:
			return i, true
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == '@' && next < 0 && r.begins(i):
			if next = i; r.wary {
				return next, false
			}
		}
	}
	r.wary = true
	if next < 0 {
		next = len(r.doc)
	}
	return next, false
}

// begins reports whether an entry begins at an @, the first of its line.
func (r *reader) begins(at int) bool {
	for i := at - 1; i >= 0 && r.doc[i] != '\n'; i-- {
		if !isBlank(r.doc[i]) {
			return false
		}
	}
	i := at + 1
	for i < len(r.doc) && (r.doc[i]|0x20 >= 'a' && r.doc[i]|0x20 <= 'z') {
		i++
	}
	for i > at+1 && i < len(r.doc) && (r.doc[i] == ' ' || r.doc[i] == '\t') {
		i++
	}
	return i > at+1 && i < len(r.doc) && (r.doc[i] == '{' || r.doc[i] == '(')
}

// macro reads @string{name = value}.
func (r *reader) macro() {
	close := closer(r.doc[r.at])
	r.at++
	fields, _ := r.fields(close)
	for _, f := range fields {
		if r.macros == nil {
			r.macros = map[string]string{}
		}
		r.macros[strings.ToLower(f.Name)] = f.Value
	}
}

func (r *reader) entry(start int, kind string) {
	e := Entry{Type: kind}
	line := r.doc[strings.LastIndexByte(r.doc[:start], '\n')+1 : start]
	e.Commented = strings.HasPrefix(strings.TrimLeft(line, " \t"), "%")
	close := closer(r.doc[r.at])
	r.at++
	r.blanks()
	from := r.at
	for r.at < len(r.doc) && !isBlank(r.doc[r.at]) && strings.IndexByte(",={}\"#", r.doc[r.at]) < 0 && r.doc[r.at] != close {
		r.at++
	}
	e.Key, e.KeySpan = r.doc[from:r.at], text.Span{Start: from, End: r.at}
	r.blanks()
	if r.at < len(r.doc) && r.doc[r.at] == '=' { // a field: the key is missing
		e.Key, e.KeySpan = "", text.Span{Start: from, End: from}
		r.at = from
	}
	var closed bool
	e.Fields, closed = r.fields(close)
	e.Open = !closed
	e.Span = text.Span{Start: start, End: r.at}
	last := e.KeySpan.End
	if n := len(e.Fields); n > 0 {
		last = e.Fields[n-1].Span.End
	}
	for e.Open && e.Span.End > last && isBlank(r.doc[e.Span.End-1]) {
		e.Span.End--
	}
	if _, ok := r.file.first[e.Key]; !ok && e.Key != "" {
		r.file.first[e.Key] = len(r.file.Entries)
	}
	r.file.Entries = append(r.file.Entries, e)
}

// fields reads name = value, … up to the closing bracket, and passes over it.
// It returns false where another entry, or the end of the file, comes first.
func (r *reader) fields(close byte) (out []Field, closed bool) {
	for r.at < len(r.doc) {
		switch c := r.doc[r.at]; {
		case isBlank(c) || c == ',':
			r.at++
			continue
		case c == close:
			r.at++
			return out, true
		case c == '@' && r.begins(r.at):
			return out, false
		case c == '{': // a value without a name
			r.at, _ = r.balanced(r.at)
			continue
		}
		start := r.at
		for r.at < len(r.doc) && !isBlank(r.doc[r.at]) && strings.IndexByte(",={}\"#@()", r.doc[r.at]) < 0 {
			r.at++
		}
		name := r.doc[start:r.at]
		r.blanks()
		if name == "" || r.at >= len(r.doc) || r.doc[r.at] != '=' {
			if r.at == start {
				r.at++
			}
			continue
		}
		r.at++
		f := Field{Name: name}
		f.Value, f.Inner = r.value(close)
		f.Span = text.Span{Start: start, End: r.at}
		if out == nil {
			out = make([]Field, 0, 8)
		}
		out = append(out, f)
	}
	return out, false
}

// value reads pieces that # joins: in braces, in quotes, numbers and macros.
// inner is where the value stands to the letter: one piece in braces or quotes,
// or a number.
func (r *reader) value(close byte) (value string, inner text.Span) {
	var joined strings.Builder
	for pieces := 1; ; pieces++ {
		r.blanks()
		piece, span, ok := "", text.Span{}, false
		if r.at < len(r.doc) {
			piece, span, ok = r.piece(close)
		}
		switch {
		case !ok:
		case pieces == 1:
			value, inner = piece, span
		case pieces == 2:
			r.join(&joined, value)
			fallthrough
		default:
			r.join(&joined, piece)
			value, inner = joined.String(), text.Span{}
		}
		end := r.at
		r.blanks()
		if !ok || r.at >= len(r.doc) || r.doc[r.at] != '#' {
			r.at = end
			return value, inner
		}
		r.at++
	}
}

// maxMade bounds what macros of macros may grow to, in bytes of a file's values.
const maxMade = 4 << 20

func (r *reader) join(b *strings.Builder, piece string) {
	if r.made+len(piece) <= maxMade {
		r.made += len(piece)
		b.WriteString(piece)
	}
}

// piece reads one piece of a value; false where none stands.
func (r *reader) piece(close byte) (value string, inner text.Span, ok bool) {
	start := r.at
	switch c := r.doc[start]; {
	case c == '{':
		end, closed := r.balanced(start)
		r.at = end
		inner = text.Span{Start: start + 1, End: end}
		if closed {
			inner.End--
		}
		return inner.Of(r.doc), inner, true
	case c == '"':
		inner = text.Span{Start: start + 1, End: r.quoted(start)}
		r.at = min(inner.End+1, len(r.doc))
		if inner.End < len(r.doc) && r.doc[inner.End] != '"' {
			r.at = inner.End
		}
		return inner.Of(r.doc), inner, true
	}
	for r.at < len(r.doc) && !isBlank(r.doc[r.at]) && strings.IndexByte(",={}\"#@", r.doc[r.at]) < 0 && r.doc[r.at] != close {
		r.at++
	}
	word := r.doc[start:r.at]
	if word == "" {
		return "", text.Span{}, false
	}
	if v, ok := r.macros[strings.ToLower(word)]; ok {
		return v, text.Span{}, true
	}
	return word, text.Span{Start: start, End: r.at}, true
}

// quoted returns where the string that begins at a quote ends: at the next one
// that stands in no brace; else where balanced would.
func (r *reader) quoted(open int) int {
	at, _ := r.until(open, '"')
	return at
}
