package judge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
)

// TestReferee holds what the engine inside says against MathJax in node, word
// for word: on formulas right and wrong, and on thousands of them with a letter
// missing.
func TestReferee(t *testing.T) {
	needMathJax(t)
	modules, err := filepath.Abs("../../analysis/tex/gen/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	_, err = exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, "mathjax-full"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("MathJax is missing: %v", err)
		}
		t.Skipf("no MathJax to compare with (npm ci in analysis/tex/gen): %v", err)
	}
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
			want := fromNode(t, modules, version, list)
			j := New(2)
			defer j.Close()
			c := config(e)
			c.Tags = "none"
			wrong, unknown, late := 0, 0, 0
			for i, tex := range list {
				v, err := j.Check(context.Background(), Question{Config: c, Formula: Formula{tex, true}, Defines: true})
				if overran(err) { // a macro without end, on a slow machine
					late++
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", tex, err)
					continue
				}
				var got node
				for _, f := range v.Errors {
					got.Errors = append(got.Errors, said2{f.ID, f.Message})
				}
				for _, f := range v.Unknown {
					got.Undefined = append(got.Undefined, strings.TrimPrefix(f.Message, `\`))
				}
				if len(want[i].Errors) > 0 {
					wrong++
					got.Undefined, want[i].Undefined = nil, nil // in an error box nobody sees them
				} else if len(want[i].Undefined) > 0 {
					unknown++
				}
				if len(want[i].Errors) > 0 && (want[i].Errors[0].ID == "Thrown" || strings.Contains(want[i].Errors[0].Message, "mhchem")) {
					// What neither can read; or a proof tree, which node has nobody to lay out for; or mhchem's own font.
					odd := strings.Contains(tex, "prooftree") || strings.Contains(want[i].Errors[0].Message, "mhchem")
					if !odd && (len(got.Errors) != 1 || got.Errors[0].ID != "Retry" && got.Errors[0].ID != "Thrown") {
						t.Errorf("%s: %v, node cannot read it: %v", tex, got, want[i])
					}
					continue
				}
				if len(got.Errors) == 1 && got.Errors[0].ID == "Retry" {
					continue // node has fetched in vain before, and goes on
				}
				slices.Sort(got.Undefined)
				slices.Sort(want[i].Undefined)
				if !slices.Equal(got.Errors, want[i].Errors) || !slices.Equal(slices.Compact(got.Undefined), slices.Compact(want[i].Undefined)) {
					t.Errorf("%s: %v, node says %v", tex, got, want[i])
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

type said2 struct{ ID, Message string }

// node is what MathJax in node says of a formula.
type node struct {
	Errors    []said2
	Undefined []string
}

func fromNode(t *testing.T, modules, version string, list []string) []node {
	t.Helper()
	var in bytes.Buffer
	for _, tex := range list {
		line, err := json.Marshal(map[string]any{"config": map[string]any{"tags": "none"}, "formulas": []map[string]any{{"tex": tex, "display": true}}})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("node", "--stack-size=4000", "../../analysis/tex/testdata/referee.js", version)
	cmd.Env = append(os.Environ(), "SCHOLIUM_NODE_MODULES="+modules)
	cmd.Stdin = &in
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, problems.String())
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<26)
	var all []node
	for lines.Scan() {
		var page struct{ Formulas []node }
		if err := json.Unmarshal(lines.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Formulas[0])
	}
	if len(all) != len(list) {
		t.Fatalf("%d answers to %d formulas\n%s", len(all), len(list), problems.String())
	}
	return all
}
