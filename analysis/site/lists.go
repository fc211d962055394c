package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
)

// A doc is a document or page as a template sees it: the variable page, or an
// item of one of site's lists.
type doc struct {
	s    *Snapshot
	r    *reader
	f    jekyll.File
	head *frontmatter.Node
	file int32 // which the places of head count in

	when  time.Time // of an item of a list, read once to sort by it
	dated bool
}

func (s *Snapshot) pageValue(p *Page, r *reader, file int32) liquid.Value {
	return newDoc(s, r, p.File, p.Source.Head.Values, file)
}

func newDoc(s *Snapshot, r *reader, f jekyll.File, head *frontmatter.Node, file int32) *doc {
	d := &doc{s: s, r: r, f: f, head: head, file: file}
	d.when, d.dated = d.date()
	return d
}

// isDoc reports whether d is a document of a collection, as posts are.
func (d *doc) isDoc() bool { return d.f.Collection != "" }

// Get returns a key of the document (Jekyll's DocumentDrop, Convertible#to_liquid).
func (d *doc) Get(key string) (liquid.Value, bool) {
	f := d.f
	if key == "excerpt" && d.head.Get(key).Kind == frontmatter.String || !d.made(key) {
		if d.head.Has(key) {
			return liquid.FromYAML(d.head.Get(key), d.file), true
		}
		if n := d.s.Config.Value(f, d.head, key); n.Kind != frontmatter.Null {
			return liquid.FromYAML(n, 1), true
		}
	}
	switch key {
	case "content", "excerpt", "output":
		return liquid.Unknown{What: "page." + key}, true
	case "previous", "next", "related_posts":
		if d.isDoc() && key != "related_posts" {
			return d.neighbour(key), true
		}
	case "draft":
		return f.Kind == jekyll.Draft, d.isDoc()
	case "title":
		if d.isDoc() {
			return liquid.Text{S: titleOf(f, d.head)}, true
		}
	case "url":
		return d.url("page.url"), true
	case "path", "relative_path":
		if d.isDoc() {
			return liquid.Text{S: strings.TrimPrefix(f.Path, d.s.Config.CollectionsDir)}, true
		}
		return liquid.Text{S: f.Path}, key == "path"
	case "name":
		return liquid.Text{S: path.Base(f.Path)}, true
	case "slug":
		return liquid.Text{S: f.Slug}, d.isDoc()
	case "ext":
		return liquid.Text{S: path.Ext(f.Path)}, d.isDoc()
	case "collection":
		return liquid.Text{S: f.Collection}, d.isDoc()
	case "id":
		if !d.isDoc() {
			return nil, false
		}
		u := d.url("page.id")
		if t, ok := u.(liquid.Text); ok {
			slug, _ := d.Get("slug")
			if f.Kind == jekyll.Document && !d.head.Has("slug") {
				slug = liquid.Text{S: strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))}
			}
			name, _ := slug.(liquid.Text)
			return liquid.Text{S: path.Join(path.Dir(t.S), name.S)}, true
		}
		return u, true
	case "date":
		if d.dated && d.isDoc() {
			return liquid.Date{Time: d.when}, true
		}
		if d.isDoc() {
			return liquid.Unknown{What: "page.date"}, true // when the site was built
		}
	case "categories":
		return texts(d.s.Config.Categories(f, d.head)), d.isDoc()
	case "tags":
		return texts(d.tags()), d.isDoc()
	case "dir":
		if t, ok := d.url("page.dir").(liquid.Text); ok && !d.isDoc() {
			if strings.HasSuffix(t.S, "/") {
				return t, true
			}
			return liquid.Text{S: slashed(path.Dir(t.S))}, true
		}
	}
	return nil, false
}

func slashed(dir string) string {
	if strings.HasSuffix(dir, "/") {
		return dir
	}
	return dir + "/"
}

// made reports whether Jekyll makes the value of a key itself, whatever the
// front matter says.
func (d *doc) made(key string) bool {
	switch key {
	case "content", "url", "path", "excerpt":
		return true
	case "dir", "name":
		return !d.isDoc()
	case "date", "categories", "tags", "collection", "relative_path", "id", "output", "previous", "next":
		return d.isDoc()
	}
	return false
}

// Keys returns the document's keys: the front matter's, then Jekyll's.
func (d *doc) Keys() []string {
	var out []string
	for _, e := range d.head.Entries {
		if !slices.Contains(out, e.Key.Text) {
			out = append(out, e.Key.Text)
		}
	}
	return append(out, "content")
}

// Print is what {{ post }} prints: the whole page.
func (d *doc) Print() liquid.Value { return liquid.Unknown{What: "page.content"} }

// Compare orders documents by date, then by path (DocumentDrop#<=>).
func (d *doc) Compare(other liquid.Value) (int, bool) {
	o, ok := other.(*doc)
	if !ok || !d.isDoc() || !o.isDoc() {
		return 0, ok && d.f.Path == o.f.Path
	}
	return compareDocs(d, o), true
}

func compareDocs(a, b *doc) int {
	if a.dated != b.dated { // without a date it is from when the site was built
		if a.dated {
			return -1
		}
		return 1
	}
	return cmp.Or(a.when.Compare(b.when), strings.Compare(a.f.Path, b.f.Path))
}

func (d *doc) url(what string) liquid.Value {
	if u, ok := d.s.Config.DocumentURL(d.f, d.head, d.s.zone); ok {
		return liquid.Text{S: u}
	}
	return liquid.Unknown{What: what}
}

// date returns a document's time in the site's zone, or a page's own.
func (d *doc) date() (time.Time, bool) {
	return jekyll.Date(d.f, d.head, d.s.zone)
}

// tags are the singular key's before the plural's, of which a string is words.
func (d *doc) tags() []string {
	if n := d.head.Get("tag"); n.Kind != frontmatter.Null {
		return n.Strings()
	}
	tags := d.s.Config.Value(d.f, d.head, "tags")
	if tags.Kind == frontmatter.String {
		return strings.Fields(tags.Text)
	}
	return tags.Strings()
}

func texts(list []string) liquid.List {
	out := make(liquid.List, len(list))
	for i, s := range list {
		out[i] = liquid.Text{S: s}
	}
	return out
}

// neighbour is the document before or behind d in its collection.
func (d *doc) neighbour(key string) liquid.Value {
	if d.r.layout {
		return liquid.Unknown{What: "page." + key}
	}
	docs, ok := d.r.docs(d.f.Collection)
	if !ok {
		return liquid.Unknown{What: "page." + key}
	}
	at := slices.IndexFunc(docs, func(o *doc) bool { return o.f.Path == d.f.Path })
	if key == "next" {
		at++
	} else {
		at--
	}
	if at < 0 || at >= len(docs) || at == 0 && key == "next" {
		return nil
	}
	return docs[at]
}

// published reports whether Jekyll builds a document.
func (s *Snapshot) published(h *Head) bool {
	c := s.Config.Values
	return h.Values.Get("published").Text != "false" || c.Get("unpublished").Text == "true"
}

// future reports whether Jekyll leaves a document out because its day has not come.
func (d *doc) future() bool {
	return d.dated && !d.s.now.IsZero() && d.when.After(d.s.now) && d.s.Config.Values.Get("future").Text != "true"
}

// docs returns a collection's documents in Jekyll's order; false where that is
// not known.
func (r *reader) docs(label string) ([]*doc, bool) {
	r.input(allHeads)
	if list, ok := r.lists[label]; ok {
		return list, true
	}
	list := []*doc{}
	c := r.s.Config
	r.s.heads.each(func(p Path, h *Head) bool {
		f := c.Classify(string(p))
		switch {
		case f.Collection != label || !r.s.published(h):
		case f.Kind == jekyll.Draft && !c.ShowDrafts, f.Kind == jekyll.Document && !h.Present:
		case f.Kind == jekyll.Post || f.Kind == jekyll.Draft || f.Kind == jekyll.Document:
			if d := newDoc(r.s, r, f, h.Values, 0); !d.future() {
				list = append(list, d)
			}
		}
		return true
	})
	slices.SortFunc(list, compareDocs)
	settings := c.Values.Get("collections").Get(label)
	if settings.Get("order").Kind == frontmatter.List {
		return nil, false
	}
	if key := settings.Get("sort_by"); key.Kind == frontmatter.String {
		slices.SortStableFunc(list, func(a, b *doc) int { return compareKeys(a, b, key.Text) })
	}
	r.keep(label, list)
	return list, true
}

func (r *reader) keep(name string, list []*doc) {
	if r.lists == nil {
		r.lists = map[string][]*doc{}
	}
	r.lists[name] = list
}

// compareKeys is the order of a collection with sort_by: what lacks the key comes last.
func compareKeys(a, b *doc, key string) int {
	x, _ := a.Get(key)
	y, _ := b.Get(key)
	if x == nil || y == nil {
		switch {
		case x == nil && y != nil:
			return 1
		case x != nil:
			return -1
		}
		return 0
	}
	n, _ := liquid.Compare(x, y)
	return n
}

// pages returns site.pages: what has front matter and lies in no collection,
// by its name.
func (r *reader) pages() []*doc {
	r.input(allHeads)
	if list, ok := r.lists["//pages"]; ok {
		return list
	}
	list := []*doc{}
	r.s.heads.each(func(p Path, h *Head) bool {
		if f := r.s.Config.Classify(string(p)); f.Kind == jekyll.Static && h.Present && r.s.published(h) {
			f.Kind = jekyll.Page
			list = append(list, newDoc(r.s, r, f, h.Values, 0))
		}
		return true
	})
	slices.SortFunc(list, func(a, b *doc) int {
		return cmp.Or(strings.Compare(path.Base(a.f.Path), path.Base(b.f.Path)), strings.Compare(a.f.Path, b.f.Path))
	})
	r.keep("//pages", list)
	return list
}

// list returns one of the lists that the build makes from all pages; false for
// a key that is none. of is the page that asks.
func (r *reader) list(key string, of jekyll.File) (liquid.Value, bool) {
	c := r.s.Config
	unknown := liquid.Unknown{What: "site." + key}
	collection := slices.ContainsFunc(c.Collections, func(col jekyll.Collection) bool { return col.Label == key })
	if !generated[key] && !collection {
		return nil, false
	}
	if r.layout || r.s.Loose || strings.Contains(r.s.plugins, "generates") {
		return unknown, true
	}
	switch key {
	case "posts":
		docs, _ := r.docs("posts")
		return backwards(docs), true
	case "pages":
		return values(r.pages()), true
	case "html_pages":
		return values(slices.DeleteFunc(slices.Clone(r.pages()), func(d *doc) bool {
			u, _ := d.url("").(liquid.Text)
			return !d.f.HTML && !d.f.Markdown && !strings.HasSuffix(u.S, "/")
		})), true
	case "documents":
		var out liquid.List
		labels := []string{"posts"}
		for _, col := range c.Collections {
			if col.Label != "posts" {
				labels = append(labels, col.Label)
			}
		}
		for _, label := range labels {
			docs, ok := r.docs(label)
			if !ok {
				return unknown, true
			}
			out = append(out, values(docs)...)
			if label != "posts" {
				out = append(out, r.statics(label)...)
			}
		}
		return out, true
	case "tags", "categories":
		return r.groups(key), true
	case "related_posts":
		return r.related(of), true
	case "static_files":
		return r.statics(""), true
	case "collections":
		labels := []string{}
		for _, col := range c.Collections {
			labels = append(labels, col.Label)
		}
		slices.Sort(labels)
		out := liquid.List{}
		for _, label := range labels {
			out = append(out, collectionValue{r, label})
		}
		return out, true
	}
	if collection {
		if docs, ok := r.docs(key); ok {
			return values(docs), true
		}
	}
	return unknown, true
}

func values(docs []*doc) liquid.List {
	out := make(liquid.List, len(docs))
	for i, d := range docs {
		out[i] = d
	}
	return out
}

func backwards(docs []*doc) liquid.List {
	out := values(docs)
	slices.Reverse(out)
	return out
}

// groups is site.tags or site.categories: the posts of each, newest first.
func (r *reader) groups(key string) liquid.Value {
	docs, _ := r.docs("posts")
	var names []string
	groups := map[string][]*doc{}
	for _, d := range docs {
		list := d.tags()
		if key == "categories" {
			list = d.s.Config.Categories(d.f, d.head)
		}
		for _, name := range list {
			if _, ok := groups[name]; !ok {
				names = append(names, name)
			}
			groups[name] = append(groups[name], d)
		}
	}
	out := liquid.NewMap()
	for _, name := range names {
		out.Set(name, backwards(groups[name]))
	}
	return out
}

// statics is site.static_files, by path; of one collection where it is named.
func (r *reader) statics(label string) liquid.List {
	r.input(allHeads)
	r.input(allFiles)
	type static struct {
		path string
		f    jekyll.File
	}
	var files []static
	r.s.files.each(func(p Path, _ int64) bool {
		f := r.s.Config.Classify(string(p))
		if h, _ := r.s.heads.get(p); h != nil && h.Present || label != "" && f.Collection != label {
			return true
		}
		switch f.Kind {
		case jekyll.Static:
			files = append(files, static{"/" + f.Path, f})
		case jekyll.Document: // its path is that in the folder of collections
			files = append(files, static{strings.TrimPrefix(f.Path, r.s.Config.CollectionsDir), f})
		}
		return true
	})
	slices.SortFunc(files, func(a, b static) int { return strings.Compare(a.path, b.path) })
	out := make(liquid.List, len(files))
	for i, file := range files {
		ext := path.Ext(file.path)
		base := path.Base(file.path)
		v := liquid.NewMap().Set("path", liquid.Text{S: file.path}).Set("name", liquid.Text{S: base}).
			Set("basename", liquid.Text{S: strings.TrimSuffix(base, ext)}).Set("extname", liquid.Text{S: ext}).
			Set("modified_time", liquid.Unknown{What: "a file's time"})
		if file.f.Collection != "" {
			v.Set("collection", liquid.Text{S: file.f.Collection})
		}
		for _, d := range r.s.Config.Defaults { // front matter defaults reach static files too
			for _, e := range d.Values.Entries {
				if n := r.s.Config.Value(file.f, &frontmatter.Node{Kind: frontmatter.Map}, e.Key.Text); n.Kind != frontmatter.Null {
					v.Set(e.Key.Text, liquid.FromYAML(n, 1))
				}
			}
		}
		out[i] = v
	}
	return out
}

// related is site.related_posts: the ten newest posts but the page itself. A
// page that is no document has none.
func (r *reader) related(f jekyll.File) liquid.Value {
	if f.Collection == "" {
		return nil
	}
	docs, _ := r.docs("posts")
	newest := docs[max(len(docs)-11, 0):]
	out := liquid.List{}
	for i := len(newest) - 1; i >= 0 && len(out) < 10; i-- {
		if newest[i].f.Path != f.Path {
			out = append(out, newest[i])
		}
	}
	return out
}

// collectionValue is an item of site.collections.
type collectionValue struct {
	r     *reader
	label string
}

func (v collectionValue) Get(key string) (liquid.Value, bool) {
	switch key {
	case "label":
		return liquid.Text{S: v.label}, true
	case "docs":
		if docs, ok := v.r.docs(v.label); ok {
			return values(docs), true
		}
		return liquid.Unknown{What: "site." + v.label}, true
	case "relative_directory":
		return liquid.Text{S: "_" + v.label}, true
	case "output":
		for _, col := range v.r.s.Config.Collections {
			if col.Label == v.label {
				return col.Output, true
			}
		}
	case "files", "directory":
		return liquid.Unknown{What: "site.collections"}, true
	}
	if n := v.r.s.Config.Values.Get("collections").Get(v.label); n.Has(key) {
		return liquid.FromYAML(n.Get(key), 1), true
	}
	return nil, false
}

func (v collectionValue) Keys() []string { return []string{"label", "docs", "files"} }
