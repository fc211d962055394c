package analysis

import (
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A section is a heading with what stands below it, in the page's own file.
type section struct {
	heading *kramdown.Node
	level   int
	head    text.Span // the heading
	words   text.Span // its text
	span    text.Span // up to the next heading that is not below this one, without blank lines at the end
}

// sections returns a page's sections in the order of the file.
func sections(p *site.Page) []section {
	if p == nil || p.Tree == nil {
		return nil
	}
	doc := p.Source.Text
	var out []section
	p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if n.Kind != kramdown.Header {
			return true
		}
		if at := p.FromTree(n.Span); at.File == p.Source.Path && !at.Span.Empty() {
			out = append(out, section{n, n.Level, trimEnd(doc, at.Span), p.FromTree(n.Inner).Span, text.Span{}})
		}
		return false
	})
	slices.SortStableFunc(out, func(a, b section) int { return a.head.Start - b.head.Start })
	var open []int
	end := func(level, at int) {
		for len(open) > 0 && out[open[len(open)-1]].level >= level {
			s := &out[open[len(open)-1]]
			s.span = trimEnd(doc, text.Span{Start: s.head.Start, End: max(at, s.head.End)})
			open = open[:len(open)-1]
		}
	}
	for i := range out {
		end(out[i].level, out[i].head.Start)
		open = append(open, i)
	}
	end(0, len(doc))
	return out
}

// trimEnd takes blanks and line ends off the end of a span.
func trimEnd(doc string, span text.Span) text.Span {
	span.End = min(span.End, len(doc))
	for span.End > span.Start && strings.IndexByte(" \t\r\n", doc[span.End-1]) >= 0 {
		span.End--
	}
	return span
}

// trim takes blanks and line ends off both ends of a span.
func trim(doc string, span text.Span) text.Span {
	span = trimEnd(doc, span)
	for span.Start < span.End && strings.IndexByte(" \t\r\n", doc[span.Start]) >= 0 {
		span.Start++
	}
	return span
}
