package server

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// TestEverywhere asks at every post of the example, and of real blogs where
// there are some, what can be asked without a name: nothing may reach outside
// the document, ranges nest, tokens follow each other.
func TestEverywhere(t *testing.T) {
	for i, dir := range blogs(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			m := modes[i%len(modes)]
			c := newClient(t, dir, m)
			posts := postsOf(t, dir)
			posts = posts[:min(len(posts), 60)]
			for _, name := range posts {
				data, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				c.openText(name, m.write(string(data)))
			}
			c.wait()
			took := map[string][]time.Duration{}
			for _, name := range posts {
				c.askEverything(name, took)
			}
			for what, list := range took {
				slices.Sort(list)
				t.Logf("%s: %d times, median %v, p95 %v", what, len(list), list[len(list)/2], list[len(list)*95/100])
			}
		})
	}
}

// blogs are the folders of the example site and, where there are some, of real
// blogs.
func blogs(t *testing.T) []string {
	t.Helper()
	configs := []string{"../testdata/sites/example/_config.yml"}
	if corpus := os.Getenv("SCHOLIUM_CORPUS"); corpus != "" && !testing.Short() {
		found, err := filepath.Glob(filepath.Join(corpus, "*", "_config.yml"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no blogs in %s: %v", corpus, err)
		}
		configs = append(configs, found...)
	}
	var dirs []string
	for _, c := range configs {
		dir, err := filepath.Abs(filepath.Dir(c))
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// postsOf are the Markdown files of a folder, by their paths below it.
func postsOf(t *testing.T, dir string) (posts []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".md") {
			rel, relErr := filepath.Rel(dir, path)
			posts = append(posts, filepath.ToSlash(rel))
			return relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

// inside fails where a range is no range of the document: it begins or ends
// where no character does, or ends before it begins.
func (c *client) inside(what, name string, lines *text.Lines, r protocol.Range) {
	c.t.Helper()
	for _, p := range []protocol.Position{r.Start, r.End} {
		at := text.Position{Line: int(p.Line), Column: int(p.Character)}
		if lines.Position(lines.Offset(at, c.mode.encoding), c.mode.encoding) != at {
			c.t.Errorf("%s of %s: %v is no place of the document", what, name, p)
		}
	}
	if !within(r, protocol.Range{Start: r.Start, End: r.End}) || r.End.Line < r.Start.Line || r.End.Line == r.Start.Line && r.End.Character < r.Start.Character {
		c.t.Errorf("%s of %s: %s ends before it begins", what, name, show(r))
	}
}

func (c *client) askEverything(name string, took map[string][]time.Duration) {
	c.t.Helper()
	doc := c.docs[name]
	lines := text.NewLines(doc)
	document := c.document(name).TextDocument
	ask := func(method string, params, result any) {
		c.t.Helper()
		start := time.Now()
		c.call(method, params, result)
		took[method] = append(took[method], time.Since(start))
	}

	var symbols []protocol.DocumentSymbol
	ask(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: document}, &symbols)
	var walk func([]protocol.DocumentSymbol, *protocol.DocumentSymbol)
	walk = func(list []protocol.DocumentSymbol, parent *protocol.DocumentSymbol) {
		for i := range list {
			s := &list[i]
			c.inside("a symbol", name, lines, s.Range)
			c.inside("a symbol", name, lines, s.SelectionRange)
			if s.Name == "" || !within(s.SelectionRange, s.Range) || parent != nil && !within(s.Range, parent.Range) {
				c.t.Errorf("%s: the symbol %q %s does not lie right: %s, in %v", name, s.Name, show(s.Range), show(s.SelectionRange), parent)
			}
			walk(s.Children, s)
		}
	}
	walk(symbols, nil)

	var folds []protocol.FoldingRange
	ask(protocol.MethodTextDocumentFoldingRange, &protocol.FoldingRangeParams{TextDocument: document}, &folds)
	for i, f := range folds {
		if f.EndLine <= f.StartLine || int(f.EndLine) >= lines.Count() {
			c.t.Errorf("%s: the fold %d-%d", name, f.StartLine, f.EndLine)
		}
		for _, g := range folds[:i] {
			if g.StartLine > f.StartLine || f.StartLine <= g.EndLine && g.EndLine < f.EndLine {
				c.t.Errorf("%s: the folds %d-%d and %d-%d", name, g.StartLine, g.EndLine, f.StartLine, f.EndLine)
			}
		}
	}

	var tokens, part protocol.SemanticTokens
	ask(protocol.MethodTextDocumentSemanticTokensFull, &protocol.SemanticTokensParams{TextDocument: document}, &tokens)
	all := c.decode(name, tokens.Data)
	if n := len(all); n > 2 {
		at := func(offset int) protocol.Position { return position(lines.Position(offset, c.mode.encoding)) }
		ask(protocol.MethodTextDocumentSemanticTokensRange, &protocol.SemanticTokensRangeParams{
			TextDocument: document, Range: protocol.Range{Start: at(all[n/3].span.Start), End: at(all[2*n/3].span.End)},
		}, &part)
		if got := c.decode(name, part.Data); !slices.Equal(got, all[n/3:2*n/3+1]) {
			c.t.Errorf("%s: a part has %d tokens, of all it has %d", name, len(got), 2*n/3+1-n/3)
		}
	}

	var links []protocol.DocumentLink
	ask(protocol.MethodTextDocumentDocumentLink, &protocol.DocumentLinkParams{TextDocument: document}, &links)
	for i, l := range links {
		c.inside("a link", name, lines, l.Range)
		if l.Target == nil || !l.Target.IsFile() || i > 0 && !before(links[i-1].Range.End, l.Range.Start) {
			c.t.Errorf("%s: the link %s to %v", name, show(l.Range), l.Target)
		}
	}

	start := time.Now()
	for _, h := range c.hintsOf(name) {
		c.inside("a hint", name, lines, protocol.Range{Start: h.Position, End: h.Position})
	}
	took[protocol.MethodTextDocumentInlayHint] = append(took[protocol.MethodTextDocumentInlayHint], time.Since(start))

	r := rand.New(rand.NewPCG(1, uint64(len(doc))))
	var places []protocol.Position
	for range 40 {
		places = append(places, position(lines.Position(r.IntN(len(doc)+1), c.mode.encoding)))
	}
	for _, at := range places {
		var chains []protocol.SelectionRange
		ask(protocol.MethodTextDocumentSelectionRange, &protocol.SelectionRangeParams{TextDocument: document, Positions: []protocol.Position{at}}, &chains)
		if len(chains) != 1 {
			c.t.Fatalf("%s: %d chains", name, len(chains))
		}
		inner := protocol.Range{Start: at, End: at}
		for link := &chains[0]; link != nil; link = link.Parent {
			c.inside("a selection", name, lines, link.Range)
			if !within(inner, link.Range) || inner == link.Range && doc != "" {
				c.t.Errorf("%s at %v: %s does not grow from %s", name, at, show(link.Range), show(inner))
			}
			inner = link.Range
		}
	}
}

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character <= b.Character
}

// TestFlatSymbols has a client that knows no trees.
func TestFlatSymbols(t *testing.T) {
	c := newClient(t, copySite(t), modes[0])
	c.session.caps.hierarchical = false
	const post = "_posts/2024-03-01-evidence.md"
	c.open(post)
	var got []protocol.SymbolInformation
	c.call(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: c.document(post).TextDocument}, &got)
	in := map[string]string{}
	for _, s := range got {
		if s.ContainerName != nil {
			in[s.Name] = *s.ContainerName
		}
	}
	if in["(1) eq:elbo"] != "## The bound" || in["#figure-bound"] != "## The bound" {
		t.Errorf("the containers are %v", in)
	}
}

// TestFoldsOfClients has clients that fold within lines, and few.
func TestFoldsOfClients(t *testing.T) {
	c := newClient(t, copySite(t), modes[0])
	c.session.caps.foldLines = false
	c.openText("a.md", "---\n---\n# One\n\n$$\nx\n$$\n\n- a\n  b\n")
	ask := func() (got []protocol.FoldingRange) {
		c.call(protocol.MethodTextDocumentFoldingRange, &protocol.FoldingRangeParams{TextDocument: c.document("a.md").TextDocument}, &got)
		return got
	}
	got := ask()
	if len(got) != 4 || *got[1].StartCharacter != 5 || *got[2].StartCharacter != 2 || got[2].EndLine != 6 || *got[2].EndCharacter != 0 {
		t.Errorf("the folds are %+v", got)
	}
	c.session.caps.foldLimit = 1
	if got := ask(); len(got) != 1 || got[0].StartLine != 2 {
		t.Errorf("the one fold is %+v", got)
	}
}

// TestHints are switched by kind, and keep to the range.
func TestHints(t *testing.T) {
	doc := "\\begin{equation}\\label{eq:a} x \\end{equation}\n\nBy \\eqref{eq:a}[^n].\n\n[^n]: A note.\n"
	for init, want := range map[string]int{
		"": 4, `{"hints":{"references":false}}`: 3, `{"hints":{"numbers":false,"footnotes":false}}`: 1, `{"hints":false}`: 0, `{"hints":7}`: 4,
	} {
		m := modes[0]
		m.init = init
		c := newClient(t, copySite(t), m)
		c.openText("_posts/2024-01-01-a.md", "---\nlayout: post\n---\n"+doc)
		if got := c.hintsOf("_posts/2024-01-01-a.md"); len(got) != want {
			t.Errorf("%s: %d hints, want %d", init, len(got), want)
		}
		var got []protocol.InlayHint
		c.call(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{TextDocument: c.document("_posts/2024-01-01-a.md").TextDocument, Range: protocol.Range{Start: protocol.Position{Line: 4}, End: protocol.Position{Line: 5, Character: 15}}}, &got)
		if init == "" && len(got) != 1 {
			t.Errorf("%d hints in a part", len(got))
		}
	}
}

// TestHintsElsewhere edits an include: the numbers of a post that shows it change,
// and its client is told.
func TestHintsElsewhere(t *testing.T) {
	dir := copySite(t)
	if err := os.WriteFile(filepath.Join(dir, "_includes", "eq.html"), []byte("<p>x</p>\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, dir, modes[0])
	const post, include = "_posts/2024-01-01-a.md", "_includes/eq.html"
	c.openText(post, "---\nlayout: post\n---\n{% include eq.html %}\n\n\\begin{equation}\\label{eq:a} x \\end{equation}\n")
	c.openText(include, "<p>x</p>\n")
	c.wait()
	number := func() string {
		c.t.Helper()
		got := c.hintsOf(post)
		if len(got) != 1 {
			t.Fatalf("the hints are %v", got)
		}
		return string(got[0].Label.(protocol.String))
	}
	if got := number(); got != "(1)" {
		t.Fatalf("the number is %s", got)
	}
	c.change(include, text.Span{Start: 3, End: 4}, `\begin{equation} y \end{equation}`)
	<-c.hinted
	if got := number(); got != "(2)" {
		t.Errorf("the number is %s", got)
	}
}

func copySite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
		t.Fatal(err)
	}
	return dir
}
