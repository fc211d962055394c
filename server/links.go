package server

import (
	"context"
	"fmt"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis"
)

// DocumentLink answers textDocument/documentLink. A target within a file has the
// fragment #Lline,column, both from 1, which VS Code and others open there.
func (s *session) DocumentLink(ctx context.Context, _ *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	out := []protocol.DocumentLink{}
	for _, l := range analysis.Links(d.state.Snapshot, d.state.Page(d.path)) {
		target := c.uri(l.Target.File)
		if l.Target.Span.End > 0 {
			at := c.rng(l.Target.File, l.Target.Span).Start
			target = uri.URI(fmt.Sprintf("%s#L%d,%d", target, at.Line+1, at.Character+1))
		}
		out = append(out, protocol.DocumentLink{Range: c.rng(d.path, l.Span), Target: &target, Tooltip: ptr(l.Tooltip)})
	}
	return out, nil
}
