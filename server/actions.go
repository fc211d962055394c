package server

import (
	"context"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// CodeAction answers textDocument/codeAction: with the fixes of the problems in
// the range, with what else can be done there, and with the comments that
// silence the problems.
func (s *session) CodeAction(ctx context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	out := []protocol.CommandOrCodeAction{}
	d := asked(ctx)
	fixes := wants(p.Context.Only, protocol.CodeActionKindQuickFix)
	rewrites := s.caps.actionKinds && wants(p.Context.Only, protocol.CodeActionKindRefactorRewrite)
	if d == nil || !s.caps.codeActions {
		return out, nil
	}
	if len(p.Context.Only) > 0 && wants(p.Context.Only, fixAll) { // for those who ask: nobody looks for it in a menu at a place
		out = s.mendAll(ctx, d)
	}
	if !fixes && !rewrites {
		return out, nil
	}
	c := s.converter(d)
	span := text.Span{Start: c.offset(d.path, p.Range.Start), End: c.offset(d.path, p.Range.End)}
	page := d.state.Page(d.path)
	var problems []site.Problem // at the range
	for _, problem := range analysis.Problems(d.state.Snapshot, d.state.Settings, d.path) {
		if at := problem.At.Span; problem.At.File == d.path && at.Start <= span.End && span.Start <= at.End {
			problems = append(problems, problem)
		}
	}
	action := func(title string, kind protocol.CodeActionKind, edits []site.FileEdit) *protocol.CodeAction {
		a := &protocol.CodeAction{Title: title, Kind: &kind, Edit: c.edit(edits)}
		out = append(out, a)
		return a
	}
	about := func(problem *site.Problem) []protocol.Diagnostic {
		return []protocol.Diagnostic{c.diagnostic(problem, s.caps.relatedInfo)}
	}
	if fixes {
		for i := range problems {
			_, preferred := analysis.Preferred(&problems[i])
			for _, fix := range problems[i].Fixes {
				a := action(fix.Title, protocol.CodeActionKindQuickFix, fix.Edits)
				a.IsPreferred, a.Diagnostics = ptr(preferred), about(&problems[i])
			}
		}
	}
	var others []analysis.Action
	if rewrites || len(problems) > 0 {
		others = analysis.Actions(d.state.Snapshot, page, span)
	}
	for _, x := range others {
		mended := slices.IndexFunc(problems, func(problem site.Problem) bool { return problem.Code == x.Mends })
		switch {
		case mended >= 0 && fixes:
			action(x.Title, protocol.CodeActionKindQuickFix, x.Edits).Diagnostics = about(&problems[mended])
		case mended < 0 && rewrites:
			action(x.Title, protocol.CodeActionKindRefactorRewrite, x.Edits)
		}
	}
	if !fixes || page == nil {
		return out, nil
	}
	type ignored struct {
		code string
		line int
	}
	offered := map[ignored]bool{}
	for i := range problems {
		problem := &problems[i]
		once := ignored{problem.Code, page.Source.Lines.Line(problem.At.Span.Start)}
		if offered[once] || len(offered) >= maxIgnores {
			continue
		}
		offered[once] = true
		if fix, ok := analysis.Ignore(d.state.Snapshot, page, problem); ok {
			action(fix.Title, protocol.CodeActionKindQuickFix, fix.Edits).Diagnostics = about(problem)
		}
	}
	return out, nil
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
