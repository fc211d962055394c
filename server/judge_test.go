package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
	"scholium/workspace/judge"
)

// needMathJax skips a test where MathJax is not part of the program, but not
// where all tests are to run.
func needMathJax(t *testing.T) {
	t.Helper()
	if !judge.Bundled() {
		if os.Getenv("CI") == "true" {
			t.Fatal("MathJax is not bundled: make mathjax")
		}
		t.Skip("MathJax is not bundled: make mathjax")
	}
}

// TestJudge: what only MathJax itself can tell is shown after a while, at its
// place and in its words, and goes when it is mended.
func TestJudge(t *testing.T) {
	needMathJax(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
		t.Fatal(err)
	}
	post := "_posts/2024-05-01-trees.md"
	doc := "---\ntitle: Trees\n---\n𝔼 before.\n\n$$\\definecolor{mine}{rgb}{1,2}\\color{mine}z$$\n"
	if err := os.WriteFile(filepath.Join(dir, post), []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	push := modes[0]
	push.pull = false
	c := newJudgingClient(t, dir, push)
	c.open(post)
	got := func() string {
		var out []string
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, d := range c.published[c.uri(post)] {
			out = append(out, fmt.Sprintf("%s %v %v", show(d.Range), d.Code, d.Message))
		}
		return strings.Join(out, "\n")
	}
	want := "require 3 numbers"
	for !strings.Contains(got(), want) {
		<-c.refreshed
	}
	if s := got(); !strings.HasPrefix(s, "6:2-6:30 mathjax-error") {
		t.Errorf("%s", s)
	}
	at := strings.Index(doc, "1,2")
	c.change(post, text.Span{Start: at, End: at + 3}, "1,0,0")
	for got() != "" {
		<-c.refreshed
	}
}

// TestPictures: a client that asks for pictures gets formulas drawn in hovers,
// at the latest when it asks again; any other gets them as a line of Unicode.
func TestPictures(t *testing.T) {
	needMathJax(t)
	dir, err := filepath.Abs("../testdata/sites/example")
	if err != nil {
		t.Fatal(err)
	}
	post := "_posts/2024-03-01-evidence.md"
	for _, init := range []string{"", `{"pictures":true}`, `{"pictures":{"color":"#d4d4d4"}}`} {
		mode := modes[0]
		mode.init = init
		c := newJudgingClient(t, dir, mode)
		c.open(post)
		c.wait()
		at := strings.Index(c.docs[post], `\label{eq:`)
		place := c.document(post)
		place.Position = position(text.NewLines(c.docs[post]).Position(at+8, text.UTF16))
		var h struct {
			Contents struct {
				Value string `json:"value"`
			} `json:"contents"`
		}
		drawn := func() bool {
			c.call(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &h)
			return strings.Contains(h.Contents.Value, "](data:image/svg+xml;base64,")
		}
		found := drawn()
		for tries := 0; init != "" && !found && tries < 1000; tries++ {
			found = drawn()
		}
		if found != (init != "") {
			t.Errorf("%s: %.300s", init, h.Contents.Value)
		}
		if !strings.Contains(h.Contents.Value, "log p(x)") || !strings.Contains(h.Contents.Value, "```latex") {
			t.Errorf("%s: no Unicode, or no source: %.300s", init, h.Contents.Value)
		}
	}
}

// TestEquation: the formula at a place, or the one that a reference there names,
// can be asked for as TeX and as a picture.
func TestEquation(t *testing.T) {
	needMathJax(t)
	dir, err := filepath.Abs("../testdata/sites/example")
	if err != nil {
		t.Fatal(err)
	}
	post := "_posts/2024-03-01-evidence.md"
	c := newJudgingClient(t, dir, modes[0])
	c.open(post)
	c.wait()
	for at, want := range map[string]equation{
		`positive} exactly`:   {TeX: "&\\ge 0. \\label{eq:positive}", Display: true}, // a reference
		`\log \frac{p(x, z)}`: {TeX: `\left[ \log \frac{p(x, z)}{q(z)} \right] = \mathcal{L}(q)`, Display: true},
		`q$ we have`:          {TeX: "q"},
		`Jensen`:              {},
	} {
		place := c.document(post)
		place.Position = position(text.NewLines(c.docs[post]).Position(strings.Index(c.docs[post], at), text.UTF16))
		var got *equation
		c.call(methodEquation, &protocol.HoverParams{TextDocumentPositionParams: place}, &got)
		switch {
		case got == nil || want.TeX == "":
			if got != nil || want.TeX != "" {
				t.Errorf("at %q: %v", at, got)
			}
		case !strings.Contains(got.TeX, want.TeX) || got.Display != want.Display || !strings.HasPrefix(got.Picture, "data:image/svg+xml;base64,"):
			t.Errorf("at %q: %q, display %v, picture %.40q", at, got.TeX, got.Display, got.Picture)
		}
	}
}
