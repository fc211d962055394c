package liquid

import (
	"strings"

	"scholium/analysis/text"
)

type tokenKind uint8

const (
	textToken   tokenKind = iota
	objectToken           // {{ … }}
	tagToken              // {% … %}
	brokenToken           // {{ or {% that does not close: Liquid refuses the whole file
)

// A token is a piece of a template, as Liquid's own tokenizer cuts it.
type token struct {
	kind   tokenKind
	span   text.Span // in the file
	name   string    // of a tag
	markup text.Span // what stands behind the tag's name, or in an object
	trimL  bool      // {%- or {{-
	trimR  bool      // -%} or -}}
}

// tokenize cuts doc from offset on. A tag ends at the first "%}", an object at
// the first "}", whether or not another follows: an object that ends with one
// brace only is broken (Liquid::Tokenizer, TemplateParser).
func tokenize(doc string, from int) []token {
	var out []token
	at := from
	// Behind the last end nothing is looked for again: a text of nothing but
	// openings is read in one pass.
	lastTag, lastBrace := strings.LastIndex(doc, "%}"), strings.LastIndexByte(doc, '}')
	for at < len(doc) {
		open := nextOpen(doc, at)
		if open < 0 {
			out = append(out, token{kind: textToken, span: text.Span{Start: at, End: len(doc)}})
			break
		}
		if open > at {
			out = append(out, token{kind: textToken, span: text.Span{Start: at, End: open}})
		}
		t := token{kind: brokenToken, span: text.Span{Start: open, End: open + 2}}
		if doc[open+1] == '%' && open < lastTag || doc[open+1] == '{' && open < lastBrace {
			t = readToken(doc, open)
		}
		if t.kind == tagToken && t.name == "liquid" {
			out = append(out, liquidTag(doc, t)...)
		} else {
			out = append(out, t)
		}
		at = t.span.End
	}
	return out
}

// TagAt returns the tag or object of doc, read from offset from on, that holds
// the byte at offset; the empty span where there is none.
func TagAt(doc string, from, offset int) text.Span {
	for _, t := range tokenize(doc, from) {
		if t.span.End > offset {
			if t.kind != textToken && t.span.Start <= offset {
				return t.span
			}
			break
		}
	}
	return text.Span{}
}

func nextOpen(doc string, at int) int {
	for {
		n := strings.IndexByte(doc[at:], '{')
		if n < 0 {
			return -1
		}
		at += n
		if at+1 < len(doc) && (doc[at+1] == '{' || doc[at+1] == '%') {
			return at
		}
		at++
	}
}

func readToken(doc string, open int) token {
	broken := token{kind: brokenToken, span: text.Span{Start: open, End: open + 2}}
	if doc[open+1] == '{' {
		n := strings.IndexByte(doc[open+2:], '}')
		if n < 0 {
			return broken
		}
		end := open + 2 + n + 1
		if end >= len(doc) || doc[end] != '}' {
			broken.span.End = end
			return broken
		}
		t := token{kind: objectToken, span: text.Span{Start: open, End: end + 1}, markup: text.Span{Start: open + 2, End: end - 1}}
		t.trim(doc)
		return t
	}
	n := strings.Index(doc[open+2:], "%}")
	if n < 0 {
		return broken
	}
	t := token{kind: tagToken, span: text.Span{Start: open, End: open + 2 + n + 2}, markup: text.Span{Start: open + 2, End: open + 2 + n}}
	t.trim(doc)
	at := skipSpace(doc, t.markup.Start, t.markup.End)
	start := at
	if at < t.markup.End && doc[at] == '#' {
		at++
	} else {
		for at < t.markup.End && isWord(doc[at]) {
			at++
		}
	}
	if at == start {
		broken.span = t.span
		return broken
	}
	t.name = doc[start:at]
	t.markup.Start = skipSpace(doc, at, t.markup.End)
	return t
}

// liquidTag turns {% liquid … %} into the tags that its lines are.
func liquidTag(doc string, t token) []token {
	var out []token
	for at := t.markup.Start; at < t.markup.End; {
		end := t.markup.End
		if n := strings.IndexByte(doc[at:end], '\n'); n >= 0 {
			end = at + n
		}
		line := token{kind: tagToken, span: text.Span{Start: at, End: end}}
		at = end + 1
		start := skipSpace(doc, line.span.Start, end)
		if start == end {
			continue
		}
		for end > start && isSpace(doc[end-1]) {
			end--
		}
		line.span = text.Span{Start: start, End: end}
		name := start
		if doc[name] == '#' {
			name++
		} else {
			for name < end && isWord(doc[name]) {
				name++
			}
		}
		if line.name = doc[start:name]; name == start {
			line.kind = brokenToken
		}
		line.markup = text.Span{Start: skipSpace(doc, name, end), End: end}
		out = append(out, line)
	}
	if len(out) == 0 { // it trims, and prints nothing
		t.name, t.markup.Start = "#", t.markup.End
		out = append(out, t)
	}
	out[0].trimL, out[len(out)-1].trimR = t.trimL, t.trimR
	return out
}

func (t *token) trim(doc string) {
	if t.markup.Start < t.markup.End && doc[t.markup.Start] == '-' {
		t.trimL = true
		t.markup.Start++
	}
	if t.markup.Start < t.markup.End && doc[t.markup.End-1] == '-' {
		t.trimR = true
		t.markup.End--
	}
}

func skipSpace(doc string, at, end int) int {
	for at < end && isSpace(doc[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// isTrimmed reports whether Ruby's strip takes c away.
func isTrimmed(c byte) bool { return isSpace(c) || c == 0 }

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
