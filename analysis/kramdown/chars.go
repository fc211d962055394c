package kramdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The character classes of Ruby's regular expressions. In a pattern without
// modifiers \s, \d and \w are ASCII, while [[:alpha:]], \p{Word} and \b follow
// Unicode.

// isSpace is \s.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isWordByte is \w.
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// isAlpha is [[:alpha:]].
func isAlpha(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetter(byte(r))
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_Alphabetic, r)
}

// isAlnum is [[:alnum:]].
func isAlnum(r rune) bool { return isAlpha(r) || unicode.IsDigit(r) }

// isWord is \p{Word}, which decides about \b too.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(byte(r))
	}
	return isAlpha(r) || unicode.IsMark(r) || unicode.IsDigit(r) || unicode.Is(unicode.Pc, r)
}

// skipSpace returns the offset of the first byte at or behind i that is not \s.
func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

func skipBlank(s string, i int) int {
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	return i
}

// toLineEnd matches \s*?\n: it returns the offset behind the line end that only
// white space separates from i, or -1.
func toLineEnd(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		if s[i] == '\n' {
			return i + 1
		}
		i++
	}
	return -1
}

// opt returns the offset behind up to three spaces.
func opt(s string, i int) int {
	for n := 0; n < 3 && i < len(s) && s[i] == ' '; n++ {
		i++
	}
	return i
}

// The strip methods of Ruby's strings, which take \0 for a blank too.
func isStrip(c byte) bool { return isSpace(c) || c == 0 }

func lstrip(s string, i, j int) int {
	for i < j && isStrip(s[i]) {
		i++
	}
	return i
}

func rstrip(s string, i, j int) int {
	for j > i && isStrip(s[j-1]) {
		j--
	}
	return j
}

func lstripped(s string) string { return s[lstrip(s, 0, len(s)):] }

func strip(s string) string {
	j := rstrip(s, 0, len(s))
	return s[lstrip(s, 0, j):j]
}

// lineEnd returns the offset behind the line end that follows i.
func lineEnd(s string, i int) int {
	n := strings.IndexByte(s[i:], '\n')
	if n < 0 {
		return len(s)
	}
	return i + n + 1
}

// ncname returns the offset behind the XML name without a colon at i, or -1.
func ncname(s string, i int) int {
	for start := i; ; {
		if i >= len(s) {
			if i == start {
				return -1
			}
			return i
		}
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		if !(isAlpha(c) || c == '_' || i > start && (c == '-' || c == '.' || isAlnum(c))) {
			if i == start {
				return -1
			}
			return i
		}
		i += size
	}
}

// uname returns the offset behind the name of an element or attribute at i, or
// -1. The rule is REXML's UNAME_STR.
func uname(s string, i int) int {
	end := ncname(s, i)
	if end > 0 && end < len(s) && s[end] == ':' {
		if e := ncname(s, end+1); e > 0 {
			return e
		}
	}
	return end
}

// idName returns the offset behind a \w[\w-]* at i, or -1: the names of
// footnotes, attribute list definitions and keys.
func idName(s string, i int) int {
	if i >= len(s) || !isWordByte(s[i]) {
		return -1
	}
	for i++; i < len(s) && (isWordByte(s[i]) || s[i] == '-'); i++ {
	}
	return i
}

// braces matches (?:\\\}|[^\}])+\} at i and calls ok with the offset of the
// closing brace. It returns that offset, or -1 where ok accepts none. A brace
// behind a backslash closes only where no other does. The first brace at or
// behind i is given, as the caller may know it.
func braces(s string, i, first int, ok func(int) bool) int {
	var escaped []int
	for j := first; j > i && len(escaped) < 64; {
		if s[j-1] != '\\' {
			if ok(j) {
				return j
			}
			break
		}
		escaped = append(escaped, j)
		n := strings.IndexByte(s[j+1:], '}')
		if n < 0 {
			break
		}
		j += n + 1
	}
	for k := len(escaped) - 1; k >= 0; k-- {
		if ok(escaped[k]) {
			return escaped[k]
		}
	}
	return -1
}
