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
	edit := &protocol.TextEdit{Range: c.rng(d.path, k.Replace), NewText: k.Insert}
	item := protocol.CompletionItem{
		Label: k.Label, Kind: itemKinds[k.Kind], SortText: protocol.NewOptional(k.Sort),
		// The edit begins at the backslash, and there is no filterText for what does:
		// Neovim 0.7 finds nothing with one.
		TextEdit: edit,
	}
	if k.Filter != "" {
		item.FilterText = protocol.NewOptional(k.Filter)
	}
	if k.Snippet != "" && s.caps.snippets {
		edit.NewText = k.Snippet
		item.InsertTextFormat = protocol.InsertTextFormatSnippet
	}
	for _, e := range k.Extra {
		item.AdditionalTextEdits = append(item.AdditionalTextEdits, protocol.TextEdit{Range: c.rng(d.path, e.Span), NewText: e.New})
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

	analysis.EnvironmentCandidate: protocol.CompletionItemKindStruct,
	analysis.PackageCandidate:     protocol.CompletionItemKindModule,
	analysis.ColorCandidate:       protocol.CompletionItemKindColor,
	analysis.PageCandidate:        protocol.CompletionItemKindFile,
	analysis.ParameterCandidate:   protocol.CompletionItemKindProperty,
	analysis.TagCandidate:         protocol.CompletionItemKindKeyword,
	analysis.FilterCandidate:      protocol.CompletionItemKindFunction,
	analysis.KeyCandidate:         protocol.CompletionItemKindProperty,
	analysis.ValueCandidate:       protocol.CompletionItemKindValue,
}
