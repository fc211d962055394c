package site

import (
	"strings"
	"testing"

	"scholium/analysis/jekyll"
	"scholium/analysis/text"
)

// TestMarkdownify finds a formula, and an id, that pass through markdownify in
// an include, where they are written.
func TestMarkdownify(t *testing.T) {
	doc := "---\n---\n{% include box.html id=\"thm\" text=\"## A *b*\n{: #own}\n\nLet $$x_1 \\ge 0$$ be.\" %}\n"
	b := New(Rules{}).Build()
	b.Configure(jekyll.ReadConfig("title: x\n"), false)
	b.Source(NewSource("_includes/box.html", "<div id=\"{{ include.id }}\" markdown=\"0\">{{ include.text | markdownify }}</div>\n"))
	p := b.Done().Make(NewSource("a.md", doc), nil)
	at := strings.Index(p.Flow.Text, `x_1 \ge 0`)
	if at < 0 {
		t.Fatalf("no formula in %q", p.Flow.Text)
	}
	for i := range len(`x_1 \ge 0`) {
		if at+i < len(p.Flow.Text) {
			o := p.FromFlow(text.Span{Start: at + i, End: at + i + 1})
			if want := strings.Index(doc, "x_1") + i; !o.Exact && p.Flow.Text[at+i] != ' ' || o.Exact && o.Span.Start != want {
				t.Errorf("byte %d of the formula comes from %+v, not %d", i, o, want)
			}
		}
	}
	found := map[string]Origin{}
	for _, n := range p.Facts.Names {
		if n.Kind == Anchor && !n.Uses {
			found[n.Text] = n.At
		}
	}
	for _, id := range []string{"thm", "own"} {
		o, ok := found[id]
		if !ok || o.Span.Of(doc) != id && id == "thm" {
			t.Errorf("the id %s comes from %+v (%q), found %v", id, o, o.Span.Of(doc), ok)
		}
	}
}
