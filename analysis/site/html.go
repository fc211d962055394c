package site

import (
	"html"
	"strings"

	"scholium/analysis/text"
)

// An element is a start tag in HTML that a layout or an HTML page prints.
type element struct {
	name  string
	span  text.Span // of the start tag
	attrs []attribute
	body  text.Span // of a script or style: its text
}

type attribute struct {
	name  string
	value string    // decoded
	span  text.Span // as written, without quotes
}

func (e *element) attr(name string) (attribute, bool) {
	for _, a := range e.attrs {
		if a.name == name {
			return a, true
		}
	}
	return attribute{}, false
}

// elements finds the start tags of an HTML text, comments left out. It reads
// tags as a browser's tokenizer does, without building a tree.
func elements(doc string) []element {
	var out []element
	for at := 0; at < len(doc); {
		n := strings.IndexByte(doc[at:], '<')
		if n < 0 {
			break
		}
		at += n
		switch {
		case strings.HasPrefix(doc[at:], "<!--"):
			end := strings.Index(doc[at+4:], "-->")
			if end < 0 {
				return out
			}
			at += 4 + end + 3
		case at+1 < len(doc) && isLetter(doc[at+1]):
			e := startTag(doc, at)
			at = e.span.End
			switch e.name {
			case "script", "style", "textarea", "title", "xmp", "noscript":
				e.body = text.Span{Start: at, End: at + rawEnd(doc[at:], e.name)}
				if e.name != "noscript" {
					at = e.body.End
				}
			}
			out = append(out, e)
		default:
			at++
		}
	}
	return out
}

// rawEnd returns where the end tag of a raw text element begins.
func rawEnd(doc, name string) int {
	for at := 0; ; {
		n := strings.Index(doc[at:], "</")
		if n < 0 {
			return len(doc)
		}
		at += n
		if rest := doc[at+2:]; len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) {
			return at
		}
		at += 2
	}
}

func startTag(doc string, at int) element {
	i := at + 1
	for i < len(doc) && !isBlankByte(doc[i]) && doc[i] != '>' && doc[i] != '/' {
		i++
	}
	e := element{name: strings.ToLower(doc[at+1 : i])}
	for i < len(doc) && doc[i] != '>' {
		if isBlankByte(doc[i]) || doc[i] == '/' {
			i++
			continue
		}
		start := i
		for i < len(doc) && !isBlankByte(doc[i]) && doc[i] != '>' && doc[i] != '=' && doc[i] != '/' {
			i++
		}
		if i == start {
			i++ // a stray '='
		}
		a := attribute{name: strings.ToLower(doc[start:i])}
		eq := i
		for eq < len(doc) && isBlankByte(doc[eq]) {
			eq++
		}
		if eq < len(doc) && doc[eq] == '=' {
			i = eq + 1
			for i < len(doc) && isBlankByte(doc[i]) {
				i++
			}
			a.span, i = attrValue(doc, i)
			a.value = html.UnescapeString(a.span.Of(doc))
		}
		e.attrs = append(e.attrs, a)
	}
	e.span = text.Span{Start: at, End: min(i+1, len(doc))}
	return e
}

// attrValue returns the value that begins at i, and where reading goes on.
func attrValue(doc string, i int) (text.Span, int) {
	if i < len(doc) && (doc[i] == '"' || doc[i] == '\'') {
		n := strings.IndexByte(doc[i+1:], doc[i])
		if n < 0 {
			return text.Span{Start: i + 1, End: len(doc)}, len(doc)
		}
		return text.Span{Start: i + 1, End: i + 1 + n}, i + n + 2
	}
	start := i
	for i < len(doc) && !isBlankByte(doc[i]) && doc[i] != '>' {
		i++
	}
	return text.Span{Start: start, End: i}, i
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isBlankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
