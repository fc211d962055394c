package rules

import "scholium/analysis/site"

// mathNotLoaded reports pages with formulas that load nothing to set them. It
// speaks once a page, at the first formula.
func mathNotLoaded(p *page) {
	if p.Bare == nil || !p.knows(site.Macro) {
		return
	}
	what := "this formula"
	if p.Bare.Count > 1 {
		what = "the formulas of this page"
	}
	if p.Bare.Flag == "" {
		p.report(p.Bare.First, "The reader sees the TeX of %s: its layout loads no MathJax.", what)
		return
	}
	problem := p.report(p.Bare.First, "The reader sees the TeX of %s: the layout loads MathJax only where the front matter says “%s: true”.", what, p.Bare.Flag)
	if edit, ok := site.SetKey(p.Source, p.Bare.Flag, "true"); ok {
		problem.Fixes = []site.Fix{{Title: "Say “" + p.Bare.Flag + ": true” in the front matter", Edits: []site.FileEdit{{File: p.Source.Path, Edit: edit}}}}
	}
}
