package jekyll

import (
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/text"
)

// A Config is a site's _config.yml with Jekyll's defaults. It never changes.
type Config struct {
	Values  *frontmatter.Node    // as written
	Problem *frontmatter.Problem // why it cannot be read; Jekyll does not build such a site

	Title, URL, BaseURL string
	Permalink           string
	Markdown            string   // the engine: "kramdown", "CommonMark" …
	Highlighter         string   // "rouge" where the site does not say
	MarkdownExt         []string // without dots
	IncludesDir         string
	LayoutsDir          string
	DataDir             string
	CollectionsDir      string // "" or "dir/"
	Include, Exclude    []string
	Collections         []Collection // posts is always among them
	Defaults            []Default
	Theme               string // a gem's or a repository's name; empty without one
	Plugins             []string
	Kramdown            []Option
	ShowDrafts          bool
	Scholar             Scholar
}

// A Collection is a folder of documents.
type Collection struct {
	Label     string
	Output    bool
	Permalink string
}

// A Default gives front matter to the files of a scope.
type Default struct {
	Path   string // a folder, or a pattern with *
	Type   string // posts, drafts, pages or a collection's label; empty for all
	Values *frontmatter.Node
}

// An Option is a key of the kramdown section.
type Option struct {
	Key, Value string
	Map        *frontmatter.Node // where the value is one: link_defs, typographic_symbols
}

// ReadConfig reads a _config.yml. An empty text gives Jekyll's defaults.
func ReadConfig(doc string) *Config {
	from := 0
	if strings.HasPrefix(doc, "\uFEFF") {
		from = len("\uFEFF")
	}
	values, problem := frontmatter.Read(doc, text.Span{Start: from, End: len(doc)})
	c := &Config{Values: values, Problem: problem}
	str := func(key, otherwise string) string {
		if n := values.Get(key); n.Kind != frontmatter.Null && n.Kind != frontmatter.List && n.Kind != frontmatter.Map {
			return n.Text
		}
		return otherwise
	}
	c.Title, c.URL, c.BaseURL = str("title", ""), str("url", ""), str("baseurl", "")
	c.Permalink = str("permalink", "date")
	c.Markdown = str("markdown", "kramdown")
	c.Highlighter = str("highlighter", "rouge")
	c.MarkdownExt = strings.Split(strings.ReplaceAll(str("markdown_ext", "markdown,mkdown,mkdn,mkd,md"), " ", ""), ",")
	c.IncludesDir, c.LayoutsDir, c.DataDir = str("includes_dir", "_includes"), str("layouts_dir", "_layouts"), str("data_dir", "_data")
	if dir := strings.Trim(str("collections_dir", ""), "/"); dir != "" {
		c.CollectionsDir = dir + "/"
	}
	c.Include = append([]string{".htaccess"}, values.Get("include").Strings()...)
	c.Exclude = append(values.Get("exclude").Strings(), ".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock",
		"node_modules", "vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/")
	c.Theme = str("theme", str("remote_theme", ""))
	c.Plugins = append(values.Get("plugins").Strings(), values.Get("gems").Strings()...)
	c.ShowDrafts = str("show_drafts", "") == "true"
	c.collections()
	c.Scholar = readScholar(values)
	for _, d := range values.Get("defaults").Items {
		if scope, values := d.Get("scope"), d.Get("values"); values.Kind == frontmatter.Map {
			c.Defaults = append(c.Defaults, Default{scope.Get("path").Text, scope.Get("type").Text, values})
		}
	}
	for _, e := range values.Get("kramdown").Entries {
		o := Option{Key: e.Key.Text, Value: e.Value.Text}
		switch e.Value.Kind {
		case frontmatter.List:
			o.Value = strings.Join(e.Value.Strings(), ",")
		case frontmatter.Map:
			o.Map = e.Value
		}
		c.Kramdown = append(c.Kramdown, o)
	}
	return c
}

func (c *Config) collections() {
	n := c.Values.Get("collections")
	for _, e := range n.Entries {
		c.Collections = append(c.Collections, Collection{
			Label: e.Key.Text, Output: e.Value.Get("output").Text == "true", Permalink: e.Value.Get("permalink").Text,
		})
	}
	for _, label := range n.Strings() {
		c.Collections = append(c.Collections, Collection{Label: label})
	}
	for i := range c.Collections {
		if c.Collections[i].Label == "posts" {
			c.Collections[i].Output = true
			return
		}
	}
	c.Collections = append(c.Collections, Collection{Label: "posts", Output: true})
}

// Value returns a key of a document's front matter, or of the defaults that
// apply to it; a Null node where neither has it. A more specific scope wins,
// and among equal ones the later.
func (c *Config) Value(f File, head *frontmatter.Node, key string) *frontmatter.Node {
	if head.Has(key) {
		return head.Get(key)
	}
	best, length := &frontmatter.Node{}, -1
	for _, d := range c.Defaults {
		if !d.Values.Has(key) || !d.applies(f) {
			continue
		}
		n := 2 * len(strings.Trim(d.Path, "/"))
		if d.Type != "" {
			n++
		}
		if n >= length {
			best, length = d.Values.Get(key), n
		}
	}
	return best
}

func (d *Default) applies(f File) bool {
	if d.Type != "" {
		t := strings.TrimSuffix(d.Type, "s")
		switch f.Kind {
		case Post:
			if t != "post" {
				return false
			}
		case Draft:
			if t != "draft" && t != "post" {
				return false
			}
		case Page:
			if t != "page" {
				return false
			}
		default:
			if d.Type != f.Collection {
				return false
			}
		}
	}
	scope := strings.TrimPrefix(d.Path, "/")
	if strings.Contains(scope, "*") {
		return matchPrefix(scope, f.Path)
	}
	return strings.HasPrefix(f.Path, scope)
}
