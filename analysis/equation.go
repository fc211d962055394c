package analysis

import "scholium/analysis/site"

// Equation returns the formula that a cursor stands in, or else the one that
// what stands there names: the equation of a reference. It returns false where
// there is none.
func Equation(c site.Cursor) (*Picture, bool) {
	h, ok := hoverFormula(c)
	if !ok {
		h, _, ok = Hover(c) // what closed pages would add is no formula
	}
	return h.Formula, ok && h.Formula != nil
}
