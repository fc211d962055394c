package tex

import (
	"strings"
	"testing"

	"scholium/analysis/mathjax"
)

func TestPlain(t *testing.T) {
	c := mathjax.Default(mathjax.MathJax3)
	c.Macros = []mathjax.Macro{{Name: "R", Body: `\mathbb{R}`}, {Name: "pair", Body: `\left(#1,#2\right)`, Args: 2}}
	loop := []Definition{{Command: "newcommand", Name: "loop", Body: `\loop\loop`}}
	for source, want := range map[string]string{
		`a^2+b^2=c^2`:                                 `a² + b² = c²`,
		`\frac{d^2x}{dt^2} + \omega^2 x = 0`:          `d²x/dt² + ω²x = 0`,
		`\mathbb{E}_{q(z)}[\log p(x,z)]`:              `𝔼_(q(z))[log p(x, z)]`,
		`x\in\R^{n}`:                                  `x ∈ ℝⁿ`,
		`\pair{x}{-y}`:                                `(x, −y)`,
		`\sum_{i=1}^n x_i`:                            `∑ᵢ₌₁ⁿxᵢ`,
		`\begin{pmatrix}1&0\\0&1\end{pmatrix}`:        `(1 0; 0 1)`,
		`\sqrt{a+b}\,\sqrt[3]{x}`:                     `√(a + b) ³√x`,
		`\hat{x}+\vec v`:                              "x\u0302 + v\u20d7",
		`\bra{n}\hat x\ket{m}`:                        "⟨n|x\u0302|m⟩",
		`\begin{align}a&=b\label{q}\\c&=d\end{align}`: `a = b; c = d`,
		`f'(x) \leq 0 \text{ if } x<0`:                `f′(x) ≤ 0 if x < 0`,
		`\mathcal{L}(\theta) % a comment`:             `ℒ(θ)`,
		`\left\{ x \mid x > 0 \right\}`:               `{x | x > 0}`,
		`\nosuch{x}`:                                  `\nosuchx`,
		``:                                            ``,
		`\frac{a}{`:                                   `a/`,
		`90^\circ`:                                    `90°`,
		`\dv{f}{x}`:                                   `df/dx`,
		`\frac{p(x,z)}{q(z)}`:                         `p(x, z)/q(z)`,
		`\log\frac{p}{q} + a\frac{p}{q}`:              `log (p/q) + ap/q`,
		`-\frac{1}{2}x^2`:                             `−1/2 x²`,
		`\frac{1}{2\pi}(x-1)`:                         `1/(2π) (x − 1)`,
		`\frac{a+b}{c}^2, \frac{-a}{\sigma^2}`:        `(a + b)/c², −a/σ²`,
		`\frac{\partial f}{\partial x_{ij}} + \sqrt{2\pi}\sqrt2x`: `∂f/∂xᵢⱼ + √(2π) √2 x`,
		`\left(\frac{x}{y_{a,b}}\right)`:                          `(x/y_(a, b))`,
		`x \not\in A`:                                             "x ∈\u0338 A",
	} {
		if got := Plain(source, &c, nil); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
	if got := Plain(`a\loop`, &c, loop); len(got) > 100 {
		t.Errorf("a macro that expands for ever: %d bytes", len(got))
	}
	for _, s := range []string{strings.Repeat("{", 5000), strings.Repeat(`\frac{`, 3000), strings.Repeat("^", 4000), "\xff\\\xff", `\begin{`, `\sqrt[`, `\`} {
		Plain(s, &c, nil)
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{`a^2`, `\begin{cases}a&b\\c\end{cases}`, `\newcommand{\x}[1]{#1}\x y`, `\not`, `\overset{a}`} {
		f.Add(s)
	}
	c := mathjax.Default(mathjax.MathJax4)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 {
			return
		}
		if got := Plain(s, &c, nil); strings.ContainsRune(got, '\n') {
			t.Errorf("%q", got)
		}
	})
}
