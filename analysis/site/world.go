package site

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
)

// env returns the world as a template of p sees it. What is read goes to r.
func (s *Snapshot) env(p *Page, r *reader) *liquid.Env {
	return &liquid.Env{
		Files: []string{string(p.Source.Path), "_config.yml"},
		Globals: map[string]liquid.Value{
			"site":      siteValue{s, r},
			"page":      s.pageValue(p, 0),
			"jekyll":    liquid.NewMap().Set("environment", liquid.Text{S: "production"}).Set("version", liquid.Text{S: "4.3.1"}),
			"paginator": liquid.Unknown{What: "paginator"},
			"theme":     liquid.Unknown{What: "theme"},
		},
		Include: func(name string, relative bool) (*liquid.Template, string, bool) {
			dir := strings.Trim(s.Config.IncludesDir, "/")
			if relative {
				dir = path.Dir(string(p.Source.Path))
			}
			full := path.Join(dir, name)
			src := r.file(full)
			switch {
			case src != nil && src.Template != nil:
				return src.Template, full, true
			case relative && s.Has(Path(full)):
				return nil, full, true // it exists, but nobody has read it
			case !relative && s.Config.Theme != "":
				return nil, full, true // the theme may have it
			}
			return nil, full, false
		},
		Resolve: s.resolve,
		Plugins: s.plugins != "" || len(s.Config.Plugins) > 0,
		BaseURL: s.Config.BaseURL,
		URL:     s.Config.URL,
	}
}

// siteValue is the variable site.
type siteValue struct {
	s *Snapshot
	r *reader
}

// generated are the keys of site that the build makes from all pages.
var generated = map[string]bool{
	"posts": true, "pages": true, "html_pages": true, "static_files": true, "html_files": true, "documents": true,
	"collections": true, "tags": true, "categories": true, "related_posts": true, "time": true, "github": true, "labels": true,
}

func (v siteValue) Get(key string) (liquid.Value, bool) {
	c := v.s.Config
	if key == "data" {
		return dataValue{v.s, v.r, strings.Trim(c.DataDir, "/")}, true
	}
	if generated[key] {
		return liquid.Unknown{What: "site." + key}, true
	}
	for _, col := range c.Collections {
		if col.Label == key {
			return liquid.Unknown{What: "site." + key}, true
		}
	}
	v.r.file("_config.yml")
	if c.Values.Has(key) {
		return liquid.FromYAML(c.Values.Get(key), 1), true
	}
	switch key {
	case "markdown":
		return liquid.Text{S: c.Markdown}, true
	case "highlighter":
		return liquid.Text{S: c.Highlighter}, true
	}
	return nil, false
}

func (v siteValue) Keys() []string {
	return liquid.FromYAML(v.s.Config.Values, 1).(liquid.Object).Keys()
}

// dataValue is site.data, or a folder of it.
type dataValue struct {
	s   *Snapshot
	r   *reader
	dir string
}

func (v dataValue) Get(key string) (liquid.Value, bool) {
	base := path.Join(v.dir, key)
	for _, ext := range []string{".yml", ".yaml", ".json"} {
		if src, ok := v.s.sources.get(Path(base + ext)); ok && src.Data != nil {
			v.r.file(base + ext)
			// A data file's places are not followed: file 1 is the configuration's.
			return withoutPlaces(liquid.FromYAML(src.Data, 1)), true
		}
	}
	if v.s.Has(Path(base+".csv")) || v.s.Has(Path(base+".tsv")) {
		return liquid.Unknown{What: "site.data." + key}, true
	}
	if v.s.hasFolder(base) {
		return dataValue{v.s, v.r, base}, true
	}
	v.r.file(base + ".yml")
	return nil, false
}

func (v dataValue) Keys() []string { return nil }

func withoutPlaces(v liquid.Value) liquid.Value {
	switch v := v.(type) {
	case liquid.Text:
		return liquid.Text{S: v.S}
	case liquid.List:
		out := make(liquid.List, len(v))
		for i := range v {
			out[i] = withoutPlaces(v[i])
		}
		return out
	case liquid.Object:
		return placeless{v}
	}
	return v
}

type placeless struct{ liquid.Object }

func (p placeless) Get(key string) (liquid.Value, bool) {
	v, ok := p.Object.Get(key)
	return withoutPlaces(v), ok
}

// pageValue is the variable page. Its front matter counts as file in the Env.
func (s *Snapshot) pageValue(p *Page, file int32) liquid.Value {
	return pageValue{s, p, file}
}

type pageValue struct {
	s    *Snapshot
	p    *Page
	file int32
}

func (v pageValue) Get(key string) (liquid.Value, bool) {
	head, f := v.p.Source.Head.Values, v.p.File
	if head.Has(key) && key != "date" && key != "categories" && key != "tags" {
		return liquid.FromYAML(head.Get(key), v.file), true
	}
	if n := v.s.Config.Value(f, head, key); n.Kind != frontmatter.Null && !head.Has(key) {
		return liquid.FromYAML(n, 1), true
	}
	switch key {
	case "content", "excerpt", "previous", "next", "output", "related_posts", "draft":
		if key == "draft" {
			return f.Kind == jekyll.Draft, true
		}
		return liquid.Unknown{What: "page." + key}, true
	case "title":
		return liquid.Text{S: title(v.p)}, f.Kind == jekyll.Post || f.Kind == jekyll.Draft || f.Kind == jekyll.Document
	case "url":
		if u, ok := v.s.Config.DocumentURL(f, head); ok {
			return liquid.Text{S: u}, true
		}
		return liquid.Unknown{What: "page.url"}, true
	case "path", "relative_path":
		return liquid.Text{S: f.Path}, true
	case "name":
		return liquid.Text{S: path.Base(f.Path)}, f.Kind == jekyll.Page
	case "slug":
		return liquid.Text{S: f.Slug}, f.Slug != ""
	case "collection":
		return liquid.Text{S: f.Collection}, f.Collection != ""
	case "id":
		if u, ok := v.s.Config.DocumentURL(f, head); ok {
			return liquid.Text{S: strings.TrimSuffix(u, path.Ext(u))}, f.Collection != ""
		}
		return liquid.Unknown{What: "page.id"}, true
	case "date":
		if t, ok := jekyll.Date(f, head); ok {
			return liquid.Date{Time: t}, true
		}
		if f.Collection != "" {
			return liquid.Unknown{What: "page.date"}, true
		}
	case "categories":
		return texts(jekyll.Categories(f, head)), f.Collection != ""
	case "tags":
		tags := head.Get("tags")
		if tags.Kind == frontmatter.String {
			return texts(strings.Fields(tags.Text)), true
		}
		return texts(append(tags.Strings(), head.Get("tag").Strings()...)), f.Collection != ""
	case "dir":
		if u, ok := v.s.Config.DocumentURL(f, head); ok && f.Kind == jekyll.Page {
			return liquid.Text{S: path.Dir(u)}, true
		}
	}
	return nil, false
}

func (v pageValue) Keys() []string {
	var out []string
	for _, e := range v.p.Source.Head.Values.Entries {
		out = append(out, e.Key.Text)
	}
	return out
}

func texts(list []string) liquid.List {
	out := make(liquid.List, len(list))
	for i, s := range list {
		out[i] = liquid.Text{S: s}
	}
	return out
}

// title is a page's title, or what Jekyll makes of a post's slug
// (Utils.titleize_slug).
func title(p *Page) string {
	if n := p.Source.Head.Values.Get("title"); n.Kind != frontmatter.Null {
		return n.Text
	}
	words := strings.Split(p.File.Slug, "-")
	for i, w := range words {
		r := []rune(strings.ToLower(w))
		if len(r) > 0 {
			r[0] = unicode.ToUpper(r[0])
		}
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// resolve finds the document that a link or post_url tag names. Its URL is left
// open: it depends on that document's front matter.
func (s *Snapshot) resolve(tag, name string) (string, string, bool) {
	name = strings.TrimPrefix(name, "/")
	if tag == "link" {
		return name, "", s.Has(Path(name))
	}
	base := path.Base(name)
	for _, p := range s.named(base) {
		f := s.Config.Classify(string(p))
		if dir := path.Dir(name); dir == "." || dir == path.Join(f.Dirs...) || strings.HasSuffix(path.Dir(string(p)), "_posts/"+dir) {
			return string(p), "", true
		}
	}
	return "", "", false
}

// named returns the posts whose file name, without extension, is base.
func (s *Snapshot) named(base string) []Path {
	list, _ := s.posts.get(base)
	return list
}

// sitePath returns the file of the site that an address on a page stands for.
// base is the page's own URL. It returns false for other hosts, for what is
// not an address, and for paths outside the site's baseurl.
func (s *Snapshot) sitePath(address, base string) (string, bool) {
	if address == "" || strings.HasPrefix(address, "#") || strings.HasPrefix(address, "//") || hasScheme(address) {
		return "", false
	}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	if d, err := url.PathUnescape(address); err == nil {
		address = d
	}
	prefix := strings.TrimRight(s.Config.BaseURL, "/")
	if prefix != "" && !strings.HasPrefix(prefix, "/") {
		prefix = "/" + prefix
	}
	if strings.HasPrefix(address, "/") {
		if !strings.HasPrefix(address, prefix+"/") {
			return "", false
		}
		address = address[len(prefix):]
	} else {
		if !strings.HasSuffix(base, "/") {
			base = path.Dir(base)
		}
		address = path.Join("/", base, address)
	}
	return strings.TrimPrefix(path.Clean(address), "/"), true
}

func hasScheme(address string) bool {
	for i := 0; i < len(address); i++ {
		c := address[i]
		switch {
		case c == ':':
			return i > 0
		case isLetter(c), i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}
