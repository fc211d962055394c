package site

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/text"
)

// urlKey is an address of the site as pages are found by it: without slashes
// around it, and without what a server adds by itself, index.html and .html.
func urlKey(address string) string {
	address = strings.Trim(address, "/")
	if address == "index.html" {
		return ""
	}
	address = strings.TrimSuffix(address, "/index.html")
	return strings.TrimSuffix(address, ".html")
}

// urlsOf are the addresses that lead to a page: its own, and those that
// jekyll-redirect-from makes of redirect_from. A draft has none: it is not
// published.
func (s *Snapshot) urlsOf(p *Page) []string {
	if p.Facts.URL == "" || p.File.Kind == jekyll.Draft || p.File.Kind == jekyll.NotAPost || s.Loose {
		return nil
	}
	out := []string{urlKey(p.Facts.URL)}
	for _, from := range p.Source.Head.Values.Get("redirect_from").Strings() {
		out = append(out, urlKey(from))
	}
	return out
}

// AtURL returns the page that an address leads to, as urlKey has it; nil where
// no page is known there.
func (s *Snapshot) AtURL(key string) *Facts {
	list, _ := s.urls.get(key)
	if len(list) == 0 {
		return nil
	}
	return s.Facts(list[0])
}

// Serves reports whether a file that is copied as it is answers an address.
func (s *Snapshot) Serves(key string) bool { _, ok := s.Served(key); return ok }

// Served returns the file that is copied as it is and answers an address.
func (s *Snapshot) Served(key string) (Path, bool) {
	for _, p := range []string{key, key + ".html", path.Join(key, "index.html")} {
		if s.Published(Path(p)) {
			return Path(p), true
		}
	}
	return "", false
}

// pageMakers are plugins that add pages with addresses of their own. Any plugin
// that is not known to be quiet may.
var pageMakers = []string{"jekyll-paginate", "jekyll-paginate-v2", "jekyll-archives", "jekyll-tagging", "jekyll-polyglot", "jekyll-scholar", "jekyll-remote-theme", "jekyll-relative-links"}

// KnowsURL says whether the absence of a page at an address may be reported. It
// may where no plugin adds pages, and the address lies beside others that the
// site has: one elsewhere may belong to another site of the same host.
func (s *Snapshot) KnowsURL(key string) Certainty {
	if s.makesFiles() || s.plugins != "" || len(s.opaque) > 0 {
		return Uncertain
	}
	for _, p := range s.Config.Plugins {
		if slices.Contains(pageMakers, p) {
			return Uncertain
		}
	}
	first, rest, deep := strings.Cut(key, "/")
	if ext := path.Ext(key); !deep || rest == "" || ext != "" && len(ext) < 6 {
		return Uncertain
	}
	n, _ := s.roots.get(first)
	return Certainty(n > 0)
}

// NearURLs are the addresses of pages in the same part of the site.
func (s *Snapshot) NearURLs(key string) []string {
	first, _, _ := strings.Cut(key, "/")
	var out []string
	s.urls.each(func(k string, _ []Path) bool {
		if strings.HasPrefix(k, first+"/") {
			out = append(out, k)
		}
		return true
	})
	slices.Sort(out)
	return out
}

// HasAnchor reports whether a page has an id, or may have it.
func (f *Facts) HasAnchor(id string) bool {
	for i := range f.Names {
		if n := &f.Names[i]; n.Kind == Anchor && !n.Uses && n.Text == id {
			return true
		}
	}
	for _, have := range f.LayoutIDs {
		if have == id || strings.HasSuffix(have, "…") && strings.HasPrefix(id, strings.TrimSuffix(have, "…")) {
			return true
		}
	}
	return f.Knows(Anchor) == Uncertain
}

// pageLink is a link to a page of the site, with its fragment.
func (c *collector) pageLink(span text.Span, value, file string, whole Origin) {
	if c.hole(span) {
		return
	}
	at, prefix, suffix := c.place(span, value)
	n := Name{Key: Key{PageLink, urlKey(file), true}, At: at, Form: URL, Prefix: prefix, Suffix: suffix, Whole: whole}
	n.fragment(value)
	c.add(n)
}

// fragment notes the fragment of an address, decoded, and how long it is as
// written.
func (n *Name) fragment(value string) {
	i := strings.IndexByte(value, '#')
	if i < 0 {
		return
	}
	n.Detail = value[i+1:]
	if n.At.Exact && n.Suffix == "" && n.At.Span.Len() > len(n.Detail) {
		n.Tail = int32(len(n.Detail))
	}
	if d, err := url.PathUnescape(n.Detail); err == nil {
		n.Detail = d
	}
}

// Target is the page that a link to another page leads to: by its address, or
// by its file where links are written so. Nil for any other name, and where no
// such page is known.
func (s *Snapshot) Target(n Name) *Facts {
	switch {
	case n.Kind == PageLink:
		return s.AtURL(n.Text)
	case n.Kind == Asset && n.Form == URL && n.Uses:
		return s.Facts(Path(n.Text))
	}
	return nil
}
