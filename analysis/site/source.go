package site

import (
	"hash/maphash"
	"strings"

	"scholium/analysis/bib"
	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
	"scholium/analysis/text"
)

// A Path is a file's path from its site's root, with slashes. Within a
// snapshot it is the file's identity.
type Path string

// A Source is one file as text: a post, include, layout, data file,
// configuration or script. It depends on nothing else and never changes.
type Source struct {
	Path     Path
	Text     string
	Hash     uint64
	Lines    *text.Lines
	Head     frontmatter.Head  // empty for a data file or configuration
	Template *liquid.Template  // of what follows the front matter; nil for data, configuration and BibTeX
	Data     *frontmatter.Node // of a YAML or JSON file; else nil
	Bib      *bib.File         // of a BibTeX file; else nil
}

var seed = maphash.MakeSeed()

// NewSource reads a file's text.
func NewSource(path Path, doc string) *Source {
	s := &Source{Path: path, Text: doc, Hash: maphash.String(seed, doc), Lines: text.NewLines(doc)}
	if isData(path) {
		s.Data, _ = frontmatter.Read(doc, text.Span{Start: 0, End: len(doc)})
		s.Head = frontmatter.Head{Values: &frontmatter.Node{Kind: frontmatter.Map}}
		return s
	}
	if IsBib(path) {
		s.Bib = bib.Read(doc)
		s.Head = frontmatter.Head{Values: &frontmatter.Node{Kind: frontmatter.Map}}
		return s
	}
	s.Head = frontmatter.ReadHead(doc)
	s.Template = liquid.Parse(doc, s.Head.Body)
	return s
}

// isData reports whether a file is read as YAML. JSON is YAML, but for corner
// cases that data files do not have.
func isData(path Path) bool {
	p := string(path)
	return strings.HasSuffix(p, ".yml") || strings.HasSuffix(p, ".yaml") || strings.HasSuffix(p, ".json")
}

// IsBib reports whether a file is read as BibTeX.
func IsBib(path Path) bool { return strings.HasSuffix(string(path), ".bib") }

// Readable reports whether a data file is one that is read as data.
func Readable(path Path) bool { return isData(path) }

// An Input is a file that a page was made from. A Hash of 0 says that it did
// not exist: the page changes when it comes into being.
type Input struct {
	Path Path
	Hash uint64
}

// classify adds to Jekyll's view of a path what only the content tells.
func classify(c *jekyll.Config, s *Source) jekyll.File {
	f := c.Classify(string(s.Path))
	switch {
	case f.Kind == jekyll.Static && s.Head.Present:
		f.Kind = jekyll.Page
	case (f.Kind == jekyll.Static || f.Kind == jekyll.Document && c.Writes(f)) && !s.Head.Present && s.Head.Missed != nil && f.Markdown:
		f.Kind = jekyll.NotAPost
	}
	return f
}
