package server

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/text"
)

// CodeAction answers textDocument/codeAction with the fixes of the problems in
// the range, and with the comments that silence them there.
func (s *session) CodeAction(ctx context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	out := []protocol.CommandOrCodeAction{}
	d := asked(ctx)
	if d == nil || !s.caps.codeActionKind || !wants(p.Context.Only, protocol.CodeActionKindQuickFix) {
		return out, nil
	}
	c := s.converter(d)
	span := text.Span{Start: c.offset(d.path, p.Range.Start), End: c.offset(d.path, p.Range.End)}
	type ignored struct {
		code string
		line int
	}
	offered := map[ignored]bool{}
	var ignores []protocol.CommandOrCodeAction
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
		page := d.state.Page(d.path)
		if page == nil {
			continue
		}
		once := ignored{problem.Code, page.Source.Lines.Line(at.Start)}
		if offered[once] || len(offered) >= maxIgnores {
			continue
		}
		offered[once] = true
		if fix, ok := analysis.Ignore(d.state.Snapshot, page, &problem); ok {
			ignores = append(ignores, &protocol.CodeAction{
				Title: fix.Title, Kind: ptr(protocol.CodeActionKindQuickFix),
				Diagnostics: []protocol.Diagnostic{c.diagnostic(&problem, s.caps.relatedInfo)}, Edit: c.edit(fix.Edits),
			})
		}
	}
	return append(out, ignores...), nil
}

// maxIgnores bounds what one request tries: each try reads the page anew. Nobody
// picks from a longer list.
const maxIgnores = 10

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
