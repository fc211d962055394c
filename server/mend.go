package server

import (
	"context"
	"fmt"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
)

// fixAll is the kind of the action that mends all of a document that can be
// mended without asking. Editors that run actions when a file is saved ask for
// source.fixAll; who names ours runs ours alone.
const fixAll = protocol.CodeActionKindSourceFixAll + ".scholium"

// mendAll makes the edits that check --fix makes.
func (s *session) mendAll(ctx context.Context, d *document) []protocol.CommandOrCodeAction {
	out := []protocol.CommandOrCodeAction{}
	page := d.state.Page(d.path)
	if page == nil {
		return out
	}
	m := analysis.Mend(d.state.Snapshot, d.state.Settings, page.Source, func(*site.Problem) bool { return true }, s.work.Verdicts(ctx))
	if len(m.Mended) == 0 || ctx.Err() != nil {
		return out
	}
	var edits []site.FileEdit
	for _, e := range m.Edits {
		edits = append(edits, site.FileEdit{File: d.path, Edit: e})
	}
	title := "Mend all that can be mended (1 problem)"
	if n := len(m.Mended); n > 1 {
		title = fmt.Sprintf("Mend all that can be mended (%d problems)", n)
	}
	return append(out, &protocol.CodeAction{Title: title, Kind: ptr(fixAll), Edit: s.converter(d).edit(edits)})
}
