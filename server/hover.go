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
	out := &protocol.Hover{Contents: s.markup(h.Text(s.look(ctx, d, &h, s.caps.markdown)), s.caps.markdown)}
	if h.At.File == d.path {
		out.Range = ptr(c.rng(h.At.File, h.At.Span))
	}
	return out, nil
}

// look is what must be read from a disk, or drawn, to be added to what is said:
// pictures only for a client that wants them and shows Markdown.
func (s *session) look(ctx context.Context, d *document, h *analysis.HoverText, markdown bool) analysis.Look {
	var l analysis.Look
	pictures := s.wishes.Load().pictures
	shows := markdown && pictures != nil
	if h.Image != "" {
		if info, ok := d.site.Image(h.Image); ok {
			l.Width, l.Height = info.Width, info.Height
			if shows {
				waiting, cancel := context.WithTimeout(ctx, pictureWait)
				l.Image, _ = d.site.ImageURI(waiting, h.Image)
				cancel()
			}
		}
	}
	if f := h.Formula; f != nil && shows {
		waiting, cancel := context.WithTimeout(ctx, pictureWait)
		l.Drawing, _ = s.work.Picture(waiting, &f.Ask, f.Number, f.Labels, *pictures)
		cancel()
	}
	return l
}

// markup is a text in Markdown, or without its marks for clients that show it
// as it is.
func (s *session) markup(words string, markdown bool) *protocol.MarkupContent {
	if markdown {
		return &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: words}
	}
	return &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: analysis.Unmarked(words)}
}
