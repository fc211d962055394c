package analysis

import (
	"slices"

	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A Mending is what becomes of a page when all that can be mended without
// asking its author is mended.
type Mending struct {
	Edits  []text.Edit    // to the text as it was; none where there is nothing to mend
	Mended []site.Problem // with the fix that was made alone; places as they were when it was made
	Source *site.Source   // as it is then
	Site   *site.Snapshot // with that source
}

// Verdicts asks MathJax about formulas in doubt, and returns what it says by
// their keys; what it cannot judge is left out.
type Verdicts func([]site.Doubt) map[uint64]*site.Verdict

// maxPasses bounds how often a page is mended: a fix may uncover a problem that
// can be mended in turn, or overlap another that then comes later.
const maxPasses = 8

// Preferred returns the fix that mends a problem of a page without asking. There
// is none where the author has to choose, and none where a file other than the
// page would be edited: an include is shared with pages that nobody looks at.
func Preferred(p *site.Problem) (site.Fix, bool) {
	if len(p.Fixes) != 1 || p.Fixes[0].Ask || len(p.Fixes[0].Edits) == 0 {
		return site.Fix{}, false
	}
	for _, e := range p.Fixes[0].Edits {
		if e.File != p.At.File {
			return site.Fix{}, false
		}
	}
	return p.Fixes[0], true
}

// Mend mends a page: the problems that wanted takes and that have a preferred
// fix. What it answers has been tried. A fix is made only if its problem is then
// gone, and no problem is new on any page of the site. Of fixes that overlap one
// is made, and the others are looked at anew. verdicts may be nil: then nobody
// asks MathJax. A source that is no page, or an excluded one, is left as it is.
func Mend(s *site.Snapshot, settings *rules.Settings, src *site.Source, wanted func(*site.Problem) bool, verdicts Verdicts) Mending {
	m := mender{settings: settings, path: src.Path, verdicts: verdicts, site: s}
	out := Mending{Source: src, Site: s}
	if settings.Excludes(src.Path) {
		return out
	}
	now, ok := m.with(src)
	if !ok {
		return out
	}
	m.site, m.src, out.Site = now, src, now
	for range maxPasses {
		list := m.candidates(wanted)
		made := m.most(nil, list)
		if len(made) == 0 {
			break
		}
		next, doc, ok := m.try(made)
		if !ok {
			break
		}
		var edits []text.Edit
		for i := range made {
			edits = append(edits, editsOf(&made[i])...)
		}
		all, ok := text.Then(len(src.Text), out.Edits, edits)
		if !ok {
			break
		}
		out.Edits, out.Mended = all, append(out.Mended, made...)
		m.site, m.src = next, doc
		out.Site, out.Source = next, doc
	}
	if page := out.Site.Page(src.Path); s.Page(src.Path) == nil && page != nil { // it was closed
		b := out.Site.Build()
		b.Page(page, false)
		out.Site = b.Done()
	}
	return out
}

// A mender tries fixes on a page of a site.
type mender struct {
	settings *rules.Settings
	path     site.Path
	verdicts Verdicts

	site *site.Snapshot // with all that is mended already
	src  *site.Source
}

// with returns the site with another text of the page, and whether that is a page.
func (m *mender) with(src *site.Source) (*site.Snapshot, bool) {
	page := m.site.Make(src, m.site.Page(m.path))
	if page == nil {
		return nil, false
	}
	b := m.site.Build()
	if m.site.Source(m.path) != nil {
		b.Source(src)
	}
	if site.Headed(m.site.Config, m.path) {
		b.Head(site.NewHead(m.path, src.Text))
	}
	b.Page(page, true) // some fixes need the text
	next := b.Done()
	if m.verdicts == nil {
		return next, true
	}
	var doubts []site.Doubt
	for _, d := range page.Facts.Doubts {
		if !d.Said && next.Verdict(d.Key) == nil {
			doubts = append(doubts, d)
		}
	}
	if len(doubts) > 0 {
		b = next.Build()
		b.Verdicts(m.verdicts(doubts), []site.Path{m.path})
		next = b.Done()
	}
	return next, true
}

// candidates are the problems that may be mended in one pass: their fixes do not
// overlap or touch.
func (m *mender) candidates(wanted func(*site.Problem) bool) []site.Problem {
	var out []site.Problem
	var taken []text.Span
	for _, p := range m.problems(m.site, m.path) {
		fix, ok := Preferred(&p)
		if !ok || p.At.File != m.path || !wanted(&p) {
			continue
		}
		touches := slices.ContainsFunc(fix.Edits, func(e site.FileEdit) bool {
			return slices.ContainsFunc(taken, func(t text.Span) bool { return t.Start <= e.End && e.Start <= t.End })
		})
		if touches {
			continue
		}
		for _, e := range fix.Edits {
			taken = append(taken, e.Span)
		}
		out = append(out, p)
	}
	return out
}

func (m *mender) problems(s *site.Snapshot, p site.Path) []site.Problem {
	return m.settings.Apply(s.Problems(p))
}

// most returns made with as many of the problems in list as can be mended
// beside them.
func (m *mender) most(made, list []site.Problem) []site.Problem {
	if len(list) == 0 {
		return made
	}
	all := slices.Concat(made, list)
	if m.tried(all) {
		return all
	}
	if len(list) == 1 {
		if p, ok := m.chase(list[0]); ok {
			if all = slices.Concat(made, []site.Problem{p}); m.tried(all) {
				return all
			}
		}
		return made
	}
	made = m.most(made, list[:len(list)/2])
	return m.most(made, list[len(list)/2:])
}

func (m *mender) tried(list []site.Problem) bool {
	_, _, ok := m.try(list)
	return ok
}

// maxChase bounds how many fixes are made for the sake of one problem.
const maxChase = 8

// chase follows a fix that uncovers a problem which has a fix in turn, as of two
// underscores that are escaped the next two make emphasis, until nothing new is
// left. It returns the problem with all these edits as its fix, not yet tried.
func (m *mender) chase(p site.Problem) (site.Problem, bool) {
	then := *m
	var all []text.Edit
	next := p
	for made := 0; ; made++ {
		if made == maxChase {
			return p, false // it goes round, or grows
		}
		edits := editsOf(&next)
		doc, ok := text.Apply(then.src.Text, edits)
		if !ok {
			return p, false
		}
		if all, ok = text.Then(len(m.src.Text), all, edits); !ok {
			return p, false
		}
		then.src = site.NewSource(m.path, doc)
		if then.site, ok = then.with(then.src); !ok {
			return p, false
		}
		if next, ok = m.uncovered(&then, all); !ok {
			break
		}
		if _, ok := Preferred(&next); !ok {
			return p, false
		}
	}
	fix := site.Fix{Title: p.Fixes[0].Title}
	for _, e := range all {
		fix.Edits = append(fix.Edits, site.FileEdit{File: m.path, Edit: e})
	}
	p.Fixes = []site.Fix{fix}
	return p, true
}

// uncovered returns the first problem that is new after edits, and whether there
// is one.
func (m *mender) uncovered(then *mender, edits []text.Edit) (site.Problem, bool) {
	type place struct {
		code string
		at   int
	}
	before := map[place]bool{}
	for _, p := range m.problems(m.site, m.path) {
		at := p.At.Span.Start
		for _, e := range edits {
			if e.End <= p.At.Span.Start {
				at += len(e.New) - e.Len()
			}
		}
		before[place{p.Code, at}] = true
	}
	for _, p := range then.problems(then.site, then.path) {
		if p.At.File == m.path && !before[place{p.Code, p.At.Span.Start}] {
			return p, true
		}
	}
	return site.Problem{}, false
}

// try makes the fixes of problems, and reports whether these are gone then and
// no other has come.
func (m *mender) try(list []site.Problem) (*site.Snapshot, *site.Source, bool) {
	var edits []text.Edit
	gone := map[string]int{}
	for i := range list {
		edits = append(edits, editsOf(&list[i])...)
		gone[list[i].Code]++
	}
	doc, ok := text.Apply(m.src.Text, edits)
	if !ok || doc == m.src.Text {
		return nil, nil, false
	}
	src := site.NewSource(m.path, doc)
	next, ok := m.with(src)
	if !ok {
		return nil, nil, false
	}
	if !m.better(next, src, m.path, gone) {
		return nil, nil, false
	}
	for _, p := range next.Since(m.site) {
		if p != m.path && !m.better(next, src, p, nil) {
			return nil, nil, false
		}
	}
	return next, src, true
}

// better reports whether a page has no problem that it did not have, and of each
// rule as many fewer as are told. A problem is the same if its message is, or the
// text that it stands at: what is said of a name may change with what is near it.
func (m *mender) better(next *site.Snapshot, src *site.Source, p site.Path, gone map[string]int) bool {
	type mark struct{ code, words string }
	count, heard, stood := map[string]int{}, map[mark]bool{}, map[mark]bool{}
	standing := func(problem *site.Problem, src *site.Source) string {
		if p != m.path || problem.At.File != p {
			return ""
		}
		return problem.At.Span.Of(src.Text)
	}
	for _, problem := range m.problems(m.site, p) {
		count[problem.Code]++
		heard[mark{problem.Code, problem.Message}] = true
		stood[mark{problem.Code, standing(&problem, m.src)}] = true
	}
	for _, problem := range m.problems(next, p) {
		count[problem.Code]--
		if !heard[mark{problem.Code, problem.Message}] && !stood[mark{problem.Code, standing(&problem, src)}] {
			return false
		}
	}
	for code, n := range count {
		if n < gone[code] {
			return false
		}
	}
	return true
}

// editsOf are the edits of a problem's preferred fix.
func editsOf(p *site.Problem) []text.Edit {
	fix, _ := Preferred(p)
	var out []text.Edit
	for _, e := range fix.Edits {
		out = append(out, e.Edit)
	}
	return out
}
