package mathjax

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const cdn = "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js"

func TestEngines(t *testing.T) {
	for _, test := range []struct {
		src  string
		want Engine
		full bool
	}{
		{cdn, MathJax3, false},
		{"https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/tex-mml-chtml.js", MathJax3, false},
		{"/assets/mathjax/tex-svg-full.js", MathJax3, true},
		{"https://cdn.jsdelivr.net/npm/mathjax@4/tex-chtml.js", MathJax4, false},
		{"https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/MathJax.js?config=TeX-AMS-MML_HTMLorMML", MathJax2, false},
		{"//cdn.mathjax.org/mathjax/latest/MathJax.js?config=TeX-AMS_HTML", MathJax2, false},
		{"https://cdn.jsdelivr.net/npm/katex@0.16.9/dist/contrib/auto-render.min.js", KaTeX, false},
		{"https://cdn.jsdelivr.net/npm/mathjax@4.0.0/tex-mml-chtml.js", MathJax4, false},
		{"https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml-full.js", MathJax3, true},
		{"https://cdn.jsdelivr.net/npm/mathjax@2/MathJax.js?config=TeX-AMS_CHTML", MathJax2, false},
		{"https://cdn.jsdelivr.net/npm/mathjax/es5/tex-chtml.js", MathJax3, false},
		{"https://cdn.jsdelivr.net/npm/mathjax/tex-chtml.js", MathJax4, false},
		{"/assets/js/tex-tools.js", None, false},
		{"/assets/js/data/mathjax.js", MathJax2, false},
		{"https://polyfill.io/v3/polyfill.min.js?features=es6", None, false},
	} {
		if test.src == "/assets/js/data/mathjax.js" {
			// A file of that name is the site's own where it configures.
			c := Read([]Script{{Src: test.src, Body: `MathJax = {tex: {tags: 'ams'}}`}, {Src: cdn}})
			if c.Engine != MathJax3 || c.Tags != "ams" {
				t.Errorf("a site's mathjax.js: got engine %d, tags %s", c.Engine, c.Tags)
			}
			continue
		}
		if e, full := engineOf(test.src); e != test.want || full != test.full {
			t.Errorf("%s: got %d %v", test.src, e, full)
		}
	}
}

func TestRead(t *testing.T) {
	for _, test := range []struct{ name, script, want string }{
		{"nothing", ``, `MathJax3 inline \(…\) display $$…$$ \[…\] tags none`},
		{"window", `window.MathJax = {tex: {inlineMath: [['$','$'], ["\\(", "\\)"]], tags: "all"}};`, `MathJax3 inline $…$ \(…\) display $$…$$ \[…\] tags all`},
		{"escapes are JavaScript's", `MathJax = {tex: {displayMath: [["\[", "\]"]]}}`, `MathJax3 inline \(…\) display […] tags none`},
		{"macros", `MathJax = {tex: {macros: {R: "\\mathbb{R}", 'a': ["#1_{#2}", 2], b: ['\\x' + '{y}', 1, "d"], c: String.raw` + "`\\e`" + `, d: ` + "`\\\\f`" + `}}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none R=\mathbb{R} a/2=#1_{#2} b/1[d]=\x{y} c=\e d=\f`},
		{"constants", `const m = {A: 'a', B: 'b'}; let more = {...m, B: 'c'}; window.MathJax = {tex: {macros: more}}`, `MathJax3 inline \(…\) display $$…$$ \[…\] tags none A=a B=c`},
		{"functions are passed over", `MathJax = {startup: {ready: () => { MathJax.startup.defaultReady(); }}, tex: {tags: 'ams'}, options: {renderActions: {f: [10, function (doc) { if (a / b) {} }, '']}}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags ams`},
		{"unknown", `MathJax = {tex: {tags: settings.tags, macros: {R: 'r', S: f(2)}, processEscapes: false}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none noescapes R=r unknown: tex.tags: the member tags; tex.macros.S: a call`},
		{"packages", `MathJax = {loader: {load: ['[tex]/physics']}, tex: {packages: {'[+]': ['physics'], '[-]': ['noundefined']}}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none +physics -noundefined loads physics`},
		{"a list of packages replaces the defaults", `MathJax = {loader: {load: ['[tex]/physics', 'ui/lazy']}, tex: {packages: ['base', 'ams', 'physics']}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none +physics -newcommand -noundefined -require -configmacros loads physics`},
		{"escapes of JavaScript", `MathJax = {tex: {macros: {a: '\x41\u0042\u{43}\
d\'\"\q', bb: "\101\t"}}}`, "MathJax3 inline \\(…\\) display $$…$$ \\[…\\] tags none a=ABCd'\"q bb=A\t"},
		{"lists that are changed", `MathJax = {options: {skipHtmlTags: {'[+]': ['b'], '[-]': ['pre', 'code']}, ignoreHtmlClass: 'a|b'}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none skip [script noscript style textarea math select option mjx-container b]`},
		{"environments", `MathJax = {tex: {environments: {e: ['\\begin{align}#1', '\\end{align}', 1], f: ['a', 'b', 2, 'c']}}}`,
			`MathJax3 inline \(…\) display $$…$$ \[…\] tags none {e}/1 {f}/2[c]`},
		{"the last assignment counts", `MathJax = {tex: {tags: 'all'}}; MathJax = {tex: {}}`, `MathJax3 inline \(…\) display $$…$$ \[…\] tags none`},
		{"only if there is none", `window.MathJax = window.MathJax || {tex: {tags: 'all'}}`, `MathJax3 inline \(…\) display $$…$$ \[…\] tags all`},
		{"comments", "// MathJax = {tex: {tags: 'all'}}\nMathJax = { /* x */ tex: { tags: 'ams', // y\n } }", `MathJax3 inline \(…\) display $$…$$ \[…\] tags ams`},
		{"broken", `MathJax = {tex: {tags: 'all'`, `MathJax3 inline \(…\) display $$…$$ \[…\] tags none unknown: a script that configures it cannot be parsed`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Read([]Script{{Body: test.script}, {Src: cdn}})
			if got := describe(c); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			for _, m := range c.Macros {
				if got := m.At.Of(test.script); got != m.Name && test.name != "constants" {
					t.Errorf("macro %s stands at %q", m.Name, got)
				}
			}
		})
	}
}

func TestHubConfig(t *testing.T) {
	c := Read([]Script{
		{Type: "text/x-mathjax-config", Body: `MathJax.Hub.Config({tex2jax: {inlineMath: [['$','$']], processEscapes: true}, TeX: {Macros: {A: "a"}}});`},
		{Type: "text/x-mathjax-config", Body: `MathJax.Hub.Config({TeX: {equationNumbers: {autoNumber: "AMS"}, Macros: {B: ["b#1", 1]}, extensions: ["AMSmath.js", "mhchem.js"]}}); MathJax.Hub.Queue(function() { var all = MathJax.Hub.getAllJax(); });`},
		{Src: "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.1/MathJax.js?config=TeX-AMS-MML_HTMLorMML"},
	})
	if got, want := describe(c), `MathJax2 inline $…$ display $$…$$ \[…\] tags ams A=a B/1=b#1 +mhchem`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c.Macros[1].Script != 1 {
		t.Errorf("B stands in script %d", c.Macros[1].Script)
	}
}

// TestScripts has what decides which scripts count.
func TestScripts(t *testing.T) {
	for _, test := range []struct {
		name, want string
		scripts    []Script
	}{
		{"a script that loads MathJax itself", `MathJax3 inline \(…\) display $$…$$ \[…\] tags ams`, []Script{
			{Body: `window.MathJax = {tex: {tags: 'ams'}}; (function () { var s = document.createElement('script'); s.src = 'https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js'; document.head.appendChild(s); })();`}}},
		{"no JavaScript", `MathJax3 inline \(…\) display $$…$$ \[…\] tags none`, []Script{{Type: "text/template", Body: `MathJax = {tex: {tags: 'all'}}`}, {Src: cdn}}},
		{"for another MathJax", `MathJax3 inline \(…\) display $$…$$ \[…\] tags none`, []Script{
			{Type: "text/x-mathjax-config", Body: `MathJax.Hub.Config({TeX: {equationNumbers: {autoNumber: "all"}}})`}, {Src: cdn}}},
		{"only configured", `MathJax3 inline \(…\) display $$…$$ \[…\] tags all`, []Script{{Body: `MathJax = {tex: {tags: 'all'}}`}}},
	} {
		if got := describe(Read(test.scripts)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestKaTeX(t *testing.T) {
	c := Read([]Script{
		{Src: "https://cdn.jsdelivr.net/npm/katex/dist/katex.min.js"},
		{Body: `document.addEventListener("DOMContentLoaded", function() { renderMathInElement(document.body, {
			delimiters: [{left: "$$", right: "$$", display: true}, {left: "$", right: "$", display: false}], macros: {"\\R": "\\mathbb{R}"}}); });`},
	})
	if got, want := describe(c), `KaTeX inline $…$ display $$…$$ tags none noescapes R=\mathbb{R}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNone(t *testing.T) {
	if c := Read([]Script{{Body: "alert(1)"}}); c.Engine != None || len(c.Display) != 0 {
		t.Errorf("a page without an engine: %+v", c)
	}
}

// describe writes a configuration in one line, defaults left out.
func describe(c *Config) string {
	var b strings.Builder
	fmt.Fprint(&b, []string{"None", "MathJax2", "MathJax3", "MathJax4", "KaTeX"}[c.Engine], " inline")
	for _, d := range c.Inline {
		b.WriteString(" " + d.Open + "…" + d.Close)
	}
	b.WriteString(" display")
	for _, d := range c.Display {
		b.WriteString(" " + d.Open + "…" + d.Close)
	}
	b.WriteString(" tags " + c.Tags)
	if !c.ProcessEscapes {
		b.WriteString(" noescapes")
	}
	for _, m := range c.Macros {
		b.WriteString(" " + m.Name)
		if m.Args > 0 {
			fmt.Fprintf(&b, "/%d", m.Args)
		}
		if m.Optional != nil {
			b.WriteString("[" + *m.Optional + "]")
		}
		b.WriteString("=" + m.Body)
	}
	defaults := Default(c.Engine)
	for _, p := range c.Packages {
		if !slices.Contains(defaults.Packages, p) {
			b.WriteString(" +" + p)
		}
	}
	for _, p := range defaults.Packages {
		if !slices.Contains(c.Packages, p) {
			b.WriteString(" -" + p)
		}
	}
	for _, e := range c.Envs {
		fmt.Fprintf(&b, " {%s}/%d", e.Name, e.Args)
		if e.Optional != nil {
			b.WriteString("[" + *e.Optional + "]")
		}
	}
	for _, p := range c.Loads {
		b.WriteString(" loads " + p.Name)
	}
	if !reflect.DeepEqual(c.SkipTags, defaults.SkipTags) {
		fmt.Fprint(&b, " skip ", c.SkipTags)
	}
	if c.Unknown != "" {
		b.WriteString(" unknown: " + c.Unknown)
	}
	return b.String()
}

// FuzzConfig holds Read to its promise to end, with spans that lie in the
// script.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		`window.MathJax = {tex: {inlineMath: [['$','$']], macros: {a: ["b", 1], ...c}, packages: {'[+]': ['x']}}, options: {skipHtmlTags: {'[-]': ['pre']}}}`,
		`MathJax.Hub.Config({tex2jax: {inlineMath: [["$","$"]]}, TeX: {Macros: {a: "b"}}})`,
		`renderMathInElement(document.body, {delimiters: [{left: "$", right: "$", display: false}]})`,
		"const a = a; MathJax = {tex: a, x: `y${z}`, get q() { return /[/]/ }, async f() {}, ['a' + 'b']: !0}",
		`MathJax = ((((({`, `MathJax = {a: function (`, `MathJax.tex.macros = {}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := Read([]Script{{Body: s}})
		for _, m := range c.Macros {
			if m.At.Start < 0 || m.At.End > len(s) || m.Whole.End > len(s) || !m.Whole.Covers(m.At) {
				t.Fatalf("macro %q at %v, whole %v, of %d", m.Name, m.At, m.Whole, len(s))
			}
		}
	})
}
