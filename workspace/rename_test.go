package workspace

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A world is a state in which files have been edited, as a test has them.
type world struct {
	t     *testing.T
	site  *Site
	state *State
}

// ask puts a question until it needs no closed page.
func (w *world) ask(question func(*State) []site.Path) {
	w.t.Helper()
	for range 6 {
		need := question(w.state)
		if len(need) == 0 {
			return
		}
		w.state = w.site.Whole(w.state, need)
	}
	w.t.Fatal("the question has no end")
}

// rename asks for a rename at a place.
func (w *world) rename(p site.Path, offset int, to string) (r analysis.Renaming) {
	w.t.Helper()
	w.ask(func(s *State) []site.Path {
		r = analysis.Rename(s.At(p, offset), to)
		return r.Needs
	})
	return r
}

func (w *world) source(p site.Path) *site.Source {
	if page := w.state.Page(p); page != nil {
		return page.Source
	}
	return w.state.Source(p)
}

// edit makes a rename's edits, and the pages that follow from them. It returns
// the changed files as they were.
func (w *world) edit(edits []site.FileEdit) map[site.Path]string {
	w.t.Helper()
	was := map[site.Path]string{}
	by := map[site.Path][]text.Edit{}
	for _, e := range edits {
		by[e.File] = append(by[e.File], e.Edit)
	}
	remake := map[site.Path]bool{}
	b := w.state.Build()
	sources := map[site.Path]*site.Source{}
	for p, list := range by {
		src := w.source(p)
		doc, ok := text.Apply(src.Text, list)
		if !ok {
			w.t.Fatalf("%s: edits overlap", p)
		}
		was[p] = src.Text
		sources[p] = site.NewSource(p, doc)
		b.Source(sources[p])
		remake[p] = true
		for _, reader := range w.state.Readers(p) {
			if w.state.Page(reader) != nil {
				remake[reader] = true
			}
		}
	}
	next := b.Done()
	b = next.Build()
	for p := range remake {
		page := w.state.Page(p)
		if page == nil {
			continue
		}
		src := sources[p]
		if src == nil {
			src = page.Source
		}
		b.Page(next.Make(src, page), true)
	}
	state := *w.state
	state.Snapshot = b.Done()
	w.state = &state
	return was
}

// TestNames asks at every name of a sample of pages: a rename and the rename
// back restore every byte, a highlight is at the cursor, and references are the
// same from all of them.
func TestNames(t *testing.T) {
	t.Parallel()
	total := map[string]int{}
	for _, root := range blogs(t) {
		t.Run(filepath.Base(root), func(t *testing.T) {
			counts := namesOf(t, root)
			for k, n := range counts {
				total[k] += n
			}
			t.Log(counts)
		})
	}
	keys := slices.Sorted(maps.Keys(total))
	for _, k := range keys {
		t.Logf("%6d %s", total[k], k)
	}
	if total["restored"] < 10 {
		t.Error("too few names were renamed")
	}
}

func namesOf(t *testing.T, root string) map[string]int {
	w := New(nil, rules.Checker(), nil)
	defer w.Stop()
	s := w.AddFolder(root)[0]
	s.Refresh()
	s.Wait()
	random := rand.New(rand.NewPCG(6, 28))
	counts := map[string]int{}
	facts := s.Now().AllFacts()
	random.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
	pages := 0
	for _, f := range facts {
		if pages >= 12 {
			break
		}
		if len(f.Names) < 8 {
			continue
		}
		pages++
		state := s.Whole(s.Now(), []site.Path{f.Path})
		page := state.Page(f.Path)
		if page == nil {
			continue
		}
		for range 40 { // anywhere, with names that are none
			at := random.IntN(len(page.Source.Text) + 1)
			w := &world{t, s, state}
			w.anywhere(f.Path, at, []string{"", "a", "a}b", "x y", "é", "\\", "#", "<x>", "\n", "%}"}[random.IntN(10)])
			counts["anywhere"]++
		}
		for _, i := range random.Perm(len(page.Facts.Names))[:min(len(page.Facts.Names), 60)] {
			if n := page.Facts.Names[i]; n.At.File == f.Path && n.At.Span.Len() > 0 {
				oneName(&world{t, s, state}, n, counts)
			}
		}
	}
	return counts
}

// anywhere asks every question at an offset: what comes back lies in the files.
func (w *world) anywhere(p site.Path, offset int, to string) {
	w.t.Helper()
	inside := func(file site.Path, span text.Span) {
		if src := w.source(file); src == nil || span.Start < 0 || span.Start > span.End || span.End > len(src.Text) {
			w.t.Errorf("%s at %d: %v of %s lies outside it", p, offset, span, file)
		}
	}
	for _, e := range w.rename(p, offset, to).Edits {
		inside(e.File, e.Span)
	}
	w.ask(func(s *State) []site.Path {
		c := s.At(p, offset)
		list, need := analysis.Highlights(c)
		for _, h := range list {
			inside(p, h.Span)
		}
		for _, span := range analysis.LinkedEditing(c) {
			inside(p, span)
		}
		if r, ok := analysis.PrepareRename(c); ok && r.Refusal == "" && len(r.Needs) == 0 {
			inside(r.At.File, r.At.Span)
		}
		return need
	})
}

// withoutID takes away what gives a heading its id.
func withoutID(doc, id string) string {
	return strings.NewReplacer(" {#"+id+"}", "", "\n{: id=\""+id+"\"}", "", "\r\n{: id=\""+id+"\"}", "").Replace(doc)
}

// longer is another name of the same kind.
func longer(n site.Name) string {
	name := strings.TrimSuffix(strings.TrimPrefix(n.Text, n.Prefix), n.Suffix)
	if star, ok := strings.CutSuffix(name, "*"); ok && n.Kind == site.Environment {
		return star + "zqx*"
	}
	return name + "zqx"
}

func oneName(w *world, n site.Name, counts map[string]int) {
	t, p := w.t, n.At.File
	page := w.state.Page(p)
	at := func(s *State) site.Cursor { return s.At(p, n.At.Span.Start) }
	c := at(w.state)
	found, ok := c.Name()
	if !ok || found.Key != n.Key || found.At != n.At {
		counts["inside another"]++
		return
	}
	if n.Form == site.Derived && slices.ContainsFunc(page.Facts.Names, func(m site.Name) bool { return m.Key == n.Key && m.Form != site.Derived }) {
		counts["a heading with the id of an <a>"]++
		return
	}
	where := fmt.Sprintf("%s: %s %q at %d", p, n.Kind, n.Text, n.At.Span.Start)
	var highlights []analysis.Highlight
	w.ask(func(s *State) (need []site.Path) { highlights, need = analysis.Highlights(at(s)); return need })
	if !slices.ContainsFunc(highlights, func(h analysis.Highlight) bool { return h.Span.Contains(c.Offset) }) {
		t.Errorf("%s: no highlight is here: %v", where, highlights)
	}
	references := func(file site.Path, offset int) (out []site.Origin) {
		w.ask(func(s *State) []site.Path {
			places, need := analysis.References(s.At(file, offset), true)
			out = nil
			for _, r := range places {
				out = append(out, r.Origin)
			}
			return need
		})
		return out
	}
	refs := references(p, c.Offset)
	if !slices.ContainsFunc(refs, func(o site.Origin) bool { return o.File == p && o.Span == n.At.Span }) && n.Tail == 0 {
		t.Errorf("%s: not among its references %v", where, refs)
	}
	// A macro may have thousands of places: forty of them, spread over all, are asked for all.
	for i := 0; i < len(refs); i += 1 + len(refs)/40 {
		r := refs[i]
		if other, ok := w.state.At(r.File, r.Span.Start).Name(); r.File != p || !ok || other.Kind != n.Kind || other.Text != n.Text || other.At.Span != r.Span {
			continue
		}
		if back := references(r.File, r.Span.Start); !slices.Equal(back, refs) {
			t.Errorf("%s: references here are %v, and at %v %v", where, refs, r.Span, back)
			break
		}
	}
	to := longer(n)
	first := w.rename(p, c.Offset, to)
	if first.Refusal != "" {
		switch n.Kind {
		case site.Include, site.Post, site.Asset, site.PageLink:
			counts["refused: file"]++
		default:
			counts["refused: "+n.Kind.String()]++
			if os.Getenv("SCHOLIUM_REFUSALS") != "" {
				t.Logf("%s: %s", where, first.Refusal)
			}
		}
		return
	}
	was := w.edit(first.Edits)
	offset := c.Offset // of the name in the renamed file
	for _, e := range first.Edits {
		if e.File == p && e.Span.Start < n.At.Span.Start {
			offset += len(e.New) - e.Span.Len()
		}
	}
	heading := n.Form == site.Derived
	if heading {
		offset = c.Offset
		for _, e := range first.Edits {
			if e.File == p && e.Span.Empty() {
				offset = e.Span.Start + strings.Index(e.New, longer(n))
			}
		}
		for _, e := range first.Edits {
			if e.File == p && !e.Span.Empty() && e.Span.Start < offset {
				offset += len(e.New) - e.Span.Len()
			}
		}
	}
	old := strings.TrimSuffix(strings.TrimPrefix(n.Text, n.Prefix), n.Suffix)
	second := w.rename(p, offset, old)
	if strings.HasPrefix(second.Refusal, "MathJax has ") { // which the page redefines
		counts["a command of MathJax that the page defines anew"]++
		return
	}
	if strings.HasPrefix(second.Refusal, "There is an anchor ") && slices.ContainsFunc(page.Facts.Names, func(m site.Name) bool {
		return m.Kind == n.Kind && m.Text == n.Text && m.Form == site.Derived
	}) {
		counts["an <a> with the id of a heading elsewhere"]++
		return
	}
	if second.Refusal != "" {
		t.Errorf("%s: renamed to %s, and back is refused: %s", where, to, second.Refusal)
		return
	}
	w.edit(second.Edits)
	for file, doc := range was {
		got := w.source(file).Text
		switch {
		case got == doc:
			counts["restored"]++
		case n.Kind == site.Anchor && withoutID(got, n.Text) == withoutID(doc, n.Text):
			counts["restored but for the heading's {#id}"]++
		case n.Kind == site.LinkRef && strings.EqualFold(got, doc):
			counts["restored but for letter case"]++
		default:
			t.Errorf("%s: renamed to %s and back, %s is not as it was", where, to, file)
		}
	}
}
