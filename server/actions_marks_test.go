package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// checkAct looks for an action that is no fix, and holds what it makes of the
// files against the case's sections. It must bring no problem and keep all
// other actions' promise: what is offered works.
func (c *client) checkAct(label string, k mark, at protocol.Range) {
	c.t.Helper()
	var actions []protocol.CodeAction
	c.call(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{
		TextDocument: c.document(k.file).TextDocument, Range: protocol.Range{Start: at.Start, End: at.Start},
		Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{}},
	}, &actions)
	actions = slices.DeleteFunc(actions, func(a protocol.CodeAction) bool { return strings.HasPrefix(a.Title, "Ignore ") })
	title, none := strings.CutPrefix(k.arg, "not ")
	var titles []string
	for _, a := range actions {
		titles = append(titles, a.Title)
		if !strings.Contains(a.Title, title) {
			continue
		}
		if none {
			c.t.Errorf("%s: there is %q", label, a.Title)
			return
		}
		c.acts++
		c.checkActed(label, fmt.Sprintf("%d/", c.acts), k.file, a)
		return
	}
	if !none {
		c.t.Errorf("%s: no action %q among %q", label, title, titles)
	}
}

func (c *client) checkActed(label, prefix, name string, a protocol.CodeAction) {
	c.t.Helper()
	got := c.applied(label, a.Edit)
	plain := map[string]string{}
	for name, doc := range got {
		plain[prefix+name] = strings.TrimPrefix(strings.ReplaceAll(doc, "\r\n", "\n"), "\uFEFF")
		if n := strings.Count(doc, "\n"); c.mode.name == "crlf" && n != strings.Count(doc, "\r\n") {
			c.t.Errorf("%s: %s has lines that end otherwise than the file's", label, name)
		}
	}
	if *update && c.mode.name == "lf" {
		c.updated = append(c.updated, plain)
		all := map[string]string{}
		for _, m := range c.updated {
			maps.Copy(all, m)
		}
		updateSections(c.t, c.source, "after/", all)
	} else {
		for _, section := range slices.Sorted(maps.Keys(plain)) {
			if plain[section] != c.after[section] {
				c.t.Errorf("%s: %s is\n%s\nand not\n%s", label, section, plain[section], c.after[section])
			}
		}
	}
	before := c.docs[name]
	count := len(c.diagnostics(name))
	c.change(name, text.Span{Start: 0, End: len(before)}, got[name])
	if left := c.diagnostics(name); len(left) > count {
		c.t.Errorf("%s: %d problems then, %d before", label, len(left), count)
	}
	c.change(name, text.Span{Start: 0, End: len(c.docs[name])}, before)
}
