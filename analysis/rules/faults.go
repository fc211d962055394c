package rules

import (
	"cmp"
	"slices"
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// faults reports what the reader of TeX found wrong with formulas: the rules
// undefined-command, undefined-environment, unclosed-group and mathjax-error
// differ only in which fault they speak of.
func faults(code string) func(*page) {
	return func(p *page) {
		if p.Config.Unknown != "" {
			return // what the site's configuration defines is not known
		}
		for i := range p.Math {
			f := &p.Math[i]
			if p.hushed(f) {
				continue
			}
			for j := range f.Faults {
				fault := &f.Faults[j]
				if fault.Code != code || code == "tex-error" && labelFault(fault) {
					continue
				}
				if undefined(code) && !p.knows(site.Macro) || code != "undefined-command" && p.explained(f) {
					continue
				}
				p.fault(f, fault)
			}
		}
	}
}

// explained reports whether another rule says what happened to a formula before
// MathJax got it: its error is a consequence.
func (p *page) explained(f *tex.Formula) bool {
	whole := p.own(p.FromFlow(f.Flow), f.Flow.Start)
	for ; p.looked < len(*p.found); p.looked++ {
		if q := &(*p.found)[p.looked]; q.Code == "liquid-in-math" || q.Code == "math-escapes" {
			k, _ := slices.BinarySearchFunc(p.causes, q.At, compareOrigins)
			p.causes = slices.Insert(p.causes, k, q.At)
		}
	}
	k, _ := slices.BinarySearchFunc(p.causes, whole, compareOrigins)
	return k < len(p.causes) && p.causes[k].File == whole.File && p.causes[k].Span.Start <= whole.Span.End
}

// compareOrigins orders places by where they begin.
func compareOrigins(a, b site.Origin) int {
	return cmp.Or(strings.Compare(string(a.File), string(b.File)), cmp.Compare(a.Span.Start, b.Span.Start))
}

func undefined(code string) bool {
	return code == "undefined-command" || code == "undefined-environment"
}

// labelFault reports whether duplicate-label says it already.
func labelFault(f *tex.Fault) bool {
	return f.ID == "MultipleLabel" || f.ID == "MultipleCommand" && strings.Contains(f.Message, `\label`)
}

func (p *page) fault(f *tex.Formula, fault *tex.Fault) {
	at := p.inMath(f, fault.Span)
	message := fault.Message
	slash := `\`
	switch {
	case fault.Code == "undefined-environment":
		slash = ""
	case fault.Code == "undefined-command" && fault.Omitted != "":
		message = "The reader sees \\" + fault.Name + " in red: the site's configuration names its package " + fault.Omitted + " in “packages”, but does not load it; “loader.load” needs “[tex]/" + fault.Omitted + "”."
	case fault.Code == "undefined-command" && fault.Later:
		message = "The reader sees \\" + fault.Name + " in red: this page defines it further down only."
	case fault.Code == "undefined-command" && fault.Require != "":
		message = "The reader sees \\" + fault.Name + " in red: it needs \\require{" + fault.Require + "}."
	case fault.Code == "undefined-command":
		message = "The reader sees \\" + fault.Name + " in red: MathJax, this page and this site define no such command."
	}
	if len(fault.Near) > 0 && fault.Require == "" && fault.Omitted == "" && !fault.Later {
		message += near(fault.Near, slash)
	}
	problem := p.report(at, "%s", message)
	if fault.Require != "" {
		if inner, ok := p.opening(f); ok {
			problem.Fixes = append(problem.Fixes, site.Fix{
				Title: `Load the package with \require{` + fault.Require + `}`,
				Edits: []site.FileEdit{{File: inner.File, Edit: text.Edit{Span: inner.Span, New: `\require{` + fault.Require + `}`}}},
			})
		}
	}
	if fault.Code == "unclosed-group" {
		problem.Fixes = p.balanced(f, fault)
	}
	if len(fault.Near) > 0 && undefined(fault.Code) && fault.Require == "" && fault.Omitted == "" {
		problem.Fixes = append(problem.Fixes, replace(at, slash+fault.Near[0])...)
	}
}

// balanced closes what a formula leaves open, or takes away what closes nothing.
func (p *page) balanced(f *tex.Formula, fault *tex.Fault) []site.Fix {
	end := len(strings.TrimRight(f.TeX, " \t\r\n"))
	if f.Flow == f.Inner { // an environment of its own: within it
		end = strings.LastIndex(f.TeX, `\end{`)
	}
	written := fault.Span.Of(f.TeX)
	at, new, title := text.Span{Start: end, End: end}, "", ""
	switch fault.ID {
	case "ExtraOpenMissingClose", "MissingCloseBrace":
		new, title = "}", "Close it with } at the end of the formula"
	case "ExtraLeftMissingRight":
		new, title = `\right.`, `Close it with \right. at the end of the formula`
	case "EnvMissingEnd":
		if !strings.HasPrefix(written, `\begin{`) || f.Flow == f.Inner {
			return nil
		}
		new = strings.Replace(written, `\begin`, `\end`, 1)
		title = "Close it with " + new + " at the end of the formula"
	case "ExtraCloseMissingOpen":
		if written != "}" {
			return nil
		}
		at, title = fault.Span, "Remove the brace"
	default:
		return nil
	}
	if at.Start < 0 {
		return nil
	}
	if new != "" && !strings.HasPrefix(f.TeX[at.Start:], " ") && (new != "}") {
		new = " " + new
	}
	tried := []tex.Formula{{TeX: f.TeX[:at.Start] + new + f.TeX[at.End:], Display: f.Display}}
	if tex.Read(tried, p.Config); tried[0].Failed {
		return nil
	}
	place := p.InMath(f, at)
	if at.Empty() && at.Start > 0 {
		place = behind(p.InMath(f, text.Span{Start: at.Start - 1, End: at.Start}))
	}
	return asked(edit(place, title, new))
}

// opening is the place in a formula where a \require may stand: its beginning,
// but of an environment in running text the beginning of its first cell.
func (p *page) opening(f *tex.Formula) (site.Origin, bool) {
	at := 0
	if strings.HasPrefix(f.TeX, `\begin{`) && f.Inner == f.Flow {
		end := strings.IndexByte(f.TeX, '}')
		switch strings.TrimSuffix(f.TeX[len(`\begin{`):max(end, len(`\begin{`))], "*") {
		case "equation", "align", "gather", "multline", "eqnarray", "flalign": // others read arguments there
			at = end + 1
		default:
			return site.Origin{}, false
		}
	}
	o := p.InMath(f, text.Span{Start: at, End: at})
	return o, o.Exact && !f.Ref
}
