package rules

import (
	"strconv"
	"strings"

	"scholium/analysis/site"
)

// brokenAnchor reports links to ids that the page does not have: a click does
// nothing.
func brokenAnchor(p *page) {
	if !p.knows(site.Anchor) {
		return
	}
	has := map[string]bool{}
	var names []string
	for i := range p.Facts.Names {
		if n := &p.Facts.Names[i]; n.Kind == site.Anchor && !n.Uses && !has[n.Text] {
			has[n.Text] = true
			names = append(names, n.Text)
		}
	}
	var g guesses
	for i := range p.Facts.Names {
		n := &p.Facts.Names[i]
		if n.Kind != site.Anchor || !n.Uses || has[n.Text] || p.Layout.Gives(n.Text) {
			continue
		}
		close := g.near(n.Text, these(names))
		problem := p.report(p.ownName(n), "This link leads nowhere: nothing on this page has the id “%s”.%s", n.Text, near(close, "#"))
		if len(close) > 0 && n.Prefix == "" && n.Suffix == "" {
			problem.Fixes = replace(n.At, close[0])
		}
	}
}

// duplicateID reports an id that an earlier element has: links and scripts
// find the first only.
func duplicateID(p *page) {
	first := map[string]*site.Name{}
	taken := p.names(func(n *site.Name) bool { return n.Kind == site.Anchor })
	for i := range p.Facts.Names {
		n := &p.Facts.Names[i]
		if n.Kind != site.Anchor || n.Uses {
			continue
		}
		before, ok := first[n.Text]
		if !ok {
			first[n.Text] = n
			continue
		}
		if before.Whole == n.Whole && before.Form == n.Form || p.uncertain(n) || p.uncertain(before) || p.adjoin(before, n) {
			continue
		}
		problem := p.report(p.ownName(n), "An element above has the id “%s” too: links reach that one only.", n.Text)
		problem.Related = append(problem.Related, site.Related{At: p.ownName(before), Message: "the first element with this id"})
		if n.Form == site.Attribute && n.Prefix == "" && n.Suffix == "" {
			free := unused(n.Text, taken)
			problem.Fixes = asked(edit(n.At, "Give it the id "+free, free))
		}
	}
}

// names tells which names stand on the page among those that of takes. Where
// nobody asks, the page is not looked through.
func (p *page) names(of func(*site.Name) bool) func(name string) bool {
	var all map[string]bool
	return func(name string) bool {
		if all == nil {
			all = map[string]bool{}
			for i := range p.Facts.Names {
				if n := &p.Facts.Names[i]; of(n) {
					all[n.Text] = true
				}
			}
		}
		return all[name]
	}
}

// unused returns a name with a number behind it that nothing has.
func unused(name string, taken func(string) bool) string {
	for i := 2; ; i++ {
		if free := name + "-" + strconv.Itoa(i); !taken(free) {
			return free
		}
	}
}

// adjoin reports whether nothing that a reader sees stands between two
// elements: an empty <a id="x"> above the heading that has the same id leads to
// the same place.
func (p *page) adjoin(a, b *site.Name) bool {
	if a.At.File != p.Source.Path || b.At.File != p.Source.Path || b.At.Span.Start < a.At.Span.End {
		return false
	}
	between := p.Source.Text[a.At.Span.End:b.At.Span.Start]
	depth := 1 // the first id stands within a tag, or in a heading
	if a.Form == site.Derived {
		depth = 0
	}
	for i := 0; i < len(between); i++ {
		switch c := between[i]; {
		case c == '<':
			depth = 1
		case c == '>':
			depth = 0
		case depth == 0 && strings.IndexByte(" \t\r\n#{}:", c) < 0:
			return false
		}
	}
	return true
}

// ownName is where a name is shown in the page's own file.
func (p *page) ownName(n *site.Name) site.Origin {
	if n.At.File == p.Source.Path {
		return n.At
	}
	return n.Whole
}

// uncertain reports whether a name stands in a block that may not be on the
// page, or not once: the arms of a condition that nobody can decide.
func (p *page) uncertain(n *site.Name) bool {
	for _, h := range p.Liquid.Holes {
		if !h.Block {
			continue
		}
		o := p.FromLiquid(h.Out)
		if o.File == n.Whole.File && o.Span.Start <= n.Whole.Span.Start && n.Whole.Span.End <= o.Span.End {
			return true
		}
	}
	return false
}
