package site

import (
	"net/url"
	"path"
	"strings"
	"unicode"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
)

// env returns the world as a template of p sees it. What is read goes to r.
func (s *Snapshot) env(p *Page, r *reader) *liquid.Env {
	env := s.world(p, r)
	if strings.EqualFold(s.Config.Markdown, "kramdown") {
		env.Markdownify = r.markdownify
	}
	return env
}

// markdownify makes a page within the page: ids, footnotes and link
// definitions are its own.
func (r *reader) markdownify(t liquid.Text) liquid.Text {
	t = t.Unix()
	html, pieces := kramdown.Parse(t.S, r.options()).HTMLPieces()
	return liquid.Text{S: html, At: pieces.Through(t.At)}
}

func (s *Snapshot) world(p *Page, r *reader) *liquid.Env {
	return &liquid.Env{
		Files: []string{string(p.Source.Path), "_config.yml"},
		Globals: map[string]liquid.Value{
			"highlighter_prefix": newline(p.File.Markdown),
			"highlighter_suffix": newline(p.File.Markdown),
			"site":               siteValue{s, r, p.File},
			"page":               s.pageValue(p, r, 0),
			"jekyll":             liquid.NewMap().Set("environment", liquid.Text{S: "production"}).Set("version", liquid.Text{S: "4.3.1"}),
			"paginator":          s.paginator(),
			"theme":              liquid.Unknown{What: "theme"},
		},
		Include: func(name string, relative bool) (*liquid.Template, string, bool) {
			dir := strings.Trim(s.Config.IncludesDir, "/")
			if relative {
				dir = path.Dir(string(p.Source.Path))
			}
			full := path.Join(dir, name)
			src := r.file(full)
			switch {
			case src != nil && src.Template != nil && !(relative && src.Head.Present): // front matter would be printed
				return src.Template, full, true
			case relative && s.Has(Path(full)):
				return nil, full, true // it exists, but nobody has read it
			case !relative && s.Config.Theme != "":
				return nil, full, true // the theme may have it
			}
			return nil, full, false
		},
		Resolve: r.resolve,
		Zone:    s.zone,
		Plugins: s.plugins != "" || len(s.Config.Plugins) > 0,
		BaseURL: s.Config.BaseURL,
		URL:     s.Config.URL,
	}
}

// paginator is a plugin's; without the plugin there is no such variable.
func (s *Snapshot) paginator() liquid.Value {
	for _, p := range s.Config.Plugins {
		if strings.Contains(p, "paginate") {
			return liquid.Unknown{What: "paginator"}
		}
	}
	if s.plugins != "" || s.Loose {
		return liquid.Unknown{What: "paginator"}
	}
	return nil
}

// newline is what Jekyll's Markdown converter puts around highlighted code, so
// that it is a block of its own.
func newline(markdown bool) liquid.Value {
	if markdown {
		return liquid.Text{S: "\n"}
	}
	return nil
}

// siteValue is the variable site.
type siteValue struct {
	s  *Snapshot
	r  *reader
	of jekyll.File // the page that asks
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
	if list, ok := v.r.list(key, v.of); ok {
		return list, true
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
	all, ok := liquid.FromYAML(v.s.Config.Values, 1).(liquid.Object)
	if !ok {
		return nil // a configuration that holds nothing, or no keys
	}
	return all.Keys()
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

// title is a page's title, or what Jekyll makes of a post's slug
// (Utils.titleize_slug).
func title(p *Page) string { return titleOf(p.File, p.Source.Head.Values) }

func titleOf(f jekyll.File, head *frontmatter.Node) string {
	if n := head.Get("title"); n.Kind != frontmatter.Null {
		return n.Text
	}
	words := strings.Split(f.Slug, "-")
	for i, w := range words {
		r := []rune(strings.ToLower(w))
		if len(r) > 0 {
			r[0] = unicode.ToUpper(r[0])
		}
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

// resolve finds the document that a link or post_url tag names, and its URL
// where that is known.
func (r *reader) resolve(tag, name string) (string, string, bool) {
	s := r.s
	name = strings.TrimPrefix(name, "/")
	if tag == "link" {
		return name, r.urlOf(Path(name)), s.Has(Path(name))
	}
	base := path.Base(name)
	r.input(Path(oneName + base))
	for _, p := range s.named(base) {
		f := s.Config.Classify(string(p))
		if dir := path.Dir(name); dir == "." || dir == path.Join(f.Dirs...) || strings.HasSuffix(path.Dir(string(p)), "_posts/"+dir) {
			return string(p), r.urlOf(p), true
		}
	}
	return "", "", false
}

// urlOf returns the URL of a page, document or file, or "".
func (r *reader) urlOf(p Path) string {
	h := r.head(p)
	f := r.s.Config.Classify(string(p))
	switch {
	case f.Kind == jekyll.Static && r.s.Has(p) && (h == nil || !h.Present):
		return "/" + string(p)
	case h == nil:
		return ""
	case f.Kind == jekyll.Static:
		f.Kind = jekyll.Page
	}
	u, ok := r.s.Config.DocumentURL(f, h.Values, r.s.zone)
	if !ok {
		return ""
	}
	return u
}

// URLAt returns the address that a page would have as another file; "" where it
// would have none.
func (s *Snapshot) URLAt(p, as Path) string {
	h, _ := s.heads.get(p)
	if h == nil || s.Loose {
		return ""
	}
	f := s.Config.Classify(string(as))
	if f.Kind == jekyll.Static {
		f.Kind = jekyll.Page
	}
	u, ok := s.Config.DocumentURL(f, h.Values, s.zone)
	if !ok || !s.Config.Writes(f) {
		return ""
	}
	return u
}

// Posts are the posts that post_url tags call by a name.
func (s *Snapshot) Posts(name string) []Path { return s.named(name) }

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
