package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// label offers to give the numbered row at the place a label: one that
// references ask for, or a new one; and to write references to it where the
// text speaks of the row by its number.
func (a *actor) label(i int) {
	f := &a.p.Math[i]
	row, at, space, ok := a.unlabelled(f)
	if !ok {
		return
	}
	for _, name := range a.missed() {
		if edit, ok := a.labelEdit(f, at, space, name); ok && a.labels(i, row.Number, name, nil, edit) {
			a.offer("Add the label "+name+", which a reference asks for", edit)
		}
	}
	name := a.freshLabel(a.at.Start)
	edit, ok := a.labelEdit(f, at, space, name)
	if !ok || !a.labels(i, row.Number, name, nil, edit) {
		return
	}
	a.offer("Add the label "+name, edit)
	said := slices.DeleteFunc(a.mentions(row.Number), func(m mention) bool { return !m.word })
	edits := []text.Edit{edit}
	for _, m := range said {
		edits = append(edits, m.edit(name))
	}
	if len(said) > 0 && a.labels(i, row.Number, name, said, edits...) {
		a.offer(fmt.Sprintf("Add the label %s and refer to it where the text says %s (%d×)", name, said[0].span.Of(a.doc), len(said)), edits...)
	}
}

// unlabelled returns the numbered row at the place, where it has no label, and
// where in the formula's TeX one would go. space says that a blank belongs
// between the row and it: in front of the label, or behind it.
func (a *actor) unlabelled(f *tex.Formula) (row tex.Row, at int, space string, ok bool) {
	if !f.Display || f.Failed || len(f.Rows) == 0 {
		return row, 0, "", false
	}
	o, ok := environmentOf(f.TeX)
	base := strings.TrimSuffix(o.name, "*")
	if !ok || o.breaks == 0 || base == "equation" || base == "multline" {
		if len(f.Rows) > 1 || len(f.Labels) > 0 {
			return row, 0, "", false
		}
		if ok && slices.Contains(displays, base) {
			return f.Rows[0], o.inner.Start, "", true
		}
		return f.Rows[0], len(strings.TrimRight(f.TeX, " \t\n")), "before", true
	}
	for k, span := range o.rows {
		region := text.Span{Start: span.Start, End: o.inner.End}
		if k+1 < len(o.rows) {
			region.End = o.rows[k+1].Start
		}
		if here := a.p.InMath(f, region); here.File != a.p.Source.Path || a.at.Start < here.Span.Start || a.at.Start >= here.Span.End {
			continue
		}
		if slices.ContainsFunc(f.Labels, func(l tex.Label) bool { return span.Overlaps(l.Span) }) {
			return row, 0, "", false
		}
		for _, r := range f.Rows {
			if !r.Span.Overlaps(span) {
				continue
			}
			if strings.Contains(span.Of(f.TeX), "%") { // maybe a comment
				return r, span.Start, "behind", true
			}
			return r, span.End, "before", true
		}
	}
	return row, 0, "", false
}

// labelEdit writes a label at an offset of a formula's TeX.
func (a *actor) labelEdit(f *tex.Formula, at int, space, name string) (text.Edit, bool) {
	label := `\label{` + name + "}"
	var o site.Origin
	var here int
	switch space {
	case "behind":
		o, label = a.p.InMath(f, text.Span{Start: at, End: at + 1}), label+" "
		here = o.Span.Start
	default:
		if space != "" {
			label = " " + label
		}
		o = a.p.InMath(f, text.Span{Start: at - 1, End: at})
		here = o.Span.End
	}
	return text.Edit{Span: text.Span{Start: here, End: here}, New: label}, o.File == a.p.Source.Path
}

// labels reports whether edits give the page one more label, with a number, and
// references to it in place of mentions, and change nothing else.
func (a *actor) labels(i int, number, name string, said []mention, edits ...text.Edit) bool {
	page, ok := a.try(edits...)
	if !ok || len(page.Math) != len(a.p.Math)+len(said) || numbers(page)[name] != number || !a.sameTags(page) {
		return false
	}
	// What is set, without the label, and with the words where references stand now.
	label := strings.NewReplacer(` \label{`+name+"}", "", `\label{`+name+"} ", "", `\label{`+name+"}", "")
	was, added, next := asSet(a.p), 0, 0
	set := asSet(page)
	labelled := false
	now := readAs(page, func(k int) string {
		if f := &page.Math[k]; f.Ref && next < len(said) && len(f.Refs) == 1 && f.Refs[0].Name == name && a.origin(page, k, edits) == said[next].span.Start {
			next, added = next+1, added+1
			return said[next-1].span.Of(a.doc)
		}
		if k-added == i && !labelled {
			labelled = true
			return label.Replace(set(k))
		}
		return set(k)
	})
	return added == len(said) && now == readAs(a.p, func(k int) string {
		if k == i {
			return label.Replace(was(k))
		}
		return was(k)
	})
}

// origin is where a formula of a changed page stood in the page as it is.
func (a *actor) origin(page *site.Page, i int, edits []text.Edit) int {
	at := page.FromFlow(page.Math[i].Flow).Span.Start
	shift := 0
	for _, e := range sortedEdits(edits) {
		if e.Start+shift >= at {
			break
		}
		shift += len(e.New) - e.Len()
	}
	return at - shift
}

func sortedEdits(edits []text.Edit) []text.Edit {
	return slices.SortedStableFunc(slices.Values(edits), func(a, b text.Edit) int { return a.Start - b.Start })
}

// missed are the labels that references of the page ask for and no equation
// has, in page order: two at most.
func (a *actor) missed() []string {
	is := numbers(a.p)
	var out []string
	for i := range a.p.Math {
		for _, r := range a.p.Math[i].Refs {
			if _, ok := is[r.Name]; !ok && r.Name != "" && len(out) < 2 && !slices.Contains(out, r.Name) && !strings.ContainsAny(r.Name, "{}\\$%&\n") {
				out = append(out, r.Name)
			}
		}
	}
	return out
}

// numbered is a label that ends with a number.
var numbered = regexp.MustCompile(`^(.*?)([0-9]+)$`)

// freshLabel is a name that no label or reference of the page has, in the
// manner of the labels that there are: with their prefix and the words of the
// heading above, or the next number where they are numbered.
func (a *actor) freshLabel(offset int) string {
	taken, prefixes := map[string]bool{}, map[string]int{}
	prefix, last, all := "eq:", 0, true
	labels := 0
	for i := range a.p.Math {
		for _, r := range a.p.Math[i].Refs {
			taken[r.Name] = true
		}
		for _, l := range a.p.Math[i].Labels {
			taken[l.Name] = true
			labels++
			if m := numbered.FindStringSubmatch(l.Name); m != nil {
				n, _ := strconv.Atoi(m[2])
				last = max(last, n)
				prefixes[m[1]]++
			} else {
				all = false
				prefixes[l.Name[:strings.IndexByte(l.Name, ':')+1]]++
			}
		}
	}
	most := 0
	for p, n := range prefixes {
		if n > most || n == most && p < prefix {
			most, prefix = n, p
		}
	}
	if strings.ContainsAny(prefix, "{}\\$%&_*'\"|<>`[]#^~ \n") {
		prefix = "eq:"
	}
	stem := ""
	if labels == 0 || !all {
		stem = a.stem(offset)
		if !strings.HasSuffix(prefix, ":") && labels > 0 {
			prefix = ""
		}
	}
	if stem != "" && !taken[prefix+stem] {
		return prefix + stem
	}
	if stem != "" {
		stem += "-"
		last = 1
	}
	for n := last + 1; ; n++ {
		if name := prefix + stem + strconv.Itoa(n); !taken[name] {
			return name
		}
	}
}

// light are words that say nothing of what a section is about.
var light = strings.Fields("a an and are as at by for from how in into is it of on or our the this to us we what when where why with")

// stem is the first words of the heading above an offset, or of the title.
func (a *actor) stem(offset int) string {
	words := a.p.Facts.Title
	for _, x := range sections(a.p) {
		if x.span.Contains(offset) {
			words = site.PlainText(x.heading)
		}
	}
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool {
		return r != '\'' && r != '’' && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80
	}) {
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || slices.Contains(light, w) {
			continue
		}
		if out = append(out, w); len(out) == 2 {
			break
		}
	}
	return strings.Join(out, "-")
}

// A mention is a place of the text that speaks of an equation by its number.
type mention struct {
	span   text.Span // what a reference takes the place of
	whole  text.Span // with the word in front
	number string
	parens bool // it has parentheses
	word   bool // the word equation stands in front
}

// edit writes a reference that prints what the mention says.
func (m mention) edit(label string) text.Edit {
	if m.parens {
		return text.Edit{Span: m.span, New: `\eqref{` + label + "}"}
	}
	return text.Edit{Span: m.span, New: `\ref{` + label + "}"}
}

// wordAhead is the word in front of an equation's number.
var wordAhead = regexp.MustCompile(`(?i)\b(?:equation|eqn|eq|formula)s?\.?(?:[ \t]|~|&nbsp;|\r?\n)[ \t>]*$`)

// wordReach is how far in front of a number its word is looked for, in bytes.
const wordReach = 40

// mentions are the places in the page's own file that speak of an equation with
// this number, in order. Only ordinary text counts: no code, link or formula.
func (a *actor) mentions(number string) []mention {
	var out []mention
	for at := a.p.Source.Head.Body; number != ""; {
		n := strings.Index(a.doc[at:], number)
		if n < 0 {
			break
		}
		if m, ok := a.mention(text.Span{Start: at + n, End: at + n + len(number)}); ok {
			out = append(out, m)
		}
		at += n + len(number)
	}
	return out
}

// mention reads the mention whose number stands at a span: it stands in
// parentheses, or behind the word equation.
func (a *actor) mention(at text.Span) (mention, bool) {
	before, after := a.doc[max(a.p.Source.Head.Body, at.Start-1):at.Start], a.doc[at.End:min(len(a.doc), at.End+2)]
	m := mention{span: at, number: at.Of(a.doc), parens: before == "(" && strings.HasPrefix(after, ")")}
	if m.parens {
		m.span = text.Span{Start: at.Start - 1, End: at.End + 1}
	} else if before == "" || strings.IndexByte(" \t~;\n>", before[0]) < 0 || after != "" && isWordByte(after[0]) || len(after) > 1 && after[0] == '.' && isWordByte(after[1]) {
		return m, false
	}
	from := max(a.p.Source.Head.Body, m.span.Start-wordReach)
	word := wordAhead.FindStringIndex(a.doc[from:m.span.Start])
	m.whole = m.span
	if m.word = word != nil; m.word {
		m.whole.Start = from + word[0]
	}
	return m, (m.parens || m.word) && a.prose(m.span)
}

// prose reports whether ordinary text stands at a span.
func (a *actor) prose(span text.Span) bool {
	nodes := a.p.Nodes(span.Start + 1)
	if len(nodes) == 0 || nodes[len(nodes)-1].Kind != kramdown.Text {
		return false
	}
	for _, n := range nodes {
		switch n.Kind {
		case kramdown.Link, kramdown.Image, kramdown.Header, kramdown.RawHTML:
			return false
		case kramdown.HTMLElement:
			if n.Value == "a" || n.Value == "script" || n.Value == "style" || n.Value == "pre" || n.Value == "code" {
				return false
			}
		}
	}
	for i := range a.p.Math {
		if o := a.p.FromFlow(a.p.Math[i].Flow); o.File == a.p.Source.Path && o.Span.Overlaps(span) {
			return false
		}
	}
	return true
}

// equationNumber is what may be one.
var equationNumber = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*[a-z]?`)

// reference offers to refer to the equation whose number stands at the place,
// which gets a label where it has none.
func (a *actor) reference() {
	from := max(a.p.Source.Head.Body, a.at.Start-wordReach)
	part := a.doc[from:min(len(a.doc), a.at.End+wordReach)]
	for _, n := range equationNumber.FindAllStringIndex(part, -1) {
		m, ok := a.mention(text.Span{Start: n[0], End: n[1]}.Shift(from))
		if !ok || !m.whole.Contains(a.at.Start) || !m.whole.Contains(a.at.End) {
			continue
		}
		for i := range a.p.Math {
			f := &a.p.Math[i]
			for _, row := range f.Rows {
				if row.Number == m.number {
					a.refer(i, row, m)
					return
				}
			}
		}
	}
}

func (a *actor) refer(i int, row tex.Row, m mention) {
	f := &a.p.Math[i]
	for _, l := range f.Labels {
		if l.Number != row.Number || l.Name == "" {
			continue
		}
		for _, spell := range []func(string) string{func(s string) string { return s }, escape} {
			edit := m.edit(spell(l.Name))
			if page, ok := a.try(edit); ok && a.refers(page, l.Name, m) {
				a.offer(fmt.Sprintf("Refer to this equation by its label %s", l.Name), edit)
				return
			}
		}
		return
	}
	whole := a.p.FromFlow(f.Flow)
	if whole.File != a.p.Source.Path || !a.written(f, whole.Span) {
		return
	}
	there := *a // as if the place were in the row
	o := a.p.InMath(f, row.Span)
	if env, ok := environmentOf(f.TeX); ok {
		for _, r := range env.rows {
			if r.Overlaps(row.Span) {
				o = a.p.InMath(f, text.Span{Start: r.Start, End: r.Start})
				break
			}
		}
	}
	there.at = text.Span{Start: o.Span.Start, End: o.Span.Start}
	found, at, space, ok := there.unlabelled(f)
	if !ok || found.Number != row.Number {
		return
	}
	name := a.freshLabel(o.Span.Start)
	if edit, ok := a.labelEdit(f, at, space, name); ok && a.labels(i, row.Number, name, []mention{m}, edit, m.edit(name)) {
		a.offer(fmt.Sprintf("Refer to this equation by a label, which it gets: %s", name), edit, m.edit(name))
	}
}

// refers reports whether a page has got a reference for a mention, and nothing
// else has changed.
func (a *actor) refers(page *site.Page, name string, m mention) bool {
	if len(page.Math) != len(a.p.Math)+1 || !a.sameTags(page) {
		return false
	}
	set, found := asSet(page), false
	now := readAs(page, func(k int) string {
		if f := &page.Math[k]; f.Ref && !found && len(f.Refs) == 1 && f.Refs[0].Name == name && page.FromFlow(f.Flow).Span.Start == m.span.Start {
			found = true
			return m.span.Of(a.doc)
		}
		return set(k)
	})
	return found && now == readAs(a.p, asSet(a.p))
}
