package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// SelectionRange answers textDocument/selectionRange, one chain for each of the
// positions.
func (s *session) SelectionRange(ctx context.Context, p *protocol.SelectionRangeParams) ([]protocol.SelectionRange, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	out := make([]protocol.SelectionRange, 0, len(p.Positions))
	for _, at := range p.Positions {
		spans := analysis.Select(c.cursor(d.path, at))
		var parent *protocol.SelectionRange
		for i := len(spans) - 1; i >= 0; i-- {
			r := c.rng(d.path, spans[i])
			if parent == nil || r != parent.Range {
				parent = &protocol.SelectionRange{Range: r, Parent: parent}
			}
		}
		if parent == nil { // an empty file, or one that is not known
			at = position(c.lines(d.path).Position(c.offset(d.path, at), s.encoding))
			parent = &protocol.SelectionRange{Range: protocol.Range{Start: at, End: at}}
		}
		out = append(out, *parent)
	}
	return out, nil
}
