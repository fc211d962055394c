package tex

import (
	"strings"

	"scholium/analysis/text"
)

// script is ^ (position 2) and _ (position 1).
func (p *parser) script(position int, at text.Span) {
	if c := p.next(); isDigit(c) {
		p.digit = p.i
	}
	top := p.top()
	it := item{kind: iSubsup, at: at, second: position == 2, name: "^"}
	if position == 1 {
		it.name = "_"
	}
	var base node
	switch {
	case top.kind == iPrime:
		base, it.primes = top.node, true
		p.pop()
	case top.kind == iSubsup:
		base = node{kind: kEmpty} // a script of nothing: push says so
	default:
		if last := p.last(); last != nil {
			base = *last
			p.r.nodes = p.r.nodes[:len(p.r.nodes)-1]
		} else {
			base = node{kind: kOther}
		}
	}
	taken := base.sub
	if position == 2 {
		taken = base.sup
	}
	full := base.kind == kSubsup && taken
	switch {
	case base.isUnderover() && !base.fixed && taken:
		full = position == 1 || base.kind != kOver
		if position == 1 && base.kind == kOver {
			full = false
		}
	}
	if full {
		if base.unsure {
			p.r.doubt()
		}
		if position == 2 {
			p.fail("DoubleExponent", at, "A second superscript: use braces to say what it belongs to.")
		} else {
			p.fail("DoubleSubscripts", at, "A second subscript: use braces to say what it belongs to.")
		}
		return
	}
	it.moves = base.moves
	if !base.isSubsup() || base.kind == kSup {
		inner := node{operator: base.operator, embell: base.isEmbellished(), unsure: base.unsure}
		if base.moves == movesYes {
			if !base.isUnderover() || base.kind == kOver || taken {
				inner.kind, inner.moves = kUnderover, movesYes
				base = inner
			}
		} else {
			inner.kind = kSubsup
			base = inner
		}
	}
	it.node = base
	p.push(it)
}

// prime is ', and the typographic apostrophe.
func (p *parser) prime(at int) {
	var base node
	if last := p.last(); last != nil && p.top().kind != iPrime {
		base = *last
		p.r.nodes = p.r.nodes[:len(p.r.nodes)-1]
	} else {
		base = node{kind: kOther}
	}
	if base.kind == kSubsup && base.sup || p.r.w.four && base.isUnderover() && base.kind != kOver && base.sup && !base.fixed {
		p.fail("DoubleExponentPrime", p.here(at), "A prime after a superscript: use braces to say what it belongs to.")
		return
	}
	for {
		c := p.next()
		if c == '\'' {
			p.i++
		} else if strings.HasPrefix(p.s[min(p.i, len(p.s)):], "’") {
			p.i += len("’")
		} else {
			break
		}
	}
	p.push(item{kind: iPrime, at: p.here(at), node: base})
}

// limits is \limits and \nolimits.
func (p *parser) limits(on bool) {
	if p.r.failed {
		return
	}
	top := p.top()
	op := p.last()
	if top.kind == iSubsup {
		op = &top.node
	}
	if top.kind == iPrime {
		op = nil
	}
	if op == nil || !op.operator && op.moves == movesUnset {
		if op != nil && op.unsure {
			p.r.doubt()
		}
		p.fail("MisplacedLimits", p.running(), "%s is allowed only behind an operator.", p.command)
		return
	}
	if op.unsure {
		p.r.doubt()
	}
	changed := *op
	switch {
	case op.isUnderover() && !on:
		changed.kind = kSubsup
	case op.isSubsup() && on:
		changed.kind = kUnderover
	}
	changed.moves = movesNo
	if on {
		changed.moves = movesYes
	}
	if changed.kind != op.kind {
		// MathJax puts the changed node in the first place of the group.
		if top.kind == iSubsup {
			*op = changed
		} else {
			p.r.nodes[top.nodes] = changed
		}
		return
	}
	*op = changed
}

// entry is &, the end of a cell.
func (p *parser) entry(at text.Span) {
	p.push(item{kind: iCell, at: at, name: "&"})
	if p.r.failed {
		return
	}
	top := p.top()
	if !top.cases && top.casesEnd == "" {
		return
	}
	// The second column of \cases and of the package's cases is text.
	s, i, braces, closed := p.s, p.i, 0, -1
scan:
	for i < len(s) {
		switch s[i] {
		case '{':
			braces++
			i++
		case '}':
			if braces == 0 {
				break scan
			}
			if braces--; braces == 0 && closed < 0 {
				closed = i - p.i
			}
			i++
		case '&':
			if braces == 0 {
				p.fail("ExtraAlignTab", p.origin.span(i, i+1), "There is no third column here.")
				return
			}
			i++
		case '\\':
			rest := s[i:]
			if strings.HasPrefix(rest, `\\`) || strings.HasPrefix(rest, `\cr`) && len(rest) > 3 && !isLetter(rest[3]) ||
				top.casesEnd != "" && endsEnvironment(rest, top.casesEnd) {
				break scan
			}
			i = min(i+2, len(s))
		default:
			i++
		}
	}
	cell := s[p.i:i]
	lead := skipSpace(cell, 0)
	if strings.HasPrefix(cell[lead:], `\text`) && (len(cell) == lead+5 || !isLetter(cell[lead+5])) &&
		closed == len(strings.TrimRightFunc(cell, isSpace))-1 {
		return
	}
	p.text(argument{cell[lead:], p.origin.from(p.i + lead), true}, true)
	p.i = i
}

func endsEnvironment(s, name string) bool {
	if !strings.HasPrefix(s, `\end`) {
		return false
	}
	i := skipSpace(s, len(`\end`))
	return strings.HasPrefix(s[i:], "{"+name+"}")
}
