package analysis

import (
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A FileMove is a file or folder that gets another path.
type FileMove struct{ Old, New site.Path }

// A Mover finds the edits that keep the site whole when files and folders are
// moved: post_url and link tags, includes, layouts, images, links, and relative
// addresses in what is moved itself. They count in the files as they are
// before. What is written by a template, or could not be written in its place,
// stays as it is.
type Mover struct {
	s       *site.Snapshot
	moves   map[site.Path]site.Path
	urls    map[string]string // of pages and files, from old to new
	values  map[string]string // what stands for them in YAML, with and without a slash in front
	layouts map[string]string
	edits   map[site.Path][]text.Edit
}

// Move begins with what is not in pages: layouts, includes, data and the
// configuration. The caller hands each of Pages to Page, in any order.
func Move(s *site.Snapshot, moves []FileMove) *Mover {
	m := &Mover{
		s: s, moves: map[site.Path]site.Path{}, urls: map[string]string{}, values: map[string]string{}, layouts: map[string]string{},
		edits: map[site.Path][]text.Edit{},
	}
	for _, move := range moves {
		if s.Has(move.Old) {
			m.moves[move.Old] = move.New
			continue
		}
		for _, p := range s.Files(func(p site.Path) bool { return strings.HasPrefix(string(p), string(move.Old)+"/") }) {
			m.moves[p] = move.New + p[len(move.Old):]
		}
	}
	m.addresses()
	m.templates()
	return m
}

func (m *Mover) to(p site.Path) site.Path {
	if new, ok := m.moves[p]; ok {
		return new
	}
	return p
}

// addresses notes where the moved files can be reached, and could before.
func (m *Mover) addresses() {
	c := m.s.Config
	for old, new := range m.moves {
		if f := m.s.Facts(old); f != nil {
			if url := m.s.URLAt(old, new); url != "" && f.URL != "" {
				m.urls[f.URL] = url
			}
		} else if c.Classify(string(old)).Kind == jekyll.Static && c.Classify(string(new)).Kind == jekyll.Static {
			m.urls["/"+string(old)] = "/" + string(new)
		}
		dir := strings.Trim(c.LayoutsDir, "/") + "/"
		if was, ok := strings.CutPrefix(string(old), dir); ok {
			if is, ok := strings.CutPrefix(string(new), dir); ok {
				m.layouts[strings.TrimSuffix(was, path.Ext(was))] = strings.TrimSuffix(is, path.Ext(is))
			}
		}
	}
	for old, new := range m.urls {
		if old != new && len(old) > 1 {
			m.values[old] = new
			m.values[old[1:]] = new[1:]
		}
	}
}

// Pages returns the pages that name what is moved, and the moved, in order.
func (m *Mover) Pages() []site.Path {
	paths := map[site.Path]bool{}
	for old := range m.moves {
		for _, kind := range []site.Kind{site.Include, site.Post, site.Asset, site.Bibliography} {
			for _, p := range m.s.Holders(site.Key{Kind: kind, Text: string(old), Uses: true}) {
				paths[p] = true
			}
		}
		f := m.s.Facts(old)
		if f == nil {
			continue
		}
		paths[old] = true
		if len(f.Addresses) > 0 && m.s.AtURL(f.Addresses[0]) == f {
			for _, p := range m.s.Holders(site.Key{Kind: site.PageLink, Text: f.Addresses[0], Uses: true}) {
				paths[p] = true
			}
		}
	}
	m.s.EachHead(func(h *site.Head) {
		m.eachValue(h.Values, func(*frontmatter.Node, string) { paths[h.Path] = true })
	})
	return sorted(paths)
}

// Page adds the edits of a page.
func (m *Mover) Page(page *site.Page) {
	for _, n := range page.Facts.Names {
		m.name(page, n)
	}
	m.yaml(page.Source, page.Source.Head.Values)
}

// eachValue calls f for each value in YAML that stands for what is moved.
func (m *Mover) eachValue(n *frontmatter.Node, f func(n *frontmatter.Node, new string)) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		m.eachValue(item, f)
	}
	for _, e := range n.Entries {
		if e.Value != nil && e.Key.Text == "layout" {
			if new, ok := m.layouts[e.Value.Text]; ok && new != e.Value.Text {
				f(e.Value, new)
				continue
			}
		}
		if e.Key.Text != "permalink" && e.Key.Text != "redirect_from" { // what a page is called, or was
			m.eachValue(e.Value, f)
		}
	}
	if n.Kind == frontmatter.String {
		if new, ok := m.values[n.Text]; ok {
			f(n, new)
		}
	}
}

func (m *Mover) yaml(src *site.Source, values *frontmatter.Node) {
	m.eachValue(values, func(n *frontmatter.Node, new string) {
		if n.Span.Of(src.Text) == n.Text {
			m.edit(src.Path, n.Span, new)
		}
	})
}

func (m *Mover) edit(file site.Path, span text.Span, new string) {
	for _, e := range m.edits[file] {
		if e.Span.Overlaps(span) || e.Span == span {
			return // found before
		}
	}
	m.edits[file] = append(m.edits[file], text.Edit{Span: span, New: new})
}

func (m *Mover) name(p *site.Page, n site.Name) {
	src := m.s.Source(n.At.File)
	if n.At.File == p.Source.Path {
		src = p.Source
	}
	if !n.At.Exact || src == nil {
		return
	}
	written := n.At.Span.Of(src.Text)
	if new := m.rewrite(p, src, n, written); new != written {
		m.edit(n.At.File, n.At.Span, new)
	}
}

// rewrite returns what is to be written for a name; what is written where that
// is as good.
func (m *Mover) rewrite(p *site.Page, src *site.Source, n site.Name, written string) string {
	old := site.Path(n.Text)
	new := m.to(old)
	switch n.Kind {
	case site.Include:
		dir := strings.Trim(m.s.Config.IncludesDir, "/") + "/"
		relative := path.Join(path.Dir(string(p.Source.Path)), written) == n.Text && dir+written != n.Text
		switch rest, ok := strings.CutPrefix(string(new), dir); {
		case relative:
			if rest, ok := strings.CutPrefix(string(new), path.Dir(string(m.to(p.Source.Path)))+"/"); ok {
				return rest
			}
		case ok && new != old:
			return rest
		}
	case site.Post:
		if new != old {
			return m.document(src, n, new, written)
		}
	case site.Asset, site.PageLink:
		return m.address(p, n, written)
	case site.Bibliography:
		ext := ".bib"
		if strings.HasSuffix(written, ext) {
			ext = ""
		}
		dir, ok := strings.CutSuffix(n.Text, strings.TrimPrefix(written, "/")+ext)
		if rest, in := strings.CutPrefix(string(new), dir); ok && in && new != old {
			return strings.TrimSuffix(rest, ext)
		}
	}
	return written
}

// document is how a link or post_url tag names a document at its new path.
func (m *Mover) document(src *site.Source, n site.Name, new site.Path, written string) string {
	if !strings.Contains(n.Whole.Span.Of(src.Text), "post_url") {
		if strings.HasPrefix(written, "/") {
			return "/" + string(new)
		}
		return string(new)
	}
	f := m.s.Config.Classify(string(new))
	if f.Kind != jekyll.Post {
		return written
	}
	name := strings.TrimSuffix(path.Base(string(new)), path.Ext(string(new)))
	dir := path.Join(f.Dirs...)
	if _, below, ok := strings.Cut("/"+path.Dir(string(new))+"/", "/_posts/"); ok && dir == "" {
		dir = strings.Trim(below, "/")
	}
	if strings.Contains(strings.TrimPrefix(written, "/"), "/") && dir != "" {
		name = dir + "/" + name
	}
	if strings.HasPrefix(written, "/") {
		name = "/" + name
	}
	return name
}

// address writes an image's or link's address anew, in the manner of the old
// one: from the root or relative, with or without .html, with its fragment.
func (m *Mover) address(p *site.Page, n site.Name, written string) string {
	value := n.Prefix + written + n.Suffix
	rest := ""
	if i := strings.IndexAny(value, "?#"); i >= 0 {
		value, rest = value[:i], value[i:]
	}
	base, newBase := p.Facts.URL, m.url(p.Facts.URL)
	if m.s.BySource(n.Text) {
		base, newBase = "/"+string(p.Source.Path), "/"+string(m.to(p.Source.Path))
	}
	target := "/" + n.Text
	if n.Kind == site.PageLink {
		if f := m.s.AtURL(n.Text); f != nil && len(f.Addresses) > 0 && f.Addresses[0] == n.Text {
			target = f.URL
		}
	}
	new := m.url(target)
	if m.s.BySource(n.Text) || n.Kind == site.Asset {
		new = "/" + string(m.to(site.Path(n.Text)))
	}
	absolute := strings.HasPrefix(value, "/")
	if value == "" || new == target && (absolute || base == newBase) {
		return written
	}
	if n.Kind == site.PageLink {
		if new == target {
			new = "/" + n.Text // not known: as it was written
			switch ext := path.Ext(value); {
			case strings.HasSuffix(value, "/") && n.Text != "":
				new += "/"
			case ext == ".html":
				new += ext
			}
		} else {
			new = inManner(value, new)
		}
	} else {
		new = encodePath(new)
	}
	out := ""
	switch {
	case absolute:
		prefix := "/" + strings.Trim(m.s.Config.BaseURL, "/")
		if prefix == "/" || !strings.HasPrefix(value, prefix+"/") {
			prefix = ""
		}
		out = prefix + new
	default:
		out = relativePath(newBase, new)
		if strings.HasPrefix(value, "./") && !strings.HasPrefix(out, "../") {
			out = "./" + out
		}
	}
	out += rest
	core := strings.TrimSuffix(strings.TrimPrefix(out, n.Prefix), n.Suffix)
	if n.Prefix+core+n.Suffix != out {
		return written // the template writes another folder in front of it
	}
	return core
}

// inManner writes a page's address as another one is written: with index.html
// or without, with .html or without, with a slash at its end or without.
func inManner(value, address string) string {
	switch {
	case strings.HasSuffix(value, "/index.html") && strings.HasSuffix(address, "/"):
		return address + "index.html"
	case path.Ext(value) == "" && !strings.HasSuffix(value, "/") && len(address) > 1:
		return strings.TrimSuffix(strings.TrimSuffix(address, ".html"), "/")
	}
	return address
}

func (m *Mover) url(old string) string {
	if new, ok := m.urls[old]; ok {
		return new
	}
	return old
}

// encodePath encodes what would end an address in Markdown or HTML.
func encodePath(p string) string { return encode(p, false) }

// relativePath is the address of to, seen from a page's address.
func relativePath(from, to string) string {
	dir := strings.Split(strings.Trim(from[:strings.LastIndexByte(from, '/')+1], "/"), "/")
	if dir[0] == "" {
		dir = nil
	}
	parts := strings.Split(strings.TrimPrefix(to, "/"), "/")
	for len(dir) > 0 && len(parts) > 1 && dir[0] == parts[0] {
		dir, parts = dir[1:], parts[1:]
	}
	return strings.Repeat("../", len(dir)) + strings.Join(parts, "/")
}

// templates rewrites layouts, includes, data and the configuration: include
// tags, and paths and addresses that are written out between quotes or blanks.
func (m *Mover) templates() {
	dir := strings.Trim(m.s.Config.IncludesDir, "/") + "/"
	m.s.EachSource(func(src *site.Source) {
		if m.s.Facts(src.Path) != nil {
			return
		}
		if src.Data != nil {
			m.yaml(src, src.Data)
			return
		}
		m.yaml(src, src.Head.Values)
		if src.Template == nil {
			return
		}
		for _, span := range src.Template.Includes {
			if new, ok := m.moves[site.Path(dir+span.Of(src.Text))]; ok {
				if rest, ok := strings.CutPrefix(string(new), dir); ok {
					m.edit(src.Path, span, rest)
				}
			}
		}
		for old, new := range m.values {
			if old[0] != '/' {
				m.mentions(src, old, new)
			}
		}
		for old, new := range m.moves {
			if name, ok := postOf(m.s, old); ok {
				if to, ok := postOf(m.s, new); ok && name != to {
					m.mentions(src, name, to)
				}
			}
			if m.s.Facts(old) != nil {
				m.mentions(src, string(old), string(new))
			}
		}
	})
}

// postOf is how a post_url tag calls a post.
func postOf(s *site.Snapshot, p site.Path) (string, bool) {
	if s.Config.Classify(string(p)).Kind != jekyll.Post {
		return "", false
	}
	return strings.TrimSuffix(path.Base(string(p)), path.Ext(string(p))), true
}

// mentions rewrites a path or name where it is written out in a template.
func (m *Mover) mentions(src *site.Source, old, new string) {
	base := strings.Trim(m.s.Config.BaseURL, "/")
	for at := src.Head.Body; ; {
		n := strings.Index(src.Text[at:], old)
		if n < 0 {
			return
		}
		start, end := at+n, at+n+len(old)
		at = end
		before := strings.TrimSuffix(src.Text[:start], "/")
		if base != "" && strings.HasSuffix(before, "/"+base) {
			before = strings.TrimSuffix(before, "/"+base)
		}
		if before == "" || strings.IndexByte("\"' \t\n(=}", before[len(before)-1]) < 0 {
			continue
		}
		if end < len(src.Text) && strings.IndexByte("\"' \t\r\n)?#|%}>", src.Text[end]) < 0 {
			continue
		}
		m.edit(src.Path, text.Span{Start: start, End: end}, new)
	}
}

// Edits are those found, in the order of files and places.
func (m *Mover) Edits() []site.FileEdit {
	var out []site.FileEdit
	for file, list := range m.edits {
		for _, e := range list {
			out = append(out, site.FileEdit{File: file, Edit: e})
		}
	}
	sortEdits(out)
	return out
}

func sortEdits(list []site.FileEdit) {
	slices.SortFunc(list, func(a, b site.FileEdit) int {
		if c := strings.Compare(string(a.File), string(b.File)); c != 0 {
			return c
		}
		return a.Span.Start - b.Span.Start
	})
}
