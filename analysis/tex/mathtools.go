package tex

import "strings"

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
		p.newArrow(at)
	default:
		return false
	}
	return true
}

// newArrow is \Newextarrow: a command, two integers, and a character's number.
func (p *parser) newArrow(at int) {
	a, space, char := p.argument(), p.argument(), p.argument()
	if p.r.failed {
		return
	}
	name, isCommand := strings.CutPrefix(a.text, `\`)
	left, right, two := strings.Cut(space.text, ",")
	number := strings.TrimLeft(char.text, "0123456789") == "" && char.text != ""
	if hex, ok := strings.CutPrefix(strings.ToLower(char.text), "0x"); ok && hex != "" {
		number = strings.Trim(hex, "0123456789abcdef") == ""
	}
	switch {
	case !isCommand || !commandName(name):
		p.fail("NewextarrowArg1", a.span(), "%s needs a command to define.", p.command)
	case !two || !digits(left) || !digits(right):
		p.fail("NewextarrowArg2", space.span(), "%s needs two integers with a comma between them.", p.command)
	case !number:
		p.fail("NewextarrowArg3", char.span(), "%s needs the number of a character.", p.command)
	default:
		p.definePackage(name, &macro{opaque: true}, Definition{Command: "Newextarrow", Name: name, NameSpan: a.span(), Span: p.here(at), Args: 2})
	}
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// definePackage defines a command in a way of a package's own.
func (p *parser) definePackage(name string, m *macro, d Definition) {
	if p.r.failed {
		return
	}
	w := p.r.w
	entries := named(w.table.commands, name)
	if w.four && strings.HasPrefix(d.Command, "DeclarePaired") &&
		(w.own(name) != nil || w.builtin(entries) != nil || w.loader(entries, name, false) >= 0 || w.delimiter(name) || w.delimiter(`\`+name)) {
		if name == "" || !isLetter(name[0]) {
			p.r.giveUp() // of signs, some count as commands and some do not
			return
		}
		p.fail("CommadExists", d.NameSpan, "\\%s is defined already, which %s does not replace.", name, p.command) // MathJax's spelling
		return
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
