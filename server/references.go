package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// References answers textDocument/references.
func (s *session) References(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	return c.locations(analysis.References(c.cursor(d.path, p.Position), p.Context.IncludeDeclaration)), nil
}
