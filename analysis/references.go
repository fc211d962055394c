package analysis

import (
	"slices"

	"scholium/analysis/site"
)

// References returns every place that uses the name at a cursor, in the order
// of files and places, its definitions among them where declaration is true.
// Nil where there is no name.
func References(c site.Cursor, declaration bool) []site.Place {
	n, ok := c.Name()
	if !ok {
		return nil
	}
	out := c.Site.Uses(c, n.Key)
	if declaration {
		for _, d := range c.Site.Definitions(c, n.Key) {
			if d.Name.Form != site.WholeFile {
				out = append(out, d)
			}
		}
		slices.SortStableFunc(out, func(a, b site.Place) int {
			if a.File != b.File {
				if a.File < b.File {
					return -1
				}
				return 1
			}
			return a.Span.Start - b.Span.Start
		})
	}
	return slices.CompactFunc(out, func(a, b site.Place) bool { return a.Origin == b.Origin })
}
