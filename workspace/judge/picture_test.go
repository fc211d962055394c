package judge

import (
	"context"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"scholium/analysis/mathjax"
)

// wellFormed reports what is wrong with a picture as XML.
func wellFormed(svg string) error {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

func TestDraw(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	for _, e := range []mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4} {
		for _, x := range []struct {
			tex     string
			display bool
		}{
			{`x`, false}, {`\frac{a}{b}`, true}, {`\begin{align} a &= b \label{q} \\ c &= \eqref{q} + \eqref{far} \end{align}`, true},
			{`\begin{equation} x \tag{7} \end{equation}`, true}, {`\text{é 𝔼}`, false}, {`\begin{prooftree}\AxiomC{A}\UnaryInfC{B}\end{prooftree}`, true},
			{`\require{physics}\dv{f}{x}`, true}, {`\ce{H2O}`, true}, {`\cancel{x}`, true}, {`\begin{CD}A @>a>> B\end{CD}`, true},
		} {
			d, err := j.Draw(context.Background(), Question{Config: config(e), Formula: Formula{TeX: x.tex, Display: x.display}}, 3, map[string]string{"far": "9"})
			if err != nil || len(d.Errors) > 0 {
				t.Fatalf("%d %s: %v %v", e, x.tex, err, d.Errors)
			}
			for _, style := range []Style{Legible, {Color: `"<>&`}} {
				svg := Picture(d.SVG, style)
				if err := wellFormed(svg); err != nil || svg == "" {
					t.Errorf("%d %s: %v: %.200s", e, x.tex, err, svg)
				}
				if len(URI(svg)) > 90_000 {
					t.Errorf("%s: %d bytes", x.tex, len(svg))
				}
			}
			if dir := os.Getenv("SCHOLIUM_PICTURES"); dir != "" {
				name := strings.Map(func(c rune) rune {
					if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
						return c
					}
					return '_'
				}, x.tex)
				if err := os.WriteFile(dir+"/"+string(rune('0'+e))+name+".svg", []byte(Picture(d.SVG, Legible)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestDrawError: an error is an error, and the next drawing is as ever.
func TestDrawError(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	for range 2 {
		d, err := j.Draw(context.Background(), Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `x^a^b`, Display: true}}, 1, nil)
		if err != nil || len(d.Errors) != 1 {
			t.Errorf("%v %v", d.Errors, err)
		}
		if d, err = j.Draw(context.Background(), Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `x`, Display: true}}, 1, nil); err != nil || len(d.Errors) > 0 || d.SVG == "" {
			t.Errorf("%v %v", d, err)
		}
	}
}

// BenchmarkCheck and BenchmarkDraw measure a formula that no engine has seen.
func BenchmarkCheck(b *testing.B) {
	needMathJax(b)
	j := New(1)
	defer j.Close()
	c := config(mathjax.MathJax3)
	for i := 0; b.Loop(); i++ {
		if _, err := j.Check(context.Background(), Question{Config: c, Formula: Formula{TeX: formulas[i%len(formulas)], Display: true}}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	needMathJax(b)
	for _, e := range []mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4} {
		b.Run(map[mathjax.Engine]string{mathjax.MathJax3: "3", mathjax.MathJax4: "4"}[e], func(b *testing.B) {
			j := New(1)
			defer j.Close()
			c := config(e)
			begin := time.Now()
			if _, err := j.Draw(context.Background(), Question{Config: c, Formula: Formula{TeX: `x`, Display: true}}, 1, nil); err != nil {
				b.Fatal(err)
			}
			first := time.Since(begin)
			for i := 0; b.Loop(); i++ {
				if _, err := j.Draw(context.Background(), Question{Config: c, Formula: Formula{TeX: formulas[i%len(formulas)], Display: true}}, 1, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(first.Milliseconds()), "ms/first")
		})
	}
}

var formulas = []string{
	`\mathcal{L}(\theta) = \mathbb{E}_{q(z)}\left[\log \frac{p(x,z)}{q(z)}\right]`,
	`\begin{align} a &= b + c \\ d &= \sum_{i=1}^n x_i^2 \end{align}`,
	`\int_0^\infty e^{-x^2}\,\mathrm{d}x = \frac{\sqrt{\pi}}{2}`,
	`\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}`,
	`\nabla_\phi \mathrm{KL}(q_\phi \,\|\, p) \le \varepsilon`,
}
