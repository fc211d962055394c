package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLineChanges makes new texts of old ones by the changes that are found.
func TestLineChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
		old, new := lines.Draw(t, "old"), lines.Draw(t, "new")
		var made []string
		at, gone, come := 0, 0, 0
		for _, c := range lineChanges(old, new) {
			if c.old.start < at || c.old.start == c.old.end && c.new.start == c.new.end {
				t.Fatalf("changes %v", lineChanges(old, new))
			}
			made = append(append(made, old[at:c.old.start]...), new[c.new.start:c.new.end]...)
			at, gone, come = c.old.end, gone+c.old.end-c.old.start, come+c.new.end-c.new.start
		}
		made = append(made, old[at:]...)
		if !slices.Equal(made, new) {
			t.Fatalf("%q to %q makes %q", old, new, made)
		}
		if kept := common(old, new); gone != len(old)-kept || come != len(new)-kept {
			t.Fatalf("%q to %q: %d lines less and %d more, though %d are common", old, new, gone, come, kept)
		}
	})
}

// common is how many lines two texts have in common, in order.
func common(a, b []string) int {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			if a[i] == b[j] {
				best[i+1][j+1] = best[i][j] + 1
			} else {
				best[i+1][j+1] = max(best[i][j+1], best[i+1][j])
			}
		}
	}
	return best[len(a)][len(b)]
}

// TestUnified has git apply diffs of files with odd names and line ends.
func TestUnified(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("line\r\n", 40)
	for _, c := range []struct{ name, old, new string }{
		{"plain.md", "a\nb\nc\n", "a\nx\nc\n"}, {"no end.md", "a\nb", "a\nc"}, {"end comes", "a", "a\n"}, {"end goes", "a\n", "a"},
		{"crlf\ttab.md", long + "x\r\n" + long + "y\r\n", "first\r\n" + long + "x!\r\n" + long + "y!\r\n"}, {"lone\\ \"quote\" 𝔼é.md", "a\rb\n\n\n", "a\rc\n\n\n"},
		{"sub/emptied", "a\nb\n", ""},
	} {
		file := filepath.Join(dir, filepath.FromSlash(c.name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(c.old), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("git", "-C", dir, "-c", "core.autocrlf=false", "apply")
		cmd.Stdin = strings.NewReader(unified(c.name, c.old, c.new))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%q: %v %s\n%s", c.name, err, out, unified(c.name, c.old, c.new))
			continue
		}
		if got, err := os.ReadFile(file); string(got) != c.new || err != nil {
			t.Errorf("%q is %q, not %q, %v", c.name, got, c.new, err)
		}
	}
	if unified("a", "same", "same") != "" {
		t.Error("there is a diff of nothing")
	}
}

// TestChangedLines: what differs in line ends only is not changed, and beyond the
// bound everything between is.
func TestChangedLines(t *testing.T) {
	if got := changedLines("a\r\nb\r\nc\r\n", "a\nB\nc\nd\n"); !slices.Equal(got, []bool{false, true, false, true, false}) {
		t.Errorf("changed: %v", got)
	}
	old, new := strings.Repeat("a\nb\n", 2000), strings.Repeat("x\nb\n", 2000)
	if got := changedLines("same\n"+old, "same\n"+new); got[0] || !got[1] || !got[3999] || got[4001] {
		t.Errorf("changed: %v %v %v %v", got[0], got[1], got[3999], got[4001])
	}
}
