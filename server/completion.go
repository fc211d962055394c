package server

import (
	"context"

	"go.lsp.dev/protocol"

	"scholium/analysis"
)

// Completion answers textDocument/completion.
func (s *session) Completion(ctx context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	candidates := analysis.Complete(c.cursor(d.path, p.Position))
	list := &protocol.CompletionList{Items: make([]protocol.CompletionItem, 0, len(candidates))}
	for i := range candidates {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		list.Items = append(list.Items, s.item(c, d, &candidates[i]))
	}
	return list, nil
}

func (s *session) item(c *converter, d *document, k *analysis.Candidate) protocol.CompletionItem {
	item := protocol.CompletionItem{
		Label: k.Label, Kind: itemKinds[k.Kind], SortText: protocol.NewOptional(k.Sort),
		// The edit begins at the backslash, and there is no filterText: Neovim 0.7
		// finds nothing with one.
		TextEdit: &protocol.TextEdit{Range: c.rng(d.path, k.Replace), NewText: k.Insert},
	}
	if k.Detail != "" {
		item.Detail = protocol.NewOptional(k.Detail)
		if s.caps.labelDetails && k.Kind == analysis.EquationCandidate {
			item.LabelDetails = &protocol.CompletionItemLabelDetails{Description: ptr(k.Detail)}
		}
	}
	if k.Doc != "" {
		item.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: k.Doc}
	}
	return item
}

var itemKinds = map[analysis.CandidateKind]protocol.CompletionItemKind{
	analysis.EquationCandidate: protocol.CompletionItemKindReference,
	analysis.FootnoteCandidate: protocol.CompletionItemKindReference,
	analysis.AnchorCandidate:   protocol.CompletionItemKindReference,
	analysis.FileCandidate:     protocol.CompletionItemKindFile,
	analysis.CommandCandidate:  protocol.CompletionItemKindFunction,
	analysis.MacroCandidate:    protocol.CompletionItemKindVariable,
}
