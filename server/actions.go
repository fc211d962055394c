package server

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/text"
)

// CodeAction answers textDocument/codeAction with the fixes of the problems in
// the range.
func (s *session) CodeAction(ctx context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	out := []protocol.CommandOrCodeAction{}
	d := asked(ctx)
	if d == nil || !s.caps.codeActionKind || !wants(p.Context.Only, protocol.CodeActionKindQuickFix) {
		return out, nil
	}
	c := s.converter(d)
	span := text.Span{Start: c.offset(d.path, p.Range.Start), End: c.offset(d.path, p.Range.End)}
	for _, problem := range analysis.Problems(d.state.Snapshot, d.state.Settings, d.path) {
		at := problem.At.Span
		if problem.At.File != d.path || at.Start > span.End || at.End < span.Start {
			continue
		}
		for i, fix := range problem.Fixes {
			out = append(out, &protocol.CodeAction{
				Title: fix.Title, Kind: ptr(protocol.CodeActionKindQuickFix), IsPreferred: ptr(i == 0),
				Diagnostics: []protocol.Diagnostic{c.diagnostic(&problem, s.caps.relatedInfo)}, Edit: c.edit(fix.Edits),
			})
		}
	}
	return out, nil
}

func wants(only []protocol.CodeActionKind, kind protocol.CodeActionKind) bool {
	if len(only) == 0 {
		return true
	}
	for _, k := range only {
		if k == kind || k == "" || strings.HasPrefix(string(kind), string(k)+".") {
			return true
		}
	}
	return false
}
