//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A hostileSite is a folder that no author means well with.
type hostileSite struct {
	name  string
	files map[string]string
	more  func(t *testing.T, dir string) // what is no plain file
	large bool                           // the site itself is: it may take as long as it is
	says  string                         // what check prints of it, in part
	never string                         // what nobody may say of it
}

const hostilePost = "_posts/2024-01-01-a.md"

// post is a site of one post.
func post(name, body string) hostileSite {
	return hostileSite{name: name, files: map[string]string{hostilePost: "---\ntitle: A\nlayout: default\n---\n" + body + "\n"}}
}

func (s hostileSite) with(name, doc string) hostileSite {
	s.files[name] = doc
	return s
}

func fill(part string, n int) string { return strings.Repeat(part, max(n/len(part), 1)) }

// nest is a construct within itself.
func nest(open, inner, end string, n int) string {
	k := n / (len(open) + len(end))
	return strings.Repeat(open, k) + inner + strings.Repeat(end, k)
}

// hostileSites gives each one after the other sites made of texts of n bytes.
func hostileSites(n int, each func(hostileSite)) {
	add := func(sites ...hostileSite) {
		for _, s := range sites {
			each(s)
		}
	}

	// Long lines.
	for _, part := range []string{"a", "word ", "𝔼", "$x$ ", "$x_{", `\(x\) `, "$$x$$ ", `\eqref{a} `, "[^a] ", "![a](b.png) ", "[a](#b) ", "`a` ", "{{ a }}", "{% if a %}", "{% include a.html %}", "{% link a.md %} ", `$\foo$ `, `\begin{align}`, `\label{a}`, "<b>", "*a* ", "|a", "{:a}", "&amp;", "http://a.b/ "} {
		add(post("a line of "+part, fill(part, n)))
	}
	add(post("a long word in a link", "["+fill("a", n)+"]("+fill("b", n)+")"),
		post("a path of many folders in a link", "[x]("+fill("a/", n)+") ![x](/"+fill("a/", n)+")"),
		post("a path of many folders above", "[x]("+fill("../", n)+") ![x](/"+fill("../", n)+") {% include_relative "+fill("../", n)+" %}"),
		post("a path of many folders in tags", "{% link "+fill("a/", n)+" %}{% post_url "+fill("a/", n)+" %}{% include "+fill("a/", n)+" %}{% include_relative "+fill("a/", n)+" %}"),
		post("a long name of a label", `\begin{equation}\label{`+fill("a", n)+`}x\end{equation} \eqref{`+fill("a", n)+`}`))
	large := post("a line of 20 MB", fill("a $x$ ", 20*n))
	large.large = true
	if 20*n > 8<<20 {
		large.says = "not read, larger than 8 MB"
	}
	add(large)

	// Nesting.
	for _, x := range [][3]string{{"> ", "a", ""}, {"- ", "a", ""}, {"1. ", "a", ""}, {"[", "a", "](b)"}, {"![", "a", "](b)"}, {"*a **b ", "a", "** *"}, {"<div>\n", "a", "</div>\n"}, {"<div markdown=\"1\">\n", "a", "</div>\n"},
		{"<b>", "a", "</b>"}, {"(", "a", ")"}, {"{", "a", "}"}, {"{:.a ", "a", "}"}, {"| ", "a", " |"}, {"{% if a %}", "a", "{% endif %}"}, {"{% for i in (1..2) %}", "a", "{% endfor %}"}, {"{% capture a %}", "a", "{% endcapture %}"},
		{"{% raw %}", "a", "{% endraw %}"}, {"{% comment %}", "a", "{% endcomment %}"}, {"{% highlight a %}", "a", "{% endhighlight %}"}, {"{% foo %}", "a", "{% endfoo %}"}, {": ", "a", ""}, {"<details><summary>", "a", "</summary></details>"},
		{"<!-- ", "a", " -->"}, {"$$\\begin{cases}", "a", "\\end{cases}$$"}} {
		add(post("nested "+strings.TrimSpace(x[0]), nest(x[0], x[1], x[2], n)))
	}
	add(post("nested braces in a formula", "$$"+nest("{", "x", "}", n)+"$$"),
		post("nested fractions", "$$"+nest(`\frac{`, "x", "}{}", n)+"$$"),
		post("nested environments", nest(`\begin{aligned}`, "x", `\end{aligned}`, n)),
		post("nested left and right", "$$"+nest(`\left(`, "x", `\right)`, n)+"$$"),
		post("nested superscripts", "$$"+nest(`x^{`, "x", "}", n)+"$$"),
		post("nested text and math", "$$"+nest(`\text{$`, "x", "$}", n)+"$$"),
		post("filters", "{{ a "+fill("| append: a ", n)+"}}"),
		post("brackets in an object", "{{ "+nest("a[", "0", "]", n)+" }}"),
		post("a condition of many parts", "{% if a "+fill("and a ", n)+"%}b{% endif %}"))
	var notes strings.Builder
	for i := 0; notes.Len() < n; i++ {
		fmt.Fprintf(&notes, "[^%d]: a[^%d]\n\n", i, i+1)
	}
	add(post("footnotes in footnotes", "a[^0]\n\n"+notes.String()),
		post("footnotes in each other", "a[^a]\n\n[^a]: b[^b]\n\n[^b]: a[^a] b[^b]\n"))

	// Data that grows when it is read.
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 30; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9))
	}
	merges := "m0: &m0 {k0: v}\n"
	for i := 1; i < 30; i++ {
		merges += fmt.Sprintf("m%d: &m%d\n  <<: [*m%d, *m%d]\n  k%d: v\n", i, i, i-1, i-1, i)
	}
	var keys, list, merged strings.Builder
	for i := 0; keys.Len() < n; i++ {
		fmt.Fprintf(&keys, "key%d: v\n", i)
	}
	merged.WriteString("base: &base {a: 1}\nall:\n")
	for merged.Len() < n {
		merged.WriteString("  <<: *base\n")
	}
	list.WriteString("list: [" + fill("x,", n) + "x]\n")
	for name, yaml := range map[string]string{
		"aliases": bomb, "merge keys": merges, "many merge keys": merged.String(), "many keys": keys.String(), "a list in one line": list.String(), "a long key": fill("k", n) + ": v\n", "a long value": "k: " + fill("v ", n) + "\n",
		"nested lists": "k: " + nest("[", "", "]", n) + "\n", "nested maps": "k: " + nest("{a: ", "b", "}", n) + "\n", "open brackets": "k: " + fill("[", n), "nested dashes": fill("- ", n) + "a\n", "an alias to itself": "a: &a [*a, *a]\nb: *a\n",
		"anchors": "k: " + fill("&a ", n), "quotes": "k: " + fill("'", n+1) + "\n", "words over lines": "k: " + fill("a\n  ", n) + "\n", "a literal": "k: |\n" + fill("  a\n", n), "a folded text": "k: >\n" + fill("  a\n\n", n), "many documents": fill("---\na: b\n", n), "tags": "k: " + fill("!a ", n),
		"comments": fill("# a\n", n), "question marks": fill("? ", n), "tabs": fill("\t", n), "colons": fill("a: ", n),
	} {
		site := post("in front matter: "+name, "{{ page }} {{ page.list }} {{ page.k }} {{ page.a29 | jsonify }}")
		site.files[hostilePost] = "---\ntitle: A\n" + yaml + "---\na {{ page }} {{ page.list }} {{ page.k }} {{ page.a29 | jsonify }}\n"
		add(site,
			post("in _config.yml: "+name, "{{ site }} {{ site.k }} {{ site.a29 | jsonify }}").with("_config.yml", yaml),
			post("in _data: "+name, "{{ site.data.a }} {% for i in site.data.a.list %}{{ site.data.a.list.size }}{% endfor %}{% for i in (1..100000) %}{{ site.data.a.list.first }}{{ site.data.a.k }}{% endfor %}{{ site.data.a.a29 | jsonify }}").with("_data/a.yml", yaml),
			post("in .scholium.yml: "+name, "[^a]").with(".scholium.yml", yaml))
	}
	many := hostileSite{name: "aliases in many posts", files: map[string]string{}}
	for i := range n / 2048 {
		many.files[fmt.Sprintf("_posts/2024-01-01-a%d.md", i)] = "---\n" + bomb + "---\na\n"
	}
	add(many)
	for name, doc := range map[string]string{"a.json": `{"a": ` + nest("[", "", "]", n) + "}", "b.json": "[" + fill(`{"a": 1},`, n) + "1]", "c.csv": fill("a,", n) + "\n" + fill("b,", n), "d.csv": fill("a,b\n", n), "e.tsv": fill("a\t", n), "f.csv": fill(`"`, n)} {
		base := strings.TrimSuffix(name, filepath.Ext(name))
		add(post("in _data/"+name, "{% for i in site.data."+base+" %}{{ i.a }}{{ site.data."+base+"[0] }}{% endfor %}").with("_data/"+name, doc))
	}

	// Templates that do not end, or print without end.
	for _, body := range []string{
		"{% for i in (1..1000000000) %}{% for j in (1..1000000000) %}x{% endfor %}{% endfor %}",
		"{% for i in (1..1000000000) %}{% endfor %}",
		"{% assign a = (1..1000000000) %}{{ a.size }}{{ a | join: 'x' }}",
		"{% tablerow i in (1..1000000000) cols: 2 %}{% cycle 'a', 'b' %}{% endtablerow %}",
		"{% assign a = 'xx' %}{% for i in (1..1000) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}",
		"{% assign a = 'xx' %}{% for i in (1..1000) %}{% assign a = a | append: a %}{% endfor %}{{ a | size }}",
		"{% assign a = 'xx' %}{% for i in (1..1000) %}{% assign a = a | replace: 'x', 'xxxxxxxx' %}{% endfor %}",
		"{% assign a = 'x,x' %}{% for i in (1..1000) %}{% assign b = a | split: ',' %}{% assign a = b | join: a %}{% endfor %}",
		"{% assign a = 'x' | split: ',' %}{% for i in (1..1000) %}{% assign a = a | concat: a %}{% endfor %}{{ a.size }}",
		"{% assign a = 'x' | split: ',' %}{% for i in (1..100000) %}{% assign a = a | push: i %}{% endfor %}{{ a | jsonify }}",
		"{% for i in (1..100000) %}{{ content | markdownify }}{{ '*a* [b](c)' | markdownify }}{% endfor %}",
		"{% assign a = '> * _a_ ' %}{% for i in (1..1000) %}{% assign a = a | append: a | markdownify %}{% endfor %}",
		"{% for i in (1..100000) %}{% increment a %}{% assign b = a %}{% endfor %}",
		"{% assign a = 'a' %}{% for i in (1..100000) %}{{ site.posts | where: 'title', a | sort: 'title' | jsonify }}{% endfor %}",
		"{% for i in (1..100000) %}{% include big.html %}{% endfor %}",
		"{% include self.html %}", "{% include a.html %}", "{% include two.html %}", "{% include_relative 2024-01-01-a.md %}",
		"{% for i in (1..100000) %}{% include {{ page.title }}.html %}{% endfor %}",
		"{{ 'a' | slice: 0, 1000000000 }}{{ 'a' | truncate: 1000000000 }}{{ 1 | divided_by: 0 }}{{ 9999999999 | times: 99999999999 }}{{ 1e308 | times: 1e308 }}",
		"{% for i in (1..100000) %}[^{{ i }}] {% endfor %}",
		"{% for i in (1..100000) %}$$\\label{a{{ i }}}x$$\n\n{% endfor %}",
		"{% assign a = '" + fill("a ", n) + "' %}{% for i in (1..100000) %}{{ a | upcase | split: ' ' | sort | uniq | join: ',' | slugify }}{% endfor %}",
	} {
		add(post("Liquid: "+body, body).with("_includes/self.html", "{% include self.html %}{% include self.html %}").with("_includes/a.html", "{% include b.html %}{% include b.html %}").
			with("_includes/b.html", "{% include a.html %}{% include a.html %}").with("_includes/two.html", "{% for i in (1..1000) %}{% include two.html %}{% endfor %}").with("_includes/big.html", fill("a *b* ", n/8)))
	}
	add(post("layouts in a circle", "a").with("_layouts/default.html", "---\nlayout: b\n---\n{{ content }}").with("_layouts/b.html", "---\nlayout: default\n---\n{{ content }}"),
		post("a layout with loops", "a").with("_layouts/default.html", "{% for i in (1..1000000000) %}{{ content }}<p id=\"a{{ i }}\">{% endfor %}"),
		post("a layout of a megabyte", "[a](#b)").with("_layouts/default.html", fill("<p id=a class='b'>", n)+"{{ content }}"))
	chain := post("a chain of layouts", "a")
	for i := range 2000 {
		chain.files[fmt.Sprintf("_layouts/l%d.html", i)] = fmt.Sprintf("---\nlayout: l%d\n---\n{{ content }}", i+1)
	}
	chain.files["_layouts/default.html"] = "---\nlayout: l0\n---\n{{ content }}"
	add(chain)

	// kramdown.
	var abbreviations, headings, links, ials, tocs, lost strings.Builder
	for i := 0; abbreviations.Len() < n; i++ {
		fmt.Fprintf(&abbreviations, "*[A%d]: b\n", i)
		fmt.Fprintf(&headings, "# A\n\n## %d\n\n", i)
		fmt.Fprintf(&links, "[a%d]: b\n[a%d] ", i, i-1)
		fmt.Fprintf(&ials, "{:a%d: a%d}\n", i, i+1)
		fmt.Fprintf(&tocs, "* a\n{:toc}\n\n# b\n\n")
	}
	for i := 0; lost.Len() < n; i++ {
		fmt.Fprintf(&lost, "# x%d\n\n[a](#y%d) [^y%d] [a][y%d] ![a](y%d.png) [a](y%d.html) {%% link y%d.md %%}\n\n[^x%d]: a\n\n[x%d]: a\n\n", i, i, i, i, i, i, i, i, i)
	}
	add(post("abbreviations", abbreviations.String()+fill("A1 ", n)), post("headings in a table of contents", "* a\n{:toc}\n\n"+headings.String()), post("headings alike", fill("# A\n\n", n)), post("link definitions", links.String()), post("names that nothing has", lost.String()),
		post("attribute definitions", ials.String()+"a\n{:a0}\n"), post("attributes in a circle", "{:a: b}\n{:b: a}\n\nx\n{:a}\n"), post("many tables of contents", tocs.String()), post("options", fill("{::options toc_levels=\"1..1000000000\" /}\n", n)),
		post("options of the site", "# a").with("_config.yml", "kramdown:\n  toc_levels: 1..1000000000\n  footnote_nr: 99999999999999999999\n  header_offset: 99999999\n  smart_quotes: ,,,\n"), post("a table of many columns", fill("a|", n/3)+"\n"+fill("-|", n/3)+"\n"+fill("b|", n/3)))

	// TeX.
	add(post("a macro of itself", `$\def\a{\a\a}\a$ $$\newcommand{\b}{x\b}\b$$`), post("macros that double", `$$\def\a{xx}`+fill(`\def\b{\a\a}\let\a\b`, n/4)+`\a$$`),
		post("macros of macros", func() string {
			var b strings.Builder
			b.WriteString("$$\\def\\aa{x}")
			for i := range 25 {
				fmt.Fprintf(&b, "\\def\\a%c{\\a%c\\a%c}", 'b'+i, 'a'+i, 'a'+i)
			}
			return b.String() + `\az$$`
		}()),
		post("many macros", "$$"+fill(`\newcommand{\a}[1]{#1#1}`, n)+"$$"), post("many labels", fill("$$\\label{a}x$$\n\n", n)), post("many rows", `\begin{align}`+fill(`x&y\\\\`, n)+`\end{align}`), post("dollars", fill("$", n+1)), post("an environment that never ends", fill(`\begin{align}x`, n)),
		post("many errors", fill("$$\\frac{$$\n\n", n)), post("many unknown commands", fill(`$\foo\bar\baz$ `, n)))
	for name, script := range map[string]string{"nested": "MathJax = " + nest("{a: ", "1", "}", n), "nested lists": "MathJax = {tex: {macros: " + nest("[", "", "]", n) + "}}", "parentheses": "MathJax = " + fill("(", n), "functions": "MathJax = {a: " + fill("function(){", n),
		"many macros": "MathJax = {tex: {macros: {" + fill(`a: '\\a\\a', `, n) + "}}}", "templates": "MathJax = {a: " + fill("`${", n), "sums": "MathJax = {a: " + fill("1+", n) + "1}", "a word": "MathJax = {a: '" + fill("a", n) + "'}", "names": fill("const a = a;", n) + "MathJax = {tex: a}", "a macro of itself": `MathJax = {tex: {macros: {a: '\\a\\a', b: '\\c', c: '\\b\\b'}}}`} {
		add(post("MathJax's configuration: "+name, `$\a$ $\b$ x`).with("_layouts/default.html", "<script>"+script+"</script><script src=tex-chtml.js></script>{{ content }}"),
			post("a script: "+name, `$\a$ x`).with("_layouts/default.html", "<script src=/a.js></script><script src=tex-chtml.js></script>{{ content }}").with("a.js", script))
	}

	// What is no text.
	for name, doc := range map[string]string{
		"invalid UTF-8": fill("a\xff\xfe *b* $x\xc3$ [^\xf0\x9f] ", n), "NUL": fill("a\x00 *b\x00* $x\x00$ [^\x00]\n", n), "UTF-16": "\xff\xfe" + fill("a\x00\n\x00", n), "byte order marks": fill("\uFEFFa [^a] $x\uFEFF$\n", n), "CR": fill("# a\r\r[^a] $x$\r", n), "U+2028": fill("a\u2028b\u2029$x$\u0085\u000b\u000c", n),
		"combining marks": fill("a\u0301\u0327", n), "right to left": fill("\u202ea\u202d$x$", n), "emoji": fill("👨‍👩‍👧‍👦 ", n), "surrogates": fill("\xed\xa0\x80", n), "controls": fill("\x01\x1b[31m\x7f\x08", n),
	} {
		add(post("text of "+name, doc))
		add(hostileSite{name: "all of " + name, files: map[string]string{hostilePost: doc, "_config.yml": doc, "_layouts/default.html": doc, "_includes/a.html": doc, "_data/a.yml": doc, "_data/b.json": doc, ".scholium.yml": doc, "Gemfile.lock": doc, ".gitignore": doc, "a.js": "MathJax" + doc, "_plugins/a.rb": doc}})
	}

	// Patterns.
	patterns := []string{"*a*a*a*a*a*a*a*a*a*a*b", "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}*c", "**/**/**/**/**/**/**/**/**/**/b", "[[[[[[[[", "[", "[!", "[z-a]", "\\", "{", "{,{,{,{,{,{,{,{,{,*", "!!!!", "***********************b", "?", "{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}{*,*}c", "**/*a*/**/*a*/**/*a*/**/*a*/**/*a*/**/*b", fill("*", 5000), fill("*a", 5000), fill("{a,", 5000), fill("[a]", 5000)}
	quoted := ""
	for _, p := range patterns {
		quoted += "  - " + strconv.Quote(p) + "\n"
	}
	long := "_posts/" + strings.Repeat("a", 100) + "/" + strings.Repeat("a/", 30) + "2024-01-01-" + strings.Repeat("a", 200) + ".md"
	add(post("patterns in _config.yml", "a").with(long, "a").with("_config.yml", "exclude:\n"+quoted+"include:\n"+quoted), post("patterns in .scholium.yml", "a").with(long, "a").with(".scholium.yml", "exclude:\n"+quoted),
		post("patterns in .gitignore", "a").with(long, "a").with(".gitignore", strings.Join(patterns, "\n")+"\n"+fill("**/a*a*a*b\n", n)))
	scopes := "defaults:\n"
	for _, p := range patterns {
		scopes += "  - scope: {path: " + strconv.Quote(p) + "}\n    values: {layout: default}\n"
	}
	add(post("patterns in defaults", "a").with(long, "a").with("_config.yml", scopes), post("many exclude patterns", "a").with("_config.yml", "exclude:\n"+fill("  - '*a*b'\n", n)),
		post("many defaults", "a").with("_config.yml", "defaults:\n"+fill("  - {scope: {path: 'a*'}, values: {layout: a}}\n", n)), post("many collections", "a").with("_config.yml", "collections:\n"+strings.ReplaceAll(keys.String(), ": v", ": {output: true}")),
		post("a permalink", "a").with("_config.yml", "permalink: "+fill("/:title", n)+"\n"), post("folders out of the site", "{% include passwd %}{% include hosts %}{{ site.data.passwd }}").with("_config.yml", "includes_dir: ../../../../../../../../etc\nlayouts_dir: /etc\ndata_dir: ../..\ncollections_dir: ../../..\nsource: /\ndestination: /\n"),
		post("a Gemfile.lock", "a").with("Gemfile.lock", fill("    kramdown (", n)+"\n"+fill("    kramdown (2.5.1)\n", n)))
	add(oddSites(n)...)
}

// oddSites hold what is no plain file, and files with odd names.
func oddSites(n int) []hostileSite {
	link := func(t *testing.T, to, from string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(from), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(from); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	special := func(t *testing.T, file string) {
		t.Helper()
		if err := syscall.Mkfifo(file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	count := max(n/10, 2000) // 100,000 for a megabyte
	linked := func(name, to string, from ...string) hostileSite {
		s := post(name, "a {% include a.html %} {{ site.data.a }} ![a](/a.png)")
		s.more = func(t *testing.T, dir string) {
			for _, f := range from {
				link(t, strings.ReplaceAll(to, "DIR", dir), filepath.Join(dir, f))
			}
		}
		s.never = "SECRET"
		return s
	}
	everything := []string{hostilePost, "_posts/2024-01-02-b.md", "_layouts/default.html", "_includes/a.html", "_data/a.yml", "_data/b.json", ".scholium.yml", "Gemfile.lock", ".gitignore", "a.js", "_plugins/a.rb", "a.png", "b.md"}
	sites := []hostileSite{
		linked("links out of the site", "DIR/../secret", everything...), linked("links to /dev/zero", "/dev/zero", everything...), linked("links to /etc/passwd", "/etc/passwd", everything...), linked("links to a terminal", "/dev/tty", everything...), linked("links to standard input", "/dev/stdin", everything...),
		linked("links to themselves", "a.html", "_includes/a.html"), linked("links to /proc/self/mem", "/proc/self/mem", everything...), linked("links to the root", "/", "root", "_posts/root", "_includes/root", "_data/root", "b.md", "_layouts"), linked("links to the site", "DIR", "a", "b", "_posts/c", "_includes/d", "_data/e"),
		linked("the configuration is a link out of the site", "DIR/../secret", "_config.yml"), linked("the configuration is /dev/zero", "/dev/zero", "_config.yml"), linked("the folders are links out of the site", "DIR/..", "_posts", "_includes", "_layouts", "_data"),
	}
	pipes := post("pipes", "a {% include a.html %} {{ site.data.a }} ![a](/p.png)")
	pipes.more = func(t *testing.T, dir string) {
		for _, f := range append([]string{"_config.yaml", "p.png"}, everything[1:]...) {
			full := filepath.Join(dir, f)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(full)
			special(t, full)
		}
	}
	pipe := post("the configuration is a pipe", "a")
	pipe.more = func(t *testing.T, dir string) {
		_ = os.Remove(filepath.Join(dir, "_config.yml"))
		special(t, filepath.Join(dir, "_config.yml"))
	}
	folders := post("folders with names of files", "{% include a.html %}")
	folders.more = func(t *testing.T, dir string) {
		for _, f := range everything[1:] {
			_ = os.Remove(filepath.Join(dir, f))
			if err := os.MkdirAll(filepath.Join(dir, f, "x.md"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	shut := post("files and folders that cannot be read", "{% include a.html %} ![a](/shut/a.png)")
	shut.more = func(t *testing.T, dir string) {
		for _, f := range everything[1:] {
			full := filepath.Join(dir, f)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte("---\n---\n[^a]"), 0); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(full, 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Mkdir(filepath.Join(dir, "shut"), 0); err != nil {
			t.Fatal(err)
		}
	}
	files := post("many files", "![a](/f/a1.png)")
	files.large = true
	files.more = func(t *testing.T, dir string) {
		for i := range count {
			sub := filepath.Join(dir, "f", strconv.Itoa(i/1000))
			if i%1000 == 0 {
				if err := os.MkdirAll(sub, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("a%d.png", i)), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	posts := hostileSite{name: "many posts", files: map[string]string{}, large: true}
	for i := range count / 10 {
		posts.files[fmt.Sprintf("_posts/2024-01-01-a%d.md", i)] = "---\ntitle: a\n---\n$x$ [^a] [b](#c) \\eqref{x}\n"
	}
	deep := post("folders in folders", "a")
	deep.large = true
	deep.more = func(t *testing.T, dir string) {
		at, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.Chdir(at) }()
		if err := os.Chdir(dir); err != nil {
			t.Fatal(err)
		}
		for range count / 10 { // deeper than a path can be long
			if err := os.Mkdir("aaaa", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Chdir("aaaa"); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = exec.Command("rm", "-rf", filepath.Join(dir, "aaaa")).Run() })
	}
	wide := post("many folders", "a")
	wide.large = true
	wide.more = func(t *testing.T, dir string) {
		for i := range count / 10 {
			if err := os.MkdirAll(filepath.Join(dir, "f", strconv.Itoa(i)), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	names := post("odd names", "a")
	for _, name := range []string{"a\nb", "a\"b", "a'b", "a%b", "a%20b", "a%zz", "a#b", "a?b", "a b", "👨‍👩‍👧‍👦", "𝔼", "\xff\xfe", "a\\b", "a:b", "c:", "a;b", "a&b", "a<b>", "a|b", "a*b", "[a]", "{a}", "{{a}}", "{%a%}", "-a", "--fix", "~a", "$a", "`a`", "\u202ea", "\ta", " a", "a ", "\x1b[31m", "\r", strings.Repeat("x", 240), strings.Repeat("é", 120), "e\u0301"} {
		for _, file := range []string{"_posts/2024-01-01-" + name + ".md", name + ".md", "_includes/" + name + ".html", "_data/" + name + ".yml", "assets/" + name + ".png", "d" + name + "/x.md"} {
			names.files[file] = "---\ntitle: a\n---\n[^a] [b](#c) ![d](/assets/" + name + ".png) {% include " + name + ".html %} {% link " + name + ".md %}\n"
			if len(filepath.Base(file)) > 255 {
				delete(names.files, file)
			}
		}
	}
	picture := post("a large picture", "![a](/a.png) ![b](/b.svg)")
	picture.more = func(t *testing.T, dir string) {
		for _, name := range []string{"a.png", "b.svg", "c.js", "d.md", "_data/d.yml"} {
			if err := os.MkdirAll(filepath.Join(dir, "_data"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte("---\n---\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(filepath.Join(dir, name), 1<<40); err != nil {
				t.Fatal(err)
			}
		}
	}
	many := hostileSite{name: "many links within one page", files: map[string]string{hostilePost: "---\n---\n" + fill("[a](#b)\n\n# b\n\n", n)}}
	return append(sites, pipes, pipe, folders, shut, files, posts, deep, wide, names, picture, many)
}

func short(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return s
}

// lay writes a site.
func (s hostileSite) lay(t *testing.T, dir string) {
	t.Helper()
	if s.files == nil {
		s.files = map[string]string{}
	}
	for name, doc := range map[string]string{"_config.yml": "title: x\n", "_layouts/default.html": "<script src=tex-chtml.js></script>{{ content }}", "../secret": "---\ntitle: SECRET\nSECRET: SECRET\n---\n[^SECRET] \\eqref{SECRET}"} {
		if _, ok := s.files[name]; !ok {
			s.files[name] = doc
		}
	}
	for name, doc := range s.files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if s.more != nil {
		s.more(t, dir)
	}
}
