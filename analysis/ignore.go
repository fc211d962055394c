package analysis

import (
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// Ignore returns the edit that silences a problem at its place, by a comment
// that the reader of the page never sees, and whether there is one. What it
// offers has been tried: the page stays as it is, and the problem is gone.
func Ignore(s *site.Snapshot, p *site.Page, problem *site.Problem) (site.Fix, bool) {
	if problem.At.File != p.Source.Path || problem.Code == "unused-ignore" {
		return site.Fix{}, false
	}
	for _, e := range comments(p, problem) {
		if silences(s, p, problem, e) {
			return site.Fix{Title: "Ignore " + problem.Code + " here", Edits: []site.FileEdit{{File: problem.At.File, Edit: e}}}, true
		}
	}
	return site.Fix{}, false
}

// comments are the ways to write it, the best first.
func comments(p *site.Page, problem *site.Problem) []text.Edit {
	at, src := problem.At.Span.Start, p.Source
	insert := func(at int, s string) text.Edit { return text.Edit{Span: text.Span{Start: at, End: at}, New: s} }
	words := "scholium-ignore " + problem.Code
	var out []text.Edit
	for i := range p.Facts.Ignores { // one that stands there already
		if ig := &p.Facts.Ignores[i]; ig.At.File == src.Path && ig.At.Exact && ig.Covers.Start <= at && at <= ig.Covers.End {
			out = append(out, insert(ig.At.Span.End, " "+problem.Code))
		}
	}
	newline := "\n"
	line := src.Lines.Span(src.Lines.Line(at))
	if strings.HasPrefix(src.Text[line.End:], "\r\n") {
		newline = "\r\n"
	}
	above := func(at int, comment string) text.Edit {
		line := src.Lines.Span(src.Lines.Line(at))
		part := line.Of(src.Text)
		if line.Start == 0 {
			part = strings.TrimPrefix(part, "\uFEFF")
		}
		rest := strings.TrimLeft(part, " \t")
		return insert(line.End-len(rest), comment+newline+part[:len(part)-len(rest)])
	}
	if src.Head.Present && at < src.Head.Body {
		return append(out, above(at, "# "+words))
	}
	if p.Renders() {
		comment := "{% comment %}" + words + "{% endcomment -%}"
		out = append(out, above(at, comment))
		// Inside a tag of several lines it would be the tag's own; above the first line it is not.
		if tag := liquid.TagAt(src.Text, src.Head.Body, line.Start); !tag.Empty() && tag.Start < line.Start {
			out = append(out, above(tag.Start, comment))
		}
		for i := range p.Math { // one in the middle of a formula speaks of a line of it only where that begins there
			if o := p.FromFlow(p.Math[i].Flow); o.File == src.Path && o.Span.Start < at && at < o.Span.End {
				out = append(out, above(o.Span.Start, comment))
			}
		}
	}
	return append(out, insert(line.End, " % "+words))
}

// silences reports whether an edit leaves the page as it is, but for comments in
// formulas, and takes the problem away.
func silences(s *site.Snapshot, p *site.Page, problem *site.Problem, e text.Edit) bool {
	t, ok := tried(s, p, e)
	if !ok || t.page.Liquid.Text != p.Liquid.Text && !onlyComments(p, t.page, e.New) {
		return false
	}
	count := func(list []site.Problem) (same, all int) {
		for i := range list {
			if list[i].Code == problem.Code {
				same++
			}
		}
		return same, len(list)
	}
	then, allThen := count(s.Problems(p.Source.Path))
	now, allNow := count(t.site.Problems(p.Source.Path))
	return now < then && allNow-now <= allThen-then
}

// onlyComments reports whether two pages differ by a comment in a formula only.
func onlyComments(before, after *site.Page, comment string) bool {
	if len(before.Math) != len(after.Math) || strings.Replace(after.Tree.HTML(), comment, "", 1) != before.Tree.HTML() {
		return false
	}
	for i := range before.Math {
		if a := after.Math[i].TeX; a != before.Math[i].TeX && strings.Replace(a, comment, "", 1) != before.Math[i].TeX {
			return false
		}
	}
	return true
}

// sameValues reports whether two values of front matter are the same, wherever they stand.
func sameValues(a, b *frontmatter.Node) bool {
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Items) != len(b.Items) || len(a.Entries) != len(b.Entries) {
		return false
	}
	for i := range a.Items {
		if !sameValues(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for i := range a.Entries {
		if a.Entries[i].Key.Text != b.Entries[i].Key.Text || !sameValues(a.Entries[i].Value, b.Entries[i].Value) {
			return false
		}
	}
	return true
}
