package tex

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
)

// A truePage is what a browser with MathJax shows of one built page of a real
// blog.
type truePage struct {
	Page     string
	Known    bool
	Tags     string
	Fatal    string
	Formulas []struct {
		TeX       string
		Display   *bool
		Errors    []string
		Undefined []string
	}
	Labels  map[string]string
	Missing []string
}

// TestTruth holds the reader against pages of real blogs that MathJax has
// read. SCHOLIUM_TRUTH names a folder with a folder for each site, with its
// truth.jsonl.
func TestTruth(t *testing.T) {
	root := os.Getenv("SCHOLIUM_TRUTH")
	if root == "" {
		t.Skip("SCHOLIUM_TRUTH is not set: no pages to compare with")
	}
	files, _ := filepath.Glob(filepath.Join(root, "*", "truth.jsonl"))
	if len(files) == 0 {
		t.Fatalf("no truth.jsonl under %s", root)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { holdAgainst(t, file) })
	}
}

func holdAgainst(t *testing.T, file string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	pages, formulas, doubtful, wrong := 0, 0, 0, 0
	doubts := map[string]int{}
	for lines.Scan() {
		var p truePage
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if !p.Known || p.Fatal != "" {
			continue
		}
		pages++
		c := mathjax.Read(scriptsOf(t, filepath.Dir(file), p.Page))
		if c.Tags != p.Tags {
			t.Errorf("%s: tags are %q, want %q", p.Page, c.Tags, p.Tags)
		}
		var all []Formula
		for _, want := range p.Formulas {
			if want.Display != nil { // otherwise an escaped dollar
				all = append(all, Formula{TeX: want.TeX, Display: *want.Display})
			}
		}
		compareFound(t, filepath.Dir(file), &p, all, c)
		s := Read(all, c)
		i, unsure := -1, false
		for _, want := range p.Formulas {
			if want.Display == nil {
				continue
			}
			i++
			got := &all[i]
			formulas++
			if !compareTrue(t, p.Page, got, want.Errors, want.Undefined) {
				wrong++
			}
			if got.Doubtful && !got.Failed {
				doubtful++
				unsure = true
				doubts[reason(got.TeX)]++
			}
		}
		for name, number := range p.Labels {
			at, known := s.Labels[name]
			if !known {
				t.Errorf("%s: label %q is not found", p.Page, name)
				continue
			}
			l := all[at.Formula].Labels[at.Label]
			want := number
			if want == "???" {
				want = ""
			}
			if l.Number != want && !l.Unsure && !unsure {
				t.Errorf("%s: label %q is %q, want %q", p.Page, name, l.Number, number)
			}
		}
		if len(s.Labels) != len(p.Labels) {
			t.Errorf("%s: %d labels, want %d", p.Page, len(s.Labels), len(p.Labels))
		}
		compareMissing(t, &p, all, s)
	}
	t.Logf("%d pages, %d formulas, %d doubtful (%.2f %%), %d wrong", pages, formulas, doubtful, 100*float64(doubtful)/float64(max(formulas, 1)), wrong)
	for text, n := range doubts {
		if n > 0 && testing.Verbose() {
			t.Logf("doubtful %4d × %s", n, text)
		}
	}
}

func reason(s string) string {
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return strings.ReplaceAll(s, "\n", " ")
}

// compareFound holds what Find finds in the built page against what MathJax
// found there.
func compareFound(t *testing.T, folder string, p *truePage, want []Formula, c *mathjax.Config) {
	t.Helper()
	name := p.Page
	if !filepath.IsAbs(name) {
		name = filepath.Join(folder, name)
	}
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := Find(flowOf(string(page)), c)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].TeX != want[i].TeX || got[i].Display != want[i].Display {
			var g, w Formula
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			t.Errorf("%s: formula %d of %d is found to be %q %v (%d found), want %q %v", p.Page, i, len(want), g.TeX, g.Display, len(got), w.TeX, w.Display)
			return
		}
	}
}

// compareTrue reports whether a formula is judged as MathJax judges it.
func compareTrue(t *testing.T, where string, got *Formula, errors, undefined []string) bool {
	t.Helper()
	bad := len(errors) > 0 || len(undefined) > 0
	switch {
	case bad && !got.Doubtful && len(got.Faults) == 0:
		t.Errorf("%s: called fine: %q, but %q %q", where, got.TeX, errors, undefined)
	case len(errors) == 0 && got.Failed:
		t.Errorf("%s: false fault in %q: %+v", where, got.TeX, got.Faults)
	case !bad && len(got.Faults) > 0:
		t.Errorf("%s: false fault in %q: %+v", where, got.TeX, got.Faults)
	default:
		return true
	}
	return false
}

// compareMissing holds the references that print ??? against those that ours
// would.
func compareMissing(t *testing.T, p *truePage, all []Formula, s *State) {
	var missing []string
	for _, f := range all {
		for _, ref := range f.Refs {
			at, known := s.Labels[ref.Name]
			if !known || all[at.Formula].Labels[at.Label].Number == "" {
				missing = append(missing, ref.Name)
			}
		}
	}
	for _, name := range missing {
		if !slices.Contains(p.Missing, name) {
			t.Errorf("%s: %q is called missing", p.Page, name)
		}
	}
	for _, name := range p.Missing {
		if !slices.Contains(missing, name) {
			t.Errorf("%s: %q is not called missing", p.Page, name)
		}
	}
}

var scriptPattern = regexp.MustCompile(`(?is)<script\b([^>]*)>(.*?)</script>`)
var srcPattern = regexp.MustCompile(`(?i)src=["']?([^"'\s>]+)`)
var typePattern = regexp.MustCompile(`(?i)type=["']?([^"'\s>]+)`)

// scriptsOf returns the scripts of a built page, with local files read in.
func scriptsOf(t testing.TB, folder, page string) []mathjax.Script {
	if !filepath.IsAbs(page) {
		page = filepath.Join(folder, page)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out []mathjax.Script
	for _, m := range scriptPattern.FindAllStringSubmatch(string(html), -1) {
		s := mathjax.Script{Body: m[2]}
		if src := srcPattern.FindStringSubmatch(m[1]); src != nil {
			s.Src, s.Body = src[1], ""
			if name, _, _ := strings.Cut(s.Src, "?"); strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "//") {
				for _, dir := range []string{os.Getenv("SCHOLIUM_CORPUS") + "/" + filepath.Base(folder), filepath.Join(folder, "html")} {
					if body, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
						s.Body = string(body)
					}
				}
			}
		}
		if kind := typePattern.FindStringSubmatch(m[1]); kind != nil {
			s.Type = kind[1]
		}
		out = append(out, s)
	}
	return out
}

// truePages returns the formulas of all pages with their configurations.
func truePages(t testing.TB) (pages [][]Formula, configs []*mathjax.Config) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SCHOLIUM_TRUTH"), "*", "truth.jsonl"))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			var p truePage
			if json.Unmarshal([]byte(line), &p) != nil || !p.Known {
				continue
			}
			var all []Formula
			for _, f := range p.Formulas {
				if f.Display != nil {
					all = append(all, Formula{TeX: f.TeX, Display: *f.Display})
				}
			}
			pages = append(pages, all)
			configs = append(configs, mathjax.Read(scriptsOf(t, filepath.Dir(file), p.Page)))
		}
	}
	return pages, configs
}
