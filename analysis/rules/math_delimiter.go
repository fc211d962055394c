package rules

import (
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// mathDelimiter reports formulas between single dollars where this site's
// MathJax has no such delimiter: the reader sees dollars and TeX. It speaks
// once a page, as a post has either none of them or many.
func mathDelimiter(p *page) {
	c := p.Config
	if p.Layout.Twice {
		return
	}
	if c.Engine == mathjax.None || c.Unknown != "" || !strings.Contains(p.Flow.Text, "$") || !p.knows(site.Macro) {
		return
	}
	if slices.ContainsFunc(c.Inline, func(d mathjax.Delimiters) bool { return d.Open == "$" }) {
		return
	}
	with := *c
	with.Inline = append(slices.Clone(c.Inline), mathjax.Delimiters{Open: "$", Close: "$"})
	with.ProcessEscapes = true
	found, _ := tex.Find(p.Flow, &with)
	found = slices.DeleteFunc(found, func(f tex.Formula) bool { return !p.dollared(&f) })
	if len(found) == 0 {
		return
	}
	// A formula is taken for one only where MathJax would set it without an error.
	tex.Read(found, &with)
	var problem *site.Problem
	var fix site.Fix
	for i := range found {
		f := &found[i]
		if f.Doubtful || len(f.Faults) > 0 {
			continue
		}
		at := p.own(p.FromFlow(f.Flow), f.Flow.Start)
		if problem == nil {
			problem = p.report(at, "")
		} else if len(problem.Related) < 20 {
			problem.Related = append(problem.Related, site.Related{At: at, Message: "and here"})
		}
		fix.Edits = append(fix.Edits, p.parentheses(f)...)
	}
	if problem == nil {
		return
	}
	inline := "none at all"
	if len(c.Inline) > 0 {
		inline = c.Inline[0].Open + "…" + c.Inline[0].Close
	}
	problem.Message = "The reader sees the dollars and the TeX: on this site $ is no delimiter of formulas, but " + inline + " is."
	if len(problem.Related) > 0 {
		problem.Message = "The reader sees the dollars and the TeX, here and in more places of this page: on this site $ is no delimiter of formulas, but " + inline + " is."
	}
	if len(fix.Edits) > 0 {
		fix.Title = `Write \\(…\\) for $…$`
		problem.Fixes = []site.Fix{fix}
	}
}

// dollared reports whether a formula stands between single dollars and is
// plainly one: no amount of money, no variable of a shell.
func (p *page) dollared(f *tex.Formula) bool {
	open := p.Flow.Text[f.Flow.Start:]
	if f.Ref || f.Display || !strings.HasPrefix(open, "$") || f.TeX == "" || len(f.TeX) > 300 || strings.Contains(f.TeX, "\n\n") {
		return false
	}
	for i := range p.Math {
		if m := &p.Math[i]; m.Flow.Start < f.Flow.End && f.Flow.Start < m.Flow.End {
			return false
		}
	}
	first, last := f.TeX[0], f.TeX[len(f.TeX)-1]
	if first == ' ' || last == ' ' || first == '\n' || last == '\n' {
		return false
	}
	for i := 0; i+1 < len(f.TeX); i++ {
		switch c, next := f.TeX[i], f.TeX[i+1]; {
		case c == '\\' && (next|0x20 >= 'a' && next|0x20 <= 'z'):
			return true
		case (c == '_' || c == '^') && next == '{' && i > 0 && first != '{':
			return true
		}
	}
	return false
}

// parentheses is the fix for one formula: the delimiter that MathJax always
// has, with the backslash that kramdown takes. Nothing where it is not one of
// this site, or where the text does not pass through kramdown.
func (p *page) parentheses(f *tex.Formula) []site.FileEdit {
	if !slices.Contains(p.Config.Inline, mathjax.Delimiters{Open: `\(`, Close: `\)`}) {
		return nil
	}
	var edits []site.FileEdit
	for _, at := range []struct {
		flow int
		new  string
	}{{f.Flow.Start, `\\(`}, {f.Flow.End - 1, `\\)`}} {
		span := text.Span{Start: at.flow, End: at.flow + 1}
		o := p.FromFlow(span)
		if !o.Exact || o.File != p.Source.Path || p.inHTML(span) {
			return nil
		}
		edits = append(edits, site.FileEdit{File: o.File, Edit: text.Edit{Span: o.Span, New: at.new}})
	}
	return edits
}

// inHTML reports whether a place of the flow lies in an HTML element of the
// source: its text is not always read as Markdown.
func (p *page) inHTML(span text.Span) bool {
	src, _, _ := p.Flow.Pieces.Source(span)
	inside := false
	p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		inside = inside || n.Kind == kramdown.HTMLElement && n.Span.Start <= src.Start && src.End <= n.Span.End
		return !inside && n.Span.Start <= src.Start && src.End <= n.Span.End || n.Kind == kramdown.Root
	})
	return inside
}
