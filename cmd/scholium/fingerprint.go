package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// fingerprint knows a problem again: by its rule and the text that is at fault.
// It stays the same when lines move, and when anything else is edited. The same
// mistake made twice in a file has one fingerprint.
func (f *found) fingerprint() string {
	return digest(8, f.Code, f.culprit())
}

// line tells apart what has one fingerprint: the line that a problem stands in.
func (f *found) line() string {
	at := f.lines.Line(f.At.Span.Start)
	return digest(3, f.lines.Part(f.lines.Span(at)))
}

// culprit is the text at fault, on one line.
func (f *found) culprit() string { return oneLine(f.At.Span.Of(f.doc)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// digest returns n bytes of the words' hash, as text. Blanks and line ends do not count.
func digest(n int, words ...string) string {
	for i, w := range words {
		words[i] = oneLine(w)
	}
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(sum[:n])
}
