package server

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// offers is the list that was offered last: a client that asks for more about
// an item of it says which list it was by its number.
type offers struct {
	mu     sync.Mutex
	number int
	doc    *document
	cursor site.Cursor
	list   []analysis.Candidate
}

// Completion answers textDocument/completion. The list is complete: clients
// narrow it down themselves.
func (s *session) Completion(ctx context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	c := s.converter(d)
	cursor := c.cursor(d.path, p.Position)
	candidates := analysis.Complete(cursor)
	o := offer{s: s, c: c, cursor: cursor, path: d.path}
	if s.caps.resolve {
		s.offers.mu.Lock()
		s.offers.number++
		s.offers.doc, s.offers.cursor, s.offers.list = d, cursor, candidates
		o.data = protocol.LSPAny(strconv.Itoa(s.offers.number))
		s.offers.mu.Unlock()
	}
	list := &protocol.CompletionList{Items: make([]protocol.CompletionItem, 0, len(candidates))}
	if len(candidates) > 1 {
		list.ItemDefaults = o.defaults(candidates[0].Replace)
	}
	for i := range candidates {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		list.Items = append(list.Items, o.item(&candidates[i]))
	}
	return list, nil
}

// CompletionResolve answers completionItem/resolve: it adds to an item of
// the last list what it says of itself. An item of another list stays as it is.
func (s *session) CompletionResolve(ctx context.Context, item *protocol.CompletionItem) (*protocol.CompletionItem, error) {
	s.offers.mu.Lock()
	d, cursor, list := s.offers.doc, s.offers.cursor, s.offers.list
	if string(item.Data) != strconv.Itoa(s.offers.number) {
		list = nil
	}
	s.offers.mu.Unlock()
	for i := range list {
		k := &list[i]
		if k.Label != item.Label || itemKinds[k.Kind] != item.Kind {
			continue
		}
		h := analysis.Document(cursor, k)
		if words := h.Text(s.look(ctx, d, &h, s.caps.markdownDocs)); words != "" {
			item.Documentation = s.markup(words, s.caps.markdownDocs)
		}
		break
	}
	return item, nil
}

// An offer writes candidates as items, as small as the client lets it: a list
// of all commands has 1,500.
type offer struct {
	s      *session
	c      *converter
	cursor site.Cursor
	path   site.Path
	data   protocol.LSPAny // of each item; nil where the list has it, or there is nothing to ask for

	shared text.Span // what all items replace that do not say otherwise
	ranged bool      // the list says so
}

// defaults are what the list says for all of its items; nil where the client
// would not look there.
func (o *offer) defaults(replace text.Span) *protocol.CompletionItemDefaults {
	var out protocol.CompletionItemDefaults
	if o.s.caps.defaultRange {
		o.shared, o.ranged = replace, true
		if edit := o.edit(replace); edit.two {
			out.EditRange = &protocol.EditRangeWithInsertReplace{Insert: edit.insert, Replace: edit.replace}
		} else {
			out.EditRange = &edit.replace
		}
	}
	if o.s.caps.defaultData && o.data != nil {
		out.Data, o.data = o.data, nil
	}
	if out.EditRange == nil && out.Data == nil {
		return nil
	}
	return &out
}

// An itemEdit is what an item replaces, and what it does where the rest of the
// word behind the cursor is to stay.
type itemEdit struct {
	insert, replace protocol.Range
	two             bool // they differ, and the client can tell them apart
}

func (o *offer) edit(replace text.Span) itemEdit {
	e := itemEdit{replace: o.c.rng(o.path, replace)}
	at := o.cursor.Offset
	if !o.s.caps.insertReplace || at >= replace.End || at < replace.Start {
		return e
	}
	// Only a word can stay: a brace behind it is a part of what is inserted.
	if rest := o.cursor.Text()[at:replace.End]; strings.ContainsAny(rest, "{}[]()\"'$%\\ \t") {
		return e
	}
	e.insert, e.two = o.c.rng(o.path, text.Span{Start: replace.Start, End: at}), true
	return e
}

func (o *offer) item(k *analysis.Candidate) protocol.CompletionItem {
	// The edit begins at the backslash, and there is no filterText for what does:
	// Neovim 0.7 finds nothing with one.
	item := protocol.CompletionItem{Label: k.Label, Kind: itemKinds[k.Kind], SortText: protocol.NewOptional(k.Sort), Data: o.data}
	words := k.Insert
	if k.Snippet != "" && o.s.caps.snippets {
		words = k.Snippet
		item.InsertTextFormat = protocol.InsertTextFormatSnippet
	}
	switch edit := (itemEdit{}); {
	case o.ranged && k.Replace == o.shared:
		if words != k.Label {
			item.TextEditText = protocol.NewOptional(words)
		}
	default:
		if edit = o.edit(k.Replace); edit.two {
			item.TextEdit = &protocol.InsertReplaceEdit{NewText: words, Insert: edit.insert, Replace: edit.replace}
		} else {
			item.TextEdit = &protocol.TextEdit{Range: edit.replace, NewText: words}
		}
	}
	if k.Filter != "" {
		item.FilterText = protocol.NewOptional(k.Filter)
	}
	for _, e := range k.Extra {
		item.AdditionalTextEdits = append(item.AdditionalTextEdits, protocol.TextEdit{Range: o.c.rng(o.path, e.Span), NewText: e.New})
	}
	if k.Detail != "" {
		item.Detail = protocol.NewOptional(k.Detail)
		if o.s.caps.labelDetails && beside[k.Kind] {
			item.LabelDetails = &protocol.CompletionItemLabelDetails{Description: ptr(k.Detail)}
		}
	}
	if k.Doc != "" && !o.s.caps.resolve {
		item.Documentation = o.s.markup(k.Doc, o.s.caps.markdownDocs)
	}
	return item
}

// beside are the kinds whose detail stands beside the label in the list, where
// the client can: it tells the candidates apart.
var beside = map[analysis.CandidateKind]bool{
	analysis.EquationCandidate: true, analysis.FootnoteCandidate: true, analysis.AnchorCandidate: true, analysis.PageCandidate: true,
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
	analysis.CitationCandidate:    protocol.CompletionItemKindReference,
}
