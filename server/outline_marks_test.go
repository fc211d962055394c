package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/text"
)

// The sections of a case that hold what is answered about its first post.
var goldens = map[string]func(c *client, name, want string) string{
	"symbols": (*client).symbols, "fold": (*client).folds, "tokens": (*client).tokens, "search": (*client).search,
}

// checkGolden holds an answer against its section.
func (c *client) checkGolden(section, name, want, source string) {
	c.t.Helper()
	got := goldens[section](c, name, want)
	if got == want {
		return
	}
	if !*update {
		c.t.Errorf("%s: %s\n%swant\n%s", name, section, got, want)
		return
	}
	if c.mode.name != modes[0].name { // they run side by side, and one may write
		return
	}
	archive, err := txtar.ParseFile(source)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range archive.Files {
		if archive.Files[i].Name == section {
			archive.Files[i].Data = []byte(got)
		}
	}
	if err := os.WriteFile(source, txtar.Format(archive), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// symbols is the outline: names, lines and details, deeper ones indented.
func (c *client) symbols(name, _ string) string {
	c.t.Helper()
	var got []protocol.DocumentSymbol
	c.call(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: c.document(name).TextDocument}, &got)
	var b strings.Builder
	var walk func(list []protocol.DocumentSymbol, depth int)
	walk = func(list []protocol.DocumentSymbol, depth int) {
		for _, s := range list {
			if !within(s.SelectionRange, s.Range) {
				c.t.Errorf("%s: the selection of %s lies outside it", name, s.Name)
			}
			fmt.Fprintf(&b, "%s%s %d-%d", strings.Repeat("  ", depth), s.Name, s.Range.Start.Line+1, s.Range.End.Line+1)
			if s.Detail != nil {
				b.WriteString(" " + *s.Detail)
			}
			b.WriteByte('\n')
			walk(s.Children, depth+1)
		}
	}
	walk(got, 0)
	return b.String()
}

// folds are the lines of what can be folded, with the first line's text.
func (c *client) folds(name, _ string) string {
	c.t.Helper()
	var got []protocol.FoldingRange
	c.call(protocol.MethodTextDocumentFoldingRange, &protocol.FoldingRangeParams{TextDocument: c.document(name).TextDocument}, &got)
	var b strings.Builder
	lines := text.NewLines(c.docs[name])
	for _, f := range got {
		line := strings.TrimPrefix(lines.Span(int(f.StartLine)).Of(c.docs[name]), "\uFEFF")
		fmt.Fprintf(&b, "%d-%d %s", f.StartLine+1, f.EndLine+1, strings.TrimSpace(line))
		if f.Kind != "" {
			fmt.Fprintf(&b, " (%s)", f.Kind)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// tokens are the semantic tokens, a line each: line, text, type and modifiers.
func (c *client) tokens(name, _ string) string {
	c.t.Helper()
	var got protocol.SemanticTokens
	c.call(protocol.MethodTextDocumentSemanticTokensFull, &protocol.SemanticTokensParams{TextDocument: c.document(name).TextDocument}, &got)
	var b strings.Builder
	for _, t := range c.decode(name, got.Data) {
		fmt.Fprintf(&b, "%d %s %s\n", t.line+1, t.text, t.kind)
	}
	return b.String()
}

// A shownToken is a token as a client has it.
type shownToken struct {
	span text.Span
	line int
	text string
	kind string
}

func (c *client) decode(name string, data []uint32) (out []shownToken) {
	c.t.Helper()
	doc := c.docs[name]
	lines := text.NewLines(doc)
	line, column, end := 0, 0, 0
	for i := 0; i+4 < len(data); i += 5 {
		if data[i] > 0 {
			column = 0
		}
		line, column = line+int(data[i]), column+int(data[i+1])
		from := lines.Offset(text.Position{Line: line, Column: column}, c.mode.encoding)
		to := lines.Offset(text.Position{Line: line, Column: column + int(data[i+2])}, c.mode.encoding)
		if from < end || to <= from || line >= lines.Count() || lines.Position(to, c.mode.encoding).Column != column+int(data[i+2]) {
			c.t.Errorf("%s: the token at %d:%d is empty, overlaps another, or reaches outside its line", name, line+1, column)
		}
		end = to
		kind := c.session.legend.types[data[i+3]]
		for bit, m := range c.session.legend.modifiers {
			if data[i+4]&(1<<bit) != 0 {
				kind += "." + m
			}
		}
		out = append(out, shownToken{text.Span{Start: from, End: to}, line, doc[from:to], kind})
	}
	return out
}

// search asks for the symbols of the site: each line of the section is a query,
// an arrow, and what is found.
func (c *client) search(_, want string) string {
	c.t.Helper()
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSuffix(want, "\n"), "\n") {
		query, _, _ := strings.Cut(line, " →")
		var got []protocol.SymbolInformation
		c.call(protocol.MethodWorkspaceSymbol, &protocol.WorkspaceSymbolParams{Query: query}, &got)
		b.WriteString(query + " →")
		for i, s := range got {
			if i > 0 {
				b.WriteString(",")
			}
			rel, _ := filepath.Rel(c.dir, s.Location.URI.FsPath())
			fmt.Fprintf(&b, " %s %s:%d", s.Name, filepath.Base(rel), s.Location.Range.Start.Line+1)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// checkSelect holds what grows around the first caret against a list of texts
// with bars between them, the smallest first; an arrow stands for a line end.
func (c *client) checkSelect(label string, k mark, at protocol.Position) {
	c.t.Helper()
	var got []protocol.SelectionRange
	c.call(protocol.MethodTextDocumentSelectionRange, &protocol.SelectionRangeParams{TextDocument: c.document(k.file).TextDocument, Positions: []protocol.Position{at, at}}, &got)
	if len(got) != 2 {
		c.t.Fatalf("%s: %d answers to 2 positions", label, len(got))
	}
	var texts []string
	for r := &got[1]; r != nil; r = r.Parent {
		s := c.part(k.file, r.Range)
		texts = append(texts, strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "⏎"))
	}
	want := strings.Split(k.arg, " | ")
	if len(texts) < len(want) || !slices.Equal(texts[:len(want)], want) {
		c.t.Errorf("%s:\n got %s\nwant %s", label, strings.Join(texts, " | "), k.arg)
	}
}

func (c *client) part(name string, r protocol.Range) string {
	lines := text.NewLines(c.docs[name])
	at := func(p protocol.Position) int {
		return lines.Offset(text.Position{Line: int(p.Line), Column: int(p.Character)}, c.mode.encoding)
	}
	return text.Span{Start: at(r.Start), End: at(r.End)}.Of(c.docs[name])
}

// checkHints holds all hints of a file that has marks for some against these:
// a mark's first caret stands where the hint does.
func (c *client) checkHints(name string, marks []mark) {
	c.t.Helper()
	var want, got []string
	for _, k := range marks {
		if k.verb == "hint" && k.file == name {
			want = append(want, fmt.Sprintf("%v %s", c.rng(k).Start, k.arg))
		}
	}
	if len(want) == 0 {
		return
	}
	for _, h := range c.hintsOf(name) {
		got = append(got, fmt.Sprintf("%v %s", h.Position, h.Label))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		c.t.Errorf("%s: hints\n got %v\nwant %v", name, got, want)
	}
}

func (c *client) hintsOf(name string) (got []protocol.InlayHint) {
	c.t.Helper()
	lines := text.NewLines(c.docs[name])
	end := position(lines.Position(len(c.docs[name]), c.mode.encoding))
	c.call(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{TextDocument: c.document(name).TextDocument, Range: protocol.Range{End: end}}, &got)
	return got
}

// checkLinks holds all links of a file that has marks for some against these.
func (c *client) checkLinks(name string, marks []mark) {
	c.t.Helper()
	var want, have []string
	for _, k := range marks {
		if k.verb != "link" || k.file != name {
			continue
		}
		target := k.arg
		for _, p := range marks {
			if p.verb == "at" && p.arg == k.arg {
				at := c.rng(p).Start
				target = fmt.Sprintf("%s#L%d,%d", p.file, at.Line+1, at.Character+1)
			}
		}
		want = append(want, show(c.rng(k))+" "+target)
	}
	if len(want) == 0 {
		return
	}
	for _, l := range c.linksOf(name) {
		have = append(have, show(l.Range)+" "+strings.ReplaceAll(strings.TrimPrefix(string(*l.Target), string(uri.File(c.dir))+"/"), "%2C", ","))
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(have, want) {
		c.t.Errorf("%s: links\n got %s\nwant %s", name, strings.Join(have, "\n     "), strings.Join(want, "\n     "))
	}
}

func (c *client) linksOf(name string) (got []protocol.DocumentLink) {
	c.t.Helper()
	c.call(protocol.MethodTextDocumentDocumentLink, &protocol.DocumentLinkParams{TextDocument: c.document(name).TextDocument}, &got)
	return got
}

func TestLegend(t *testing.T) {
	l := newLegend([]string{"function", "property"}, []string{"static"})
	if !slices.Equal(l.types, []string{"function", "property"}) || !slices.Equal(l.modifiers, []string{"static"}) {
		t.Errorf("the legend is %v %v", l.types, l.modifiers)
	}
}
