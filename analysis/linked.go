package analysis

import (
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// LinkedEditing returns the places that are edited together with the one at the
// cursor: the names in \begin{…} and \end{…} of one environment. Nil elsewhere,
// and where they are not the same already.
func LinkedEditing(c site.Cursor) []text.Span {
	if c.Page == nil {
		return nil
	}
	i, ok := c.Page.Formula(c.File, c.Offset)
	if !ok {
		return nil
	}
	f := &c.Page.Math[i]
	for _, pair := range tex.Pairs(f.TeX) {
		begin, end := c.Page.InMath(f, pair.Begin), c.Page.InMath(f, pair.End)
		if begin.File != c.File || end.File != c.File || !begin.Exact || !end.Exact {
			continue
		}
		if (begin.Span.Contains(c.Offset) || end.Span.Contains(c.Offset)) && pair.End.Of(f.TeX) == pair.Name {
			return []text.Span{begin.Span, end.Span}
		}
	}
	return nil
}
