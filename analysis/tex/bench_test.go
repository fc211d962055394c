package tex

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/text"
)

// prose is a page like those of a mathematical blog.
var prose = strings.Repeat(`We write $x_i \in \mathbb{R}^d$ for the $i$-th point, with $\|x_i\|_2 \le 1$ and costs of \$5, so that
\begin{align}
  \mathcal{L}(\theta) &= \sum_{i=1}^n \log p_\theta(x_i \mid z_i) - \frac{1}{2}\left( \mu^\top \Sigma^{-1} \mu + \log\det \Sigma \right) \label{eq:LABEL} \\
  &\geq \int q(z) \log \frac{p(x, z)}{q(z)} \, dz \nonumber
\end{align}
holds by Jensen's inequality, see \eqref{eq:LABEL}. A second paragraph has only words in it, as most paragraphs do, and not a single formula.
\[ \E[f(X)] = \int f(x) \, \d\mu(x), \qquad \norm{f}^2 = \ip{f}{f} \]
`, 40)

func benchPage() string {
	var b strings.Builder
	for i, part := range strings.SplitAfter(prose, "We write") {
		b.WriteString(strings.ReplaceAll(part, "LABEL", string(rune('a'+i%26))+string(rune('a'+i/26))))
	}
	return `$\newcommand{\E}{\mathbb{E}} \newcommand{\d}{\mathrm{d}} \newcommand{\norm}[1]{\left\| #1 \right\|} \newcommand{\ip}[2]{\langle #1, #2 \rangle}$` + b.String()
}

func BenchmarkFind(b *testing.B) {
	flow, c := &text.Flow{Text: benchPage()}, dollars()
	b.SetBytes(int64(len(flow.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Find(flow, c)
	}
}

func BenchmarkRead(b *testing.B) {
	c := dollars()
	formulas, _ := Find(&text.Flow{Text: benchPage()}, c)
	size := 0
	for _, f := range formulas {
		size += len(f.TeX)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		Read(formulas, c)
	}
	if got := faults(formulas); got != "" {
		b.Fatal(got)
	}
}

// BenchmarkTruth reads the formulas of real blogs, where there are any.
func BenchmarkTruth(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SCHOLIUM_TRUTH"), "*", "truth.jsonl"))
	if os.Getenv("SCHOLIUM_TRUTH") == "" || len(files) == 0 {
		b.Skip("SCHOLIUM_TRUTH is not set")
	}
	pages, configs := truePages(b)
	size := 0
	for _, page := range pages {
		for _, f := range page {
			size += len(f.TeX)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i := range pages {
			Read(pages[i], configs[i])
		}
	}
}
