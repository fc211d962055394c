package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
)

// References answers textDocument/references.
func (s *session) References(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	var places []site.Place
	c, err := s.ask(d, func(c *converter) (need []site.Path) {
		places, need = analysis.References(c.cursor(d.path, p.Position), p.Context.IncludeDeclaration)
		return need
	})
	return c.locations(places), err
}
