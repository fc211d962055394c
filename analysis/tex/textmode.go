package tex

import "strings"

// text reads the text of \text{} and its like: plain, but for math between
// dollars or \( \), and references (ParseUtil.internalMath). It pushes what it
// makes; one is set where it is one node whatever is in it.
func (p *parser) text(a argument, one bool) {
	if p.r.failed {
		return
	}
	s := a.text
	if p.r.w.active("textmacros") && strings.ContainsAny(s, `\{}$^_&#%`) {
		p.textMacros(s)
	}
	count, from, braces := 0, 0, 0
	match := byte(0) // what the open math ends with
	sub := func(start, end int) {
		part := argument{s[start:end], a.origin.from(start), true}
		inner := parser{r: p.r, s: part.text, origin: part.origin, inner: true, command: p.command}
		inner.parse()
		count++
	}
	for i := 0; i < len(s) && !p.r.failed; {
		c := s[i]
		i++
		switch {
		case c == '$' && match == '$' && braces == 0:
			sub(from, i-1)
			match, from = 0, i
		case c == '$' && match == 0:
			if from < i-1 {
				count++
			}
			match, from = '$', i
		case c == '{' && match != 0:
			braces++
		case c == '}' && match == '}' && braces == 0:
			sub(from, i)
			match, from = 0, i
		case c == '}' && match != 0:
			braces = max(braces-1, 0)
		case c == '\\' && match == 0 && textRef(s[i:]) > 0:
			if from < i-1 {
				count++
			}
			match, from = '}', i-1
			i += textRef(s[i:])
		case c == '\\' && i < len(s):
			c = s[i]
			i++
			switch {
			case c == '(' && match == 0:
				if from < i-2 {
					count++
				}
				match, from = ')', i
			case c == ')' && match == ')' && braces == 0:
				sub(from, i-2)
				match, from = 0, i
			}
		}
	}
	if match != 0 {
		p.fail("MathNotTerminated", a.span(), "The formula in this text is never closed.")
		return
	}
	if from < len(s) || p.r.w.four {
		count++
	}
	switch {
	case one && count != 1:
		p.pushNode(node{kind: kOther, unsure: true})
	case one || count == 1:
		p.pushNode(node{kind: kOther, space: true})
	case count > 1:
		p.pushNode(node{kind: kRow, unsure: true})
	}
}

// textRef returns the length of (eq)?ref\s*{ at the start of s, 0 where it is
// not there.
func textRef(s string) int {
	for _, command := range [2]string{"ref", "eqref"} {
		if strings.HasPrefix(s, command) {
			if i := skipSpace(s, len(command)); i < len(s) && s[i] == '{' {
				return i + 1
			}
		}
	}
	return 0
}

// dollar returns the dollar that closes math in a text whose braces balance, -1
// where there is none.
func dollar(s string, i int) int {
	for depth := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return -1
			}
		case '$':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// textMacros notes that the package textmacros reads a text with a parser of
// its own. What it certainly takes as plain text does is let pass.
func (p *parser) textMacros(s string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			i++
			if i < len(s) && strings.IndexByte(`%$&{}#_ ,:;>!`, s[i]) >= 0 {
				continue
			}
			if n := strings.Index(s[min(i, len(s)):], `\)`); n > 0 && s[i] == '(' && !strings.ContainsAny(s[i+1:i+n], `{}$\`) {
				i += n + 1
				continue
			}
			word := i
			for i < len(s) && isLetter(s[i]) {
				i++
			}
			switch s[word:i] {
			case "rm", "it", "bf", "sf", "tt", "cal", "tiny", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge",
				"dagger", "ddagger", "S", "ldots", "vdots", "enspace", "quad", "qquad", "thinspace", "negthinspace":
				i--
				continue
			case "textnormal", "textup", "textrm", "textit", "textbf", "textsf", "texttt", "emph":
				if i = skipSpace(s, i); i < len(s) && s[i] == '{' {
					i--
					continue
				}
			}
			p.r.doubt()
			return
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				p.r.doubt()
				return
			}
		case '$':
			// Math in a text: what is between the dollars is read as ever.
			end := dollar(s, i+1)
			if end < 0 {
				p.r.doubt()
				return
			}
			i = end
		case '^', '_', '&', '#', '%':
			p.r.doubt()
			return
		}
	}
	if depth != 0 {
		p.r.doubt()
	}
}
