package workspace

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"scholium/analysis/mathjax"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
	"scholium/workspace/judge"
	"scholium/workspace/judge/nodejs"
)

// needBundles skips a test where MathJax is not part of the program, but not
// where all tests are to run.
func needBundles(t testing.TB) {
	t.Helper()
	if judge.Bundled() {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("MathJax is not bundled: make mathjax")
	}
	t.Skip("MathJax is not bundled: make mathjax")
}

// eachPost reads a site, and hands on each file that is a page of it.
func eachPost(t testing.TB, root string, do func(state *State, src *site.Source)) {
	t.Helper()
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	s := w.AddFolder(root)[0]
	s.Refresh()
	s.Wait()
	state := s.Now()
	for _, f := range state.AllFacts() {
		if data, err := os.ReadFile(s.File(f.Path)); err == nil {
			do(state, site.NewSource(f.Path, strings.ToValidUTF8(string(data), "\uFFFD")))
		}
	}
}

// ownFirst are the blogs, but under the race detector the example site alone:
// what these tests ask runs in one goroutine.
func ownFirst(t *testing.T) []string {
	t.Helper()
	roots := blogs(t)
	if testing.Short() {
		roots = roots[:1]
	}
	return roots
}

// pagesWithMath makes each page of a blog whose MathJax is known.
func pagesWithMath(t testing.TB, root string, do func(s *site.Snapshot, page *site.Page)) {
	t.Helper()
	eachPost(t, root, func(state *State, src *site.Source) {
		page := state.Make(src, nil)
		if page == nil || page.Tree == nil || len(page.Math) == 0 || page.Config == nil || page.Config.Unknown != "" {
			return
		}
		switch page.Config.Engine {
		case mathjax.MathJax2, mathjax.MathJax3, mathjax.MathJax4:
			do(state.Snapshot, page)
		}
	})
}

// TestJudgedPages holds the verdicts of the MathJax inside against MathJax in
// node that reads whole pages, word for word: pages of real blogs and of the
// example, as they are and with slips in their formulas. The judge
// is given only a formula and those before it that may define something.
func TestJudgedPages(t *testing.T) {
	needBundles(t)
	nodejs.Modules(t)
	random := rand.New(rand.NewPCG(7, 11))
	j := judge.New(2)
	defer j.Close()
	formulas, wrong, unknown, thrown, late := 0, 0, 0, 0, 0
	for _, root := range ownFirst(t) {
		var pages []*site.Page
		pagesWithMath(t, root, func(s *site.Snapshot, page *site.Page) {
			pages = append(pages, page)
			if p := s.Make(site.NewSource(page.Source.Path, withSlips(page, random)), nil); p != nil && p.Tree != nil && len(p.Math) > 0 {
				pages = append(pages, p)
			}
		})
		versions := map[string][]*site.Page{}
		for _, p := range pages {
			v := "3"
			if p.Config.Engine == mathjax.MathJax4 {
				v = "4"
			}
			versions[v] = append(versions[v], p)
		}
		for version, pages := range versions {
			var questions []nodejs.Page
			for _, p := range pages {
				q := nodejs.Page{Config: nodejs.TeX(p.Config, func(name string) bool { return tex.HasPackage(name, p.Config) })}
				for k := range p.Math {
					q.Formulas = append(q.Formulas, nodejs.Formula{TeX: p.Math[k].TeX, Display: p.Math[k].Display})
				}
				questions = append(questions, q)
			}
			for i, answer := range nodejs.Ask(t, version, questions) {
				p := pages[i]
				for k, want := range answer.Formulas {
					formulas++
					if !p.Math[k].Doubtful && len(want.Errors) == 0 && len(want.Undefined) == 0 {
						continue
					}
					name := filepath.Base(root) + "/" + string(p.Source.Path) + ": " + p.Math[k].TeX
					d := p.Doubt(k)
					v, err := Judge(context.Background(), j, &d)
					if errors.Is(err, context.Canceled) || errors.Is(err, judge.ErrNotBundled) {
						t.Fatal(err)
					}
					if err != nil { // a slow machine: MathJax is given a second
						t.Logf("%s: %v", name, err)
						late++
						continue
					}
					if len(want.Errors) > 0 {
						wrong++
						switch id := want.Errors[0].ID; {
						case id == "Thrown":
							thrown++
							continue
						case strings.HasPrefix(want.Errors[0].Message, "Label '"): // its page knows which labels are taken, the judge need not
							continue
						case len(v.Errors) != 1 || v.Errors[0].ID != id || v.Errors[0].Message != want.Errors[0].Message:
							t.Errorf("%s: %v, MathJax in node says %v", name, v.Errors, want.Errors)
						}
						continue
					}
					var got []string
					for _, u := range v.Unknown {
						got = append(got, strings.TrimPrefix(u.Message, `\`))
					}
					slices.Sort(got)
					slices.Sort(want.Undefined)
					if len(want.Undefined) > 0 {
						unknown++
					}
					if len(v.Errors) > 0 || !slices.Equal(slices.Compact(got), slices.Compact(want.Undefined)) {
						t.Errorf("%s: %v %v, MathJax in node says %v", name, v.Errors, got, want)
					}
				}
			}
		}
	}
	t.Logf("%d formulas, %d error boxes (%d of them thrown), %d with unknown commands", formulas, wrong, thrown, unknown)
	if wrong == 0 || unknown == 0 || os.Getenv("SCHOLIUM_CORPUS") != "" && !testing.Short() && wrong < 200 {
		t.Error("hardly any of them err")
	}
	if (thrown+late)*50 > wrong && !testing.Short() {
		t.Error("too many could not be compared")
	}
}

// slips are what hands put into formulas by mistake.
var slips = []string{"^a^b ", "&", `\frac `, `\right) `, `\left. `, `\limits `, `\sqrt[ `, `\mathbb`, `\nosuch `, `\tag{1}\tag{2}`, `\over a\over `, `\hskip a `, "'^2'"}

// withSlips takes a letter from each of some formulas of a page, or puts in a few.
func withSlips(page *site.Page, random *rand.Rand) string {
	var edits []text.Edit
	for _, i := range random.Perm(len(page.Math))[:min(len(page.Math), 8)] {
		inner := page.FromFlow(page.Math[i].Inner)
		if inner.File != page.Source.Path || inner.Span.Len() < 2 {
			continue
		}
		written := inner.Span.Of(page.Source.Text)
		// What kramdown or the search for formulas would stumble upon makes another page, not another formula.
		var places []int
		for at := range len(written) {
			if strings.IndexByte(`\{}^_&abcdefghijklmnopqrstuvwxyz`, written[at]) >= 0 && !strings.Contains(written, "%}") {
				places = append(places, at)
			}
		}
		if len(places) == 0 {
			continue
		}
		at := inner.Span.Start + places[random.IntN(len(places))]
		if random.IntN(2) == 0 {
			edits = append(edits, text.Edit{Span: text.Span{Start: at, End: at + 1}})
			continue
		}
		edits = append(edits, text.Edit{Span: text.Span{Start: at, End: at}, New: slips[random.IntN(len(slips))]})
	}
	slices.SortFunc(edits, func(a, b text.Edit) int { return a.Span.Start - b.Span.Start })
	doc, ok := text.Apply(page.Source.Text, edits)
	if !ok {
		return page.Source.Text
	}
	return doc
}

// BenchmarkJudge measures formulas of real blogs behind their definitions, none
// of which was asked about before, in milliseconds: checked, drawn, and a
// picture that is there already.
func BenchmarkJudge(b *testing.B) {
	needBundles(b)
	root := os.Getenv("SCHOLIUM_CORPUS")
	if root == "" {
		b.Skip("SCHOLIUM_CORPUS names no folder of blogs")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		b.Fatal(err)
	}
	var doubts []site.Doubt
	for _, e := range entries {
		if e.IsDir() {
			pagesWithMath(b, filepath.Join(root, e.Name()), func(_ *site.Snapshot, page *site.Page) {
				for i := 0; i < len(page.Math); i += 1 + len(page.Math)/6 { // some of each page
					doubts = append(doubts, page.Doubt(i))
				}
			})
		}
	}
	b.Run("check", func(b *testing.B) {
		j := judge.New(1)
		defer j.Close()
		var times []time.Duration
		for i := 0; b.Loop(); i++ {
			d := &doubts[i%len(doubts)]
			begin := time.Now()
			if _, err := Judge(context.Background(), j, d); err != nil {
				b.Fatalf("%s: %v", d.TeX, err)
			}
			if i > 0 { // the first starts the engine
				times = append(times, time.Since(begin))
			}
		}
		quantiles(b, times)
	})
	b.Run("draw", func(b *testing.B) {
		w := New(nil, rules.Checker(), nil)
		defer w.Stop()
		w.UseJudge(judge.New(1))
		var times, again []time.Duration
		first := time.Duration(0)
		for i := 0; b.Loop(); i++ {
			d := doubts[i%len(doubts)]
			d.Key = uint64(i) // seen again, it would be there
			begin := time.Now()
			w.Picture(context.Background(), &d, 1, nil, judge.Legible)
			spent := time.Since(begin)
			if i == 0 {
				first = spent
				continue
			}
			times = append(times, spent)
			begin = time.Now()
			w.Picture(context.Background(), &d, 1, nil, judge.Legible)
			again = append(again, time.Since(begin))
		}
		quantiles(b, times)
		b.ReportMetric(first.Seconds()*1000, "ms/first")
		if len(again) > 0 {
			slices.Sort(again)
			b.ReportMetric(again[len(again)*95/100].Seconds()*1000, "ms/cached-p95")
		}
	})
}

// quantiles reports the median and the 95th percentile in milliseconds.
func quantiles(b *testing.B, times []time.Duration) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2].Seconds()*1000, "ms/median")
	b.ReportMetric(times[len(times)*95/100].Seconds()*1000, "ms/p95")
}
