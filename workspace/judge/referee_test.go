package judge

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/workspace/judge/nodejs"
)

// TestReferee holds what the engine inside says against MathJax in node, word
// for word: on formulas right and wrong, and on thousands of them with a letter
// missing.
func TestReferee(t *testing.T) {
	needMathJax(t)
	data, err := os.ReadFile("../../analysis/tex/testdata/formulas.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	random := rand.New(rand.NewPCG(1, 2))
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "%") || line == "" {
			continue
		}
		tex := strings.ReplaceAll(line, "⏎", "\n")
		list = append(list, tex)
		for range 4 {
			letters := []rune(tex)
			at := random.IntN(len(letters))
			list = append(list, string(slices.Delete(letters, at, at+1)))
		}
	}
	if testing.Short() { // under the race detector the engine is slow
		kept := list[:0]
		for i, tex := range list {
			if i%120 == 0 {
				kept = append(kept, tex)
			}
		}
		list = kept
	}
	for version, e := range map[string]mathjax.Engine{"3": mathjax.MathJax3, "4": mathjax.MathJax4} {
		t.Run(version, func(t *testing.T) {
			var pages []nodejs.Page
			for _, tex := range list {
				pages = append(pages, nodejs.Page{Config: map[string]any{"tags": "none"}, Formulas: []nodejs.Formula{{TeX: tex, Display: true}}})
			}
			answers := nodejs.Ask(t, version, pages)
			j := New(2)
			defer j.Close()
			c := config(e)
			c.Tags = "none"
			wrong, unknown, late := 0, 0, 0
			for i, tex := range list {
				v, err := j.Check(context.Background(), Question{Config: c, Formula: Formula{TeX: tex, Display: true}, Defines: true})
				if overran(err) { // a macro without end, on a slow machine
					late++
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", tex, err)
					continue
				}
				want := answers[i].Formulas[0]
				var got nodejs.Verdict
				for _, f := range v.Errors {
					got.Errors = append(got.Errors, nodejs.Fault{ID: f.ID, Message: f.Message})
				}
				for _, f := range v.Unknown {
					got.Undefined = append(got.Undefined, strings.TrimPrefix(f.Message, `\`))
				}
				if len(want.Errors) > 0 {
					wrong++
					got.Undefined, want.Undefined = nil, nil // in an error box nobody sees them
				} else if len(want.Undefined) > 0 {
					unknown++
				}
				if len(want.Errors) > 0 && (want.Errors[0].ID == "Thrown" || strings.Contains(want.Errors[0].Message, "mhchem")) {
					// What neither can read; or a proof tree, which node has nobody to lay out for; or mhchem's own font.
					odd := strings.Contains(tex, "prooftree") || strings.Contains(want.Errors[0].Message, "mhchem")
					if !odd && (len(got.Errors) != 1 || got.Errors[0].ID != "Retry" && got.Errors[0].ID != "Thrown") {
						t.Errorf("%s: %v, node cannot read it: %v", tex, got, want)
					}
					continue
				}
				if len(got.Errors) == 1 && got.Errors[0].ID == "Retry" {
					continue // node has fetched in vain before, and goes on
				}
				slices.Sort(got.Undefined)
				slices.Sort(want.Undefined)
				if !slices.Equal(got.Errors, want.Errors) || !slices.Equal(slices.Compact(got.Undefined), slices.Compact(want.Undefined)) {
					t.Errorf("%s: %v, node says %v", tex, got, want)
				}
			}
			t.Logf("%d formulas, of which %d are errors and %d have unknown commands", len(list), wrong, unknown)
			if late > 5 {
				t.Errorf("%d formulas came to no end", late)
			}
			if !testing.Short() && (wrong < 300 || unknown < 50) {
				t.Error("too few of them err")
			}
		})
	}
}
