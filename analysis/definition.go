package analysis

import (
	"scholium/analysis/liquid"
	"scholium/analysis/site"
)

// Definition returns where the name at a cursor is defined; nil where there is
// no name, or its definition is not in the site. At a definition it returns
// that definition itself; at a parameter of an include, where its template reads it.
func Definition(c site.Cursor) []site.Place {
	if src := c.Source(); src != nil && inHead(src, c.Offset) {
		if places := fromHead(c, src); len(places) > 0 {
			return places
		}
	}
	if places := parameterReads(c); len(places) > 0 {
		return places
	}
	n, ok := c.Name()
	if !ok {
		return nil
	}
	if n.Kind == site.PageLink || n.Detail != "" && c.Site.Target(n) != nil {
		return linked(c.Site, n)
	}
	return c.Site.Definitions(c, n.Key)
}

// fromHead returns the layout or image that a value of front matter names.
func fromHead(c site.Cursor, src *site.Source) []site.Place {
	name, value, key := entryAt(src.Head.Values, c.Offset, "")
	if value == nil || key != nil {
		return nil
	}
	file, ok := imageNamed(c, value.Text)
	if layout := layoutNamed(c.Site, value.Text); name == "layout" && layout != nil {
		file, ok = layout.Path, true
	}
	if !ok {
		return nil
	}
	return []site.Place{wholeFile(file)}
}

// parameterReads returns where a template reads the parameter of an include that
// the cursor stands on.
func parameterReads(c site.Cursor) []site.Place {
	src := c.Source()
	if src == nil || src.Template == nil || c.Offset < src.Head.Body {
		return nil
	}
	span := liquid.TagAt(src.Text, src.Head.Body, c.Offset)
	if span.Empty() {
		return nil
	}
	var out []site.Place
	for _, m := range liquid.Marks(src.Text, src.Head.Body) {
		for _, p := range m.Params {
			template := c.Site.Source(includeFile(c, m))
			if !p.NameSpan.Contains(c.Offset) || template == nil {
				continue
			}
			for _, r := range readings(template, "include."+p.Name) {
				out = append(out, site.Place{Origin: site.Origin{File: template.Path, Span: r.at, Exact: true}})
			}
		}
	}
	return out
}

func wholeFile(p site.Path) site.Place {
	return site.Place{Origin: site.Origin{File: p}, Name: site.Name{Form: site.WholeFile}}
}

// linked returns where a link to another page leads: the element that its
// fragment names, or the page's file; the file itself where that is copied as it
// is.
func linked(s *site.Snapshot, n site.Name) []site.Place {
	target := s.Target(n)
	if target == nil {
		if file, ok := s.Served(n.Text); ok && n.Kind == site.PageLink {
			return []site.Place{wholeFile(file)}
		}
		return nil
	}
	for _, a := range target.Names {
		if n.Detail != "" && a.Kind == site.Anchor && !a.Uses && a.Text == n.Detail {
			return []site.Place{{Origin: a.At, Name: a}}
		}
	}
	return []site.Place{wholeFile(target.Path)}
}
