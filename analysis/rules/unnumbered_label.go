package rules

import (
	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// unnumberedLabel reports references to labels that exist but whose equation
// never gets a number, and says why.
func unnumberedLabel(p *page) {
	if !p.knows(site.Label) {
		return
	}
	type holder struct {
		f *tex.Formula
		l *tex.Label
	}
	labels := map[string]holder{}
	for i := range p.Math {
		f := &p.Math[i]
		for j := range f.Labels {
			l := &f.Labels[j]
			if _, ok := labels[l.Name]; !ok || l.Number != "" {
				labels[l.Name] = holder{f, l}
			}
		}
	}
	p.eachRef(func(f *tex.Formula, r *tex.Reference) {
		h, ok := labels[r.Name]
		if !ok || h.l.Number != "" || h.l.Unsure || h.f.Doubtful || p.hushed(h.f) {
			return
		}
		why := reason(h.l.Lost)
		if why == "" {
			return // the equation's own problem says it
		}
		problem := p.report(p.inMath(f, r.NameSpan), "The reader sees %s: %s.", shown(r), why)
		problem.Related = append(problem.Related, site.Related{At: p.inMath(h.f, h.l.NameSpan), Message: "the label"})
	})
}

// reason says why a label has no number (the table of what MathJax does with
// labels is in the rule's page).
func reason(lost tex.Lost) string {
	switch lost {
	case tex.LostInline:
		return "the label stands in an inline formula, which has no number"
	case tex.LostUnnumbered:
		return "the equation with this label is not numbered, as only environments such as equation and align are; put it into \\begin{equation} or give it a \\tag"
	case tex.LostStarred:
		return "the label stands in a starred environment, which has no number; leave out the star or add a \\tag"
	case tex.LostNonumber:
		return "the row with this label has \\nonumber or \\notag"
	case tex.LostInner:
		return "the label stands inside an inner environment such as aligned; it belongs to the outer one"
	case tex.LostTagsNone:
		return "this site numbers no equations (MathJax's tags are “none”); a \\tag gives this one a name"
	}
	return ""
}
