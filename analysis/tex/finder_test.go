package tex

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/workspace/judge/nodejs"
)

// TestFinder holds the finder against MathJax's own on pages of HTML at random,
// by a fixed seed: delimiters, escapes, environments, references, elements and
// classes that are left alone, and what joins text or parts it.
func TestFinder(t *testing.T) {
	for _, version := range []string{"3", "4"} {
		rng := rand.New(rand.NewPCG(seedOf(t, 41), 43))
		var pages []asked
		for range times(t, 1500) {
			c := mathjax.Default(map[string]mathjax.Engine{"3": mathjax.MathJax3, "4": mathjax.MathJax4}[version])
			config := map[string]any{"tags": "none"}
			if rng.IntN(3) > 0 {
				c.Inline = append(c.Inline, mathjax.Delimiters{Open: "$", Close: "$"})
			}
			if rng.IntN(8) == 0 {
				c.Display = []mathjax.Delimiters{{Open: "[", Close: "]"}, {Open: "$$", Close: "$$"}}
			}
			c.ProcessEscapes, c.ProcessEnvironments, c.ProcessRefs = rng.IntN(4) > 0, rng.IntN(4) > 0, rng.IntN(4) > 0
			config["inlineMath"], config["displayMath"] = lists(c.Inline), lists(c.Display)
			config["processEscapes"], config["processEnvironments"], config["processRefs"] = c.ProcessEscapes, c.ProcessEnvironments, c.ProcessRefs
			options := map[string]any{}
			if rng.IntN(4) == 0 {
				c.IgnoreClass, c.ProcessClass = "skip|raw.*", "math"
				options["ignoreHtmlClass"], options["processHtmlClass"] = c.IgnoreClass, c.ProcessClass
			}
			if rng.IntN(4) == 0 {
				c.SkipTags = []string{"script", "style", "pre", "b"}
				options["skipHtmlTags"] = c.SkipTags
			}
			html := "<html><head></head><body>" + randomHTML(rng, 3) + "</body></html>"
			pages = append(pages, asked{Config: config, Own: &c, HTML: &html, Options: options, Formulas: []askedFormula{}})
		}
		found := 0
		for i, v := range nodejs.Ask(t, version, pages) {
			var got, want strings.Builder
			formulas, _ := Find(flowOf(*pages[i].HTML), pages[i].Own)
			for _, f := range formulas {
				fmt.Fprintf(&got, "%q %v\n", f.TeX, f.Display)
			}
			for _, f := range v.Found {
				fmt.Fprintf(&want, "%q %v\n", f.TeX, f.Display)
			}
			found += len(v.Found)
			if got.String() != want.String() {
				t.Errorf("MathJax %s, %v %v\n%s\ngot\n%swant\n%s", version, pages[i].Config, pages[i].Options, *pages[i].HTML, got.String(), want.String())
			}
		}
		t.Logf("MathJax %s: %d formulas in %d pages", version, found, len(pages))
		if found < len(pages) {
			t.Error("hardly any formulas were found")
		}
	}
}

func lists(all []mathjax.Delimiters) (out [][]string) {
	for _, d := range all {
		out = append(out, []string{d.Open, d.Close})
	}
	return out
}

// randomHTML writes well-formed HTML with text in which formulas may stand.
func randomHTML(rng *rand.Rand, depth int) string {
	var b strings.Builder
	for range 2 + rng.IntN(12) {
		switch n := rng.IntN(12); {
		case n == 0 && depth > 0:
			name := pick(rng, "p", "em", "b", "code", "pre", "span", "div", "a")
			class := pick(rng, "", "", ` class="skip"`, ` class="x math"`, ` class="mathjax_ignore y"`, ` class="mathjax_process"`, ` class="rawest"`, ` class="unskip"`)
			b.WriteString("<" + name + class + ">" + randomHTML(rng, depth-1) + "</" + name + ">")
		case n == 1:
			b.WriteString(pick(rng, "<br>", "<br/>", "<wbr>", "<!-- c $ -->", "<hr>", `<img src="x">`))
		default:
			b.WriteString(pick(rng, "$x$", "$", "$$", "$$y$$", `\(a\)`, `\(`, `\)`, `\[b\]`, `\[`, `\]`, "{", "}", `\$`, `\\`, `\{`, " ", "word ", "\n", "5", "é", "&lt;", "&amp;",
				`\begin{align}z\end{align}`, `\begin{align}`, `\end{align}`, `\begin {q}{\end{q}}\end {q}`, `\ref{a}`, `\eqref {b}`, `\ref`, `\eqref{`, "[", "]", "$a{$}b$", `\begin{a}\begin{a}\end{a}`, "&nbsp;", `\`))
		}
	}
	return b.String()
}
