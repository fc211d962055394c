package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/rules"
)

// TestHeads edits the front matter of a post in a buffer: the open page that
// links to it, and the one that lists it, follow at once, and an edit of its
// prose makes neither anew.
func TestHeads(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"_config.yml":            "title: x\n",
		"_posts/2024-01-01-a.md": "---\ntitle: A\n---\nprose\n",
		"link.md":                "---\n---\n[a]({% post_url 2024-01-01-a %})\n",
		"list.md":                "---\n---\n{% for p in site.posts %}{{ p.title }}{% endfor %}\n",
	}
	for name, doc := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	for _, name := range []string{"link.md", "list.md", "_posts/2024-01-01-a.md"} {
		w.Open(filepath.Join(dir, name), 1, files[name])
	}
	post := filepath.Join(dir, "_posts/2024-01-01-a.md")
	s, _ := w.Site(post)
	s.Wait()
	link, list := s.Now().Page("link.md"), s.Now().Page("list.md")
	if link.Liquid.Text != "[a](/2024/01/01/a.html)\n" || list.Liquid.Text != "A\n" {
		t.Fatalf("at first %q, %q", link.Liquid.Text, list.Liquid.Text)
	}
	w.Change(post, 2, func(doc string) string { return strings.Replace(doc, "prose", "verse", 1) })
	if s.Now().Page("link.md") != link || s.Now().Page("list.md") != list {
		t.Error("an edit of prose makes other pages anew")
	}
	w.Change(post, 3, func(doc string) string { return strings.Replace(doc, "title: A", "title: B\npermalink: /b/", 1) })
	if got := s.Now().Page("link.md").Liquid.Text; got != "[a](/b/)\n" {
		t.Errorf("the link is %q", got)
	}
	if got := s.Now().Page("list.md").Liquid.Text; got != "B\n" {
		t.Errorf("the list is %q", got)
	}
}
