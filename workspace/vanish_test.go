package workspace

import (
	"fmt"
	"os"
	"path/filepath"
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
