package frontmatter

import (
	"strings"

	"scholium/analysis/text"
)

// A Head is the front matter of a file.
type Head struct {
	Present bool      // the file begins with front matter that Jekyll recognises
	Open    bool      // it begins with --- but no line closes it: Jekyll copies the file as it is
	Marks   text.Span // from the first --- to behind the closing line
	YAML    text.Span // what stands between
	Body    int       // where the content begins; 0 without front matter, behind a byte order mark
	Values  *Node     // never nil; a Map without entries where there is nothing or it cannot be read
	Problem *Problem  // why the YAML cannot be read; nil when it can
}

// A Problem is what libyaml says of a text that is not YAML.
type Problem struct {
	Message string
	Span    text.Span // in the file
}

// ReadHead reads the front matter of a file.
//
// The rule is Jekyll's YAML_FRONT_MATTER_REGEXP: the first line is "---" and
// blanks, and a later line begins with "---" or "..." and holds blanks at most.
func ReadHead(doc string) Head {
	head := Head{Values: &Node{Kind: Map}}
	if strings.HasPrefix(doc, "\uFEFF") { // Jekyll reads files as bom|utf-8
		head.Body = len("\uFEFF")
	}
	start := head.Body
	if !strings.HasPrefix(doc[start:], "---") {
		return head
	}
	first := lineEnd(doc, start+3)
	if strings.TrimRight(doc[start+3:first], " \t\r\f\v") != "" || first == len(doc) {
		return head
	}
	yaml := first + 1
	for at := yaml; at < len(doc); {
		end := lineEnd(doc, at)
		line := strings.TrimRight(doc[at:end], " \t\r\f\v")
		if line == "---" || line == "..." {
			head.Present = true
			head.YAML = text.Span{Start: yaml, End: at}
			head.Body = closeEnd(doc, end)
			head.Marks = text.Span{Start: start, End: head.Body}
			head.Values, head.Problem = Read(doc, head.YAML)
			if head.Problem == nil && head.Values.Kind != Map {
				if head.Values.Kind != Null {
					head.Problem = &Problem{"the front matter is not a list of keys and values", head.Values.Span}
				}
				head.Values = &Node{Kind: Map}
			}
			return head
		}
		at = end + 1
	}
	head.Open = true
	return head
}

// closeEnd returns where the content begins behind a closing line whose line
// end is at end. The \s* of Jekyll's expression is greedy and takes blank lines
// along, up to the last line end after which $ still matches.
func closeEnd(doc string, end int) int {
	at := end
	for i := end; i < len(doc); i++ {
		switch doc[i] {
		case '\n':
			at = i + 1
		case ' ', '\t', '\r', '\f', '\v':
		default:
			return at
		}
	}
	return len(doc)
}

func lineEnd(doc string, at int) int {
	if n := strings.IndexByte(doc[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(doc)
}
