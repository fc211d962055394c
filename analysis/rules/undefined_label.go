package rules

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// undefinedLabel reports references to labels that the page does not have.
// MathJax prints ??? for them, without any error.
func undefinedLabel(p *page) {
	if !p.knows(site.Label) {
		return
	}
	var names []string
	for name := range p.State.Labels {
		names = append(names, name)
	}
	p.eachRef(func(f *tex.Formula, r *tex.Reference) {
		if _, ok := p.State.Labels[r.Name]; ok || p.mayLabel(r.Name) {
			return
		}
		at := p.inMath(f, r.NameSpan)
		close := tex.Near(r.Name, names)
		problem := p.report(at, "The reader sees %s: no equation of this page has the label “%s”.%s", shown(r), r.Name, near(close, ""))
		if len(close) > 0 {
			problem.Fixes = replace(at, close[0])
		}
	})
}

// eachRef calls f for every reference on the page that a rule may speak of.
func (p *page) eachRef(f func(*tex.Formula, *tex.Reference)) {
	for i := range p.Math {
		m := &p.Math[i]
		if m.Failed || p.hushed(m) {
			continue
		}
		for j := range m.Refs {
			f(m, &m.Refs[j])
		}
	}
}

// mayLabel reports whether some formula that could not be read to its end may
// hold the label.
func (p *page) mayLabel(name string) bool {
	for i := range p.Math {
		m := &p.Math[i]
		if m.Doubtful && strings.Contains(m.TeX, `\label`) && strings.Contains(m.TeX, "{"+name+"}") {
			return true
		}
	}
	return false
}

// shown is what stands in place of a reference that finds no number.
func shown(r *tex.Reference) string {
	if r.Command == "eqref" {
		return "(???)"
	}
	return "???"
}
