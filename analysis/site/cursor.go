package site

import (
	"slices"
	"sort"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/text"
)

// A Cursor is a place in a snapshot. Questions are asked at cursors.
type Cursor struct {
	Site   *Snapshot
	Page   *Page // the page that shows what stands here; nil in a file that no page reads
	File   Path
	Offset int // in bytes, in the file
}

// At returns the cursor at an offset of an open file. In an include or layout
// the page is one that reads it, if any is open.
func (s *Snapshot) At(file Path, offset int) Cursor {
	c := Cursor{Site: s, File: file, Offset: offset, Page: s.Page(file)}
	if c.Page == nil {
		for _, p := range s.Readers(file) {
			if page := s.Page(p); page != nil {
				c.Page = page
				break
			}
		}
	}
	return c
}

// Text returns the text of the cursor's file, or "" where it is not known.
func (c Cursor) Text() string {
	if src := c.Source(); src != nil {
		return src.Text
	}
	return ""
}

// Source returns the cursor's file, or nil where its text is not known.
func (c Cursor) Source() *Source {
	if c.Page != nil && c.Page.Source.Path == c.File {
		return c.Page.Source
	}
	return c.Site.Source(c.File)
}

// Line returns the text of the cursor's line up to the cursor.
func (c Cursor) Line() string {
	doc := c.Text()
	offset := min(max(c.Offset, 0), len(doc))
	return doc[strings.LastIndexByte(doc[:offset], '\n')+1 : offset]
}

// Name returns the name at the cursor: the one whose written form is the
// smallest around it, and failing that the one whose construct is.
func (c Cursor) Name() (Name, bool) {
	var best Name
	size, found, inner, touched := 0, false, false, false
	for _, n := range c.names() {
		at, isInner := n.At, true
		if at.File != c.File || !at.Span.Contains(c.Offset) || n.Form == Derived && n.At.Span.Empty() {
			at, isInner = n.Whole, false
			if at.File != c.File || !at.Span.Contains(c.Offset) || !showsWhole(n) {
				continue
			}
		}
		if n.Form == Derived && n.Kind == Anchor && strings.HasPrefix(n.Text, "fn") {
			continue // the footnote itself is the better answer
		}
		// Between two names that touch, \a\b, it is the one that begins here.
		touches := at.Span.End == c.Offset
		if !found || isInner && !inner || isInner == inner && (touched && !touches || touched == touches && at.Span.Len() < size) {
			best, size, found, inner, touched = n, at.Span.Len(), true, isInner, touches
		}
	}
	return best, found
}

// showsWhole reports whether a name speaks for all of its construct: a
// reference does for \eqref{…}, a label does not for its whole equation.
func showsWhole(n Name) bool {
	switch n.Kind {
	case Label:
		return n.Uses
	case Macro, Environment, LinkRef, Citation:
		return false
	case Anchor:
		return n.Uses
	case Footnote:
		return n.Uses
	}
	return true
}

func (c Cursor) names() []Name {
	var out []Name
	if c.Page != nil {
		out = c.Page.Facts.Names
		if c.Page.Layout != nil {
			out = append(append(slices.Clip(out), c.Page.Layout.Macros...), c.Page.Layout.Others...)
		}
	}
	if src := c.Source(); src != nil && src.Bib != nil {
		out = append(slices.Clip(out), inBib(src)...)
	}
	if src := c.Source(); src != nil && src.Template != nil && (c.Page == nil || c.Page.Source.Path != c.File) {
		out = append(slices.Clip(out), c.Site.inTemplate(src)...)
	}
	return out
}

// inTemplate are the names in a file that is no page: its include tags.
func (s *Snapshot) inTemplate(src *Source) []Name {
	var out []Name
	dir := strings.Trim(s.Config.IncludesDir, "/")
	for _, span := range src.Template.Includes {
		at := Origin{src.Path, span, true}
		out = append(out, Name{Key: Key{Include, dir + "/" + span.Of(src.Text), true}, At: at, Form: Parameter, Whole: at})
	}
	return out
}

// Definitions returns where a name is defined, seen from a cursor: who sees a
// name is decided here. A label, a footnote and an anchor belong to their page;
// a macro is the last one defined before the cursor in page order, else the
// site's; a file is the file.
func (s *Snapshot) Definitions(from Cursor, k Key) []Place {
	k.Uses = false
	switch k.Kind {
	case Include, Post, Asset, Bibliography:
		if s.Has(Path(k.Text)) {
			return []Place{whole(Path(k.Text), k.Kind)}
		}
		return nil
	case Citation:
		return s.citationDefinitions(from, k)
	}
	if from.Page == nil {
		return nil
	}
	found := places(from.Page.Facts, k)
	switch k.Kind {
	case Macro, Environment:
		var before []Place
		for _, p := range found {
			if p.File != from.File || p.Span.Start <= from.Offset {
				before = append(before, p)
			}
		}
		if len(before) > 0 {
			return before[len(before)-1:]
		}
		if n, ok := from.Page.Layout.Defines(k); ok {
			return []Place{{n.At, n}}
		}
	case Anchor:
		if len(found) == 0 && from.Page.Layout != nil {
			for _, n := range from.Page.Layout.IDs {
				if n.Key == k {
					found = append(found, Place{n.At, n})
				}
			}
		}
	case Footnote:
		// A later definition of the same name takes the earlier one's place.
		if len(found) > 1 {
			found = found[len(found)-1:]
		}
	}
	return found
}

// Uses returns where a name is used, seen from a cursor, in the order of files
// and places.
func (s *Snapshot) Uses(from Cursor, k Key) []Place {
	k.Uses = true
	var out []Place
	switch k.Kind {
	case Citation:
		out = s.citationUses(from, k)
	case Include, Post, Asset, PageLink, Bibliography:
		for _, f := range s.holding(k) {
			out = append(out, places(f, k)...)
		}
		if k.Kind == Include {
			s.sources.each(func(p Path, src *Source) bool {
				if src.Template == nil || s.Facts(p) != nil {
					return true
				}
				for _, n := range s.inTemplate(src) {
					if n.Key == k {
						out = append(out, Place{n.At, n})
					}
				}
				return true
			})
		}
	case Macro, Environment:
		if from.Page == nil {
			return nil
		}
		if from.Owns(k) {
			_, out = from.Page.Facts.macro(k)
			break
		}
		holding := s.holding(k)
		out = make([]Place, 0, 4*len(holding))
		for _, f := range holding { // the site's own: everywhere it is not the page's
			out = f.theirs(k, out)
		}
		for _, n := range from.Page.Layout.Others {
			if n.Key == k {
				out = append(out, Place{n.At, n})
			}
		}
	case Anchor:
		if from.Page != nil {
			out = append(places(from.Page.Facts, k), s.LinksTo(from.Page.Facts, k.Text)...)
		}
	default:
		if from.Page != nil {
			out = places(from.Page.Facts, k)
		}
	}
	SortPlaces(out)
	return out
}

// Owns reports whether a macro or environment is, at a cursor, the page's own
// and not the site's: it is from its first definition on, in page order.
func (c Cursor) Owns(k Key) bool {
	k.Uses = false
	if len(places(c.Page.Facts, k)) == 0 {
		return false
	}
	if n, ok := c.Page.Layout.Defines(k); ok && n.At.File == c.File && c.File != c.Page.Source.Path {
		return false
	}
	k.Uses = true
	before, _ := c.Page.Facts.macro(k)
	for _, p := range before {
		if p.File == c.File && p.Span.Contains(c.Offset) {
			return false
		}
	}
	return true
}

// theirs appends the uses of the site's macro or environment, which end with the
// page's own first definition of one of that name.
func (f *Facts) theirs(k Key, out []Place) []Place {
	for i := range f.Names {
		if n := &f.Names[i]; n.Kind == k.Kind && n.Text == k.Text {
			if !n.Uses {
				break
			}
			out = append(out, Place{n.At, *n})
		}
	}
	return out
}

// macro divides the uses of a macro or environment on a page into those in
// front of the page's own first definition, which mean the site's, and those
// behind it.
func (f *Facts) macro(k Key) (theirs, own []Place) {
	k.Uses = true
	var first *Name
	for i := range f.Names {
		n := &f.Names[i]
		switch {
		case n.Kind != k.Kind || n.Text != k.Text:
		case !n.Uses:
			if first == nil {
				first = n
			}
		case first == nil:
			theirs = append(theirs, Place{n.At, *n})
		default:
			own = append(own, Place{n.At, *n})
		}
	}
	return theirs, own
}

// Defines returns where the configuration defines a macro or environment.
func (l *Layout) Defines(k Key) (Name, bool) {
	k.Uses = false
	for _, list := range [][]Name{l.Macros, l.Others} {
		for _, n := range list {
			if n.Key == k {
				return n, true
			}
		}
	}
	return Name{}, false
}

// LinksTo returns the links, on any page, to an id of a page by its address:
// their fragments, where these are written out.
func (s *Snapshot) LinksTo(f *Facts, id string) []Place {
	var out []Place
	links := func(k Key) {
		for _, from := range s.holding(k) {
			for _, n := range from.Names {
				if n.Key == k && n.Form == URL && n.Detail == id {
					out = append(out, Place{n.Fragment(), n})
				}
			}
		}
	}
	for _, url := range f.Addresses {
		if s.AtURL(url) == f { // no other page has the same address
			links(Key{PageLink, url, true})
		}
	}
	links(Key{Asset, string(f.Path), true})
	return out
}

// Fragment is the place of the fragment in a link to a page; all of the address
// where it is not written out.
func (n *Name) Fragment() Origin {
	at := n.At
	if n.Tail > 0 {
		at.Span.Start = at.Span.End - int(n.Tail)
	}
	return at
}

func (s *Snapshot) holding(k Key) []*Facts {
	list, _ := s.holders.get(k)
	out := make([]*Facts, 0, len(list))
	for _, p := range list {
		if f := s.Facts(p); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// SortPlaces puts places in the order of files and places. Forty thousand of
// them are in order mostly, and then nothing is moved.
func SortPlaces(list []Place) {
	ordered := true
	for i := 1; i < len(list) && ordered; i++ {
		a, b := &list[i-1], &list[i]
		ordered = a.File == b.File && a.Span.Start <= b.Span.Start || a.File < b.File
	}
	if ordered {
		return
	}
	slices.SortStableFunc(list, func(a, b Place) int {
		if c := strings.Compare(string(a.File), string(b.File)); c != 0 {
			return c
		}
		return a.Span.Start - b.Span.Start
	})
}

// Formula returns the formula that holds an offset of the page's own file, as
// an index into Page.Math; false where there is none.
func (p *Page) Formula(file Path, offset int) (int, bool) {
	for i := range p.Math {
		o := p.FromFlow(p.Math[i].Flow)
		if o.File == file && o.Span.Start <= offset && offset <= o.Span.End && !p.Math[i].Ref {
			return i, true
		}
	}
	return 0, false
}

// Region is the text that stands at an origin; "" where it is not known.
func (c Cursor) Region(o Origin) string {
	if c.Page != nil && o.File == c.Page.Source.Path {
		return o.Span.Of(c.Page.Source.Text)
	}
	return c.Site.Region(o)
}

// Region is the text of a file that stands at an origin; "" where it is not known.
func (s *Snapshot) Region(o Origin) string {
	if src := s.Source(o.File); src != nil {
		return o.Span.Of(src.Text)
	}
	if p := s.Page(o.File); p != nil { // closed, and whole for a question
		return o.Span.Of(p.Source.Text)
	}
	return ""
}

// Around returns the span of the word of TeX at a cursor: a backslash and
// letters; empty where there is none.
func (c Cursor) Around() text.Span {
	doc := c.Text()
	start := min(max(c.Offset, 0), len(doc))
	if start < len(doc) && doc[start] == '\\' {
		start++
	}
	from := start
	for start > 0 && isLetter(doc[start-1]) {
		start--
	}
	if start == 0 || doc[start-1] != '\\' {
		return text.Span{Start: c.Offset, End: c.Offset}
	}
	end := from
	for end < len(doc) && isLetter(doc[end]) {
		end++
	}
	return text.Span{Start: start - 1, End: end}
}

// Path returns the nodes of the page's tree around an offset of the page's own
// file, the outermost first; nil where the offset is not part of the content.
func (p *Page) Path(offset int) []*kramdown.Node {
	if p.Tree == nil {
		return nil
	}
	at, ok := p.toTree(offset)
	if !ok {
		return nil
	}
	var path []*kramdown.Node
	node := p.Tree.Root
	for node != nil {
		path = append(path, node)
		var next *kramdown.Node
		for _, c := range node.Children {
			if c.Span.Start <= at && at <= c.Span.End && !c.Span.Empty() {
				next = c
				if at < c.Span.End {
					break
				}
			}
		}
		node = next
	}
	return path
}

// toTree returns the offset in the tree's source of an offset of the page's own file.
func (p *Page) toTree(offset int) (int, bool) {
	for _, piece := range p.Liquid.Pieces {
		if piece.File == 0 && piece.Exact && piece.Src.Contains(offset) {
			out := piece.Out.Start + offset - piece.Src.Start
			return sort.Search(len(p.Tree.Source), func(i int) bool { return p.Tree.InputOffset(i) >= out }), true
		}
	}
	return 0, false
}

// Quiet reports whether an offset of the page's own file lies where nothing
// counts: in code, comments, raw HTML, or where Liquid prints nothing.
func (p *Page) Quiet(offset int) bool {
	if offset < p.Source.Head.Body {
		return true
	}
	for _, n := range p.Path(offset) {
		inside := false
		if at, ok := p.toTree(offset); ok {
			inside = n.Span.Start < at && at < n.Span.End
		}
		switch n.Kind {
		case kramdown.CodeSpan, kramdown.CodeBlock, kramdown.XMLComment, kramdown.CommentBlock:
			if inside {
				return true
			}
		case kramdown.HTMLElement:
			switch n.Value {
			case "pre", "code", "script", "style", "textarea":
				if inside {
					return true
				}
			}
		}
	}
	return false
}
