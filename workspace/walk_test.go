package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, doc := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// read reads the site of a folder.
func read(t *testing.T, dir string) (*Site, *State) {
	t.Helper()
	w := New(nil, rules.Checker(), nil)
	t.Cleanup(w.Stop)
	sites := w.AddFolder(dir)
	if len(sites) != 1 {
		t.Fatalf("%d sites in %s", len(sites), dir)
	}
	sites[0].Refresh()
	sites[0].Wait()
	return sites[0], sites[0].Now()
}

func codes(s *State, p site.Path) string {
	var out []string
	for _, problem := range analysis.Problems(s.Snapshot, s.Settings, p) {
		out = append(out, problem.Code)
	}
	return strings.Join(out, " ")
}

const imagePost = "---\nlayout: none\n---\n![a](/in/a.png) ![b](/linked/b.png) ![c](/loop/in/a.png) ![d](/none/d.png) ![e](/shut/e.png)\n"

// TestOddFolders reads a site with loops of links, links out of it, links to
// nowhere, and folders that cannot be read.
func TestOddFolders(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, map[string]string{"b.png": "", "secret.html": "SECRET"})
	write(t, dir, map[string]string{
		"_config.yml": "title: x\n", "in/a.png": "", "_posts/2024-01-01-a.md": imagePost, "shut/e.png": "",
		"_posts/2024-01-02-b.md":      "---\nlayout: none\n---\n{% include secret.html %}\n",
		"node_modules/x/y.md":         "---\n---\n[^never]\n",
		"vendor/bundle/x.md":          "---\n---\n[^never]\n",
		"_posts/\xff\xfe-odd name.md": "x", "in/ü ß#?.png": "",
	})
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	link(dir, "loop")
	link(outside, "linked")
	link(filepath.Join(dir, "nowhere"), "broken")
	if err := os.MkdirAll(filepath.Join(dir, "_includes"), 0o755); err != nil {
		t.Fatal(err)
	}
	link(filepath.Join(outside, "secret.html"), "_includes/secret.html")
	if err := os.Chmod(filepath.Join(dir, "shut"), 0); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(filepath.Join(dir, "shut"), 0o755) }()
	_, state := read(t, dir)
	// Only what is certainly absent is reported: not what lies behind a link out of
	// the site, in a loop of links, or in a folder that cannot be read.
	problems := analysis.Problems(state.Snapshot, state.Settings, "_posts/2024-01-01-a.md")
	for _, p := range problems {
		if !strings.Contains(p.Message, "none/d.png") && !strings.Contains(p.Message, "loop/in/a.png") {
			t.Errorf("reported: %s", p.Message)
		}
	}
	if !slices.ContainsFunc(problems, func(p site.Problem) bool { return strings.Contains(p.Message, "none/d.png") }) {
		t.Error("an image that does not exist is not reported")
	}
	if !slices.ContainsFunc(state.Notes, func(n string) bool { return strings.Contains(n, "linked") }) {
		t.Errorf("notes: %v", state.Notes)
	}
	for _, f := range state.AllFacts() {
		if strings.HasPrefix(string(f.Path), "node_modules") || strings.HasPrefix(string(f.Path), "vendor") {
			t.Errorf("%s was read", f.Path)
		}
	}
	if src := state.Source("_includes/secret.html"); src != nil && strings.Contains(src.Text, "SECRET") {
		t.Error("a file outside the site was read")
	}
}

// TestSites finds the site of a file: the nearest folder above it with a
// configuration, also above the folder that is open; several in one folder.
func TestSites(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"one/_config.yml": "title: one\n", "one/_posts/2024-01-01-a.md": "x", "two/_config.yml": "title: two\n",
		"one/docs/_config.yml": "title: inner\n", "one/docs/page.md": "x", "loose/post.md": "[^x]", "loose/deep/other.md": "",
	})
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	for file, root := range map[string]string{
		"one/_posts/2024-01-01-a.md": "one", "one/docs/page.md": "one/docs", "two/x.md": "two", "loose/post.md": "loose", "loose/deep/other.md": "loose/deep",
	} {
		if s, _ := w.Site(filepath.Join(dir, file)); s.Root != filepath.Join(dir, root) {
			t.Errorf("%s belongs to %s", file, s.Root)
		}
	}
	var roots []string
	for _, s := range w.AddFolder(dir) {
		roots = append(roots, filepath.Base(s.Root))
	}
	if fmt.Sprint(roots) != "[one two]" {
		t.Errorf("the sites below a folder: %v", roots)
	}
	if sites := w.AddFolder(filepath.Join(dir, "one", "_posts")); len(sites) != 1 || filepath.Base(sites[0].Root) != "one" {
		t.Error("a folder within a site is not taken to its site")
	}
	w.AddFolder(filepath.Join(dir, "does-not-exist"))
}

// TestNewSite makes a site of a folder while a file of it is open.
func TestNewSite(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"_posts/2024-01-01-a.md": "---\n---\n{% include none.html %}\n"})
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	file := filepath.Join(dir, "_posts/2024-01-01-a.md")
	w.Open(file, 1, "---\n---\n{% include none.html %}\n")
	s, p := w.Site(file)
	s.Wait()
	if got := codes(s.Now(), p); got != "" {
		t.Errorf("outside any site: %s", got)
	}
	write(t, dir, map[string]string{"_config.yml": "title: x\n"})
	w.Touched([]string{filepath.Join(dir, "_config.yml")})
	s, p = w.Site(file)
	s.Wait()
	if got := codes(s.Now(), p); got != "missing-include" {
		t.Errorf("in the new site: %q", got)
	}
}

// TestLargeFiles leaves out what is too large to be a post.
func TestLargeFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"_config.yml": "title: x\n", "_posts/2024-01-01-a.md": "---\n---\n" + strings.Repeat("x", maxFileSize+1),
		"_posts/2024-01-02-b.md": "---\n---\nA \x00 and \xff[^x]\n",
	})
	s, state := read(t, dir)
	if state.Facts("_posts/2024-01-01-a.md") != nil {
		t.Error("a file of 8 MB was read")
	}
	file := filepath.Join(dir, "_posts/2024-01-01-a.md")
	s.w.Open(file, 1, "---\n---\n"+strings.Repeat("x", maxFileSize))
	s.w.Change(file, 2, func(doc string) string { return "---\n---\n[^x]" + doc })
	if s.Wait(); s.Now().Page("_posts/2024-01-01-a.md") != nil {
		t.Error("a file of 8 MB was read from a buffer")
	}
	s.w.Close(file)
	s.w.Open(file, 3, "---\n---\n[^x]\n") // most of it is gone
	if got := codes(s.Now(), "_posts/2024-01-01-a.md"); got != "undefined-footnote" {
		t.Errorf("a post that was large: %q", got)
	}
	if got := codes(state, "_posts/2024-01-02-b.md"); got != "undefined-footnote" {
		t.Errorf("a post with odd bytes: %q", got)
	}
}
