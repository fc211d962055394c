// Package text counts places in text: byte spans, lines, the three column
// encodings of the Language Server Protocol, edits, and the map from a text
// that was made (by a template, by kramdown) to the text it was made from.
//
// It knows no file, no syntax and no protocol. Every other room counts in bytes
// and comes here to translate; no place is computed anywhere else.
//
// Read span.go, lines.go and edit.go first, then piece.go (where did these
// bytes come from?) and flow.go (a page as its reader's browser holds it).
package text
