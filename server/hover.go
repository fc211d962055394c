package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

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
	out := &protocol.Hover{Contents: &protocol.MarkupContent{Kind: kind, Value: h.Markdown}}
	if h.At.File == d.path {
		out.Range = ptr(c.rng(h.At.File, h.At.Span))
	}
	return out, nil
}
