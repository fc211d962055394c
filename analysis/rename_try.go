package analysis

import (
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// try makes the pages as they would be, and refuses where anything but the name
// has changed.
func (r *renamer) try() {
	byFile := map[site.Path][]text.Edit{}
	for at, new := range r.edits {
		byFile[at.File] = append(byFile[at.File], text.Edit{Span: at.Span, New: new})
	}
	b := r.Site.Build()
	sources := map[site.Path]*site.Source{}
	for file, edits := range byFile {
		src := r.source(file)
		if src == nil {
			r.refuse("`%s` is not known.", file)
			return
		}
		doc, ok := text.Apply(src.Text, edits)
		if !ok {
			r.refuse("Two places of the name in `%s` overlap.", file)
			return
		}
		sources[file] = site.NewSource(file, doc)
		b.Source(sources[file])
	}
	next := b.Done()
	b = next.Build()
	after := map[site.Path]*site.Page{}
	for path, p := range r.pages {
		src := sources[path]
		if src == nil {
			src = p.Source
		}
		page := next.Make(src, p)
		if page == nil {
			r.refuse("`%s` would not be a page any more.", path)
			return
		}
		after[path] = page
		b.Page(page, true)
	}
	next = b.Done()
	for _, path := range sorted(r.pages) {
		if r.compare(r.pages[path], after[path]); r.refusal != "" {
			return
		}
		r.compareProblems(path, next)
		if r.refusal != "" {
			return
		}
	}
}

// compare holds a page against what would become of it.
func (r *renamer) compare(p, after *site.Page) {
	new := map[int]string{}
	if r.owners[p.Source.Path] {
		r.eachName(p, func(i int, _ site.Name, name string) { new[i] = name })
	}
	for i, n := range p.Facts.Names {
		want, detail := n.Text, n.Detail
		if name, ok := new[i]; ok {
			want = name
		}
		if f := r.Site.Target(n); f != nil && r.owners[f.Path] {
			if name, ok := r.changes[site.Key{Kind: site.Anchor, Text: n.Detail}]; ok {
				detail = name
			}
		}
		if i >= len(after.Facts.Names) {
			r.lost(p, n)
			return
		}
		got := after.Facts.Names[i]
		if got.Kind != n.Kind || got.Uses != n.Uses || got.Text != want || n.Form == site.URL && got.Detail != detail {
			r.lost(p, n)
			return
		}
	}
	if len(after.Facts.Names) != len(p.Facts.Names) || len(after.Math) != len(p.Math) || shape(after) != shape(p) {
		r.refuse("The page would be read otherwise with this name: the new one has a sign that Markdown or TeX takes for its own.")
	}
}

func (r *renamer) lost(p *site.Page, n site.Name) {
	verb := "defined"
	if n.Uses {
		verb = "used"
	}
	r.refuse("With this name the %s `%s`, %s on line %d of `%s`, would be read otherwise.", n.Kind, n.Text, verb, r.line(n.At), n.At.File)
}

// compareProblems refuses where a kind of problem would be there more often.
func (r *renamer) compareProblems(path site.Path, next *site.Snapshot) {
	switch problem, said, found := more(r.Site.Problems(path), next.Problems(path)); {
	case !found:
	case said:
		r.refuse("With this name there would be a new problem of the kind %s in `%s`.", problem.Code, path)
	default:
		r.refuse("With this name there would be a new problem in `%s`: %s", problem.At.File, problem.Message)
	}
}

// shape is what kramdown made of a page, without the words.
func shape(p *site.Page) string {
	if p.Tree == nil {
		return ""
	}
	var b strings.Builder
	p.Tree.Walk(func(n *kramdown.Node, depth int) bool {
		if n.Kind != kramdown.Text { // an underscore may stand in one of its own
			b.WriteByte(byte(n.Kind))
			b.WriteByte(byte(min(depth, 255)))
		}
		return true
	})
	return b.String()
}
