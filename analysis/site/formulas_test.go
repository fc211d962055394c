package site

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
	"scholium/workspace/judge/nodejs"
)

// TestCorpusFormulas holds what is known of the formulas of real blogs against
// stock Jekyll and MathJax: the same formulas in the same order, the same
// errors, the same numbers of labels, the same references to nothing.
func TestCorpusFormulas(t *testing.T) {
	dirs := corpus(t)
	needRuby(t)
	nodejs.Modules(t)
	var questions []nodejs.Page
	var pages []*Page
	var names []string
	for _, dir := range dirs {
		s := withScripts(t, dir)
		for _, want := range referee(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(want.Path)))
			if err != nil {
				t.Fatal(err)
			}
			page := s.Make(NewSource(Path(want.Path), string(data)), nil)
			if want.HTML == nil || page == nil || page.Tree == nil || page.Config.Engine == mathjax.None || page.Config.Engine == mathjax.KaTeX ||
				page.Config.Unknown != "" || page.Tree.HTML() != *want.HTML {
				continue // TestCorpus speaks of pages that differ before
			}
			pages, names = append(pages, page), append(names, path.Join(filepath.Base(dir), want.Path))
			questions = append(questions, question(page, *want.HTML))
		}
	}
	verdicts := nodejs.Ask(t, "3", questions)
	formulas, labels, doubtful, wrong := 0, 0, 0, 0
	for i := range pages {
		v := verdicts[i]
		if len(v.Found) != len(pages[i].Math) {
			t.Errorf("%s: %d formulas, MathJax finds %d", names[i], len(pages[i].Math), len(v.Found))
			continue
		}
		unsure := false
		for k := range pages[i].Math {
			f := &pages[i].Math[k]
			formulas++
			if f.TeX != v.Found[k].TeX || f.Display != v.Found[k].Display {
				t.Errorf("%s: formula %d is %q, to MathJax %q", names[i], k, f.TeX, v.Found[k].TeX)
				break
			}
			bad := len(v.Formulas[k].Errors) > 0 || len(v.Formulas[k].Undefined) > 0
			if bad {
				wrong++
			}
			if f.Doubtful && !f.Failed {
				doubtful++
				unsure = true
			}
			if known := len(f.Faults) > 0; bad != known && !f.Doubtful || known && !bad {
				t.Errorf("%s: %q has %v, to MathJax %v %v", names[i], f.TeX, f.Faults, v.Formulas[k].Errors, v.Formulas[k].Undefined)
			}
		}
		numbers := map[string]string{}
		for k := range pages[i].Math {
			for _, l := range pages[i].Math[k].Labels {
				if _, ok := numbers[l.Name]; !ok {
					numbers[l.Name] = l.Number
				}
			}
		}
		for name, number := range v.Labels {
			labels++
			if numbers[name] != strings.TrimPrefix(number, "???") && !unsure {
				t.Errorf("%s: label %s is %q, to MathJax %q", names[i], name, numbers[name], number)
			}
		}
		if len(numbers) != len(v.Labels) && !unsure {
			t.Errorf("%s: %d labels, to MathJax %d", names[i], len(numbers), len(v.Labels))
		}
	}
	t.Logf("%d pages, %d formulas, %d of them wrong, %d labels; %d doubtful (%.2f %%)", len(pages), formulas, wrong, labels, doubtful, 100*float64(doubtful)/float64(max(formulas, 1)))
	if formulas < 10_000 || labels < 100 {
		t.Error("hardly anything was compared")
	}
	if doubtful*200 > formulas {
		t.Error("fewer than 99.5 % of the formulas are acquitted or known to be wrong")
	}
}

// withScripts is siteOf with the scripts of the site that speak of formulas.
func withScripts(t *testing.T, dir string, rules ...Rules) *Snapshot {
	t.Helper()
	s := siteOf(t, dir, rules...)
	b := s.Build()
	for _, p := range s.Files(func(p Path) bool { return path.Ext(string(p)) == ".js" }) {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(string(p))))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("MathJax")) {
			b.Source(NewSource(p, string(data)))
		}
	}
	return b.Done()
}

// question puts a page to the referee: its HTML, and what it tells MathJax.
func question(p *Page, html string) nodejs.Page {
	return nodejs.Reading(p.Config, func(name string) bool { return tex.HasPackage(name, p.Config) }, html)
}
