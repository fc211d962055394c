package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// TestMistake has a rule that panics on one page: the others are proofread, and
// which one is not is known.
func TestMistake(t *testing.T) {
	dir := t.TempDir()
	for name, doc := range map[string]string{"_config.yml": "title: x\n", "_posts/2024-01-01-a.md": "---\n---\nfine\n", "_posts/2024-01-02-b.md": "---\n---\nfatal\n"} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	check := rules.Checker()
	local := check.Local
	check.Local = func(p *site.Page) []site.Problem {
		if strings.Contains(p.Source.Text, "fatal") {
			panic("on purpose")
		}
		return local(p)
	}
	w := New(nil, check, nil)
	defer w.Stop()
	s := w.AddFolder(dir)[0]
	s.Refresh()
	s.Wait()
	if got := s.Now().AllFacts(); len(got) != 1 || got[0].Path != "_posts/2024-01-01-a.md" {
		t.Errorf("%d pages", len(got))
	}
	bad := filepath.Join(dir, "_posts/2024-01-02-b.md")
	if got := w.Mistakes(); len(got) != 1 || got[0] != bad+": on purpose" {
		t.Errorf("mistakes: %q", got)
	}
	// In a buffer it goes and comes with its cause.
	w.Open(bad, 1, "---\n---\nmended\n")
	if s.Now().Page("_posts/2024-01-02-b.md") == nil {
		t.Error("mended, it is no page")
	}
	w.Change(bad, 2, func(string) string { return "---\n---\nfatal\n" })
	if s.Now().Page("_posts/2024-01-02-b.md") != nil {
		t.Error("broken again, it is a page")
	}
}
