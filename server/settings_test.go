package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

const settingsPost = "_posts/2024-01-01-a.md"

var settingsSite = map[string]string{
	"_config.yml":   "title: x\n",
	".scholium.yml": "rules:\n  undefined-footnote: warning\n  undefined-link-reference: on\n",
	settingsPost:    "---\ntitle: x\n---\nOver 𝔼 a claim[^lost] and [^n].\n\nSee [the paper][vaswani] for more.\n\n[^n]: Shown.\n\n[^m]: Not shown.\n",
}

// TestSettingsPushed: an editor that sends its settings is heeded at once; where
// the site itself speaks of a rule, the site decides.
func TestSettingsPushed(t *testing.T) {
	c := testClient(t, false, settingsSite)
	c.open(settingsPost)
	want := func(what, problems string) {
		t.Helper()
		for range c.refreshed {
			c.mu.Lock()
			list := c.published[c.uri(settingsPost)]
			c.mu.Unlock()
			data, err := protocol.Marshal(&protocol.PublishDiagnosticsParams{Diagnostics: list})
			if err != nil {
				t.Fatal(err)
			}
			got := listed(t, data)
			if got == problems {
				return
			}
			t.Logf("%s: %s", what, got)
		}
	}
	set := func(settings string) {
		c.notify(protocol.MethodWorkspaceDidChangeConfiguration, jsonrpc2.RawMessage(`{"settings":`+settings+`}`))
	}
	want("to begin with", "2 undefined-footnote, 4 undefined-link-reference, 4 unused-footnote")
	set(`{"scholium":{"rules":{"unused-footnote":"error","undefined-footnote":"off","undefined-link-reference":"off","no-such-rule":"error","broken-link":null}}}`)
	want("the site decides on two rules", "2 undefined-footnote, 4 undefined-link-reference, 1 unused-footnote")
	for _, odd := range []string{`{"somebody":{"rules":{"unused-footnote":"off"}}}`, `{"scholium":{"rules":{"unused-footnote":7}}}`, `null`, `[]`, `{"scholium":null}`} {
		set(odd)
	}
	set(`{"scholium":{"rules":{"unused-footnote":"off"}}}`)
	want("a rule off", "2 undefined-footnote, 4 undefined-link-reference")
	set(`{"scholium":{"exclude":["_posts/**", "["]}}`)
	want("all posts left out", "")
	set(`{"scholium":{}}`)
	want("as it was", "2 undefined-footnote, 4 undefined-link-reference, 4 unused-footnote")

	hints := func() (n int) {
		var got []json.RawMessage
		c.call("textDocument/inlayHint", jsonrpc2.RawMessage(`{"textDocument":{"uri":"`+string(c.uri(settingsPost))+`"},"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":0}}}`), &got)
		return len(got)
	}
	if hints() == 0 {
		t.Fatal("the post has no hints")
	}
	set(`{"scholium":{"hints":{"footnotes":false}}}`)
	<-c.hinted
	if n := hints(); n != 0 {
		t.Errorf("%d hints after they were switched off", n)
	}
	set(`{"scholium":{"hints":{"numbers":false}}}`)
	<-c.hinted
	if hints() == 0 {
		t.Error("no hints after they were switched on")
	}
}

// listed are published problems, as severity and code, in their order.
func listed(t *testing.T, published []byte) string {
	t.Helper()
	var p struct {
		Diagnostics []struct {
			Severity int
			Code     string
		}
	}
	if err := json.Unmarshal(published, &p); err != nil {
		t.Error(err)
	}
	var all []string
	for _, d := range p.Diagnostics {
		all = append(all, strconv.Itoa(d.Severity)+" "+d.Code)
	}
	return strings.Join(all, ", ")
}

// TestSettingsAsked: an editor that can be asked for its settings is asked when
// the session begins, and again whenever it says that they have changed.
func TestSettingsAsked(t *testing.T) {
	answers := make(chan string) // one for each time that the server asks
	registered := make(chan string, 10)
	published := make(chan string, 10)
	c := connect(t, folder(t, settingsSite), mode{name: "asked", encoding: text.UTF16}, Options{Version: "test"}, func(_ context.Context, req *jsonrpc2.Request) (any, error) {
		switch req.Method() {
		case protocol.MethodWorkspaceConfiguration:
			if got := string(req.Params()); !strings.Contains(got, `"section":"scholium"`) {
				t.Errorf("the server asks for %s", got)
			}
			jsonrpc2.Async(context.Background())
			return jsonrpc2.RawMessage(`[` + <-answers + `]`), nil
		case protocol.MethodClientRegisterCapability:
			registered <- string(req.Params())
		case protocol.MethodTextDocumentPublishDiagnostics:
			published <- listed(t, req.Params())
		}
		return nil, nil
	})
	c.call(protocol.MethodInitialize, jsonrpc2.RawMessage(`{"processId":null,"rootUri":"`+string(c.uri(""))+`","capabilities":{"workspace":{"configuration":true,"didChangeConfiguration":{"dynamicRegistration":true}}}}`), nil)
	c.notify(protocol.MethodInitialized, jsonrpc2.RawMessage(`{}`))
	if got := <-registered; !strings.Contains(got, `"workspace/didChangeConfiguration"`) || !strings.Contains(got, `"section":"scholium"`) {
		t.Errorf("registered: %s", got)
	}
	answers <- `{"rules":{"unused-footnote":"info","broken-link":"default"}}`
	c.open(settingsPost)
	until := func(want string) {
		t.Helper()
		for got := range published {
			if got == want {
				return
			}
		}
	}
	until("2 undefined-footnote, 4 undefined-link-reference, 3 unused-footnote")
	c.notify(protocol.MethodWorkspaceDidChangeConfiguration, jsonrpc2.RawMessage(`{"settings":null}`))
	answers <- `{"rules":{"unused-footnote":"off"}}`
	until("2 undefined-footnote, 4 undefined-link-reference")
	c.notify(protocol.MethodWorkspaceDidChangeConfiguration, jsonrpc2.RawMessage(`{"settings":{"scholium":{"rules":{"unused-footnote":"error"}}}}`))
	answers <- `null` // what the client says when it is asked counts
	until("2 undefined-footnote, 4 undefined-link-reference, 4 unused-footnote")
}

// TestSettingsAtOnce: what a client says of rules with initialize holds from the
// first list that it is shown, and until it says otherwise.
func TestSettingsAtOnce(t *testing.T) {
	const all = "2 undefined-footnote, 4 undefined-link-reference, 4 unused-footnote"
	for _, c := range []struct{ options, want string }{
		{`{"rules":{"unused-footnote":"off","undefined-footnote":null,"broken-link":"default"}}`, "2 undefined-footnote, 4 undefined-link-reference"},
		{`{"exclude":["_posts/**"]}`, ""},
		{`{"rules":7,"exclude":{},"hints":false}`, all},
	} {
		client := connect(t, folder(t, settingsSite), mode{name: "at once", encoding: text.UTF16, pull: true}, Options{Version: "test"}, nil)
		client.call(protocol.MethodInitialize, jsonrpc2.RawMessage(`{"processId":null,"rootUri":"`+string(client.uri(""))+`","initializationOptions":`+c.options+`,"capabilities":{"textDocument":{"diagnostic":{}}}}`), nil)
		client.notify(protocol.MethodInitialized, jsonrpc2.RawMessage(`{}`))
		client.open(settingsPost)
		list := func() string {
			var all []string
			for _, d := range client.diagnostics(settingsPost) {
				all = append(all, fmt.Sprintf("%d %s", d.Severity, d.Code))
			}
			return strings.Join(all, ", ")
		}
		if got := list(); got != c.want {
			t.Errorf("with %s the first list is %q, not %q", c.options, got, c.want)
		}
		if hints := client.session.wishes.Load().hints; (hints.Footnotes != nil && !*hints.Footnotes) != strings.Contains(c.options, "hints") {
			t.Errorf("with %s the hints are %+v", c.options, hints)
		}
		client.notify(protocol.MethodWorkspaceDidChangeConfiguration, jsonrpc2.RawMessage(`{"settings":{"scholium":{"rules":{},"exclude":[]}}}`))
		if got := list(); got != all {
			t.Errorf("with %s, and then nothing, the list is %q", c.options, got)
		}
	}
}
