package analysis

import (
	"slices"

	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A Highlight is a place in the cursor's file that speaks of what stands at the
// cursor.
type Highlight struct {
	Span    text.Span
	Name    bool // a name, and not only \begin and \end of one environment
	Defines bool // a name where it is defined
}

// Highlights returns the places in the cursor's file where the name at the
// cursor is defined and used, in order; at an environment its \begin and \end.
// Nil where there is none, or a page that must be whole first.
func Highlights(c site.Cursor) ([]Highlight, []site.Path) {
	s, need, ok := about(c)
	if len(need) > 0 {
		return nil, need
	}
	if !ok {
		var out []Highlight
		for _, span := range LinkedEditing(c) {
			out = append(out, Highlight{Span: span})
		}
		return out, nil
	}
	var out []Highlight
	add := func(at site.Origin, defines bool) {
		if at.File == c.File && (at.Span.Len() > 0 || at.Span == s.here.At.Span) {
			out = append(out, Highlight{at.Span, true, defines})
		}
	}
	k := site.Key{Kind: s.name.Kind, Text: s.name.Text}
	if c.Page != nil && s.Page == c.Page && k.Kind != site.Citation {
		mine := (k.Kind == site.Macro || k.Kind == site.Environment) && s.Owns(k)
		behind := false
		for _, n := range c.Page.Facts.Names {
			if n.Kind != k.Kind || n.Text != k.Text {
				continue
			}
			behind = behind || !n.Uses
			if k.Kind != site.Macro && k.Kind != site.Environment || behind == mine {
				add(n.At, !n.Uses)
			}
		}
		if k.Kind == site.Anchor {
			for _, link := range c.Site.LinksTo(c.Page.Facts, k.Text) {
				add(link.Origin, false)
			}
		}
		if !mine && c.Page.Layout != nil {
			for _, list := range [][]site.Name{c.Page.Layout.Macros, c.Page.Layout.Others} {
				for _, n := range list {
					if n.Kind == k.Kind && n.Text == k.Text {
						add(n.At, !n.Uses)
					}
				}
			}
		}
	} else {
		for _, p := range c.Site.Uses(s.Cursor, s.name.Key) {
			add(p.Origin, false)
		}
		if k.Kind == site.Citation {
			for _, p := range c.Site.Definitions(s.Cursor, k) {
				add(p.Origin, true)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Highlight) int {
		if a.Span.Start != b.Span.Start {
			return a.Span.Start - b.Span.Start
		}
		return a.Span.End - b.Span.End
	})
	return slices.CompactFunc(out, func(a, b Highlight) bool { return a.Span == b.Span }), nil
}
