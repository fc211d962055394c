package server

import (
	"os"

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
}

func (s *session) converter(d *document) *converter {
	return &converter{site: d.site, state: d.state, encoding: s.encoding}
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
	doc := ""
	if workspace.Inside(p) {
		if data, err := os.ReadFile(c.site.File(p)); err == nil {
			doc = string(data)
		}
	}
	if c.closed == nil {
		c.closed = map[site.Path]*text.Lines{}
	}
	c.closed[p] = text.NewLines(doc)
	return c.closed[p]
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

// edit is a workspace edit of a fix.
func (c *converter) edit(edits []site.FileEdit) *protocol.WorkspaceEdit {
	out := &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{}}
	for _, e := range edits {
		u := c.uri(e.File)
		out.Changes[u] = append(out.Changes[u], protocol.TextEdit{Range: c.rng(e.File, e.Span), NewText: e.New})
	}
	return out
}
