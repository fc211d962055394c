package tex

import (
	"strings"
	"unicode/utf8"

	"scholium/analysis/text"
)

// A parser is MathJax's TexParser: it reads one string, that of a formula or
// of an argument. What fails is kept by the reader; a parser of a formula that
// has failed does nothing more.
type parser struct {
	r      *reader
	s      string
	i      int
	origin origin

	bottom    int    // of its part of the reader's stack
	macros    int    // how many macros it has expanded
	command   string // the command that runs, as written
	at        int    // where that command begins, in s
	digit     int    // the digit at this place is a whole script: x^12 is x^1 2
	inner     bool   // reads an argument
	missed    bool   // an argument or script is missing where a group ends
	root      bool   // within the index of a root
	equation, // an equation environment has begun in this string
	leftRoot, upRoot bool
	result node
	tail   node // the last node of the result, where it is several
}

// The bounds of MathJax: maxMacros and maxBuffer.
const (
	maxMacros = 1000
	maxBuffer = 5 * 1024
	// maxNested is ours: behind it a formula is given up, not called wrong.
	maxNested = 200
)

// parse reads the whole string and returns what it becomes.
func (p *parser) parse() node {
	r := p.r
	if r.depth++; r.depth > maxNested {
		r.giveUp()
	}
	p.digit = -1
	p.bottom = len(r.items)
	r.items = append(r.items, item{kind: iStart, nodes: len(r.nodes)})
	nodes := len(r.nodes)
	p.run()
	p.push(item{kind: iStop, at: p.origin.span(len(p.s), len(p.s))})
	r.items = r.items[:p.bottom]
	r.nodes = r.nodes[:nodes]
	r.depth--
	return p.result
}

// run reads what is left of the string.
func (p *parser) run() {
	for p.i < len(p.s) && !p.r.failed {
		if p.r.fuel--; p.r.fuel < 0 {
			p.r.giveUp()
			return
		}
		p.character()
	}
}

// character is the dispatch of the maps command, special, letter and digit of
// MathJax's base package, and of Other.
func (p *parser) character() {
	at := p.i
	c := p.s[at]
	p.i++
	switch {
	case isLetter(c):
		// A run of letters is a run of mi elements: only the last can matter.
		for p.i < len(p.s) && isLetter(p.s[p.i]) {
			p.i++
		}
		if p.i-at > 1 {
			p.pushNode(node{kind: kOther})
		}
		p.pushNode(node{kind: kOther})
		return
	case isDigit(c) || c == '.' || c == ',':
		p.number(at)
		return
	}
	p.at = at
	switch c {
	case '\\':
		p.controlSequence(p.word())
	case '{':
		p.push(item{kind: iOpen, at: p.here(at)})
	case '}':
		p.push(item{kind: iClose, at: p.here(at)})
	case '^':
		p.script(2, p.here(at))
	case '_':
		p.script(1, p.here(at))
	case ' ', '\t', '\n', '\r':
	case '~':
		p.pushNode(node{kind: kOther, space: true})
	case '\'':
		p.prime(at)
	case '%':
		if n := strings.IndexByte(p.s[at:], '\n'); n >= 0 {
			p.i = at + n
		} else {
			p.i = len(p.s)
		}
	case '&':
		p.entry(p.here(at))
	case '#':
		p.fail("CantUseHash1", p.here(at), "A # stands for a macro's argument and has no place in a formula; write \\#.")
	case '@':
		if !p.cdArrow() {
			p.pushNode(node{kind: kOperator})
		}
	case '|':
		p.pushNode(node{kind: kOperator, char: c, closes: p.r.w.physics})
	case '(', '[':
		p.pushNode(node{kind: kOperator, char: c})
	case ')', ']':
		p.pushNode(node{kind: kOperator, char: c, closes: p.r.w.physics})
	default:
		if c < utf8.RuneSelf {
			p.pushNode(node{kind: kOperator})
			return
		}
		p.wide(at)
	}
}

// wide reads a character beyond ASCII.
func (p *parser) wide(at int) {
	c, size := utf8.DecodeRuneInString(p.s[at:])
	p.i = at + size
	switch {
	case c == 0xA0:
	case c == 0x2019:
		p.prime(at)
	default:
		p.pushNode(node{kind: kOperator, operator: strings.ContainsRune(p.r.w.table.operators, c)})
	}
}

// number reads digits as MathJax's default pattern does:
// ^(?:[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)
func (p *parser) number(at int) {
	s, i := p.s, p.i
	c := s[at]
	switch {
	case at == p.digit && isDigit(c):
	case isDigit(c):
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		for i+5 < len(s) && s[i:i+3] == "{,}" && isDigit(s[i+3]) && isDigit(s[i+4]) && isDigit(s[i+5]) {
			i += 6
		}
		if i < len(s) && s[i] == '.' {
			for i++; i < len(s) && isDigit(s[i]); i++ {
			}
		}
	case c == '.':
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	p.i = i
	p.pushNode(node{kind: kOther})
}

// here is the span from at to where the parser is.
func (p *parser) here(at int) text.Span { return p.origin.span(at, p.i) }

// running is the span of the command that runs, without its arguments.
func (p *parser) running() text.Span { return p.origin.span(p.at, p.at+len(p.command)) }

// word reads the name of a command behind its backslash (GetCS). A newline,
// or nothing, makes it a control space.
func (p *parser) word() string {
	s, i := p.s, p.i
	if i >= len(s) {
		return " "
	}
	if isLetter(s[i]) {
		for i++; i < len(s) && isLetter(s[i]); i++ {
		}
		name := s[p.i:i]
		if i < len(s) && s[i] == ' ' {
			i++
		}
		p.i = i
		return name
	}
	if s[i] == '\n' || s[i] == '\r' {
		p.i++
		return " "
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	p.i += size
	return s[i : i+size]
}

// next skips blanks and returns the byte that follows, 0 at the end (GetNext).
func (p *parser) next() byte {
	if p.i < len(p.s) && p.s[p.i] > ' ' && p.s[p.i] < utf8.RuneSelf {
		return p.s[p.i]
	}
	p.i = skipSpace(p.s, min(p.i, len(p.s)))
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// rune returns the character at the parser's place; "" at the end.
func (p *parser) rune() string {
	if p.i >= len(p.s) {
		return ""
	}
	_, size := utf8.DecodeRuneInString(p.s[p.i:])
	return p.s[p.i : p.i+size]
}

// argument reads an argument (GetArgument).
func (p *parser) argument() argument {
	if p.r.failed {
		return argument{}
	}
	switch p.next() {
	case 0:
		p.fail("MissingArgFor", p.running(), "The argument of %s is missing.", p.command)
		return argument{}
	case '}':
		p.missed = true
		p.fail("ExtraCloseMissingOpen", p.origin.span(p.i, p.i+1), "This closing brace stands where %s expects an argument.", p.command)
		return argument{}
	case '\\':
		at := p.i
		p.i++
		name := p.word()
		// The blank behind a control word is no part of the argument.
		if at+1+len(name) <= len(p.s) && p.s[at+1:at+1+len(name)] == name {
			return argument{p.s[at : at+1+len(name)], p.origin.from(at), true}
		}
		here := p.origin.span(at, min(p.i, len(p.s)))
		return argument{`\ `, origin{stretches: []stretch{{end: 2, start: here.Start, tex: here.End}}}, true}
	case '{':
		open := p.i
		end, ok := closingBrace(p.s, open+1)
		if !ok {
			p.fail("MissingCloseBrace", p.origin.span(open, open+1), "This brace is never closed.")
			return argument{}
		}
		p.i = end + 1
		return argument{p.s[open+1 : end], p.origin.from(open + 1), true}
	}
	c := p.rune()
	a := argument{c, p.origin.from(p.i), true}
	p.i += len(c)
	return a
}

// closingBrace returns the brace that closes a group whose content begins at i.
func closingBrace(s string, i int) (int, bool) {
	for depth := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// brackets reads an [optional] argument; given is false where there is none
// (GetBrackets).
func (p *parser) brackets() argument {
	if p.r.failed || p.next() != '[' {
		return argument{}
	}
	open, depth := p.i, 0
	for i := open + 1; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				p.fail("ExtraCloseLooking", p.origin.span(i, i+1), "This closing brace stands within the [ ] of %s.", p.command)
				return argument{}
			}
		case ']':
			if depth == 0 {
				p.i = i + 1
				return argument{p.s[open+1 : i], p.origin.from(open + 1), true}
			}
		}
	}
	p.fail("MissingCloseBracket", p.origin.span(open, open+1), "This [ opens an argument of %s and is never closed.", p.command)
	return argument{}
}

// star reads an optional star.
func (p *parser) star() bool {
	if p.next() == '*' {
		p.i++
		return true
	}
	return false
}

// delimiter reads a delimiter as after \left, also in braces where allowed
// (GetDelimiter).
func (p *parser) delimiter(braces bool) string {
	if p.r.failed {
		return ""
	}
	p.next()
	at := p.i
	if at < len(p.s) {
		c := p.rune()
		p.i += len(c)
		switch {
		case c == `\`:
			name := p.word()
			c = `\` + name
		case c == "{" && braces:
			p.i--
			c = strings.TrimSpace(p.argument().text)
		}
		if p.r.w.delimiter(c) {
			return c
		}
	}
	span := p.running()
	if at < p.i && p.i <= len(p.s) {
		span = p.origin.span(at, p.i)
	}
	p.fail("MissingOrUnrecognizedDelim", span, "%s needs a delimiter here.", p.command)
	return ""
}

// delimiterArgument reads a delimiter as an argument that may be empty
// (GetDelimiterArg).
func (p *parser) delimiterArgument() {
	a := p.argument()
	c := trim(a.text)
	if c != "" && !p.r.w.delimiter(c) {
		p.fail("MissingOrUnrecognizedDelim", a.span(), "%s needs a delimiter here.", p.command)
	}
}

// dimension reads a length (GetDimen).
func (p *parser) dimension() {
	if p.r.failed {
		return
	}
	if p.next() == '{' {
		a := p.argument()
		if n, ok := matchDimension(a.text); ok && skipSpace(a.text, n) == len(a.text) {
			return
		}
		p.fail("MissingDimOrUnits", p.running(), "%s needs a length with its unit, as 2pt or 0.5em.", p.command)
		return
	}
	if n, ok := matchDimension(p.s[min(p.i, len(p.s)):]); ok {
		p.i += n
		if p.i < len(p.s) && p.s[p.i] == ' ' {
			p.i++
		}
		return
	}
	p.fail("MissingDimOrUnits", p.running(), "%s needs a length with its unit, as 2pt or 0.5em.", p.command)
}

// matchDimension returns the length of a dimension at the start of s:
// \s*[-+]?([.,]\d+|\d+([.,]\d*)?)\s*(pt|em|ex|mu|px|mm|cm|in|pc).
func matchDimension(s string) (int, bool) {
	i := skipSpace(s, 0)
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	start := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	whole := i > start
	if i < len(s) && (s[i] == '.' || s[i] == ',') {
		point := i
		for i++; i < len(s) && isDigit(s[i]); i++ {
		}
		if !whole && i == point+1 {
			return 0, false
		}
	} else if !whole {
		return 0, false
	}
	i = skipSpace(s, i)
	if i+2 > len(s) {
		return 0, false
	}
	switch s[i : i+2] {
	case "pt", "em", "ex", "mu", "px", "mm", "cm", "in", "pc":
		return i + 2, true
	}
	return 0, false
}

// upTo reads up to a command that stands outside braces (GetUpTo).
func (p *parser) upTo(token string) argument {
	if p.r.failed {
		return argument{}
	}
	p.next()
	start, depth := p.i, 0
	for p.i < len(p.s) {
		at := p.i
		c := p.next()
		if c != 0 {
			at = p.i
		}
		r := p.rune()
		p.i += len(r)
		switch c {
		case '\\':
			r = `\` + p.word()
		case '{':
			depth++
		case '}':
			if depth == 0 {
				p.fail("ExtraCloseLooking", p.origin.span(at, at+1), "This closing brace stands where %s looks for %s.", p.command, token)
				return argument{}
			}
			depth--
		}
		if depth == 0 && r == token {
			return argument{p.s[start:at], p.origin.from(start), true}
		}
	}
	p.fail("TokenNotFoundForCommand", p.running(), "%s needs a %s after it.", p.command, token)
	return argument{}
}

// read reads an argument's text as math of its own.
func (p *parser) read(a argument) node {
	if p.r.failed {
		return node{}
	}
	if len(a.text) == 1 && isLetter(a.text[0]) {
		return node{kind: kOther}
	}
	sub := parser{r: p.r, s: a.text, origin: a.origin, inner: true, root: p.root, command: p.command}
	return sub.parse()
}

// spill reads an argument's text as math and pushes what it becomes, each node
// by itself: a script behind it belongs to the last one.
func (p *parser) spill(a argument) {
	if p.r.failed {
		return
	}
	sub := parser{r: p.r, s: a.text, origin: a.origin, inner: true, root: p.root, command: p.command}
	switch n := sub.parse(); n.kind {
	case kEmpty:
	case kRow:
		p.pushNode(node{kind: kOther})
		p.pushNode(sub.tail)
	default:
		p.pushNode(n)
	}
}

// math reads an argument and reads it as math (ParseArg).
func (p *parser) math() node { return p.read(p.argument()) }

// span is where an argument stands in the formula's TeX.
func (a argument) span() text.Span { return a.origin.span(0, len(a.text)) }

// trim is MathJax's trimSpaces: a control space at the end keeps its blank.
func trim(s string) string {
	t := strings.TrimFunc(s, isSpace)
	if strings.HasSuffix(t, `\`) && strings.HasSuffix(s, " ") {
		t += " "
	}
	return t
}

func isSpace(r rune) bool {
	return r < utf8.RuneSelf && asciiSpace(byte(r)) || r >= utf8.RuneSelf && wideSpace(r)
}
