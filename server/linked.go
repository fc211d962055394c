package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// LinkedEditingRange answers textDocument/linkedEditingRange.
func (s *session) LinkedEditingRange(ctx context.Context, p *protocol.LinkedEditingRangeParams) (*protocol.LinkedEditingRanges, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	spans := analysis.LinkedEditing(c.cursor(d.path, p.Position))
	if spans == nil {
		return nil, nil
	}
	out := &protocol.LinkedEditingRanges{WordPattern: ptr(`[A-Za-z]*\*?`)}
	for _, span := range spans {
		out.Ranges = append(out.Ranges, c.rng(d.path, span))
	}
	return out, nil
}
