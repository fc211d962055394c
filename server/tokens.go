package server

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"scholium/analysis"
	"scholium/analysis/text"
)

// tokenTypes are the protocol's types for ours, the best first: the legend takes
// the first that the client knows.
var tokenTypes = [analysis.TokenKinds][]string{
	analysis.MathDelimiter: {"operator"}, analysis.MathCommand: {"function"}, analysis.PageMacro: {"macro", "function"}, analysis.SiteMacro: {"macro", "function"},
	analysis.UndefinedCommand: {"variable"}, analysis.MathEnvironment: {"class", "type"}, analysis.MathComment: {"comment"},
	analysis.LabelName: {"label", "property"}, analysis.FootnoteName: {"enumMember", "property"}, analysis.LiquidBrace: {"operator"},
	analysis.LiquidTag: {"keyword"}, analysis.LiquidVariable: {"variable"}, analysis.LiquidFilter: {"method", "function"},
	analysis.LiquidParameter: {"parameter", "variable"}, analysis.LiquidString: {"string"},
}

// tokenModifiers are the modifiers that we use: what defines a name, what
// MathJax brings, and what the site's configuration does.
var tokenModifiers = [...]string{"definition", "defaultLibrary", "static"}

// A tokenLegend is what the numbers in tokens stand for. A client that knows
// none of a kind's types gets no such tokens.
type tokenLegend struct {
	types, modifiers []string
	kinds            [analysis.TokenKinds]int // the type's place in types, -1 for none
	bits             [len(tokenModifiers)]uint32
}

// newLegend takes from what the client knows; nothing known means all.
func newLegend(types, modifiers []string) *tokenLegend {
	l := &tokenLegend{types: []string{}, modifiers: []string{}}
	for kind, names := range tokenTypes {
		l.kinds[kind] = -1
		for _, name := range names {
			if len(types) > 0 && !slices.Contains(types, name) {
				continue
			}
			if l.kinds[kind] = slices.Index(l.types, name); l.kinds[kind] < 0 {
				l.kinds[kind] = len(l.types)
				l.types = append(l.types, name)
			}
			break
		}
	}
	for i, name := range tokenModifiers {
		if len(modifiers) == 0 || slices.Contains(modifiers, name) {
			l.bits[i] = 1 << len(l.modifiers)
			l.modifiers = append(l.modifiers, name)
		}
	}
	return l
}

func (l *tokenLegend) modifier(t *analysis.Token) uint32 {
	var bits uint32
	if t.Defines {
		bits |= l.bits[0]
	}
	switch t.Kind {
	case analysis.MathCommand:
		bits |= l.bits[1]
	case analysis.SiteMacro:
		bits |= l.bits[2]
	}
	return bits
}

// SemanticTokensFull answers textDocument/semanticTokens/full.
func (s *session) SemanticTokensFull(ctx context.Context, _ *protocol.SemanticTokensParams) (*protocol.SemanticTokens, error) {
	return s.tokens(asked(ctx), nil), nil
}

// SemanticTokensRange answers textDocument/semanticTokens/range.
func (s *session) SemanticTokensRange(ctx context.Context, p *protocol.SemanticTokensRangeParams) (*protocol.SemanticTokens, error) {
	return s.tokens(asked(ctx), &p.Range), nil
}

func (s *session) tokens(d *document, within *protocol.Range) *protocol.SemanticTokens {
	if d == nil {
		return nil
	}
	out := &protocol.SemanticTokens{Data: []uint32{}}
	src := d.source()
	if src == nil {
		return out
	}
	span := text.Span{Start: 0, End: len(src.Text)}
	if within != nil {
		c := s.converter(d)
		span = text.Span{Start: c.offset(d.path, within.Start), End: c.offset(d.path, within.End)}
	}
	line, start, column := 0, 0, 0 // of the token in front; start in bytes
	for _, t := range analysis.Tokens(d.state.Page(d.path), src, span) {
		kind := s.legend.kinds[t.Kind]
		if kind < 0 {
			continue
		}
		at := src.Lines.Line(t.Span.Start)
		before := column
		if at != line || len(out.Data) == 0 {
			before, start, column = 0, src.Lines.Span(at).Start, 0
		}
		column += text.Columns(src.Text[start:t.Span.Start], s.encoding)
		width := text.Columns(t.Span.Of(src.Text), s.encoding)
		out.Data = append(out.Data, uint32(at-line), uint32(column-before), uint32(width), uint32(kind), s.legend.modifier(&t))
		line, start = at, t.Span.Start
	}
	return out
}
