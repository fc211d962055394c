package workspace

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"scholium/analysis/rules"
)

// TestEditsKeepMemory edits, opens, closes and renames files and changes the
// configuration, over and over: memory and goroutines are what they were. A
// hundred thousand times where SCHOLIUM_HOSTILE is set.
func TestEditsKeepMemory(t *testing.T) {
	rounds := 4000
	switch {
	case os.Getenv("SCHOLIUM_HOSTILE") != "":
		rounds = 100_000
	case testing.Short():
		rounds = 800
	}
	dir := t.TempDir()
	files := map[string]string{"_config.yml": "title: x\n", "_includes/a.html": "<p id=\"{{ include.id }}\">a</p>\n", "_layouts/default.html": "{{ content }}"}
	var posts []string
	for i := range 20 {
		name := fmt.Sprintf("_posts/2024-01-%02d-a.md", i+1)
		posts = append(posts, name)
		files[name] = fmt.Sprintf("---\ntitle: A%d\nlayout: default\n---\n# H%d\n\n$$\\label{x%d}𝔼$$\n\n$$\\eqref{x%d}$$ {%% include a.html id=\"i%d\" %%} [^n]\n\n[^n]: note\n", i, i, i, i+1, i)
	}
	write(t, dir, files)
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	s := w.AddFolder(dir)[0]
	s.Refresh()
	s.Wait()
	random := rand.New(rand.NewPCG(1, 2))
	full := func(name string) string { return filepath.Join(dir, name) }
	version := int32(0)
	open := map[string]bool{}
	edit := func(name string) {
		version++
		if !open[name] {
			w.Open(full(name), version, files[name])
			open[name] = true
		}
		letter := string(rune('a' + random.IntN(26)))
		w.Change(full(name), version, func(doc string) string { return strings.TrimRight(doc, "abcdefghijklmnopqrstuvwxyz\n") + "\n" + letter })
	}
	step := func(i int) {
		name := posts[random.IntN(len(posts))]
		switch k := random.IntN(100); {
		case k < 80:
			edit(name)
			s.Now()
		case k < 88:
			w.Close(full(name))
			delete(open, name)
		case k < 92:
			edit("_includes/a.html")
			s.Now()
		case k < 94:
			version++
			w.Open(full("_config.yml"), version, fmt.Sprintf("title: x%d\n", random.IntN(9)))
			s.Now()
			w.Close(full("_config.yml"))
		case k < 97:
			moved := strings.Replace(name, "-a.md", "-moved.md", 1)
			w.Close(full(name))
			delete(open, name)
			if os.Rename(full(name), full(moved)) != nil {
				t.Fatal("a file is not where it was put")
			}
			w.Touched([]string{full(name), full(moved)})
			s.Now()
			if os.Rename(full(moved), full(name)) != nil {
				t.Fatal("a file is not where it was put")
			}
			w.Touched([]string{full(name), full(moved)})
		default:
			w.Open(full("other/"+fmt.Sprint(i%7)+".md"), 1, "outside any folder of the site")
			w.Close(full("other/" + fmt.Sprint(i%7) + ".md"))
		}
		if i%100 == 0 {
			s.Wait()
		}
	}
	measure := func() (heap, goroutines int) {
		for name := range open {
			w.Close(full(name))
			delete(open, name)
		}
		s.Refresh()
		s.Wait()
		s.Now()
		for range 3 {
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc), runtime.NumGoroutine()
	}
	for i := range rounds / 4 {
		step(i)
	}
	heap, goroutines := measure()
	for i := range rounds {
		step(i)
	}
	heapAfter, goroutinesAfter := measure()
	t.Logf("%d edits: %d KB became %d KB, %d goroutines %d", rounds, heap>>10, heapAfter>>10, goroutines, goroutinesAfter)
	if heapAfter > heap+heap/20+512<<10 {
		t.Errorf("%d KB became %d KB", heap>>10, heapAfter>>10)
	}
	if goroutinesAfter > goroutines+1 {
		t.Errorf("%d goroutines became %d", goroutines, goroutinesAfter)
	}
}
