// Package kramdown reads Markdown as kramdown 2.4 or 2.5 does, with both of its
// inputs (kramdown and GFM), and prints the HTML that kramdown prints.
//
// It owns the tree of a document with the exact place of everything in the
// source, the options, the ids and footnote numbers of the page, and the page's
// text as a browser holds it (Tree.Flow). It never fails: what kramdown takes
// for text is text. It knows no file, no front matter, no Liquid, and of
// formulas only where they stand.
//
// Real kramdown is the referee: the tests compare HTML byte by byte. FIDELITY.md
// says how much was compared, and what is not followed.
//
// Read tree.go first, then parse.go. Blocks are read from a text that may be
// derived from the source (view.go): block.go, header.go, list.go, table.go,
// code.go, html_block.go, definition.go, extension.go. Then spans: span.go,
// emphasis.go, inline.go, quote.go, link.go, html_span.go. The page is finished
// (update.go, abbreviation.go) and printed (html*.go, toc.go, writer.go);
// flow.go reads what was printed.
package kramdown
