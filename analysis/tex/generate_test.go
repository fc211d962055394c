package tex

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/workspace/judge/nodejs"
)

// TestEveryCommand writes formulas with every command of MathJax's tables, their
// arguments at random by a fixed seed, and holds the reader against MathJax.
func TestEveryCommand(t *testing.T) {
	for _, engine := range []mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4} {
		version := map[mathjax.Engine]string{mathjax.MathJax3: "3", mathjax.MathJax4: "4"}[engine]
		t.Run("MathJax"+version, func(t *testing.T) {
			table := tableOf(engine)
			rng := rand.New(rand.NewPCG(seedOf(t, 19), uint64(engine)))
			var pages []asked
			add := func(e *entry, environment bool) {
				p := &table.packages[e.pkg]
				if engine == mathjax.MathJax4 && slices.Contains([]string{"bboldx", "bbm", "dsfont", "mhchem"}, p.name) {
					return // they need fonts that are packages of their own
				}
				if p.name == "noerrors" || p.name == "autoload" || p.name == "setoptions" || strings.HasPrefix(e.name, "mmlToken") || e.name == "" {
					return
				}
				s := command(rng, e)
				if environment {
					s = inEnvironment(rng, e)
				}
				s = around(rng, s)
				if mayDefine(s) && strings.Contains(s, `\\`) {
					return // what it does to \\ would last, in the process that judges them all
				}
				page := asked{Config: map[string]any{"tags": []string{"none", "ams", "all"}[rng.IntN(3)]}}
				if p.requirable && rng.IntN(2) == 0 {
					s = `\require{` + p.name + `}` + s
				} else {
					c := mathjax.Default(engine)
					if !slices.Contains(c.Packages, p.name) {
						c.Packages = append(c.Packages, p.name)
					}
					c.Tags = page.Config["tags"].(string)
					page.Own, page.Config = &c, nodejs.TeX(&c, anyPackage)
				}
				page.Formulas = []askedFormula{{TeX: s, Display: rng.IntN(3) > 0}}
				pages = append(pages, page)
			}
			for range times(t, 2) {
				for i := range table.commands {
					add(&table.commands[i], false)
				}
			}
			for range times(t, 8) {
				for i := range table.environments {
					add(&table.environments[i], true)
				}
			}
			var n tally
			for i, v := range nodejs.Ask(t, version, pages) {
				n.compare(t, version, pages[i], v)
			}
			t.Log(n)
		})
	}
}

func pick(rng *rand.Rand, all ...string) string { return all[rng.IntN(len(all))] }

// content is what may stand in an argument.
func content(rng *rand.Rand, depth int) string {
	if depth > 0 && rng.IntN(6) == 0 {
		return pick(rng, `\frac{`, `\sqrt{`, `{`, `\mathbf{`, `\hat{`, `\left(`) + content(rng, depth-1) + pick(rng, `}`, `}`, `}{2}`, `\right)`)
	}
	return pick(rng, "x", "x", "x", "a+b", "", "x^2", "x_1", "x'", "1", "12", "0.5", `\alpha`, `\sum`, `\frac12`, "2pt", "1em", "red", "#f00", "rgb", "1,0,0", "(", ")", "|", "[", `\{`, ".", `\|`,
		"a & b", `a \\ b`, "cc", "l|r", "$x$", "some text", "H2O", "a,b", "=", "-", " ", "*", `\text{a $b$}`, `\text{b}`, `\foo`, `x \over y`, `\label{q}`, `\tag{2}`, `\limits`, `\displaystyle`, "{x}", "~", "é", "√", `\ `, `\,`, "x!", `\sin`, `\bar x`,
		"^2", "_a", "'", "%", "#1", `\not`, `\mathrm d`, `\operatorname{f}`, `x\quad y`, `\binom{n}{k}`, `\overline{ab}`, `\begin{matrix}a&b\end{matrix}`, "n=1", `\infty`, "2", "3", "c", "t", "b", "r", "l")
}

// command writes a command with what its signature asks for, and now and then
// with something else.
func command(rng *rand.Rand, e *entry) string {
	var b strings.Builder
	b.WriteString(`\` + e.name)
	if rng.IntN(4) == 0 {
		b.WriteByte(' ')
	}
	sig := e.sig
	if rng.IntN(8) == 0 {
		sig = pick(rng, "", "m", "o", "mm", "s", "om", "D", "l", "mmm", "so")
	}
	for _, kind := range sig {
		switch kind {
		case 's':
			if rng.IntN(2) == 0 {
				b.WriteByte('*')
			}
		case 'o':
			if rng.IntN(2) == 0 {
				b.WriteString("[" + content(rng, 0) + "]")
			}
		case 'm':
			if rng.IntN(8) == 0 {
				b.WriteString(pick(rng, " x", `\alpha`, "2", " ", "'", "^", "}", "{"))
			} else {
				b.WriteString("{" + content(rng, 1) + "}")
			}
		case 'd':
			b.WriteString("{" + pick(rng, "(", ")", "|", ".", "", "x", `\{`, `\langle`, "<", `\foo`) + "}")
		case 'D':
			b.WriteString(pick(rng, "(", ")", "|", ".", "x", `\{`, `\langle `, "<", `\Vert `, "{(}", "[", "/", `\foo `, ""))
		case 'l':
			b.WriteString(pick(rng, "2pt", "{1em}", " 1.5ex", "-3mu", "x", "{}", "2", "1 em "))
		case 'u':
			b.WriteString("3 " + pick(rng, `\of`, `\endroot`, `\limits`, "x") + " ")
		}
	}
	if letter := e.name[len(e.name)-1]; isLetter(letter) && len(sig) == 0 {
		b.WriteByte(' ')
	}
	switch rng.IntN(8) {
	case 0:
		b.WriteString(pick(rng, "_1", "^2", "'", `\limits_a`, `\nolimits^b`, "_1^2", "^2_1", "''", "(x)", "[x]", "{x}{y}", "|x|", `\left(x\right)`, "(x", "_"))
	case 1:
		b.WriteString(" x")
	}
	return b.String()
}

// inEnvironment writes an environment with rows and cells.
func inEnvironment(rng *rand.Rand, e *entry) string {
	args := ""
	for _, kind := range e.sig {
		switch kind {
		case 'o':
			if rng.IntN(2) == 0 {
				args += "[" + pick(rng, "t", "b", "c", "l", "2pt", "x", "") + "]"
			}
		case 'm':
			args += "{" + pick(rng, "cc", "c", "l|r", "2", "1", "x", "", "@{}cc", "p{2em}", "*{2}c", "a") + "}"
		}
	}
	if rng.IntN(8) == 0 {
		args = pick(rng, "", "{cc}", "[t]{c}", "{2}")
	}
	var b strings.Builder
	fmt.Fprintf(&b, `\begin{%s}%s `, e.name, args)
	for row := range 1 + rng.IntN(3) {
		if row > 0 {
			b.WriteString(pick(rng, ` \\ `, ` \\ `, ` \\[2pt] `, ` \\* `, ` \cr `, ` \newline `, ` \\[x] `, ` \\ \hline `))
		}
		b.WriteString(content(rng, 1))
		for range rng.IntN(3) {
			b.WriteString(" & " + content(rng, 1))
		}
		if rng.IntN(6) == 0 {
			b.WriteString(pick(rng, ` \tag{1}`, ` \label{a}`, ` \notag`, ` \nonumber`, ` \hline`, ` \label{b}\label{c}`))
		}
	}
	end := e.name
	if rng.IntN(16) == 0 {
		end = pick(rng, "align", "", "matrix")
	}
	fmt.Fprintf(&b, ` \end{%s}`, end)
	return b.String()
}

// around puts a formula into a place where commands behave otherwise.
func around(rng *rand.Rand, s string) string {
	switch rng.IntN(16) {
	case 0:
		return `\begin{align} a & ` + s + ` \\ c \end{align}`
	case 1:
		return `\text{a ` + s + ` b}`
	case 2:
		return `\frac{` + s + `}{2}`
	case 3:
		return `\left( ` + s + ` \right)`
	case 4:
		return `\begin{array}{cc} ` + s + ` & b \end{array}`
	case 5:
		return `x^{` + s + `}_{2}`
	case 6:
		return `x^` + s
	case 7:
		return `\newcommand{\foo}[1]{#1 ` + strings.ReplaceAll(s, "#", "") + `}\foo{y}`
	case 8:
		return `\sqrt[` + s + `]{x}`
	case 9:
		return `\text{a $` + s + `$ b}`
	}
	return pick(rng, "", "", "a ", `\sum`, `\not`) + s + pick(rng, "", "", " b", "_1", "^2")
}

// TestChemistry holds what is taken for certain of \ce against mhchem.
func TestChemistry(t *testing.T) {
	rng := rand.New(rand.NewPCG(seedOf(t, 23), 29))
	var pages []asked
	for range times(t, 300) {
		var b strings.Builder
		for range 1 + rng.IntN(8) {
			b.WriteString(pick(rng, "H", "2", "O", "Na", "Cl", "Cl_4", "H", "C", "H2", "O3", "+", "-", "^2", "_4", " -> ", "=", " ", "(", ")", ",", ".", "e", "n", "10", "_n", "<=>", "*"))
		}
		formula := `\` + pick(rng, "ce", "ce", "ce", "pu") + "{" + b.String() + "}" + pick(rng, "", "", "^2", "_1", `\limits_a`)
		pages = append(pages, asked{Config: map[string]any{"tags": "none"}, Formulas: []askedFormula{{TeX: formula, Display: true}}})
	}
	var n tally
	for i, v := range nodejs.Ask(t, "3", pages) {
		n.compare(t, "3", pages[i], v)
	}
	t.Log(n)
	if n.acquitted < n.formulas/20 {
		t.Error("hardly anything is acquitted")
	}
}

// TestTexts writes \text and its like with what may stand in them, by a fixed
// seed.
func TestTexts(t *testing.T) {
	for _, version := range []string{"3", "4"} {
		rng := rand.New(rand.NewPCG(seedOf(t, 31), 37))
		var pages []asked
		for range times(t, 400) {
			var b strings.Builder
			for range 1 + rng.IntN(5) {
				b.WriteString(pick(rng, "a", "word ", "{b}", "$x$", `$\frac12$`, `\(y\)`, `\ `, `\,`, `\%`, `\$`, `\_`, "_", "^", "&", "#", "~", "é", `\textbf{b}`, `\textit {i}`, `\emph{e}`, `\textbf b`, `\rm `, `\large `,
					`\quad `, `\ldots`, `\alpha`, `\eqref{a}`, "$", "{", "}", `\\`, "%", "'", "--", `\textbf`, `{\bf x}`, `\text{z}`, `\mbox{$u$}`, `\S`))
			}
			s := pick(rng, `\text`, `\text`, `\mbox`, `\textbf`, `\textrm`, `\hbox`, `\fbox`, `\tag`) + "{" + b.String() + "}" + pick(rng, "", "", "^2", "_i", " x")
			if rng.IntN(6) == 0 {
				s = `\begin{cases} x & ` + b.String() + ` \\ y & z \end{cases}`
			}
			pages = append(pages, asked{Config: map[string]any{"tags": "ams"}, Formulas: []askedFormula{{TeX: s, Display: true}}})
		}
		var n tally
		for i, v := range nodejs.Ask(t, version, pages) {
			n.compare(t, version, pages[i], v)
		}
		t.Logf("MathJax %s: %v", version, n)
	}
}
