package tex

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

func seeds(f *testing.F) {
	data, err := os.ReadFile("testdata/formulas.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		f.Add(line)
	}
}

// FuzzFind holds the finder to its promises: formulas lie in the text, in
// order, apart from each other, and hold what they say.
func FuzzFind(f *testing.F) {
	seeds(f)
	f.Add("a $x$ \\(y\\) \\[z\\] $$w$$ \\begin{align}x\\end{align} \\ref{a} \\$ $")
	c := dollars()
	katex := mathjax.Default(mathjax.KaTeX)
	f.Fuzz(func(t *testing.T, s string) {
		flow := &text.Flow{Text: s}
		if n := len(s) / 2; n > 0 {
			flow.Marks = []text.Mark{{At: n / 2, Kind: text.Void, Name: "br"}, {At: n, Kind: text.Open, Name: "em"}, {At: n + n/2, Kind: text.Close, Name: "em"}}
		}
		Find(flow, &katex)
		formulas, unclosed := Find(flow, c)
		at := 0
		for _, f := range formulas {
			if f.Flow.Start < at || f.Flow.End > len(s) || !f.Flow.Covers(f.Inner) {
				t.Fatalf("%+v is out of order", f)
			}
			at = f.Flow.End
			if got := f.Inner.Of(s); len(f.Breaks) == 0 && got != f.TeX {
				t.Fatalf("Inner is %q, TeX %q", got, f.TeX)
			}
		}
		for _, u := range unclosed {
			if u.At.Start < 0 || u.At.End > len(s) || u.At.Empty() {
				t.Fatalf("%+v", u)
			}
		}
	})
}

// FuzzRead holds the reader to its promises: it ends, and every span lies in
// its formula.
func FuzzRead(f *testing.F) {
	seeds(f)
	three, four := dollars(), dollars()
	three.Packages = append(three.Packages, "physics", "mathtools", "textmacros")
	four.Engine = mathjax.MathJax4
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range []*mathjax.Config{dollars(), three, four} {
			formulas := []Formula{{TeX: s, Display: true}, {TeX: s + s}, {TeX: s, Display: true}}
			state := Read(formulas, c)
			if len(state.Before) != len(formulas) {
				t.Fatal("a hash is missing")
			}
			for i := range formulas {
				checkSpans(t, &formulas[i])
			}
		}
	})
}

func checkSpans(t *testing.T, f *Formula) {
	t.Helper()
	check := func(what string, s text.Span) {
		if s.Start < 0 || s.End < s.Start || s.End > len(f.TeX) {
			t.Fatalf("%s: span %v of %q", what, s, f.TeX)
		}
	}
	for _, l := range f.Labels {
		check("label "+l.Name, l.Span)
		check("label's name "+l.Name, l.NameSpan)
	}
	for _, r := range f.Refs {
		check("reference "+r.Name, r.Span)
		check("reference's name "+r.Name, r.NameSpan)
	}
	for _, d := range f.Defs {
		check("definition "+d.Name, d.Span)
		check("definition's name "+d.Name, d.NameSpan)
	}
	for _, u := range f.Uses {
		check("use "+u.Name, u.Span)
	}
	for _, r := range f.Rows {
		check("row", r.Span)
	}
	for _, fault := range f.Faults {
		check(fault.ID, fault.Span)
		if fault.Message == "" || utf8.ValidString(f.TeX) && !utf8.ValidString(fault.Message) {
			t.Fatalf("message %q", fault.Message)
		}
	}
}

// TestLinear holds the finder and the reader to hostile input: a longer one
// must not take out of proportion long. The bound is generous; what it rules
// out takes minutes.
func TestLinear(t *testing.T) {
	const n = 20_000
	for _, s := range []string{"$ {", `\begin{a}`, `\( `, "{", "$$", `\left(`, `\frac`, `\begin{matrix}`, `x^`, `\text{$`, `\sqrt[`, `\def\a{\a\a}\a `,
		`\newcommand\a{\frac{\a}{\a}}\a`, "{}{", `\begin{equation}`, `\label{a}`, `\over `, `'`, "^{", `\a#1`, `\text{\text{`} {
		long := strings.Repeat(s, n)
		formulas, _ := Find(&text.Flow{Text: long}, dollars())
		Read(formulas, dollars())
		one := []Formula{{TeX: long, Display: true}}
		Read(one, dollars())
		checkSpans(t, &one[0])
	}
}
