package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// The files that the steps below touch, with texts that depend on each other.
var orderFiles = map[string][]string{
	"_config.yml":            {"title: x\n", "title: y\nbaseurl: /b\n", "markdown: CommonMark\n", "a: b: c\n", "exclude: [p.md]\ndefaults: [{scope: {path: ''}, values: {layout: other}}]\n"},
	"Gemfile.lock":           {"GEM\n  specs:\n    kramdown (2.5.1)\n", "    kramdown (2.4.0)\n", "x"},
	".scholium.yml":          {"rules: {unused-footnote: off}\n", "exclude: [p.md]\n", "x: y\n"},
	"_layouts/default.html":  {"<head>{% include mathjax.html %}</head>{{ content }}", "<p id=\"layout\">{{ content }}</p>"},
	"_layouts/other.html":    {"---\nlayout: default\n---\n<i id=\"{{ page.title }}\">{{ content }}</i>"},
	"_includes/mathjax.html": {"<script>MathJax={tex:{inlineMath:[['$','$']],tags:'ams',macros:{R:'r'}}}</script><script src=\"https://x.org/mathjax@3/es5/tex-svg.js\"></script>", "nothing"},
	"_includes/f.html":       {"<img src=\"/a.png\" id=\"f-{{ include.ref }}\">", "{% include g.html %}", "$\\R$ \\eqref{q}[^n]"},
	"_includes/g.html":       {"<b id=\"g\">", "{% include f.html %}"},
	"_posts/2024-01-01-a.md": {
		"---\nlayout: default\ntitle: A\n---\n{% include f.html ref=\"x\" %} [x](#f-x) $\\R$ \\eqref{q}[^n] [g](#g)\n\n[^n]: note\n",
		"---\nlayout: other\ntitle: T\n---\n\\begin{equation}\\label{q} x \\end{equation} \\eqref{q} [t](#T) [l](#layout)\n", "plain ![](/a.png) ![](/b/a.png) [p](/p.html#h) [q](/2024/01/01/a.html#g) [r](/2024/01/01/r.html)\n",
	},
	"p.md":                {"---\nlayout: default\n---\n# H\n\n[h](#h) [i](#i) $\\undef$ {{ site.title }}\n", "no front matter [^x]\n"},
	"a.png":               {"", "x"},
	"l.md":                {"---\n---\n{% for p in site.posts %}[{{ p.title }}]({{ p.url }} \"{{ p.z.a }}\"){% endfor %}{% for p in site.pages %}{{ p.name }}{% endfor %}{% for f in site.static_files %}{{ f.path }}{% endfor %}\n"},
	"u.md":                {"---\ntitle: U\n---\n{% post_url 2024-01-01-a %} {% link p.md %} {% link a.png %} {% include list.html %}{% include_relative r.md x=1 %}\n"},
	"r.md":                {"part {{ include.x }}\n", "---\n---\nnow a page\n"},
	"t.text":              {"---\ntitle: T\n---\n", "static\n"},
	"_includes/list.html": {"{{ site.tags | size }}{{ site.pages | map: 'title' | join: ',' }}", "{{ page.next.url }}{% link u.md %}"},
}

var orderNames = func() (out []string) {
	for name := range orderFiles {
		out = append(out, name)
	}
	return out
}()

// TestOrder makes the same site in many ways: whatever the order of loads,
// edits, saves and closes, what is known and what is shown equal those of a
// site that is read once.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "order")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		put := func(name, doc string) {
			full := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		put("_config.yml", orderFiles["_config.yml"][0])
		w := New(nil, rules.Checker(), nil)
		defer w.Stop()
		buffers := map[string]string{}
		w.AddFolder(dir)[0].Refresh()
		version := int32(0)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			name := rapid.SampledFrom(orderNames).Draw(t, "name")
			doc := rapid.SampledFrom(orderFiles[name]).Draw(t, "doc")
			full := filepath.Join(dir, name)
			version++
			switch rapid.SampledFrom([]string{"write", "delete", "open", "change", "change", "close", "wait", "ask"}).Draw(t, "step") {
			case "write":
				// Another size is another stamp: the clock of a file system may be coarse.
				put(name, doc+fmt.Sprintf("%*s", version%7, "\n"))
				w.Touched([]string{full})
			case "delete":
				if name != "_config.yml" {
					if err := os.Remove(full); err == nil {
						w.Touched([]string{full})
					}
				}
			case "open":
				if _, open := buffers[name]; !open {
					buffers[name] = doc
					w.Open(full, version, doc)
				}
			case "change":
				if _, open := buffers[name]; open {
					buffers[name] = doc
					w.Change(full, version, func(string) string { return doc })
				}
			case "close":
				if _, open := buffers[name]; open {
					delete(buffers, name)
					w.Close(full)
				}
			case "wait":
				s, _ := w.Site(filepath.Join(dir, "x"))
				s.Wait()
			case "ask":
				s, _ := w.Site(filepath.Join(dir, "x"))
				s.Now()
			}
		}
		w.Touched([]string{filepath.Join(dir, "_config.yml")})
		scratch := New(nil, rules.Checker(), nil)
		defer scratch.Stop()
		for name, doc := range buffers {
			scratch.Open(filepath.Join(dir, name), 0, doc)
		}
		scratch.AddFolder(dir)[0].Refresh()
		if diff := cmp.Diff(shown(scratch, dir, buffers), shown(w, dir, buffers)); diff != "" {
			t.Fatalf("a site read once, and the same site by steps:\n%s", diff)
		}
	})
}

// shown is all that can be seen of a site.
func shown(w *Workspace, dir string, buffers map[string]string) map[string]any {
	s, _ := w.Site(filepath.Join(dir, "x"))
	s.Wait()
	state := s.Now()
	out := map[string]any{}
	for _, f := range state.AllFacts() {
		out["facts "+string(f.Path)] = *f
	}
	for _, name := range orderNames {
		p := site.Path(name)
		out["problems "+name] = analysis.Problems(state.Snapshot, state.Settings, p)
		out["readers "+name] = state.Readers(p)
		out["exists "+name] = state.Has(p)
		if page := state.Page(p); page != nil {
			out["page "+name] = page.Liquid.Text
			if page.Tree != nil {
				out["html "+name] = page.Tree.HTML()
			}
		}
	}
	return out
}
