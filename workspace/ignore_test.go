package workspace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A silenced is a page with a fault, and the same with a comment that hides it.
type silenced struct{ path, fault, comment, edit string }

// TestIgnoreLeavesPages breaks a name on every page of the example site and of
// real blogs, silences the problem with what editors offer, and asks stock
// Jekyll whether the page is as it was. What is offered must be offered nearly
// everywhere, too.
func TestIgnoreLeavesPages(t *testing.T) {
	t.Parallel()
	needJekyll(t)
	compared, offered, denied := 0, 0, 0
	for _, root := range blogs(t) {
		w := New(nil, rules.Checker(), nil)
		s := w.AddFolder(root)[0]
		s.Refresh()
		s.Wait()
		var cases []silenced
		state := s.Now()
		for _, f := range state.AllFacts() {
			data, err := os.ReadFile(s.File(f.Path))
			if err != nil {
				continue
			}
			src := site.NewSource(f.Path, strings.ToValidUTF8(string(data), "\uFFFD"))
			for _, at := range breakable(state.Snapshot, src) {
				switch c, ok := silence(t, state.Snapshot, src, at); {
				case !ok:
					denied++
				case c.path != "":
					cases = append(cases, c)
					offered++
				}
			}
		}
		w.Stop()
		compared += heldByJekyll(t, root, cases)
	}
	t.Logf("%d problems silenced, %d not; %d pages are as they were", offered, denied, compared)
	least := 5
	if os.Getenv("SCHOLIUM_CORPUS") != "" && !testing.Short() {
		least = 300
	}
	if compared < least || denied*50 > offered {
		t.Error("too few")
	}
}

// needJekyll skips a test where there is no Jekyll, but not where all tests are
// to run.
func needJekyll(t *testing.T) {
	t.Helper()
	if exec.Command("ruby", "-e", "require 'jekyll'; require 'kramdown-parser-gfm'").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ruby with jekyll and kramdown-parser-gfm is missing")
		}
		t.Skip("ruby with jekyll and kramdown-parser-gfm is missing")
	}
}

// breakable are places of a page where a name can be made wrong: at most a few
// of each kind, spread over the page.
func breakable(s *site.Snapshot, src *site.Source) []text.Span {
	page := s.Make(src, nil)
	if page == nil || page.Tree == nil {
		return nil
	}
	var all []text.Span
	add := func(o site.Origin) {
		if o.File == src.Path && o.Exact && o.Span.Len() > 2 {
			all = append(all, o.Span)
		}
	}
	for _, n := range page.Facts.Names {
		if n.Uses && (n.Kind == site.Footnote || n.Kind == site.Anchor || n.Kind == site.Label) && n.Prefix+n.Suffix == "" {
			add(n.At)
		}
	}
	for i := range page.Math {
		if f := &page.Math[i]; len(f.Uses) > 0 && !f.Uses[0].Environment && len(f.Faults) == 0 {
			add(page.InMath(f, f.Uses[0].Span))
		}
	}
	var out []text.Span
	for i := 0; i < len(all); i += 1 + len(all)/8 {
		out = append(out, all[i])
	}
	return out
}

// silence makes a name wrong and takes up what is offered against the problem.
// It returns true too where nothing is reported: then nothing is to be silenced.
func silence(t *testing.T, s *site.Snapshot, src *site.Source, at text.Span) (silenced, bool) {
	doc, ok := text.Apply(src.Text, []text.Edit{{Span: text.Span{Start: at.End, End: at.End}, New: "zq"}})
	if !ok {
		t.Fatalf("%s: cannot edit %v", src.Path, at)
	}
	broken := site.NewSource(src.Path, doc)
	page := s.Make(broken, nil)
	b := s.Build()
	b.Source(broken)
	b.Page(page, true)
	now := b.Done()
	for _, p := range now.Problems(src.Path) {
		if p.At.File != src.Path || p.At.Span.End < at.Start || p.At.Span.Start > at.End+2 {
			continue
		}
		fix, ok := analysis.Ignore(now, page, &p)
		if !ok {
			t.Logf("%s: nothing is offered against %s at %q", src.Path, p.Code, broken.Lines.Span(broken.Lines.Line(at.Start)).Of(doc))
			return silenced{}, false
		}
		mended, ok := text.Apply(doc, []text.Edit{fix.Edits[0].Edit})
		if !ok {
			t.Fatalf("%s: cannot apply %v", src.Path, fix)
		}
		return silenced{string(src.Path), doc[src.Head.Body:], mended[src.Head.Body:], fix.Edits[0].New}, true
	}
	return silenced{}, true
}

// heldByJekyll compares the pages with and without the comments.
func heldByJekyll(t *testing.T, root string, cases []silenced) (compared int) {
	t.Helper()
	var in bytes.Buffer
	for _, c := range cases {
		for _, doc := range []string{c.fault, c.comment} {
			line, err := json.Marshal(map[string]string{"path": c.path, "text": doc})
			if err != nil {
				t.Fatal(err)
			}
			in.Write(append(line, '\n'))
		}
	}
	cmd := exec.Command("ruby", "../analysis/site/testdata/referee.rb", root, "changed")
	cmd.Stdin = &in
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", root, err, problems.String())
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for _, c := range cases {
		var html [2]struct{ HTML, Error string }
		for i := range html {
			if !lines.Scan() {
				t.Fatalf("%s: the referee has ended", root)
			}
			if err := json.Unmarshal(lines.Bytes(), &html[i]); err != nil {
				t.Fatal(err)
			}
		}
		if html[0].Error != "" {
			continue // a page that Jekyll cannot make
		}
		if strings.HasPrefix(c.edit, " %") {
			html[1].HTML = strings.Replace(html[1].HTML, c.edit, "", 1)
		}
		if compared++; html[0].HTML != html[1].HTML || html[1].Error != "" {
			at := 0
			for at < min(len(html[0].HTML), len(html[1].HTML)) && html[0].HTML[at] == html[1].HTML[at] {
				at++
			}
			t.Errorf("%s: the comment %q changes the page %s\n%.200q\n%.200q", c.path, c.edit, html[1].Error, html[0].HTML[max(0, at-50):], html[1].HTML[max(0, at-50):])
		}
	}
	return compared
}

// blogs are the example site and the folders of the corpus.
func blogs(t *testing.T) []string {
	t.Helper()
	example, err := filepath.Abs("../testdata/sites/example")
	if err != nil {
		t.Fatal(err)
	}
	out := []string{example}
	if corpus := os.Getenv("SCHOLIUM_CORPUS"); corpus != "" {
		dirs, err := os.ReadDir(corpus)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dirs {
			if d.IsDir() && (!testing.Short() || len(out) == 1) { // one will do under the race detector
				out = append(out, filepath.Join(corpus, d.Name()))
			}
		}
	}
	return out
}
