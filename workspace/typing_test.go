package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
)

// TestTyping types posts without a mistake from the first letter to the last.
// At each letter every problem lies in the block that is being typed, or is true
// of the page as it stands: what it refers to has not been written yet.
func TestTyping(t *testing.T) {
	dir, err := filepath.Abs("../testdata/sites/example")
	if err != nil {
		t.Fatal(err)
	}
	posts := map[string]string{}
	data, err := os.ReadFile(filepath.Join(dir, "_posts/2024-03-01-evidence.md"))
	if err != nil {
		t.Fatal(err)
	}
	posts["_posts/2024-03-01-evidence.md"] = string(data)
	if corpus := os.Getenv("SCHOLIUM_CORPUS"); corpus != "" {
		full := filepath.Join(corpus, "mlg-blog.github.io/_posts/2024-01-19-flow-matching.md")
		if data, err = os.ReadFile(full); err != nil {
			t.Fatal(err)
		}
		posts[full] = string(data)
	}
	asItStands := map[string]bool{
		"undefined-label": true, "unnumbered-label": true, "undefined-footnote": true, "unused-footnote": true, "unused-macro": true, "broken-anchor": true, "undefined-link-reference": true, "front-matter": true,
	}
	for name, doc := range posts {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, name)
		}
		w := New(nil, rules.Checker(), nil)
		w.Open(file, 0, "")
		s, p := w.Site(file)
		s.Wait()
		typed := 0
		for end := 1; end <= len(doc); end++ {
			if end < len(doc) && doc[end]&0xC0 == 0x80 {
				continue // within a character
			}
			w.Change(file, int32(end), func(string) string { return doc[:end] })
			state := s.Now()
			block := strings.LastIndex(strings.TrimRight(doc[:end], "\n"), "\n\n")
			typed++
			for _, problem := range analysis.Problems(state.Snapshot, state.Settings, p) {
				if !asItStands[problem.Code] && problem.At.Span.End < block {
					t.Errorf("%s, after %q: %s at %q", filepath.Base(name), tail(doc[:end]), problem.Code, problem.At.Span.Of(doc))
				}
			}
			if t.Failed() {
				break
			}
		}
		state := s.Now()
		if left := analysis.Problems(state.Snapshot, state.Settings, p); len(left) > 0 {
			t.Errorf("%s, typed: %v", filepath.Base(name), left)
		}
		w.Stop()
		t.Logf("%s: %d letters typed", filepath.Base(name), typed)
	}
}

func tail(s string) string { return s[max(0, len(s)-40):] }
