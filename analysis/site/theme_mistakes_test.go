package site

import (
	"testing"

	"scholium/analysis/jekyll"
	"scholium/analysis/mathjax"
)

// TestMinimalMistakes: the theme leaves MathJax to a file of the site's own.
func TestMinimalMistakes(t *testing.T) {
	hook := `{% if page.mathjax %}<script>MathJax = {tex: {tags: 'ams', macros: {R: '\\mathbb{R}'}}}</script>
<script src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js"></script>{% endif %}`
	for _, x := range []struct {
		theme, hook, head string
		engine            mathjax.Engine
		known             bool
	}{
		{"remote_theme: mmistakes/minimal-mistakes@4.26.2", hook, "layout: single\nmathjax: true", mathjax.MathJax3, true},
		{"theme: minimal-mistakes-jekyll", hook, "layout: single\nmathjax: true", mathjax.MathJax3, true},
		{"theme: minimal-mistakes-jekyll", hook, "layout: single", mathjax.MathJax3, false},
		{"theme: minimal-mistakes-jekyll", "", "layout: single\nmathjax: true", mathjax.MathJax3, false},
		{"theme: some-other", hook, "layout: single\nmathjax: true", mathjax.MathJax3, false},
	} {
		b := New(Rules{}).Build()
		b.Configure(jekyll.ReadConfig(x.theme+"\n"), false)
		if x.hook != "" {
			b.Source(NewSource("_includes/head/custom.html", x.hook))
			b.File("_includes/head/custom.html", 1)
		}
		p := b.Done().Make(NewSource("_posts/2024-01-01-a.md", "---\n"+x.head+"\n---\n$$x \\in \\R$$\n"), nil)
		if p.Config.Engine != x.engine || (p.Config.Unknown == "") != x.known || x.known && (p.Config.Tags != "ams" || len(p.Config.Macros) != 1) {
			t.Errorf("%+v: %v %q %v", x, p.Config.Engine, p.Config.Unknown, p.Config.Tags)
		}
	}
}
