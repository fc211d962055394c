package workspace

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"scholium/analysis"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestActions asks at seeded places of the example site and of real blogs what
// can be done there, does each, and makes the page from scratch: nothing else
// in its HTML has changed, MathJax gets the same TeX where that is promised, no
// problem has come, and what has a way back leads back.
func TestActions(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	var times []time.Duration
	for _, root := range ownFirst(t) {
		eachPost(t, root, func(state *State, src *site.Source) {
			page := state.Make(src, nil)
			if page == nil || page.Tree == nil {
				return
			}
			b := state.Build()
			b.Source(page.Source)
			b.Page(page, true)
			now := b.Done()
			for _, at := range actionPlaces(page) {
				start := time.Now()
				actions := analysis.Actions(now, page, text.Span{Start: at, End: at})
				times = append(times, time.Since(start))
				for _, a := range actions {
					kinds[actionKind(a.Title)]++
					holdAction(t, now, page, at, a)
				}
			}
		})
	}
	slices.Sort(times)
	t.Logf("asked at %d places: median %v, p95 %v, longest %v", len(times), times[len(times)/2], times[len(times)*95/100], times[len(times)-1])
	for _, kind := range slices.Sorted(func(yield func(string) bool) {
		for k := range kinds {
			if !yield(k) {
				return
			}
		}
	}) {
		t.Logf("%6d %s", kinds[kind], kind)
	}
	if len(kinds) < 4 || os.Getenv("SCHOLIUM_CORPUS") != "" && !testing.Short() && len(kinds) < 15 {
		t.Errorf("only %d kinds of actions", len(kinds))
	}
}

var ownWords = regexp.MustCompile(`\(\d+×\)|eq:\S+|the label \S+|label,? \S+|text says .*|include \S+|\[\^.*?\]`)

// actionKind is an action's title without the names in it.
func actionKind(title string) string { return ownWords.ReplaceAllString(title, "…") }

// actionPlaces are offsets of a page at which something may be offered, and some
// others: a few of each kind.
func actionPlaces(p *site.Page) []int {
	r := rand.New(rand.NewPCG(5, uint64(len(p.Source.Text))))
	var out []int
	some := func(list []int, n int) {
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		out = append(out, list[:min(n, len(list))]...)
	}
	var displays, inlines, others []int
	for i := range p.Math {
		o := p.FromFlow(p.Math[i].Flow)
		if o.File != p.Source.Path || o.Span.Empty() {
			continue
		}
		at := o.Span.Start + r.IntN(o.Span.Len())
		if p.Math[i].Display {
			displays = append(displays, at)
		} else {
			inlines = append(inlines, at)
		}
	}
	for _, n := range p.Facts.Names {
		if n.At.File == p.Source.Path && (n.Kind == site.Footnote || n.Kind == site.Asset) {
			others = append(others, n.At.Span.Start)
		}
	}
	for _, m := range regexp.MustCompile(`\([0-9]\)|quation [0-9]`).FindAllStringIndex(p.Source.Text, -1) {
		others = append(others, m[1]-1)
	}
	for range 4 {
		others = append(others, r.IntN(len(p.Source.Text)+1))
	}
	some(displays, 6)
	some(inlines, 3)
	some(others, 8)
	return out
}

func holdAction(t *testing.T, s *site.Snapshot, p *site.Page, at int, a analysis.Action) {
	t.Helper()
	doc, after := acted(t, s, p, a)
	if after == nil {
		return
	}
	place := string(p.Source.Path) + ": " + a.Title
	now := s.Build()
	now.Source(after.Source)
	now.Page(after, true)
	next := now.Done()
	if got, was := next.Problems(p.Source.Path), s.Problems(p.Source.Path); len(got) > len(was) || len(got) == len(was) && strings.Contains(a.Title, "takes nothing") {
		t.Errorf("%s: %d problems, %d before", place, len(got), len(was))
	}
	was, is := bare(p.Tree.HTML()), bare(after.Tree.HTML())
	switch {
	case strings.HasPrefix(a.Title, "Show this image"):
		// The page is the same in front of the image and behind it.
		head := 0
		for head < min(len(was), len(is)) && was[head] == is[head] {
			head++
		}
		tail := 0
		for tail < min(len(was), len(is))-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
			tail++
		}
		if rest := was[head : len(was)-tail]; strings.Count(rest, "<") > 1 {
			t.Errorf("%s: instead of %s stands %s", place, rest, is[head:len(is)-tail])
		}
	case strings.HasPrefix(a.Title, "Write the footnote"):
		if strings.Count(after.Tree.HTML(), `class="footnote"`) != strings.Count(p.Tree.HTML(), `class="footnote"`)+1 {
			t.Errorf("%s: there is no more marker than before", place)
		}
	case strings.Contains(a.Title, "efer to "):
		if len(after.Math) <= len(p.Math) {
			t.Errorf("%s: there is no reference", place)
		}
	case strings.Contains(a.Title, "takes nothing from it"):
		// What the reader sees is mended: problems say so above.
	case was != is:
		t.Errorf("%s: the page's HTML is\n%s\nand was\n%s", place, around(is, was), around(was, is))
	}
	if strings.Contains(a.Title, "kramdown's escapes") || strings.Contains(a.Title, "leaves it alone") {
		for i := range p.Math {
			squeeze := func(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "’", "'") }
			if got := squeeze(after.Math[i].TeX); got != squeeze(p.Math[i].TeX) {
				t.Errorf("%s: MathJax gets %s for %s", place, got, p.Math[i].TeX)
			}
		}
	}
	// The way back.
	back := map[string]string{"Change to align*, ": "Change to align, with", "Change to equation*, ": "Change to equation, with", "Write this formula as $": "Write this formula between $$"}
	for there, way := range back {
		if !strings.HasPrefix(a.Title, there) || strings.HasSuffix(there, "$") && strings.Contains(a.Edits[0].Of(p.Source.Text), "\n") {
			continue // a $$ on a line of its own is not remembered
		}
		found := false
		here := a.Edits[0].Start + 3
		for _, b := range analysis.Actions(next, after, text.Span{Start: here, End: here}) {
			if strings.HasPrefix(b.Title, way) {
				found = true
				if got, _ := acted(t, next, after, b); got != p.Source.Text {
					t.Errorf("%s and %s: %q", place, b.Title, around(got, p.Source.Text))
				}
			}
		}
		if !found {
			t.Errorf("%s: there is no way back from %q", place, around(doc, p.Source.Text))
		}
	}
}

// acted is a page's text and the page as an action leaves them.
func acted(t *testing.T, s *site.Snapshot, p *site.Page, a analysis.Action) (string, *site.Page) {
	t.Helper()
	var edits []text.Edit
	for _, e := range a.Edits {
		if e.File != p.Source.Path {
			t.Errorf("%s: %s edits %s", p.Source.Path, a.Title, e.File)
		}
		edits = append(edits, e.Edit)
	}
	doc, ok := text.Apply(p.Source.Text, edits)
	if !ok || doc == p.Source.Text {
		t.Errorf("%s: %s does nothing: %v", p.Source.Path, a.Title, edits)
		return "", nil
	}
	after := s.Make(site.NewSource(p.Source.Path, doc), nil)
	if after == nil || after.Tree == nil {
		t.Errorf("%s: %s leaves no page", p.Source.Path, a.Title)
		return "", nil
	}
	return doc, after
}

// setting are the parts of HTML that say how a formula is set, not what it says.
var setting = regexp.MustCompile(`</?p>|<br />|\s+|\$|\\[()]|\\?[\[\]]|\\(?:begin|end)\{(?:equation|align|gather|multline|alignat|flalign|eqnarray|aligned|split|gathered)\*?\}|\\label\{[^}]*\}|\\nonumber|\\notag|&amp;`)

// bare is HTML without what may change: the delimiters, environments and labels
// of formulas, and the paragraphs around them.
func bare(html string) string {
	return strings.ReplaceAll(setting.ReplaceAllString(html, ""), "’", "'")
}

// around is the part of a text where it begins to differ from another.
func around(s, other string) string {
	n := 0
	for n < min(len(s), len(other)) && s[n] == other[n] {
		n++
	}
	return s[max(0, n-80):min(len(s), n+200)]
}
