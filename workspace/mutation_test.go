package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestMutations breaks one name at a time in every page of real blogs, and of
// the example site: exactly that must be reported, at its place, and nothing
// else may change. Published pages hardly err, so silence alone proves nothing.
func TestMutations(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, root := range blogs(t) {
		eachPost(t, root, func(state *State, src *site.Source) { mutatePage(t, state.Snapshot, src, counts) })
	}
	t.Logf("mutations: %v", counts)
	for _, code := range []string{"undefined-label", "undefined-footnote", "broken-anchor", "undefined-command"} {
		if counts[code] == 0 {
			t.Errorf("no mutation made %s", code)
		}
	}
}

// perPage bounds the mutations of one kind on one page.
const perPage = 6

func mutatePage(t *testing.T, s *site.Snapshot, src *site.Source, counts map[string]int) {
	page := s.Make(src, nil)
	if page == nil || page.Tree == nil {
		return
	}
	before := map[string]int{}
	for _, p := range page.Facts.Problems {
		before[p.Code]++
	}
	made := map[string]int{}
	try := func(code string, at site.Origin, needs site.Kind, rest ...string) {
		if at.File != src.Path || !at.Exact || at.Span.Empty() || made[code] >= perPage || page.Facts.Knows(needs) == site.Uncertain {
			return
		}
		made[code]++
		counts[code]++
		doc, ok := text.Apply(src.Text, []text.Edit{{Span: text.Span{Start: at.Span.End, End: at.Span.End}, New: "zq"}})
		if !ok {
			t.Fatalf("%s: cannot edit %v", src.Path, at.Span)
		}
		mutant := s.Make(site.NewSource(src.Path, doc), page)
		after := map[string]int{}
		hit := false
		for _, p := range mutant.Facts.Problems {
			after[p.Code]++
			hit = hit || p.Code == code && p.At.File == src.Path && p.At.Span.Start <= at.Span.End && at.Span.Start <= p.At.Span.End+2
		}
		if !hit {
			t.Errorf("%s: %q made wrong is not reported as %s", src.Path, at.Span.Of(src.Text), code)
		}
		for other, n := range after {
			allowed := other == code
			for _, r := range rest {
				allowed = allowed || other == r
			}
			if n > before[other] && !allowed {
				t.Errorf("%s: %q made wrong is reported as %s too", src.Path, at.Span.Of(src.Text), other)
			}
		}
	}
	known := page.Config.Unknown == ""
	for _, n := range page.Facts.Names {
		if !n.Uses || n.Prefix+n.Suffix != "" {
			continue
		}
		switch {
		case n.Kind == site.Label && known && before["undefined-label"]+before["unnumbered-label"] == 0:
			try("undefined-label", n.At, site.Label)
		case n.Kind == site.Footnote && before["undefined-footnote"] == 0:
			try("undefined-footnote", n.At, site.Footnote, "unused-footnote")
		case n.Kind == site.Anchor && before["broken-anchor"] == 0:
			try("broken-anchor", n.At, site.Anchor)
		}
	}
	for i := range page.Math {
		f := &page.Math[i]
		if !known || f.Doubtful || f.Ref || len(f.Faults) > 0 {
			continue
		}
		for _, u := range f.Uses {
			if u.Environment || u.Own || u.Span.Len() < 4 || strings.Trim(u.Name, "abcdefghijklmnopqrstuvwxyz") != "" {
				continue
			}
			// What reads arguments by its name, or pairs with another, errs otherwise.
			switch u.Name {
			case "left", "right", "begin", "end", "label", "text", "newcommand", "require", "def", "middle", "operatorname", "mathrm", "tag",
				"textbf", "textit", "mbox", "limits", "hskip", "color", "over", "choose", "textrm", "texttt", "eqref", "newline", "notag", "nonumber":
				continue
			}
			try("undefined-command", page.InMath(f, u.Span), site.Macro)
			break
		}
	}
}

// TestProblemsElsewhere breaks what other files decide: images and includes.
func TestProblemsElsewhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "_posts/2024-03-01-evidence.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	w.Open(file, 1, string(data))
	s, p := w.Site(file)
	s.Wait()
	for _, x := range []struct{ old, new, code string }{
		{`src="bound.svg"`, `src="bond.svg"`, "missing-image"}, {"include figure.html", "include figur.html", "missing-include"}, {"", "", ""},
	} {
		w.Change(file, 2, func(string) string { return strings.Replace(string(data), x.old, x.new, 1) })
		state := s.Now()
		var codes []string
		for _, problem := range analysis.Problems(state.Snapshot, state.Settings, p) {
			codes = append(codes, problem.Code)
		}
		if got := strings.Join(codes, " "); got != x.code {
			t.Errorf("%s instead of %s: %q", x.new, x.old, got)
		}
	}
}
