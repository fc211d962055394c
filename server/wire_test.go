package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

type hoverAnswer struct {
	Contents struct {
		Value string `json:"value"`
	} `json:"contents"`
}

// testClient writes files of a test site and starts a client on it.
func testClient(t *testing.T, pull bool, files map[string]string) *client {
	t.Helper()
	return newClient(t, folder(t, files), mode{"wire", text.UTF16, pull, nil, "", false, ""})
}

// folder writes files into a folder of the test's own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, doc := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const wirePost = "---\ntitle: x\n---\nA claim[^n].\n\n[^n]: 0\n"

// TestOrder sends edits and questions in one stream: each question must be
// answered for the text at its place in it.
func TestOrder(t *testing.T) {
	c := testClient(t, true, map[string]string{"_config.yml": "title: x\n", "_posts/2024-01-01-a.md": wirePost})
	const post = "_posts/2024-01-01-a.md"
	c.open(post)
	type answer struct {
		id  int
		got string
		err error
	}
	const n = 300
	answers := make(chan answer, n)
	at := strings.Index(wirePost, "]: 0") + len("]: ")
	digits := 1
	for i := range n {
		new := fmt.Sprint(i)
		c.change(post, text.Span{Start: at, End: at + digits}, new)
		digits = len(new)
		place := c.document(post)
		place.Position = protocol.Position{Line: 3, Character: 9}
		// The call is written before the next edit is, and waits for its answer elsewhere.
		written := make(chan struct{})
		go func() {
			var h hoverAnswer
			close(written)
			_, err := c.conn.Call(context.Background(), protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &h)
			answers <- answer{i, h.Contents.Value, err}
		}()
		<-written
	}
	last := -1
	for range n {
		a := <-answers
		if a.err != nil {
			t.Fatal(a.err)
		}
		var version int
		if _, err := fmt.Sscanf(a.got[strings.LastIndexByte(a.got, '\n')+1:], "%d", &version); err != nil {
			t.Fatalf("hover %d shows %q", a.id, a.got)
		}
		// A question never sees a text from before it was asked.
		if version < a.id {
			t.Errorf("hover %d saw text %d", a.id, version)
		}
		last = max(last, version)
	}
	if last != n-1 {
		t.Errorf("the last text seen is %d", last)
	}
}

// TestPanic asks what makes the server panic: that request alone fails.
func TestPanic(t *testing.T) {
	c := testClient(t, true, map[string]string{"_config.yml": "title: x\n", "_posts/2024-01-01-a.md": wirePost})
	h := &handler{s: c.session, running: map[jsonrpc2.ID]context.CancelFunc{}, inner: func(context.Context, *jsonrpc2.Request) (any, error) {
		panic("on purpose")
	}}
	ours, theirs := net.Pipe()
	conn := jsonrpc2.NewConn(jsonrpc2.NewStream(theirs), jsonrpc2.WithCodec(codec{}))
	conn.Go(context.Background(), h.handle)
	other := jsonrpc2.NewConn(jsonrpc2.NewStream(ours), jsonrpc2.WithCodec(codec{}))
	other.Go(context.Background(), func(context.Context, *jsonrpc2.Request) (any, error) { return nil, nil })
	for range 3 {
		_, err := other.Call(context.Background(), protocol.MethodTextDocumentHover, jsonrpc2.RawMessage(`{}`), nil)
		var wire *jsonrpc2.Error
		if !errors.As(err, &wire) || wire.Code != jsonrpc2.InternalError {
			t.Errorf("a panic is answered with %v", err)
		}
		if err := other.Notify(context.Background(), "textDocument/didSave", jsonrpc2.RawMessage(`{}`)); err != nil {
			t.Errorf("after a panic: %v", err)
		}
	}
	ours.Close()
	theirs.Close()
}

// TestOddMessages sends what real and broken clients send: the session goes on.
func TestOddMessages(t *testing.T) {
	const post = "_posts/2024-01-01-a.md"
	c := testClient(t, true, map[string]string{"_config.yml": "title: x\n", post: wirePost})
	c.open(post)
	for _, m := range []struct{ method, params string }{
		{"textDocument/didChange", `{"textDocument":{"uri":"` + string(c.uri(post)) + `","version":null},"contentChanges":[{"text":"---\n---\nnew[^n]\n\n[^n]: text\n"}]}`},
		{"textDocument/didChange", `{"textDocument":{"uri":"untitled:Untitled-1","version":1},"contentChanges":[{"text":"x"}]}`},
		{"textDocument/didChange", `{"nonsense":[]}`}, {"textDocument/didOpen", `[]`}, {"textDocument/didClose", `{"textDocument":{}}`},
		{"$/setTrace", `{"value":"off"}`}, {"$/nobodyKnows", `{}`}, {"workspace/didChangeWatchedFiles", `{"changes":[{"uri":"file:///nowhere/x","type":1}]}`},
	} {
		c.notify(m.method, jsonrpc2.RawMessage(m.params))
	}
	for _, m := range []struct{ method, params string }{
		{"textDocument/hover", `{"textDocument":{"uri":"untitled:Untitled-1"},"position":{"line":0,"character":0}}`},
		{"textDocument/hover", `{"textDocument":{"uri":"file:///nowhere/x.md"},"position":{"line":9999,"character":9999}}`},
		{"textDocument/completion", `{"textDocument":{"uri":"file:///nowhere/x.md"},"position":{"line":0,"character":0}}`},
		{"textDocument/documentSymbol", `{"textDocument":{"uri":"file:///nowhere/x.md"}}`},
	} {
		var raw json.RawMessage
		c.call(m.method, jsonrpc2.RawMessage(m.params), &raw)
	}
	if _, err := c.conn.Call(context.Background(), "nobody/knows", jsonrpc2.RawMessage(`{}`), nil); err == nil {
		t.Error("an unknown request is answered without an error")
	}
	var h hoverAnswer
	place := c.document(post)
	place.Position = protocol.Position{Line: 2, Character: 5}
	c.call(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &h)
	if !strings.Contains(h.Contents.Value, "text") {
		t.Errorf("after a change with version null, hover shows %q", h.Contents.Value)
	}
}

// TestInitialize takes what odd clients say of themselves.
func TestInitialize(t *testing.T) {
	for _, params := range []string{
		`{"processId":1,"rootUri":null,"capabilities":{}}`,
		`{"processId":null,"rootUri":null,"capabilities":{"textDocument":{"callHierarchy":[]}}}`,
		`{"processId":99999999999,"rootUri":null,"trace":null,"capabilities":{"general":{"positionEncodings":["utf-8"]}}}`,
		`{"processId":null,"rootPath":"/tmp","rootUri":null,"capabilities":{"workspace":true,"textDocument":{"hover":{"contentFormat":["markdown"]}}}}`,
		`{"processId":null,"rootUri":null,"workspaceFolders":null,"capabilities":{"window":{"workDoneProgress":"yes"}}}`,
		`{"capabilities":{}}`,
	} {
		p, dropped, err := decodeInitialize([]byte(params))
		if err != nil {
			t.Errorf("%s: %v (dropped %v)", params, err, dropped)
		}
		if strings.Contains(params, "utf-8") && (p.Capabilities.General == nil || len(p.Capabilities.General.PositionEncodings) != 1) {
			t.Errorf("%s: the encodings were lost", params)
		}
	}
}

// TestExitCodes ends sessions as the specification says.
func TestExitCodes(t *testing.T) {
	for _, x := range []struct {
		name     string
		messages []string
		want     int
	}{
		{"shutdown and exit", []string{`"id":1,"method":"initialize","params":{"capabilities":{}}`, `"id":2,"method":"shutdown"`, `"method":"exit"`}, 0},
		{"exit alone", []string{`"id":1,"method":"initialize","params":{"capabilities":{}}`, `"method":"exit"`}, 1},
		{"the client goes away", []string{`"id":1,"method":"initialize","params":{"capabilities":{}}`}, 1},
		{"shutdown, then the client goes away", []string{`"id":1,"method":"initialize","params":{"capabilities":{}}`, `"id":2,"method":"shutdown"`}, 0},
	} {
		ours, theirs := net.Pipe()
		done := make(chan int, 1)
		go func() { done <- Serve(context.Background(), theirs, Options{}) }()
		answers := make(chan struct{})
		go func() { // take what the server says
			defer close(answers)
			buf := make([]byte, 4096)
			for {
				if _, err := ours.Read(buf); err != nil {
					return
				}
			}
		}()
		for _, m := range x.messages {
			body := `{"jsonrpc":"2.0",` + m + `}`
			if _, err := fmt.Fprintf(ours, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
				t.Fatalf("%s: %v", x.name, err)
			}
		}
		if !strings.Contains(x.messages[len(x.messages)-1], "exit") {
			ours.Close()
		}
		if got := <-done; got != x.want {
			t.Errorf("%s: exit code %d, want %d", x.name, got, x.want)
		}
		ours.Close()
		<-answers
	}
}

// TestBeforeAndAfter refuses requests before initialize and after shutdown.
func TestBeforeAndAfter(t *testing.T) {
	ours, theirs := net.Pipe()
	done := make(chan int, 1)
	go func() { done <- Serve(context.Background(), theirs, Options{}) }()
	conn := jsonrpc2.NewConn(jsonrpc2.NewStream(ours), jsonrpc2.WithCodec(codec{}))
	conn.Go(context.Background(), func(context.Context, *jsonrpc2.Request) (any, error) { return nil, nil })
	code := func(method string) jsonrpc2.Code {
		_, err := conn.Call(context.Background(), method, jsonrpc2.RawMessage(`{"capabilities":{}}`), nil)
		var wire *jsonrpc2.Error
		if errors.As(err, &wire) {
			return wire.Code
		}
		return 0
	}
	for _, x := range []struct {
		method string
		want   jsonrpc2.Code
	}{
		{"textDocument/hover", -32002}, {"shutdown", -32002}, {"initialize", 0}, {"initialize", jsonrpc2.InvalidRequest}, {"shutdown", 0},
		{"textDocument/hover", jsonrpc2.InvalidRequest},
	} {
		if got := code(x.method); got != x.want {
			t.Errorf("%s: code %d, want %d", x.method, got, x.want)
		}
	}
	if err := conn.Notify(context.Background(), "exit", nil); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got != 0 {
		t.Errorf("exit code %d", got)
	}
	ours.Close()
}

// TestPush shows problems to a client that does not ask for them.
func TestPush(t *testing.T) {
	const post = "_posts/2024-01-01-a.md"
	c := testClient(t, false, map[string]string{"_config.yml": "title: x\n", post: "---\ntitle: x\n---\nA claim[^n].\n"})
	c.open(post)
	for {
		<-c.refreshed
		c.mu.Lock()
		list := c.published[c.uri(post)]
		c.mu.Unlock()
		if len(list) == 1 && list[0].Code == protocol.String("undefined-footnote") {
			break
		}
	}
	doc := c.docs[post]
	c.change(post, text.Span{Start: len(doc), End: len(doc)}, "\n[^n]: Text.\n")
	<-c.refreshed
	c.mu.Lock()
	defer c.mu.Unlock()
	if list := c.published[c.uri(post)]; len(list) != 0 {
		t.Errorf("mended, but shown is %v", list)
	}
}

// TestFirstQuestion asks in the same breath in which it opens a post, when
// nothing of the site has been read: the number needs the site's MathJax
// configuration.
func TestFirstQuestion(t *testing.T) {
	const post = "_posts/2024-01-01-a.md"
	for range 20 {
		c := testClient(t, true, map[string]string{
			"_config.yml":           "title: x\n",
			"_layouts/default.html": "<script>MathJax = {tex: {tags: 'ams'}};</script>\n{{ content }}\n",
			post:                    "---\nlayout: default\n---\n\\begin{equation}\\label{eq:a} x \\end{equation}\n\nSee \\eqref{eq:a}.\n",
		})
		c.open(post)
		place := c.document(post)
		place.Position = protocol.Position{Line: 5, Character: uint32(len(`See \eqref{`))}
		var got hoverAnswer
		c.call(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place}, &got)
		if !strings.Contains(got.Contents.Value, "(1)") {
			t.Fatalf("the hover says %q", got.Contents.Value)
		}
	}
}
