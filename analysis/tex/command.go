package tex

import "strings"

// controlSequence runs the command of a name that has just been read.
func (p *parser) controlSequence(name string) {
	if p.r.failed {
		return
	}
	before, command := p.at, p.command
	p.command = p.s[p.at:min(p.at+1+len(name), len(p.s))]
	p.dispatch(name)
	p.at, p.command = before, command
}

func (p *parser) dispatch(name string) {
	r := p.r
	span := p.running()
	direct := p.origin.direct()
	if m := r.w.own(name); m != nil {
		r.use(Use{Name: name, Span: span, Own: true, Known: true})
		p.expand(m, name)
		return
	}
	entries := named(r.w.table.commands, name)
	e := r.w.builtin(entries)
	if e == nil {
		if k := r.w.loader(entries, name, false); k >= 0 {
			r.w.load(k)
			r.loaded = true
			e = r.w.builtin(entries)
		}
	}
	if e == nil {
		r.use(Use{Name: name, Span: span})
		p.undefinedCommand(name, span, entries)
		return
	}
	if direct {
		r.use(Use{Name: name, Span: span, Package: r.w.table.packages[e.pkg].name, Known: true, Shadowed: p.shadowed(e, entries)})
	}
	p.run1(e, name)
}

// shadowed returns the package that \require has loaded in vain, as far as e
// goes: what was there before comes first. It is empty where nobody would see
// the difference: the functions of physics differ from MathJax's own only in
// that they take a power in brackets, and in that parentheses grow.
func (p *parser) shadowed(e *entry, entries []entry) string {
	if len(entries) < 2 {
		return ""
	}
	w := p.r.w
	for i := range entries {
		other := &entries[i]
		if other.pkg == e.pkg || !w.required[other.pkg] || w.rank[other.pkg] == 0 || other.method == e.method && other.args == e.args {
			continue
		}
		if other.method == mPhysicsExpression {
			at := p.i
			next := p.next()
			if power, given := other.arg(0); next != '(' && (next != '[' || given && power == "false") || next == '(' && !tall(p.s[p.i:]) {
				p.i = at
				continue
			}
			p.i = at
		}
		return w.table.packages[other.pkg].name
	}
	return ""
}

// tall reports whether what stands in the parentheses that s begins with is
// higher than a line.
func tall(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return false
			}
		case '\\':
			for _, name := range [...]string{"frac", "dfrac", "cfrac", "binom", "dv", "pdv", "begin", "sum", "prod", "int"} {
				if rest, ok := strings.CutPrefix(s[i+1:], name); ok && (rest == "" || !isLetter(rest[0])) {
					return strings.Contains(s[i:], ")")
				}
			}
			i++
		}
	}
	return false
}

func (r *reader) use(u Use) {
	if !r.second {
		r.uses = append(r.uses, u)
	}
}

// run1 is the method of a command of MathJax.
func (p *parser) run1(e *entry, name string) {
	at := p.at
	switch e.method {
	case mMathchar0mi, mMathchar7, mMathchar0miNormal, mMathcharUnit, mLcGreek, mUcGreek:
		p.pushNode(node{kind: kOther})
	case mMathchar0mo:
		op, _ := e.arg(0)
		limits, _ := e.arg(1)
		n := node{kind: kOperator, operator: op != "" || strings.Contains(p.r.w.table.operators, e.char)}
		if limits != "" {
			n.moves = movesYes
		}
		p.pushNode(n)
	case mDelimiter:
		n := node{kind: kOperator}
		if len(e.char) == 1 {
			n.char = e.char[0]
		}
		p.pushNode(n)
	case mMacro:
		p.tableMacro(e, at)

	// base: spaces, styles, fonts
	case mSpacer:
		p.pushNode(node{kind: kSpace, space: true})
	case mTilde:
		p.pushNode(node{kind: kOther, space: true})
	case mHskip:
		p.dimension()
		p.pushNode(node{kind: kSpace, space: true})
	case mRule: // \Rule and \Space
		p.dimension()
		p.dimension()
		p.dimension()
		p.pushNode(node{kind: kSpace, space: true})
	case mLowerRule:
		p.brackets()
		p.dimension()
		p.dimension()
		p.pushNode(node{kind: kSpace, space: true})
	case mNonscript:
		p.push(item{kind: iNonscript, at: p.running()})
	case mSetFont:
		p.null()
	case mSetStyle, mSetSize:
		p.push(item{kind: iStyle, at: p.running()})
	case mMathFont:
		p.pushNode(atom(p.math()))
	case mBoldsymbolBoldsymbol:
		p.spill(p.argument())

	// base: functions and scripts
	case mNamedFn:
		p.push(item{kind: iFn, at: p.running()})
		p.r.nodes = append(p.r.nodes, node{kind: kOther, operator: true})
	case mNamedOp:
		p.pushNode(node{kind: kOperator, operator: true, moves: movesYes})
	case mLimits:
		on, _ := e.arg(0)
		p.limits(on == "1" || on == "true")
	case mOver:
		p.over(e, name)
	case mFrac:
		n := p.math()
		p.math()
		p.pushNode(wrap(n))
	case mSqrt:
		p.sqrt()
	case mRoot:
		index := p.upTo(`\of`)
		p.math()
		p.index(index)
		p.pushNode(node{kind: kOther})
	case mMoveRoot:
		p.moveRoot(e)
	case mAccent:
		n := p.math()
		p.pushNode(atom(node{kind: kUnderover, sup: true, operator: n.operator, embell: n.isEmbellished(), unsure: n.unsure}))
	case mUnderOver:
		n := p.math()
		out := node{kind: kUnderover, operator: n.operator, embell: n.isEmbellished(), fixed: true}
		if n.isUnderover() && n.isEmbellished() {
			out.operator, out.embell = false, false
		}
		if strings.HasPrefix(name, "o") {
			out.sup = true
		} else {
			out.sub = true
		}
		if stack, ok := e.arg(1); ok && stack != "0" && stack != "false" && stack != "" {
			out = atom(out)
			out.moves, out.fixed = movesYes, true
		}
		p.pushNode(out)
	case mOverset:
		p.math()
		n := p.math()
		p.pushNode(node{kind: kOver, sup: true, operator: n.operator, embell: n.isEmbellished()})
	case mUnderset:
		p.math()
		n := p.math()
		p.pushNode(node{kind: kUnder, sub: true, operator: n.operator, embell: n.isEmbellished()})
	case mOverunderset:
		p.math()
		p.math()
		n := p.math()
		p.pushNode(node{kind: kUnderover, sub: true, sup: true, operator: n.operator, embell: n.isEmbellished()})
	case mTeXAtom:
		p.class(e)
	case mLeftRight:
		p.leftRight(name, at)
	case mMakeBig:
		p.delimiter(true)
		p.pushNode(node{kind: kAtom, embell: true})
	case mBuildRel:
		p.read(p.upTo(`\over`))
		p.math()
		p.pushNode(node{kind: kAtom})
	case mMathChoice:
		// Only one of the four is printed, and it is not known here which.
		p.r.quiet++
		for range 4 {
			p.math()
		}
		p.r.quiet--
		p.pushNode(node{kind: kOther, unsure: true})
	case mNot:
		p.push(item{kind: iNot, at: p.running()})
	case mDots:
		p.push(item{kind: iDots, at: p.running()})

	// base: boxes
	case mHBox:
		_, one := e.arg(0)
		p.text(p.argument(), one)
	case mFBox:
		p.text(p.argument(), true)
	case mFrameBox:
		p.brackets()
		p.brackets()
		p.text(p.argument(), true)
	case mStrut:
		p.pushNode(node{kind: kOther, space: true})
	case mPhantom, mLap:
		p.pushNode(atom(wrap(p.math())))
	case mSmash:
		p.brackets()
		p.pushNode(atom(wrap(p.math())))
	case mRaiseLower:
		p.dimension()
		p.push(item{kind: iPosition, at: p.running(), name: p.command})
	case mMoveLeftRight:
		p.dimension()
		p.push(item{kind: iPosition, at: p.running(), name: p.command, horizontal: true})
	case mMmlToken:
		p.argument()
		p.brackets()
		p.argument()
		p.r.doubt()
		p.pushNode(node{kind: kOther, unsure: true})

	// base: alignments
	case mMatrix:
		p.plainMatrix(e)
	case mCr:
		p.push(item{kind: iCell, at: p.running(), name: p.command, line: true})
	case mCrLaTeX:
		p.cr(e)
	case mHLine:
		if !p.top().kind.array() || p.size() > 0 {
			p.fail("Misplaced", p.running(), "%s has its place at the beginning of a row.", p.command)
		}
	case mHFill:
		if !p.top().kind.array() {
			p.fail("UnsupportedHFill", p.running(), "%s is allowed only in an array.", p.command)
		}
	case mBeginEnd:
		p.beginEnd(name == "end", at)

	// labels and references
	case mHandleLabel:
		p.label(at)
	case mHandleRef:
		p.ref(at, name)
	case mHandleTag:
		p.tag()
		p.null()
	case mHandleNoTag:
		p.noTag()

	// ams
	case mMultiIntegral:
		p.multiIntegral(e, at)
	case mSideSet:
		p.math()
		p.math()
		p.math()
		p.pushNode(node{kind: kAtom, operator: true, moves: movesYes})
	case mHandleDeclareOp:
		p.declareOperator(at)
		p.null()
	case mHandleOperatorName:
		p.operatorName()
	case mGenfrac:
		p.genfrac(e)
	case mCFrac:
		align := p.brackets()
		above, below := p.argument(), p.argument()
		p.read(p.compose(`\strut\textstyle{`, above, `}`))
		p.read(p.compose(`\strut\textstyle{`, below, `}`))
		if a := trim(align.text); a != "" && a != "l" && a != "r" {
			p.fail("IllegalAlign", align.span(), "A fraction is aligned l or r.") // MathJax reads the arguments first
		}
		p.pushNode(node{kind: kOther})
	case mHandleShove:
		p.shove()
	case mXArrow:
		below := p.brackets()
		p.math()
		if below.given && below.text != "" {
			p.read(below)
		}
		p.pushNode(node{kind: kUnderover, sup: true, sub: below.given && below.text != "", fixed: true, embell: true})

	// definitions
	case mNewCommand:
		p.newCommand(at, name)
		p.null()
	case mNewEnvironment:
		p.newEnvironment(at, name)
		p.null()
	case mMacroDef:
		p.def(at, name)
		p.null()
	case mLet:
		p.let(at)
		p.null()
	case mRequireRequire:
		p.require()
		p.null()

	default:
		p.extension(e, name, at)
	}
}

// tableMacro expands a macro of MathJax's own.
func (p *parser) tableMacro(e *entry, at int) {
	body, _ := e.arg(0)
	count := 0
	if n, ok := e.arg(1); ok && len(n) == 1 {
		count = int(n[0] - '0')
	}
	var optional *string
	if d, ok := e.arg(2); ok {
		optional = &d
	}
	p.substitute(body, count, optional, at)
}

func (p *parser) over(e *entry, name string) {
	_, fenced := e.arg(0)
	if !fenced && strings.HasSuffix(name, "withdelims") {
		for range 2 {
			if d := p.delimiter(false); !strings.Contains("()[]|/", d) || d == "" {
				p.r.doubt() // MathJax writes \big in front of what it stands for, and reads that
			}
		}
	}
	if strings.HasPrefix(name, "above") {
		p.dimension()
	}
	p.push(item{kind: iOver, at: p.running(), name: p.command})
}

func (p *parser) sqrt() {
	index := p.brackets()
	a := p.argument()
	if a.text == `\frac` {
		// \sqrt\frac{a}{b} is allowed.
		p.read(p.argument())
		p.read(p.argument())
	} else {
		p.read(a)
	}
	if index.given && index.text != "" {
		p.index(index)
	}
	p.pushNode(node{kind: kOther})
}

// index reads the index of a root.
func (p *parser) index(a argument) {
	if p.r.failed {
		return
	}
	sub := parser{r: p.r, s: a.text, origin: a.origin, inner: true, root: true, command: p.command}
	sub.parse()
}

func (p *parser) moveRoot(e *entry) {
	done := &p.leftRoot
	if which, _ := e.arg(0); which == "upRoot" {
		done = &p.upRoot
	}
	switch {
	case !p.root:
		p.fail("MisplacedMoveRoot", p.running(), "%s is allowed only in the index of a root.", p.command)
		return
	case *done:
		p.fail("MultipleMoveRoot", p.running(), "%s is here twice.", p.command)
		return
	}
	a := p.argument()
	if !strings.ContainsAny(a.text, "0123456789") {
		p.fail("IntegerArg", a.span(), "%s needs a whole number.", p.command)
	}
	*done = true
}

// class is \mathop, \mathrel and the like.
func (p *parser) class(e *entry) {
	if class, _ := e.arg(0); class != "1" {
		n := atom(p.math())
		if n.operator && !n.embell {
			n.operator = false
		}
		n.unsure = n.unsure || n.operator // it is one only if its core is, far inside
		p.pushNode(n)
		return
	}
	n := atom(p.math())
	n.operator, n.moves = true, movesYes
	p.push(item{kind: iFn, at: p.running()})
	if !p.r.failed {
		p.r.nodes = append(p.r.nodes, n)
	}
}

func (p *parser) leftRight(name string, at int) {
	p.delimiter(false)
	it := item{kind: iLeft, at: p.here(at)}
	switch name {
	case "right":
		it.kind = iRight
	case "middle":
		it.kind = iMiddle
	}
	p.push(it)
}

// plainMatrix is \matrix{…} and its like.
func (p *parser) plainMatrix(e *entry) {
	c := p.next()
	switch c {
	case 0:
		p.fail("MissingArgFor", p.running(), "The argument of %s is missing.", p.command)
		return
	case '{':
		p.i++
	default:
		p.r.giveUp() // one token, which MathJax puts in braces
		return
	}
	cases, ok := e.arg(6)
	p.push(item{kind: iArray, at: p.running(), braced: true, cases: ok && cases == "true"})
}

// cr is \\ and \newline.
func (p *parser) cr(e *entry) {
	if plain, ok := e.arg(0); !ok || plain != "true" {
		if p.i < len(p.s) && p.s[p.i] == '*' {
			p.i++
		}
		if p.i < len(p.s) && p.s[p.i] == '[' {
			a := p.brackets()
			if n, ok := matchDimension(a.text); a.text != "" && (!ok || skipSpace(a.text, n) != len(a.text)) {
				p.fail("BracketMustBeDimension", a.span(), "What stands in [ ] behind %s must be a length, as [2pt]. If the bracket belongs to the next row, write {} before it.", p.command)
				return
			}
		}
	}
	p.push(item{kind: iCell, at: p.running(), name: p.command, line: true, newline: true})
	if !p.r.failed && !p.top().kind.array() {
		p.pushNode(node{kind: kSpace, space: true})
	}
}

func (p *parser) multiIntegral(e *entry, at int) {
	integral, _ := e.arg(0)
	if p.next() == '\\' {
		i := p.i
		if next := p.argument(); next.text == `\limits` {
			if p.command == `\idotsint` {
				integral = `\!\!\mathop{\,\,` + integral + `}`
			} else {
				integral = `\!\!\!\mathop{\,\,\,` + integral + `}`
			}
		}
		p.i = i
	}
	p.replace(integral+" ", nil, false, at)
	p.macros-- // MathJax does not count this one
}

func (p *parser) operatorName() {
	star := p.star()
	a := p.argument()
	n := p.read(argument{trim(a.text), a.origin.from(skipSpace(a.text, 0)), true})
	n = atom(n)
	n.operator = n.operator || !n.embell
	n.moves = movesNo
	if star {
		n.moves = movesYes
	} else if p.next() == '\\' {
		i := p.i
		p.i++
		if p.word() != "limits" {
			p.i = i
		}
	}
	if p.r.w.four {
		p.push(item{kind: iFn, at: p.running()})
		if !p.r.failed {
			p.r.nodes = append(p.r.nodes, n)
		}
		return
	}
	p.pushNode(n)
}

// shove is \shoveleft and \shoveright.
func (p *parser) shove() {
	if p.top().kind != iMultline {
		p.fail("CommandOnlyAllowedInEnv", p.running(), "%s is allowed only in multline.", p.command)
	} else if p.size() > 0 {
		p.fail("CommandAtTheBeginingOfLine", p.running(), "%s has its place at the beginning of a line.", p.command)
	}
}

func (p *parser) genfrac(e *entry) {
	for i := range 2 {
		if _, given := e.arg(i); !given && (e.args == "" || !hasArg(e, i)) {
			p.delimiterArgument()
		}
	}
	if !hasArg(e, 2) {
		p.argument()
	}
	style := argument{}
	if !hasArg(e, 3) {
		style = p.argument()
	}
	n := p.math()
	p.math()
	if s := trim(style.text); s != "" && !p.r.failed && (s[0] < '0' || s[0] > '3' || len(s) > 1 && isDigit(s[1])) {
		p.fail("BadMathStyleFor", style.span(), "A style is 0, 1, 2 or 3.")
	}
	p.pushNode(wrap(n))
}

// hasArg reports whether the package hands an i-th argument to the method.
func hasArg(e *entry, i int) bool {
	_, ok := e.arg(i)
	return ok
}

// unmodelled reads the arguments of a command by its signature, and what is in
// them for its labels only. Nothing is certain of the formula any more.
func (p *parser) unmodelled(e *entry) {
	p.r.doubt()
	p.r.quiet++
	for i := 0; i < len(e.sig) && !p.r.failed; i++ {
		switch e.sig[i] {
		case 's':
			p.star()
		case 'o':
			p.brackets()
		case 'd':
			p.argument()
		case 'm':
			if p.next() == 0 || p.s[p.i] == '}' {
				break
			}
			p.argument()
		default: // read by hand: it is not known how far
			i = len(e.sig)
		}
	}
	p.r.quiet--
	p.pushNode(node{kind: kOther, unsure: true})
}
