package tex

import (
	"fmt"

	"scholium/analysis/text"
)

// fail notes the error that makes an error box of the formula. Nothing more of
// it is read. Where something that is not modelled came before, the error is
// not certain: the formula is given up instead.
func (p *parser) fail(id string, at text.Span, format string, args ...any) {
	r := p.r
	if r.failed {
		return
	}
	r.failed = true
	if r.f.Doubtful {
		return
	}
	code := "tex-error"
	switch id {
	case "ExtraOpenMissingClose", "ExtraCloseMissingOpen", "MissingCloseBrace", "ExtraCloseLooking", "MissingCloseBracket",
		"ExtraLeftMissingRight", "MissingLeftExtraRight", "ExtraMiddle",
		"EnvMissingEnd", "EnvBadEnd", "MissingBeginExtraEnd":
		code = "unclosed-group"
	case "UnknownEnv":
		code = "undefined-environment"
	case "UndefinedControlSequence":
		code = "undefined-command"
	}
	if p.missed {
		code = "tex-error" // something is missing, whatever MathJax calls it
	}
	r.f.Failed, r.f.Doubtful = true, true
	r.f.Faults = append(r.f.Faults, Fault{Code: code, ID: id, Span: at, Message: fmt.Sprintf(format, args...)})
}

// undefinedCommand prints a command that nothing defines in red, and goes on;
// without the package noundefined it is an error like others.
func (p *parser) undefinedCommand(name string, at text.Span, entries []entry) {
	r := p.r
	red := r.w.active("noundefined")
	if r.quiet > 0 || r.opaque || r.guess {
		r.doubt()
		if !red {
			r.giveUp()
		}
		p.pushNode(node{kind: kOther, space: true})
		return
	}
	fault := Fault{Code: "undefined-command", ID: "UndefinedControlSequence", Span: at, Name: name, Near: r.guessAt(name, false), Require: r.w.provider(entries)}
	fault.Message = "\\" + name + " is not defined."
	switch {
	case fault.Require != "":
		fault.Message += " \\require{" + fault.Require + "} would define it."
	case len(fault.Near) > 0:
		fault.Message += " Did you mean \\" + fault.Near[0] + "?"
	}
	if !red {
		p.fail(fault.ID, at, "%s", fault.Message)
		if n := len(r.f.Faults); n > 0 && r.f.Failed {
			r.f.Faults[n-1] = fault
		}
		return
	}
	r.f.Faults = append(r.f.Faults, fault)
	p.pushNode(node{kind: kOther, space: true})
}

// undefinedEnvironment is always an error.
func (p *parser) undefinedEnvironment(name string, at text.Span, entries []entry) {
	r := p.r
	if r.quiet > 0 || r.opaque || r.guess {
		r.giveUp()
		return
	}
	p.fail("UnknownEnv", at, "The environment %s is not defined.", name)
	if n := len(r.f.Faults); n > 0 && r.f.Failed {
		fault := &r.f.Faults[n-1]
		fault.Name, fault.Near, fault.Require = name, r.guessAt(name, true), r.w.provider(entries)
		switch {
		case fault.Require != "":
			fault.Message += " \\require{" + fault.Require + "} would define it."
		case len(fault.Near) > 0:
			fault.Message += " Did you mean " + fault.Near[0] + "?"
		}
	}
}

// guessAt returns names that may have been meant. A page with very many
// undefined names gets guesses for the first ones only.
func (r *reader) guessAt(name string, environment bool) []string {
	if r.near++; r.near > 200 {
		return nil
	}
	return Near(name, r.w.names(environment))
}
