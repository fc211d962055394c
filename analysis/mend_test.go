package analysis_test

import (
	"regexp"
	"strings"
	"testing"

	"scholium/analysis"
	"scholium/analysis/jekyll"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// fixture are rules for words: what their fixes write in place of them.
var fixture = map[string][]string{
	"bad":   {"good"},
	"trap":  {"pick"},            // mended, with a new problem in its place
	"round": {"about"},           // and that has the first in its place
	"about": {"round"},           //
	"chain": {"link"},            // uncovers one that can be mended too
	"link":  {"good"},            //
	"pick":  {"good", "better"},  // the author has to choose
	"stuck": {"stuck"},           // does nothing
	"grow":  {"grow grow"},       // would never end
	"twice": {"good"},            // in another file
	"wide":  {"good everywhere"}, // overlaps what stands in it
}

func word(p *site.Page) []site.Problem {
	var out []site.Problem
	for _, m := range regexp.MustCompile(`[a-z]+`).FindAllStringIndex(p.Source.Text, -1) {
		w := p.Source.Text[m[0]:m[1]]
		at := site.Origin{File: p.Source.Path, Span: text.Span{Start: m[0], End: m[1]}, Exact: true}
		problem := site.Problem{Code: w, At: at, Message: w + " is wrong."}
		edit := func(file site.Path, span text.Span, new string) site.Fix {
			return site.Fix{Title: new, Edits: []site.FileEdit{{File: file, Edit: text.Edit{Span: span, New: new}}}}
		}
		switch new := fixture[w]; {
		case new == nil:
			continue
		case w == "twice":
			problem.Fixes = []site.Fix{edit("_includes/x.html", at.Span, "good")}
		case w == "wide": // the whole line
			end := m[0] + strings.IndexByte(p.Source.Text[m[0]:]+"\n", '\n')
			problem.Fixes = []site.Fix{edit(p.Source.Path, text.Span{Start: m[0], End: end}, "good "+p.Source.Text[min(m[1]+1, end):end])}
		default:
			for _, n := range new {
				problem.Fixes = append(problem.Fixes, edit(p.Source.Path, at.Span, n))
			}
		}
		out = append(out, problem)
	}
	return out
}

func TestMendChooses(t *testing.T) {
	b := site.New(site.Rules{Local: word}).Build()
	b.Configure(jekyll.ReadConfig(""), false)
	s := b.Done()
	all := func(*site.Problem) bool { return true }
	for _, c := range []struct {
		name, doc, want string
		mended          int
		wanted          func(*site.Problem) bool
	}{
		{"one", "𝔼 bad 𝔼", "𝔼 good 𝔼", 1, all},
		{"many at once", "bad, bad\n\nbad", "good, good\n\ngood", 3, all},
		{"none", "all right", "all right", 0, all},
		{"a fix that brings a problem is not made, its neighbours are", "bad trap bad trap bad", "good trap good trap good", 3, all},
		{"one that brings what can be mended in turn is", "chain and chain", "good and good", 2, all},
		{"what goes round ends", "round bad", "round good", 1, all},
		{"who has to choose is asked", "pick bad", "pick good", 1, all},
		{"another file is left alone", "twice bad", "twice good", 1, all},
		{"what does nothing is not done", "stuck bad", "stuck good", 1, all},
		{"what would never end does not begin", "grow bad", "grow good", 1, all},
		{"of those that overlap one comes first", "wide bad bad\nbad", "good good good\ngood", 4, all},
		{"only what is wanted", "bad link", "bad good", 1, func(p *site.Problem) bool { return p.Code == "link" }},
	} {
		src := site.NewSource("_posts/2024-01-01-a.md", "---\n---\n"+c.doc+"\n")
		m := analysis.Mend(s, rules.DefaultSettings(), src, c.wanted, nil)
		if want := "---\n---\n" + c.want + "\n"; m.Source.Text != want || len(m.Mended) != c.mended {
			t.Errorf("%s: %d mended, %q", c.name, len(m.Mended), m.Source.Text)
		}
		if doc, ok := text.Apply(src.Text, m.Edits); !ok || doc != m.Source.Text {
			t.Errorf("%s: the edits %v make %q", c.name, m.Edits, doc)
		}
		for _, e := range m.Edits {
			if !strings.Contains("bad link wide bad bad chain", e.Of(src.Text)) {
				t.Errorf("%s: an edit takes %q away", c.name, e.Of(src.Text))
			}
		}
		if left := len(word(&site.Page{Source: m.Source})); c.mended > 0 && len(m.Site.Problems(src.Path)) != left {
			t.Errorf("%s: the site has %d problems, its text %d", c.name, len(m.Site.Problems(src.Path)), left)
		}
	}
	page := site.NewSource("_posts/2024-01-01-a.md", "---\n---\nbad\n")
	if m := analysis.Mend(s, rules.ReadSettings(site.NewSource(".scholium.yml", "exclude: [_posts]\n")), page, all, nil); len(m.Edits) > 0 {
		t.Error("an excluded page is mended")
	}
	if m := analysis.Mend(s, rules.DefaultSettings(), site.NewSource("assets/a.txt", "bad"), all, nil); len(m.Edits) > 0 {
		t.Error("a file that is no page is mended")
	}
}
