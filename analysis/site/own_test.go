package site

import (
	"os"
	"path/filepath"
	"testing"
)

// ownSite is a small site with all that a template can ask of other pages.
var ownSite = map[string]string{
	"_config.yml": "title: Own\nurl: https://own.example\nbaseurl: /b\ntimezone: America/New_York\npermalink: /:categories/:year/:month/:title.html\n" +
		"collections:\n  notes: {output: true}\n  tabs: {output: true, sort_by: order}\ndefaults:\n- scope: {path: '', type: posts}\n  values: {layout: post, kind: essay}\n",
	"_posts/2024-01-02-first.md":          "---\ntitle: First\ntags: [a, b]\ncategories: Math\n---\nOne $x$.\n",
	"_posts/2024-03-01-second_post.md":    "---\ntags: b c\ndate: 2024-03-01 23:30:00 +0100\n---\n" + `{{ page.previous.title }} {{ page.next.title }} {{ page.date }} {{ page.date | date_to_xmlschema }} {{ page.title }} {{ page.slug }} {{ page.id }}` + "\n",
	"_posts/2024-03-01-third.md":          "---\ntitle: 'Third: \"q\"'\ncategory: x y\ndate: 2024-03-01 12:00:00\nfig: {n: 1}\n---\n{{ page.previous.url }} {{ page.next.url }} {{ page.date | date: '%c %Z %z' }} {{ page.kind }} {{ page.categories | jsonify }} {{ page.tags | jsonify }}\n",
	"_posts/2024-05-05-hidden.md":         "---\npublished: false\n---\nhidden\n",
	"_posts/2199-01-01-later.md":          "---\ntitle: Later\n---\nlater\n",
	"more/_posts/2023-12-31-in-folder.md": "---\n---\n{{ page.categories | join: ',' }} {{ page.next.title }} {{ page.previous }}|{{ page.path }} {{ page.relative_path }} {{ page.collection }} {{ page.name }} {{ page.ext }}\n",
	"_drafts/idea.md":                     "---\ntitle: Idea\n---\nidea {{ page.draft }}\n",
	"_notes/n2.md":                        "---\ntitle: N2\n---\n{{ page.previous.title }}|{{ page.url }}|{{ page.next.title }}|{{ page.collection }}\n",
	"_notes/n1.md":                        "---\ntitle: N1\norder: 3\n---\n{{ page.previous.title }}|{{ page.id }}|{{ page.next.title }}\n",
	"_notes/n0.md":                        "---\ntitle: N0\ndate: 2020-01-01\n---\n{{ page.date }}\n",
	"_notes/plain.txt":                    "no front matter\n",
	"_tabs/z.md":                          "---\norder: 1\n---\nz\n",
	"_tabs/a.md":                          "---\norder: 2\n---\na\n",
	"_tabs/n.md":                          "---\ntitle: last\n---\n\n",
	"_includes/pair.html":                 "<i id=\"{{ include.id }}\">{{ include.text | markdownify }}</i>",
	"_includes/in/deep.html":              "[{{ include.v }}{{ include }}]",
	"_includes/break.html":                "x{% break %}y",
	"_data/names.yml":                     "- {n: Ada, y: 1815}\n- {n: Emmy, y: 1882}\n",
	"_data/by/key.json":                   `{"a": {"b": [1, 2.5, null, true]}}`,
	"part.md":                             "part {{ include.p }} {{ page.name }}\n",
	"a.txt":                               "static\n",
	"img/p.png":                           "",
	"feed.xml":                            "---\ntitle: Feed\n---\n<x/>\n",
	"about.md":                            "---\ntitle: About\ndate: 2021-02-03\nnav: 2\n---\n{{ page.date }} {{ page.url }} {{ page.dir }} {{ page.path }} {{ page.name }} {{ page.tags }}|{{ page.categories }}|{{ page.collection }}|\n",
	"sub/index.html":                      "---\ntitle: Sub\nnav: 1\n---\n{{ page.url }} {{ page.dir }} {{ page.name }}\n{% highlight c++ %}\nint x;\n{% endhighlight %}\n",
	"lists.md": "---\ntitle: Lists\n---\n" +
		"{% for p in site.posts %}{{ p.title }}|{{ p.url }}|{{ p.date | date: '%F %T %z' }}|{{ p.tags | join: ' ' }}|{{ p.categories | join: ' ' }}|{{ p.kind }}|{{ p.fig.n }}|{{ p.id }}|{{ p.path }}\n{% endfor %}" +
		"{% for p in site.pages %}{{ p.name }} {{ p.title }} {{ p.url }} {{ p.path }} {{ p.dir }};{% endfor %}\n" +
		"{% for p in site.html_pages %}{{ p.name }};{% endfor %}\n" +
		"{% for f in site.static_files %}{{ f.path }} {{ f.name }} {{ f.basename }} {{ f.extname }};{% endfor %}\n" +
		"{% for n in site.notes %}{{ n.title }} {{ n.url }};{% endfor %}{% for n in site.tabs %}{{ n.title }};{% endfor %}\n" +
		"{% for c in site.collections %}{{ c.label }} {{ c.docs.size }} {{ c.output }};{% endfor %}\n",
	"tags.md": "---\n---\n" +
		"{% for t in site.tags %}{{ t[0] }}={{ t[1].size }}:{{ t[1] | map: 'title' | join: ',' }};{% endfor %}\n" +
		"{% for t in site.categories %}{{ t | first }}={{ t | last | size }};{% endfor %}{{ site.tags.b.size }} {{ site.tags['b'].first.title }} {{ site.tags.none }}\n" +
		"{% assign s = site.pages | where_exp: 'p', 'p.nav' | sort: 'nav' %}{% for p in s %}{{ p.title }} {% endfor %}\n" +
		"{% assign g = site.posts | group_by_exp: 'p', \"p.date | date: '%Y'\" %}{% for y in g %}{{ y.name }}: {{ y.items | map: 'title' | join: ', ' }}; {% endfor %}\n" +
		"{{ site.posts | where: 'kind', 'essay' | size }} {{ site.posts.first.title }} {{ site.posts | map: 'slug' | join: ' ' }} {{ site.posts | sort: 'title' | map: 'title' | join: '/' }}\n" +
		"{{ site.related_posts | size }} {{ site.posts.size }} {{ site.documents.size }} {% for d in site.documents %}{{ d.title }} {% endfor %}\n",
	"links.md": "---\n---\n" +
		"[a]({% post_url 2024-01-02-first %}) [b]({% post_url /more/2023-12-31-in-folder %}) [c]({% link _notes/n1.md %}) [d]({% link a.txt %}) [e]({% link about.md %}) {% assign n = 'n2' %}[f]({% link _notes/{{ n }}.md %}) [g]({% post_url 2024-03-01-third %}) [h]({% link img/p.png %}) [i]({% link sub/index.html %})\n",
	"blocks.md": "---\n---\nText.\n\n" +
		"{% highlight ruby linenos %}\nputs \"a < b\" # $x$\n{% endhighlight %}\n\n{% capture c %}# H\n\nA[^1] and [l][d] $$x_1$$\n\n[^1]: Note.\n\n[d]: /u\n{% endcapture %}{% include pair.html id='q' text=c %}\n\n# H\n\n{{ '*em* -- \"q\"' | markdownify }}\n" +
		"{% include in/deep.html v=1 %}{% assign f = 'deep' %}{% include in/{{ f }}.html v=page.none %}{% include in/{{ f }}.html %}\n\n{% include_relative part.md p=\"x\" %}\n" +
		"{% for i in (1..3) %}{{ i }}{% include break.html %}{% endfor %}\n{% increment n %}{% increment n %}{{ n }}\n",
	"data.md": "---\n---\n{% for x in site.data.names %}{{ x.n }} {{ x.y | plus: 1 }}; {% endfor %}{{ site.data.by.key.a.b | jsonify }} {{ site.data.by.key }} {{ site.data.none }}|{{ site.title }} {{ site.url }}{{ site.baseurl }} {{ '/x' | absolute_url }} {{ jekyll.environment }} {{ site.posts[0].url | relative_url }} {{ site.posts[0] | relative_url }} {{ layout }}|{{ content }}|{{ paginator }}|\n" +
		"{{ 0 | date: '%F %T %Z' }} {{ '2024-07-01 12:00' | date: '%F %T %z' }} {{ '2024-07-01' | date_to_xmlschema }} {{ '2024-07-01 12:00:00 +0000' | date_to_rfc822 }}\n",
}

// writeOwn puts the site into a folder.
func writeOwn(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, doc := range ownSite {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOwnSite holds a site with everything in it against stock Jekyll.
func TestOwnSite(t *testing.T) {
	needRuby(t)
	dir := writeOwn(t)
	s := siteOf(t, dir)
	pages := referee(t, dir)
	for _, want := range pages {
		if want.Error != "" {
			t.Errorf("%s: the referee fails: %s", want.Path, want.Error)
			continue
		}
		page := s.Make(NewSource(Path(want.Path), ownSite[want.Path]), nil)
		if page == nil {
			t.Errorf("%s is no page to us", want.Path)
			continue
		}
		if page.Liquid.Text != want.Liquid {
			t.Errorf("%s\n got %q\nwant %q\nholes %v", want.Path, page.Liquid.Text, want.Liquid, page.Liquid.Holes)
		} else if want.HTML != nil && page.Tree.HTML() != *want.HTML {
			t.Errorf("%s as HTML\n got %q\nwant %q", want.Path, page.Tree.HTML(), *want.HTML)
		}
	}
	if len(pages) < 15 {
		t.Errorf("only %d pages", len(pages))
	}
	t.Logf("%d pages compared", len(pages))
}
