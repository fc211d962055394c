package analysis

import (
	"scholium/analysis/site"
)

// A subject is the name that a question is about.
type subject struct {
	site.Cursor // from where the name is looked up
	name        site.Name
	here        site.Name // as it stands at the cursor: a link's fragment is the subject of another page
}

// about finds the subject at a cursor. Where the page that it belongs to is
// closed, it returns that page: the question is asked again when it is whole.
func about(c site.Cursor) (s subject, need []site.Path, ok bool) {
	if need := whole(c); len(need) > 0 {
		return subject{}, need, false
	}
	n, ok := c.Name()
	if !ok {
		return subject{}, nil, false
	}
	s = subject{c, n, n}
	target := c.Site.Target(n)
	if n.Tail == 0 {
		return s, nil, true
	}
	at := n.Fragment()
	if at.File != c.File || !at.Span.Contains(c.Offset) || target == nil {
		return s, nil, true
	}
	page := c.Site.Page(target.Path)
	if page == nil {
		return subject{}, []site.Path{target.Path}, false
	}
	fragment := site.Name{Key: site.Key{Kind: site.Anchor, Text: n.Detail, Uses: true}, At: at, Form: site.URL, Whole: n.Whole}
	return subject{site.Cursor{Site: c.Site, Page: page, File: target.Path, Offset: -1}, fragment, fragment}, nil, true
}

// whole returns the closed page without which nothing is known at a cursor: the
// file's own, or one that is made from it.
func whole(c site.Cursor) []site.Path {
	if c.Page != nil || site.IsBib(c.File) {
		return nil
	}
	if c.Site.Facts(c.File) != nil {
		return []site.Path{c.File}
	}
	if readers := c.Site.Readers(c.File); len(readers) > 0 {
		return readers[:1]
	}
	return nil
}
