package server

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/text"
)

var update = flag.Bool("update", false, "write the golden sections of testdata anew")

// TestMarks runs every file of testdata through the wire: with LF, with CRLF and
// with a byte order mark, each in another encoding of columns.
//
// A line of carets and a verb speaks of what stands above it, and is removed
// before the file is written:
//
//	diag CODE [text]    a problem, with text in its message; every problem must be marked
//	hover TEXT          a hover at the first caret shows TEXT; "-" is nothing
//	at NAME             names a place
//	goto NAME|FILE      the definition is the place, or the file
//	refs NAME …         the references, definitions included, are these places; one in a file that
//	                    is not open is FILE:LINE:COLUMN-LINE:COLUMN
//	complete A B …      completion behind the last caret offers these, in this order; "-" is nothing
//	highlight NAME …    these places of the file are highlighted, those with = in front as definitions
//	linked NAME …       these places are edited together
//	rename NEW          the name gets a new one: a section "after/FILE" shows each file that this changes
//	rename NEW: TEXT    it does not, for a reason with TEXT in it
//	fix TEXT            the code action with TEXT in its title takes the problem away
//	act TEXT            so does the one that is no fix: a section "after/N/FILE" shows the file that
//	                    the case's Nth such mark changes
//	act not TEXT        there is no action with TEXT in its title
//	select A | B …      what grows around the first caret begins with these texts
//	hint LABEL          an inlay hint stands at the first caret; all of the file must be marked
//	link NAME|FILE      the carets lead to the place or file; all links of the file must be marked
//
// The sections named in goldens are answers about the first post; one named
// script is a list of steps:
//
//	move OLD NEW        a file or folder is moved: "after/FILE" shows what that changes
//	mend FILE           all of FILE is mended that can be without asking: "after/FILE" shows it
//	edit FILE s/a/b/    changes FILE in its buffer, which is opened if need be
//	write FILE s/a/b/   changes FILE on disk; delete FILE, create FILE do the like
//	want FILE CODE …    these are the problems of FILE then, in order
func TestMarks(t *testing.T) {
	table := &kindTable{seen: map[[2]string]int{}}
	t.Cleanup(func() { table.check(t) })
	files, err := markFiles()
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		dir := filepath.Base(filepath.Dir(file))
		name := dir + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			variants := [][]txtar.File{archive.Files}
			if dir == "rules" {
				variants = [][]txtar.File{part(archive.Files, "fault/"), part(archive.Files, "mended/")}
				if len(variants[0]) == 0 || len(variants[1]) == 0 {
					t.Fatal("a rule's page has a post at fault and the post mended")
				}
				if n := strings.Count(string(data), "^ diag "+filepath.Base(strings.TrimSuffix(file, ".txtar"))); n == 0 {
					t.Error("the page never marks its own problem")
				}
			}
			for i, v := range variants {
				for _, mode := range modes {
					t.Run(fmt.Sprintf("%d-%s", i, mode.name), func(t *testing.T) {
						t.Parallel()
						runCase(t, v, mode, file, table)
					})
				}
			}
		})
	}
}

func part(files []txtar.File, prefix string) []txtar.File {
	var out []txtar.File
	for _, f := range files {
		if rest, ok := strings.CutPrefix(f.Name, prefix); ok {
			out = append(out, txtar.File{Name: rest, Data: f.Data})
		}
	}
	return out
}

// A mode is a way in which files and clients differ.
type mode struct {
	name     string
	encoding text.Encoding
	pull     bool
	write    func(string) string
	init     string // initializationOptions, or nothing
	changes  bool   // edits come with the versions of documents
	extra    string // more members of textDocument's capabilities, behind a comma
}

var modes = []mode{
	{"lf", text.UTF16, true, func(s string) string { return s }, "", false, ""},
	{"crlf", text.UTF8, true, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "", true, ""},
	{"bom", text.UTF32, true, func(s string) string { return "\uFEFF" + s }, "", true, ""},
}

// A mark is a line of carets with what it says.
type mark struct {
	file       string
	line       int // from 0
	start, end int // columns, in characters
	verb, arg  string
}

// split takes the marks out of a file's text.
func split(name, doc string) (clean string, marks []mark) {
	var kept []string
	for _, line := range strings.Split(doc, "\n") {
		trimmed := strings.TrimLeft(line, " ")
		carets := len(trimmed) - len(strings.TrimLeft(trimmed, "^"))
		verb, arg, _ := strings.Cut(strings.TrimPrefix(trimmed[carets:], " "), " ")
		if carets == 0 || !slices.Contains([]string{"diag", "hover", "at", "goto", "refs", "complete", "fix", "highlight", "linked", "rename", "select", "hint", "link", "act"}, verb) || len(kept) == 0 {
			kept = append(kept, line)
			continue
		}
		start := len(line) - len(trimmed)
		marks = append(marks, mark{name, len(kept) - 1, start, start + carets, verb, strings.TrimSpace(arg)})
	}
	return strings.Join(kept, "\n"), marks
}

// A client is a test's side of the wire.
type client struct {
	t        *testing.T
	dir      string
	conn     jsonrpc2.Conn
	server   protocol.Server
	session  *session
	mode     mode
	docs     map[string]string // what is open, as the client has it
	version  int32
	versions map[string]int32    // of what is open
	after    map[string]string   // how files are after the case's rename or moves
	moved    map[string]string   // how moves have left files
	source   string              // the case's own file
	acts     int                 // how many of the case's actions were tried
	updated  []map[string]string // what they have made of files
	wants    bool                // its script says which problems there are

	mu        sync.Mutex
	published map[uri.URI][]protocol.Diagnostic
	refreshed chan struct{}
	hinted    chan struct{} // told to ask for hints again
	done      chan int
}

// newClient starts a server and says initialize.
func newClient(t *testing.T, dir string, mode mode) *client {
	t.Helper()
	return newClientOf(t, dir, mode, Options{Version: "test"})
}

// newJudgingClient starts a server in which MathJax judges what is in doubt.
func newJudgingClient(t *testing.T, dir string, mode mode) *client {
	t.Helper()
	return newClientOf(t, dir, mode, Options{Version: "test", Judge: true})
}

// connect starts a server for a client that says nothing by itself; what the
// server says goes to handle, or where that is nil to the client's own.
func connect(t *testing.T, dir string, mode mode, o Options, handle jsonrpc2.Handler) *client {
	t.Helper()
	c := &client{t: t, dir: dir, mode: mode, docs: map[string]string{}, versions: map[string]int32{}, published: map[uri.URI][]protocol.Diagnostic{}, refreshed: make(chan struct{}, 100), hinted: make(chan struct{}, 100), done: make(chan int, 1)}
	ours, theirs := net.Pipe()
	began := make(chan *session, 1)
	go func() {
		o.began = func(s *session) { began <- s }
		c.done <- Serve(context.Background(), theirs, o)
	}()
	c.session = <-began
	c.conn = jsonrpc2.NewConn(jsonrpc2.NewStream(ours), jsonrpc2.WithCodec(codec{}))
	c.server = protocol.ServerDispatcher(c.conn)
	if handle == nil {
		handle = c.handle
	}
	c.conn.Go(context.Background(), handle)
	t.Cleanup(c.stop)
	return c
}

func newClientOf(t *testing.T, dir string, mode mode, o Options) *client {
	t.Helper()
	c := connect(t, dir, mode, o, nil)
	caps := fmt.Sprintf(`{"general":{"positionEncodings":[%q]},"textDocument":{"hover":{"contentFormat":["markdown"]},
		"rename":{"prepareSupport":true},"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["quickfix"]}}},
		"documentSymbol":{"hierarchicalDocumentSymbolSupport":true},"foldingRange":{"lineFoldingOnly":true}%s},"workspace":{"diagnostics":{"refreshSupport":true},"inlayHint":{"refreshSupport":true}%s}}`,
		mode.encoding, map[bool]string{true: `,"diagnostic":{}`, false: ""}[mode.pull]+mode.extra,
		map[bool]string{true: `,"workspaceEdit":{"documentChanges":true}`, false: ""}[mode.changes])
	params := fmt.Sprintf(`{"processId":null,"rootUri":%q,"capabilities":%s}`, uri.File(dir), caps)
	if mode.init != "" {
		params = params[:len(params)-1] + `,"initializationOptions":` + mode.init + "}"
	}
	var result protocol.InitializeResult
	c.call(protocol.MethodInitialize, jsonrpc2.RawMessage(params), &result)
	if got := string(result.Capabilities.PositionEncoding); got != mode.encoding.String() {
		t.Fatalf("the server counts in %s, asked was %s", got, mode.encoding)
	}
	c.notify(protocol.MethodInitialized, jsonrpc2.RawMessage(`{}`))
	return c
}

func (c *client) handle(_ context.Context, req *jsonrpc2.Request) (any, error) {
	switch req.Method() {
	case protocol.MethodTextDocumentPublishDiagnostics:
		var p protocol.PublishDiagnosticsParams
		if err := protocol.Unmarshal(req.Params(), &p); err != nil {
			c.t.Errorf("published: %v", err)
		}
		c.mu.Lock()
		c.published[p.URI] = p.Diagnostics
		c.mu.Unlock()
		c.refreshed <- struct{}{}
	case "workspace/inlayHint/refresh":
		c.hinted <- struct{}{}
	case "workspace/diagnostic/refresh":
		c.refreshed <- struct{}{}
	}
	return nil, nil
}

func (c *client) stop() {
	c.call(protocol.MethodShutdown, nil, nil)
	c.notify(protocol.MethodExit, nil)
	if code := <-c.done; code != 0 {
		c.t.Errorf("the server ends with %d", code)
	}
	if err := c.conn.Close(); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Logf("closing: %v", err)
	}
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if _, err := c.conn.Call(context.Background(), method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	if err := c.conn.Notify(context.Background(), method, params); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) uri(name string) uri.URI {
	return uri.File(filepath.Join(c.dir, filepath.FromSlash(name)))
}

func (c *client) open(name string) {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		c.t.Fatal(err)
	}
	c.openText(name, string(data))
}

func (c *client) openText(name, doc string) {
	c.version++
	c.docs[name], c.versions[name] = doc, c.version
	c.notify(protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{
		URI: c.uri(name), LanguageID: "markdown", Version: c.version, Text: doc,
	}})
}

// change replaces a part of an open document, as an editor does.
func (c *client) change(name string, span text.Span, new string) {
	doc := c.docs[name]
	lines := text.NewLines(doc)
	c.version++
	c.docs[name], c.versions[name] = doc[:span.Start]+new+doc[span.End:], c.version
	start, end := lines.Position(span.Start, c.mode.encoding), lines.Position(span.End, c.mode.encoding)
	c.notify(protocol.MethodTextDocumentDidChange, &protocol.DidChangeTextDocumentParams{
		TextDocument: protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: c.uri(name)}, Version: c.version},
		ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangePartial{
			Range: protocol.Range{Start: position(start), End: position(end)}, Text: new,
		}},
	})
}

// wait returns when every site has been read.
func (c *client) wait() {
	for _, s := range c.session.work.Sites() {
		s.Wait()
	}
}

// diagnostics asks for a file's problems.
func (c *client) diagnostics(name string) []protocol.Diagnostic {
	c.t.Helper()
	var raw struct {
		Items []protocol.Diagnostic `json:"items"`
	}
	params := &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}}
	c.call(protocol.MethodTextDocumentDiagnostic, params, nil) // all that was said before has been taken
	c.session.publish.mu.Lock()
	c.session.publish.touched = c.session.publish.touched.Add(-quiet) // as if it had been quiet
	c.session.publish.mu.Unlock()
	c.call(protocol.MethodTextDocumentDiagnostic, params, &raw)
	return raw.Items
}

// offset is the byte offset of a character of a line in an open document.
func (c *client) offset(name string, line, column int) int {
	span := text.NewLines(c.docs[name]).Span(line)
	part := span.Of(c.docs[name])
	if line == 0 {
		part = strings.TrimPrefix(part, "\uFEFF")
	}
	at := span.End - len(part)
	for ; column > 0 && part != ""; column-- {
		_, n := utf8.DecodeRuneInString(part)
		part, at = part[n:], at+n
	}
	return at
}

func (c *client) rng(m mark) protocol.Range {
	lines := text.NewLines(c.docs[m.file])
	start, end := c.offset(m.file, m.line, m.start), c.offset(m.file, m.line, m.end)
	return protocol.Range{Start: position(lines.Position(start, c.mode.encoding)), End: position(lines.Position(end, c.mode.encoding))}
}

func (c *client) document(name string) protocol.TextDocumentPositionParams {
	return protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}}
}

func show(r protocol.Range) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line+1, r.Start.Character, r.End.Line+1, r.End.Character)
}

func runCase(t *testing.T, files []txtar.File, m mode, source string, table *kindTable) {
	dir := t.TempDir()
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	defaults, err := txtar.ParseFile("../testdata/default.txtar")
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{}
	for _, f := range files {
		given[f.Name] = true
	}
	var marks []mark
	var posts []string
	script, sections, after := "", map[string]string{}, map[string]string{}
	put := func(name, doc string) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range defaults.Files {
		if !given[f.Name] && !given["-"+f.Name] {
			put(f.Name, string(f.Data))
		}
	}
	for _, f := range files {
		doc := string(f.Data)
		switch {
		case f.Name == "script":
			script = doc
			continue
		case goldens[f.Name] != nil:
			sections[f.Name] = doc
			continue
		case strings.HasPrefix(f.Name, "after/"):
			after[strings.TrimPrefix(f.Name, "after/")] = doc
			continue
		case strings.HasPrefix(f.Name, "-"):
			continue
		}
		clean, found := split(f.Name, doc)
		marks = append(marks, found...)
		put(f.Name, m.write(clean))
		if strings.HasSuffix(f.Name, ".md") || len(found) > 0 {
			posts = append(posts, f.Name)
		}
	}
	c := newClient(t, dir, m)
	c.after, c.source, c.wants = after, source, strings.Contains(script, "\nwant ")
	for _, name := range posts {
		c.open(name)
	}
	c.wait()
	for _, name := range posts {
		c.checkDiagnostics(name, marks)
		c.checkHints(name, marks)
		c.checkLinks(name, marks)
	}
	if m.name == "lf" {
		for _, k := range marks { // before any is checked: that edits
			table.note(c, k)
		}
	}
	for _, k := range marks {
		c.checkMark(k, marks)
	}
	for section, want := range sections {
		c.checkGolden(section, posts[0], want, source)
	}
	for _, step := range strings.Split(strings.TrimSpace(script), "\n") {
		if step != "" {
			c.step(step)
		}
	}
	if strings.Contains("\n"+script, "\nmove ") || strings.Contains("\n"+script, "\nmend ") {
		c.checkAfter("script", c.moved)
	}
}

// checkDiagnostics holds a file's problems against its marks, both ways.
func (c *client) checkDiagnostics(name string, marks []mark) {
	c.t.Helper()
	var want []string
	texts := map[string]string{}
	for _, k := range marks {
		if k.verb == "diag" && k.file == name {
			code, message, _ := strings.Cut(k.arg, " ")
			key := show(c.rng(k)) + " " + code
			want = append(want, key)
			texts[key] = message
		}
	}
	var got []string
	for _, d := range c.diagnostics(name) {
		key := fmt.Sprintf("%s %s", show(d.Range), d.Code)
		got = append(got, key)
		if message := fmt.Sprint(d.Message); !strings.Contains(message, texts[key]) {
			c.t.Errorf("%s: %s says %q, and nothing of %q", name, key, message, texts[key])
		}
	}
	sort.Strings(want)
	sort.Strings(got)
	if !slices.Equal(got, want) {
		c.t.Errorf("%s: problems\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func (c *client) checkMark(k mark, marks []mark) {
	c.t.Helper()
	at := c.rng(k)
	place := c.document(k.file)
	place.Position = at.Start
	label := fmt.Sprintf("%s:%d: %s", k.file, k.line+1, k.verb)
	switch k.verb {
	case "hover":
		var h struct {
			Contents struct {
				Value string `json:"value"`
			} `json:"contents"`
		}
		c.call(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &h)
		if k.arg == "-" {
			if h.Contents.Value != "" {
				c.t.Errorf("%s shows %q, wanted nothing", label, h.Contents.Value)
			}
		} else if !strings.Contains(strings.ReplaceAll(h.Contents.Value, "\r\n", "\n"), strings.ReplaceAll(k.arg, `⏎`, "\n")) {
			c.t.Errorf("%s shows %q, and nothing of %q", label, h.Contents.Value, k.arg)
		}
	case "goto":
		var got []protocol.Location
		c.call(protocol.MethodTextDocumentDefinition, &protocol.DefinitionParams{TextDocumentPositionParams: place}, &got)
		c.checkPlaces(label, got, strings.Fields(k.arg), marks)
	case "select":
		c.checkSelect(label, k, at.Start)
	case "refs":
		var got []protocol.Location
		c.call(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: place, Context: protocol.ReferenceContext{IncludeDeclaration: true}}, &got)
		c.checkPlaces(label, got, strings.Fields(k.arg), marks)
	case "complete":
		place.Position = at.End
		var got struct {
			Items []protocol.CompletionItem `json:"items"`
		}
		c.call(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: place}, &got)
		sort.SliceStable(got.Items, func(i, j int) bool {
			a, _ := got.Items[i].SortText.Get()
			b, _ := got.Items[j].SortText.Get()
			return a < b
		})
		var labels []string
		for _, item := range got.Items {
			detail, _ := item.Detail.Get()
			labels = append(labels, strings.ReplaceAll(item.Label+"="+strings.Fields(detail + " -")[0], " ", ""))
		}
		next := 0
		want := strings.Fields(k.arg)
		if k.arg == "-" {
			want = nil
			if len(labels) > 0 {
				c.t.Errorf("%s: offered %v, wanted nothing", label, labels)
			}
		}
		for _, l := range labels {
			if next < len(want) && (l == want[next] || strings.Split(l, "=")[0] == want[next]) {
				next++
			}
		}
		if next < len(want) {
			c.t.Errorf("%s: %q is not offered in its place; offered is %v", label, want[next], labels[:min(len(labels), 12)])
		}
	case "highlight", "linked":
		var names []string
		if k.verb == "linked" {
			var got protocol.LinkedEditingRanges
			c.call(protocol.MethodTextDocumentLinkedEditingRange, &protocol.LinkedEditingRangeParams{TextDocumentPositionParams: place}, &got)
			for _, r := range got.Ranges {
				names = append(names, c.named(k.file, r, marks))
			}
		} else {
			var got []protocol.DocumentHighlight
			c.call(protocol.MethodTextDocumentDocumentHighlight, &protocol.DocumentHighlightParams{TextDocumentPositionParams: place}, &got)
			for _, h := range got {
				names = append(names, map[protocol.DocumentHighlightKind]string{protocol.DocumentHighlightKindWrite: "="}[h.Kind]+c.named(k.file, h.Range, marks))
			}
		}
		if got := strings.Join(names, " "); got != strings.TrimPrefix(k.arg, "-") {
			c.t.Errorf("%s: got %s", label, got)
		}
	case "rename":
		c.checkRename(label, k, place)
	case "act":
		c.checkAct(label, k, at)
	case "fix":
		var actions []protocol.CodeAction
		c.call(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{TextDocument: place.TextDocument, Range: at, Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{}}}, &actions)
		for _, a := range actions {
			if strings.Contains(a.Title, k.arg) {
				c.applyFix(label, k.file, a)
				return
			}
		}
		c.t.Errorf("%s: no action %q among %d", label, k.arg, len(actions))
	}
}

// applyFix makes a fix's edits, sees that its problem is gone and no other has
// come, and takes them back.
func (c *client) applyFix(label, name string, a protocol.CodeAction) {
	c.t.Helper()
	before := c.docs[name]
	count := len(c.diagnostics(name))
	changed := c.edits(a.Edit)
	if len(changed) != 1 {
		c.t.Fatalf("%s: edits in %d files", label, len(changed))
	}
	edits := changed[name]
	after, ok := text.Apply(before, edits)
	if !ok || after == before {
		c.t.Fatalf("%s: the edits %v do nothing", label, edits)
	}
	c.change(name, text.Span{Start: 0, End: len(before)}, after)
	if left := c.diagnostics(name); len(left) >= count {
		c.t.Errorf("%s: %d problems after the fix, %d before", label, len(left), count)
	}
	c.change(name, text.Span{Start: 0, End: len(after)}, before)
}

func (c *client) checkPlaces(label string, got []protocol.Location, names []string, marks []mark) {
	c.t.Helper()
	key := func(u uri.URI, r protocol.Range) string {
		rel, _ := filepath.Rel(c.dir, u.FsPath())
		return filepath.ToSlash(rel) + " " + show(r)
	}
	var want, have []string
	for _, n := range names {
		found := false
		for _, k := range marks {
			if k.verb == "at" && k.arg == n {
				want, found = append(want, key(c.uri(k.file), c.rng(k))), true
			}
		}
		if file, at, ok := strings.Cut(n, ":"); ok && !found { // a place in a file that is not open
			want = append(want, file+" "+at)
		} else if !found && n != "-" {
			want = append(want, n+" 1:0-1:0") // a file as such
		}
	}
	for _, l := range got {
		have = append(have, key(l.URI, l.Range))
	}
	sort.Strings(want)
	sort.Strings(have)
	if !slices.Equal(want, have) {
		c.t.Errorf("%s:\n got %v\nwant %v", label, have, want)
	}
}

func within(inner, outer protocol.Range) bool {
	after := func(a, b protocol.Position) bool {
		return a.Line > b.Line || a.Line == b.Line && a.Character >= b.Character
	}
	return after(inner.Start, outer.Start) && after(outer.End, inner.End)
}

// step carries out a line of a script.
func (c *client) step(line string) {
	c.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	name, arg, _ := strings.Cut(rest, " ")
	full := filepath.Join(c.dir, filepath.FromSlash(name))
	replace := func(doc string) string {
		p := strings.Split(arg, arg[1:2])
		if len(p) != 4 || p[0] != "s" || !strings.Contains(doc, p[1]) {
			c.t.Fatalf("%s: nothing to change in %q", line, doc)
		}
		return strings.Replace(doc, p[1], p[2], 1)
	}
	touched := func() {
		c.notify(protocol.MethodWorkspaceDidChangeWatchedFiles, &protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: c.uri(name), Type: protocol.FileChangeTypeChanged}}})
		c.diagnostics(name) // what was said before has been taken
		c.wait()
	}
	switch verb {
	case "edit":
		if _, ok := c.docs[name]; !ok {
			c.open(name)
		}
		doc := c.docs[name]
		c.change(name, text.Span{Start: 0, End: len(doc)}, replace(doc))
	case "write", "delete", "create":
		var err error
		switch verb {
		case "write":
			data, readErr := os.ReadFile(full)
			if readErr != nil {
				c.t.Fatal(readErr)
			}
			err = os.WriteFile(full, []byte(replace(string(data))), 0o644)
		case "delete":
			err = os.Remove(full)
		case "create":
			err = os.WriteFile(full, []byte(arg), 0o644)
		}
		if err != nil {
			c.t.Fatal(err)
		}
		touched()
	case "close":
		delete(c.docs, name)
		c.notify(protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}})
		c.diagnostics(name)
		c.wait()
	case "move":
		c.move(name, arg)
	case "mend":
		c.mend(name)
	case "want":
		var got []string
		for _, d := range c.diagnostics(name) {
			got = append(got, fmt.Sprint(d.Code))
		}
		if strings.Join(got, " ") != arg {
			c.t.Errorf("%s: got %v", line, got)
		}
	default:
		c.t.Fatalf("there is no step %q", verb)
	}
}

// markFiles are the files with marks; those of the command line are run elsewhere.
func markFiles() ([]string, error) {
	files, err := filepath.Glob("../testdata/*/*.txtar")
	return slices.DeleteFunc(files, func(f string) bool { return filepath.Base(filepath.Dir(f)) == "cli" }), err
}
