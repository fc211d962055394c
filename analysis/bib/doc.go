// Package bib reads BibTeX files: entries with their keys and fields, and where
// each of them stands. It never fails: what BibTeX would refuse is read as far
// as it goes.
//
// It knows no page and no site: who cites an entry is the site's business.
//
// Read file.go (what a file holds), read.go (how it is read), then text.go (a
// field's LaTeX as Unicode), people.go (authors) and line.go (an entry in one
// line).
package bib
