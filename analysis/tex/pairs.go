package tex

import (
	"strings"

	"scholium/analysis/text"
)

// A Pair is an environment as it is written: the names in its \begin{…} and in
// the \end{…} that belongs to it.
type Pair struct {
	Name       string
	Begin, End text.Span // of the names
}

// Pairs finds the environments of a formula, in the order of their beginnings.
// It reads tokens only, so that it answers also where MathJax fails. Names need
// not agree: what an author is about to change is still a pair.
func Pairs(s string) []Pair {
	var out []Pair
	var open []int
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return closed(out)
			}
			i += n
		case '\\':
			rest := s[i+1:]
			switch {
			case strings.HasPrefix(rest, "begin{"):
				if span, ok := group(s, i+len(`\begin`)); ok {
					open = append(open, len(out))
					out = append(out, Pair{Name: span.Of(s), Begin: span, End: text.Span{Start: -1}})
					i = span.End
					continue
				}
			case strings.HasPrefix(rest, "end{"):
				if span, ok := group(s, i+len(`\end`)); ok {
					if n := len(open); n > 0 {
						out[open[n-1]].End = span
						open = open[:n-1]
					}
					i = span.End
					continue
				}
			}
			i++ // the letter behind a backslash is not a comment or a backslash of its own
		}
	}
	return closed(out)
}

// closed are the pairs whose end was found.
func closed(list []Pair) []Pair {
	out := list[:0]
	for _, p := range list {
		if p.End.Start >= 0 {
			out = append(out, p)
		}
	}
	return out
}

// group is what stands in the braces that open at i.
func group(s string, i int) (text.Span, bool) {
	n := strings.IndexAny(s[i:], "}\n\\")
	if n < 0 || s[i+n] != '}' {
		return text.Span{}, false
	}
	return text.Span{Start: i + 1, End: i + n}, true
}

// A Word is a command or environment as it is written in a piece of TeX.
type Word struct {
	Name        string // without the backslash
	Environment bool
	Span        text.Span // with its backslash; an environment's name alone
}

// Words finds the commands in a piece of TeX, and the names behind \begin and
// \end. It reads tokens only: it is for definitions, whose bodies MathJax reads
// where they are used.
func Words(s string) []Word {
	var out []Word
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			continue
		}
		end := i + 1 + NameLen(s[i+1:])
		name := s[i+1 : end]
		if name == "begin" || name == "end" {
			if end < len(s) && s[end] == '{' {
				if span, ok := group(s, end); ok {
					out = append(out, Word{span.Of(s), true, span})
				}
			}
		} else {
			out = append(out, Word{Name: name, Span: text.Span{Start: i, End: end}})
		}
		i = end - 1
	}
	return out
}
