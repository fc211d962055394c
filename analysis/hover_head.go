package analysis

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A headKey is a key of front matter that Jekyll, a well-known plugin or theme reads.
type headKey struct {
	name, who, does string
}

// headKeys are read by Jekyll itself or, where who says so, by others.
var headKeys = []headKey{
	{"title", "", "The page's title."},
	{"layout", "", "The layout around the page: a file of the folder for layouts, without its extension. `none` is no layout at all."},
	{"permalink", "", "The page's address on the site, in place of what the configuration's `permalink` makes."},
	{"published", "", "`false` keeps the page off the site."},
	{"date", "", "When the post appeared; it goes before the date in the file's name."},
	{"categories", "", "A list, or words. They become a part of the address where the permalink has `:categories`."},
	{"category", "", "One category; it may hold blanks."},
	{"tags", "", "A list, or words, by which the site lists its posts."},
	{"tag", "", "One tag; it may hold blanks."},
	{"excerpt", "", "What lists of posts show of this one, in place of its first paragraph."},
	{"excerpt_separator", "", "The text in the post behind which its excerpt ends; the first empty line if nothing is said."},
	{"slug", "", "The post's name in its address, in place of that of the file."},
	{"render_with_liquid", "", "`false`: the page does not go through Liquid, so that `{{` is text."},
	{"sitemap", "jekyll-sitemap", "`false` leaves the page out of the site's map for search engines."},
	{"author", "jekyll-seo-tag, jekyll-feed, many themes", "Who wrote it: a name, a list, or a key of `_data/authors.yml`."},
	{"authors", "many themes", "Who wrote it: a list of names, or of keys of a data file."},
	{"description", "jekyll-seo-tag, jekyll-feed", "What search engines show below the title, in place of the excerpt."},
	{"image", "jekyll-seo-tag, jekyll-feed, many themes", "The picture that goes with the page where others link to it."},
	{"canonical_url", "jekyll-seo-tag", "The address that search engines are to take for the page's own."},
	{"last_modified_at", "jekyll-seo-tag, jekyll-feed, jekyll-sitemap", "When the post was last changed."},
	{"seo", "jekyll-seo-tag", "What search engines are told besides: `type`, `name`, `links`, `date_modified`."},
	{"lang", "jekyll-seo-tag, many themes", "The page's language, as `en` or `de_DE`."},
	{"feed", "jekyll-feed", "`excerpt_only: true` sends the excerpt instead of the whole post."},
	{"redirect_from", "jekyll-redirect-from", "Old addresses that lead to this page."},
	{"redirect_to", "jekyll-redirect-from", "The address that this page leads to."},
	{"math", "many themes", "`true` loads the engine that sets formulas, where the theme asks for it."},
	{"mathjax", "many themes", "`true` loads MathJax, where the theme asks for it."},
	{"use_math", "many themes", "`true` loads the engine that sets formulas, where the theme asks for it."},
	{"katex", "many themes", "`true` loads KaTeX, where the theme asks for it."},
	{"mermaid", "many themes", "`true` loads Mermaid, which draws diagrams from text."},
	{"toc", "many themes", "The table of contents: `true` or `false`, or how and where."},
	{"comments", "many themes", "`false` switches comments off below this page."},
	{"pin", "Chirpy", "`true` keeps the post at the top of the first page."},
	{"classes", "Minimal Mistakes", "Classes of the page's body, such as `wide`."},
	{"header", "Minimal Mistakes", "The picture or colour at the top: `image`, `teaser`, `overlay_image`, `caption`."},
	{"sidebar", "Minimal Mistakes", "What stands beside the text."},
	{"author_profile", "Minimal Mistakes", "`true` shows the author beside the text."},
	{"read_time", "Minimal Mistakes", "`true` shows how long reading takes."},
	{"related", "Minimal Mistakes", "`true` shows related posts below the text."},
	{"nav_order", "Just the Docs", "The page's place in the navigation."},
	{"parent", "Just the Docs", "The title of the page above this one in the navigation."},
	{"has_children", "Just the Docs", "`true`: other pages stand below this one."},
	{"nav_exclude", "Just the Docs", "`true` leaves the page out of the navigation."},
	{"bibliography", "jekyll-scholar, distill layouts", "The BibTeX file that the page cites from."},
	{"subtitle", "many themes", "What stands below the title."},
	{"weight", "many themes", "The page's place among others."},
	{"hidden", "many themes", "`true` leaves the page out of lists."},
	{"featured", "many themes", "`true` puts the post in front of others."},
	{"thumbnail", "many themes", "The picture that goes with the post in lists."},
}

func headKeyOf(name string) (headKey, bool) {
	i := slices.IndexFunc(headKeys, func(k headKey) bool { return k.name == name })
	if i < 0 {
		return headKey{}, false
	}
	return headKeys[i], true
}

// hoverHead describes a key of front matter, who reads it, and what stands
// there: a layout, an image, a tag that other pages have.
func hoverHead(c site.Cursor) (HoverText, bool) {
	src := c.Source()
	if src == nil || src.Head.Values == nil {
		return HoverText{}, false
	}
	name, value, key := entryAt(src.Head.Values, c.Offset, "")
	if value == nil {
		return HoverText{}, false
	}
	if key != nil {
		return HoverText{Markdown: describeKey(c, src, name), At: site.Origin{File: c.File, Span: key.Span, Exact: true}}, true
	}
	h := HoverText{At: site.Origin{File: c.File, Span: value.Span, Exact: true}}
	switch {
	case name == "layout":
		h.Markdown = describeLayout(c, value.Text)
	case name == "tags" || name == "tag" || name == "categories" || name == "category":
		h.Markdown, h.At.Span = describeTag(c, src, name, value)
	default:
		if p, ok := imageNamed(c, value.Text); ok {
			h.Image, h.File = p, fileLine(c.Site, string(p))
		}
	}
	return h, h.Markdown != "" || h.File != ""
}

// entryAt returns the entry of a map that an offset lies in: its name, with
// those of the maps around it before dots; its value, or the item of it; and its
// key where the offset lies in that.
func entryAt(n *frontmatter.Node, offset int, prefix string) (name string, value, key *frontmatter.Node) {
	for _, e := range n.Entries {
		name := prefix + e.Key.Text
		switch {
		case e.Key.Span.Contains(offset):
			return name, e.Value, e.Key
		case !e.Value.Span.Contains(offset):
		case e.Value.Kind == frontmatter.Map:
			return entryAt(e.Value, offset, name+".")
		case e.Value.Kind == frontmatter.List:
			for _, item := range e.Value.Items {
				if !item.Span.Contains(offset) {
					continue
				}
				if item.Kind == frontmatter.Map {
					return entryAt(item, offset, name+".")
				}
				return name, item, nil
			}
			return "", nil, nil
		default:
			return name, e.Value, nil
		}
	}
	return "", nil, nil
}

func describeKey(c site.Cursor, src *site.Source, name string) string {
	parts := []string{"`" + name + "`"}
	if k, ok := headKeyOf(name); ok {
		parts[0] += " · " + k.does
		if k.who != "" {
			parts[0] += " Read by " + k.who + "."
		}
	}
	f := c.Site.Config.Classify(string(src.Path))
	if f.Kind == jekyll.Static {
		f.Kind = jekyll.Page
	}
	if d := c.Site.Config.Value(f, &frontmatter.Node{}, name); d.Kind != frontmatter.Null {
		parts = append(parts, "Without it the defaults of "+placeOf(c.Site, "_config.yml", d.Span.Start)+" give "+valueOf(d)+".")
	}
	if list := readersOf(c.Site, "page."+name, ""); len(list) > 0 {
		parts = append(parts, "Read in "+strings.Join(list, ", "))
	} else if _, known := headKeyOf(name); !known && !c.Site.Loose {
		if n := c.Site.HeadKeys()[name]; n > 1 {
			parts = append(parts, fmt.Sprintf("In the front matter of %d pages of this site", n))
		}
	}
	return strings.Join(parts, "\n\n")
}

// valueOf writes a value of YAML in a few words.
func valueOf(n *frontmatter.Node) string {
	switch n.Kind {
	case frontmatter.Map:
		return "a map"
	case frontmatter.List:
		return code("[" + shorten(strings.Join(n.Strings(), ", "), 60) + "]")
	case frontmatter.Null:
		return "nothing"
	}
	return code(shorten(n.Text, 60))
}

// placeOf names a place for people: file and line, from 1.
func placeOf(s *site.Snapshot, p site.Path, offset int) string {
	if src := s.Source(p); src != nil {
		return fmt.Sprintf("`%s` line %d", p, src.Lines.Line(offset)+1)
	}
	return "`" + string(p) + "`"
}

// The most places that a hover lists.
const maxReaders = 6

// readersOf lists the templates of the site that read a variable, each with the
// lines: layouts and includes, and what of the pages is open. only restricts it
// to one file; empty for all.
func readersOf(s *site.Snapshot, variable string, only site.Path) []string {
	type reader struct {
		file  site.Path
		lines []int
	}
	var found []reader
	s.EachSource(func(src *site.Source) {
		if src.Template == nil || only != "" && src.Path != only {
			return
		}
		r := reader{file: src.Path}
		for _, read := range readings(src, variable) {
			if line := src.Lines.Line(read.at.Start) + 1; !slices.Contains(r.lines, line) {
				r.lines = append(r.lines, line)
			}
		}
		if len(r.lines) > 0 {
			found = append(found, r)
		}
	})
	slices.SortFunc(found, func(a, b reader) int { return strings.Compare(string(a.file), string(b.file)) })
	var out []string
	for i, r := range found {
		if i == maxReaders {
			out = append(out, fmt.Sprintf("and %d more", len(found)-i))
			break
		}
		word := "line"
		if len(r.lines) > 1 {
			word = "lines"
		}
		more := ""
		if len(r.lines) > maxReaders {
			r.lines, more = r.lines[:maxReaders], "…"
		}
		out = append(out, fmt.Sprintf("`%s` %s %s%s", r.file, word, strings.Trim(strings.ReplaceAll(fmt.Sprint(r.lines), " ", ", "), "[]"), more))
	}
	return out
}

func describeLayout(c site.Cursor, name string) string {
	src := layoutNamed(c.Site, name)
	if src == nil {
		if name == "none" || name == "null" {
			return "No layout: the page is its content alone"
		}
		return ""
	}
	out := "`" + string(src.Path) + "`"
	if outer := src.Head.Values.Get("layout"); outer.Kind == frontmatter.String {
		out += ", within the layout `" + outer.Text + "`"
	}
	if comment := headComment(src); comment != "" {
		out += "\n\n" + fence("text", comment)
	}
	if keys := keysRead(src, "page."); len(keys) > 0 {
		out += "\n\nReads of the page: `" + strings.Join(keys, "`, `") + "`"
	}
	return out
}

// layoutNamed finds a layout by its name, as front matter has it.
func layoutNamed(s *site.Snapshot, name string) *site.Source {
	dir := strings.Trim(s.Config.LayoutsDir, "/")
	for _, ext := range []string{".html", ".md", ".markdown", ".htm", ".xml", ".liquid", ""} {
		if src := s.Source(site.Path(path.Join(dir, name) + ext)); src != nil && name != "" {
			return src
		}
	}
	return nil
}

// describeTag says on how many other pages a tag or category is. Words in one
// string are one each where Jekyll takes them so.
func describeTag(c site.Cursor, src *site.Source, name string, value *frontmatter.Node) (string, text.Span) {
	word, span := value.Text, value.Span
	if plural := name == "tags" || name == "categories"; plural && src.Head.Values.Get(name).Kind == frontmatter.String && span.Of(src.Text) == word {
		start, end := c.Offset, c.Offset
		for start > span.Start && src.Text[start-1] != ' ' {
			start--
		}
		for end < span.End && src.Text[end] != ' ' {
			end++
		}
		span = text.Span{Start: start, End: end}
		word = span.Of(src.Text)
	}
	if word == "" {
		return "", span
	}
	kind, keys := "Tag", [2]string{"tags", "tag"}
	if strings.HasPrefix(name, "categor") {
		kind, keys = "Category", [2]string{"categories", "category"}
	}
	n := -1 // this page
	for _, key := range keys {
		n += c.Site.HeadValues(key)[word]
	}
	switch {
	case n <= 0:
		return fmt.Sprintf("%s %s, on no other page of this site", kind, code(word)), span
	case n == 1:
		return fmt.Sprintf("%s %s, on one other page of this site", kind, code(word)), span
	}
	return fmt.Sprintf("%s %s, on %d other pages of this site", kind, code(word), n), span
}

// imageNamed finds the image that a value of front matter names: a path of the
// site, or the end of one, as themes put a folder in front.
func imageNamed(c site.Cursor, value string) (site.Path, bool) {
	value = strings.TrimPrefix(value, "/")
	if !images[strings.ToLower(path.Ext(value))] || strings.Contains(value, "://") {
		return "", false
	}
	for _, p := range []string{value, path.Join(path.Dir(string(c.File)), value)} {
		if c.Site.Has(site.Path(p)) {
			return site.Path(p), true
		}
	}
	found := c.Site.Files(func(p site.Path) bool { return strings.HasSuffix(string(p), "/"+value) })
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}
