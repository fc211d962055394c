package rules

import (
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// onPage takes away what the page's authors do not want to hear of, and names
// the wishes that nothing answers to any more.
func onPage(f *site.Facts, list []site.Problem) []site.Problem {
	if len(f.Ignores) == 0 {
		return list
	}
	type wish struct {
		ignore int
		code   string
	}
	heard := map[wish]bool{}
	out := list[:0:0]
	for _, p := range list {
		if i := f.Ignored(p.Code, p.At); i >= 0 {
			heard[wish{i, p.Code}] = true
			continue
		}
		out = append(out, p)
	}
	report := func(ig *site.Ignore, message string, fix site.Fix) {
		if ig.At.File != f.Path {
			return // what an include says may speak of other pages
		}
		p := site.Problem{Code: "unused-ignore", Severity: ruleOf("unused-ignore").Severity, At: ig.At, Message: message, Unused: true}
		if fix.Title != "" && ig.At.Exact {
			p.Fixes = []site.Fix{fix}
		}
		out = append(out, p)
	}
	// Takes a code away, and the comment with the last of them.
	without := func(ig *site.Ignore, k int) site.Fix {
		gone, title := ig.Whole, "Remove the comment"
		if len(ig.Codes) > 1 {
			gone, title = ig.Spans[k], "Remove "+ig.Codes[k]
		}
		if gone.Empty() {
			return site.Fix{}
		}
		return site.Fix{Title: title, Edits: []site.FileEdit{{File: ig.At.File, Edit: text.Edit{Span: gone}}}}
	}
	for i := range f.Ignores {
		ig := &f.Ignores[i]
		if len(ig.Codes) == 0 {
			report(ig, "This names no rule: scholium-ignore CODE. scholium explain lists the codes.", site.Fix{})
		}
		for k, code := range ig.Codes {
			rule, ok := Find(code)
			switch {
			case !ok:
				close := tex.Near(code, codes())
				fix := without(ig, k)
				if len(close) > 0 && !ig.Spans[k].Empty() {
					end := ig.Spans[k].End
					fix = replace(site.Origin{File: ig.At.File, Span: text.Span{Start: end - len(code), End: end}, Exact: true}, close[0])[0]
				}
				report(ig, "There is no rule “"+code+"”."+near(close, ""), fix)
			case !heard[wish{i, code}] && !silent(rule, f):
				report(ig, "Nothing here is a problem of the rule “"+code+"” any more.", without(ig, k))
			}
		}
	}
	return out
}

// codes are those of all rules.
func codes() []string {
	var out []string
	for _, r := range All {
		out = append(out, r.Code)
	}
	return out
}

// silent reports whether a rule may say nothing on a page because something it
// depends on is not known there.
func silent(r Rule, f *site.Facts) bool {
	kind, ok := needs[r.Code]
	return ok && f.Knows(kind) == site.Uncertain || r.math && f.Knows(site.Macro) == site.Uncertain
}
