package analysis

import (
	"regexp"
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// addNote offers to write the footnote that the marker at the place asks for.
func (a *actor) addNote() {
	for i := range a.p.Tree.Markers {
		m := &a.p.Tree.Markers[i]
		at := a.p.FromTree(m.Span)
		if m.Footnote != nil || !at.Exact || at.File != a.p.Source.Path || !at.Span.Contains(a.at.Start) || !at.Span.Contains(a.at.End) {
			continue
		}
		for _, edit := range newNote(a.p, at.Span.Start, m.Name) {
			if page, ok := a.try(edit); ok && noted(a.p, page, m.Name) {
				a.offer("Write the footnote [^"+m.Name+"]", edit)
				a.out[len(a.out)-1].Mends = "undefined-footnote"
				return
			}
		}
		return
	}
}

// noted reports whether a page has got a footnote, and nothing else has changed
// but the numbers of the others.
func noted(before, after *site.Page, name string) bool {
	if len(after.Tree.Footnotes) != len(before.Tree.Footnotes)+1 {
		return false
	}
	was, is := map[string]string{}, map[string]string{}
	for _, f := range before.Tree.Footnotes {
		was[f.Name] = site.PlainText(f.Node)
	}
	for _, f := range after.Tree.Footnotes {
		if is[f.Name] = site.PlainText(f.Node); f.Name == name && f.Number == 0 {
			return false
		}
	}
	was[name] = ""
	for n, words := range was {
		if is[n] != words {
			return false
		}
	}
	return unmarked(after.Tree.HTML(), "") == unmarked(before.Tree.HTML(), "[^"+name+"]")
}

var supMarker = regexp.MustCompile(`<sup id="fnref:[^>]*>.*?</sup>`)

// unmarked is a page's HTML without its footnotes and without the numbers of
// their markers, and with one for a text that is to be a marker.
func unmarked(html, marker string) string {
	if n := strings.LastIndex(html, `<div class="footnotes"`); n >= 0 {
		html = html[:n]
	}
	html = supMarker.ReplaceAllString(html, "[^]")
	if marker != "" {
		html = strings.ReplaceAll(html, marker, "[^]")
	}
	return strings.TrimRight(html, "\n")
}

// newNote returns the edits that write an empty footnote for a marker at an
// offset of a page, the best first: where the page has its footnotes, which is
// behind the block of the marker or with the others at the end, in the order of
// use.
func newNote(p *site.Page, offset int, name string) []text.Edit {
	doc := p.Source.Text
	newline := "\n"
	if strings.Contains(doc, "\r\n") {
		newline = "\r\n"
	}
	words := "[^" + name + "]: "
	insert := func(at int, s string) text.Edit { return text.Edit{Span: text.Span{Start: at, End: at}, New: s} }
	end := len(strings.TrimRight(doc, " \t\r\n"))
	gap := newline + newline
	if last := doc[strings.LastIndexByte(doc[:end], '\n')+1 : end]; strings.HasPrefix(last, "[^") {
		gap = newline // footnotes stand together
	}
	atEnd := insert(end, gap+words)
	notes := notesOf(p)
	if len(notes) == 0 {
		return []text.Edit{atEnd}
	}
	var out []text.Edit
	if among(p, notes) {
		block := blockAt(p, offset)
		if block.End > offset && block.End < end {
			out = append(out, insert(block.End, newline+newline+words))
		}
		return append(out, atEnd)
	}
	// In the order of use: behind the footnote of the marker before, or in front of the first.
	uses := map[*kramdown.Footnote]int{}
	for i := range p.Tree.Markers {
		m := &p.Tree.Markers[i]
		if at := p.FromTree(m.Span); m.Footnote != nil && at.File == p.Source.Path {
			if _, ok := uses[m.Footnote]; !ok {
				uses[m.Footnote] = at.Span.Start
			}
		}
	}
	before := -1
	for i, n := range notes {
		if use, ok := uses[n.note]; ok && use < offset && (before < 0 || use > uses[notes[before].note]) {
			before = i
		}
	}
	if before >= 0 {
		span := notes[before].span
		sep := newline
		if strings.Contains(span.Of(doc), "\n") || before > 0 && blankBetween(doc, notes[before-1].span, span) {
			sep = newline + newline
		} else if before+1 < len(notes) && blankBetween(doc, span, notes[before+1].span) {
			sep = newline + newline
		}
		out = append(out, insert(span.End, sep+words))
	} else {
		sep := newline
		if strings.Contains(notes[0].span.Of(doc), "\n") || len(notes) > 1 && blankBetween(doc, notes[0].span, notes[1].span) {
			sep = newline + newline
		}
		out = append(out, insert(notes[0].span.Start, words+sep))
	}
	return append(out, atEnd)
}

func blankBetween(doc string, a, b text.Span) bool {
	between := text.Span{Start: a.End, End: b.Start}.Of(doc)
	return strings.TrimSpace(between) == "" && strings.Count(between, "\n") > 1
}

// A written footnote is one that stands in the page's own file, in no list or
// quote.
type written struct {
	note *kramdown.Footnote
	span text.Span // in the file, without blank lines at its end
}

// notesOf are the footnotes that are written in a page's own file, on lines of
// their own, in the order of the file.
func notesOf(p *site.Page) []written {
	doc := p.Source.Text
	var out []written
	for _, f := range p.Tree.Footnotes {
		at := p.FromTree(f.Span)
		if at.File != p.Source.Path || at.Span.Empty() || strings.Trim(doc[strings.LastIndexByte(doc[:at.Span.Start], '\n')+1:at.Span.Start], " ") != "" {
			continue
		}
		if n := p.Tree.Root; n == nil || !outermost(p, f) {
			continue
		}
		out = append(out, written{f, trimEnd(doc, at.Span)})
	}
	slices.SortFunc(out, func(a, b written) int { return a.span.Start - b.span.Start })
	return out
}

// outermost reports whether a footnote's definition stands in no other block.
func outermost(p *site.Page, f *kramdown.Footnote) bool {
	for _, n := range p.Tree.Root.Children {
		if n.Kind != kramdown.Blank && n.Span.Start < f.Span.Start && f.Span.End <= n.Span.End {
			return false
		}
	}
	for _, g := range p.Tree.Footnotes {
		if g != f && g.Span.Covers(f.Span) {
			return false
		}
	}
	return true
}

// among reports whether most footnotes have text behind them: this author
// writes each below the block that has its marker.
func among(p *site.Page, notes []written) bool {
	last := 0 // where the last block ends that is no footnote
	for _, n := range p.Tree.Root.Children {
		if n.Kind == kramdown.Blank {
			continue
		}
		if at, ok := p.Within(n.Span); ok {
			last = max(last, at.Start)
		}
	}
	behind := 0
	for _, n := range notes {
		if n.span.Start < last {
			behind++
		}
	}
	return 2*behind > len(notes)
}

// blockAt is the outermost block around an offset of the page's own file,
// without blank lines at its end; empty where there is none. A footnote is one.
func blockAt(p *site.Page, offset int) text.Span {
	for _, n := range notesOf(p) {
		if n.span.Contains(offset) {
			return n.span
		}
	}
	for _, n := range p.Tree.Root.Children {
		if at, ok := p.Within(n.Span); ok && n.Kind != kramdown.Blank && at.Contains(offset) {
			return trimEnd(p.Source.Text, at)
		}
	}
	return text.Span{}
}

// sortNotes offers to put the footnotes into the order in which they are
// printed, from the place of one of them: each goes with all its paragraphs to
// where another one stood, so that what stands between them stays.
func (a *actor) sortNotes() {
	notes := notesOf(a.p)
	if len(notes) < 2 || !slices.ContainsFunc(notes, func(n written) bool { return n.span.Contains(a.at.Start) && n.span.Contains(a.at.End) }) {
		return
	}
	rank := func(n written) int {
		if n.note.Number == 0 {
			return len(a.p.Tree.Footnotes) + 1
		}
		return n.note.Number
	}
	sorted := slices.Clone(notes)
	slices.SortStableFunc(sorted, func(a, b written) int { return rank(a) - rank(b) })
	var edits []text.Edit
	for i, n := range notes {
		if sorted[i].note != n.note {
			edits = append(edits, text.Edit{Span: n.span, New: strings.TrimLeft(sorted[i].span.Of(a.doc), " ")})
		}
	}
	if len(edits) == 0 {
		return
	}
	if page, ok := a.try(edits...); ok && page.Tree.HTML() == a.page() && readAs(page, asSet(page)) == readAs(a.p, asSet(a.p)) {
		a.offer("Sort the footnotes by use", edits...)
	}
}
