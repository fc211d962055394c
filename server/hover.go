package server

import (
	"context"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// pictureWait is how long a hover waits for its picture. One that takes longer
// is there the next time.
const pictureWait = 100 * time.Millisecond

// Hover answers textDocument/hover.
func (s *session) Hover(ctx context.Context, p *protocol.HoverParams) (*protocol.Hover, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	h, ok := analysis.Hover(c.cursor(d.path, p.Position))
	if !ok {
		return nil, nil
	}
	kind := protocol.MarkupKindPlainText
	if s.caps.markdown {
		kind = protocol.MarkupKindMarkdown
	}
	drawing := ""
	if h.Formula != nil && s.caps.markdown && s.pictures != nil {
		waiting, cancel := context.WithTimeout(ctx, pictureWait)
		drawing, _ = s.work.Picture(waiting, &h.Formula.Ask, h.Formula.Number, h.Formula.Labels, *s.pictures)
		cancel()
	}
	out := &protocol.Hover{Contents: &protocol.MarkupContent{Kind: kind, Value: h.Text(drawing)}}
	if h.At.File == d.path {
		out.Range = ptr(c.rng(h.At.File, h.At.Span))
	}
	return out, nil
}
