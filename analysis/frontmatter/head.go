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
	Missed  *Missed   // where there is none, what was meant to be one; else nil
}

// Missed is what was meant to be front matter, and is none to Jekyll.
type Missed struct {
	Line text.Span // its first line
	At   text.Span // the same with what stands in front of it in the file, or what is to be filled
	New  string    // what would make it front matter in place of At; empty where that is not known
	Why  string    // why it is none
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
	first := min(lineEnd(doc, start), len(doc))
	if !strings.HasPrefix(doc[start:], "---") || strings.TrimRight(doc[start+3:first], " \t\r\f\v") != "" || first == len(doc) {
		head.Missed = missed(doc, start)
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
	if isEntry(doc[yaml:lineEnd(doc, yaml)]) {
		head.Missed = &Missed{Line: text.Span{Start: start, End: start + 3}, Why: "no line with --- closes it"}
	}
	return head
}

// missed finds what was meant to be front matter: a line of hyphens and an entry
// behind blanks, or entries of well-known keys with a closing line alone.
func missed(doc string, start int) *Missed {
	at := start
	for at < len(doc) && strings.IndexByte(" \t\r\n", doc[at]) >= 0 {
		at++
	}
	end := lineEnd(doc, at)
	line := strings.TrimRight(doc[at:end], " \t\r")
	m := &Missed{Line: text.Span{Start: at, End: at + len(line)}, At: text.Span{Start: start, End: at + len(line)}}
	next := min(end+1, len(doc))
	switch hyphens := strings.Trim(line, "-–—"); {
	case line == "":
		return nil
	case hyphens == "" && isEntry(doc[next:lineEnd(doc, next)]):
		m.New, m.Why = "---", "nothing may stand in front of it"
		if line != "---" {
			m.Why = "its first line must be three hyphens"
		}
	case at == start && isEntry(line) && wellKnown[line[:strings.IndexByte(line, ':')]]:
		m.At.End, m.New, m.Why = start, "---\n", "a line with --- must open it"
		if strings.HasSuffix(doc[:end], "\r") {
			m.New = "---\r\n"
		}
		next = start
	default:
		return nil
	}
	for lines := 0; next < len(doc) && lines < 200; lines++ {
		end := lineEnd(doc, next)
		line := strings.TrimRight(doc[next:end], " \t\r")
		if len(line) >= 3 && strings.Trim(line, "-") == "" {
			if line != "---" {
				m.New = "" // this line is to be mended too
			}
			return m
		}
		if strings.TrimSpace(line) == "" && m.At.Empty() {
			return nil // a paragraph that begins like an entry
		}
		next = end + 1
	}
	return nil
}

// wellKnown are keys that files begin with.
var wellKnown = map[string]bool{"layout": true, "title": true, "date": true, "permalink": true, "categories": true, "tags": true, "author": true, "description": true}

// isEntry reports whether a line is an entry of front matter: a key and a colon.
func isEntry(line string) bool {
	key, rest, ok := strings.Cut(strings.TrimRight(line, " \t\r"), ":")
	return ok && key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" &&
		key[0] != '-' && (rest == "" || rest[0] == ' ')
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
