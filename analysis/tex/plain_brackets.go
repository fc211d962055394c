package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Which brackets a fraction or a root needs where it is written in one line.

// above puts brackets around a numerator that is more than a product.
func above(s string) string {
	depth := 0
	for i, c := range s {
		depth += bracket(c)
		if depth <= 0 && i > 0 && (c == ' ' || c == '/' || relates(c)) {
			return "(" + s + ")"
		}
	}
	return s
}

// bracket returns 1 for what opens, -1 for what closes, and 0 for all else.
func bracket(c rune) int {
	switch c {
	case '(', '[', '{', '⟨':
		return 1
	case ')', ']', '}', '⟩':
		return -1
	}
	return 0
}

// below puts brackets around what is more than one thing, behind a slash or
// under a root.
func below(s string) string {
	if single(s) {
		return s
	}
	return "(" + s + ")"
}

// single reports whether a text is one thing: a number, a letter with its
// marks, such a one with brackets behind it, d or ∂ with one, a root of one, or
// what stands in brackets.
func single(s string) bool {
	c, n := utf8.DecodeRuneInString(s)
	rest := s[n:]
	if rest == "" {
		return true
	}
	if strings.Trim(s, "0123456789.") == "" {
		return true
	}
	if bracket(c) > 0 {
		return bracketed(s)
	}
	if next, _ := utf8.DecodeRuneInString(rest); c == '√' || (c == 'd' || c == '∂') && unicode.IsLetter(next) && !marks(next) {
		return single(rest)
	}
	rest = strings.TrimLeftFunc(rest, marks)
	for strings.HasPrefix(rest, "_") || strings.HasPrefix(rest, "^") {
		if rest = rest[1:]; !strings.HasPrefix(rest, "(") {
			_, n := utf8.DecodeRuneInString(rest)
			rest = rest[n:]
		} else if n := partner(rest); n > 0 {
			rest = rest[n:]
		} else {
			return false
		}
	}
	return rest == "" || strings.ContainsAny(rest[:1], "([") && bracketed(rest)
}

// marks reports whether a letter only marks the one before it.
func marks(c rune) bool {
	return unicode.In(c, unicode.Mn, unicode.Lm, unicode.No) || '⁰' <= c && c <= '₎' || c == '′' || c == '°'
}

// bracketed reports whether the bracket that s begins with closes at its end.
func bracketed(s string) bool { return partner(s) == len(s) }

// partner returns the end of what stands in the brackets that s begins with; 0
// where they do not close.
func partner(s string) int {
	depth := 0
	for i, c := range s {
		if depth += bracket(c); depth == 0 {
			return i + utf8.RuneLen(c)
		}
	}
	return 0
}
