package tex

import (
	"fmt"
	"slices"
	"strings"

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
	fault.Omitted = r.w.left(entries)
	switch {
	case fault.Omitted != "":
		fault.Message += " The configuration names its package " + fault.Omitted + ", but does not load it."
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
		fault.Omitted = r.w.left(entries)
		switch {
		case fault.Omitted != "":
			fault.Message += " The configuration names its package " + fault.Omitted + ", but does not load it."
		case fault.Require != "":
			fault.Message += " \\require{" + fault.Require + "} would define it."
		case len(fault.Near) > 0:
			fault.Message += " Did you mean " + fault.Near[0] + "?"
		}
	}
}

// unknownPackage is a \require of a package that does not exist. MathJax looks
// for it on the network: when nothing is there, version 4 prints an error, and
// version 3 stops and sets no formula of the page at all.
func (r *reader) unknownPackage(a argument) {
	if r.f.Doubtful || r.quiet > 0 || r.opaque || r.second {
		r.giveUp()
		return
	}
	r.giveUp()
	r.f.Failed = true
	var names []string
	for i := range r.w.table.packages {
		if p := &r.w.table.packages[i]; p.requirable && !r.w.omitted[i] {
			names = append(names, p.name)
		}
	}
	f := Fault{Code: "unknown-package", ID: "RequireFail", Span: a.span(), Name: a.text, Near: Near(strings.ToLower(a.text), names)}
	if name := strings.ToLower(a.text); slices.Contains(names, name) {
		f.Near = []string{name}
	}
	f.Message = "There is no package " + a.text + "."
	r.f.Faults = append(r.f.Faults, f)
}

// guessAt returns names that may have been meant. A page with very many
// undefined names gets guesses for the first ones only.
func (r *reader) guessAt(name string, environment bool) []string {
	if r.near++; r.near > 200 {
		return nil
	}
	return Near(name, r.w.names(environment))
}
