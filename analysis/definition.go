package analysis

import "scholium/analysis/site"

// Definition returns where the name at a cursor is defined; nil where there is
// no name, or its definition is not in the site. At a definition it returns
// that definition itself.
func Definition(c site.Cursor) []site.Place {
	n, ok := c.Name()
	if !ok {
		return nil
	}
	return c.Site.Definitions(c, n.Key)
}
