package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
)

// DocumentHighlight answers textDocument/documentHighlight.
func (s *session) DocumentHighlight(ctx context.Context, p *protocol.DocumentHighlightParams) ([]protocol.DocumentHighlight, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	var list []analysis.Highlight
	c, err := s.ask(d, func(c *converter) (need []site.Path) {
		list, need = analysis.Highlights(c.cursor(d.path, p.Position))
		return need
	})
	out := make([]protocol.DocumentHighlight, 0, len(list))
	for _, h := range list {
		kind := protocol.DocumentHighlightKindText
		switch {
		case h.Defines:
			kind = protocol.DocumentHighlightKindWrite
		case h.Name:
			kind = protocol.DocumentHighlightKindRead
		}
		out = append(out, protocol.DocumentHighlight{Range: c.rng(d.path, h.Span), Kind: kind})
	}
	return out, err
}
