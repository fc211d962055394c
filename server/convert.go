package server

import (
	"errors"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/site"
	"scholium/analysis/text"
	"scholium/workspace"
)

// A converter turns places into the protocol's, for one state. It reads a
// closed file once.
type converter struct {
	site     *workspace.Site
	state    *workspace.State
	encoding text.Encoding
	closed   map[site.Path]*text.Lines

	versioned bool // the client takes edits with the versions of documents
}

func (s *session) converter(d *document) *converter {
	return &converter{site: d.site, state: d.state, encoding: s.encoding, versioned: s.caps.documentChanges}
}

// ask puts a question that may need the text of closed pages: these are made
// whole and it is put again, a few times at most. The converter is that of the
// state which the answer speaks of.
func (s *session) ask(d *document, question func(*converter) []site.Path) (*converter, error) {
	c := s.converter(d)
	for range 6 {
		need := question(c)
		if len(need) == 0 {
			return c, nil
		}
		c.state = d.site.Whole(c.state, need)
	}
	return c, errors.New("a closed page that the answer depends on cannot be read")
}

// lines returns a file's lines; those of an empty file where it cannot be read.
func (c *converter) lines(p site.Path) *text.Lines {
	if page := c.state.Page(p); page != nil {
		return page.Source.Lines
	}
	if src := c.state.Source(p); src != nil {
		return src.Lines
	}
	if lines, ok := c.closed[p]; ok {
		return lines
	}
	doc, _ := c.site.Read(p)
	if c.closed == nil {
		c.closed = map[site.Path]*text.Lines{}
	}
	c.closed[p] = text.NewLines(doc)
	return c.closed[p]
}

// stands reports whether a file has a word at a place.
func (c *converter) stands(p site.Path, span text.Span, word string) bool {
	return c.lines(p).Part(span) == word
}

func (c *converter) rng(p site.Path, span text.Span) protocol.Range {
	lines := c.lines(p)
	return protocol.Range{Start: position(lines.Position(span.Start, c.encoding)), End: position(lines.Position(span.End, c.encoding))}
}

func position(p text.Position) protocol.Position {
	return protocol.Position{Line: uint32(p.Line), Character: uint32(p.Column)}
}

func (c *converter) offset(p site.Path, at protocol.Position) int {
	return c.lines(p).Offset(text.Position{Line: int(at.Line), Column: int(at.Character)}, c.encoding)
}

func (c *converter) uri(p site.Path) uri.URI { return uri.File(c.site.File(p)) }

func (c *converter) location(o site.Origin) protocol.Location {
	return protocol.Location{URI: c.uri(o.File), Range: c.rng(o.File, o.Span)}
}

func (c *converter) locations(places []site.Place) protocol.LocationSlice {
	out := protocol.LocationSlice{}
	for _, p := range places {
		out = append(out, c.location(p.Origin))
	}
	return out
}

// cursor is the place that a request asks about.
func (c *converter) cursor(p site.Path, at protocol.Position) site.Cursor {
	return c.state.At(p, c.offset(p, at))
}

func (c *converter) diagnostic(p *site.Problem, related bool) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range: c.rng(p.At.File, p.At.Span), Severity: severities[p.Severity], Code: protocol.String(p.Code),
		Source: protocol.NewOptional("scholium"), Message: protocol.String(p.Message),
	}
	if p.Unused {
		d.Tags = protocol.NewDiagnosticTags(protocol.DiagnosticTagUnnecessary)
	}
	if related {
		for _, r := range p.Related {
			d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{Location: c.location(r.At), Message: r.Message})
		}
	}
	return d
}

var severities = map[site.Severity]protocol.DiagnosticSeverity{
	site.Error: protocol.DiagnosticSeverityError, site.Warning: protocol.DiagnosticSeverityWarning,
	site.Info: protocol.DiagnosticSeverityInformation, site.Hint: protocol.DiagnosticSeverityHint,
}

// edit is a workspace edit: with the versions of what is open, for clients that
// compare them.
func (c *converter) edit(edits []site.FileEdit) *protocol.WorkspaceEdit {
	changes := map[uri.URI][]protocol.TextEdit{}
	var order []site.Path
	for _, e := range edits {
		u := c.uri(e.File)
		if changes[u] == nil {
			order = append(order, e.File)
		}
		changes[u] = append(changes[u], protocol.TextEdit{Range: c.rng(e.File, e.Span), NewText: e.New})
	}
	if !c.versioned {
		return &protocol.WorkspaceEdit{Changes: changes}
	}
	out := &protocol.WorkspaceEdit{DocumentChanges: []protocol.DocumentChange{}}
	for _, p := range order {
		change := &protocol.TextDocumentEdit{TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
			TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: c.uri(p)},
		}}
		if v, ok := c.state.Versions[p]; ok {
			change.TextDocument.Version = &v
		}
		for _, e := range changes[c.uri(p)] {
			change.Edits = append(change.Edits, &e)
		}
		out.DocumentChanges = append(out.DocumentChanges, change)
	}
	return out
}
