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

// TestCompleteLeavesOut: what stands there already, and what no page has, is not
// offered beside what is.
func TestCompleteLeavesOut(t *testing.T) {
	for _, x := range []struct{ doc, offers, not string }{
		{"---\ntitle: a\nlayout: l\nta|\n---\n", "tags", "title"},
		{"---\ntitle: a\nta|\n  - x\n---\n", "tags", "title"}, // no YAML as it stands
		{"---\ntags: [one, t|]\n---\n", "two", "one"},
		{"---\ntags:\n  - one\n  - \"t|\"\n---\n", "two", "one"},
		{"---\ntags: one t|\n---\n", "two", "one"},
		{"---\ntags:\n- one\n- t|\n---\n", "two", "one"},
		{"---\ntag: o|\n---\n", "", "one"}, // no page has this key
		{"---\nlayout: l|\n---\n", "l", "tags"},
		{"---\n# tags: o|\n---\n", "", "one"},
		{"---\n---\n{: .cl}\n\n{: #|}\n", "", ".cl"},
		{"---\n---\nx\n{: .cl}\n\ny\n{: .|}\n", ".cl", "title"},
		{"---\n---\nx\n{: title=\".|\"}\n", "", ".cl"},
		{"---\n---\n```\n{: .|}\n```\n", "", ".no_toc"},
		{"---\n---\n{% raw %}{{ x | up|", "", "upcase"},
		{"---\n---\n{% raw %}{% endraw %}{{ x | up|", "upcase", "tags"},
		{"---\n---\n{% raw %}{% |", "", "assign"},
	} {
		at := strings.LastIndexByte(x.doc, '|')
		doc := x.doc[:at] + x.doc[at+1:]
		b := site.New(rules.Checker()).Build()
		b.Configure(jekyll.ReadConfig(""), false)
		for name, text := range map[site.Path]string{"_layouts/l.html": "{{ content }}", "_posts/2024-01-02-b.md": "---\ntags: [one, two]\n---\n"} {
			src := site.NewSource(name, text)
			b.Source(src)
			b.SourceHead(src)
			b.File(name, 1)
		}
		s := b.Done()
		src := site.NewSource("_posts/2024-01-01-a.md", doc)
		b = s.Build()
		b.Source(src)
		b.Page(s.Make(src, nil), true)
		s = b.Done()
		list := Complete(s.At(src.Path, at))
		has := func(label string) bool {
			for _, k := range list {
				if k.Label == label {
					return true
				}
			}
			return false
		}
		if x.offers != "" && !has(x.offers) || has(x.not) {
			var labels []string
			for _, k := range list {
				labels = append(labels, k.Label)
			}
			t.Errorf("%q: %v", x.doc, labels)
		}
	}
}

// TestUnmarked: Markdown for editors that show it as it is.
func TestUnmarked(t *testing.T) {
	in := "**(1)** `eq:a`\n\n```latex\n**x** `y`\n```\n\n````text\n```\n````\nend"
	if got, want := Unmarked(in), "(1) eq:a\n\n**x** `y`\n\n```\nend"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
