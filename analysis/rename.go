package analysis

import (
	"fmt"
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A Renaming is the answer to a rename: edits, or pages that must be whole
// before there is an answer, or why it is refused, for people.
type Renaming struct {
	Edits   []site.FileEdit
	Needs   []site.Path
	Refusal string

	// Unread are those of the edits that lie in closed pages which were not
	// read, for there are too many: Word must still stand there.
	Unread []site.FileEdit
	Word   string
}

// closedPages is how many closed pages a rename reads and tries. Further ones
// are renamed at the places that they had when they were last read.
const closedPages = 64

// A Renamable is what PrepareRename tells.
type Renamable struct {
	At      site.Origin // the name as it stands at the cursor
	Name    string      // what the author changes
	Needs   []site.Path
	Refusal string
}

// PrepareRename says whether the name at a cursor can be renamed. It returns
// false where there is no name.
func PrepareRename(c site.Cursor) (Renamable, bool) {
	s, need, ok := about(c)
	if !ok {
		return Renamable{Needs: need}, len(need) > 0
	}
	r := newRenamer(s)
	out := Renamable{At: s.here.At, Name: r.core(s.name.Text, s.here), Refusal: r.fixed()}
	if s.Site.Loose && isHeading(s.here) {
		out.Name = out.At.Span.Of(c.Text())
	}
	if s.name.Kind == site.Macro {
		out.Name = strings.TrimPrefix(out.At.Span.Of(c.Text()), `\\`)
	}
	return out, true
}

// Rename gives the name at a cursor another one, everywhere. What it answers
// has been tried: in the pages as they would be the name is another one at each
// of its places, nothing else has changed, and no problem has come. It refuses
// otherwise.
func Rename(c site.Cursor, to string) Renaming {
	s, need, ok := about(c)
	switch {
	case len(need) > 0:
		return Renaming{Needs: need}
	case !ok:
		return Renaming{Refusal: "No name stands here that could be renamed."}
	}
	if s.name.Kind == site.Citation {
		return renameCitation(s, to)
	}
	r := newRenamer(s)
	if reason := r.fixed(); reason != "" {
		return Renaming{Refusal: reason}
	}
	for _, hard := range []bool{false, true} {
		r = newRenamer(s)
		r.hard = hard
		r.rename(to)
		if len(r.need) > 0 || r.refusal == "" || !r.spelling {
			break
		}
	}
	return r.answer()
}

// A renamer gathers the places of a name on all pages that it reaches.
type renamer struct {
	subject
	pages   map[site.Path]*site.Page // that hold the name, or link to it
	owners  map[site.Path]bool       // those of them whose name it is
	changes map[site.Key]string      // what is called otherwise, by what it is called now
	edits   map[site.Origin]string
	need    map[site.Path]bool
	refusal string

	defined []site.Origin   // the places that define it
	unread  []site.FileEdit // of closed pages beyond those that are tried
	word    string          // that stands there
	closed  map[site.Path]bool
	linked  map[site.Origin]bool // links in closed pages that are renamed at already

	hard     bool // put a backslash in front of what kramdown may take for its own
	spelling bool // where it is refused, that might help
}

func newRenamer(s subject) *renamer {
	return &renamer{
		subject: s, pages: map[site.Path]*site.Page{}, owners: map[site.Path]bool{}, changes: map[site.Key]string{},
		edits: map[site.Origin]string{}, need: map[site.Path]bool{}, closed: map[site.Path]bool{},
		linked: map[site.Origin]bool{},
	}
}

// answer is what has come of it.
func (r *renamer) answer() Renaming {
	switch {
	case len(r.need) > 0:
		return Renaming{Needs: sorted(r.need)}
	case r.refusal != "":
		return Renaming{Refusal: r.refusal}
	}
	return Renaming{Edits: r.list(), Unread: r.unread, Word: r.word}
}

// room reports whether a page is one of those that are read where they are closed.
func (r *renamer) room(p site.Path) bool {
	if r.closed[p] || len(r.closed) < closedPages {
		r.closed[p] = true
	}
	return r.closed[p]
}

// later renames at a place of a closed page that is not read.
func (r *renamer) later(at site.Origin, word, new string) {
	if !at.Exact {
		r.refuse("In `%s` the name is made by a template, tag or filter.", at.File)
		return
	}
	r.word = word
	r.unread = append(r.unread, site.FileEdit{File: at.File, Edit: text.Edit{Span: at.Span, New: new}})
}

func (r *renamer) refuse(format string, args ...any) {
	if r.refusal == "" {
		r.refusal = fmt.Sprintf(format, args...)
	}
}

// list are the edits, in the order of files and places.
func (r *renamer) list() []site.FileEdit {
	out := slices.Clone(r.unread)
	for at, new := range r.edits {
		out = append(out, site.FileEdit{File: at.File, Edit: text.Edit{Span: at.Span, New: new}})
	}
	sortEdits(out)
	return out
}

// fixed says why a name cannot be renamed at all; empty where it may be.
func (r *renamer) fixed() string {
	switch r.name.Kind {
	case site.Include, site.Post, site.Asset, site.Bibliography:
		return fmt.Sprintf("`%s` is a file: rename the file itself, and what names it is rewritten.", r.name.Text)
	case site.PageLink:
		if f := r.Site.AtURL(r.name.Text); f != nil {
			return fmt.Sprintf("This is the address of `%s`: rename that file, and the links to it are rewritten.", f.Path)
		}
		return fmt.Sprintf("No page of this site has the address `/%s`: there is nothing to rename.", r.name.Text)
	}
	if r.name.Kind == site.Citation {
		return r.fixedCitation()
	}
	if r.Page == nil {
		return "This file belongs to no page that could be read."
	}
	defs := definitions(r.subject)
	if len(defs) == 0 {
		if r.name.Kind == site.Anchor {
			return fmt.Sprintf("Nothing that is known here has the id `%s`: it may be made by a layout, a plugin or a script.", r.name.Text)
		}
		return fmt.Sprintf("The %s `%s` is not defined here: there is nothing to rename.", r.name.Kind, r.name.Text)
	}
	for _, d := range defs {
		switch {
		case r.Page.Layout != nil && r.name.Kind == site.Anchor && slices.ContainsFunc(r.Page.Layout.IDs, func(n site.Name) bool { return n.Key == d.Name.Key }):
			return fmt.Sprintf("The id `%s` is made by the layout `%s`, which other pages have too: rename it there.", r.name.Text, d.File)
		case !editable(d.Name) && !isHeading(d.Name) && !isNote(d.Name):
			return fmt.Sprintf("The %s `%s` is made by a template, tag or filter: its letters stand nowhere as they are.", r.name.Kind, r.name.Text)
		}
	}
	return ""
}

func editable(n site.Name) bool { return n.At.Exact || n.Spelled }

// isHeading reports whether a name is the id that kramdown makes of a heading.
func isHeading(n site.Name) bool {
	return n.Kind == site.Anchor && n.Form == site.Derived && n.Prefix == "" && !n.At.Span.Empty()
}

// isNote reports whether a name is an id that kramdown makes of a footnote.
func isNote(n site.Name) bool {
	return n.Kind == site.Anchor && n.Form == site.Derived && n.Prefix != ""
}

// core is the part of a name that its author writes at a place.
func (r *renamer) core(name string, n site.Name) string {
	return strings.TrimSuffix(strings.TrimPrefix(name, n.Prefix), n.Suffix)
}

func (r *renamer) rename(to string) {
	key := site.Key{Kind: r.name.Kind, Text: r.name.Text}
	switch r.name.Kind {
	case site.Macro:
		to = strings.TrimPrefix(to, `\`)
	case site.Anchor:
		to = strings.TrimPrefix(to, "#")
		if d := definitions(r.subject); isHeading(d[0].Name) && (r.Site.Loose || strings.ContainsAny(strings.TrimSpace(to), " \t")) {
			r.retitle(d[0], to)
			return
		}
	}
	full := r.here.Prefix + to + r.here.Suffix
	if r.name.Kind == site.LinkRef {
		full = kramdown.LinkName(to)
	}
	if reason := invalid(r.name.Kind, full); reason != "" {
		r.refuse("%s", reason)
		return
	}
	if full == r.name.Text {
		return // it has that name
	}
	r.changes[key] = full
	r.own(r.Page)
	r.finish(to)
}

// finish gathers the places, and tries what comes of them.
func (r *renamer) finish(to string) {
	if r.siteWide() {
		r.users()
	}
	r.gather(to)
	if len(r.need) > 0 || r.refusal != "" {
		return
	}
	if len(r.defined) == 0 {
		r.refuse("The %s `%s` is not defined here: there is nothing to rename.", r.name.Kind, r.name.Text)
		return
	}
	r.collide()
	if r.refusal == "" {
		r.try()
	}
}

// siteWide reports whether the name is the site's, and not a page's.
func (r *renamer) siteWide() bool {
	return (r.name.Kind == site.Macro || r.name.Kind == site.Environment) && !r.Owns(r.name.Key)
}

// users finds the pages that use a macro or environment of the site: those that
// have it from the same file.
func (r *renamer) users() {
	k := site.Key{Kind: r.name.Kind, Text: r.name.Text}
	new := r.changes[k]
	ours, ok := r.Page.Layout.Defines(k)
	if !ok {
		return
	}
	slash := ""
	if k.Kind == site.Macro {
		slash = `\`
	}
	taken := map[site.Path]bool{}
	for _, uses := range []bool{false, true} {
		for _, p := range r.Site.Holders(site.Key{Kind: k.Kind, Text: new, Uses: uses}) {
			taken[p] = true
		}
	}
	for _, p := range r.Site.Uses(r.subject.Cursor, r.name.Key) {
		f := r.Site.Facts(p.File)
		switch {
		case f == nil || p.File == r.Page.Source.Path:
		case r.room(p.File) || r.Site.Page(p.File) != nil: // asked again, the same ones have room
			r.load(p.File)
		case !slices.ContainsFunc(f.Reads, func(in site.Input) bool { return in.Path == ours.At.File }):
		case taken[p.File]:
			r.refuse("There is %s `%s` already, in `%s`.", article(k.Kind), new, p.File)
			return
		default:
			r.later(p.Origin, slash+k.Text, slash+new)
		}
	}
}

// own adds a page whose name it is.
func (r *renamer) own(p *site.Page) {
	r.pages[p.Source.Path] = p
	r.owners[p.Source.Path] = true
}

// load returns the page of a path, which is needed if it is closed.
func (r *renamer) load(p site.Path) *site.Page {
	page := r.Site.Page(p)
	if page == nil {
		r.need[p] = true
	} else if r.siteWide() {
		k := site.Key{Kind: r.name.Kind, Text: r.name.Text}
		theirs, ok := page.Layout.Defines(k)
		ours, _ := r.Page.Layout.Defines(k)
		if !ok || theirs.At.File != ours.At.File || theirs.At.Span != ours.At.Span {
			return nil // another layout's, with the same name
		}
		r.own(page)
	}
	return page
}

// gather finds the places, until no further name or page moves with it.
func (r *renamer) gather(to string) {
	for {
		size := len(r.changes) + len(r.pages) + len(r.owners)
		for _, path := range sorted(r.owners) {
			r.onPage(r.pages[path], to)
			if r.refusal != "" {
				return
			}
		}
		if size == len(r.changes)+len(r.pages)+len(r.owners) || len(r.need) > 0 {
			return
		}
	}
}

func sorted[V any](m map[site.Path]V) []site.Path {
	out := make([]site.Path, 0, len(m))
	for p := range m {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func (r *renamer) onPage(p *site.Page, to string) {
	r.eachName(p, func(_ int, n site.Name, new string) { r.place(p, n, new, to) })
	for key, new := range r.changes {
		if key.Kind != site.Anchor {
			continue
		}
		for _, link := range r.Site.LinksTo(p.Facts, key.Text) {
			holder := link.File
			if f := r.Site.Facts(holder); f == nil {
				r.refuse("A link to `#%s` stands in `%s`, which is made into pages that were not read.", key.Text, holder)
				return
			}
			page, room := r.Site.Page(holder), r.room(holder)
			if page == nil {
				if int(link.Name.Tail) != len(key.Text) || room {
					r.need[holder] = true
				} else if !r.linked[link.Origin] {
					r.linked[link.Origin] = true
					r.later(link.Origin, key.Text, encode(new, false))
				}
				continue
			}
			r.pages[holder] = page
			if link.Name.Tail == 0 {
				r.refuse("A link to `#%s` in `%s` is made by a template, tag or filter.", key.Text, holder)
				return
			}
			n := link.Name
			n.At, n.Text, n.Prefix, n.Suffix = link.Origin, key.Text, "", ""
			n.Spelled = n.At.Span.Of(page.Source.Text) != key.Text
			r.write(page, n, key.Text, new)
		}
	}
}

// eachName calls f for each name of a page that is called otherwise, with its
// new name and its index, which is -1 for those of the configuration. A macro is
// the page's or the site's.
func (r *renamer) eachName(p *site.Page, f func(i int, n site.Name, new string)) {
	mine := r.siteWide()
	behind := map[site.Key]bool{}  // the page has defined it
	written := map[site.Key]bool{} // an id that an author has given
	for _, n := range p.Facts.Names {
		if n.Kind == site.Anchor && !n.Uses && editable(n) {
			written[n.Key] = true
		}
	}
	for i, n := range p.Facts.Names {
		k := site.Key{Kind: n.Kind, Text: n.Text}
		new, ok := r.changes[k]
		if !ok {
			continue
		}
		if n.Kind == site.Macro || n.Kind == site.Environment {
			if !n.Uses {
				behind[k] = true
			}
			if behind[k] == mine {
				continue
			}
		}
		if n.Kind == site.Citation { // another tag may mean another work
			if _, ok := r.edits[site.Origin{File: n.At.File, Span: n.At.Span}]; !ok {
				continue
			}
		}
		if isHeading(n) && written[k] { // a heading that has the same id by its words keeps it
			continue
		}
		f(i, n, new)
	}
	if mine {
		for _, list := range [][]site.Name{p.Layout.Macros, p.Layout.Others} {
			for _, n := range list {
				if new, ok := r.changes[site.Key{Kind: n.Kind, Text: n.Text}]; ok {
					f(-1, n, new)
				}
			}
		}
	}
}

// place renames at one place, and finds what moves with it.
func (r *renamer) place(p *site.Page, n site.Name, new, to string) {
	if n.Form != site.Derived && !editable(n) {
		r.refuse("The %s `%s` is also made by a template, tag or filter, which cannot be told the new name (line %d of `%s`).",
			n.Kind, n.Text, r.line(n.At), n.At.File)
		return
	}
	core := r.core(new, n)
	if n.Prefix+core+n.Suffix != new || core == "" {
		r.refuse("The name is made of `%s`, `%s` and `%s`: the new one must begin and end so.", n.Prefix, r.core(n.Text, n), n.Suffix)
		return
	}
	if !n.Uses {
		r.defined = append(r.defined, n.At)
	}
	if f := n.At.File; f != p.Source.Path && !r.siteWide() {
		if n := len(r.Site.Readers(f)); n > 4*closedPages {
			r.refuse("The name stands in `%s`, which %d pages are made from: change it there, and look at each of them.", f, n)
			return
		}
		for _, reader := range r.Site.Readers(f) { // they have the name too
			if page := r.Site.Page(reader); page != nil {
				r.own(page)
			} else {
				r.need[reader] = true
			}
		}
	}
	for _, m := range p.Facts.Names {
		k := site.Key{Kind: m.Kind, Text: m.Text}
		if m.At.File != n.At.File || m.At.Span != n.At.Span || isHeading(m) || isHeading(n) {
			continue
		}
		switch _, moves := r.changes[k]; {
		case moves:
		case m.Kind == site.Asset || m.Kind == site.PageLink || m.Kind == site.Include || m.Kind == site.Post:
			r.refuse("`%s` also names the file `%s`: rename the file itself.", r.core(n.Text, n), m.Text)
			return
		default:
			r.changes[k] = m.Prefix + core + m.Suffix
		}
	}
	switch {
	case isHeading(n):
		r.addID(n, new)
	case n.Form == site.Derived: // moves with the footnote
	case n.Kind == site.LinkRef:
		r.edits[site.Origin{File: n.At.File, Span: n.At.Span}] = to
	default:
		r.write(p, n, r.core(n.Text, n), core)
	}
}

// line is the line of a place, from 1; 0 where the file is not known.
func (r *renamer) line(at site.Origin) int {
	if src := r.source(at.File); src != nil {
		return src.Lines.Line(at.Span.Start) + 1
	}
	return 0
}

func (r *renamer) source(p site.Path) *site.Source {
	if page := r.Site.Page(p); page != nil {
		return page.Source
	}
	return r.Site.Source(p)
}

// addID gives a heading the id that kramdown would otherwise make of its words.
func (r *renamer) addID(n site.Name, id string) {
	src := r.source(n.At.File)
	if src == nil {
		r.refuse("The heading stands in `%s`, which is not known.", n.At.File)
		return
	}
	line := src.Lines.Span(src.Lines.Line(n.At.Span.End))
	end, attr := line.Start+len(strings.TrimRight(line.Of(src.Text), " \t")), " {#"+id+"}"
	if !validHeadingID(id) { // kramdown takes any as an attribute, on a line of its own
		last := src.Lines.Span(src.Lines.Line(max(n.At.Span.End, n.Whole.Span.End-1)))
		newline := "\n"
		if strings.HasPrefix(src.Text[last.End:], "\r\n") {
			newline = "\r\n"
		}
		end, attr = last.End, newline+`{: id="`+id+`"}`
	}
	r.edits[site.Origin{File: n.At.File, Span: text.Span{Start: end, End: end}}] = attr
}

// write replaces a name as it is written.
func (r *renamer) write(p *site.Page, n site.Name, old, new string) {
	src := r.source(n.At.File)
	if src == nil {
		r.refuse("The name stands in `%s`, which is not known.", n.At.File)
		return
	}
	was := n.At.Span.Of(src.Text)
	out := ""
	switch {
	case n.Kind == site.Macro:
		slashes := len(was) - len(strings.TrimLeft(was, `\`))
		if was[slashes:] != old {
			r.refuse("The macro `\\%s` is not written out in line %d of `%s`.", old, r.line(n.At), n.At.File)
			return
		}
		out = was[:slashes] + new
	case n.Form == site.URL:
		if !n.Spelled && was != old {
			r.refuse("The link to `#%s` in line %d of `%s` is not written out.", old, r.line(n.At), n.At.File)
			return
		}
		out = respell(was, old, new, '%', func(s string) string { return encode(s, n.Spelled) })
	case n.Spelled:
		out = respell(was, old, new, '\\', escape)
	case was != old:
		r.refuse("The %s `%s` is not written out in line %d of `%s`.", n.Kind, old, r.line(n.At), n.At.File)
		return
	default:
		out = new
		if n.Kind == site.Label && escape(new) != new && n.At.File == p.Source.Path && !inMathNode(p, n.At.Span.Start) {
			r.spelling = true
			if r.hard {
				out = escape(new)
			}
		}
	}
	r.edits[site.Origin{File: n.At.File, Span: n.At.Span}] = out
}

// inMathNode reports whether an offset lies in what kramdown takes for math, and
// so leaves as it is.
func inMathNode(p *site.Page, offset int) bool {
	for _, n := range p.Path(offset) {
		if n.Kind == kramdown.MathBlock || n.Kind == kramdown.MathSpan {
			return true
		}
	}
	return false
}

// retitle gives a heading other words, where the new name is no id, or where
// there is no site, so that not every engine knows {#id}: as VS Code's own
// Markdown server does. The links to it follow the id that is made of them.
func (r *renamer) retitle(d site.Place, title string) {
	p := r.Page
	title = strings.TrimSpace(title)
	if strings.ContainsAny(title, "\n\r") {
		r.refuse("A heading is one line.")
		return
	}
	if d.File != p.Source.Path || p.FromTree(text.Span{}).File != p.Source.Path {
		r.refuse("The heading stands in `%s`: change its words there.", d.File)
		return
	}
	at := site.Origin{File: d.File, Span: d.Span}
	doc, ok := text.Apply(p.Source.Text, []text.Edit{{Span: d.Span, New: title}})
	if !ok {
		r.refuse("The heading cannot be changed here.")
		return
	}
	after := r.Site.Make(site.NewSource(d.File, doc), p)
	id := ""
	for i, n := range p.Facts.Names {
		if after != nil && i < len(after.Facts.Names) && n.Key == d.Name.Key && n.At == d.Name.At {
			if now := after.Facts.Names[i]; now.Kind == site.Anchor && !now.Uses {
				id = now.Text
			}
			break
		}
	}
	if id == "" {
		r.refuse("`%s` would not be a heading with an id here.", title)
		return
	}
	r.own(p)
	if id != r.name.Text {
		r.changes[site.Key{Kind: site.Anchor, Text: r.name.Text}] = id
		r.gather(title)
		if len(r.need) > 0 || r.refusal != "" {
			return
		}
		r.collide()
	}
	for at, new := range r.edits { // it gets its id from its words
		if at.Span.Empty() && (strings.HasPrefix(new, " {#") || strings.Contains(new, `{: id="`)) {
			delete(r.edits, at)
		}
	}
	r.edits[at] = title
	if r.refusal == "" {
		r.try()
	}
}
