package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// DocumentSymbol answers textDocument/documentSymbol: a tree, or a list for
// clients that know no trees.
func (s *session) DocumentSymbol(ctx context.Context, _ *protocol.DocumentSymbolParams) (protocol.DocumentSymbolResult, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	outline := analysis.Outline(d.state.Page(d.path))
	if outline == nil {
		outline = analysis.Works(d.state.Source(d.path))
	}
	if s.caps.hierarchical {
		return protocol.DocumentSymbolSlice(c.symbols(d, outline)), nil
	}
	return c.flat(d, outline, nil, ""), nil
}

func (c *converter) symbols(d *document, list []analysis.Symbol) []protocol.DocumentSymbol {
	out := make([]protocol.DocumentSymbol, 0, len(list))
	for _, s := range list {
		symbol := protocol.DocumentSymbol{
			Name: s.Name, Kind: symbolKinds[s.Kind], Range: c.rng(d.path, s.Span), SelectionRange: c.rng(d.path, s.Select),
		}
		if s.Detail != "" {
			symbol.Detail = ptr(s.Detail)
		}
		if len(s.Children) > 0 {
			symbol.Children = c.symbols(d, s.Children)
		}
		out = append(out, symbol)
	}
	return out
}

func (c *converter) flat(d *document, list []analysis.Symbol, out protocol.SymbolInformationSlice, parent string) protocol.SymbolInformationSlice {
	if out == nil {
		out = protocol.SymbolInformationSlice{}
	}
	for _, s := range list {
		symbol := protocol.SymbolInformation{
			BaseSymbolInformation: protocol.BaseSymbolInformation{Name: s.Name, Kind: symbolKinds[s.Kind]},
			Location:              protocol.Location{URI: c.uri(d.path), Range: c.rng(d.path, s.Span)},
		}
		if parent != "" {
			symbol.ContainerName = ptr(parent)
		}
		out = c.flat(d, s.Children, append(out, symbol), s.Name)
	}
	return out
}

var symbolKinds = map[analysis.SymbolKind]protocol.SymbolKind{
	analysis.HeadingSymbol: protocol.SymbolKindString, analysis.EquationSymbol: protocol.SymbolKindNumber,
	analysis.FigureSymbol: protocol.SymbolKindFile, analysis.FootnoteSymbol: protocol.SymbolKindKey,
	analysis.MacroSymbol: protocol.SymbolKindFunction, analysis.LinkSymbol: protocol.SymbolKindConstant,
	analysis.PageSymbol: protocol.SymbolKindModule, analysis.IncludeSymbol: protocol.SymbolKindInterface,
	analysis.CitationSymbol: protocol.SymbolKindConstant,
}
