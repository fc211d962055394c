package tex

import "strings"

// beginEnd is \begin and \end (BeginEnd).
func (p *parser) beginEnd(end bool, at int) {
	a := p.argument()
	r := p.r
	if r.failed {
		return
	}
	name := a.text
	if strings.Contains(name, `\`) {
		p.fail("InvalidEnv", a.span(), "An environment's name has no backslash.")
		return
	}
	span := p.here(at)
	own := r.w.ownEnvironment(name)
	entries := named(r.w.table.environments, name)
	e := r.w.builtin(entries)
	if own == nil && e == nil {
		if k := r.w.loader(entries, name, true); k >= 0 {
			r.w.load(k)
			r.loaded = true
			e = r.w.builtin(entries)
		}
	}
	if !end && (p.origin.direct() || own != nil || e == nil) {
		u := Use{Name: name, Environment: true, Span: a.span(), Own: own != nil, Known: own != nil || e != nil}
		if own == nil && e != nil {
			u.Package = r.w.table.packages[e.pkg].name
		}
		r.use(u)
	}
	switch {
	case own == nil && e == nil:
		p.undefinedEnvironment(name, a.span(), entries)
	case end && own != nil:
		p.endOwn(own, item{kind: iEnd, at: span, name: name})
	case end:
		p.push(item{kind: iEnd, at: span, name: name})
	default:
		if p.macros++; p.macros > maxMacros {
			p.fail("MaxMacroSub2", span, "More environments are here than MathJax allows.")
			return
		}
		begin := item{kind: iBegin, at: span, name: name}
		command := p.command
		p.command = `\begin{` + name + `}`
		if own != nil {
			p.beginOwn(own, begin, at)
		} else {
			p.environment(e, begin)
		}
		p.command = command
	}
}

// beginOwn puts the beginning of an environment of the page's own in front of
// what is left.
func (p *parser) beginOwn(e *environment, begin item, at int) {
	macros := p.macros
	p.substitute(e.before, e.args, e.optional, at)
	p.macros = macros
	begin.kind = iBeginEnv
	p.push(begin)
}

// endOwn reads the end of such an environment, as a string of its own.
func (p *parser) endOwn(e *environment, end item) {
	s, i, from, digit := p.s, p.i, p.origin, p.digit
	p.s, p.i, p.origin, p.digit = e.after, 0, origin{stretches: []stretch{{end: len(e.after) + 1, start: end.at.Start, tex: end.at.End}}}, -1
	p.run()
	p.s, p.i, p.origin, p.digit = s, i, from, digit
	p.push(end)
}

// environment begins an environment of MathJax.
func (p *parser) environment(e *entry, begin item) {
	switch e.method {
	case mEquation:
		if !p.equationBegins(begin) {
			return
		}
		p.push(begin)
		numbered, _ := e.arg(1)
		p.r.startFrame("equation", true, numbered == "true")
		p.push(item{kind: iEquation, at: begin.at, name: begin.name})
	case mEqnArray:
		p.eqnArray(e, begin)
	case mAmsEqnArray:
		switch a := p.brackets(); trim(a.text) {
		case "", "t", "b", "c":
		default:
			if p.r.w.four {
				p.r.doubt() // it is put back
			}
		}
		p.eqnArray(e, begin)
	case mAlignAt:
		taggable, _ := e.arg(2)
		if taggable != "true" {
			p.brackets()
		}
		p.columns()
		p.eqnArray(e, begin)
	case mMultline:
		if !p.equationBegins(begin) {
			return
		}
		p.push(begin)
		numbered, _ := e.arg(1)
		p.r.startFrame("multline", true, numbered == "true")
		p.array(iMultline, begin)
	case mFlalignArray, mXalignAt:
		limit := 0
		if e.method == mXalignAt {
			limit = 2 * p.columns()
		}
		if !p.equationBegins(begin) {
			return
		}
		p.push(begin)
		// A frame is begun for the array it is made from, and never ended.
		numbered, _ := e.arg(1)
		p.r.startFrame("", false, false)
		p.r.startFrame(begin.name, numbered == "true", numbered == "true")
		p.array(iFlalign, begin)
		if !p.r.failed {
			p.top().columns = limit
		}
	case mArray:
		if align, ok := e.arg(3); !ok || align == "" {
			p.preamble()
		}
		p.push(begin)
		p.array(iArray, begin)
	case mAlignedArray:
		p.brackets()
		p.preamble()
		p.push(begin)
		p.array(iArray, begin)
	default:
		p.extensionEnvironment(e, begin)
	}
}

// preamble reads the columns of an array. MathJax 3 takes what it knows and
// drops the rest; 4 reads it as LaTeX does.
func (p *parser) preamble() {
	if a := p.argument(); p.r.w.four {
		p.columnsOf(a)
	}
}

func (p *parser) columnsOf(a argument) {
	if p.r.failed {
		return
	}
	for i, c := range a.text {
		switch {
		case strings.ContainsRune("lcr|: \n", c):
		case strings.ContainsRune("pmbwW><@!*{PMB", c):
			p.r.doubt()
			return
		default:
			p.fail("BadPreamToken", a.origin.span(i, i+1), "This is no column of an array.")
			return
		}
	}
}

// equationBegins notes that a display environment begins; a second one cannot
// be in it. MathJax 4 allows nothing before it either (checkEqnEnv), but for
// one in gather.
func (p *parser) equationBegins(begin item) bool {
	if p.r.failed {
		return false
	}
	if p.r.w.four {
		top := p.top()
		gather := strings.TrimSuffix(begin.name, "*") == "gather"
		nested := top.kind == iEqnArray && strings.TrimSuffix(top.name, "*") == "gather" && !gather
		if (nested || top.kind == iStart) && p.size() == 0 {
			return true
		}
		p.fail("ErroneousNestingEq", begin.at, "%s must stand alone in its formula.", begin.name)
		return false
	}
	if p.equation {
		p.fail("ErroneousNestingEq", begin.at, "%s cannot stand inside another display environment.", begin.name)
		return false
	}
	p.equation = true
	return !p.r.failed
}

// columns reads the number of columns of alignat.
func (p *parser) columns() int {
	a := p.argument()
	n := 0
	for i := range len(a.text) {
		if !isDigit(a.text[i]) {
			p.fail("PositiveIntegerArg", a.span(), "%s needs a number of columns.", p.command)
			return 0
		}
		n = min(10*n+int(a.text[i]-'0'), 1000)
	}
	return n
}

func (p *parser) eqnArray(e *entry, begin item) {
	numbered, _ := e.arg(1)
	taggable, _ := e.arg(2)
	if taggable == "true" && !p.equationBegins(begin) {
		return
	}
	p.push(begin)
	if p.r.failed {
		return
	}
	p.r.startFrame(begin.name, taggable == "true", numbered == "true")
	p.array(iEqnArray, begin)
}

func (p *parser) array(kind itemKind, begin item) {
	p.push(item{kind: kind, at: begin.at, name: begin.name, rowAt: begin.at.End})
}
