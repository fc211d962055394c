package rules

import (
	"scholium/analysis/site"
	"scholium/analysis/tex"
)

// duplicateLabel reports labels that an earlier equation has already. MathJax
// prints the second equation as the box "Label 'x' multiply defined", and two
// labels in one row as "Multiple \label".
func duplicateLabel(p *page) {
	named := p.names(func(n *site.Name) bool { return n.Kind == site.Label })
	referred := p.names(func(n *site.Name) bool { return n.Kind == site.Label && n.Uses })
	taken := func(name string) bool {
		_, ok := p.State.Labels[name]
		return ok || named(name)
	}
	for i := range p.Math {
		f := &p.Math[i]
		if p.hushed(f) || f.Ref {
			continue
		}
		for j := range f.Labels {
			l := &f.Labels[j]
			switch l.Lost {
			case tex.LostDuplicate:
				first, ok := p.State.Labels[l.Name]
				if !ok {
					continue
				}
				problem := p.report(p.inMath(f, l.NameSpan), "The reader sees an error in place of this equation: the label “%s” is used above.", l.Name)
				free := unused(l.Name, taken)
				problem.Fixes = edit(p.InMath(f, l.NameSpan), "Call it "+free, free)
				o := &p.Math[first.Formula]
				for k := range o.Labels {
					if o.Labels[k].Name == l.Name {
						problem.Related = append(problem.Related, site.Related{At: p.inMath(o, o.Labels[k].NameSpan), Message: "the first equation with this label"})
						break
					}
				}
			case tex.LostSecond:
				problem := p.report(p.inMath(f, l.NameSpan), "The reader sees an error in place of this equation: one row has two labels.")
				if !referred(l.Name) {
					problem.Fixes = edit(p.InMath(f, l.Span), "Remove this label, to which nothing refers", "")
				}
			}
		}
	}
}
