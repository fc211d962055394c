package tex

import (
	"strings"

	"scholium/analysis/text"
)

// An item is an entry of MathJax's stack: a construct that is not finished.
// Its nodes are those of the reader from nodes on, up to the next item's.
type item struct {
	kind  itemKind
	nodes int
	at    text.Span // what opened it, in the TeX
	name  string

	node   node // of a script or prime: the base
	second bool // of a script: it is the upper one
	primes bool // of a script: primes come first
	moves  moves

	rows, cells int  // of an array: finished rows, finished cells of this row
	rowAt       int  // where this row begins, in the TeX
	braced      bool // of an array: \matrix{…}
	cases       bool // of an array: the second column is text
	casesEnd    string
	columns     int // of xalignat: how many at most
	cd          bool
	line        bool // of a cell: the end of a row
	newline     bool // of a cell: \\, which may stand anywhere
	single      bool // of \braket: its argument is one token
	bars        int  // of \braket: how many bars may divide it, -1 any
	horizontal  bool // of \moveleft
	open, close byte // of a fence of physics
	count       int  // how many of its kind were opened within
	ignore      bool // what it holds is dropped
}

type itemKind uint8

const (
	iStart itemKind = iota
	iOpen
	iLeft
	iBegin
	iBeginEnv
	iEquation
	iArray
	iEqnArray
	iMultline
	iFlalign
	iBraket
	iAuto // a fence that physics has opened
	iStop // the first of those that close
	iClose
	iOver
	iRight
	iMiddle
	iEnd
	iCell
	iSubsup // the first of those that neither open nor close
	iPrime
	iStyle
	iPosition
	iFn
	iNot
	iNonscript
	iDots
	iNull // of MathJax 4: nothing, but no script can be made of it
)

func (k itemKind) opens() bool  { return k < iStop }
func (k itemKind) closes() bool { return iStop <= k && k < iSubsup }
func (k itemKind) array() bool  { return iArray <= k && k <= iFlalign }

func (p *parser) top() *item { return &p.r.items[len(p.r.items)-1] }

// size is how many nodes the top item holds.
func (p *parser) size() int { return len(p.r.nodes) - p.top().nodes }

// last returns the last node of the top item, nil where it has none.
func (p *parser) last() *node {
	if p.size() <= 0 {
		return nil
	}
	return &p.r.nodes[len(p.r.nodes)-1]
}

// take removes all nodes of the top item and returns what they are together.
func (p *parser) take() node {
	from := p.top().nodes
	n := row(p.r.nodes[from:])
	p.r.nodes = p.r.nodes[:from]
	return n
}

func (p *parser) pop() {
	p.take()
	p.r.items = p.r.items[:len(p.r.items)-1]
}

// pushNode adds a finished piece of math to what is open (Stack.Push and the
// items' checkItem, for an mml item).
func (p *parser) pushNode(n node) {
	for !p.r.failed {
		top := p.top()
		switch top.kind {
		case iSubsup:
			base := top.scripted()
			p.pop()
			n = base
		case iPrime:
			base := top.primed()
			p.pop()
			p.pushNode(base)
		case iFn:
			if n.closes && n.char != 0 {
				p.r.doubt() // it may close what physics has opened, though the function takes it first
			}
			first := p.last()
			if first == nil {
				p.r.nodes = append(p.r.nodes, n)
				return
			}
			base := *first
			p.pop()
			p.pushNode(base)
		case iNot, iNonscript:
			n.unsure = n.unsure || top.kind == iNot && n.operator && n.moves != movesYes // struck through, it may be none
			p.pop()
		case iDots:
			p.pop()
			p.pushNode(node{kind: kOperator})
		case iPosition:
			across := top.horizontal
			p.pop()
			if across {
				p.pushNode(node{kind: kSpace, space: true})
				p.pushNode(n)
				n = node{kind: kSpace, space: true}
			} else {
				n = wrap(n)
			}
		case iBraket:
			p.r.nodes = append(p.r.nodes, n)
			if !top.single {
				return
			}
			n = node{kind: kOther}
			p.pop()
		case iAuto:
			if n.char == top.open && n.kind == kOperator {
				top.count++
			}
			if n.closes && n.char == top.close {
				if top.count == 0 {
					ignore := top.ignore
					p.pop()
					if ignore {
						return
					}
					n = node{kind: kOther}
					continue
				}
				top.count--
			}
			n.closes = false
			p.r.nodes = append(p.r.nodes, n)
			return
		default:
			n.closes = false
			p.r.nodes = append(p.r.nodes, n)
			return
		}
	}
}

// scripted is the base of a script item with its script set.
func (it *item) scripted() node {
	n := it.node
	if it.second {
		n.sup = true
	} else {
		n.sub = true
	}
	if it.primes {
		n.sup = true
	}
	if it.moves != movesUnset {
		n.moves = it.moves
	}
	return n
}

// primed is the base of a prime item with its primes set.
func (it *item) primed() node {
	n := it.node
	if !n.isSubsup() || n.kind == kSup {
		return node{kind: kSup, sup: true, operator: n.operator, embell: n.isEmbellished(), unsure: n.unsure}
	}
	n.sup = true
	return n
}

// push adds an item: something opens, closes or waits for what follows.
func (p *parser) push(it item) {
	for !p.r.failed && len(p.r.items) > p.bottom {
		top := p.top()
		switch top.kind {
		case iFn:
			if first := p.last(); first != nil && !it.kind.opens() {
				base := *first
				p.pop()
				p.pushNode(base)
				continue
			}
		case iPrime:
			base := top.primed()
			p.pop()
			p.pushNode(base)
			continue
		case iDots, iNot:
			if it.kind != iOpen && it.kind != iLeft {
				p.pop()
				p.pushNode(node{kind: kOperator})
				continue
			}
		case iNonscript:
			p.pop()
			continue
		case iStyle:
			if it.kind.closes() {
				n := wrap(p.take())
				p.pop()
				p.pushNode(n)
				continue
			}
		case iOver:
			if it.kind == iOver {
				p.fail("AmbiguousUseOf", it.at, "A second %s in one group: which fraction is inside the other? Use braces.", it.name)
				return
			}
			if it.kind.closes() {
				p.pop()
				p.pushNode(node{kind: kOther})
				continue
			}
		case iPosition:
			if it.kind.closes() {
				p.fail("MissingBoxFor", top.at, "%s has nothing to move.", top.name)
				return
			}
		case iSubsup:
			if it.kind != iOpen && it.kind != iLeft {
				p.missingScript(top, it)
				return
			}
		case iStart:
			if it.kind == iStop {
				if last := p.last(); last != nil {
					p.tail = *last
				}
				p.result = p.take()
				if !p.inner {
					p.r.finalize()
				}
				return
			}
		case iOpen:
			if it.kind == iClose {
				n := atom(p.take())
				p.pop()
				p.pushNode(n)
				return
			}
		case iBraket:
			if it.kind == iClose {
				p.pop()
				p.pushNode(node{kind: kOther})
				return
			}
		case iLeft:
			if it.kind == iRight {
				p.pop()
				p.pushNode(node{kind: kOther})
				return
			}
			if it.kind == iMiddle {
				p.r.nodes = append(p.r.nodes, node{kind: kOperator})
				return
			}
		case iBegin, iBeginEnv:
			if it.kind == iEnd {
				if it.name != top.name {
					p.fail("EnvBadEnd", it.at, "\\begin{%s} is ended by \\end{%s}.", top.name, it.name)
					return
				}
				n := p.take()
				p.pop()
				p.pushNode(n)
				return
			}
		case iEquation:
			if it.kind == iEnd {
				n := p.take()
				p.r.tagRow(text.Union(top.at, it.at))
				p.r.endFrame()
				p.pop()
				p.pushNode(n)
				continue
			}
		case iArray, iEqnArray, iMultline, iFlalign:
			if it.kind.closes() && it.kind != iOver {
				switch {
				case it.kind == iCell && !it.line:
					p.endEntry()
					return
				case it.kind == iCell:
					p.endEntry()
					p.endRow(it.at.End)
					return
				}
				p.endTable(it.at)
				if p.r.failed {
					return
				}
				braced, at := top.braced, top.at
				p.pop()
				if braced && it.kind != iClose {
					p.fail("MissingCloseBrace", at, "The brace behind this command is never closed.")
					return
				}
				p.pushNode(node{kind: kTable})
				if braced {
					return
				}
				continue
			}
		}
		p.settle(it)
		return
	}
}

// settle is what every item does with what it does not know (BaseItem).
func (p *parser) settle(it item) {
	top := p.top()
	if it.kind == iOver && top.kind.opens() {
		p.take()
	}
	if it.kind == iCell && top.kind.opens() {
		if !it.newline {
			p.fail("Misplaced", it.at, "%s has no place outside an alignment.", it.name)
		}
		return
	}
	switch it.kind {
	case iNull:
		return
	case iClose:
		p.extra(top, it)
		return
	case iEnd:
		p.fail("MissingBeginExtraEnd", it.at, "This \\end{%s} ends nothing that is open here%s.", it.name, top.blocking())
		return
	case iRight:
		p.fail("MissingLeftExtraRight", it.at, "This \\right has no \\left%s.", top.blocking())
		return
	case iMiddle:
		p.fail("ExtraMiddle", it.at, "This \\middle does not stand between a \\left and its \\right.")
		return
	case iStop:
		switch top.kind {
		case iOpen:
			p.fail("ExtraOpenMissingClose", top.at, "This brace is never closed.")
			return
		case iAuto:
			p.fail("ExtraOrMissingDelims", top.at, "The delimiter that opens here is never closed.")
			return
		case iLeft:
			p.fail("ExtraLeftMissingRight", top.at, "This \\left has no \\right.")
			return
		case iBegin, iBeginEnv:
			p.fail("EnvMissingEnd", top.at, "\\begin{%s} has no \\end{%s}.", top.name, top.name)
			return
		case iEquation:
			p.fail("EnvMissingEnd", top.at, "\\begin{%s} has no \\end{%s}.", top.name, top.name)
			return
		}
	}
	it.nodes = len(p.r.nodes)
	p.r.items = append(p.r.items, it)
}

// extra reports a brace that closes nothing. Where something else is open, that
// is what lacks its end.
func (p *parser) extra(top *item, it item) {
	p.fail("ExtraCloseMissingOpen", it.at, "This closing brace closes nothing%s.", top.blocking())
}

// blocking says what is open and must be closed first.
func (it *item) blocking() string {
	switch it.kind {
	case iOpen:
		return ": a brace is open before it"
	case iLeft:
		return `: a \left is open before it`
	case iBegin, iBeginEnv:
		return `: \begin{` + it.name + `} is open before it`
	}
	return ""
}

// null is pushed by what prints nothing. MathJax 3 pushes nothing there.
func (p *parser) null() {
	if p.r.w.four {
		p.push(item{kind: iNull, at: p.running(), name: p.command})
	}
}

func (p *parser) missingScript(top *item, it item) {
	p.missed = true
	switch it.kind {
	case iStop:
		p.fail("MissingScript", top.at, "Nothing follows this %s.", top.name)
	case iClose:
		p.fail("ExtraCloseMissingOpen", top.at, "Nothing follows this %s before the group ends.", top.name)
	case iEnd:
		p.fail("MissingBeginExtraEnd", top.at, "Nothing follows this %s before the environment ends.", top.name)
	case iRight:
		p.fail("MissingLeftExtraRight", top.at, "Nothing follows this %s before \\right.", top.name)
	case iMiddle:
		p.fail("ExtraMiddle", top.at, "Nothing follows this %s before \\middle.", top.name)
	default:
		id := "MissingOpenForSub"
		if top.second {
			id = "MissingOpenForSup"
		}
		p.fail(id, top.at, "What follows this %s must stand in braces.", top.name)
	}
}

// endEntry finishes a cell.
func (p *parser) endEntry() {
	top := p.top()
	p.take()
	top.cells++
	if top.columns > 0 && top.cells > top.columns {
		if strings.Contains(p.s, `\hline`) {
			p.r.giveUp() // a rule may stand where there is no cell yet
			return
		}
		p.fail("XalignOverflow", top.at, "A row of this environment has more columns than it says.")
	}
}

// endRow finishes a row; end is where it ends in the TeX.
func (p *parser) endRow(end int) {
	top := p.top()
	switch top.kind {
	case iMultline:
		if top.cells != 1 {
			p.fail("MultlineRowsOneCol", top.at, "The rows of multline have one column: no & is allowed.")
			return
		}
	case iEqnArray, iFlalign:
		p.r.tagRow(text.Span{Start: min(top.rowAt, end), End: max(top.rowAt, end)})
		p.r.clearTag()
	}
	top.cells = 0
	top.rows++
	top.rowAt = end
}

func (p *parser) endTable(at text.Span) {
	top := p.top()
	if p.size() > 0 || top.cells > 0 {
		p.endEntry()
		if p.r.failed {
			return
		}
		p.endRow(at.Start)
		if p.r.failed {
			return
		}
	}
	switch top.kind {
	case iMultline:
		if top.rows > 0 {
			p.r.tagRow(text.Union(top.at, at))
		}
		p.r.endFrame()
	case iEqnArray, iFlalign:
		p.r.endFrame()
	}
}
