package server

import (
	"fmt"
	"path/filepath"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// TestDisorder has changes overtake each other, as Helix does where two keys
// come within a millisecond: it is asked for whole texts, and the newest counts.
// Of other clients the last that comes does, whatever its number.
func TestDisorder(t *testing.T) {
	const post = "_posts/2024-01-01-a.md"
	for _, c := range []struct {
		name string
		sync protocol.TextDocumentSyncKind
		want string
	}{
		{"helix", protocol.TextDocumentSyncKindFull, "𝔼 four"},
		{"Visual Studio Code", protocol.TextDocumentSyncKindIncremental, "𝔼 three"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := connect(t, folder(t, map[string]string{"_config.yml": "title: x\n", post: "zero"}), mode{name: c.name, encoding: text.UTF16}, Options{Version: "test"}, nil)
			var answer struct {
				Capabilities struct {
					TextDocumentSync struct {
						Change protocol.TextDocumentSyncKind `json:"change"`
					} `json:"textDocumentSync"`
				} `json:"capabilities"`
			}
			client.call(protocol.MethodInitialize, jsonrpc2.RawMessage(fmt.Sprintf(`{"processId":null,"rootUri":%q,"clientInfo":{"name":%q,"version":"1"},"capabilities":{}}`, client.uri(""), c.name)), &answer)
			if got := answer.Capabilities.TextDocumentSync.Change; got != c.sync {
				t.Errorf("changes are wanted as %v", got)
			}
			client.notify(protocol.MethodInitialized, jsonrpc2.RawMessage(`{}`))
			client.open(post)
			for _, change := range []struct {
				version int
				text    string
			}{{2, "𝔼 two"}, {4, "𝔼 four"}, {3, "𝔼 three"}} {
				client.notify("textDocument/didChange", jsonrpc2.RawMessage(fmt.Sprintf(`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[{"text":%q}]}`, client.uri(post), change.version, change.text)))
			}
			client.call("textDocument/documentSymbol", jsonrpc2.RawMessage(fmt.Sprintf(`{"textDocument":{"uri":%q}}`, client.uri(post))), nil) // behind the changes
			if got, _, _ := client.session.work.Text(filepath.Join(client.dir, filepath.FromSlash(post))); got != c.want {
				t.Errorf("the text is %q, not %q", got, c.want)
			}
		})
	}
}
