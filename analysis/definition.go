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
	if n.Kind == site.PageLink || n.Detail != "" && c.Site.Target(n) != nil {
		return linked(c.Site, n)
	}
	return c.Site.Definitions(c, n.Key)
}

// linked returns where a link to another page leads: the element that its
// fragment names, or the page's file; the file itself where that is copied as it
// is.
func linked(s *site.Snapshot, n site.Name) []site.Place {
	target := s.Target(n)
	if target == nil {
		if file, ok := s.Served(n.Text); ok && n.Kind == site.PageLink {
			return []site.Place{{Origin: site.Origin{File: file}, Name: site.Name{Form: site.WholeFile}}}
		}
		return nil
	}
	for _, a := range target.Names {
		if n.Detail != "" && a.Kind == site.Anchor && !a.Uses && a.Text == n.Detail {
			return []site.Place{{Origin: a.At, Name: a}}
		}
	}
	return []site.Place{{Origin: site.Origin{File: target.Path}, Name: site.Name{Form: site.WholeFile}}}
}
