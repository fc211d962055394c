package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"scholium/analysis/rules"
)

// TestVanishing reads a site whose files are taken away and brought back, with
// the very times they had, while they are looked for and read. Whatever was
// missed then is known in the end.
func TestVanishing(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	names := map[string]string{}
	for name, docs := range orderFiles {
		names[name] = docs[0]
	}
	for i := range 40 {
		names[fmt.Sprintf("_posts/2024-02-01-p%d.md", i)] = fmt.Sprintf("---\nlayout: default\ntitle: P%d\n---\n# H\n\n{%% include f.html ref=\"%d\" %%} [x](#f-%d) [^n] [a](/2024/01/01/a.html#g)\n", i, i, i)
	}
	write(t, dir, names)
	stop, stopped := make(chan struct{}), make(chan int)
	go func() {
		moves := 0
		for {
			for _, name := range []string{"_posts", "_includes", "_layouts", "p.md", "a.png", "_config.yml", "_posts/2024-01-01-a.md"} {
				here, there := filepath.Join(dir, name), filepath.Join(away, filepath.Base(name))
				if err := os.Rename(here, there); err != nil {
					t.Error(err)
				}
				if err := os.Rename(there, here); err != nil {
					t.Error(err)
				}
				moves++
			}
			select {
			case <-stop:
				stopped <- moves
				return
			default:
			}
		}
	}()
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	s := w.AddFolder(dir)[0]
	missed, times := 0, 0
	for ; times < 60 || missed < 10 && times < 10_000; times++ {
		s.Refresh()
		s.Wait()
		for name := range names {
			if !s.Now().Has(s.Path(filepath.Join(dir, name))) {
				missed++
				break
			}
		}
	}
	close(stop)
	t.Logf("%d moves; of %d times %d missed a file", <-stopped, times, missed)
	if missed == 0 {
		t.Error("nothing ever vanished")
	}
	w.Touched([]string{filepath.Join(dir, "_config.yml")})
	s.Refresh()
	scratch := New(nil, rules.Checker(), nil)
	defer scratch.Stop()
	scratch.AddFolder(dir)[0].Refresh()
	if diff := cmp.Diff(shown(scratch, dir, nil), shown(w, dir, nil)); diff != "" {
		t.Fatalf("a site read once, and the same site read while files vanished:\n%s", diff)
	}
}

// TestRefusedOnce looks at a site again and again of which two files are never
// read: one is too large, one leads out of the site. They are left alone until
// they change.
func TestRefusedOnce(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	large := "---\ntitle: Large\n---\n" + strings.Repeat("$x$ ", maxFileSize/4)
	write(t, dir, map[string]string{"_config.yml": "", "a.md": "---\n---\n# A\n", "large.md": large, "_includes/large.html": large})
	write(t, elsewhere, map[string]string{"b.md": "---\n---\n# B\n"})
	if err := os.Symlink(filepath.Join(elsewhere, "b.md"), filepath.Join(dir, "b.md")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	var made atomic.Int64
	w := New(nil, rules.Checker(), func(e Event) {
		if e.Progress != nil {
			made.Add(int64(e.Progress.Total))
		}
	})
	defer w.Stop()
	s := w.AddFolder(dir)[0]
	s.Refresh()
	s.Wait()
	if made.Load() == 0 || s.Now().Facts("a.md") == nil {
		t.Fatal("the site was not read")
	}
	for _, refused := range []string{"large.md", "b.md"} {
		if !slices.Contains(s.Now().Notes, map[string]string{"large.md": tooLarge, "b.md": outside}[refused]+": "+refused) {
			t.Errorf("nothing says that %s is not read: %q", refused, s.Now().Notes)
		}
	}
	before := made.Load()
	s.Refresh()
	s.Wait()
	if again := made.Load() - before; again != 0 {
		t.Errorf("nothing changed, and %d pages were made again", again)
	}
	write(t, dir, map[string]string{"large.md": "---\n---\n# Small\n"})
	s.Refresh()
	s.Wait()
	if s.Now().Facts("large.md") == nil {
		t.Error("a file that was too large and is not any more is still not read")
	}
}
