package main

import (
	"encoding/json"

	"scholium/analysis/text"
)

// jsonProblem is a problem as check --format json prints it: lines and columns
// from 1, columns in UTF-16 units, offsets in bytes from 0.
type jsonProblem struct {
	Path      string    `json:"path"`
	Line      int       `json:"line"`
	Column    int       `json:"column"`
	EndLine   int       `json:"endLine"`
	EndColumn int       `json:"endColumn"`
	Offset    int       `json:"offset"`
	EndOffset int       `json:"endOffset"`
	Code      string    `json:"code"`
	Severity  string    `json:"severity"`
	Message   string    `json:"message"`
	Fixes     []jsonFix `json:"fixes"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Path      string `json:"path"`
	Offset    int    `json:"offset"`
	EndOffset int    `json:"endOffset"`
	Text      string `json:"text"`
}

func (r *checkRun) json() error {
	out := []jsonProblem{}
	for _, f := range r.shown() {
		start, end := f.lines.Position(f.At.Span.Start, text.UTF16), f.lines.Position(f.At.Span.End, text.UTF16)
		p := jsonProblem{
			Path: f.display(), Line: start.Line + 1, Column: start.Column + 1, EndLine: end.Line + 1, EndColumn: end.Column + 1,
			Offset: f.At.Span.Start, EndOffset: f.At.Span.End, Code: f.Code, Severity: f.Severity.String(), Message: f.Message, Fixes: []jsonFix{},
		}
		for _, fix := range f.Fixes {
			j := jsonFix{Title: fix.Title, Edits: []jsonEdit{}}
			for _, e := range fix.Edits {
				j.Edits = append(j.Edits, jsonEdit{displayPath(f.site.File(e.File)), e.Start, e.End, e.New})
			}
			p.Fixes = append(p.Fixes, j)
		}
		out = append(out, p)
	}
	enc := json.NewEncoder(r.io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
