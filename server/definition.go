package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// Definition answers textDocument/definition.
func (s *session) Definition(ctx context.Context, p *protocol.DefinitionParams) (protocol.DefinitionResult, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	return c.locations(analysis.Definition(c.cursor(d.path, p.Position))), nil
}
