package server

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// Symbols answers workspace/symbol: the best of all sites.
func (s *session) Symbols(ctx context.Context, p *protocol.WorkspaceSymbolParams) (protocol.WorkspaceSymbolResult, error) {
	type found struct {
		analysis.Found
		c *converter
	}
	var all []found
	for _, where := range s.work.Sites() {
		state := where.Now()
		c := s.converter(&document{site: where, state: state})
		for _, f := range analysis.Search(state.Snapshot, p.Query) {
			all = append(all, found{f, c})
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.Score, a.Score) })
	out := protocol.SymbolInformationSlice{}
	for _, f := range all[:min(len(all), analysis.SearchLimit)] {
		symbol := protocol.SymbolInformation{
			BaseSymbolInformation: protocol.BaseSymbolInformation{Name: f.Name, Kind: symbolKinds[f.Kind]},
			Location:              f.c.location(f.At),
		}
		if in := cmp.Or(f.In, filepath.Base(f.c.site.Root)); in != "" {
			symbol.ContainerName = ptr(in)
		}
		out = append(out, symbol)
	}
	return out, nil
}
