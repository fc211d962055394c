package text

import (
	"cmp"
	"slices"
	"strings"
)

// An Edit replaces the bytes of Span by New.
type Edit struct {
	Span
	New string
}

// Apply returns doc with all edits made. Spans count in doc as it was before.
// It returns false, and doc unchanged, where edits overlap or reach outside.
// Several insertions at one place are made in the order given.
func Apply(doc string, edits []Edit) (string, bool) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var b strings.Builder
	at := 0
	for _, e := range sorted {
		if e.Start < at || e.End < e.Start || e.End > len(doc) {
			return doc, false
		}
		b.WriteString(doc[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.WriteString(doc[at:])
	return b.String(), true
}
