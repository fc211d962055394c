package jekyll

import (
	"net/url"
	"path"
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
// where it cannot be known (a key of the template that nobody here knows).
func (c *Config) DocumentURL(f File, head *frontmatter.Node) (string, bool) {
	if link := c.Value(f, head, "permalink"); link.Kind == frontmatter.String {
		template := link.Text
		if style, ok := permalinkStyles[template]; ok && f.Kind != Page && f.Kind != Static {
			template = style
		}
		return c.fill(f, head, template)
	}
	switch f.Kind {
	case Post, Draft:
		template := c.Permalink
		if col := c.collection("posts"); col != nil && col.Permalink != "" {
			template = col.Permalink
		}
		if style, ok := permalinkStyles[template]; ok {
			template = style
		}
		return c.fill(f, head, template)
	case Document:
		col := c.collection(f.Collection)
		if col == nil || !col.Output {
			return "", false
		}
		template := col.Permalink
		if template == "" {
			template = "/:collection/:path" + c.suffix()
		}
		return c.fill(f, head, template)
	}
	dir, name := path.Split(f.Path)
	base := strings.TrimSuffix(name, path.Ext(name))
	if !f.Markdown && !f.HTML {
		return clean("/" + f.Path), true
	}
	if base == "index" {
		return clean("/" + dir), true
	}
	return clean("/" + escapePath(dir+base) + strings.ReplaceAll(c.suffix(), ":output_ext", ".html")), true
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

// fill puts values for the keys of a permalink's template.
func (c *Config) fill(f File, head *frontmatter.Node, template string) (string, bool) {
	date, _ := Date(f, head)
	known := true
	var b strings.Builder
	for i := 0; i < len(template); {
		if template[i] != ':' {
			b.WriteByte(template[i])
			i++
			continue
		}
		end := i + 1
		for end < len(template) && (template[end] >= 'a' && template[end] <= 'z' || template[end] == '_') {
			end++
		}
		key := template[i+1 : end]
		value, ok := c.placeholder(f, head, date, key)
		if !ok && strings.HasSuffix(key, "_") {
			key = strings.TrimSuffix(key, "_")
			end--
			value, ok = c.placeholder(f, head, date, key)
		}
		if !ok {
			known = false
		}
		b.WriteString(escapePath(value))
		i = end
	}
	return clean(b.String()), known
}

func (c *Config) placeholder(f File, head *frontmatter.Node, date time.Time, key string) (string, bool) {
	slug := f.Slug
	if s := head.Get("slug"); s.Kind == frontmatter.String {
		slug = s.Text
	}
	switch key {
	case "title":
		return liquid.SlugifyCased(slug, "pretty"), true
	case "slug", "name":
		if key == "name" {
			slug = f.Slug
		}
		return liquid.Slugify(slug, ""), true
	case "categories", "slugified_categories":
		var out []string
		for _, cat := range Categories(f, head) {
			if key == "categories" {
				out = append(out, strings.ToLower(cat))
			} else {
				out = append(out, liquid.Slugify(cat, ""))
			}
		}
		return strings.Join(out, "/"), true
	case "output_ext":
		if f.Markdown {
			return ".html", true
		}
		return path.Ext(f.Path), true
	case "collection":
		return f.Collection, true
	case "path":
		p := strings.TrimPrefix(f.Path, c.CollectionsDir)
		p = strings.TrimPrefix(p, "_"+f.Collection+"/")
		return strings.TrimSuffix(p, path.Ext(p)), true
	case "basename":
		return strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path)), true
	}
	if layout, ok := dateKeys[key]; ok {
		return date.Format(layout), true
	}
	return "", false
}

var dateKeys = map[string]string{
	"year": "2006", "month": "01", "day": "02", "hour": "15", "minute": "04", "second": "05", "i_day": "2", "i_month": "1",
	"short_month": "Jan", "long_month": "January", "short_year": "06", "short_day": "Mon", "long_day": "Monday", "y_day": "002",
}

// Date returns a document's date: of its front matter, or of its name.
func Date(f File, head *frontmatter.Node) (time.Time, bool) {
	if n := head.Get("date"); n.Kind != frontmatter.Null {
		if t, ok := frontmatter.ParseTime(n.Text); ok {
			return t, true
		}
	}
	if f.Year != "" {
		if t, ok := frontmatter.ParseTime(f.Year + "-" + f.Month + "-" + f.Day); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

// Categories returns a post's categories: the folders above _posts, then those
// of the front matter, each once.
func Categories(f File, head *frontmatter.Node) []string {
	out := append([]string{}, f.Dirs...)
	add := func(names []string) {
		for _, n := range names {
			seen := n == ""
			for _, o := range out {
				seen = seen || o == n
			}
			if !seen {
				out = append(out, n)
			}
		}
	}
	for _, key := range []string{"categories", "category"} {
		n := head.Get(key)
		if n.Kind == frontmatter.String && key == "categories" {
			add(strings.Fields(n.Text))
			continue
		}
		add(n.Strings())
	}
	return out
}

// escapePath is Jekyll::URL.escape_path.
func escapePath(p string) string {
	return strings.ReplaceAll((&url.URL{Path: p}).EscapedPath(), "#", "%23")
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
