package rules

import (
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// requireShadowed reports commands of a package loaded by \require that do not
// count, as MathJax had commands of these names before: those come first.
func requireShadowed(p *page) {
	if p.Config.Unknown != "" {
		return
	}
	for i := range p.Math {
		f := &p.Math[i]
		if f.Failed || p.hushed(f) {
			continue
		}
		for j := range f.Uses {
			if u := &f.Uses[j]; u.Shadowed != "" {
				problem := p.report(p.inMath(f, u.Span), "The reader sees %s: \\require{%s} does not replace MathJax's own \\%s; only “packages” in the site's configuration does.",
					p.prints(u), u.Shadowed, u.Name)
				if long := longNames[u.Name]; long != "" && u.Shadowed == "physics" {
					problem.Fixes = edit(p.InMath(f, u.Span), `Write \`+long, `\`+long)
				}
			}
		}
	}
}

// longNames are those that the package physics has, too, for what prints
// otherwise under its short name.
var longNames = map[string]string{"div": "divergence"}

// prints is what the reader gets of a shadowed command.
func (p *page) prints(u *tex.Use) string {
	if info, ok := tex.Lookup(u.Name, p.Config); ok && info.Char != "" {
		return info.Char
	}
	return u.Name + " with its brackets as they stand"
}

// unknownPackage reports packages that MathJax does not have. Version 3 then
// sets nothing: of this page where a formula asks for it, of every page where
// the configuration does.
func unknownPackage(p *page) {
	if p.Config.Engine != mathjax.MathJax3 && p.Config.Engine != mathjax.MathJax4 {
		return
	}
	for i := range p.Config.Loads {
		l := &p.Config.Loads[i]
		if tex.HasPackage(l.Name, p.Config) || len(p.Math) == 0 {
			continue
		}
		first := &p.Math[0]
		at := p.FromFlow(text.Span{Start: first.Flow.Start, End: first.Flow.End})
		problem := p.report(p.own(at, first.Flow.Start), "The reader sees the TeX of all formulas: the site's configuration loads the package “%s”, which MathJax does not have.", l.Name)
		if o := p.Layout.InScript(l.Script, l.At); o.File != "" {
			problem.Related = []site.Related{{At: o, Message: "the package"}}
		}
		return
	}
	for i := range p.Math {
		f := &p.Math[i]
		if p.hushed(f) {
			continue
		}
		for j := range f.Faults {
			fault := &f.Faults[j]
			if fault.Code != "unknown-package" {
				continue
			}
			at := p.inMath(f, fault.Span)
			what := "the TeX of all formulas of this page: MathJax stops where it finds"
			if p.Config.Engine == mathjax.MathJax4 {
				what = "an error in place of this formula: there is"
			}
			message := "The reader sees " + what + " no package “" + fault.Name + "”."
			if always := builtIn(fault.Name); always {
				problem := p.report(at, "%s What LaTeX has in it is always there.", message)
				problem.Fixes = p.withoutRequire(f, fault)
				continue
			}
			problem := p.report(at, "%s%s", message, near(fault.Near, ""))
			if len(fault.Near) > 0 {
				problem.Fixes = replace(at, fault.Near[0])
			}
		}
	}
}

// builtIn reports whether a package of LaTeX, or of MathJax 2, is a part of
// MathJax that needs no loading.
func builtIn(name string) bool {
	switch strings.ToLower(name) {
	case "amsmath", "amssymb", "amsfonts", "amssymbols":
		return true
	}
	return false
}

// withoutRequire is the fix that leaves out a \require.
func (p *page) withoutRequire(f *tex.Formula, fault *tex.Fault) []site.Fix {
	start := strings.LastIndex(f.TeX[:fault.Span.Start], `\require`)
	if start < 0 || fault.Span.End >= len(f.TeX) || f.TeX[fault.Span.End] != '}' {
		return nil
	}
	return edit(p.InMath(f, text.Span{Start: start, End: fault.Span.End + 1}), "Leave out the \\require", "")
}
