package tex

// mathtools runs a command of the package mathtools; false where it is not one
// of those that are modelled.
func (p *parser) mathtools(e *entry, at int) bool {
	switch e.method {
	case mMathtoolsMathLap, mMathtoolsCramped:
		p.brackets()
		p.pushNode(atom(p.math()))
	case mMathtoolsMtLap:
		p.text(p.argument(), true)
	case mMathtoolsMathMBox:
		p.pushNode(atom(p.math()))
	case mMathtoolsPrescript:
		p.math()
		p.math()
		n := p.math()
		n.unsure = true
		p.pushNode(n)
	case mMathtoolsRelation, mMathtoolsCenterColon, mMathtoolsNArrow:
		p.pushNode(node{kind: kAtom, embell: true, unsure: true})
	case mMathtoolsSplitFrac:
		p.math()
		p.math()
		p.pushNode(node{kind: kAtom, unsure: true})
	case mMathtoolsHandleShove:
		p.shove()
	case mMathtoolsDeclarePairedDelimiter:
		name, nameSpan := p.definitionName()
		open, close := p.argument(), p.argument()
		p.definePackage(name, &macro{open: open.text, close: close.text, paired: true},
			Definition{Command: "DeclarePairedDelimiter", Name: name, NameSpan: nameSpan, Span: p.here(at), Args: 1, Body: open.text + "#1" + close.text})
	case mMathtoolsDeclarePairedDelimiterX, mMathtoolsDeclarePairedDelimiterXPP:
		name, nameSpan := p.definitionName()
		count := p.argumentCount()
		rest := 3
		if e.method == mMathtoolsDeclarePairedDelimiterXPP {
			rest = 5
		}
		for range rest {
			p.argument()
		}
		p.definePackage(name, &macro{opaque: true},
			Definition{Command: e.name, Name: name, NameSpan: nameSpan, Span: p.here(at), Args: count})
	case mExtpfeilNewExtArrow, mNewExtArrow:
		name, nameSpan := p.definitionName()
		p.argument()
		p.argument()
		p.definePackage(name, &macro{opaque: true}, Definition{Command: "Newextarrow", Name: name, NameSpan: nameSpan, Span: p.here(at), Args: 2})
	default:
		return false
	}
	return true
}

// definePackage defines a command in a way of a package's own.
func (p *parser) definePackage(name string, m *macro, d Definition) {
	if p.r.failed {
		return
	}
	if w := p.r.w; w.four && (w.own(name) != nil || len(named(w.table.commands, name)) > 0) {
		p.r.doubt() // MathJax 4 refuses where the command is known
	}
	p.define(name, m)
	p.defined(d)
}

// paired runs a command of \DeclarePairedDelimiter: starred it stretches, and
// [\big] gives it a size.
func (p *parser) paired(m *macro, call int) {
	star := p.star()
	size := argument{}
	if !star {
		size = p.brackets()
	}
	body := []any{p.argument()}
	switch {
	case star:
		p.insert(call, append(append([]any{`\left` + m.open}, body...), `\right`+m.close)...)
	case size.text != "":
		p.insert(call, append(append([]any{size.text + "l" + m.open}, body...), size.text+"r"+m.close)...)
	default:
		p.insert(call, append(append([]any{m.open}, body...), m.close)...)
	}
	if p.macros++; p.macros > maxMacros {
		p.fail("MaxMacroSub1", p.running(), "More macros are expanded here than MathJax allows; does one call itself?")
	}
}
