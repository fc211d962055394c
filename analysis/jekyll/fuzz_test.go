package jekyll

import (
	"testing"

	"scholium/analysis/frontmatter"
)

// FuzzConfig reads anything as a _config.yml and a Gemfile.lock, and takes
// anything for a file of that site with a front matter: its kind and its
// address are found, and a folder is skipped or not.
func FuzzConfig(f *testing.F) {
	for _, s := range [][3]string{
		{"permalink: /:categories/:title/\ncollections: {notes: {output: true, permalink: '/:path:output_ext'}}\n", "_notes/a/b.md", "title: x\ndate: 2024-01-01\ncategories: [a, b]"},
		{"exclude: ['*a*', '[', '{a,b}*']\ninclude: [_a]\n", "_a/x~/.b", "permalink: /:year/:i_day/:slug"},
		{"defaults: [{scope: {path: '**/{a,*}', type: posts}, values: {permalink: ':title'}}]\ncollections_dir: c/", "c/_posts/24-1-2-a.md", "slug: 1"},
		{"collections: [a, b]\nincludes_dir: ../..\ntimezone: Nowhere", "../../etc/passwd", "date: never"},
		{"- a", "_posts/0000-99-99-.md", "- a"}, {"# a", "\xff\\:%20#?", ""}, {"    kramdown (2.5.1-java)", "_drafts/_posts/_drafts/x", "published: false"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, doc, path, head string) {
		c := ReadConfig(doc)
		Locked(doc, "kramdown")
		file := c.Classify(path)
		c.Skips(path)
		h := frontmatter.ReadHead("---\n" + head + "\n---\n")
		for _, kind := range []Kind{file.Kind, Page, Post, Document} {
			file.Kind = kind
			c.Writes(file)
			if u, ok := c.DocumentURL(file, h.Values, nil); ok && (u == "" || u[0] != '/') {
				t.Fatalf("the address %q", u)
			}
			Date(file, h.Values, nil)
			c.Value(file, h.Values, "layout")
		}
	})
}
