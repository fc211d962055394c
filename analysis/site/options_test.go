package site

import (
	"strings"
	"testing"

	"scholium/analysis/jekyll"
)

// TestKramdownMaps: options whose value is a map reach kramdown as well. The
// HTML is what Jekyll 4.3 gave.
func TestKramdownMaps(t *testing.T) {
	b := New(Rules{}).Build()
	b.Configure(jekyll.ReadConfig(`kramdown:
  link_defs:
    Foo: ["https://example.org/a", "T, u"]
  typographic_symbols: {hellip: "..."}
`), false)
	p := b.Done().Make(NewSource("_posts/2024-01-01-a.md", "---\n---\n[x][foo] a...b --- c\n"), nil)
	if got, want := p.Tree.HTML(), "<p><a href=\"https://example.org/a\" title=\"T, u\">x</a> a...b — c</p>\n"; got != want {
		t.Errorf("got %q", got)
	}
}

// TestMathEngine: formulas that another engine sets when the site is built are
// not MathJax's: nothing is certain about them.
func TestMathEngine(t *testing.T) {
	for engine, unknown := range map[string]string{"katex": "the math engine katex", "mathjax": "", "nil": "", "sskatex": "the math engine sskatex"} {
		b := New(Rules{}).Build()
		b.Configure(jekyll.ReadConfig("kramdown: {math_engine: "+engine+"}\n"), false)
		b.Source(NewSource("_layouts/default.html", `<script src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js"></script>{{ content }}`))
		b.File("_layouts/default.html", 1)
		p := b.Done().Make(NewSource("_posts/2024-01-01-a.md", "---\nlayout: default\n---\n$$x \\nosuch$$\n"), nil)
		if !strings.Contains(p.Config.Unknown, unknown) || unknown == "" && p.Config.Unknown != "" {
			t.Errorf("%s: %q", engine, p.Config.Unknown)
		}
	}
}
