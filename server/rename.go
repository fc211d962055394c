package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
)

// refused is the protocol's RequestFailed: the request was understood, and is
// not carried out for the reason in its message.
const refused = jsonrpc2.Code(-32803)

// PrepareRename answers textDocument/prepareRename: nothing where no name
// stands, an error with the reason where it cannot be renamed.
func (s *session) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	var r analysis.Renamable
	found := false
	c, err := s.ask(d, func(c *converter) []site.Path {
		r, found = analysis.PrepareRename(c.cursor(d.path, p.Position))
		return r.Needs
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, nil
	case r.Refusal != "":
		return nil, jsonrpc2.Errorf(refused, "%s", r.Refusal)
	}
	return &protocol.PrepareRenamePlaceholder{Range: c.rng(r.At.File, r.At.Span), Placeholder: r.Name}, nil
}

// Rename answers textDocument/rename.
func (s *session) Rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	if !d.state.Complete { // who uses a name of the site is known when all pages are
		if err := d.site.WaitRead(ctx); err != nil {
			return nil, err
		}
		d.state = d.site.Now()
	}
	var r analysis.Renaming
	c, err := s.ask(d, func(c *converter) []site.Path {
		r = analysis.Rename(c.cursor(d.path, p.Position), p.NewName)
		return r.Needs
	})
	switch {
	case err != nil:
		return nil, err
	case r.Refusal != "":
		return nil, jsonrpc2.Errorf(refused, "%s", r.Refusal)
	}
	for _, e := range r.Unread {
		if !c.stands(e.File, e.Span, r.Word) {
			s.work.Touched([]string{d.site.File(e.File)})
			return nil, jsonrpc2.Errorf(refused, "`%s` has changed on disk since it was read: try again.", e.File)
		}
	}
	return c.edit(r.Edits), nil
}
