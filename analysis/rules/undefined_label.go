package rules

import (
	"slices"
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
	type reason struct {
		may       bool // the page may have the label
		why, mend string
	}
	reasons := map[string]reason{} // by name: found once, as it takes a look at the whole page
	p.eachRef(func(f *tex.Formula, r *tex.Reference) {
		if _, ok := p.State.Labels[r.Name]; ok {
			return
		}
		x, known := reasons[r.Name]
		if !known {
			if x.may = p.mayLabel(r.Name); !x.may && len(reasons) < maxGuesses {
				x.why, x.mend = p.whyUndefined(r.Name, names)
			}
			reasons[r.Name] = x
		}
		if x.may {
			return
		}
		at, why, mend := p.inMath(f, r.NameSpan), x.why, x.mend
		problem := p.report(at, "The reader sees %s: no equation of this page has the label “%s”.%s", shown(r), r.Name, why)
		problem.Misses = site.Key{Kind: site.Label, Text: r.Name, Uses: true}
		if mend != "" {
			problem.Fixes = replace(at, mend)
		}
	})
}

// whyUndefined says what may have gone wrong with a reference, and what would
// mend it.
func (p *page) whyUndefined(name string, names []string) (why, mend string) {
	slices.Sort(names)
	for _, other := range names {
		switch {
		case strings.TrimSpace(other) == strings.TrimSpace(name):
			return " Blanks count: the label is “" + other + "”.", other
		case strings.EqualFold(other, name):
			return " Letter case counts: the label is “" + other + "”.", other
		case strings.ReplaceAll(other, `\`, "") == strings.ReplaceAll(name, `\`, ""):
			return " Backslashes count, and kramdown takes them off _ and * in running text: the label is “" + other + "” when MathJax gets it.", ""
		}
	}
	if close := tex.Near(name, names); len(close) > 0 {
		return near(close, ""), close[0]
	}
	for i := range p.Math {
		for _, row := range p.Math[i].Rows {
			if row.Tag && row.Number == name {
				return " It is a \\tag, which only a \\label makes a name to refer to.", ""
			}
		}
	}
	if strings.Contains(p.Flow.Text, `\label{`+name+`}`) {
		return " Its \\label stands in running text, where MathJax does not look for one.", ""
	}
	return "", ""
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
