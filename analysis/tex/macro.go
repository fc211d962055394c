package tex

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"scholium/analysis/text"
)

// expand runs a command that the page or the site defines.
func (p *parser) expand(m *macro, name string) {
	call := p.at
	switch {
	case m.opaque:
		p.r.giveUp()
		return
	case m.paired:
		p.paired(m, call)
		return
	case m.entry != nil:
		p.run1(m.entry, name)
		return
	case m.template != nil:
		p.expandTemplate(m, call)
		return
	}
	p.substitute(m.body, m.args, m.optional, call)
}

// substitute is MathJax's Macro: it reads the arguments and puts the body, with
// them in it, in front of what is left to read.
func (p *parser) substitute(body string, count int, optional *string, call int) {
	var args []argument
	if count > 0 {
		if optional != nil {
			a := p.brackets()
			if !a.given {
				a = argument{text: *optional}
			}
			args = append(args, a)
		}
		for len(args) < count && !p.r.failed {
			args = append(args, p.argument())
		}
	}
	p.replace(body, args, count > 0, call)
}

// replace puts body, with args for its parameters where it has any, in front
// of the rest.
func (p *parser) replace(body string, args []argument, parameters bool, call int) {
	if p.r.failed {
		return
	}
	span := p.here(call)
	var w weaver
	w.b.Grow(len(body) + len(p.s) - min(p.i, len(p.s)) + 32)
	if parameters {
		p.fill(&w, body, args, span)
	} else {
		w.made(body, span)
	}
	if p.i < len(p.s) {
		w.copied(p.s[p.i:], p.origin.from(p.i), span)
	}
	p.s, p.i, p.at = w.b.String(), 0, 0
	p.origin = origin{stretches: w.stretches}
	if w.stretches == nil {
		p.origin.stretches = []stretch{}
	}
	p.digit = -1
	if len(p.s) > maxBuffer && utf16Len(p.s) > maxBuffer {
		p.fail("MaxBufferSize", span, "This macro grows beyond MathJax's limit; does it call itself?")
	}
	if p.macros++; p.macros > maxMacros {
		p.fail("MaxMacroSub1", span, "More macros are expanded here than MathJax allows; does one call itself?")
	}
	p.r.fuel -= len(p.s) / 8
}

// fill writes body with its parameters replaced (substituteArgs).
func (p *parser) fill(w *weaver, body string, args []argument, span text.Span) {
	from := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '#':
			w.made(body[from:i], span)
			i++
			if i < len(body) && body[i] == '#' {
				from = i // one # is left
				continue
			}
			n := 0
			if i < len(body) {
				n = int(body[i]) - '0'
			}
			if n < 1 || n > 9 || n > len(args) {
				p.fail("IllegalMacroParam", span, "The macro refers to an argument that it does not have.")
				return
			}
			if a := args[n-1]; a.given {
				w.copied(a.text, a.origin, span)
			} else {
				w.made(a.text, span)
			}
			from = i + 1
		}
	}
	w.made(body[min(from, len(body)):], span)
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x10000 {
			n++
		}
	}
	return n
}

// expandTemplate runs a macro whose arguments are delimited (MacroWithTemplate).
func (p *parser) expandTemplate(m *macro, call int) {
	var args []argument
	if m.args > 0 || p.r.w.four && len(m.template) > 0 {
		p.next()
		if m.template[0] != "" && !p.match(m.template[0]) {
			p.fail("MismatchUseDef", p.running(), "This use of %s does not match its definition.", p.command)
			return
		}
		for i := 1; i <= m.args && !p.r.failed; i++ {
			param := ""
			if i < len(m.template) {
				param = m.template[i]
			}
			args = append(args, p.delimited(param))
		}
	}
	p.replace(m.body, args, m.args > 0, call)
}

// match skips param if it stands here (MatchParam).
func (p *parser) match(param string) bool {
	rest := p.s[min(p.i, len(p.s)):]
	if !strings.HasPrefix(rest, param) {
		return false
	}
	if endsInWord(param) && len(rest) > len(param) && isLetter(rest[len(param)]) {
		return false
	}
	p.i += len(param)
	return true
}

func endsInWord(s string) bool {
	i := len(s)
	for i > 0 && isLetter(s[i-1]) {
		i--
	}
	return i < len(s) && i > 0 && s[i-1] == '\\'
}

// delimited reads an argument up to param (GetParameter).
func (p *parser) delimited(param string) argument {
	if param == "" {
		return p.argument()
	}
	start, length, braces := p.i, 0, false
	for p.i < len(p.s) && !p.r.failed {
		c := p.s[p.i]
		switch {
		case c == '{':
			if p.i == start {
				braces = true
			}
			p.argument()
			length = p.i - start
		case p.match(param):
			if braces {
				start++
				length -= 2
			}
			length = max(length, 0)
			return argument{p.s[start : start+length], p.origin.from(start), true}
		case c == '\\':
			p.i++
			braces = false
			p.i += NameLen(p.s[p.i:])
			length = p.i - start
		default:
			_, size := utf8.DecodeRuneInString(p.s[p.i:])
			p.i += size
			length += size
			braces = false
		}
	}
	p.fail("RunawayArgument", p.running(), "The argument of %s does not end as its definition says.", p.command)
	return argument{}
}

// ---- definitions

// definitionName reads the name of a command to be defined, in braces or not
// (GetCsNameArgument).
func (p *parser) definitionName() (string, text.Span) {
	a := p.argument()
	name, lead := trimmed(a)
	span := a.origin.span(lead, lead+len(name))
	name = strings.TrimPrefix(name, `\`)
	if p.r.failed {
		return "", span
	}
	if !commandName(name) {
		p.fail("IllegalControlSequenceName", span, "%s cannot define this: a command is a backslash and letters, or one other character.", p.command)
	}
	return name, span
}

// trimmed returns an argument's text without blanks around it, and how many
// bytes were in front of it.
func trimmed(a argument) (string, int) {
	lead := skipSpace(a.text, 0)
	return trim(a.text), min(lead, len(a.text))
}

func commandName(s string) bool {
	if utf8.RuneCountInString(s) == 1 && s != "\n" && s != "\r" {
		return true
	}
	for i := range len(s) {
		if !isLetter(s[i]) {
			return false
		}
	}
	return s != ""
}

// argumentCount reads [n] (GetArgCount).
func (p *parser) argumentCount() int {
	a := p.brackets()
	n := trim(a.text)
	if !a.given || a.text == "" || p.r.failed {
		return 0
	}
	for i := range len(n) {
		if !isDigit(n[i]) {
			p.fail("IllegalParamNumber", a.span(), "The number of arguments must be a number.")
			return 0
		}
	}
	count, err := strconv.Atoi(n)
	if err != nil || n == "" {
		p.fail("IllegalParamNumber", a.span(), "The number of arguments must be a number.")
	}
	return min(count, 1000)
}

// newCommand is \newcommand and \renewcommand.
func (p *parser) newCommand(at int, command string) {
	name, nameSpan := p.definitionName()
	count := p.argumentCount()
	optional := p.brackets()
	body := p.argument()
	if p.r.failed {
		return
	}
	m := &macro{body: body.text, args: count}
	if optional.given {
		m.optional = &optional.text
	}
	if command == "providecommand" && (p.r.w.own(name) != nil || p.r.w.builtin(named(p.r.w.table.commands, name)) != nil) {
		return
	}
	replaces := p.r.w.replaced(name, m)
	p.define(name, m)
	p.defined(Definition{Command: command, Name: name, NameSpan: nameSpan, Span: p.here(at), Args: count, Optional: m.optional, Body: body.text, Replaces: replaces})
}

func (p *parser) define(name string, m *macro) {
	if p.r.w.commands == nil {
		p.r.w.commands = map[string]*macro{}
	}
	p.r.w.commands[name] = m
}

func (p *parser) defined(d Definition) {
	if p.r.failed || p.r.second {
		return
	}
	p.r.state.Defined = append(p.r.state.Defined, Defined{p.r.index, len(p.r.f.Defs)})
	p.r.f.Defs = append(p.r.f.Defs, d)
}

// newEnvironment is \newenvironment and \renewenvironment.
func (p *parser) newEnvironment(at int, command string) {
	a := p.argument()
	name, lead := trimmed(a)
	count := p.argumentCount()
	optional := p.brackets()
	before := p.argument()
	after := p.argument()
	if p.r.failed {
		return
	}
	e := &environment{before: before.text, after: after.text, args: count}
	if optional.given {
		e.optional = &optional.text
	}
	replaces := Nothing
	if old := p.r.w.ownEnvironment(name); old != nil && !old.same(e) {
		replaces = OfPage
		if p.r.w.environments[name] == nil {
			replaces = OfSite
		}
	} else if old == nil && p.r.w.builtin(named(p.r.w.table.environments, name)) != nil {
		replaces = OfMathJax
	}
	if p.r.w.environments == nil {
		p.r.w.environments = map[string]*environment{}
	}
	p.r.w.environments[name] = e
	p.defined(Definition{Command: command, Name: name, Environment: true, NameSpan: a.origin.span(lead, lead+len(name)), Span: p.here(at),
		Args: count, Optional: e.optional, Body: before.text + "\x00" + after.text, Replaces: replaces})
}

// commandAfter reads a command that must follow (GetCSname).
func (p *parser) commandAfter() (string, text.Span) {
	if p.r.failed {
		return "", text.Span{}
	}
	if p.next() != '\\' {
		p.fail("MissingCS", p.running(), "%s must be followed by a command.", p.command)
		return "", text.Span{}
	}
	a := p.argument()
	return strings.TrimPrefix(trim(a.text), `\`), a.span()
}

// def is \def.
func (p *parser) def(at int, command string) {
	name, nameSpan := p.commandAfter()
	count, template := p.template(name)
	body := p.argument()
	if p.r.failed {
		return
	}
	m := &macro{body: body.text, args: count, template: template}
	replaces := p.r.w.replaced(name, m)
	p.define(name, m)
	p.defined(Definition{Command: command, Name: name, NameSpan: nameSpan, Span: p.here(at), Args: count, Body: body.text, Replaces: replaces})
}

// template reads the parameter text of a \def (GetTemplate). A nil template
// stands for plain arguments.
func (p *parser) template(name string) (int, []string) {
	if p.r.failed {
		return 0, nil
	}
	p.next()
	start, n := p.i, 0
	var params []string
	set := func(s string) {
		for len(params) <= n {
			params = append(params, "")
		}
		params[n] = s
	}
	for p.i < len(p.s) {
		switch p.next() {
		case '#':
			if start != p.i {
				set(p.s[start:p.i])
			}
			p.i++
			if p.i >= len(p.s) || p.s[p.i] < '1' || p.s[p.i] > '9' {
				p.fail("CantUseHash2", p.running(), "A # in the parameters of \\%s must be followed by a digit.", name)
				return 0, nil
			}
			if n++; int(p.s[p.i]-'0') != n {
				p.fail("SequentialParam", p.running(), "The parameters of \\%s must be numbered in order.", name)
				return 0, nil
			}
			start = p.i + 1
		case '{':
			if start != p.i {
				set(p.s[start:p.i])
			}
			if params == nil {
				return n, nil
			}
			return n, params
		}
		if p.i >= len(p.s) {
			break
		}
		_, size := utf8.DecodeRuneInString(p.s[p.i:])
		p.i += size
	}
	p.fail("MissingReplacementString", p.running(), "%s lacks the { } with what it is to stand for.", p.command)
	return 0, nil
}

// let is \let.
func (p *parser) let(at int) {
	name, nameSpan := p.commandAfter()
	if p.r.failed {
		return
	}
	c := p.next()
	if c == '=' {
		p.i++
		c = p.next()
	}
	w := p.r.w
	from := p.i
	note := func(body string) {
		p.defined(Definition{Command: "let", Name: name, NameSpan: nameSpan, Span: p.here(at), Body: body})
	}
	if c != '\\' {
		target := p.rune()
		p.i += len(target)
		if w.delimiter(target) {
			p.letDelimiter(name)
		} else {
			p.define(name, &macro{body: target})
		}
		note(target)
		return
	}
	target, _ := p.commandAfter()
	if p.r.failed {
		return
	}
	_ = from
	entries := named(w.table.commands, target)
	switch {
	case w.delimiter(`\` + target):
		p.letDelimiter(name)
	case w.commands[target] != nil:
		p.define(name, w.commands[target])
	case w.own(target) != nil:
		p.define(name, w.own(target))
	default:
		e := w.builtin(entries)
		if e == nil {
			if w.loader(entries, target, false) >= 0 {
				p.define(name, &macro{opaque: true}) // the command that autoloads, under another name
				note(`\` + target)
			} else if w.four && target != name && (w.own(name) != nil || len(named(w.table.commands, name)) > 0) {
				// The name means nothing from here on; what it meant besides is not modelled.
				delete(w.commands, name)
				if w.own(name) != nil || len(named(w.table.commands, name)) > 0 {
					p.define(name, &macro{opaque: true})
				}
				note(`\` + target)
			}
			return
		}
		p.define(name, &macro{entry: e})
	}
	note(`\` + target)
}

func (p *parser) letDelimiter(name string) {
	if p.r.w.delimiters == nil {
		p.r.w.delimiters = map[string]bool{}
	}
	p.r.w.delimiters[`\`+name] = true
}

// declareOperator is \DeclareMathOperator.
func (p *parser) declareOperator(at int) {
	command := "DeclareMathOperator"
	star := ""
	if p.star() {
		star, command = "*", command+"*"
	}
	var name string
	var span text.Span
	if p.r.w.four {
		name, span = p.definitionName()
	} else {
		a := p.argument()
		trimmed, lead := trimmed(a)
		span = a.origin.span(lead, lead+len(trimmed))
		name = strings.TrimPrefix(trimmed, `\`)
	}
	body := p.argument()
	if p.r.failed {
		return
	}
	m := &macro{body: `\operatorname` + star + `{` + body.text + `}`}
	replaces := p.r.w.replaced(name, m)
	if p.r.w.four {
		p.define(name, m) // 3 has a map of their own, which is asked behind that of \\newcommand
	} else {
		if p.r.w.operators == nil {
			p.r.w.operators = map[string]*macro{}
		}
		p.r.w.operators[name] = m
	}
	p.defined(Definition{Command: command, Name: name, NameSpan: span, Span: p.here(at), Body: body.text, Replaces: replaces})
}

// require is \require.
func (p *parser) require() {
	a := p.argument()
	if p.r.failed {
		return
	}
	valid := a.text != ""
	for i := range len(a.text) {
		if c := a.text[i]; !isLetter(c) && !isDigit(c) && c != '_' {
			valid = false
		}
	}
	if !valid {
		p.fail("BadPackageName", p.running(), "This is no name of a package.")
		return
	}
	w := p.r.w
	k := w.table.pkg(PackageName(a.text))
	switch {
	case k < 0 && w.two:
		p.r.giveUp() // version 2 has packages of its own
	case k < 0:
		p.r.unknownPackage(a)
	case !w.table.packages[k].requirable:
		p.fail("BadRequire", a.span(), "The package %s cannot be loaded by \\require.", a.text)
	default:
		before := w.rank
		w.load(k)
		for i := range before {
			w.required[i] = w.required[i] || before[i] != w.rank[i]
		}
		p.r.loaded = true
	}
}
