package workspace

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestMend breaks pages of real blogs and of the example site in many ways, and
// mends them: what is mended must be gone, nothing may have come, and the HTML
// may differ only where something was edited. It is judged here from pages made
// from nothing, not as Mend itself does.
func TestMend(t *testing.T) {
	t.Parallel()
	seed := uint64(20261123)
	random := rand.New(rand.NewPCG(seed, 1))
	per := 6
	if testing.Short() {
		per = 2
	}
	counts := map[string]int{}
	for _, root := range ownFirst(t) {
		eachPost(t, root, func(state *State, src *site.Source) {
			mendMutant(t, state, src, counts) // as it was published
			page := state.Make(src, nil)
			if page == nil || page.Tree == nil {
				return
			}
			for range per {
				if e, ok := damage(random, page); ok {
					doc, _ := text.Apply(src.Text, []text.Edit{e})
					mendMutant(t, state, site.NewSource(src.Path, doc), counts)
				}
			}
		})
	}
	t.Logf("seed %d: %v", seed, counts)
	for _, code := range []string{"undefined-label", "undefined-footnote", "undefined-command"} {
		if counts[code] == 0 {
			t.Errorf("no %s was mended", code)
		}
	}
	if counts["(html compared)"] == 0 {
		t.Error("no HTML was compared")
	}
}

// damage breaks something of a page: a name is misspelt, a backslash lost, an
// escape taken away.
func damage(random *rand.Rand, p *site.Page) (text.Edit, bool) {
	double := func(span text.Span) text.Edit { // a letter twice
		at := span.Start + random.IntN(span.Len()) + 1
		for at < span.End && p.Source.Text[at]&0xC0 == 0x80 {
			at++
		}
		letter := p.Source.Text[at-1 : at]
		if letter[0] >= 0x80 {
			letter = "x"
		}
		return text.Edit{Span: text.Span{Start: at, End: at}, New: letter}
	}
	own := func(o site.Origin) bool { return o.Exact && o.File == p.Source.Path && !o.Span.Empty() }
	var spans []text.Span
	switch random.IntN(4) {
	case 0: // a name that is used
		for _, n := range p.Facts.Names {
			if n.Uses && own(n.At) && (n.Kind == site.Label || n.Kind == site.Footnote || n.Kind == site.Anchor || n.Kind == site.Asset) {
				spans = append(spans, n.At.Span)
			}
		}
		if len(spans) == 0 {
			return text.Edit{}, false
		}
		span := spans[random.IntN(len(spans))]
		if random.IntN(2) == 0 {
			return double(span), true
		}
		return text.Edit{Span: span, New: strings.ToUpper(span.Of(p.Source.Text))}, true
	case 1: // a command
		for i := range p.Math {
			for _, u := range p.Math[i].Uses {
				if at := p.InMath(&p.Math[i], u.Span); own(at) && at.Span.Len() > 2 {
					spans = append(spans, text.Span{Start: at.Span.Start + 1, End: at.Span.End})
				}
			}
		}
		if len(spans) == 0 {
			return text.Edit{}, false
		}
		return double(spans[random.IntN(len(spans))]), true
	}
	// A backslash in or about a formula, one or both of two.
	for i := range p.Math {
		if at := p.FromFlow(p.Math[i].Flow); at.File == p.Source.Path {
			for _, m := range backslash.FindAllStringIndex(at.Span.Of(p.Source.Text), -1) {
				spans = append(spans, text.Span{Start: at.Span.Start + m[0], End: at.Span.Start + m[0] + 1})
			}
		}
	}
	if len(spans) == 0 {
		return text.Edit{}, false
	}
	return text.Edit{Span: spans[random.IntN(len(spans))]}, true
}

var backslash = regexp.MustCompile(`\\[\\_*{}|,;!:]`)

func mendMutant(t *testing.T, state *State, src *site.Source, counts map[string]int) {
	t.Helper()
	before, page, ok := alone(state, src)
	if !ok {
		return
	}
	m := analysis.Mend(state.Snapshot, state.Settings, src, func(*site.Problem) bool { return true }, nil)
	counts["(pages)"]++
	if len(m.Mended) == 0 {
		return
	}
	if doc, ok := text.Apply(src.Text, m.Edits); !ok || doc != m.Source.Text {
		t.Errorf("%s: the edits do not make what was tried", src.Path)
	}
	after, mended, _ := alone(state, m.Source)
	type said struct{ code, words string }
	had, codes := map[said]bool{}, map[string]int{}
	for _, p := range before.Problems(src.Path) {
		had[said{p.Code, p.Message}], had[said{p.Code, p.At.Span.Of(src.Text)}] = true, true
		codes[p.Code]++
	}
	for _, p := range after.Problems(src.Path) {
		if !had[said{p.Code, p.Message}] && !had[said{p.Code, p.At.Span.Of(m.Source.Text)}] {
			t.Errorf("%s: mending brings %s: %s", src.Path, p.Code, p.Message)
		}
		if codes[p.Code]--; codes[p.Code] < 0 {
			t.Errorf("%s: mending brings one more %s", src.Path, p.Code)
		}
	}
	for _, p := range after.Since(before) {
		if p != src.Path && len(after.Problems(p)) > len(before.Problems(p)) {
			t.Errorf("%s: mending brings a problem of %s", src.Path, p)
		}
	}
	for _, p := range m.Mended {
		counts[p.Code]++
		if codes[p.Code]--; codes[p.Code] < 0 {
			t.Errorf("%s: %s is not mended: %s", src.Path, p.Code, p.Message)
		}
	}
	checkHTML(t, page, mended, m.Edits, counts)
}

// alone is the site with another text of a page, which is made from nothing.
func alone(state *State, src *site.Source) (*site.Snapshot, *site.Page, bool) {
	page := state.Make(src, nil)
	if page == nil {
		return nil, nil, false
	}
	b := state.Build()
	b.Page(page, true)
	return b.Done(), page, true
}

// checkHTML looks for what differs in the HTML of two pages outside the blocks
// that were edited. Footnotes are numbered through, and printed at the end.
func checkHTML(t *testing.T, before, after *site.Page, edits []text.Edit, counts map[string]int) {
	t.Helper()
	if before.Tree == nil || after.Tree == nil {
		return
	}
	old, pieces := before.Tree.HTMLPieces()
	new, _ := after.Tree.HTMLPieces()
	if strings.Contains(old+new, `class="footnotes"`) {
		// Which of them are there is what the fix of a marker is about.
		if a, b := footnote.ReplaceAllString(old, ""), footnote.ReplaceAllString(new, ""); a == b {
			return
		}
		if strings.Count(old, `rel="footnote"`) != strings.Count(new, `rel="footnote"`) {
			return
		}
	}
	head := 0
	for head < min(len(old), len(new)) && old[head] == new[head] {
		head++
	}
	tail := 0
	for tail < min(len(old), len(new))-head && old[len(old)-1-tail] == new[len(new)-1-tail] {
		tail++
	}
	var allowed text.Span // the blocks from the first that was edited to the last
	first, inside := true, map[text.Edit]bool{}
	for _, n := range before.Tree.Root.Children {
		at := before.FromTree(n.Span)
		if at.File != before.Source.Path {
			continue
		}
		for _, e := range edits {
			if e.Start <= at.Span.End && at.Span.Start <= e.End {
				inside[e] = true
				if first {
					allowed, first = at.Span, false
				}
				allowed = text.Union(allowed, at.Span)
			}
		}
	}
	if first || len(inside) < len(edits) || head+tail >= len(old) {
		return // in front matter or the parameter of an include, or nothing of the HTML was taken away
	}
	counts["(html compared)"]++
	for _, piece := range pieces.In(text.Span{Start: head, End: len(old) - tail}) {
		at := before.FromTree(piece.Src)
		if at.File == before.Source.Path && !at.Span.Empty() && !allowed.Covers(at.Span) {
			t.Errorf("%s: mending at %v changes the HTML at %v:\n%.200q\n%.200q", before.Source.Path, edits, at.Span, old[head:len(old)-tail], new[head:len(new)-tail])
			return
		}
	}
}

var footnote = regexp.MustCompile(`(?s)<sup id="fnref.*?</sup>|\[\^[^\]]*\]|<div class="footnotes".*`)

// TestMendSite mends a copy of each blog as check --fix does, and proofreads
// what is on disk then.
func TestMendSite(t *testing.T) {
	t.Parallel()
	files, gone := 0, 0
	for _, root := range blogs(t) {
		dir := filepath.Join(t.TempDir(), "blog")
		if err := os.CopyFS(dir, os.DirFS(root)); err != nil {
			t.Fatal(err)
		}
		all := func(*site.Problem) bool { return true }
		w := New(nil, rules.Checker(), nil)
		s := w.AddFolder(dir)[0]
		s.Refresh()
		s.Wait()
		state := s.Now()
		list, next := s.Mend(context.Background(), state, func(site.Path) bool { return true }, all, nil)
		for i := range list {
			files, gone = files+1, gone+list[i].Gone
			if err := s.Write(&list[i]); err != nil {
				t.Error(err)
			}
		}
		w.Stop()
		w = New(nil, rules.Checker(), nil)
		s = w.AddFolder(dir)[0]
		s.Refresh()
		s.Wait()
		now := s.Now()
		for _, f := range now.AllFacts() {
			want, got := next.Problems(f.Path), now.Problems(f.Path)
			if len(want) != len(got) {
				t.Errorf("%s: %d problems on disk, foretold were %d, before there were %d", f.Path, len(got), len(want), len(state.Problems(f.Path)))
			}
		}
		if again, _ := s.Mend(context.Background(), now, func(site.Path) bool { return true }, all, nil); len(again) > 0 {
			t.Errorf("%s: %d files can be mended once more", filepath.Base(root), len(again))
		}
		w.Stop()
	}
	t.Logf("%d problems mended in %d files", gone, files)
	if gone == 0 {
		t.Error("nothing was mended")
	}
}
