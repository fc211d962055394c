package analysis

import (
	"slices"

	"scholium/analysis/site"
)

// References returns every place that uses the name at a cursor, in the order
// of files and places, its definitions among them where declaration is true.
// Nil where there is no name. Where closed pages must be whole before there is
// an answer it returns these instead.
func References(c site.Cursor, declaration bool) (places []site.Place, need []site.Path) {
	s, need, ok := about(c)
	if !ok {
		return nil, need
	}
	if s.name.Kind == site.PageLink {
		declaration = false
	}
	out := s.Site.Uses(s.Cursor, s.name.Key)
	if declaration {
		out = append(definitions(s), out...)
	}
	site.SortPlaces(out)
	return slices.CompactFunc(out, func(a, b site.Place) bool { return a.Origin == b.Origin }), nil
}

// definitions are all places that define a name: of a macro that is defined
// again those before and behind the cursor too.
func definitions(s subject) []site.Place {
	k := s.name.Key
	k.Uses = false
	var out []site.Place
	if (k.Kind == site.Macro || k.Kind == site.Environment) && s.Page != nil && s.Owns(k) {
		for _, n := range s.Page.Facts.Names {
			if n.Key == k {
				out = append(out, site.Place{Origin: n.At, Name: n})
			}
		}
		return out
	}
	for _, d := range s.Site.Definitions(s.Cursor, k) {
		if d.Name.Form != site.WholeFile {
			out = append(out, d)
		}
	}
	return out
}
