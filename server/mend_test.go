package server

import (
	"strings"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// mend asks for the action that mends a document, by its name and by those of
// the kinds around it, and makes its edits.
func (c *client) mend(name string) {
	c.t.Helper()
	ask := func(only ...protocol.CodeActionKind) []protocol.CodeAction {
		var actions []protocol.CodeAction
		c.call(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{
			TextDocument: c.document(name).TextDocument, Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{}, Only: only},
		}, &actions)
		return actions
	}
	for _, a := range append(ask(), ask(protocol.CodeActionKindQuickFix)...) {
		if a.Kind != nil && *a.Kind == fixAll {
			c.t.Errorf("%s: “%s” is offered to who did not ask for it", name, a.Title)
		}
	}
	for _, kind := range []protocol.CodeActionKind{protocol.CodeActionKindSource, protocol.CodeActionKindSourceFixAll} {
		if n := len(ask(kind)); n != 1 {
			c.t.Errorf("%s: %d actions of the kind %s", name, n, kind)
		}
	}
	actions := ask(fixAll)
	if len(actions) != 1 || *actions[0].Kind != fixAll || !strings.HasPrefix(actions[0].Title, "Mend all that can be mended (") {
		c.t.Fatalf("%s: actions %+v", name, actions)
	}
	if c.moved == nil {
		c.moved = map[string]string{}
	}
	for file, doc := range c.applied("mend", actions[0].Edit) {
		c.change(file, text.Span{Start: 0, End: len(c.docs[file])}, doc)
		c.moved[file] = doc
	}
	if left := ask(fixAll); len(left) != 0 {
		c.t.Errorf("%s: there is still “%s”", name, left[0].Title)
	}
}
