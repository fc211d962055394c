package tex

import (
	"slices"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// page finds and reads the formulas of a text.
func page(s string, c *mathjax.Config) ([]Formula, *State) {
	formulas, _ := Find(&text.Flow{Text: s}, c)
	return formulas, Read(formulas, c)
}

// labels lists a page's labels with their numbers, or why they have none.
func labels(formulas []Formula) string {
	var out []string
	for _, f := range formulas {
		for _, l := range f.Labels {
			number := l.Number
			if l.Lost != NotLost {
				number += "!" + lostNames[l.Lost]
			}
			out = append(out, l.Name+"="+number)
		}
	}
	return strings.Join(out, " ")
}

var lostNames = map[Lost]string{LostInline: "inline", LostUnnumbered: "unnumbered", LostStarred: "starred", LostNonumber: "nonumber",
	LostInner: "inner", LostTagsNone: "none", LostSecond: "second", LostDuplicate: "duplicate", LostInError: "error"}

func TestLabels(t *testing.T) {
	for _, test := range []struct{ tags, text, want string }{
		{"ams", `$$ x \label{a} $$`, `a=!unnumbered`},
		{"all", `$$ x \label{a} $$`, `a=1`},
		{"none", `\begin{equation} x \label{a}\end{equation}`, `a=!none`},
		{"ams", `\begin{equation} x \label{a}\end{equation}`, `a=1`},
		{"none", `$$ x \tag{7}\label{a} $$`, `a=7`},
		{"ams", `$$ x \tag{7}\label{a} $$`, `a=7`},
		{"ams", `\begin{equation*} x \label{a}\end{equation*}`, `a=!starred`},
		{"ams", `\begin{align} x \nonumber\label{a}\\ y \label{b}\end{align}`, `a=!nonumber b=1`},
		{"ams", `\begin{equation}\begin{aligned} x \label{a}\end{aligned}\end{equation}`, `a=!inner`},
		{"ams", `\begin{equation}\begin{split} x \label{a}\end{split}\end{equation}`, `a=!inner`},
		{"ams", `\begin{equation}\begin{cases} x \label{a}\end{cases}\end{equation}`, `a=1`},
		{"all", `$$x\label{a}$$ $$y\label{a}$$ $$z\label{c}$$`, `a=1 a=!duplicate c=2`},
		{"all", `$$x\label{a}\label{b}$$`, `a=!error b=!second`},
		{"all", `$x\label{a}$`, `a=!inline`},
		{"all", `$$x\label{ a }$$`, ` a =1`},
		{"all", `$$x\label{}$$`, ``},
		{"all", "$$x%\\label{a}\n$$", ``},
		{"ams", `\begin{align}x\\y\label{b}\\\end{align}`, `b=2`},
		{"ams", `\begin{multline}x\\y\label{b}\end{multline}`, `b=1`},
		{"ams", `\begin{gather}x\tag{z}\label{b}\\y\label{c}\end{gather}`, `b=z c=1`},
		{"ams", `\begin{align}x\label{b}\\y}\label{c}\end{align} \begin{equation}z\label{d}\end{equation}`, `b=1 d=3`},
	} {
		c := dollars()
		c.Tags = test.tags
		formulas, _ := page(test.text, c)
		if got := labels(formulas); got != test.want {
			t.Errorf("%s: %s: got %s, want %s", test.tags, test.text, got, test.want)
		}
	}
}

// faults lists what is wrong with a page's formulas.
func faults(formulas []Formula) string {
	var out []string
	for _, f := range formulas {
		for _, fault := range f.Faults {
			out = append(out, fault.ID+" "+fault.Span.Of(f.TeX))
		}
	}
	return strings.Join(out, "; ")
}

func TestFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`$\frakc{1}{2}$`, `UndefinedControlSequence \frakc`},
		{`$\newcommand{\a}[1]{\b{#1}} \a{x} \c$ $\newcommand\b[1]{x}\a y$`, `UndefinedControlSequence \a{x}; UndefinedControlSequence \c`},
		{`\[{x\]`, ``},
		{`\[\frac{x\]`, ``},
		{`\begin{align}x}\end{align}`, `ExtraCloseMissingOpen }`},
		{`\[\left( x\]`, `ExtraLeftMissingRight \left(`},
		{`\[x \right)\]`, `MissingLeftExtraRight \right)`},
		{`\[\begin{matrx}x\end{matrx}\]`, `UnknownEnv matrx`},
		{`\[\begin{matrix}x\]`, `EnvMissingEnd \begin{matrix}`},
		{`\[\begin{matrix}x\end{cases}\]`, `EnvBadEnd \end{cases}`},
		{`$x^2^3$`, `DoubleExponent ^`},
		{`\begin{equation}\begin{aligned}x\tag{1}\end{aligned}\end{equation}`, `CommandNotAllowedInEnv \tag`},
		{`$\qty(x)$ $\require{physics}\qty(x)$`, `UndefinedControlSequence \qty`},
		{`$\text{a $b$ \$ {c}} \begin{matrix}a&b\\[2pt]c\end{matrix}$`, ``},
		{`$a & b$`, `Misplaced &`},
		{`$\left\lbrace \def\x#1;{#1^2}\x{y}; \middle| \let\y=\langle \right. \left\y x\right>$`, ``},
	} {
		formulas, _ := page(test.text, dollars())
		if got := faults(formulas); got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

// TestSpans holds what a formula says of itself against its text.
func TestSpans(t *testing.T) {
	formulas, _ := page(`\[\newcommand{\R}[1][n]{\mathbb{R}^{#1}} \def\x#1.{#1} \DeclareMathOperator*{\am}{arg\,max} \newenvironment{q}{(}{)}
\begin{q}\R \x y.\end{q} \am_x \label{eq:a} \eqref{ eq:b}\]`, dollars())
	f := formulas[0]
	if len(f.Faults) > 0 || f.Doubtful {
		t.Fatalf("%+v", f.Faults)
	}
	var got []string
	for _, d := range f.Defs {
		got = append(got, d.Command+" "+d.NameSpan.Of(f.TeX)+" "+d.Span.Of(f.TeX))
	}
	want := []string{`newcommand \R \newcommand{\R}[1][n]{\mathbb{R}^{#1}}`, `def \x \def\x#1.{#1}`,
		`DeclareMathOperator* \am \DeclareMathOperator*{\am}{arg\,max}`, `newenvironment q \newenvironment{q}{(}{)}`}
	if !slices.Equal(got, want) {
		t.Errorf("definitions: got %q, want %q", got, want)
	}
	got = nil
	for _, u := range f.Uses {
		if u.Own {
			got = append(got, u.Name+" "+u.Span.Of(f.TeX))
		}
	}
	if want := []string{"q q", `R \R`, `x \x`, `am \am`}; !slices.Equal(got, want) {
		t.Errorf("uses: got %q, want %q", got, want)
	}
	if l := f.Labels[0]; l.NameSpan.Of(f.TeX) != "eq:a" || l.Span.Of(f.TeX) != `\label{eq:a}` || l.Number != "1" {
		t.Errorf("label: %+v", l)
	}
	if r := f.Refs[0]; r.Name != " eq:b" || r.NameSpan.Of(f.TeX) != " eq:b" || r.Span.Of(f.TeX) != `\eqref{ eq:b}` {
		t.Errorf("reference: %+v", r)
	}
}

// TestFour has what MathJax 4 does otherwise.
func TestFour(t *testing.T) {
	c := dollars()
	c.Engine, c.Tags = mathjax.MathJax4, "ams"
	formulas, _ := page(`\begin{equation}\begin{aligned} x \label{a}\end{aligned}\end{equation} \begin{align}x\nonumber\label{b}\\y\end{align} \[z \begin{align}x\end{align}\]`, c)
	if got, want := labels(formulas), "a=1 b=2"; got != want {
		t.Errorf("labels: got %s, want %s", got, want)
	}
	if got, want := faults(formulas), `ErroneousNestingEq \begin{align}`; got != want {
		t.Errorf("faults: got %s, want %s", got, want)
	}
}
