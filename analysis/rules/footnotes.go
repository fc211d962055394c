package rules

import (
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// undefinedFootnote reports markers without a footnote: kramdown prints them as
// they stand.
func undefinedFootnote(p *page) {
	if !p.knows(site.Footnote) {
		return
	}
	var names []string
	for _, n := range p.Tree.Footnotes {
		names = append(names, n.Name)
	}
	var g guesses
	for _, m := range p.Tree.Markers {
		if m.Footnote != nil {
			continue
		}
		close := g.near(m.Name, these(names))
		if len(close) == 0 && p.isPattern(m.Span, m.Name) {
			continue
		}
		at := p.FromTree(m.NameSpan)
		problem := p.report(at, "The reader sees “[^%s]”: this page has no footnote of that name.%s", m.Name, near(close, ""))
		if len(close) > 0 {
			problem.Fixes = replace(at, close[0])
		}
	}
}

// isPattern reports whether [^a-z] is meant as a regular expression, which is
// printed as it stands, as its author wants it.
func (p *page) isPattern(span text.Span, name string) bool {
	doc := p.Tree.Source
	if span.End < len(doc) && strings.IndexByte("*+?{|", doc[span.End]) >= 0 {
		return true
	}
	if span.Start > 0 && strings.IndexByte("|\\/^", doc[span.Start-1]) >= 0 {
		return true
	}
	ranges, others := 0, 0
	for i := 0; i < len(name); {
		if i+2 < len(name) && name[i+1] == '-' && isRange(name[i], name[i+2]) {
			ranges, i = ranges+1, i+3
		} else {
			others, i = others+1, i+1
		}
	}
	return ranges > 0 && others <= 2
}

// isRange reports whether a-b is one of the ranges of letters or digits that
// patterns have: up to the last, or from the first on.
func isRange(a, b byte) bool {
	switch {
	case 'a' <= a && a < b && b <= 'z':
		return a == 'a' && b > 'b' || b == 'z'
	case 'A' <= a && a < b && b <= 'Z':
		return a == 'A' && b > 'B' || b == 'Z'
	}
	return '0' <= a && a < b && b <= '9' && (a <= '1' || b == '9')
}

// duplicateFootnote reports a footnote whose name an earlier one has: the
// earlier text is never printed.
func duplicateFootnote(p *page) {
	first := map[string]int{}
	for i, n := range p.Tree.Footnotes {
		k, again := first[n.Name]
		if !again {
			first[n.Name] = i
			continue
		}
		problem := p.report(p.FromTree(n.NameSpan), "This footnote takes the place of an earlier one of the same name: the reader never sees the first text.")
		problem.Related = append(problem.Related, site.Related{At: p.FromTree(p.Tree.Footnotes[k].NameSpan), Message: "the footnote that is lost"})
		problem.Fixes = p.withoutFootnote(p.Tree.Footnotes[k], "Remove the text that nobody sees")
	}
}

// unusedFootnote reports footnotes without a marker: kramdown does not print them.
func unusedFootnote(p *page) {
	if !p.knows(site.Footnote) {
		return
	}
	used := map[string]bool{}
	for _, m := range p.Tree.Markers {
		used[m.Name] = true
	}
	for _, n := range p.Tree.Footnotes {
		if n.Number == 0 && !n.Replaced && !used[n.Name] {
			problem := p.report(p.FromTree(n.NameSpan), "No marker [^%s] uses this footnote: it is not printed.", n.Name)
			problem.Unused = true
			problem.Fixes = p.withoutFootnote(n, "Remove the footnote")
		}
	}
}

// withoutFootnote removes a footnote that is not printed. There is no fix where
// the page might become another one: where the footnote keeps apart what would
// grow together, or holds what others may use.
func (p *page) withoutFootnote(n *kramdown.Footnote, title string) []site.Fix {
	at := p.FromTree(n.Span)
	if !at.Exact || at.File != p.Source.Path {
		return nil
	}
	doc := p.Source.Text
	whole := at.Span.Of(doc)
	if strings.Contains(whole[min(2, len(whole)):], "[^") || strings.Contains(whole[min(len(n.Name)+5, len(whole)):], "]:") || strings.Contains(whole, "*[") || strings.Contains(whole, "{") {
		return nil
	}
	line := p.Source.Lines.Span(p.Source.Lines.Line(at.Span.Start)).Start
	if line != at.Span.Start {
		return nil // in a list or quotation
	}
	before, after := strings.TrimRight(doc[:at.Span.Start], " \t\r\n"), strings.TrimLeft(doc[at.Span.End:], "\r\n")
	at.Span.End = len(doc) - len(after) // with the blank lines behind it
	if after == "" {                    // or those in front, at the end
		at.Span.Start = len(before)
		if strings.HasSuffix(doc, "\n") {
			at.Span.Start += len(doc[len(before):]) - len(strings.TrimLeft(doc[len(before):], "\r")) + 1
		}
		at.Span.Start = min(max(at.Span.Start, p.Source.Head.Body), len(doc))
	}
	last := before[strings.LastIndexByte(before, '\n')+1:]
	alone := line <= p.Source.Head.Body || strings.HasPrefix(last, "[^") ||
		strings.HasSuffix(strings.TrimRight(doc[:line], " \t"), "\n\n") || strings.HasSuffix(doc[:line], "\r\n\r\n")
	if !alone || goesOn(after) || strings.HasPrefix(after, "[^") && strings.HasPrefix(last, "{") {
		return nil
	}
	return asked(edit(at, title, ""))
}

// goesOn reports whether a text may go on with a block in front of it: with
// another item, row, line of code or attribute list.
func goesOn(s string) bool {
	return s != "" && (strings.IndexByte(" \t*+->|:{", s[0]) >= 0 || '0' <= s[0] && s[0] <= '9')
}
