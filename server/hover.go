package server

import (
	"context"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
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
	var h analysis.HoverText
	found := false
	c := s.converter(d)
	for range 2 { // what a closed page would add can be missing
		var need []site.Path
		if h, need, found = analysis.Hover(c.cursor(d.path, p.Position)); len(need) == 0 {
			break
		}
		c.state = d.site.Whole(c.state, need)
	}
	if !found {
		return nil, nil
	}
	out := &protocol.Hover{Contents: s.markup(h.Text(s.look(ctx, d, &h)), s.caps.markdown)}
	if h.At.File == d.path {
		out.Range = ptr(c.rng(h.At.File, h.At.Span))
	}
	return out, nil
}

// look is what must be read from a disk, or drawn, to be added to what is said.
func (s *session) look(ctx context.Context, d *document, h *analysis.HoverText) analysis.Look {
	var l analysis.Look
	if h.Image != "" {
		if info, ok := d.site.Image(h.Image); ok {
			l.Width, l.Height = info.Width, info.Height
			if s.caps.markdown && s.pictures != nil {
				waiting, cancel := context.WithTimeout(ctx, pictureWait)
				l.Image, _ = d.site.ImageURI(waiting, h.Image)
				cancel()
			}
		}
	}
	l.Drawing = s.drawing(ctx, h.Formula)
	return l
}

// drawing is a formula as the address of an image, for clients that want it;
// empty where it is not drawn in time.
func (s *session) drawing(ctx context.Context, f *analysis.Picture) string {
	if f == nil || !s.caps.markdown || s.pictures == nil {
		return ""
	}
	waiting, cancel := context.WithTimeout(ctx, pictureWait)
	defer cancel()
	address, _ := s.work.Picture(waiting, &f.Ask, f.Number, f.Labels, *s.pictures)
	return address
}

// markup is a text in Markdown, or without its marks for clients that show it
// as it is.
func (s *session) markup(words string, markdown bool) *protocol.MarkupContent {
	if markdown {
		return &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: words}
	}
	return &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: analysis.Unmarked(words)}
}
