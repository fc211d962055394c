package analysis

import (
	"slices"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A PlaceLink is a part of a file that leads to a place of the site.
type PlaceLink struct {
	Span    text.Span
	Target  site.Origin // an empty span at 0 is the file as such
	Tooltip string
}

// Links returns the links of a page's own file that lead into the site: to
// other pages and their ids, to ids of the page, to images and other files, to
// includes and documents named in tags, and from a reference link to its
// definition. Addresses of other hosts are the editor's own business. They are
// in the order of the file, and none overlaps another.
func Links(s *site.Snapshot, p *site.Page) []PlaceLink {
	if p == nil || p.Facts == nil {
		return nil
	}
	var out, around []PlaceLink // around: made by a tag or filter that stands there
	doc := p.Source.Text
	from := site.Cursor{Site: s, Page: p, File: p.Source.Path}
	found := map[site.Key][]site.Place{} // looked for once, as it takes a look at all names of the page
	definitions := func(k site.Key) []site.Place {
		to, ok := found[k]
		if !ok {
			to = s.Definitions(from, k)
			found[k] = to
		}
		return to
	}
	ids := anchors(p)
	for i := range p.Facts.Names {
		n := &p.Facts.Names[i]
		if !n.Uses || n.At.File != p.Source.Path || n.At.Span.Empty() {
			continue
		}
		l := PlaceLink{Span: n.At.Span}
		var to []site.Place
		switch n.Kind {
		case site.PageLink:
			to = linked(s, *n)
			l.Tooltip = "Go to page"
		case site.Asset, site.Include, site.Post, site.Bibliography:
			to = definitions(n.Key)
			l.Tooltip = map[site.Kind]string{site.Bibliography: "Open bibliography", site.Asset: "Open file", site.Include: "Open include", site.Post: "Go to page"}[n.Kind]
		case site.Anchor:
			if n.Form != site.URL || !ids[n.Text] {
				continue
			}
			to = definitions(n.Key)
			if l.Span.Start > 0 && doc[l.Span.Start-1] == '#' {
				l.Span.Start--
			}
			l.Tooltip = "Go to place"
		}
		if len(to) == 0 {
			continue
		}
		if l.Target = to[0].Origin; n.At.Exact {
			out = append(out, l)
		} else {
			around = append(around, l)
		}
	}
	out = apart(append(out, references(p)...))
	for _, l := range around { // the name in the tag is better than the whole tag
		i, _ := slices.BinarySearchFunc(out, l, func(a, b PlaceLink) int { return a.Span.End - b.Span.Start - 1 })
		if i == len(out) || !out[i].Span.Overlaps(l.Span) {
			out = slices.Insert(out, i, l)
		}
	}
	return out
}

// anchors are the ids that a page has.
func anchors(p *site.Page) map[string]bool {
	ids := map[string]bool{}
	for i := range p.Facts.Names {
		if n := &p.Facts.Names[i]; n.Kind == site.Anchor && !n.Uses {
			ids[n.Text] = true
		}
	}
	if p.Layout != nil {
		for _, n := range p.Layout.IDs {
			ids[n.Text] = true
		}
	}
	return ids
}

// apart sorts links and leaves out what overlaps one in front of it.
func apart(list []PlaceLink) []PlaceLink {
	slices.SortStableFunc(list, func(a, b PlaceLink) int {
		if a.Span.Start != b.Span.Start {
			return a.Span.Start - b.Span.Start
		}
		return b.Span.Len() - a.Span.Len()
	})
	kept := list[:0]
	for _, l := range list {
		if len(kept) == 0 || l.Span.Start >= kept[len(kept)-1].Span.End {
			kept = append(kept, l)
		}
	}
	return kept
}

// references are the links [text][name], [name][] and [name]: they lead to the
// definition of the name.
func references(p *site.Page) []PlaceLink {
	if p.Tree == nil || len(p.Tree.LinkDefs) == 0 {
		return nil
	}
	defs := map[text.Span]*kramdown.LinkDef{}
	for _, d := range p.Tree.LinkDefs {
		if !d.URLSpan.Empty() {
			defs[d.URLSpan] = d
		}
	}
	var out []PlaceLink
	visit := func(n *kramdown.Node, _ int) bool {
		if n.Kind != kramdown.Link && n.Kind != kramdown.Image {
			return true
		}
		for i := range n.Attr {
			a := &n.Attr[i]
			d := defs[a.Span]
			if a.Name != "href" && a.Name != "src" || d == nil || n.Span.Covers(a.Span) {
				continue
			}
			span := n.Span
			if n.Inner.End+2 < span.End { // [text][name]
				span = text.Span{Start: n.Inner.End + 2, End: span.End - 1}
			} else if n.Inner.End < span.End {
				span = n.Inner
			}
			at, to := p.FromTree(span), p.FromTree(d.NameSpan)
			if at.File == p.Source.Path && at.Exact && to.File == at.File {
				out = append(out, PlaceLink{at.Span, to, "Go to link definition"})
			}
		}
		return true
	}
	p.Tree.Walk(visit)
	return out
}
