package analysis

import (
	"slices"
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Symbol is an entry of a page's outline.
type Symbol struct {
	Name     string
	Detail   string
	Kind     SymbolKind
	Span     text.Span // the whole, in the page's own file: for a heading, its section
	Select   text.Span // what is selected
	Children []Symbol
}

// A SymbolKind says what a Symbol is.
type SymbolKind uint8

// The kinds of symbols.
const (
	HeadingSymbol SymbolKind = iota
	EquationSymbol
	FigureSymbol
	FootnoteSymbol
	MacroSymbol
	LinkSymbol // a link's definition [x]: …
	PageSymbol
	IncludeSymbol
	CitationSymbol // a work of a BibTeX file
)

// Outline returns a page's headings, with the equations, figures, footnotes,
// macros and link definitions of each section below it; nil for a file that is
// no page. Headings are named with their number signs, as VS Code has them.
func Outline(p *site.Page) []Symbol {
	if p == nil || p.Tree == nil {
		return nil
	}
	o := outliner{p: p, heads: map[int]bool{}}
	for _, s := range sections(p) {
		o.heads[s.head.Start] = true
		name := strings.TrimSpace(strings.Repeat("#", s.level) + " " + site.PlainText(s.heading))
		o.add(Symbol{Name: name, Kind: HeadingSymbol, Span: s.span, Select: s.words}, s.level)
	}
	for i := range p.Math {
		o.equations(i)
	}
	o.names()
	slices.SortStableFunc(o.flat, func(a, b flatSymbol) int { return a.Span.Start - b.Span.Start })
	return o.tree(0, len(o.flat))
}

type flatSymbol struct {
	Symbol
	level int // of a heading; 7 for the rest
}

type outliner struct {
	p     *site.Page
	flat  []flatSymbol
	heads map[int]bool // where headings begin
}

func (o *outliner) own(at site.Origin) bool { return at.File == o.p.Source.Path && !at.Span.Empty() }

func (o *outliner) add(s Symbol, level int) {
	if s.Span.Empty() {
		return
	}
	if !s.Span.Covers(s.Select) || s.Select.Empty() {
		s.Select = s.Span
	}
	o.flat = append(o.flat, flatSymbol{s, level})
}

// equations are a formula's numbered rows, and its labels without a number.
func (o *outliner) equations(i int) {
	f := &o.p.Math[i]
	if len(f.Rows) == 0 && len(f.Labels) == 0 || !o.own(o.p.FromFlow(f.Flow)) {
		return
	}
	whole := o.p.FromFlow(f.Flow).Span
	add := func(name string, row text.Span, l *tex.Label) {
		s := Symbol{Name: name, Kind: EquationSymbol, Span: whole}
		source := f.TeX
		if !row.Empty() {
			source = row.Of(f.TeX)
			if at := o.p.InMath(f, row); o.own(at) && len(f.Rows) > 1 {
				s.Span = trim(o.p.Source.Text, at.Span)
			}
		}
		if l != nil {
			s.Name += " " + l.Name
			if at := o.p.InMath(f, l.NameSpan); o.own(at) {
				s.Select = at.Span
			}
		}
		s.Detail = shorten(tex.Plain(source, o.p.Config, defined(o.p, i+1)), 60)
		o.add(s, 7)
	}
	done := map[int]bool{}
	for _, r := range f.Rows {
		var label *tex.Label
		for j := range f.Labels {
			if l := &f.Labels[j]; !done[j] && l.Number == r.Number && r.Span.Covers(l.Span) {
				label, done[j] = l, true
				break
			}
		}
		add("("+r.Number+")", r.Span, label)
	}
	for j := range f.Labels {
		if l := &f.Labels[j]; !done[j] && l.Number != "" {
			add("("+l.Number+")", text.Span{}, l)
		} else if !done[j] {
			add("(no number)", text.Span{}, l)
		}
	}
}

func (o *outliner) names() {
	for i := range o.p.Facts.Names {
		n := &o.p.Facts.Names[i]
		if n.Uses || !o.own(n.Whole) {
			continue
		}
		s := Symbol{Detail: shorten(n.Detail, 60), Span: trimEnd(o.p.Source.Text, n.Whole.Span)}
		switch {
		case n.Kind == site.Footnote:
			s.Name, s.Kind = "[^"+n.Text+"]", FootnoteSymbol
		case n.Kind == site.Macro:
			s.Name, s.Kind = `\`+n.Text, MacroSymbol
		case n.Kind == site.LinkRef:
			s.Name, s.Kind = "["+n.Text+"]", LinkSymbol
		case n.Kind == site.Anchor && n.Form == site.Attribute && n.At.File == o.p.Source.Path && !o.heads[n.Whole.Span.Start]:
			s.Name, s.Kind = "#"+n.Text, FigureSymbol
		default:
			continue
		}
		if n.At.File == o.p.Source.Path {
			s.Select = n.At.Span
		}
		o.add(s, 7)
	}
}

// tree turns a run of flat symbols into a tree.
func (o *outliner) tree(from, to int) []Symbol {
	var out []Symbol
	for i := from; i < to; {
		s := o.flat[i]
		end := i + 1
		if s.Kind == HeadingSymbol {
			for end < to && o.flat[end].level > s.level {
				end++
			}
			s.Children = o.tree(i+1, end)
		}
		out = append(out, s.Symbol)
		i = end
	}
	return out
}
