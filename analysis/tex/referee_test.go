package tex

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/workspace/judge/nodejs"
)

// What MathJax in node is asked, and what it answers.
type (
	asked        = nodejs.Page
	askedFormula = nodejs.Formula
	verdict      = nodejs.Answer
)

// ours reads a page as MathJax was asked to.
func ours(version string, page asked) ([]Formula, *State) {
	c := mathjax.Default(mathjax.MathJax3)
	if version == "4" {
		c = mathjax.Default(mathjax.MathJax4)
	}
	if tags, ok := page.Config["tags"].(string); ok {
		c.Tags = tags
	}
	if packages, ok := page.Config["packages"].([]string); ok {
		c.Packages, c.Autoload = nil, false
		for _, name := range packages {
			if name == "autoload" {
				c.Autoload = true
			} else {
				c.Packages = append(c.Packages, name)
			}
		}
	}
	if page.Own != nil {
		c = *page.Own
	}
	var formulas []Formula
	for _, f := range page.Formulas {
		formulas = append(formulas, Formula{TeX: f.TeX, Display: f.Display})
	}
	return formulas, Read(formulas, &c)
}

// A tally counts how we judge against MathJax.
type tally struct{ formulas, wrong, acquitted, doubtful, falseFine, falseFault, known, labels int }

func (n tally) String() string {
	return fmt.Sprintf("%d formulas, %d wrong to MathJax of which we know %d, %d others acquitted; %d labels compared; %d doubtful; %d called fine falsely, %d at fault falsely",
		n.formulas, n.wrong, n.known, n.acquitted, n.labels, n.doubtful, n.falseFine, n.falseFault)
}

// compare judges one page.
func (n *tally) compare(t *testing.T, version string, page asked, v verdict) {
	t.Helper()
	formulas, s := ours(version, page)
	unsure := false
	for i := range formulas {
		f := &formulas[i]
		want := v.Formulas[i]
		n.formulas++
		if len(want.Errors) > 0 && (want.Errors[0].ID == "Thrown" || want.Errors[0].ID == "RequireFail") {
			unsure = true
			continue
		}
		if n := len(f.Faults); n > 0 && f.Faults[n-1].ID == "RequireFail" && version == "3" {
			unsure = true // a browser sets nothing more of the page; here only the first such formula stops
			continue
		}
		bad := len(want.Errors) > 0 || len(want.Undefined) > 0
		if bad {
			n.wrong++
			if len(f.Faults) > 0 {
				n.known++
			}
		}
		if !bad && !f.Doubtful {
			n.acquitted++
		}
		if f.Doubtful && !f.Failed {
			n.doubtful++
			unsure = true
		}
		// A label that is doubled only because an earlier doubt hides the first is no evidence.
		switch {
		case bad && !f.Doubtful && len(f.Faults) == 0:
			n.falseFine++
			t.Errorf("called fine falsely: %q: %+v %q", f.TeX, want.Errors, want.Undefined)
		case len(want.Errors) == 0 && f.Failed, !bad && len(f.Faults) > 0:
			n.falseFault++
			t.Errorf("at fault falsely: %q: %+v", f.TeX, f.Faults)
		case f.Failed && f.Faults[len(f.Faults)-1].ID != want.Errors[0].ID:
			t.Logf("another error: %q: %s, MathJax says %s", f.TeX, f.Faults[len(f.Faults)-1].ID, want.Errors[0].ID)
		}
		for _, fault := range f.Faults {
			if fault.Code == "undefined-command" && len(want.Errors) == 0 && !slices.Contains(want.Undefined, fault.Name) {
				t.Errorf("%q: %s is called undefined", f.TeX, fault.Name)
			}
		}
	}
	for name, number := range v.Labels {
		at, known := s.Labels[name]
		if !known {
			if !unsure {
				t.Errorf("label %q is not found in %+v", name, page.Formulas)
			}
			continue
		}
		l := formulas[at.Formula].Labels[at.Label]
		if number == "???" {
			number = ""
		}
		if !l.Unsure && !unsure {
			n.labels++
		}
		if l.Number != number && !l.Unsure && !unsure {
			t.Errorf("label %q is %q, want %q, in %q", name, l.Number, number, formulas[at.Formula].TeX)
		}
	}
	if !unsure && len(v.Labels) != len(s.Labels) {
		t.Errorf("%d labels, want %d", len(s.Labels), len(v.Labels))
	}
}

func ownFormulas(t *testing.T) []string {
	data, err := os.ReadFile("testdata/formulas.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, line := range strings.Split(string(data), "\n") {
		if line != "" && !strings.HasPrefix(line, "% ") {
			out = append(out, strings.ReplaceAll(line, "⏎", "\n"))
		}
	}
	return out
}

// TestReferee holds the reader against MathJax on formulas of our own, each on
// a page of its own and all on one page.
func TestReferee(t *testing.T) {
	for _, version := range []string{"3", "4"} {
		t.Run("MathJax"+version, func(t *testing.T) {
			var pages []asked
			for _, tags := range []string{"all", "ams", "none"} {
				whole := asked{Config: map[string]any{"tags": tags}}
				for i, s := range ownFormulas(t) {
					whole.Formulas = append(whole.Formulas, askedFormula{TeX: s, Display: true})
					if tags == "all" {
						pages = append(pages, asked{Config: whole.Config, Formulas: []askedFormula{{TeX: s, Display: i%2 == 0}}})
					}
				}
				// What cannot be modelled makes all behind it uncertain: leave it out.
				whole.Formulas = slices.DeleteFunc(whole.Formulas, func(f askedFormula) bool {
					alone, _ := ours(version, asked{Config: whole.Config, Formulas: []askedFormula{f}})
					return alone[0].Doubtful && !alone[0].Failed
				})
				pages = append(pages, whole)
			}
			var n tally
			for i, v := range nodejs.Ask(t, version, pages) {
				n.compare(t, version, pages[i], v)
			}
			t.Log(n)
		})
	}
}

// TestMutations breaks formulas at random, by a fixed seed, and holds the
// reader against MathJax on the result: none that errs may be called fine, and
// of those that do not, 95 % must be acquitted where they come from real blogs.
func TestMutations(t *testing.T) {
	ams := &mathjax.Config{}
	*ams = mathjax.Default(mathjax.MathJax3)
	ams.Tags = "ams"
	var formulas []sample
	for _, s := range append(ownFormulas(t), corpusFormulas(t)...) {
		formulas = append(formulas, sample{s, ams})
	}
	formulas = append(formulas, trueFormulas(t)...)
	least := 95
	if os.Getenv("SCHOLIUM_CORPUS") == "" {
		least = 80 // formulas of our own are chosen to be hard
	}
	for _, version := range []string{"3", "4"} {
		t.Run("MathJax"+version, func(t *testing.T) {
			rounds := times(t, 5000)
			rng := rand.New(rand.NewPCG(seedOf(t, 7), 11))
			engine := mathjax.MathJax3
			if version == "4" {
				engine = mathjax.MathJax4
			}
			var pages []asked
			for range rounds {
				from := formulas[rng.IntN(len(formulas))]
				s := from.tex
				for range 1 + rng.IntN(2) {
					s = mutate(rng, s, engine)
				}
				config := *from.config
				if version == "4" {
					config = mathjax.Default(engine)
					config.Tags, config.Macros = from.config.Tags, from.config.Macros
				}
				pages = append(pages, asked{Config: nodejs.TeX(&config, anyPackage), Formulas: []askedFormula{{TeX: s, Display: rng.IntN(2) == 0}}, Own: &config})
			}
			var n tally
			for i, v := range nodejs.Ask(t, version, pages) {
				n.compare(t, version, pages[i], v)
			}
			t.Log(n)
			if n.wrong*10 < n.formulas*3 {
				t.Error("fewer than 30 % of the mutants err")
			}
			if harmless := n.formulas - n.wrong; n.acquitted*100 < harmless*least {
				t.Errorf("of %d harmless mutants only %d are acquitted", harmless, n.acquitted)
			}
		})
	}
}

var inDollars = regexp.MustCompile(`\$\$[^$]+\$\$|\$[^$\n]+\$`)

// corpusFormulas is what stands between dollars in the posts of real blogs, in
// a fixed order; nothing where there are none.
func corpusFormulas(t *testing.T) []string {
	t.Helper()
	var out []string
	root := os.Getenv("SCHOLIUM_CORPUS")
	if root == "" {
		return nil
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, s := range inDollars.FindAllString(string(data), -1) {
			if s = strings.Trim(s, "$"); len(s) > 3 && len(s) < 1500 {
				out = append(out, s)
			}
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no formulas in %s: %v", root, err)
	}
	return out
}

// times is how many random cases a test takes; SCHOLIUM_ROUNDS multiplies it.
func times(t *testing.T, n int) int {
	t.Helper()
	if testing.Short() {
		return n / 4
	}
	if factor, err := strconv.Atoi(os.Getenv("SCHOLIUM_ROUNDS")); err == nil {
		return n * factor
	}
	return n
}

// seedOf is the seed of random cases; SCHOLIUM_SEED makes others of them.
func seedOf(t *testing.T, seed uint64) uint64 {
	t.Helper()
	if n, err := strconv.ParseUint(os.Getenv("SCHOLIUM_SEED"), 10, 64); err == nil {
		return seed + n
	}
	return seed
}

// TestPages puts formulas of our own together to pages by a fixed seed, some of
// them broken: definitions, labels and numbers go from one to the next.
func TestPages(t *testing.T) {
	formulas := ownFormulas(t)
	rounds := times(t, 150)
	for _, version := range []string{"3", "4"} {
		rng := rand.New(rand.NewPCG(seedOf(t, 3), 5))
		var pages []asked
		for range rounds {
			p := asked{Config: map[string]any{"tags": []string{"all", "ams", "none"}[rng.IntN(3)]}}
			for len(p.Formulas) < 8 {
				s := formulas[rng.IntN(len(formulas))]
				// What cannot be modelled makes all behind it uncertain: leave it out.
				if alone, _ := ours(version, asked{Config: p.Config, Formulas: []askedFormula{{TeX: s, Display: true}}}); alone[0].Doubtful && !alone[0].Failed || strings.Contains(s, "physics") {
					continue
				}
				if rng.IntN(4) == 0 {
					s = mutate(rng, s, mathjax.MathJax3)
				}
				p.Formulas = append(p.Formulas, askedFormula{TeX: s, Display: rng.IntN(3) > 0})
			}
			pages = append(pages, p)
		}
		var n tally
		for i, v := range nodejs.Ask(t, version, pages) {
			n.compare(t, version, pages[i], v)
		}
		t.Logf("MathJax %s: %v", version, n)
	}
}

// TestNumbers makes pages of environments with labels and tags at random, by a
// fixed seed.
func TestNumbers(t *testing.T) {
	rounds := times(t, 150)
	for _, version := range []string{"3", "4"} {
		rng := rand.New(rand.NewPCG(seedOf(t, 13), 17))
		var pages []asked
		for range rounds {
			p := asked{Config: map[string]any{"tags": []string{"all", "ams", "none"}[rng.IntN(3)]}}
			labels := 0
			for len(p.Formulas) < 8 {
				p.Formulas = append(p.Formulas, askedFormula{TeX: numbered(rng, &labels), Display: rng.IntN(6) > 0})
			}
			pages = append(pages, p)
		}
		var n tally
		for i, v := range nodejs.Ask(t, version, pages) {
			n.compare(t, version, pages[i], v)
		}
		t.Logf("MathJax %s: %v", version, n)
	}
}

// numbered makes a formula that may be numbered.
func numbered(rng *rand.Rand, labels *int) string {
	mark := func() string {
		var b strings.Builder
		for range rng.IntN(3) {
			switch rng.IntN(9) {
			case 0, 1, 2, 3:
				name := *labels
				if rng.IntN(20) == 0 {
					name = rng.IntN(*labels + 1)
				} else {
					*labels++
				}
				fmt.Fprintf(&b, ` \label{n%d}`, name)
			case 4:
				fmt.Fprintf(&b, ` \tag{t%d}`, rng.IntN(9))
			case 5:
				b.WriteString([]string{` \tag*{$\star$}`, ` \tag{}`, ` \tag{$x}`, ` \tag{\undefinedtag}`}[rng.IntN(4)])
			case 6:
				b.WriteString(` \notag`)
			case 7:
				b.WriteString(` \nonumber`)
			default:
				fmt.Fprintf(&b, ` \eqref{n%d}`, rng.IntN(9))
			}
		}
		return b.String()
	}
	cell := func() string {
		inner := []string{"x", "x", "x", "x^2", `\begin{aligned} a` + mark() + ` \\ b` + mark() + ` \end{aligned}`,
			`\begin{cases} a` + mark() + ` & b \\ c \end{cases}`, `\begin{split} a` + mark() + ` \end{split}`, `\boxed{y` + mark() + `}`, `\text{see \eqref{n1}}`, "{z" + mark() + "}"}
		return inner[rng.IntN(len(inner))]
	}
	environments := []string{"", "", "equation", "equation*", "align", "align*", "gather", "gather*", "multline", "multline*", "eqnarray", "eqnarray*", "flalign",
		"flalign*", "alignat", "alignat*", "xalignat", "xalignat*", "xxalignat", "array", "matrix", "aligned"}
	name := environments[rng.IntN(len(environments))]
	begin, end := `\begin{`+name+`}`, `\end{`+name+`}`
	switch {
	case name == "":
		begin, end = "", ""
	case strings.Contains(name, "alignat"):
		begin += "{2}"
	case name == "array":
		begin += "{ll}"
	}
	var b strings.Builder
	b.WriteString(begin)
	rows := 1
	if name != "" && !strings.HasPrefix(name, "equation") {
		rows = 1 + rng.IntN(3)
	}
	for i := range rows {
		b.WriteString(" " + cell() + mark())
		if strings.Contains(name, "align") && rng.IntN(2) == 0 {
			b.WriteString(" & " + cell() + mark())
		}
		if i < rows-1 || rows > 1 && rng.IntN(4) == 0 {
			b.WriteString(` \\`)
		}
	}
	b.WriteString(" " + end)
	if rng.IntN(12) == 0 {
		b.WriteString(mark())
	}
	return b.String()
}

// A sample is a formula with the configuration of its page.
type sample struct {
	tex    string
	config *mathjax.Config
}

// anyPackage knows all packages.
func anyPackage(string) bool { return true }

// trueFormulas is what SCHOLIUM_TRUTH has.
func trueFormulas(t *testing.T) []sample {
	if os.Getenv("SCHOLIUM_TRUTH") == "" {
		return nil
	}
	var out []sample
	pages, configs := truePages(t)
	for i, page := range pages {
		for _, f := range page {
			if len(f.TeX) > 8 && len(f.TeX) < 2000 {
				out = append(out, sample{f.TeX, configs[i]})
			}
		}
	}
	return out
}

// mutate makes one small mistake, as an author would.
func mutate(rng *rand.Rand, s string, e mathjax.Engine) string {
	if s == "" {
		return s
	}
	drop := func(chars string) string {
		var at []int
		for i := range len(s) {
			if strings.IndexByte(chars, s[i]) >= 0 {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			return s
		}
		i := at[rng.IntN(len(at))]
		return s[:i] + s[i+1:]
	}
	at := rng.IntN(len(s))
	for at > 0 && s[at]&0xC0 == 0x80 {
		at--
	}
	pieces := []string{"{", "}", "^", "_", "&", `\\`, "$", "'", `\left(`, `\right)`, "#", "%", `\foo`, `\begin{matrix}`, `\end{matrix}`, `\over `, `\limits`,
		`\label{m}`, `\tag{9}`, " ", "[", "]", `\sin`, `\sum`, `\not`, `\dots`, `\displaystyle`, `\text`, `\mathbf`, `\\[`, "~", "12", `\middle|`, `\hline`, `\operatorname{a}`, `\xrightarrow`, `\cases{`}
	replace := func(old, new string) string { return strings.Replace(s, old, new, 1) }
	switch rng.IntN(18) {
	case 0:
		return drop("{}")
	case 1:
		return drop(`\`)
	case 2:
		return drop("^_&[]()'$")
	case 3: // misspell: double or drop a letter
		if rng.IntN(2) == 0 {
			return s[:at] + string([]rune(s[at:])[0]) + s[at:]
		}
		return drop("abcdefghijklmnopqrstuvwxyzABCDEFGH")
	case 4: // swap neighbours
		if at+1 < len(s) && s[at] < 0x80 && s[at+1] < 0x80 {
			return s[:at] + s[at+1:at+2] + s[at:at+1] + s[at+2:]
		}
		return s
	case 5: // cut the end
		if rng.IntN(4) == 0 {
			return s[:at]
		}
		return s[:at] + pieces[rng.IntN(len(pieces))] + s[at:]
	case 6: // a command from the tables, with arguments
		table := tableOf(e)
		c := &table.commands[rng.IntN(len(table.commands))]
		if p := table.packages[c.pkg].name; c.name == "" || strings.HasPrefix(c.name, "mmlToken") || e == mathjax.MathJax4 && p == "mhchem" {
			return s
		}
		return s[:at] + command(rng, c) + s[at:]
	case 7: // swap two arguments
		return replace("}{", pick(rng, "}", "}}{", "}{{", "}{}{", "} {"))
	case 8: // an end without its beginning, or none at all
		if i := strings.Index(s, `\end{`); i >= 0 {
			if n := strings.IndexByte(s[i:], '}'); n >= 0 {
				return s[:i] + pick(rng, "", `\end{matrix}`, `\end{align}`) + s[i+n+1:]
			}
		}
		return s + `\end{cases}`
	case 9: // a script twice
		return replace(pick(rng, "^", "_"), pick(rng, "^2^", "_1_", "^^", "__", "'^", "^'", "^{}^"))
	case 10: // fences
		return replace(pick(rng, `\left`, `\right`, `\big`), pick(rng, "", `\right`, `\middle`, `\left.`, `\bigl`))
	case 11: // definitions, good and bad
		return pick(rng, `\newcommand{\q}[1]{#1}`, `\newcommand{\q}[2]{#1}`, `\newcommand\q[x]{#1}`, `\newcommand{q}{x}`, `\def\q#1{#1+#1}`, `\def\q#1.#2;{#2#1}`, `\def\q{\q}`, `\def\q#2{x}`,
			`\newcommand{\q}[1][z]{#1}`, `\let\q=\alpha`, `\let\q\frac`, `\DeclareMathOperator*{\q}{arg}`, `\newcommand{\q}[1]{#2}`, `\newenvironment{q}{a}{b}\begin{q}`, `\renewcommand\q{{}`,
			`\newcommand{\q}[1]{\left#1}`, `\def\q{x^}`, `\newcommand\q{\begin{matrix}}`) + s[:at] + `\q` + pick(rng, " ", "{x}", "1", "{a}{b}", "[y]", ".a;", "(") + s[at:]
	case 12: // growing macros
		return `\newcommand\q[1]{#1#1}` + pick(rng, `\q{\q{\q{x}}}`, `\q{\q{\q{\q{\q{\q{\q{\q{\q{\q{xxxxxx}}}}}}}}}}`, `\def\q{a\q}\q`, `\def\q#1{\q{#1#1}}\q1`) + s
	case 13: // text and what may stand in it
		return s[:at] + pick(rng, `\text{a $x$ b}`, `\text{a $x b}`, `\text{a_b}`, `\text{\textbf{b} $\frac{1}{2$}`, `\mbox{$a$ and \(b\)}`, `\text{{a}`, `\text{50\% \& é}`, `\text{#}`, `\textcolor{red}{x}`, `\color{blue}`, `\color[rgb]{1,0,0}`, `\color[RGB]{1, 0,255}`, `\textcolor[gray]{0.5}{x}`, `\color[rgb]{1,2,0}`, `\color[cmyk]{1,0,0,0}`, `\colorbox{red}{$x$}`) + s[at:]
	case 14: // Unicode
		return s[:at] + pick(rng, "é", "→", "∑", "𝔼", "’", "–", "“", "\u00a0", "中", "√", "²", "⟨", "∫") + s[at:]
	case 15: // packages
		return pick(rng, `\require{physics}`, `\require{mathtools}`, `\require{mhchem}`, `\require{cancel}`, `\require{color}`, `\require{braket}`, `\require{enclose}`, `\require{ams}`, `\require{base}`, `\require{a b}`) +
			s[:at] + pick(rng, `\dv{x}`, `\pdv[2]{f}{x}`, `\qty(\frac12)`, `\ket{a}`, `\braket{a|b}`, `\coloneqq`, `\cancel{x}`, `\enclose{circle}{x}`, `\ce{H2O}`, `\norm{x}`, `\abs*{x}`, `\mqty(a&b\\c&d)`, `\comm{a}{b}`,
			`\begin{bmatrix*}[r]1\end{bmatrix*}`, `\prescript{a}{b}{c}`, `\grad f`, `\ev{x}`, `\dd x`, `\sin[2](x)`, `\div x`, `\qty{x}`, `\bra{a}\ket{b}`, `\Set{x|y}`, `\underbrace{x}_y`, `\order{n}`, `\eval{x}_0`) + s[at:]
	case 16: // tags and labels
		return s[:at] + pick(rng, `\tag{1}\tag{2}`, `\label{a}\label{b}`, `\tag*{x}`, `\notag`, `\label{}`, `\tag{$x$}`, `\tag{$x}`, `\eqref{a}`, `\ref{`, `\nonumber`) + s[at:]
	default:
		return s[:at] + pieces[rng.IntN(len(pieces))] + s[at:]
	}
}
