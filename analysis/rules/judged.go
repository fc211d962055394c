package rules

import (
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/mathjax"
	"scholium/analysis/site"
)

// doubts names the formulas that MathJax itself is to judge: those that the
// tables cannot acquit, and of which no rule says already what is wrong.
func doubts(p *page) {
	if p.Config == nil || p.Config.Unknown != "" || p.refusal != nil || p.File.Kind == jekyll.NotAPost {
		return
	}
	switch p.Config.Engine {
	case mathjax.MathJax2, mathjax.MathJax3, mathjax.MathJax4:
	default:
		return
	}
	var said []bool
	p.Facts.Doubts = p.Doubts(func(i int) bool {
		f := &p.Math[i]
		if !f.Doubtful || p.hushed(f) || p.explained(f) {
			return false
		}
		said = append(said, f.Failed)
		return true
	})
	for i := range said {
		p.Facts.Doubts[i].Said = said[i]
	}
}

// judged are the problems that MathJax has found in the formulas of a page.
func judged(f *site.Facts, s *site.Snapshot) []site.Problem {
	var out []site.Problem
	for i := range f.Doubts {
		d := &f.Doubts[i]
		v := s.Verdict(d.Key)
		if v == nil {
			v = d.Last
		}
		if v == nil || d.Said {
			continue
		}
		report := func(code, message string, r site.Ruling) {
			r.Span.Start, r.Span.End = min(r.Span.Start, len(d.TeX)), min(r.Span.End, len(d.TeX)) // a verdict on what stood here before
			at := d.Origin(r.Span)
			p := site.Problem{Code: code, Severity: ruleOf(code).Severity, At: at, Message: message}
			if at.File != f.Path { // what an include holds is shown where the page has it
				p.At = d.At
			}
			out = append(out, p)
		}
		for _, r := range v.Errors {
			switch r.ID {
			case "Retry", "Thrown", "RequireFail": // unknown-package says it, or nobody here can know
			default:
				report("mathjax-error", "The reader sees an error in place of this formula: "+strings.TrimSuffix(r.Message, ".")+".", r)
			}
		}
		for _, r := range v.Unknown {
			if f.Knows(site.Macro) == site.Certain && !saidOf(f, d, r.Message) {
				report("undefined-command", "The reader sees "+r.Message+" in red: MathJax, this page and this site define no such command.", r)
			}
		}
	}
	return out
}

// saidOf reports whether the tables have found an unknown command in a formula too.
func saidOf(f *site.Facts, d *site.Doubt, command string) bool {
	for i := range f.Problems {
		p := &f.Problems[i]
		if p.Code == "undefined-command" && p.At.File == d.At.File && d.At.Span.Start <= p.At.Span.Start && p.At.Span.End <= d.At.Span.End &&
			strings.Contains(p.Message, command+" ") {
			return true
		}
	}
	return false
}
