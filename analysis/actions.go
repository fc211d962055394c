package analysis

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// An Action is something that an author may want done at a place.
type Action struct {
	Title string
	Mends string // the code of the problem that it takes away; empty for what is no fix
	Edits []site.FileEdit
}

// Actions returns what can be done at a part of a page's own file, beside the
// fixes of its problems: what is done most first. Each has been tried on the
// page, and does what its title says and nothing else: what the reader sees
// elsewhere stays the same, and no problem comes in.
func Actions(s *site.Snapshot, p *site.Page, at text.Span) []Action {
	if p == nil || p.Tree == nil || at.Start < p.Source.Head.Body || at.End > len(p.Source.Text) {
		return nil
	}
	a := actor{s: s, p: p, doc: p.Source.Text, at: at, newline: "\n", problems: s.Problems(p.Source.Path)}
	if strings.Contains(a.doc, "\r\n") {
		a.newline = "\r\n"
	}
	a.addNote()
	if i, ok := a.formula(); ok {
		a.label(i)
		a.environments(i)
		a.dollars(i)
	} else {
		a.reference()
		a.figure()
	}
	a.sortNotes()
	return a.out
}

// An actor looks for what can be done at a place.
type actor struct {
	s       *site.Snapshot
	p       *site.Page
	doc     string
	at      text.Span
	newline string // as the file has them
	out     []Action

	problems []site.Problem // of the page
	html     string         // see page
	without  string         // what is read of the page but for the formula at the place; made when asked for
}

func (a *actor) offer(title string, edits ...text.Edit) {
	a.out = append(a.out, Action{Title: title, Edits: inFile(a.p.Source.Path, edits)})
}

func inFile(file site.Path, edits []text.Edit) []site.FileEdit {
	out := make([]site.FileEdit, 0, len(edits))
	for _, e := range edits {
		out = append(out, site.FileEdit{File: file, Edit: e})
	}
	return out
}

// formula returns the formula at the place, where all of it is written in the
// page's own file: what an include or an object prints is not written here.
func (a *actor) formula() (int, bool) {
	for i := range a.p.Math {
		f := &a.p.Math[i]
		o := a.p.FromFlow(f.Flow)
		if f.Ref || o.File != a.p.Source.Path || !o.Span.Contains(a.at.Start) || !o.Span.Contains(a.at.End) {
			continue
		}
		return i, a.written(f, o.Span)
	}
	return 0, false
}

// written reports whether a formula is what stands at a span, and not what
// Liquid makes of it.
func (a *actor) written(f *tex.Formula, span text.Span) bool {
	if !a.p.Renders() {
		return true
	}
	source := span.Of(a.doc)
	return strings.Count(source, "{%") == strings.Count(f.TeX, "{%") && strings.Count(source, "{{") == strings.Count(f.TeX, "{{")
}

// A trial is a page as some edits would leave it, in its site.
type trial struct {
	page *site.Page
	site *site.Snapshot
}

// tried makes the page that edits would leave. False where they overlap, touch
// the values of the front matter, or leave no page that can be read.
func tried(s *site.Snapshot, p *site.Page, edits ...text.Edit) (trial, bool) {
	doc, ok := text.Apply(p.Source.Text, edits)
	if !ok || p.Tree == nil {
		return trial{}, false
	}
	src := site.NewSource(p.Source.Path, doc)
	if !sameValues(src.Head.Values, p.Source.Head.Values) {
		return trial{}, false
	}
	after := s.Make(src, p)
	if after == nil || after.Tree == nil {
		return trial{}, false
	}
	b := s.Build()
	b.Source(src)
	b.Page(after, true)
	return trial{after, b.Done()}, true
}

// try makes the page that edits would leave. False also where a problem comes
// in, or a reference that had a number loses it.
func (a *actor) try(edits ...text.Edit) (*site.Page, bool) {
	t, ok := tried(a.s, a.p, edits...)
	if !ok || !keepsNumbers(a.p, t.page) {
		return nil, false
	}
	_, _, bad := more(a.problems, t.site.Problems(a.p.Source.Path))
	return t.page, !bad
}

// more returns a problem of a kind that is there more often than it was, and
// whether it was said before: then it is not known which of them is new.
func more(before, after []site.Problem) (problem *site.Problem, said, found bool) {
	count, words := map[string]int{}, map[string]bool{}
	for i := range before {
		count[before[i].Code]++
		words[before[i].Message] = true
	}
	for i := range after {
		count[after[i].Code]--
	}
	for i := range after {
		if n := &after[i]; count[n.Code] < 0 {
			if !words[n.Message] {
				return n, false, true
			}
			problem, said, found = n, true, true
		}
	}
	return problem, said, found
}

// keepsNumbers reports whether every reference that finds a number on a page
// finds one after it has changed.
func keepsNumbers(before, after *site.Page) bool {
	was, is := numbers(before), numbers(after)
	for i := range before.Math {
		for _, r := range before.Math[i].Refs {
			if was[r.Name] != "" && is[r.Name] == "" {
				return false
			}
		}
	}
	return true
}

// numbers are what references to a page's labels print.
func numbers(p *site.Page) map[string]string {
	out := map[string]string{}
	for i := range p.Math {
		for _, l := range p.Math[i].Labels {
			if out[l.Name] == "" {
				out[l.Name] = l.Number
			}
		}
	}
	return out
}

// sets reports whether a formula is set no worse than another: without an error
// where that has none, and certainly where that is certain.
func sets(f, was *tex.Formula) bool {
	return !f.Failed && len(f.Faults) <= len(was.Faults) && (!f.Doubtful || was.Doubtful)
}

// readAs is what the reader gets of a page: its text and elements in order,
// with as(i) in the place of formula i. Paragraphs around a formula for which
// it says "" do not count: it is set on its own line in any case.
func readAs(p *site.Page, as func(int) string) string {
	var b strings.Builder
	b.Grow(2 * len(p.Flow.Text))
	doc, marks := p.Flow.Text, p.Flow.Marks
	next, at, alone := 0, 0, false
	put := func(s string) {
		if alone { // behind a formula on its own
			s = strings.TrimLeft(s, " \t\n")
			alone = s == ""
		}
		b.WriteString(s)
	}
	flush := func(end int) { // the elements and text up to end
		for ; next < len(marks) && marks[next].At <= end; next++ {
			m := &marks[next]
			put(doc[at:max(at, m.At)])
			at = max(at, m.At)
			if alone && m.Name == "p" && m.Class == "" {
				continue
			}
			alone = false
			b.WriteString("\x01" + string(rune('0'+m.Kind)) + m.Name + " " + m.Class + "\x02")
		}
	}
	for i := range p.Math {
		f := p.Math[i].Flow
		if f.Start < at {
			continue
		}
		flush(f.Start)
		put(doc[at:f.Start])
		s := as(i)
		if s == "" {
			rest := b.String()
			for {
				short := strings.TrimRight(rest, " \t\n")
				short = strings.TrimSuffix(strings.TrimSuffix(short, "\x010p \x02"), "\x011p \x02")
				if len(short) == len(rest) {
					break
				}
				rest = short
			}
			b.Reset()
			b.Grow(2 * len(doc))
			b.WriteString(rest + "\x03")
			alone = true
		} else {
			alone = false
			b.WriteString(s)
		}
		at = f.End
		for next < len(marks) && marks[next].At < f.End { // a <br> in the formula
			next++
		}
	}
	flush(len(doc))
	put(doc[at:])
	return b.String()
}

// asSet is a formula as it is set, for readAs.
func asSet(p *site.Page) func(int) string {
	return func(i int) string {
		f := &p.Math[i]
		if f.Display {
			return "\x04" + f.TeX + "\x05"
		}
		return "\x06" + f.TeX + "\x05"
	}
}

// butOne is asSet but for one formula, in whose place stands what is given: ""
// where nothing around it counts either.
func butOne(p *site.Page, formula int, as string) func(int) string {
	set := asSet(p)
	return func(i int) string {
		if i == formula {
			return as
		}
		return set(i)
	}
}

// page is the page's HTML.
func (a *actor) page() string {
	if a.html == "" {
		a.html = a.p.Tree.HTML()
	}
	return a.html
}

// sameTags reports whether a page has the same elements as before, with the
// same attributes in its HTML, but for paragraphs and line breaks.
func (a *actor) sameTags(after *site.Page) bool {
	was, is := a.page(), after.Tree.HTML()
	for {
		var s, t string
		s, was = nextTag(was)
		t, is = nextTag(is)
		if s != t {
			return false
		}
		if s == "" {
			return true
		}
	}
}

// nextTag returns the next tag of a text of HTML that is no paragraph's and no
// line break, and what follows it; "" where there is none.
func nextTag(html string) (tag, rest string) {
	for {
		open := strings.IndexByte(html, '<')
		if open < 0 {
			return "", ""
		}
		html = html[open:]
		end := strings.IndexByte(html, '>') + 1
		if end == 0 {
			end = len(html)
		}
		tag, html = html[:end], html[end:]
		if tag != "<p>" && tag != "</p>" && tag != "<br />" {
			return tag, html
		}
	}
}

// onlyFormula reports whether a page differs from what it was in nothing but the
// formula at the place, and the paragraph that this stands in.
func (a *actor) onlyFormula(after *site.Page, i int) bool {
	if len(a.p.Math) != len(after.Math) {
		return false
	}
	if a.without == "" {
		a.without = readAs(a.p, butOne(a.p, i, ""))
	}
	return a.without == readAs(after, butOne(after, i, "")) && a.sameTags(after)
}

// sameTeX reports whether two pieces of TeX are the same but for what MathJax
// does not see: how many blanks stand where some stand, and which of its two
// signs a prime is (the mapping "special" of its base package has both).
func sameTeX(a, b string) bool {
	a, b = primes(a), primes(b)
	if strings.Contains(a, "%") { // a comment ends with its line
		return lines(a) == lines(b)
	}
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// primes writes ' for the ’ that kramdown makes of it, but not where both may
// stand in words.
func primes(s string) string {
	if strings.Contains(s, `\text`) || strings.Contains(s, "box") || strings.Contains(s, `\tag`) {
		return s
	}
	return strings.ReplaceAll(s, "’", "'")
}

func lines(s string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
