package jekyll

import (
	"testing"

	"scholium/analysis/frontmatter"
)

func head(t *testing.T, yaml string) *frontmatter.Node {
	t.Helper()
	h := frontmatter.ReadHead("---\n" + yaml + "\n---\n")
	if h.Problem != nil {
		t.Fatal(h.Problem)
	}
	return h.Values
}

func TestClassify(t *testing.T) {
	c := ReadConfig("collections:\n  notes: {output: true}\nexclude: [README.md, 'drafts/*.md', sub/dir]\ninclude: [_kept]\n")
	for _, x := range []struct {
		path string
		kind Kind
	}{
		{"_posts/2024-01-02-a.md", Post}, {"math/_posts/24-1-2-b.markdown", Post}, {"_posts/notes.md", NotAPost},
		{"_posts/2024-01-02.md", NotAPost}, {"_posts/sub/2024-01-02-a.md", Post}, {"_drafts/x.md", Draft},
		{"_includes/a/b.html", Include}, {"_layouts/post.html", Layout}, {"_data/x.yml", Data}, {"_config.yml", ConfigFile},
		{"_notes/x.md", Document}, {"_other/x.md", Ignored}, {"about.md", Static}, {"README.md", Ignored}, {"drafts/a/b.md", Ignored},
		{"sub/dir/x", Ignored}, {".git/config", Ignored}, {"a/.hidden", Ignored}, {"_kept/x.md", Static}, {"Gemfile", Ignored},
		{"x~", Ignored}, {"#x", Ignored}, {"vendor/bundle/x/y.md", Ignored}, {"_site/index.html", Ignored},
	} {
		if f := c.Classify(x.path); f.Kind != x.kind {
			t.Errorf("%s: %d, want %d", x.path, f.Kind, x.kind)
		}
	}
	for dir, skip := range map[string]bool{"_posts": false, "_site": true, "_notes": false, "_x": true, "_includes/a": false, ".git": true, "a": false, "node_modules": true, "_kept": false} {
		if got := c.Skips(dir); got != skip {
			t.Errorf("Skips(%s) = %v", dir, got)
		}
	}
}

// TestURL holds URLs that Jekyll 4.3.1 gave for these files and settings.
func TestURL(t *testing.T) {
	for _, x := range []struct{ config, path, head, want string }{
		{"", "_posts/2024-01-02-My-Post.md", "title: x", "/2024/01/02/My-Post.html"},
		{"permalink: pretty", "_posts/2024-01-02-a.md", "categories: [Math, b c]", "/math/b%20c/2024/01/02/a/"},
		{"permalink: /blog/:year/:title", "_posts/2024-01-02-a.md", "date: 2023-05-06", "/blog/2023/a"},
		{"permalink: /:categories/:slug.html", "x/_posts/2024-01-02-a_b.md", "slug: Q r", "/x/q-r.html"},
		{"", "_posts/2024-01-02-a.md", "permalink: /here/", "/here/"},
		{"", "about.md", "", "/about.html"},
		{"permalink: pretty", "sub/about.md", "", "/sub/about/"},
		{"", "sub/index.md", "", "/sub/"},
		{"collections: {n: {output: true}}", "_n/a/b.md", "", "/n/a/b.html"},
		{"collections: {n: {output: true, permalink: '/w/:name/'}}", "_n/B c.md", "", "/w/b-c/"},
		{"permalink: /:month_:day/:title/", "_posts/2024-1-2-a.md", "", "/01_02/a/"},
	} {
		c := ReadConfig(x.config)
		f := c.Classify(x.path)
		if f.Kind == Static {
			f.Kind = Page
		}
		if got, ok := c.DocumentURL(f, head(t, x.head), nil); !ok || got != x.want {
			t.Errorf("%s %s: %s %v, want %s", x.config, x.path, got, ok, x.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	c := ReadConfig("defaults:\n- scope: {path: ''}\n  values: {layout: base, math: false}\n- scope: {path: '', type: posts}\n  values: {layout: post}\n- scope: {path: _posts/x}\n  values: {math: true}\n")
	h := head(t, "title: t")
	for _, x := range []struct{ path, key, want string }{
		{"_posts/2024-01-02-a.md", "layout", "post"}, {"about.md", "layout", "base"}, {"_posts/x/2024-01-02-a.md", "math", "true"},
		{"_posts/2024-01-02-a.md", "title", "t"}, {"about.md", "none", ""},
	} {
		f := c.Classify(x.path)
		if f.Kind == Static {
			f.Kind = Page
		}
		if got := c.Value(f, h, x.key).Text; got != x.want {
			t.Errorf("%s %s: %q, want %q", x.path, x.key, got, x.want)
		}
	}
}

func TestLocked(t *testing.T) {
	lock := "GEM\r\n  specs:\r\n    jekyll (4.3.3)\r\n      kramdown (~> 2.3, >= 2.3.1)\r\n    kramdown-parser-gfm (1.1.0)\r\n    kramdown (2.5.1)\r\n    nokogiri (1.16.0-x86_64-linux)\r\n"
	for gem, want := range map[string]string{"kramdown": "2.5.1", "jekyll": "4.3.3", "nokogiri": "1.16.0", "rexml": ""} {
		if got := Locked(lock, gem); got != want {
			t.Errorf("%s: %q, want %q", gem, got, want)
		}
	}
	if got := Locked("    kramdown (", "kramdown"); got != "" {
		t.Errorf("cut off: %q", got)
	}
}
