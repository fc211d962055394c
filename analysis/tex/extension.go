package tex

import (
	"strconv"
	"strings"
)

// extension runs a command of a package that loads itself or is asked for.
func (p *parser) extension(e *entry, name string, at int) {
	switch e.method {
	case mColorColor:
		p.color()
		p.push(item{kind: iStyle, at: p.running()})
	case mColorTextColor:
		p.color()
		p.pushNode(atom(p.math()))
	case mColorColorBox:
		p.boxColor()
		p.text(p.argument(), true)
	case mColorFColorBox:
		p.boxColor()
		p.boxColor()
		p.text(p.argument(), true)
	case mCancelCancel:
		p.brackets()
		p.pushNode(wrap(p.math()))
	case mCancelCancelTo:
		p.brackets()
		p.math()
		n := p.math()
		p.pushNode(node{kind: kSup, sup: true, embell: n.isEmbellished(), operator: n.operator})
	case mEncloseEnclose:
		p.argument()
		if strings.ContainsAny(p.brackets().text, `\{}`) {
			p.r.doubt()
		}
		p.pushNode(wrap(p.math()))
	case mHtmlHref, mHtmlClass, mHtmlStyle, mHtmlId:
		p.argument()
		n := p.math()
		n.unsure = true
		p.pushNode(n)
	case mBboxBBox, mBBox:
		p.bbox()
	case mVerbVerb, mVerb:
		p.verb()
	case mBraketBraket:
		p.braket(e)
	case mActionMathtip:
		p.math()
		p.math()
		p.pushNode(node{kind: kOther, unsure: true})
	case mCenterOver:
		base := p.argument()
		if strings.Contains(base.text, `\label`) || strings.Contains(base.text, `\tag`) {
			p.r.doubt() // it is read twice
		}
		p.math()
		p.read(p.compose("{", base, "}"))
		p.pushNode(node{kind: kAtom, unsure: true})
	case mUnicodeUnicode:
		p.unicode()
	case mUnicode, mChar, mRawUnicode:
		p.unmodelled(e)
	case mMhchemOther:
		p.chemistry(e)
	case mBraketBar:
		p.pushNode(node{kind: kOperator})
	case mAmscdMinCDarrowwidth, mAmscdMinCDarrowheight:
		p.dimension()
	case mColorDefineColor:
		p.argument()
		p.argument()
		p.argument()
		p.r.doubt()
	case mColorv2Color:
		p.argument()
		p.pushNode(wrap(p.math()))
	case mBegingroupBegingroup, mBegingroupEndgroup, mBegingroupGlobal, mBegingroupReset, mBegingroupSandbox,
		mMathtoolsMakeAboxedCommand, mNewColumnType, mSetOptions, mMathtoolsSetOptions:
		// What holds from here on is not modelled.
		p.r.opaque = true
		p.r.giveUp()
	default:
		if !p.physics(e, name, at) && !p.mathtools(e, at) {
			p.unmodelled(e)
		}
	}
}

// extensionEnvironment begins an environment of such a package.
func (p *parser) extensionEnvironment(e *entry, begin item) {
	switch e.method {
	case mAmscdCD:
		if p.r.w.four {
			p.r.doubt() // its arrows differ in small things
		}
		p.push(begin)
		p.array(iArray, begin)
		if !p.r.failed {
			p.top().cd = true
		}
	case mMathtoolsMtMatrix, mMathtoolsMtSmallMatrix:
		if align, ok := e.arg(3); !ok || align == "" {
			a := p.brackets()
			if a.given && a.text == "" {
				p.r.giveUp()
				return
			}
			if a.given && p.r.w.four {
				p.columnsOf(a)
			}
		}
		p.push(begin)
		p.array(iArray, begin)
	case mMathtoolsCases:
		p.push(begin)
		p.array(iArray, begin)
		if !p.r.failed {
			p.top().casesEnd = begin.name
		}
	default:
		p.r.giveUp()
	}
}

// color reads the color of \color and \textcolor. A named one is always
// taken; how others must look depends on their model.
func (p *parser) color() {
	model := p.brackets().text
	if color := p.argument().text; model != "" && !p.r.failed && !inModel(model, color) {
		p.r.doubt()
	}
}

// inModel reports whether a color is certainly one of its model.
func inModel(model, color string) bool {
	parts, most := strings.Split(color, ","), 1.0
	switch model {
	case "rgb":
	case "RGB":
		most = 255
	case "gray":
		parts = []string{color, "0", "0"}
	default:
		return false
	}
	for _, part := range parts {
		part = strings.Trim(part, " ")
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || n < 0 || n > most || strings.Trim(part, "0123456789.") != "" || model == "RGB" && strings.Contains(part, ".") {
			return false
		}
	}
	return len(parts) == 3
}

// chemistry is \ce, which a parser of its own turns into TeX. Of letters,
// digits and signs that is always right; the rest is not modelled.
func (p *parser) chemistry(e *entry) {
	at := p.i
	a := p.argument()
	if p.r.failed {
		return
	}
	plain := e.name == "ce" && p.next() != '^' && p.next() != '_' && p.next() != '\''
	for i := 0; i < len(a.text); i++ {
		c := a.text[i]
		below := c == '_' && i > 0 && (isLetter(a.text[i-1]) || a.text[i-1] == ')') && i+1 < len(a.text) && (isLetter(a.text[i+1]) || isDigit(a.text[i+1]))
		plain = plain && (below || isLetter(c) || isDigit(c) || strings.IndexByte(" ()+-=>,.", c) >= 0)
	}
	if !plain {
		p.i = at
		p.unmodelled(e)
		return
	}
	p.pushNode(node{kind: kAtom, unsure: true})
}

// boxColor reads a color of \colorbox and \fcolorbox, which only MathJax 4
// gives a model.
func (p *parser) boxColor() {
	if p.r.w.four {
		p.color()
	} else {
		p.argument()
	}
}

// bbox is \bbox[…]{…}: padding, a color and styles, with commas between.
func (p *parser) bbox() {
	options := p.brackets()
	n := p.math()
	colors := 0
	for _, part := range strings.Split(options.text, ",") {
		part = strings.TrimSpace(part)
		plain := part != "" && (isLetter(part[0]) || part[0] == '#')
		for i := 1; i < len(part); i++ {
			plain = plain && (isLetter(part[i]) || isDigit(part[i]))
		}
		if part != "" && part[0] == '#' {
			plain = (len(part) == 4 || len(part) == 7) && strings.Trim(part[1:], "0123456789abcdefABCDEF") == ""
		}
		if plain {
			colors++
		}
		if colors > 1 {
			p.r.doubt()
		}
		if length, ok := matchDimension(part); part != "" && !plain && (!ok || length != len(part)) {
			p.r.doubt()
		}
	}
	p.pushNode(wrap(n))
}

func (p *parser) verb() {
	c := p.rune()
	if p.i = min(p.i, len(p.s)); c == "" || p.next() == 0 {
		p.fail("MissingArgFor", p.running(), "The argument of %s is missing.", p.command)
		return
	}
	c = p.rune()
	from := p.i + len(c)
	n := strings.Index(p.s[from:], c)
	if n < 0 {
		p.fail("NoClosingDelim", p.running(), "%s has no closing %s.", p.command, c)
		return
	}
	p.i = from + n + len(c)
	p.pushNode(node{kind: kOther, space: true})
}

// unicode is \unicode[…]{x263A}.
func (p *parser) unicode() {
	if p.brackets().given {
		p.r.doubt()
	}
	a := trim(p.argument().text)
	digits := strings.TrimPrefix(strings.TrimPrefix(a, "0x"), "x")
	if digits == "" || strings.Trim(digits, "0123456789abcdefABCDEF") != "" || digits == a && strings.Trim(a, "0123456789") != "" {
		p.r.doubt()
	}
	p.pushNode(node{kind: kOther, space: true})
}

// braket is \braket{a|b} and \set{a|b}.
func (p *parser) braket(e *entry) {
	if p.r.w.four {
		i := p.i
		p.argument()
		if stretchy, _ := e.arg(2); stretchy == "true" {
			p.r.doubt() // its bars close and open fences
		}
		if p.r.failed {
			return
		}
		p.i = i
	}
	switch p.next() {
	case 0:
		p.fail("MissingArgFor", p.running(), "The argument of %s is missing.", p.command)
		return
	case '{':
		p.i++
		p.push(item{kind: iBraket, at: p.running(), bars: -1})
	default:
		p.push(item{kind: iBraket, at: p.running(), single: true})
	}
}

// cdArrow is @ in a commutative diagram.
func (p *parser) cdArrow() bool {
	if !p.r.w.active("amscd") || p.i >= len(p.s) {
		return false
	}
	c := p.s[p.i]
	if strings.IndexByte("><VA.|=", c) < 0 {
		return false
	}
	at := p.at
	p.i++
	if !p.top().kind.array() || p.size() > 0 {
		p.cdCell(at)
	}
	if p.r.failed {
		return true
	}
	if !p.top().kind.array() {
		p.r.giveUp()
		return true
	}
	top := p.top()
	n := top.cells % 2
	if top.rows%2 == 0 {
		n = (top.cells + 1) % 2
	}
	if n > 0 {
		p.cdCell(at)
	}
	switch c {
	case '.':
	case '|', '=':
		p.pushNode(node{kind: kOperator})
	default:
		command := p.command
		p.command = "@" + string(rune(c))
		first := p.upTo(string(rune(c)))
		second := p.upTo(string(rune(c)))
		p.command = command
		p.read(first)
		p.read(second)
		p.pushNode(node{kind: kOther})
	}
	p.cdCell(at)
	return true
}

func (p *parser) cdCell(at int) {
	if p.r.failed {
		return
	}
	if top := p.top(); top.kind.array() && top.rows%2 == 0 && top.cells == 0 {
		p.pushNode(node{kind: kOther})
	}
	p.push(item{kind: iCell, at: p.origin.span(at, min(at+1, len(p.s))), name: "@"})
}
