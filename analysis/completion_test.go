package analysis

import (
	"strings"
	"testing"

	"scholium/analysis/jekyll"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// completeAt returns what is offered at the | in a post's text, and the text
// without it.
func completeAt(t *testing.T, post string) (string, []Candidate) {
	t.Helper()
	at := strings.IndexByte(post, '|')
	doc := "---\nlayout: l\n---\n" + post[:at] + post[at+1:]
	b := site.New(rules.Checker()).Build()
	b.Configure(jekyll.ReadConfig(""), false)
	b.Source(site.NewSource("_layouts/l.html", `<script src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js"></script>{{ content }}`))
	b.File("_layouts/l.html", 1)
	s := b.Done()
	src := site.NewSource("_posts/2024-01-01-a.md", doc)
	b = s.Build()
	b.Source(src)
	b.Page(s.Make(src, nil), true)
	s = b.Done()
	return doc, Complete(s.At(src.Path, at+len(doc)-len(post)+1))
}

// TestCompleteElsewhere: what a candidate brings along, in another place.
func TestCompleteElsewhere(t *testing.T) {
	for _, x := range []struct{ post, label, want string }{
		{"A claim[^why|] here.\n", "why", "A claim[^why] here.\n\n[^why]: \n"},
		{"A claim[^|] here[^1].\n\n[^1]: One.\n", "2", "A claim[^2] here[^1].\n\n[^2]: \n[^1]: One.\n"},
		{"$$x + \\dv|$$\n", `\dv`, "$$\\require{physics}x + \\dv$$\n"},
		{"$$\\begin{pm|}$$\n", "pmatrix", "$$\\begin{pmatrix}\n\n\\end{pmatrix}$$\n"},
		{"$$\\begin{ca|\n\\end{cases}$$\n", "cases", "$$\\begin{cases}\n\\end{cases}$$\n"},
	} {
		doc, list := completeAt(t, x.post)
		found := false
		for _, k := range list {
			if k.Label != x.label {
				continue
			}
			found = true
			after, ok := text.Apply(doc, append([]text.Edit{{Span: k.Replace, New: k.Insert}}, k.Extra...))
			if got := strings.TrimPrefix(after, "---\nlayout: l\n---\n"); !ok || got != x.want {
				t.Errorf("%q: %q, want %q", x.post, got, x.want)
			}
		}
		if !found {
			t.Errorf("%q: %s is not among %d candidates", x.post, x.label, len(list))
		}
	}
}

// TestCompleteNothing: in code, and in a comment, nothing counts.
func TestCompleteNothing(t *testing.T) {
	for _, post := range []string{"`\\eqref{|}`\n", "```\n\\alp|\n```\n", "<!-- [^| -->\n", "a \\alp|\n", "    [x](|\n"} {
		if _, list := completeAt(t, post); len(list) > 0 {
			t.Errorf("%q: %d candidates, the first is %s", post, len(list), list[0].Label)
		}
	}
}
