package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// corpus returns the folder of real blogs that tests measure on, named by
// SCHOLIUM_CORPUS; without it the test is passed over.
func corpus(tb testing.TB) string {
	dir := os.Getenv("SCHOLIUM_CORPUS")
	if dir == "" {
		tb.Skip("SCHOLIUM_CORPUS names no folder of blogs")
	}
	return dir
}

// copyBlog copies a blog, which is not ours to change.
func copyBlog(t *testing.T, name string) string {
	t.Helper()
	from, to := filepath.Join(corpus(t), name), t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// A post is an open post whose text is asked about by what stands in it.
type openPost struct {
	*client
	name string
}

// find returns the offset of the nth occurrence of a text, plus by.
func (p openPost) find(what string, nth, by int) int {
	p.t.Helper()
	at := -1
	for range nth {
		i := strings.Index(p.docs[p.name][at+1:], what)
		if i < 0 {
			p.t.Fatalf("%q is not in the post", what)
		}
		at += 1 + i
	}
	return at + by
}

func (p openPost) at(offset int) protocol.TextDocumentPositionParams {
	d := p.document(p.name)
	d.Position = position(text.NewLines(p.docs[p.name]).Position(offset, p.mode.encoding))
	return d
}

func (p openPost) hover(offset int) string {
	p.t.Helper()
	var h hoverAnswer
	p.call(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: p.at(offset)}, &h)
	return h.Contents.Value
}

func (p openPost) definition(offset int) string {
	p.t.Helper()
	var got []protocol.Location
	p.call(protocol.MethodTextDocumentDefinition, &protocol.DefinitionParams{TextDocumentPositionParams: p.at(offset)}, &got)
	if len(got) != 1 || got[0].URI != p.uri(p.name) {
		p.t.Errorf("definition: %v", got)
		return ""
	}
	lines := text.NewLines(p.docs[p.name])
	of := func(q protocol.Position) int {
		return lines.Offset(text.Position{Line: int(q.Line), Column: int(q.Character)}, p.mode.encoding)
	}
	before := p.docs[p.name][:of(got[0].Range.Start)]
	return before[strings.LastIndexByte(before, '\n')+1:] + "«" + p.docs[p.name][of(got[0].Range.Start):of(got[0].Range.End)] + "»"
}

func (p openPost) complete(offset int) []protocol.CompletionItem {
	p.t.Helper()
	var got struct {
		Items []protocol.CompletionItem `json:"items"`
	}
	p.call(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: p.at(offset)}, &got)
	return got.Items
}

func labels(items []protocol.CompletionItem) (out []string) {
	for _, i := range items {
		out = append(out, i.Label)
	}
	return out
}

// TestFirstPost does in the post that the project was first asked to serve what
// its author would do.
func TestFirstPost(t *testing.T) {
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) { firstPost(t, m) })
	}
}

func firstPost(t *testing.T, m mode) {
	const post = "_posts/2024-01-19-flow-matching.md"
	dir := copyBlog(t, "mlg-blog.github.io")
	full := filepath.Join(dir, post)
	data, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(m.write(string(data))), 0o644); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, dir, m)
	c.open(post)
	p := openPost{c, post}
	if found := c.diagnostics(post); len(found) != 0 {
		t.Errorf("problems in the post: %v", found)
	}
	for offset, want := range map[int]string{
		p.find(`\eqref{eq:b}`, 1, 8): "**(2)**", p.find(`\eqref{eq:a}`, 1, 3): "**(1)**", p.find(`\eqref{eq:c}`, 1, 9): "**(3)**",
		p.find("[^footnote-test]", 1, 4): "A footnote.", p.find("#figure-Figure1", 1, 9): "assets/images/flow-matching/marginals.png",
		p.find(`\hlblue{\phi`, 1, 2): `\colorbox{blue}`, p.find("image.html", 1, 1): "_includes/image.html",
	} {
		if got := p.hover(offset); !strings.Contains(got, want) {
			t.Errorf("hover at %q shows %q, and nothing of %q", p.docs[post][offset:offset+12], got, want)
		}
	}
	if got := p.hover(p.find(`\eqref{eq:b}`, 1, 8)); !strings.Contains(got, `\begin{align}`) {
		t.Errorf("hover on eq:b shows no source: %q", got)
	}
	for offset, want := range map[int]string{
		p.find(`\eqref{eq:c}`, 1, 8): `\label{«eq:c»`, p.find("#figure-Figure1", 1, 9): `ref="«Figure1»`,
		p.find("[^footnote-test]", 1, 4): "[^«footnote-test»", p.find(`\hlorange{b}`, 1, 3): `\newcommand{«\hlorange»`,
	} {
		if got := p.definition(offset); !strings.HasSuffix(got, want) {
			t.Errorf("definition at %q is %q, want %q", p.docs[post][offset:offset+12], got, want)
		}
	}
	items := p.complete(p.find(`\hlorange{b}`, 1, 3))
	if got := labels(items); !slices.Contains(got, `\hlorange`) || !slices.Contains(got, `\hlblue`) {
		t.Errorf(`\hl completes %v`, got[:min(len(got), 10)])
	}
	items = p.complete(p.find(`\eqref{eq:b}`, 1, 7))
	if got := labels(items); !slices.Equal(got, []string{"eq:c", "eq:b", "eq:a"}) { // the nearest first
		t.Errorf(`\eqref{ offers %v`, got)
	}
	for _, item := range items {
		if detail, _ := item.Detail.Get(); !strings.HasPrefix(detail, "("+string(rune('1'+item.Label[3]-'a'))+")") {
			t.Errorf("%s is offered as %q", item.Label, detail)
		}
	}

	// Break each name, and mend it again.
	for _, x := range []struct{ old, new, code string }{
		{`\eqref{eq:a}`, `\eqref{eq:x}`, "undefined-label"},
		{`\label{eq:b}`, `\label{eq:bb}`, "undefined-label"},
		{`(#figure-Figure1)`, `(#figure-figure1)`, "broken-anchor"},
		{`ref="Figure1"`, `ref="Figure2"`, "broken-anchor"},
		{`footnotes[^footnote-test]`, `footnotes[^footnote-Test]`, "undefined-footnote unused-footnote"},
		{`[^footnote-test]: A`, `[^footnote-tst]: A`, "undefined-footnote unused-footnote"},
		{`\newcommand{\hlblue}`, `\newcommand{\hlblu}`, "undefined-command"},
		{`\hlorange{b}`, `\hlorage{b}`, "undefined-command"},
		{`\dd{x}`, `\dd{x`, "unclosed-group"},
		{`\sqrt{2\pi}`, `\sqr{2\pi}`, "undefined-command"},
		{`\begin{align}`, `\begin{algn}`, "raw-tex"},
		{`\end{align}`, ``, "raw-tex"},
		{`{% include image.html`, `{% include imag.html`, "missing-include"},
		{`flow-matching/marginals.png`, `flow-matching/marginal.png`, "missing-image"},
		{`title:       "Flow`, `title:       "Flow: "a`, "front-matter"},
		{`\label{eq:c}`, `\label{eq:b}`, "duplicate-label undefined-label"},
		{`\require{physics}`, ``, "undefined-command"},
	} {
		before := p.docs[post]
		at := p.find(x.old, 1, 0)
		c.change(post, text.Span{Start: at, End: at + len(x.old)}, x.new)
		var got []string
		for _, d := range c.diagnostics(post) {
			got = append(got, string(d.Code.(protocol.String)))
		}
		slices.Sort(got)
		for _, code := range strings.Fields(x.code) {
			if !slices.Contains(got, code) {
				t.Errorf("%s instead of %s: problems %v, want %s", x.new, x.old, got, x.code)
			}
		}
		c.change(post, text.Span{Start: at, End: at + len(x.new)}, x.old)
		if p.docs[post] != before {
			t.Fatal("the change was not taken back")
		}
		if found := c.diagnostics(post); len(found) != 0 {
			t.Errorf("%s mended: problems %v", x.old, found)
		}
	}
}

// TestKeystrokeBudget measures on the wire how long it takes from a keystroke in
// a real post to its problems. It fails only where something is badly wrong: the
// budget itself is kept by benchmarks.
func TestKeystrokeBudget(t *testing.T) {
	const post = "_posts/2024-01-19-flow-matching.md"
	c := newClient(t, copyBlog(t, "mlg-blog.github.io"), modes[0])
	c.open(post)
	c.diagnostics(post)
	p := openPost{c, post}
	at := p.find("Generative modelling", 1, 0)
	var times []time.Duration
	for i := range 100 {
		start := time.Now()
		c.change(post, text.Span{Start: at, End: at + 1}, string(rune('A'+i%26)))
		c.call(protocol.MethodTextDocumentDiagnostic, &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(post)}}, nil)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	t.Logf("keystroke to problems over the wire: median %v, p95 %v", times[50], times[95])
	if times[50] > 100*time.Millisecond {
		t.Errorf("the median is %v", times[50])
	}
}
