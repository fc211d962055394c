package tex

import (
	"strconv"
	"strings"
)

// physics runs a command of the package physics; false where it is not one of
// those that are modelled. Most write TeX around their arguments and read that.
func (p *parser) physics(e *entry, name string, at int) bool {
	arg := func(i int) string { s, _ := e.arg(i); return s }
	switch e.method {
	case mPhysicsQuantity:
		p.quantity(e)
	case mPhysicsEval:
		if p.r.w.four {
			p.r.doubt() // what ends \eval( differs there
		}
		star := p.star()
		switch p.next() {
		case '{':
			a := p.argument()
			parts := []any{`\left. `, a, ` \vphantom{\int}\right|`}
			if star {
				parts = []any{`\left. \smash{`, a, `} \vphantom{\int}\right|`}
			}
			p.insert(at, parts...)
		case '(', '[':
			p.i++
			p.push(item{kind: iAuto, at: p.here(at), open: p.s[p.i-1], close: '|'})
		default:
			if p.r.w.four {
				p.insert(at, `\left.\vphantom{\int}\right|`)
			} else {
				p.missing()
			}
		}
	case mPhysicsCommutator:
		open, close := `[`, `]`
		if e.args != "" {
			open, close = arg(0), arg(1)
		}
		star := p.star()
		big, ok := p.big()
		if !ok || p.next() != '{' {
			p.missing()
			break
		}
		a, b := p.argument(), p.argument()
		p.write(star, big, open, close, a, ",", b)
	case mPhysicsVectorBold:
		p.star()
		p.spill(p.argument())
	case mPhysicsStarMacro:
		star := ""
		if p.star() {
			star = "*"
		}
		count, _ := strconv.Atoi(arg(0))
		var args []argument
		for range count {
			args = append(args, p.argument())
		}
		var parts []string
		for i := 1; hasArg(e, i); i++ {
			parts = append(parts, arg(i))
		}
		p.replace(strings.Join(parts, star), args, true, at)
	case mPhysicsOperatorApplication, mPhysicsVectorOperator:
		n := p.read(p.compose(arg(0)))
		if e.method == mPhysicsOperatorApplication {
			p.push(item{kind: iFn, at: p.running()})
			if !p.r.failed {
				p.r.nodes = append(p.r.nodes, n)
			}
		} else {
			p.pushNode(n)
		}
		p.applied(e)
	case mPhysicsExpression:
		opt, given := e.arg(0)
		n := node{kind: kOther, operator: true}
		if !given || opt != "false" {
			if a := p.brackets(); a.given && a.text != "" {
				p.read(a)
				n = node{kind: kSup, sup: true, operator: true, unsure: true}
			}
		}
		p.push(item{kind: iFn, at: p.running()})
		if p.r.failed {
			break
		}
		p.r.nodes = append(p.r.nodes, n)
		p.parenthesis(false)
	case mPhysicsQqtext:
		star := p.star()
		text := argument{text: arg(0)}
		if text.text == "" {
			text = p.argument()
		}
		quad := `\quad`
		if star {
			quad = ""
		}
		p.insert(at, quad+`\text{`, text, `}\quad `)
	case mPhysicsDifferential:
		p.differential(arg(0))
	case mPhysicsDerivative:
		p.derivative(e)
	case mPhysicsBra:
		p.bra()
	case mPhysicsKet:
		if star, a := p.star(), p.argument(); star {
			p.written(`\vert{`, a, `}\rangle`)
		} else {
			p.written(`\left\vert{`, a, `}\right\rangle`)
		}
	case mPhysicsBraKet, mPhysicsKetBra:
		star := p.star()
		a := p.argument()
		b := a
		if p.next() == '{' {
			b = p.argument()
		}
		switch {
		case e.method == mPhysicsBraKet && star:
			p.written(`\langle{`, a, `}\vert{`, b, `}\rangle`)
		case e.method == mPhysicsBraKet:
			p.written(`\left\langle{`, a, `}\middle\vert{`, b, `}\right\rangle`)
		case star:
			p.written(`\vert{`, a, `}\rangle\!\langle{`, b, `}\vert`)
		default:
			p.written(`\left\vert{`, a, `}\middle\rangle\!\middle\langle{`, b, `}\right\vert`)
		}
	case mPhysicsExpectation:
		one := p.star()
		two := one && p.star()
		a := p.argument()
		b := argument{}
		if p.next() == '{' {
			b = p.argument()
		}
		switch {
		case a.text != "" && b.text != "":
			p.element(b, a, b, one, two)
		case one:
			p.written(`\langle {`, a, `} \rangle`)
		default:
			p.written(`\left\langle {`, a, `} \right\rangle`)
		}
	case mPhysicsMatrixElement:
		one := p.star()
		two := one && p.star()
		a, b, c := p.argument(), p.argument(), p.argument()
		p.element(a, b, c, one, two)
	case mPhysicsMatrixQuantity:
		p.matrixQuantity(arg(0) == "true")
	case mPhysicsVnabla, mPhysicsDiffD:
		p.pushNode(node{kind: kAtom})
	default:
		return false
	}
	return true
}

func (p *parser) missing() {
	p.fail("MissingArgFor", p.running(), "The argument of %s is missing.", p.command)
}

// compose joins strings that are written here and arguments to one argument.
func (p *parser) compose(parts ...any) argument {
	if p.r.failed {
		return argument{}
	}
	call := p.running()
	var w weaver
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			w.made(part, call)
		case argument:
			if part.given {
				w.copied(part.text, part.origin, call)
			} else {
				w.made(part.text, call)
			}
		}
	}
	if w.stretches == nil {
		w.stretches = []stretch{}
	}
	return argument{w.b.String(), origin{stretches: w.stretches}, true}
}

// written reads what compose makes of parts, and pushes it.
func (p *parser) written(parts ...any) { p.spill(p.compose(parts...)) }

// insert puts what compose makes of parts in front of the rest.
func (p *parser) insert(at int, parts ...any) {
	a := p.compose(parts...)
	if p.r.failed {
		return
	}
	call := p.here(at)
	var w weaver
	w.copied(a.text, a.origin, call)
	if p.i < len(p.s) {
		w.copied(p.s[p.i:], p.origin.from(p.i), call)
	}
	p.s, p.i, p.at, p.digit = w.b.String(), 0, 0, -1
	p.origin = origin{stretches: w.stretches}
	if w.stretches == nil {
		p.origin.stretches = []stretch{}
	}
	p.r.fuel -= len(p.s) / 8
}

// big reads \big and its like; ok is false where another command stands here.
func (p *parser) big() (name string, ok bool) {
	if p.next() != '\\' {
		return "", true
	}
	i := p.i
	p.i++
	switch name = p.word(); name {
	case "big", "Big", "bigg", "Bigg":
		return name, true
	}
	p.i = i
	return "", false
}

// write pushes open … close in the size that is asked for.
func (p *parser) write(star bool, big, open, close string, inner ...any) {
	left, right := `\left`+open+" ", ` \right`+close
	switch {
	case star:
		left, right = open+" ", " "+close
	case big != "":
		left, right = `\`+big+"l"+open+" ", ` \`+big+"r"+close
	}
	p.written(append(append([]any{left}, inner...), right)...)
}

// quantity is \qty, \pqty, \abs, \norm …
func (p *parser) quantity(e *entry) {
	open, close, fixed := "(", ")", false
	if e.args != "" {
		open, _ = e.arg(0)
		close, _ = e.arg(1)
		arg, _ := e.arg(2)
		fixed = arg == "true"
	}
	named, _ := e.arg(3)
	star := fixed && p.star()
	p.next()
	from := p.i
	big, ok := p.big()
	if !ok {
		p.pushNode(node{kind: kOther})
		return
	}
	next := p.next()
	if fixed && next != '{' {
		p.missing()
		return
	}
	if next == 0 || strings.IndexByte("([{|", next) < 0 {
		p.pushNode(node{kind: kOther})
		p.i = from
		return
	}
	if named != "" {
		p.push(item{kind: iFn, at: p.running()})
		if !p.r.failed {
			p.r.nodes = append(p.r.nodes, node{kind: kOther, operator: true})
		}
	}
	if next == '{' {
		a := p.argument()
		if !fixed {
			open, close = `\{`, `\}`
		}
		p.write(star, big, open, close, a)
		return
	}
	at := p.i
	p.i++
	closer := map[byte]byte{'(': ')', '[': ']', '|': '|'}[next]
	p.push(item{kind: iAuto, at: p.here(at), open: next, close: closer})
}

// parenthesis opens a fence of physics where a parenthesis follows.
func (p *parser) parenthesis(ignore bool) {
	if p.next() == '(' {
		at := p.i
		p.i++
		p.push(item{kind: iAuto, at: p.here(at), open: '(', close: ')', ignore: ignore})
	}
}

// applied is what follows \grad, \div and the like.
func (p *parser) applied(e *entry) {
	next := p.next()
	if next == 0 || strings.IndexByte("([{|", next) < 0 || p.r.failed {
		return
	}
	enlarge := false
	for i := 1; hasArg(e, i); i++ {
		fence, _ := e.arg(i)
		enlarge = enlarge || fence == string(rune(next))
	}
	if next == '{' {
		a := p.argument()
		if enlarge {
			p.insert(p.at, `\left\{ `, a, ` \right\}`)
		} else {
			p.insert(p.at, " ", a, " ")
		}
		return
	}
	if enlarge {
		open := p.i
		p.i++
		p.push(item{kind: iAuto, at: p.here(open), open: next, close: map[byte]byte{'(': ')', '[': ']', '|': '|'}[next]})
	}
}

// differential is \dd and \var.
func (p *parser) differential(op string) {
	power := []any{op, " "}
	if a := p.brackets(); a.given {
		power = []any{op, "^{", a, "}"}
	}
	switch p.next() {
	case '(':
		p.written(power...)
		p.parenthesis(false)
	case '{':
		n := atom(p.read(p.compose(append(power, p.argument())...)))
		n.operator = n.operator || !n.embell
		n.unsure = true
		p.pushNode(n)
	case 0, '}':
		p.written(power...)
	default:
		p.written(append(power, p.argument())...)
	}
}

// derivative is \dv, \pdv and \fdv.
func (p *parser) derivative(e *entry) {
	limit, op := 2, ""
	if n, ok := e.arg(0); ok {
		limit, _ = strconv.Atoi(n)
	}
	op, _ = e.arg(1)
	fraction := `\frac`
	if p.star() {
		fraction = `\flatfrac`
	}
	order := p.brackets()
	args := []argument{p.argument()}
	for p.next() == '{' && len(args) < limit && !p.r.failed {
		args = append(args, p.argument())
	}
	ignore := false
	upper, lower := []any{" "}, []any{" "}
	if limit > 2 && len(args) > 2 {
		upper, ignore = []any{"^{", strconv.Itoa(len(args) - 1), "}"}, true
	} else if order.given {
		ignore = limit > 2 && len(args) > 1
		upper = []any{"^{", order, "}"}
		lower = upper
	}
	first, second := argument{}, args[0]
	if len(args) > 1 {
		first, second = args[0], args[1]
	}
	parts := append([]any{fraction + "{" + op}, upper...)
	parts = append(parts, first, "}{"+op+" ", second)
	parts = append(append(parts, lower...), " ")
	for _, a := range args[min(2, len(args)):] {
		if a.text == "" {
			break
		}
		parts = append(parts, op+" ", a)
	}
	p.written(append(parts, "}")...)
	p.parenthesis(ignore)
}

// bra is \bra, which takes a \ket that follows to itself.
func (p *parser) bra() {
	star := p.star()
	a := p.argument()
	if p.next() == '\\' && !p.r.failed {
		from := p.i
		p.i++
		name := p.word()
		m := p.r.w.own(name)
		e := p.r.w.builtin(named(p.r.w.table.commands, name))
		if m == nil && e != nil && e.name == "ket" {
			after := p.i
			starred := p.star()
			b := argument{}
			if p.next() == '{' {
				b = p.argument()
			} else {
				p.i, starred = after, false
			}
			if star || starred {
				p.written(`\langle{`, a, `}\vert{`, b, `}\rangle`)
			} else {
				p.written(`\left\langle{`, a, `}\middle\vert{`, b, `}\right\rangle`)
			}
			return
		}
		p.i = from
	}
	if star {
		p.written(`\langle{`, a, `}\vert`)
	} else {
		p.written(`\left\langle{`, a, `}\right\vert{}`)
	}
}

func (p *parser) element(a, b, c argument, one, two bool) {
	switch {
	case two:
		p.written(`\left\langle{`, a, `}\middle\vert{`, b, `}\middle\vert{`, c, `}\right\rangle`)
	case one:
		p.written(`\langle{`, a, `}\vert{`, b, `}\vert{`, c, `}\rangle`)
	default:
		p.written(`\left\langle{`, a, `}\right\vert{`, b, `}\left\vert{`, c, `}\right\rangle`)
	}
}

// matrixQuantity is \mqty and \smqty.
func (p *parser) matrixQuantity(small bool) {
	star := p.star()
	open, close := "(", ")"
	var a argument
	switch next := p.next(); next {
	case '{':
		open, close = "", ""
		a = p.argument()
	case '(', '[', '|':
		p.i++
		if next == '[' {
			open, close = "[", "]"
		}
		if next == '|' {
			open, close = "|", "|"
		}
		a = p.upTo(close)
		if next == '(' && star {
			open, close = `\lgroup`, `\rgroup`
		}
	}
	array := "array"
	if small {
		array = "smallmatrix"
	}
	left, right := "", ""
	if open != "" {
		left, right = `\left`+open, `\right`+close
	}
	p.written(left+`\begin{`+array+`}{} `, a, `\end{`+array+`}`+right)
}
