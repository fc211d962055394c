package server

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/workspace/judge"
)

// methodEquation is a request of Scholium's own: a position in a file is
// answered with the formula there, null where there is none. Clients find it
// among the experimental capabilities.
const methodEquation = "scholium/equation"

// An equation is what a client may copy.
type equation struct {
	TeX     string `json:"tex"`               // without delimiters, as it reaches MathJax
	Display bool   `json:"display"`           // it stands in a line of its own
	Picture string `json:"picture,omitempty"` // an SVG image in black, as a data URI; empty where it cannot be drawn
}

// equation answers scholium/equation. It waits for the drawing.
func (s *session) equation(ctx context.Context, raw []byte) (*equation, error) {
	var p protocol.TextDocumentPositionParams
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, err
	}
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	f, ok := analysis.Equation(s.converter(d).cursor(d.path, p.Position))
	if !ok {
		return nil, nil
	}
	out := &equation{TeX: f.Ask.TeX, Display: f.Ask.Display}
	out.Picture, _ = s.work.Picture(ctx, &f.Ask, f.Number, f.Labels, judge.Style{})
	return out, nil
}
