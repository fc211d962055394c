package tex

import (
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// dollars is MathJax 3 with $ and tags "all".
func dollars() *mathjax.Config {
	return mathjax.Read([]mathjax.Script{{Body: `MathJax = {tex: {inlineMath: [['$', '$'], ['\\(', '\\)']], tags: 'all'}}`}})
}

func TestFind(t *testing.T) {
	for _, test := range []struct{ name, text, found, open string }{
		{"delimiters", `a $x$ \(y\) \[z\] $$w$$`, `x|y|z|w`, ``},
		{"currency", `costs $2000 and $3000`, `2000 and `, ``},
		{"escapes", `\$5 and $x$ \\(y\\)`, `x`, ``},
		{"braces", `$a{$b$}c$ $}$`, `a{$b$}c|}`, ``},
		{"escaped brace", `$\{$ x`, `\{`, ``},
		{"environment", `\begin {align*}x\end {align*} y`, `\begin {align*}x\end {align*}`, ``},
		{"nested environment of one name", `\begin{a}\begin{a}x\end{a}\end{a}`, `\begin{a}\begin{a}x\end{a}`, ``},
		{"references", `see \ref{a} and \eqref {b}`, `\ref{a}|\eqref {b}`, ``},
		{"never closed", `a \( x and \[ y \begin{z} $$ w`, ``, `\(|\[|\begin{z}|$$`},
		{"display opener closed by nothing", `$$x$ y`, ``, `$$|$`},
	} {
		t.Run(test.name, func(t *testing.T) {
			formulas, unclosed := Find(&text.Flow{Text: test.text}, dollars())
			var found, open []string
			for _, f := range formulas {
				found = append(found, f.TeX)
				if got := f.Inner.Of(test.text); got != f.TeX {
					t.Errorf("Inner is %q of %q", got, f.TeX)
				}
			}
			for _, u := range unclosed {
				open = append(open, u.At.Of(test.text))
			}
			if got := strings.Join(found, "|"); got != test.found {
				t.Errorf("found %q, want %q", got, test.found)
			}
			if got := strings.Join(open, "|"); got != test.open {
				t.Errorf("unclosed %q, want %q", got, test.open)
			}
		})
	}
}

func TestFindElements(t *testing.T) {
	f := &text.Flow{
		Text: "$a\nb$ $c d$ $e$ $f$ $g h$",
		Marks: []text.Mark{
			{At: 2, Kind: text.Void, Name: "br"},
			{At: 8, Kind: text.Open, Name: "em"}, {At: 9, Kind: text.Close, Name: "em"},
			{At: 12, Kind: text.Open, Name: "code"}, {At: 15, Kind: text.Close, Name: "code"},
			{At: 16, Kind: text.Open, Name: "p", Class: "x mathjax_ignore"}, {At: 19, Kind: text.Close, Name: "p"},
			{At: 22, Kind: text.Comment},
		},
	}
	formulas, _ := Find(f, dollars())
	var found []string
	for _, f := range formulas {
		found = append(found, f.TeX)
	}
	// A <br> is a newline to MathJax; kramdown writes another behind it.
	if got, want := strings.Join(found, "|"), "a\n\nb|g h"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, want := formulas[0].InFlow(text.Span{Start: 3, End: 4}).Of(f.Text), "b"; got != want {
		t.Errorf("InFlow gives %q, want %q", got, want)
	}
}
