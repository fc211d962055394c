package workspace

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/jekyll"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestMoves moves files of blogs to other names and back: no problem comes that
// was not there before, and in the end every byte is as it was.
func TestMoves(t *testing.T) {
	t.Parallel()
	moved, edited := 0, 0
	for _, root := range blogs(t) {
		t.Run(filepath.Base(root), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(root)); err != nil {
				t.Fatal(err)
			}
			err := filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
				if err == nil {
					err = os.Chmod(p, 0o755)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w := New(nil, rules.Checker(), nil)
			defer w.Stop()
			s := w.AddFolder(dir)[0]
			s.Refresh()
			s.Wait()
			for _, p := range movable(s.Now()) {
				to := elsewhere(p)
				before := problemsOf(s.Now())
				was := move(t, s, p, to)
				now := problemsOf(s.Now())
				if len(was) > 0 && now > before {
					t.Errorf("%s moved to %s: %d problems, %d before", p, to, now, before)
				}
				moved, edited = moved+1, edited+len(was)
				move(t, s, to, p)
				for file, doc := range was {
					got, err := os.ReadFile(s.File(file))
					if err != nil {
						t.Fatal(err)
					}
					if string(got) != doc {
						t.Errorf("%s moved to %s and back: %s is not as it was: %s", p, to, file, difference(doc, string(got)))
					}
				}
			}
		})
	}
	t.Logf("%d files moved and moved back, %d files edited with them", moved, edited)
	if edited == 0 {
		t.Error("nothing was edited")
	}
}

// difference is the first line that two texts do not share.
func difference(a, b string) string {
	was, is := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return fmt.Sprintf("%q, not %q", is[i], was[i])
		}
	}
	return "its end"
}

func problemsOf(s *State) (n int) {
	for _, f := range s.AllFacts() {
		n += len(s.Problems(f.Path))
	}
	return n
}

// movable is a sample of files that pages name, two or three of each kind.
func movable(s *State) []site.Path {
	random := rand.New(rand.NewPCG(2, 7))
	used := map[site.Kind][]site.Path{}
	seen := map[site.Path]bool{}
	for _, f := range s.AllFacts() {
		for _, n := range f.Names {
			p := site.Path(n.Text)
			if target := s.Target(n); target != nil {
				p = target.Path
			}
			if n.Uses && n.Kind >= site.Post && n.Form != site.InMath && s.Has(p) && !seen[p] {
				seen[p] = true
				used[n.Kind] = append(used[n.Kind], p)
			}
		}
	}
	used[site.Macro] = s.Files(func(p site.Path) bool { return s.Config.Classify(string(p)).Kind == jekyll.Layout })
	var out []site.Path
	for _, kind := range []site.Kind{site.Post, site.Asset, site.Include, site.PageLink, site.Macro} {
		list := used[kind]
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		out = append(out, list[:min(len(list), 3)]...)
	}
	return out
}

// elsewhere is another name for a file: of an index, whose own name is not part
// of its address, another folder.
func elsewhere(p site.Path) site.Path {
	ext := path.Ext(string(p))
	if dir, name := path.Split(string(p)); strings.HasPrefix(name, "index.") && dir != "" {
		return site.Path(strings.TrimSuffix(dir, "/") + "-zq/" + name)
	}
	return site.Path(strings.TrimSuffix(string(p), ext) + "-zq" + ext)
}

// move moves a file with the edits that go with it, and returns what they
// changed, under the paths after a move back.
func move(t *testing.T, s *Site, old, new site.Path) map[site.Path]string {
	t.Helper()
	m := analysis.Move(s.Now().Snapshot, []analysis.FileMove{{Old: old, New: new}})
	s.Each(s.Now(), m.Pages(), m.Page)
	by := map[site.Path][]text.Edit{}
	for _, e := range m.Edits() {
		by[e.File] = append(by[e.File], e.Edit)
	}
	was := map[site.Path]string{}
	for file, list := range by {
		data, err := os.ReadFile(s.File(file))
		if err != nil {
			t.Fatal(err)
		}
		doc, ok := text.Apply(string(data), list)
		if !ok {
			t.Fatalf("%s: the edits overlap: %s", file, fmt.Sprint(list))
		}
		was[file] = string(data)
		if err := os.WriteFile(s.File(file), []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(s.File(new)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.File(old), s.File(new)); err != nil {
		t.Fatal(err)
	}
	s.Refresh()
	s.Wait()
	return was
}
