// Package nodejs asks MathJax in Node.js, as npm has it: the referee of the tests
// that speak of formulas. Nothing of the program needs it.
package nodejs

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"scholium/analysis/mathjax"
)

//go:embed referee.js
var script []byte

// A Page is what MathJax is asked about: formulas one after the other, or a
// page in which it is to find them.
type Page struct {
	Config   map[string]any  `json:"config"`            // the tex section of a MathJax configuration
	Options  map[string]any  `json:"options,omitempty"` // its options section
	Formulas []Formula       `json:"formulas"`
	HTML     *string         `json:"html,omitempty"` // in place of formulas
	Own      *mathjax.Config `json:"-"`              // the same as Config, for whoever compares
}

// A Formula is one formula as it reaches MathJax.
type Formula struct {
	TeX     string `json:"tex"`
	Display bool   `json:"display"`
}

// An Answer is what MathJax says of a page.
type Answer struct {
	Formulas []Verdict
	Labels   map[string]string // their numbers
	Found    []Formula         // in HTML
}

// A Verdict is what MathJax says of a formula.
type Verdict struct {
	Errors    []Fault  // at most one
	Undefined []string // commands without their backslash
}

// A Fault is an error in MathJax's words.
type Fault struct{ ID, Message string }

// Modules returns the folder of MathJax's packages: $SCHOLIUM_NODE_MODULES, or
// that of the generator of the tables. Where there is none the test is skipped,
// and fails where all tests are to run.
func Modules(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SCHOLIUM_NODE_MODULES")
	if dir == "" {
		dir = filepath.Join(root(t), "analysis", "tex", "gen", "node_modules")
	}
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "mathjax-full"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("MathJax is missing: %v", err)
		}
		t.Skipf("no MathJax to compare with (npm ci in analysis/tex/gen, or SCHOLIUM_NODE_MODULES): %v", err)
	}
	return dir
}

// root is the folder of go.mod, above the one that a test runs in.
func root(t testing.TB) string {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	t.Fatalf("no go.mod above the test: %v", err)
	return ""
}

// Ask puts pages to a version of MathJax, "3" or "4". There is an answer to each.
func Ask(t testing.TB, version string, pages []Page) []Answer {
	t.Helper()
	modules := Modules(t)
	file := filepath.Join(t.TempDir(), "referee.js")
	if err := os.WriteFile(file, script, 0o644); err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	encoder.SetEscapeHTML(false)
	for _, p := range pages {
		if p.Formulas == nil {
			p.Formulas = []Formula{}
		}
		if err := encoder.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("node", "--stack-size=4000", file, version)
	cmd.Env = append(os.Environ(), "SCHOLIUM_NODE_MODULES="+modules)
	cmd.Stdin = &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<26)
	var answers []Answer
	for lines.Scan() {
		var a Answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%v in %s", err, lines.Bytes())
		}
		answers = append(answers, a)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(pages) {
		t.Fatalf("%d answers to %d pages\n%s", len(answers), len(pages), stderr.String())
	}
	return answers
}

// TeX writes a configuration as the tex section of one for MathJax. A package that
// has does not know is left out, as a browser does that finds none.
func TeX(c *mathjax.Config, has func(name string) bool) map[string]any {
	macros := map[string]any{}
	for _, m := range c.Macros {
		macros[m.Name] = []any{m.Body, m.Args}
		if m.Optional != nil {
			macros[m.Name] = []any{m.Body, m.Args, *m.Optional}
		}
	}
	packages := slices.DeleteFunc(slices.Clone(c.Packages), func(name string) bool { return !has(name) })
	if c.Autoload {
		packages = slices.Insert(packages, slices.Index(packages, "require")+1, "autoload")
	}
	return map[string]any{
		"tags": c.Tags, "macros": macros, "packages": packages, "inlineMath": pairs(c.Inline), "displayMath": pairs(c.Display),
		"processEscapes": c.ProcessEscapes, "processEnvironments": c.ProcessEnvironments, "processRefs": c.ProcessRefs,
	}
}

func pairs(all []mathjax.Delimiters) [][2]string {
	out := [][2]string{}
	for _, d := range all {
		out = append(out, [2]string{d.Open, d.Close})
	}
	return out
}

// Reading returns the question about a page of HTML: what stands in its body.
func Reading(c *mathjax.Config, has func(name string) bool, body string) Page {
	html := "<html><head></head><body>" + body + "</body></html>"
	return Page{
		Config: TeX(c, has), HTML: &html,
		Options: map[string]any{"skipHtmlTags": c.SkipTags, "ignoreHtmlClass": c.IgnoreClass, "processHtmlClass": c.ProcessClass},
	}
}
