package server

import (
	"cmp"
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// FoldingRanges answers textDocument/foldingRange.
func (s *session) FoldingRanges(ctx context.Context, _ *protocol.FoldingRangeParams) ([]protocol.FoldingRange, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	folds := analysis.Folds(d.state.Page(d.path), d.source())
	if limit := s.caps.foldLimit; limit > 0 && len(folds) > limit { // the largest say most
		sizes := slices.Clone(folds)
		slices.SortStableFunc(sizes, func(a, b analysis.Fold) int { return cmp.Compare(b.Lines[1]-b.Lines[0], a.Lines[1]-a.Lines[0]) })
		folds = sizes[:limit]
		slices.SortStableFunc(folds, func(a, b analysis.Fold) int {
			return cmp.Or(cmp.Compare(a.Lines[0], b.Lines[0]), cmp.Compare(b.Lines[1], a.Lines[1]))
		})
	}
	out := make([]protocol.FoldingRange, 0, len(folds))
	for _, f := range folds {
		r := protocol.FoldingRange{StartLine: uint32(f.Lines[0]), EndLine: uint32(f.Lines[1])}
		if !s.caps.foldLines {
			inner := c.rng(d.path, f.Inner)
			r.StartLine, r.EndLine = inner.Start.Line, inner.End.Line
			r.StartCharacter, r.EndCharacter = ptr(inner.Start.Character), ptr(inner.End.Character)
		}
		switch f.Kind {
		case analysis.CommentFold:
			r.Kind = protocol.FoldingRangeKindComment
		case analysis.RegionFold:
			r.Kind = protocol.FoldingRangeKindRegion
		}
		if r.EndLine > r.StartLine {
			out = append(out, r)
		}
	}
	return out, nil
}
