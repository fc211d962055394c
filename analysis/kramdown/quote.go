package kramdown

import (
	"strings"
	"unicode/utf8"
)

// smartQuote reads the quote at i, or the one behind the character at i. The
// rules are those of SmartyPants as kramdown has them, tried in its order.
func (p *parser) smartQuote(f *frame, i int) bool {
	s := p.ss
	at := i // of the quote
	if c := s[i]; c != '\\' {
		size := 1
		if c >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		if at = i + size; at >= len(s) || s[at] != '"' && s[at] != '\'' {
			at = i
		}
	}
	if s[at] != '"' && s[at] != '\'' {
		return false
	}

	// Rules for a quote that stands here.
	if c := s[i]; c == '"' || c == '\'' {
		if j := i + 1; j < len(s) && (s[j] == '_' || s[j] == '*') {
			if j+1 < len(s) && !isSpace(s[j+1]) {
				return p.quotes(f, i, i, opening(c))
			}
		}
		if closesBeforePunct(s, i+1) {
			return p.quotes(f, i, i, closing(c))
		}
	}
	// Two quotes at once, and decades, with or without a blank in front.
	for _, q := range [2]int{at, i} {
		if q != i && !isSpace(s[i]) || q == i && q != at && s[i] != '"' && s[i] != '\'' {
			continue
		}
		if q+2 < len(s) && isWordByte(s[q+2]) && (s[q] == '"' && s[q+1] == '\'' || s[q] == '\'' && s[q+1] == '"') {
			return p.quotes(f, i, q, opening(s[q]), opening(s[q+1]))
		}
	}
	for _, q := range [2]int{at, i} {
		if q != i && !isSpace(s[i]) {
			continue
		}
		if s[q] == '\'' && q+3 < len(s) && isDigit(s[q+1]) && isDigit(s[q+2]) && s[q+3] == 's' {
			return p.quotes(f, i, q, "rsquo")
		}
	}
	if at != i && isSpace(s[i]) && at+1 < len(s) && isWordByte(s[at+1]) {
		return p.quotes(f, i, at, opening(s[at]))
	}
	if at != i && strings.IndexByte(" \\\t\r\n[{(-", s[i]) < 0 {
		return p.quotes(f, i, at, closing(s[at]))
	}
	if c := s[i]; c == '"' || c == '\'' {
		j := i + 1
		if j >= len(s) || isSpace(s[j]) || s[j] == 's' && wordEnds(s, j+1) {
			return p.quotes(f, i, i, closing(c))
		}
	}
	// (.?)' comes before (.?)": a single quote here or behind one character.
	if at != i && s[at] == '\'' {
		return p.quotes(f, i, at, "lsquo")
	}
	if s[i] == '\'' {
		return p.quotes(f, i, i, "lsquo")
	}
	return p.quotes(f, i, at, "ldquo")
}

// quotes adds the text between i and at and then a quote for each name.
func (p *parser) quotes(f *frame, i, at int, names ...string) bool {
	p.text(f, i, at)
	for _, name := range names {
		el := p.at(SmartQuote, p.sv, at, at+1)
		el.Value = name
		p.child(f, el)
		at++
	}
	p.sp = at
	return true
}

func opening(c byte) string {
	if c == '"' {
		return "ldquo"
	}
	return "lsquo"
}

func closing(c byte) string {
	if c == '"' {
		return "rdquo"
	}
	return "rsquo"
}

// closesBeforePunct matches punctuation (& is not among it), not followed by two dots, and \B.
func closesBeforePunct(s string, j int) bool {
	if j >= len(s) || s[j] <= ' ' || s[j] >= 0x7f || isLetter(s[j]) || isDigit(s[j]) || s[j] == '&' {
		return false
	}
	if strings.HasPrefix(s[j+1:], "..") {
		return false
	}
	return wordEnds(s, j+1) == (s[j] != '_')
}

// wordEnds reports whether no letter of a word stands at i.
func wordEnds(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return !isWord(r)
}
