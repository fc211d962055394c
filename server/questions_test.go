package server

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestEveryQuestion asks every question at every name of a site's posts, and at a
// thousand places taken at random, while letters come and go: the example, and
// real blogs where there are some. No question fails; what is answered lies in
// the documents as they are at that moment; at a name that is defined nothing is
// empty, its definition is among its references, and these are the same from
// each of their places.
func TestEveryQuestion(t *testing.T) {
	dirs := blogs(t)
	for i, dir := range dirs {
		for k, m := range modes {
			if i > 0 && k != i%len(modes) && os.Getenv("SCHOLIUM_HOSTILE") == "" { // of a real blog one encoding will do
				continue
			}
			t.Run(filepath.Base(dir)+"-"+m.name, func(t *testing.T) { everyQuestion(t, dir, m) })
		}
	}
}

func everyQuestion(t *testing.T, dir string, m mode) {
	const most = 40 // posts, and places of each
	m.changes = true
	c := newClient(t, dir, m)
	posts := postsOf(t, dir)
	random := rand.New(rand.NewPCG(uint64(len(posts)), 21))
	random.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
	posts = posts[:min(len(posts), most)]
	for _, name := range posts {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		c.openText(name, m.write(strings.ToValidUTF8(string(data), "\uFFFD")))
	}
	c.wait()
	q := &questioner{client: c, random: random, took: map[string][]time.Duration{}, posts: posts}
	for _, name := range posts {
		places := q.names(name)
		random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, n := range places[:min(len(places), most)] {
			q.edit()
			q.atName(name, n)
		}
	}
	for range 1000 {
		name := posts[random.IntN(len(posts))]
		q.edit()
		q.at(name, random.IntN(len(c.docs[name])+1))
	}
	t.Logf("%d posts, %d names, 1000 other places, %d edits", len(posts), q.asked, q.edits)
	var methods []string
	for method := range q.took {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	for _, method := range methods {
		list := q.took[method]
		slices.Sort(list)
		t.Logf("%s: %d times, median %v, p95 %v, at most %v", method, len(list), list[len(list)/2], list[len(list)*95/100], list[len(list)-1])
		// The budgets are kept by benchmarks; here what is badly wrong is seen.
		if list[len(list)/2] > 50*time.Millisecond && !testing.Short() {
			t.Errorf("%s: the median is %v", method, list[len(list)/2])
		}
	}
}

// A questioner asks, and counts how long the answers take.
type questioner struct {
	*client
	random       *rand.Rand
	took         map[string][]time.Duration
	posts        []string
	asked, edits int
	typed        string // the post in which a letter was typed that is to go again
}

// edit types a letter at the end of some post, or takes it back.
func (q *questioner) edit() {
	q.edits++
	if name := q.typed; name != "" {
		n := len(q.docs[name])
		q.change(name, text.Span{Start: n - 1, End: n}, "")
		q.typed = ""
		return
	}
	q.typed = q.posts[q.random.IntN(len(q.posts))]
	n := len(q.docs[q.typed])
	q.change(q.typed, text.Span{Start: n, End: n}, "x")
}

// names are those of an open post that are written there to the letter.
func (q *questioner) names(name string) (out []site.Name) {
	s, p := q.session.work.Site(filepath.Join(q.dir, filepath.FromSlash(name)))
	f := s.Now().Facts(p)
	if f == nil {
		return nil
	}
	for _, n := range f.Names {
		if n.At.File == p && n.At.Exact && !n.At.Span.Empty() {
			out = append(out, n)
		}
	}
	return out
}

// position is a place of an open document in the protocol's columns.
func (q *questioner) position(name string, offset int) protocol.TextDocumentPositionParams {
	d := q.document(name)
	d.Position = position(text.NewLines(q.docs[name]).Position(offset, q.mode.encoding))
	return d
}

// ask asks, and fails only if the server does.
func (q *questioner) ask(method string, params, result any) {
	q.t.Helper()
	begin := time.Now()
	q.call(method, params, result)
	q.took[method] = append(q.took[method], time.Since(begin))
}

// lies fails where a range is none of the file that it is said to lie in.
func (q *questioner) lies(what string, u uri.URI, r protocol.Range) {
	q.t.Helper()
	file := u.FsPath()
	rel, err := filepath.Rel(q.dir, file)
	if err != nil || strings.HasPrefix(rel, "..") {
		q.t.Errorf("%s lies outside the site: %s", what, u)
		return
	}
	doc, open := q.docs[filepath.ToSlash(rel)]
	if !open {
		data, err := os.ReadFile(file)
		if err != nil {
			q.t.Errorf("%s: %v", what, err)
			return
		}
		doc = string(data)
	}
	q.inside(what, rel, text.NewLines(doc), r)
}

func (q *questioner) places(method string, params any) []protocol.Location {
	q.t.Helper()
	var got []protocol.Location
	q.ask(method, params, &got)
	for _, l := range got {
		q.lies(method, l.URI, l.Range)
	}
	return got
}

// at asks everything at a place, and sees that what is answered lies in documents.
func (q *questioner) at(name string, offset int) (hover string, definitions, references []protocol.Location) {
	q.t.Helper()
	place := q.position(name, offset)
	here := protocol.Range{Start: place.Position, End: place.Position}
	own := q.uri(name)

	var h struct {
		Contents struct {
			Value string `json:"value"`
		} `json:"contents"`
		Range *protocol.Range `json:"range"`
	}
	q.ask(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &h)
	if h.Range != nil {
		q.lies("a hover", own, *h.Range)
		if !within(here, *h.Range) {
			q.t.Errorf("%s: a hover at %v is about %s", name, place.Position, show(*h.Range))
		}
	}
	definitions = q.places(protocol.MethodTextDocumentDefinition, &protocol.DefinitionParams{TextDocumentPositionParams: place})
	references = q.places(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: place, Context: protocol.ReferenceContext{IncludeDeclaration: true}})

	var lit []protocol.DocumentHighlight
	q.ask(protocol.MethodTextDocumentDocumentHighlight, &protocol.DocumentHighlightParams{TextDocumentPositionParams: place}, &lit)
	for _, l := range lit {
		q.lies("a highlight", own, l.Range)
	}
	var linked *protocol.LinkedEditingRanges
	q.ask(protocol.MethodTextDocumentLinkedEditingRange, &protocol.LinkedEditingRangeParams{TextDocumentPositionParams: place}, &linked)
	if linked != nil {
		first := ""
		for i, r := range linked.Ranges {
			q.lies("a linked range", own, r)
			lines := text.NewLines(q.docs[name])
			of := func(p protocol.Position) int {
				return lines.Offset(text.Position{Line: int(p.Line), Column: int(p.Character)}, q.mode.encoding)
			}
			word := q.docs[name][of(r.Start):of(r.End)]
			if i == 0 {
				first = word
			} else if word != first {
				q.t.Errorf("%s: %q and %q are edited together", name, first, word)
			}
		}
	}
	var prepared struct {
		Range *protocol.Range `json:"range"`
	}
	if _, err := q.conn.Call(q.t.Context(), protocol.MethodTextDocumentPrepareRename, &protocol.PrepareRenameParams{TextDocumentPositionParams: place}, &prepared); err == nil && prepared.Range != nil {
		q.lies("what can be renamed", own, *prepared.Range)
	}
	var list struct {
		Items []struct {
			Label      string              `json:"label"`
			TextEdit   *protocol.TextEdit  `json:"textEdit"`
			Additional []protocol.TextEdit `json:"additionalTextEdits"`
		} `json:"items"`
	}
	q.ask(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: place}, &list)
	for _, item := range list.Items {
		if item.Label == "" {
			q.t.Errorf("%s: completion at %v offers nothing by name", name, place.Position)
		}
		for _, e := range item.Additional {
			q.lies("an edit of completion", own, e.Range)
		}
		if item.TextEdit != nil {
			q.lies("completion", own, item.TextEdit.Range)
			if !within(here, item.TextEdit.Range) || item.TextEdit.Range.Start.Line != item.TextEdit.Range.End.Line {
				q.t.Errorf("%s: completion at %v replaces %s", name, place.Position, show(item.TextEdit.Range))
			}
		}
	}
	var actions []protocol.CodeAction
	q.ask(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{TextDocument: place.TextDocument, Range: here, Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{}}}, &actions)
	for _, a := range actions {
		for file, edits := range q.edited(a.Edit) {
			for _, e := range edits {
				q.lies("the action "+a.Title, file, e)
			}
		}
	}
	var chains []protocol.SelectionRange
	q.ask(protocol.MethodTextDocumentSelectionRange, &protocol.SelectionRangeParams{TextDocument: place.TextDocument, Positions: []protocol.Position{place.Position}}, &chains)
	if len(chains) != 1 {
		q.t.Errorf("%s: %d selections at one place", name, len(chains))
	}
	if q.random.IntN(20) == 0 {
		var raw json.RawMessage
		document := place.TextDocument
		whole := protocol.Range{End: protocol.Position{Line: uint32(text.NewLines(q.docs[name]).Count())}}
		q.ask(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: document}, &raw)
		q.ask(protocol.MethodTextDocumentFoldingRange, &protocol.FoldingRangeParams{TextDocument: document}, &raw)
		q.ask(protocol.MethodTextDocumentDocumentLink, &protocol.DocumentLinkParams{TextDocument: document}, &raw)
		q.ask(protocol.MethodTextDocumentSemanticTokensFull, &protocol.SemanticTokensParams{TextDocument: document}, &raw)
		q.ask(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{TextDocument: document, Range: whole}, &raw)
		q.ask(protocol.MethodTextDocumentDiagnostic, &protocol.DocumentDiagnosticParams{TextDocument: document}, &raw)
		q.ask(protocol.MethodWorkspaceSymbol, &protocol.WorkspaceSymbolParams{Query: string(rune('a' + q.random.IntN(26)))}, &raw)
	}
	return h.Contents.Value, definitions, references
}

// edited are the ranges that an edit changes, by file.
func (q *questioner) edited(e *protocol.WorkspaceEdit) map[uri.URI][]protocol.Range {
	data, err := json.Marshal(e)
	if err != nil {
		q.t.Fatal(err)
	}
	var raw struct {
		Changes         map[uri.URI][]struct{ Range protocol.Range }
		DocumentChanges []struct {
			TextDocument struct{ URI uri.URI }
			Edits        []struct{ Range protocol.Range }
		}
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		q.t.Fatal(err)
	}
	out := map[uri.URI][]protocol.Range{}
	for u, list := range raw.Changes {
		for _, x := range list {
			out[u] = append(out[u], x.Range)
		}
	}
	for _, d := range raw.DocumentChanges {
		for _, x := range d.Edits {
			out[d.TextDocument.URI] = append(out[d.TextDocument.URI], x.Range)
		}
	}
	return out
}

// atName asks everything at a name.
func (q *questioner) atName(name string, n site.Name) {
	q.t.Helper()
	q.asked++
	offset := n.At.Span.Start + q.random.IntN(n.At.Span.Len()+1)
	for offset < len(q.docs[name]) && q.docs[name][offset]&0xC0 == 0x80 { // within a character
		offset++
	}
	hover, definitions, references := q.at(name, offset)
	label := name + ": " + n.Kind.String() + " " + n.Text + " at " + show(protocol.Range{Start: q.position(name, offset).Position})
	if len(definitions) == 0 {
		return // it is not defined, which a rule says; or its definition cannot be known
	}
	if hover == "" {
		q.t.Errorf("%s: the hover is empty", label)
	}
	if len(references) == 0 {
		q.t.Errorf("%s: it has no references", label)
	}
	for _, d := range definitions {
		if n.Kind != site.PageLink && !slices.Contains(references, d) && d.Range != (protocol.Range{}) { // no address is written in the file or heading that it leads to
			q.t.Errorf("%s: its definition %v is not among its references %v", label, d, references)
		}
	}
	// The same from another of its places.
	other := references[q.random.IntN(max(len(references), 1))]
	var again []protocol.Location
	place := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: other.URI}, Position: other.Range.Start}
	q.ask(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: place, Context: protocol.ReferenceContext{IncludeDeclaration: true}}, &again)
	if !slices.Equal(again, references) && other.Range != (protocol.Range{}) {
		q.t.Errorf("%s: its references %v are %v from %v", label, references, again, other)
	}
}
