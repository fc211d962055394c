package frontmatter

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"scholium/analysis/text"
)

func TestHead(t *testing.T) {
	for _, c := range []struct {
		doc           string
		present, open bool
		body          string
	}{
		{"---\ntitle: x\n---\ntext", true, false, "text"},
		{"---\r\ntitle: x\r\n---\r\ntext", true, false, "text"},
		{"\uFEFF---\n---\n\n\n text", true, false, " text"},
		{"---\na: 1\n...\ntext", true, false, "text"},
		{"---\ntitle: x\n", false, true, "---\ntitle: x\n"},
		{"--- x\n---\n", false, false, "--- x\n---\n"},
		{"text\n---\n", false, false, "text\n---\n"},
		{"---", false, false, "---"},
		{"---\na: |\n  ---\n---\nb", true, false, "b"},
		{"", false, false, ""},
	} {
		h := ReadHead(c.doc)
		if h.Present != c.present || h.Open != c.open || c.doc[h.Body:] != c.body {
			t.Errorf("%q: present %v, open %v, body %q", c.doc, h.Present, h.Open, c.doc[h.Body:])
		}
	}
}

func TestSpans(t *testing.T) {
	doc := "---\ntitle: \"An é\"\n𝔼: [a, 'b']\nlong: one\n  two\ntext: |\n  first\n    second\nesc: \"a\\tb\"\nq: 'it''s'\nok: on\nn: 0x10\n---\n"
	h := ReadHead(doc)
	if h.Problem != nil {
		t.Fatal(h.Problem)
	}
	for _, c := range []struct{ key, value, written string }{
		{"title", "An é", "An é"}, {"long", "one two", "one\n  two"}, {"text", "first\n  second\n", "  first\n    second"},
		{"esc", "a\tb", `a\tb`}, {"q", "it's", "it''s"}, {"ok", "true", "on"}, {"n", "16", "0x10"},
	} {
		n := h.Values.Get(c.key)
		if n.Text != c.value || n.Span.Of(doc) != c.written {
			t.Errorf("%s: %q written %q", c.key, n.Text, n.Span.Of(doc))
		}
		exactPieces(t, doc, n)
	}
	list := h.Values.Get("𝔼")
	if len(list.Items) != 2 || list.Items[1].Span.Of(doc) != "b" {
		t.Errorf("list: %+v", list)
	}
}

// exactPieces checks the law of pieces: they cover the text, and what is called exact is there to the letter.
func exactPieces(t *testing.T, doc string, n *Node) {
	t.Helper()
	at := 0
	for _, p := range n.Pieces {
		if p.Out.Start != at || p.Exact && p.Out.Of(n.Text) != p.Src.Of(doc) {
			t.Errorf("%q: piece %v", n.Text, p)
		}
		at = p.Out.End
	}
	if at != len(n.Text) {
		t.Errorf("%q: pieces end at %d", n.Text, at)
	}
}

func TestProblems(t *testing.T) {
	doc := "---\ntitle: ok\nsub: a: b\n---\n"
	h := ReadHead(doc)
	if h.Problem == nil || h.Problem.Span.Of(doc) != "sub: a: b" || !strings.Contains(h.Problem.Message, "mapping values") {
		t.Errorf("%+v", h.Problem)
	}
	if h := ReadHead("---\njust text\n---\n"); h.Problem == nil {
		t.Error("a scalar is no front matter")
	}
	if h := ReadHead("---\n---\n"); h.Problem != nil || h.Values.Kind != Map {
		t.Error("empty front matter is fine")
	}
}

func TestBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := '1'; i <= '9'; i++ {
		b.WriteString("a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat("*a"+string(i-1)+",", 9) + "]\n")
	}
	b.WriteString("---\n")
	if h := ReadHead(b.String()); h.Values == nil {
		t.Error("no values")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"a: 1", "- x\n- y: [z, {q: r}]", "t: |\n  a\n\n  b", "'", "\"a\\\"b\"", "a: &x b\nc: *x", "<<: {a: b}", "0: &0 0\t0", "a: !x 'y'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		doc := "---\n" + s + "\n---\nbody"
		h := ReadHead(doc)
		var walk func(n *Node, depth int)
		walk = func(n *Node, depth int) {
			if n.Span.Start < 0 || n.Span.End > len(doc) || n.Span.End < n.Span.Start {
				t.Fatalf("span %v of %q", n.Span, doc)
			}
			if len(n.Pieces) > 0 {
				exactPieces(t, doc, n)
			}
			for _, c := range n.Items {
				walk(c, depth+1)
			}
			for _, e := range n.Entries {
				walk(e.Key, depth+1)
				walk(e.Value, depth+1)
			}
		}
		walk(h.Values, 0)
		Read(s, text.Span{Start: 0, End: len(s)})
	})
}

// TestAliases: what an alias stands for is read once, and what is merged stands
// in front of what is written, the later in front of the earlier.
func TestAliases(t *testing.T) {
	h := ReadHead("---\na: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc:\n  <<: *a\n  y: 5\n  <<: *b\nd: *a\ne: &e [*e, 1]\n---\n")
	c := h.Values.Get("c")
	if got := c.Get("x").Text + c.Get("y").Text + c.Get("z").Text; got != "154" {
		t.Errorf("merged: %s", got)
	}
	if h.Values.Get("d") != h.Values.Get("a") {
		t.Error("an alias is read again")
	}
	if e := h.Values.Get("e"); len(e.Items) != 2 || e.Items[0].Kind != Null || e.Items[1].Text != "1" {
		t.Error("an alias within what it stands for")
	}
}

// TestLinear reads what would take minutes if it were searched again for each
// value: a line of a hundred thousand, and as many keys and merges.
func TestLinear(t *testing.T) {
	const n = 50_000
	var keys strings.Builder
	for i := range n {
		keys.WriteString("k" + strconv.Itoa(i) + ": v\n")
	}
	for name, doc := range map[string]string{"a line": "list: [" + strings.Repeat("x,", n) + "x]\n", "keys": keys.String(), "merges": "a: &a {b: c}\nd:\n" + strings.Repeat("  <<: *a\n", n)} {
		start := time.Now()
		h := ReadHead("---\n" + doc + "---\n")
		for i := range n {
			h.Values.Get("k" + strconv.Itoa(i))
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}
