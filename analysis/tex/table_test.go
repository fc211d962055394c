package tex

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/workspace/judge/nodejs"
)

// TestTablesAreFresh runs the generator again where MathJax's packages are.
func TestTablesAreFresh(t *testing.T) {
	dir := nodejs.Modules(t)
	if _, err := os.Stat(filepath.Join(dir, "@mathjax", "src")); err != nil {
		t.Skip("no MathJax 4 to generate tables from")
	}
	out := t.TempDir()
	cmd := exec.Command("node", "gen/tables.js", out)
	cmd.Env = append(os.Environ(), "SCHOLIUM_NODE_MODULES="+dir)
	if message, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("node gen/tables.js: %v\n%s", err, message)
	}
	for _, name := range []string{"method.go", "table_v3.go", "table_v4.go"} {
		want, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what gen/tables.js writes: run node gen/tables.js . here", name)
		}
	}
}

func TestTablesAreSorted(t *testing.T) {
	for _, e := range []mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4} {
		w := tableOf(e)
		byName := func(a, b entry) int { return strings.Compare(a.name, b.name) }
		if !slices.IsSortedFunc(w.commands, byName) || !slices.IsSortedFunc(w.environments, byName) {
			t.Error("commands or environments are not sorted")
		}
		if !slices.IsSortedFunc(w.delimiters, func(a, b delimiterEntry) int { return strings.Compare(a.name, b.name) }) {
			t.Error("delimiters are not sorted")
		}
		if !slices.IsSortedFunc(w.packages, func(a, b packageEntry) int { return strings.Compare(a.name, b.name) }) {
			t.Error("packages are not sorted")
		}
		if len(w.packages) > len(world{}.rank) {
			t.Errorf("%d packages, room for %d", len(w.packages), len(world{}.rank))
		}
	}
}

func TestLookup(t *testing.T) {
	three := mathjax.Default(mathjax.MathJax3)
	physics := mathjax.Default(mathjax.MathJax3)
	physics.Packages = append(physics.Packages, "physics")
	for _, test := range []struct {
		name, pkg, sig, char string
		known                Known
		config               *mathjax.Config
	}{
		{"alpha", "base", "", "α", Always, &three},
		{"frac", "ams", "mm", "", Always, &three},
		{"sqrt", "base", "om", "", Always, &three},
		{"left", "base", "D", "", Always, &three},
		{"bra", "braket", "m", "", Autoload, &three},
		{"qty", "physics", "", "", Require, &three},
		{"div", "base", "", "÷", Always, &three},
		{"div", "physics", "", "", Always, &physics},
	} {
		info, ok := Lookup(test.name, test.config)
		if !ok || info.Package != test.pkg || info.Known != test.known || test.sig != "" && info.Signature != test.sig || info.Char != test.char {
			t.Errorf("%s: got %+v, %v", test.name, info, ok)
		}
	}
	if _, ok := Lookup("frakc", &three); ok {
		t.Error("frakc is known")
	}
	if info, ok := LookupEnvironment("align", &three); !ok || info.Package != "ams" {
		t.Errorf("align: got %+v", info)
	}
	all := Commands(&three)
	if len(all) < 1300 || !slices.IsSortedFunc(all, func(a, b Info) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d commands, or out of order", len(all))
	}
	if n := len(Environments(&three)); n < 60 {
		t.Errorf("%d environments", n)
	}
}

func TestNear(t *testing.T) {
	names := []string{"frac", "dfrac", "mathbb", "mathbf", "Rightarrow", "rightarrow", "varepsilon", "sum", "sup"}
	for name, want := range map[string]string{
		"frakc": "frac dfrac", "farc": "frac", "Frac": "frac", "mathbff": "mathbf mathbb", "rightarow": "rightarrow Rightarrow", "RightArrow": "Rightarrow rightarrow",
		"varepsilom": "varepsilon", "zzz": "", "x": "",
	} {
		if got := strings.Join(Near(name, names), " "); got != want {
			t.Errorf("near %s: got %q, want %q", name, got, want)
		}
	}
}

// TestSecondPass has a formula that is read again for a reference forward: by
// then the command is defined.
func TestSecondPass(t *testing.T) {
	formulas, _ := page(`$\eqref{a}\foo$ $\bar$ $\foo$ $\newcommand\foo{x}$ $$x\label{a}$$`, dollars())
	if got, want := faults(formulas), `MissingArgFor \bar; UndefinedControlSequence \foo`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if f := formulas[2].Faults[0]; !f.Later {
		t.Errorf("%+v does not say that the definition comes later", f)
	}
}

// TestBefore holds the hashes to what they promise.
func TestBefore(t *testing.T) {
	_, a := page(`$x$ $\newcommand\a{x}$ $\a$ $y$`, dollars())
	_, b := page(`$y$ $\newcommand\a{y}$ $\a$ $y$`, dollars())
	if a.Before[0] != b.Before[0] || a.Before[1] != b.Before[1] {
		t.Error("what nothing is defined before differs")
	}
	if a.Before[2] == b.Before[2] || a.Before[1] == a.Before[2] || a.Before[2] != a.Before[3] {
		t.Error("a definition is not told from another")
	}
	if len(a.Defined) != 1 {
		t.Errorf("%d definitions", len(a.Defined))
	}
}
