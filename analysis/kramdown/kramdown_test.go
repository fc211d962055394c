package kramdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/text"
)

func ExampleParse() {
	tree := Parse("## The *ELBO* {#elbo}\n\nWe have $$x_1$$, see [above](#elbo).\n", GFM())
	fmt.Print(tree.HTML())
	tree.Walk(func(n *Node, _ int) bool {
		if n.Kind == MathSpan {
			fmt.Printf("%q at %d\n", n.Value, n.Inner.Start)
		}
		return true
	})
	fmt.Printf("%q\n", tree.Flow().Text)
	// Output:
	// <h2 id="elbo">The <em>ELBO</em></h2>
	//
	// <p>We have \(x_1\), see <a href="#elbo">above</a>.</p>
	// "x_1" at 33
	// "The ELBO\n\nWe have \\(x_1\\), see above.\n"
}

func TestInputOffset(t *testing.T) {
	src := "a\r\nb\rc\r\nd"
	tree := Parse(src, Defaults())
	if tree.Source != "a\nb\nc\nd\n" {
		t.Fatalf("source: %q", tree.Source)
	}
	for off, want := range map[int]int{0: 0, 2: 3, 3: 4, 4: 5, 6: 8, 8: 9} {
		if got := tree.InputOffset(off); got != want {
			t.Errorf("InputOffset(%d) = %d, want %d", off, got, want)
		}
	}
}

// find returns the nodes of a kind in the order of Walk.
func find(t *Tree, kind Kind) []*Node {
	var out []*Node
	t.Walk(func(n *Node, _ int) bool {
		if n.Kind == kind {
			out = append(out, n)
		}
		return true
	})
	return out
}

// spanOf returns the place of what in s, where it stands but once.
func spanOf(t *testing.T, s, what string) text.Span {
	t.Helper()
	if strings.Count(s, what) != 1 {
		t.Fatalf("%q stands %d times in %q", what, strings.Count(s, what), s)
	}
	i := strings.Index(s, what)
	return text.Span{Start: i, End: i + len(what)}
}

func TestIDs(t *testing.T) {
	src := "# A b\n\n# A b\n\n## C {#own-id}\n\n> ## D\n> {: #ial-id .x}\n\n<h2 id=\"raw-id\">E</h2>\n"
	for _, c := range []struct {
		o    Options
		want []string
	}{{GFM(), []string{"a-b", "a-b-1", "own-id", "ial-id"}}, {Defaults(), []string{"a-b", "a-b-1", "own-id", "ial-id"}}} {
		tree := Parse(src, c.o)
		var got []string
		for _, h := range find(tree, Header) {
			id, _ := h.Get("id")
			got = append(got, id.Value)
			if made := strings.HasPrefix(id.Value, "a-b"); made != id.Span.Empty() || !made && id.Span != spanOf(t, src, id.Value) {
				t.Errorf("%s: id %q at %v", c.o.Input, id.Value, id.Span)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: ids %q, want %q", c.o.Input, got, c.want)
		}
		html := find(tree, HTMLElement)[0]
		if id, _ := html.Get("id"); html.Value != "h2" || id.Span != spanOf(t, src, "raw-id") {
			t.Errorf("%s: <%s id> at %v", c.o.Input, html.Value, id.Span)
		}
	}
}

func TestLinks(t *testing.T) {
	src := "- [te\n  xt](/url \"ti\") ![al](im.png) [ref][Name] [gone][x y] [short] <https://auto>\n\n" +
		"[name]: <to here> 'label'\n[name2]: a\n[name2]: b\n[unused]: c\n"
	tree := Parse(src, GFM())
	at := func(what string) text.Span { return spanOf(t, src, what) }
	var urls []text.Span
	for _, n := range slices.Concat(find(tree, Link), find(tree, Image)) {
		a, ok := n.Get("href")
		if !ok {
			a, _ = n.Get("src")
		}
		urls = append(urls, a.Span)
	}
	if want := []text.Span{at("/url"), at("to here"), at("https://auto"), at("im.png")}; !slices.Equal(urls, want) {
		t.Errorf("URLs at %v, want %v", urls, want)
	}
	if n := find(tree, Link)[0]; n.Inner != at("te\n  xt") || n.Span != at("[te\n  xt](/url \"ti\")") {
		t.Errorf("link at %v with its text at %v", n.Span, n.Inner)
	}
	if title, _ := find(tree, Link)[1].Get("title"); title.Value != "label" || title.Span != at("label") {
		t.Errorf("title %v", title)
	}
	var defs []string
	for _, d := range tree.LinkDefs {
		defs = append(defs, fmt.Sprint(d.Name, " ", d.URL, " ", d.Used, " ", d.Duplicate))
		if d.NameSpan.Of(src) != d.Name || d.URLSpan.Of(src) != d.URL {
			t.Errorf("definition %+v", d)
		}
	}
	if want := []string{"name to here true false", "name2 a false true", "name2 b false false", "unused c false false"}; !slices.Equal(defs, want) {
		t.Errorf("definitions %q, want %q", defs, want)
	}
	want := []MissingLink{{"x y", at("[gone][x y]"), at("x y"), false}, {"short", at("[short]"), at("short"), true}}
	if !slices.Equal(tree.Missing, want) {
		t.Errorf("missing %v, want %v", tree.Missing, want)
	}
}

func TestFootnotes(t *testing.T) {
	src := "*open [^b] text[^a] [^b] [^none]\n\n[^a]: first[^c]\n[^b]: B\n[^c]: C\n[^d]: unused\n[^a]: second\n"
	tree := Parse(src, GFM())
	var defs, uses []string
	for _, f := range tree.Footnotes {
		defs = append(defs, fmt.Sprint(f.Name, " ", f.Number, " ", f.Replaced))
		if f.NameSpan.Of(src) != f.Name || !strings.HasPrefix(f.Span.Of(src), "[^"+f.Name+"]: ") {
			t.Errorf("footnote at %q, its name at %q", f.Span.Of(src), f.NameSpan.Of(src))
		}
	}
	for _, m := range tree.Markers {
		uses = append(uses, fmt.Sprint(m.Name, " ", m.Footnote != nil))
		if m.NameSpan.Of(src) != m.Name || m.Span.Of(src) != "[^"+m.Name+"]" {
			t.Errorf("marker at %q, its name at %q", m.Span.Of(src), m.NameSpan.Of(src))
		}
	}
	if want := []string{"a 0 true", "b 1 false", "c 0 false", "d 0 false", "a 2 false"}; !slices.Equal(defs, want) {
		t.Errorf("definitions %q, want %q", defs, want)
	}
	if want := []string{"b true", "a true", "b true", "none false", "c true"}; !slices.Equal(uses, want) {
		t.Errorf("markers %q, want %q", uses, want)
	}
}

func TestMathInList(t *testing.T) {
	src := "1. a\n\n   $$\n   x &= y \\\\\n   z\n   $$\n\n2. $$ q $$ \\{\n"
	tree := Parse(src, GFM())
	m := find(tree, MathBlock)[0]
	if m.Value != "x &= y \\\\\nz" || m.Inner != spanOf(t, src, "x &= y \\\\\n   z") {
		t.Errorf("%q at %q", m.Value, m.Inner.Of(src))
	}
	if m := find(tree, MathSpan)[0]; m.Inner != spanOf(t, src, "q") || m.Span != spanOf(t, src, "$$ q $$") {
		t.Errorf("math at %v in %v", m.Inner, m.Span)
	}
	f := checkFlow(t, tree)
	out := spanOf(t, f.Text, "z")
	if at, _, exact := f.Pieces.Source(out); !exact || at != spanOf(t, src, "z") {
		t.Errorf("z comes from %v, %v", at, exact)
	}
	if at, _, exact := f.Pieces.Source(spanOf(t, f.Text, "{")); exact || at != spanOf(t, src, `\{`) {
		t.Errorf("{ comes from %v, %v", at, exact)
	}
}

func TestFlowMarks(t *testing.T) {
	src := "a *b*<br>\n<span class=\"k\">c</span>\n\n<script>\nx < y\n</script>\n\n<!-- no -->\n"
	f := checkFlow(t, Parse(src, GFM()))
	var got []string
	for _, m := range f.Marks {
		got = append(got, fmt.Sprint([]string{"+", "-", "0", "#"}[m.Kind], m.Name, m.Class, " ", m.Src.Of(src)))
	}
	want := []string{"+p a *b*<br>\n<span class=\"k\">c</span>", "+em *b*", "-em *b*", "0br <br>", `+spank <span class="k">c</span>`,
		`-span <span class="k">c</span>`, "-p a *b*<br>\n<span class=\"k\">c</span>", "+script <script>\nx < y\n</script>",
		"-script <script>\nx < y\n</script>", "# <!-- no -->"}
	if !slices.Equal(got, want) {
		t.Errorf("marks\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !strings.Contains(f.Text, "x < y") {
		t.Errorf("text %q", f.Text)
	}
}

func TestSet(t *testing.T) {
	o := GFM()
	for _, c := range []struct{ key, value, problem string }{
		{"toc_levels", "2,3", ""}, {"hard_wrap", "true", ""}, {"footnote_nr", "x", "invalid integer"}, {"nonsense", "1", "unknown option"},
		{"smart_quotes", "apos,apos,quot", "exactly 4"}, {"smart_quotes", "apos,apos,quot,quot", ""}, {"input", "kramdown", ""}, {"toc_levels", "0..9", "invalid"},
	} {
		if got := Set(&o, c.key, c.value); !strings.HasPrefix(got, c.problem) && !strings.Contains(got, c.problem) || (got == "") != (c.problem == "") {
			t.Errorf("Set(%s, %s) = %q", c.key, c.value, got)
		}
	}
	if !slices.Equal(o.TOCLevels, []int{2, 3}) || !o.HardWrap || o.Input != "kramdown" || o.SmartQuotes[2] != "quot" {
		t.Errorf("options %+v", o)
	}
}
