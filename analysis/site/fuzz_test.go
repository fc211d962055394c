package site

import (
	"strings"
	"testing"

	"scholium/analysis/jekyll"
)

// FuzzMake makes a page of anything, in a site of anything: the whole way of a
// post, with an include, a layout, data and a configuration. Every name lies in
// the file it is said to lie in.
func FuzzMake(f *testing.F) {
	f.Add("# a\n$$\\label{x}y$$ {% include a.html id=\"b\" %} {{ site.data.a.k }} {{ site }}", "<p id=\"{{ include.id }}\">", "<script>MathJax = {tex: {inlineMath: [['$', '$']]}}</script>{{ content }}", "# nothing", "k: [a, {b: c}]")
	f.Add("[^a] {% link a.md %} {% post_url x %} ![x](../../a.png){: #i}\n\n[^a]: b", "{% include a.html %}", "---\nlayout: default\n---\n{{ content | markdownify }}", "kramdown: {toc_levels: 1..9, input: kramdown}", "- a")
	f.Add("{% for p in site.posts %}{{ p.url | relative_url }}{{ p }}{% endfor %}", "", "{% for i in (1..999999) %}{{ content }}{% endfor %}", "- a\n- b", "a: &a [*a]")
	f.Add("{{ site.a | where: 'b', site }}{{ page | jsonify }}{{ site.data | inspect }}", "{{ include }}", "", "defaults: [{values: {a: b}}]\nplugins: x\nmarkdown: kramdown", "x")
	f.Fuzz(func(t *testing.T, body, include, layout, config, data string) {
		b := New(Rules{}).Build()
		b.Configure(jekyll.ReadConfig(config), false)
		sources := map[Path]*Source{}
		for p, doc := range map[Path]string{"_includes/a.html": include, "_layouts/default.html": layout, "_config.yml": config, "_data/a.yml": data} {
			sources[p] = NewSource(p, doc)
			b.Source(sources[p])
			b.File(p, int64(len(doc)))
		}
		post := NewSource("_posts/2024-01-01-a.md", "---\nlayout: default\n---\n"+body)
		sources[post.Path] = post
		page := b.Done().Make(post, nil)
		if page == nil {
			return
		}
		for _, n := range page.Facts.Names {
			if src := sources[n.At.File]; src == nil || n.At.Span.Start < 0 || n.At.Span.End < n.At.Span.Start || n.At.Span.End > len(src.Text) {
				t.Fatalf("%s %q lies at %v", n.Kind, n.Text, n.At)
			}
		}
	})
}

// FuzzSitePath reads anything as an address: what it stands for lies in the site.
func FuzzSitePath(f *testing.F) {
	for _, s := range []string{"../../etc/passwd", "/a%2e%2e/%2e%2e/b", "%zz", "a:b", "//host/a", "/base/../../x", "?#", "%00", `..\..\a`, "file:///etc/passwd"} {
		f.Add(s, "/2024/01/01/a.html", "/base")
	}
	f.Fuzz(func(t *testing.T, address, page, baseurl string) {
		b := New(Rules{}).Build()
		c := jekyll.ReadConfig("")
		c.BaseURL = baseurl
		b.Configure(c, false)
		got, ok := b.Done().sitePath(address, page)
		if ok && (got == ".." || strings.HasPrefix(got, "../") || strings.HasPrefix(got, "/")) {
			t.Fatalf("%q on %q stands for %q", address, page, got)
		}
	})
}
