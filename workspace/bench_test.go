package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// generate writes a site of n posts of about size bytes each, as people write
// them: prose, formulas, labels, footnotes, figures.
func generate(tb testing.TB, dir string, n, size int) {
	tb.Helper()
	put := func(name, doc string) {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	put("_config.yml", "title: Generated\nurl: https://example.org\n")
	put("_layouts/post.html", "<html><head>{% include mathjax.html %}<title>{{ page.title | escape }}</title></head><body><h1>{{ page.title }}</h1>{{ content }}</body></html>\n")
	put("_includes/mathjax.html", "<script>MathJax = { tex: { inlineMath: [['$', '$']], tags: 'ams', macros: { R: '\\\\mathbb{R}' } } };</script>\n"+
		"<script src=\"https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js\"></script>\n")
	put("_includes/figure.html", "<img src=\"/assets/{{ include.src }}\" id=\"figure-{{ include.ref }}\">\n")
	put("assets/plot.svg", "<svg/>")
	for i := range n {
		put(fmt.Sprintf("_posts/20%02d-%02d-%02d-post-%d.md", i%25, i%12+1, i%28+1, i), post(i, size))
	}
}

func post(i, size int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nlayout: post\ntitle: \"Post %d\"\ntags: [a, b%d]\n---\n\n", i, i%7)
	prose := strings.Repeat("We take the *usual* route and don't prove more than is **needed**: the integral of $f$ over $[0, 1]$ is what it is -- see `code`, "+
		"a [link](https://example.org/a_b), and the discussion (it is long) at the end of the part on $\\sigma$-algebras.\n", 9)
	for k := 0; b.Len() < size; k++ {
		fmt.Fprintf(&b, "## Section %d of %d\n\nLet $x_%d \\in \\R^{d}$ be a *random* variable with density $p(x) = \\frac{1}{Z} e^{-E(x)}$, "+
			"as in [the figure](#figure-f%d) and in \\eqref{eq:%d}. We don't assume more[^n%d] than **that** -- see `code` and the rest.\n\n", k, i, k, k, k, k)
		fmt.Fprintf(&b, "\\begin{equation}\\label{eq:%d}\n  \\log p(x) \\ge \\mathbb{E}_{q} \\left[ \\log \\frac{p(x, z)}{q(z)} \\right]\n\\end{equation}\n\n", k)
		fmt.Fprintf(&b, "$$\n\\begin{aligned}\n a &= \\sum_{i=1}^{n} \\alpha_i x_i \\\\\n b &= \\int_0^1 f(t)\\, dt\n\\end{aligned}\n$$\n\n")
		b.WriteString(prose + "\n")
		fmt.Fprintf(&b, "- one item with $y_{%d}$\n- another, which goes on for a while so that the line has the length that lines have\n\n", k)
		fmt.Fprintf(&b, "{%% include figure.html src=\"plot.svg\" ref=\"f%d\" %%}\n\n[^n%d]: A note about $z_%d$ and its kin.\n\n", k, k, k)
	}
	return b.String()
}

// openOne writes a post of 26 KB into a generated site, and opens it.
func openOne(b *testing.B, dir string) (*Workspace, *Site, site.Path, string) {
	b.Helper()
	file := filepath.Join(dir, "_posts/2030-01-01-open.md")
	doc := post(1, 26_000)
	if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
		b.Fatal(err)
	}
	w := New(nil, rules.Checker(), nil)
	w.Open(file, 0, doc)
	s, p := w.Site(file)
	s.Wait()
	return w, s, p, doc
}

// generated measures sites of 500 and of 10,000 posts, n of them in dir.
func generated(b *testing.B, measure func(b *testing.B, dir string, n int)) {
	b.Helper()
	for _, n := range []int{500, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 1000 && testing.Short() {
				b.Skip("a large site")
			}
			dir := b.TempDir()
			generate(b, dir, n, 10_000)
			measure(b, dir, n)
		})
	}
}

// BenchmarkKeystroke measures from a changed buffer to the problems of its post:
// a post of 26 KB in sites of 500 and of 10,000 posts.
func BenchmarkKeystroke(b *testing.B) {
	generated(b, func(b *testing.B, dir string, n int) {
		w, s, p, doc := openOne(b, dir)
		defer w.Stop()
		file := s.File(p)
		at := strings.Index(doc, "random")
		var times []time.Duration
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			start := time.Now()
			i++
			w.Change(file, int32(i), func(doc string) string { return doc[:at] + string(rune('a'+i%26)) + doc[at+1:] })
			state := s.Now()
			if problems := analysis.Problems(state.Snapshot, state.Settings, p); len(problems) != 0 {
				b.Fatal(problems)
			}
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "p95-µs")
	})
}

// BenchmarkOpenSite measures reading a site cold: until templates are read and
// an open post has its problems, and until every page has its facts.
func BenchmarkOpenSite(b *testing.B) {
	generated(b, func(b *testing.B, dir string, n int) {
		for b.Loop() {
			start := time.Now()
			w := New(nil, rules.Checker(), nil)
			s := w.AddFolder(dir)[0]
			s.Refresh()
			if err := s.WaitReady(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(time.Since(start).Milliseconds()), "ready-ms")
			s.Wait()
			if got := len(s.Now().AllFacts()); got != n {
				b.Fatalf("%d pages", got)
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
			w.Stop()
		}
	})
}

// BenchmarkNames measures references and renames in a site of 10,000 posts, of
// which thirty link to a heading of the open one: with the closed pages that
// they need read from disk.
func BenchmarkNames(b *testing.B) {
	if testing.Short() {
		b.Skip("a large site")
	}
	dir := b.TempDir()
	generate(b, dir, 10_000, 10_000)
	for i := range 30 {
		doc := "---\nlayout: post\n---\nSee [there](/2030/01/01/open.html#section-0-of-1).\n\n" + post(i, 8000)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("_posts/2031-01-01-link-%d.md", i)), []byte(doc), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	w, s, p, doc := openOne(b, dir)
	defer w.Stop()
	now := s.Now()
	for _, x := range []struct {
		name, at string
		by       int
		ask      func(*State, int) (places int, need []site.Path)
	}{
		{"references-label", `\label{eq:0}`, 8, references(p)}, {"references-anchor", "## Section 0", 4, references(p)}, {"references-site-macro", `\R^`, 1, references(p)},
		{"rename-site-macro", `\R^`, 1, rename(p, "Reals")}, {"rename-label", `\label{eq:0}`, 8, rename(p, "eq:new")}, {"rename-anchor", "## Section 0", 4, rename(p, "new")},
	} {
		b.Run(x.name, func(b *testing.B) {
			at := strings.Index(doc, x.at) + x.by
			b.ReportAllocs()
			places := 0
			for b.Loop() {
				state := now
				for {
					n, need := x.ask(state, at)
					if places = n; len(need) == 0 {
						break
					}
					state = s.Whole(state, need)
				}
			}
			b.ReportMetric(float64(places), "places")
		})
	}
}

func references(p site.Path) func(*State, int) (int, []site.Path) {
	return func(s *State, at int) (int, []site.Path) {
		places, need := analysis.References(s.At(p, at), true)
		return len(places), need
	}
}

func rename(p site.Path, to string) func(*State, int) (int, []site.Path) {
	return func(s *State, at int) (int, []site.Path) {
		r := analysis.Rename(s.At(p, at), to)
		if r.Refusal != "" {
			panic(r.Refusal)
		}
		return len(r.Edits), r.Needs
	}
}

// BenchmarkSearch measures workspace symbols over sites of 500 and of 10,000
// posts.
func BenchmarkSearch(b *testing.B) {
	generated(b, func(b *testing.B, dir string, n int) {
		w := New(nil, rules.Checker(), nil)
		defer w.Stop()
		s := w.AddFolder(dir)[0]
		s.Refresh()
		s.Wait()
		for _, query := range []string{"", "e", "section 3", "eq:1", "nothing here"} {
			b.Run(query, func(b *testing.B) {
				for b.Loop() {
					if got := analysis.Search(s.Now().Snapshot, query); len(got) == 0 && query != "nothing here" {
						b.Fatal("nothing found")
					}
				}
			})
		}
	})
}

// BenchmarkQuestions measures what an editor asks about a post of 26 KB after
// each edit, without the wire.
func BenchmarkQuestions(b *testing.B) {
	dir := b.TempDir()
	generate(b, dir, 500, 10_000)
	w, s, p, doc := openOne(b, dir)
	defer w.Stop()
	snap := s.Now().Snapshot
	page := snap.Page(p)
	all := text.Span{Start: 0, End: len(doc)}
	at := strings.Index(doc, `\mathbb{E}_{q}`) + 9
	for name, ask := range map[string]func() int{
		"outline":   func() int { return len(analysis.Outline(page)) },
		"folds":     func() int { return len(analysis.Folds(page, page.Source)) },
		"links":     func() int { return len(analysis.Links(snap, page)) },
		"tokens":    func() int { return len(analysis.Tokens(page, page.Source, all)) },
		"hints":     func() int { return len(analysis.Hints(page, all)) },
		"selection": func() int { return len(analysis.Select(snap.At(p, at))) },
		"actions":   func() int { return len(analysis.Actions(snap, page, text.Span{Start: at, End: at})) },
		"hover": func() int {
			h, _, _ := analysis.Hover(snap.At(p, at))
			return len(h.Text(analysis.Look{}))
		},
		"hover-key": func() int {
			h, _, _ := analysis.Hover(snap.At(p, strings.Index(doc, "title:")))
			return len(h.Text(analysis.Look{}))
		},
		"definition": func() int { return len(analysis.Definition(snap.At(p, strings.Index(doc, `\eqref{`)+8))) },
		"commands":   func() int { return len(analysis.Complete(snap.At(p, at-7))) },
	} {
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if ask() == 0 {
					b.Fatal("nothing")
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "p95-µs")
		})
	}
}
