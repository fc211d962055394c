package jekyll

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"scholium/analysis/frontmatter"
	"scholium/analysis/liquid"
)

// permalinkStyles are the templates behind Jekyll's built-in names.
var permalinkStyles = map[string]string{
	"none":     "/:categories/:title:output_ext",
	"date":     "/:categories/:year/:month/:day/:title:output_ext",
	"ordinal":  "/:categories/:year/:y_day/:title:output_ext",
	"pretty":   "/:categories/:year/:month/:day/:title/",
	"weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}

// DocumentURL returns the URL of a document or page, without baseurl; false
// where it cannot be known: by a key of the template that nobody here knows (Jekyll
// then builds nothing), or by the time of the build. zone is the site's; nil is UTC.
//
// The rules are those of Jekyll::URL, Drops::UrlDrop, Page#template and
// Collection#url_template.
func (c *Config) DocumentURL(f File, head *frontmatter.Node, zone *time.Location) (string, bool) {
	link := c.Value(f, head, "permalink")
	own := link.Kind != frontmatter.Null && link.Kind != frontmatter.Bool && link.Kind != frontmatter.Map && link.Kind != frontmatter.List
	u := urlOf{c: c, f: f, head: head}
	if f.Kind == Page || f.Kind == Static {
		u.ext = f.outputExt("")
		if own {
			u.ext = f.outputExt(link.Text)
			return u.page(link.Text), true
		}
		return u.page(c.pageTemplate(f, u.ext)), true
	}
	u.name()
	u.date, u.dated = Date(f, head, zone)
	if own {
		u.ext = f.outputExt(link.Text)
		return u.document(link.Text)
	}
	u.ext = f.outputExt("")
	col := c.collection(f.Collection)
	switch {
	case col != nil && col.Permalink != "":
		return u.document(col.Permalink)
	case f.Kind == Document:
		return u.document("/:collection/:path" + c.suffix())
	}
	template := c.Permalink
	if style, ok := permalinkStyles[template]; ok {
		template = style
	}
	return u.document(template)
}

// Writes reports whether Jekyll writes a page for a document: not for one of a
// collection that has no output.
func (c *Config) Writes(f File) bool {
	if f.Kind != Document {
		return true
	}
	col := c.collection(f.Collection)
	return col != nil && col.Output
}

// pageTemplate is Page#template.
func (c *Config) pageTemplate(f File, ext string) string {
	base := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	switch {
	case ext != ".html" && ext != ".xhtml" && ext != ".htm":
		return "/:path/:basename:output_ext"
	case base == "index":
		return "/:path/"
	}
	return "/:path/:basename" + c.suffix()
}

// suffix is Jekyll's Utils.add_permalink_suffix for the site's style.
func (c *Config) suffix() string {
	switch c.Permalink {
	case "pretty":
		return "/"
	case "date", "ordinal", "none":
		return ":output_ext"
	}
	if strings.HasSuffix(c.Permalink, "/") {
		return "/"
	}
	if strings.HasSuffix(c.Permalink, ":output_ext") {
		return ":output_ext"
	}
	return ""
}

// outputExt is the extension of the file that is written: of a permalink that
// has one, else of what the file is converted to.
func (f File) outputExt(permalink string) string {
	if permalink != "" && !strings.HasSuffix(permalink, "/") {
		if ext := path.Ext(permalink); ext != "" && ext != "." {
			return ext
		}
	}
	switch ext := path.Ext(f.Path); {
	case f.Markdown:
		return ".html"
	case ext == ".scss" || ext == ".sass":
		return ".css"
	case ext == ".coffee":
		return ".js"
	default:
		return ext
	}
}

// urlOf is what the keys of a permalink's template stand for.
type urlOf struct {
	c     *Config
	f     File
	head  *frontmatter.Node
	slug  string
	date  time.Time
	dated bool
	ext   string
}

// name finds the slug: the front matter's, or what the file's name has behind a date.
func (u *urlOf) name() {
	u.slug = u.f.Slug
	if u.f.Kind != Post {
		named := u.f
		if base := path.Base(u.f.Path); named.dated(base) {
			u.slug = named.Slug
		} else {
			u.slug = strings.TrimRight(strings.TrimSuffix(base, path.Ext(base)), ".")
		}
	}
	if s := u.c.Value(u.f, u.head, "slug"); s.Kind != frontmatter.Null && s.Text != "" {
		u.slug = s.Text
	}
}

// page puts values for the keys of a page's template, which are three, one
// after the other.
func (u *urlOf) page(template string) string {
	dir, name := path.Split(u.f.Path)
	for _, key := range []struct{ name, value string }{
		{":path", dir}, {":basename", strings.TrimRight(strings.TrimSuffix(name, path.Ext(name)), ".")}, {":output_ext", u.ext},
	} {
		template = strings.ReplaceAll(template, key.name, escapePath(key.value))
	}
	return clean(template)
}

// document puts values for the keys of a document's template.
func (u *urlOf) document(template string) (string, bool) {
	known := true
	var b strings.Builder
	for i := 0; i < len(template); {
		end := i + 1
		if template[i] == ':' {
			for end < len(template) && (template[end] >= 'a' && template[end] <= 'z' || template[end] == '_') {
				end++
			}
		}
		if template[i] != ':' || end == i+1 {
			b.WriteByte(template[i])
			i++
			continue
		}
		key := template[i+1 : end]
		if strings.HasSuffix(key, "_") {
			key = strings.TrimSuffix(key, "_")
			end--
		}
		value, ok := u.key(key)
		known = known && ok
		b.WriteString(escapePath(value))
		i = end
	}
	return clean(b.String()), known
}

func (u *urlOf) key(key string) (string, bool) {
	base := strings.TrimSuffix(path.Base(u.f.Path), path.Ext(u.f.Path))
	switch key {
	case "title":
		return liquid.SlugifyCased(u.slug, "pretty"), true
	case "slug":
		return liquid.Slugify(u.slug, ""), true
	case "name":
		return liquid.Slugify(base, ""), true
	case "categories", "slugified_categories":
		var out []string
		for _, cat := range u.c.Categories(u.f, u.head) {
			if cat = strings.ToLower(cat); key == "slugified_categories" {
				cat = liquid.Slugify(cat, "")
			}
			if !slices.Contains(out, cat) {
				out = append(out, cat)
			}
		}
		return strings.Join(out, "/"), true
	case "output_ext":
		return u.ext, true
	case "collection":
		return u.f.Collection, true
	case "path":
		p := strings.TrimPrefix(u.f.Path, u.c.CollectionsDir)
		p = strings.TrimSuffix(p, path.Ext(p))
		return strings.TrimRight(strings.Replace(p, "_"+u.f.Collection, "", 1), "."), true
	case "week":
		_, week := u.date.ISOWeek()
		return fmt.Sprintf("%02d", week), u.dated
	case "w_year":
		year, _ := u.date.ISOWeek()
		return strconv.Itoa(year), u.dated
	case "w_day":
		return strconv.Itoa((int(u.date.Weekday())+6)%7 + 1), u.dated
	}
	if layout, ok := dateKeys[key]; ok {
		return u.date.Format(layout), u.dated
	}
	return "", false
}

var dateKeys = map[string]string{
	"year": "2006", "month": "01", "day": "02", "hour": "15", "minute": "04", "second": "05", "i_day": "2", "i_month": "1",
	"short_month": "Jan", "long_month": "January", "short_year": "06", "short_day": "Mon", "long_day": "Monday", "y_day": "002",
}

// Date returns a document's date in the site's zone (nil is UTC): of its front
// matter, or of its name. False where it has none.
func Date(f File, head *frontmatter.Node, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	if n := head.Get("date"); n.Kind == frontmatter.Time || n.Kind == frontmatter.String {
		// YAML takes a time without a zone for UTC; only what it does not know
		// for a time, and a day alone, is read in the site's zone.
		if n.Kind == frontmatter.Time && len(n.Text) > len("2006-01-02") && strings.Count(n.Text, ":") > 1 {
			if t, ok := frontmatter.ParseTime(n.Text); ok {
				return t.In(zone), true
			}
		}
		if t, ok := liquid.ParseTime(n.Text, zone); ok {
			return t.In(zone), true
		}
	}
	if f.Kind == Document || f.Kind == Draft {
		f.dated(path.Base(f.Path))
	}
	if f.Year == "" {
		return time.Time{}, false
	}
	return liquid.ParseTime(f.Year+"-"+f.Month+"-"+f.Day, zone)
}

// Categories returns a document's categories: the folders above _posts, then
// those of the defaults and of the front matter, each once.
func (c *Config) Categories(f File, head *frontmatter.Node) []string {
	out := append([]string{}, f.Dirs...)
	add := func(names []string) {
		for _, n := range names {
			if n != "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	plural := func(n *frontmatter.Node) {
		if n.Kind == frontmatter.String {
			add(strings.Fields(n.Text))
			return
		}
		add(n.Strings())
	}
	plural(c.Value(f, &frontmatter.Node{}, "categories"))
	plural(head.Get("categories"))
	add(c.Value(f, head, "category").Strings())
	return out
}

// escapePath is Jekyll::URL.escape_path.
func escapePath(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// clean is Jekyll::URL#sanitize_url.
func clean(u string) string {
	u = strings.ReplaceAll("/"+u, "..", "/")
	u = strings.ReplaceAll(u, "./", "")
	for strings.Contains(u, "//") {
		u = strings.ReplaceAll(u, "//", "/")
	}
	return u
}
