package kramdown

import (
	"strings"
	"unicode/utf8"
)

// emphasis reads *…*, **…**, _…_ or __…__.
//
// An attempt that finds no end has read the text in vain, and so would each
// further one. What it saw as text on its way would fail alike, if it came to
// be tried in the place of the first: these places are marked.
func (p *parser) emphasis(f *frame, i int) {
	s := p.ss
	n := 1
	if i+1 < len(s) && s[i+1] == s[i] {
		n = 2
	}
	kind, nested := Emphasis, p.inEm > 0
	if n == 2 {
		kind, nested = Strong, p.inStrong > 0
	}
	if nested {
		if f.kind == kind && f.stop == stopDelim && f.delim[0] == s[i] {
			p.marks = append(p.marks, i)
		}
		p.text(f, i, i+n)
		p.sp = i + n
		return
	}
	if s[i] == '_' && behindLetter(s[:p.beforeLines(i)]) || i+n < len(s) && isSpace(s[i+n]) {
		p.text(f, i, i+n)
		p.sp = i + n
		return
	}
	if p.tryEmphasis(f, i, n, kind) || n == 2 && f.kind != Emphasis && p.tryEmphasis(f, i, 1, Emphasis) {
		return
	}
	p.text(f, i, i+n)
	p.sp = i + n
}

// beforeLines returns where the underscores in front of i begin, which kramdown
// passes over since 2.5: within snake__case nothing begins.
func (p *parser) beforeLines(i int) int {
	if !p.v25 {
		return i
	}
	if p.linesFrom <= i && i <= p.linesEnd {
		return p.linesFrom
	}
	from := i
	for from > 0 && p.ss[from-1] == '_' {
		if from--; from == p.linesEnd {
			from = p.linesFrom
			break
		}
	}
	p.linesFrom, p.linesEnd = from, i
	return from
}

// behindLetter matches [[:alpha:]]-?[[:alpha:]]*\z.
func behindLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	if r == '-' {
		r, _ = utf8.DecodeLastRuneInString(s[:len(s)-1])
	}
	return isAlpha(r) && r != utf8.RuneError
}

// context is the part of the state on which it depends whether an attempt fails.
func (p *parser) context() uint {
	c := uint(0)
	if p.inEm > 0 {
		c |= 1
	}
	if p.inStrong > 0 {
		c |= 2
	}
	if p.inLink > 0 {
		c |= 4
	}
	return c
}

// hasFailed reports whether an attempt is known to fail, or must be given up
// because too much was read in vain already.
func (p *parser) hasFailed(i int, variant uint) bool {
	return p.budget <= 0 || p.spanDepth > maxDepth || p.failed != nil && p.failed[i]&(1<<(p.context()*3+variant)) != 0
}

// fail notes that an attempt fails: 0 is a link, 1 and 2 an emphasis with so
// many delimiters.
func (p *parser) fail(i int, variant uint) {
	if p.failed == nil {
		if p.failed = p.failedPool; len(p.failed) < len(p.ss) {
			p.failed = make([]uint32, max(len(p.ss), 256))
		}
		p.failedPool = nil
	}
	p.failed[i] |= 1 << (p.context()*3 + variant)
}

// A work counts the constructs that were tried, and those among them that were
// paid for already.
type work struct{ done, paid int }

// waste pays for an attempt that failed over so many bytes. What is tried there
// takes longer than what is passed over.
func (p *parser) waste(began work, bytes int) {
	own := p.work.done - began.done - (p.work.paid - began.paid)
	p.work.paid += own
	p.budget -= bytes + 8*own
}

// release keeps the memory of failed for the next text.
func (p *parser) release() {
	if p.failed != nil {
		clear(p.failed[:len(p.ss)])
		p.failedPool, p.failed = p.failed, nil
	}
}

func (p *parser) tryEmphasis(f *frame, i, n int, kind Kind) bool {
	s := p.ss
	last := &p.lastStar
	if s[i] == '_' {
		last = &p.lastLine
	}
	if *last == -2 {
		*last = strings.LastIndexByte(s, s[i])
	}
	variant := uint(n)
	if *last < i+n && (!p.switches || p.tried) || p.hasFailed(i, variant) {
		return false
	}
	g := p.open(kind)
	g.stop, g.delim = stopDelim, s[i:i+n]
	depth := &p.inEm
	if kind == Strong {
		depth = &p.inStrong
	}
	*depth++
	p.spanDepth++
	markers, missing := len(p.t.Markers), len(p.t.Missing)
	began := p.work
	p.sp = i + n
	found := p.spans(&g)
	*depth--
	p.spanDepth--
	if !found {
		p.tried = true
		p.fail(i, variant)
		for _, k := range p.marks[g.marks:] {
			p.fail(k, variant)
		}
		p.waste(began, p.sp-i)
		p.drop(&g)
		p.t.Markers, p.t.Missing = p.t.Markers[:markers], p.t.Missing[:missing]
		p.sp = i
		return false
	}
	el := p.at(kind, p.sv, i, p.sp+n)
	el.Inner = p.sv.span(i+n, p.sp)
	el.Children = p.take(&g)
	p.sp += n
	p.child(f, el)
	return true
}
