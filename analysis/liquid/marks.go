package liquid

import (
	"strings"

	"scholium/analysis/text"
)

// A Mark is a tag or an object as it stands in a file.
type Mark struct {
	Span     text.Span // with its braces; of a line of {% liquid %} the line
	Object   bool      // {{ … }}
	Name     string    // of a tag
	NameSpan text.Span
	Markup   text.Span // what stands behind the name, or in an object
	End      int       // the index of the tag that closes the block which this one opens; 0 where there is none
	File     text.Span // of an include: the file's name
	Params   []Param   // of an include, as far as they can be read; without Value
}

// Marks returns the tags and objects of doc, read from offset from on, in order.
// What stands in raw and comment blocks is none.
func Marks(doc string, from int) []Mark {
	tokens := tokenize(doc, from)
	var out []Mark
	var open []int              // blocks that are not closed yet
	waiting := map[string]int{} // how many of a name are open
	verbatim, depth := "", 0    // inside raw or comment
	for i := range tokens {
		t := &tokens[i]
		if verbatim != "" {
			switch {
			case t.kind != tagToken:
				continue
			case t.name == verbatim && verbatim == "comment":
				depth++
				continue
			case t.name != "end"+verbatim:
				continue
			}
			if depth--; depth > 0 {
				continue
			}
			verbatim = ""
		}
		if t.kind != tagToken && t.kind != objectToken {
			continue
		}
		m := Mark{Span: t.span, Object: t.kind == objectToken, Name: t.name, Markup: t.markup}
		if m.Object {
			out = append(out, m)
			continue
		}
		m.name(doc)
		out = append(out, m)
		if name, ok := strings.CutPrefix(t.name, "end"); ok {
			for waiting[name] > 0 {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				waiting[out[last].Name]--
				if out[last].Name == name {
					out[last].End = len(out) - 1
					break
				}
			}
			continue
		}
		open = append(open, len(out)-1)
		waiting[t.name]++
		if t.name == "raw" || t.name == "comment" {
			verbatim, depth = t.name, 1
		}
	}
	return out
}

// name finds the tag's name, and what an include is given.
func (m *Mark) name(doc string) {
	at := m.Span.Start
	if strings.HasPrefix(doc[at:], "{%") {
		if at += 2; at < m.Span.End && doc[at] == '-' {
			at++
		}
	}
	at = skipSpace(doc, at, m.Span.End)
	m.NameSpan = text.Span{Start: at, End: min(at+len(m.Name), m.Span.End)}
	switch m.Name {
	case "include", "include_relative", "include_cached":
		n := node{name: m.Name, markup: fragment{m.Markup.Of(doc), m.Markup.Start}}
		inc := (&parser{doc: doc}).include(&n)
		m.File = inc.name.span()
		for _, p := range inc.params {
			m.Params = append(m.Params, Param{Name: p.name.s, NameSpan: p.name.span(), ValueSpan: p.span})
		}
	}
}

// A WordKind says what a Word of a tag or object is.
type WordKind uint8

// The words of tags and objects.
const (
	Variable WordKind = iota
	Literal           // a string with its quotes, or a number
	FilterName
	ParamName // of a for loop or filter, in front of a colon; of an include, in front of =
)

// A Word is a part of a tag's or an object's markup.
type Word struct {
	Kind WordKind
	Span text.Span
}

// Words cuts a mark's markup.
func (m *Mark) Words(doc string) []Word {
	var out []Word
	filter := false
	for at, end := m.Markup.Start, m.Markup.End; at < end; {
		c := doc[at]
		start := at
		switch {
		case c == '"' || c == '\'':
			n := strings.IndexByte(doc[at+1:end], c)
			if n < 0 {
				return out
			}
			at += n + 2
			out = append(out, Word{Literal, text.Span{Start: start, End: at}})
		case isWord(c):
			for at < end && (isWord(doc[at]) || doc[at] == '-' || doc[at] == '.' && at+1 < end && doc[at+1] != '.') {
				at++
			}
			kind := Variable
			next := skipSpace(doc, at, end)
			switch {
			case filter:
				kind = FilterName
			case '0' <= c && c <= '9':
				kind = Literal
			case next < end && (doc[next] == ':' || doc[next] == '=' && (next+1 == end || doc[next+1] != '=') && len(m.Params) > 0):
				kind = ParamName
			}
			out = append(out, Word{kind, text.Span{Start: start, End: at}})
			filter = false
		case c == '|':
			filter = true
			at++
		default:
			at++
		}
	}
	return out
}
