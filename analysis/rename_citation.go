package analysis

import (
	"fmt"
	"slices"

	"scholium/analysis/site"
)

// fixedCitation says why a key cannot be renamed at all; empty where it may be.
func (r *renamer) fixedCitation() string {
	if len(r.Site.Definitions(r.Cursor, r.name.Key)) == 0 {
		return fmt.Sprintf("No work that is known here has the key `%s`: there is nothing to rename.", r.name.Text)
	}
	return ""
}

// renameCitation gives a work another key: in its BibTeX file, where others
// refer to it there, and on every page that cites it.
func renameCitation(s subject, to string) Renaming {
	r := newRenamer(s)
	if reason := r.fixed(); reason != "" {
		return Renaming{Refusal: reason}
	}
	if reason := invalid(site.Citation, to); reason != "" {
		return Renaming{Refusal: reason}
	}
	if to == r.name.Text {
		return Renaming{}
	}
	r.citation(to)
	return r.answer()
}

func (r *renamer) citation(to string) {
	k := r.name.Key
	r.changes[site.Key{Kind: k.Kind, Text: k.Text}] = to
	defs := r.Site.Definitions(r.Cursor, k)
	uses := r.Site.Uses(r.Cursor, k)
	second := false // of two works with this key, which jekyll-scholar never means
	if src := r.Source(); !r.name.Uses && src != nil && src.Bib != nil && src.Bib.Find(k.Text).KeySpan != r.name.At.Span {
		defs, uses, second = []site.Place{{Origin: r.name.At, Name: r.name}}, nil, true
	}
	var files []site.Path
	for _, d := range defs {
		files = append(files, d.File)
		r.edits[site.Origin{File: d.File, Span: d.Span}] = to
		src := r.Site.Source(d.File)
		for i := range src.Bib.Entries {
			if e := &src.Bib.Entries[i]; !second && e.Key == k.Text && e.KeySpan != d.Span {
				r.refuse("Line %d of `%s` has a work with the key `%s` too: give that one another key first.", src.Lines.Line(e.KeySpan.Start)+1, d.File, k.Text)
				return
			}
		}
	}
	for _, u := range uses {
		if u.Name.Works != nil {
			files = append(files, u.Name.Works.Files...)
		}
		f := r.Site.Facts(u.File)
		page := r.Site.Page(u.File)
		switch {
		case !u.Exact || u.Name.Prefix != "" || u.Name.Suffix != "":
			r.refuse("The citation `%s` is also made by a template, tag or filter, in `%s`.", k.Text, u.File)
		case site.IsBib(u.File):
			r.edits[site.Origin{File: u.File, Span: u.Span}] = to
		case f == nil:
			r.refuse("The citation `%s` also stands in `%s`, which pages are made from: change it there first.", k.Text, u.File)
		case page != nil:
			r.room(u.File) // asked again, the same ones have room
			r.own(page)
			r.edits[site.Origin{File: u.File, Span: u.Span}] = to
		case r.room(u.File):
			r.need[u.File] = true
		case u.Name.Form == site.Attribute && !isWordOnly(to):
			r.refuse("`%s` is cited on more than %d pages, where quotes may be missing around it: the new key must be letters and digits.", k.Text, closedPages)
		default:
			r.later(u.Origin, k.Text, to)
		}
	}
	if r.refusal != "" || len(r.need) > 0 {
		return
	}
	slices.Sort(files)
	for _, p := range slices.Compact(files) {
		src := r.Site.Source(p)
		if src == nil || src.Bib == nil {
			continue
		}
		if e := src.Bib.Find(to); e != nil {
			r.refuse("There is a work with the key `%s` already, on line %d of `%s`.", to, src.Lines.Line(e.KeySpan.Start)+1, p)
			return
		}
		if r.Site.Cites(p, to) {
			r.refuse("The key `%s` is cited already: it would mean this work then.", to)
			return
		}
	}
	r.try()
}

// isWordOnly reports whether HTML needs no quotes around a value for kramdown.
func isWordOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isWordByte(s[i]) {
			return false
		}
	}
	return true
}
