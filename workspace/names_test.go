package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// TestEveryName asks what a name is, where it is defined and where it is used,
// at every name of every page: of the example site, and of real blogs where
// there are some. Only what is not there may have no definition.
func TestEveryName(t *testing.T) {
	t.Parallel()
	dirs := []string{"../testdata/sites/example"}
	if corpus := os.Getenv("SCHOLIUM_CORPUS"); corpus != "" {
		blogs, err := filepath.Glob(filepath.Join(corpus, "*", "_config.yml"))
		if err != nil || len(blogs) == 0 {
			t.Fatalf("no blogs in %s, %v", corpus, err)
		}
		if testing.Short() {
			blogs = blogs[:1] // one will do under the race detector
		}
		for _, b := range blogs {
			dirs = append(dirs, filepath.Dir(b))
		}
	}
	names := 0
	for _, dir := range dirs {
		dir, err := filepath.Abs(dir)
		if err != nil {
			t.Fatal(err)
		}
		w := New(nil, rules.Checker(), nil)
		s := w.AddFolder(dir)[0]
		s.Refresh()
		s.Wait()
		state := s.Now()
		var pages []site.Path
		for _, f := range state.AllFacts() {
			pages = append(pages, f.Path)
		}
		state = s.Whole(state, pages)
		for _, p := range pages {
			page := state.Page(p)
			if page == nil {
				t.Errorf("%s cannot be read", p)
				continue
			}
			for _, n := range page.Facts.Names {
				if n.At.File == p {
					names++
					askName(t, state, page, n)
				}
			}
		}
		w.Stop()
	}
	t.Logf("%d names on %d sites", names, len(dirs))
	if names < 30 {
		t.Errorf("only %d names", names)
	}
}

func askName(t *testing.T, state *State, page *site.Page, n site.Name) {
	t.Helper()
	at := n.At.Span.Start
	if n.At.Span.Len() > 1 {
		at++ // not between two names
	}
	where := func(what string) {
		t.Helper()
		t.Errorf("%s:%d: %s of the %s %q (%q)", page.Source.Path, page.Source.Lines.Line(at)+1, what, n.Kind, n.Text, n.At.Span.Of(page.Source.Text))
	}
	c := state.At(page.Source.Path, at)
	if h, _, ok := analysis.Hover(c); !ok || h.Text(analysis.Look{}) == "" {
		where("no hover")
	}
	uses, need := analysis.References(c, true)
	if len(need) > 0 || !slices.ContainsFunc(uses, func(p site.Place) bool { return p.Origin.File == n.At.File && p.Origin.Span.Overlaps(n.At.Span) }) {
		where("the references are without the place")
	}
	defs := analysis.Definition(c)
	if len(defs) > 0 || there(state, page, n) {
		if len(defs) == 0 {
			where("no definition")
		}
		for _, d := range defs {
			if d.Origin.File == "" || d.Name.Form != site.WholeFile && n.Kind != site.PageLink && n.Kind != site.Asset &&
				!slices.ContainsFunc(uses, func(p site.Place) bool { return p.Origin == d.Origin }) {
				where("the references are without the definition")
			}
		}
	}
}

// there reports whether what a name stands for exists: what defines a name does,
// a file on the disk, and a page that is served.
func there(state *State, page *site.Page, n site.Name) bool {
	switch n.Kind {
	case site.Asset, site.Include, site.Post:
		return state.Has(site.Path(n.Text))
	case site.PageLink:
		return state.AtURL(n.Text) != nil || state.Serves(n.Text)
	case site.Macro, site.Environment:
		return true
	}
	return !n.Uses || slices.ContainsFunc(page.Facts.Names, func(d site.Name) bool { return d.Kind == n.Kind && d.Text == n.Text && !d.Uses })
}
