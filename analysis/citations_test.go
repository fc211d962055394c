package analysis_test

import (
	"fmt"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/site"
)

// TestWorks holds the outline of a BibTeX file against its text.
func TestWorks(t *testing.T) {
	doc := "---\n---\n@book{cover2006,\n  author = {Cover, Thomas and Thomas, Joy},\n  title = {Elements 𝔼},\n}\n@misc{ title = {No key} }\n@article{open, title = {x\n"
	var got []string
	for _, s := range analysis.Works(site.NewSource("_bibliography/a.bib", doc)) {
		if !s.Span.Covers(s.Select) {
			t.Errorf("%s: %v outside %v", s.Name, s.Select, s.Span)
		}
		got = append(got, fmt.Sprintf("%s %q %q", s.Name, s.Detail, s.Select.Of(doc)))
	}
	want := []string{`cover2006 "Cover and Thomas. Elements 𝔼" "cover2006"`, `@misc "No key" "@misc{ title = {No key} }"`, `open "x" "open"`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if list := analysis.Works(site.NewSource("a.md", doc)); list != nil {
		t.Errorf("a post has works: %v", list)
	}
}
