package site_test

import (
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
	"scholium/workspace/judge/nodejs"
)

// A mutant is a page in which one name was changed.
type mutant struct {
	what string
	page *site.Page
	body string
}

// TestMutantNames changes the names of labels, references and footnotes on pages
// of real blogs, one at a time, and has each page made by Jekyll and read by
// MathJax: what is reported must be what the reader sees, both ways.
func TestMutantNames(t *testing.T) {
	site.NeedReferees(t)
	random := rand.New(rand.NewSource(1))
	compared, missing, notes, silent := 0, 0, 0, 0
	for _, dir := range site.CorpusDirs(t) {
		s := site.SiteWith(t, dir, rules.Checker())
		var list []mutant
		for _, p := range s.Files(func(p site.Path) bool {
			f := s.Config.Classify(string(p))
			return f.Markdown && f.Rendered()
		}) {
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(string(p))))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, mutants(s, site.NewSource(p, string(data)), random)...)
		}
		var changed [][2]string
		for _, m := range list {
			changed = append(changed, [2]string{string(m.page.Source.Path), m.body})
		}
		if len(changed) == 0 {
			continue
		}
		var questions []nodejs.Page
		var kept []mutant
		var pages []string
		for i, r := range site.RefereeOf(t, dir, changed) {
			if r.HTML == nil || list[i].page.Tree.HTML() != *r.HTML { // TestCorpus speaks of pages that differ before
				continue
			}
			kept, pages = append(kept, list[i]), append(pages, *r.HTML)
			questions = append(questions, site.QuestionOf(list[i].page, *r.HTML))
		}
		for i, v := range nodejs.Ask(t, "3", questions) {
			m := kept[i]
			name := filepath.Base(dir) + "/" + string(m.page.Source.Path) + ": " + m.what
			compared++
			if m.page.Facts.Knows(site.Label) == site.Certain && m.page.Config.Unknown == "" {
				seen, said := unanswered(v), names(m.page, "undefined-label", "unnumbered-label")
				missing += len(seen)
				if !slices.Equal(seen, said) {
					t.Errorf("%s: readers see ??? for %q, reported are %q", name, seen, said)
				}
			} else {
				silent++
			}
			if m.page.Facts.Knows(site.Footnote) == site.Certain {
				seen, said := printed(pages[i]), names(m.page, "undefined-footnote")
				notes += len(seen)
				if !slices.Equal(seen, said) {
					t.Errorf("%s: readers see the footnotes %q, reported are %q", name, seen, said)
				}
			}
		}
	}
	t.Logf("%d mutants; %d references print ???, %d footnotes stand in brackets; labels of %d are not certain", compared, missing, notes, silent)
	if compared < 200 || missing < 50 || notes < 50 {
		t.Error("hardly anything was compared")
	}
}

// mutants changes a few names of a page.
func mutants(s *site.Snapshot, src *site.Source, random *rand.Rand) []mutant {
	page := s.Make(src, nil)
	if page == nil || page.Tree == nil || page.Config == nil || len(page.Liquid.Holes) > 0 {
		return nil
	}
	var places []site.Name
	for _, n := range page.Facts.Names {
		if (n.Kind == site.Label || n.Kind == site.Footnote) && n.At.File == src.Path && n.At.Exact && n.At.Span.Len() > 0 && n.At.Span.Start >= src.Head.Body {
			places = append(places, n)
		}
	}
	random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	var out []mutant
	for _, n := range places[:min(len(places), 12)] {
		old := n.At.Span.Of(src.Text)
		for what, now := range map[string]string{"a letter more": old + "q", "case": swapped(old)} {
			if now == old {
				continue
			}
			doc, ok := text.Apply(src.Text, []text.Edit{{Span: n.At.Span, New: now}})
			if !ok {
				continue
			}
			if p := s.Make(site.NewSource(src.Path, doc), nil); p != nil && p.Tree != nil {
				out = append(out, mutant{what + " in " + n.Kind.String() + " " + old, p, doc[src.Head.Body:]})
			}
		}
	}
	return out
}

func swapped(s string) string {
	if up := strings.ToUpper(s); up != s {
		return up
	}
	return strings.ToLower(s)
}

var reference = regexp.MustCompile(`\\(?:eqref|ref)\s*\{([^{}]*)\}`)

// unanswered are the names for which MathJax prints ???, sorted.
func unanswered(v nodejs.Answer) []string {
	out := []string{}
	for i, f := range v.Found {
		if len(v.Formulas[i].Errors) > 0 {
			continue // an error box refers to nothing
		}
		for _, m := range reference.FindAllStringSubmatch(f.TeX, -1) {
			if number, ok := v.Labels[m[1]]; !ok || number == "???" {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// names are those of which rules speak on a page, sorted.
func names(p *site.Page, codes ...string) []string {
	out := []string{}
	for _, problem := range p.Facts.Problems {
		if slices.Contains(codes, problem.Code) {
			for _, n := range p.Facts.Names {
				if n.Uses && (n.At == problem.At || n.Whole == problem.At) && (n.Kind == site.Label || n.Kind == site.Footnote) {
					out = append(out, n.Text)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var literal = regexp.MustCompile(`\[\^([^\]\s]+)\]`)

// printed are the names of footnote markers that stand in a page's text, sorted.
func printed(doc string) []string {
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		return nil
	}
	out := []string{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			for _, m := range literal.FindAllStringSubmatch(n.Data, -1) {
				out = append(out, m[1])
			}
		}
		if n.Type == html.ElementNode && (n.Data == "code" || n.Data == "pre" || n.Data == "script" || n.Data == "style") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	slices.Sort(out)
	return slices.Compact(out)
}
