package analysis

import (
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
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
)

// Outline returns a page's headings, with the equations, figures, footnotes and
// macros of each section below it; nil for a file that is no page.
func Outline(p *site.Page) []Symbol {
	if p == nil || p.Tree == nil {
		return nil
	}
	o := outliner{p: p}
	o.headings()
	o.names()
	o.nest()
	return o.tree(0, len(o.flat), 0)
}

type flatSymbol struct {
	Symbol
	level int // of a heading; 7 for the rest
}

type outliner struct {
	p    *site.Page
	flat []flatSymbol
}

func (o *outliner) own(at site.Origin) bool { return at.File == o.p.Source.Path && !at.Span.Empty() }

func (o *outliner) headings() {
	o.p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if n.Kind != kramdown.Header {
			return true
		}
		at, inner := o.p.FromTree(n.Span), o.p.FromTree(n.Inner)
		name := site.PlainText(n)
		if o.own(at) && name != "" {
			s := Symbol{Name: name, Detail: strings.Repeat("#", n.Level), Kind: HeadingSymbol, Span: trimEnd(o.p.Source.Text, at.Span), Select: inner.Span}
			o.flat = append(o.flat, flatSymbol{s, n.Level})
		}
		return false
	})
}

func trimEnd(doc string, span text.Span) text.Span {
	for span.End > span.Start && strings.IndexByte(" \t\r\n", doc[span.End-1]) >= 0 {
		span.End--
	}
	return span
}

func (o *outliner) names() {
	for i := range o.p.Math {
		f := &o.p.Math[i]
		for _, l := range f.Labels {
			whole, name := o.p.FromFlow(f.Flow), o.p.InMath(f, l.NameSpan)
			if !o.own(whole) || name.File != whole.File {
				continue
			}
			number := "(" + l.Number + ")"
			if l.Number == "" {
				number = "(no number)"
			}
			o.add(Symbol{Name: number + " " + l.Name, Detail: oneLine(f, l), Kind: EquationSymbol, Span: whole.Span, Select: name.Span})
		}
	}
	for _, n := range o.p.Facts.Names {
		if n.Uses || !o.own(n.Whole) {
			continue
		}
		s := Symbol{Name: n.Text, Detail: shorten(n.Detail, 60), Span: trimEnd(o.p.Source.Text, n.Whole.Span), Select: n.At.Span}
		switch {
		case n.Kind == site.Footnote:
			s.Name, s.Kind = "[^"+n.Text+"]", FootnoteSymbol
		case n.Kind == site.Macro:
			s.Name, s.Kind = `\`+n.Text, MacroSymbol
		case n.Kind == site.Anchor && n.Form == site.Attribute && n.At.File == o.p.Source.Path && !o.isHeading(n):
			s.Name, s.Kind = "#"+n.Text, FigureSymbol
		default:
			continue
		}
		if n.At.File != o.p.Source.Path {
			s.Select = s.Span
		}
		o.add(s)
	}
}

func (o *outliner) isHeading(n site.Name) bool {
	for i := range o.flat {
		if o.flat[i].Kind == HeadingSymbol && o.flat[i].Span.Start == n.Whole.Span.Start {
			return true
		}
	}
	return false
}

func (o *outliner) add(s Symbol) {
	if !s.Span.Covers(s.Select) {
		s.Select = s.Span
	}
	o.flat = append(o.flat, flatSymbol{s, 7})
}

// nest sorts the symbols and lets each heading reach to the end of its section.
func (o *outliner) nest() {
	for i := 1; i < len(o.flat); i++ { // mostly sorted already
		for j := i; j > 0 && o.flat[j].Span.Start < o.flat[j-1].Span.Start; j-- {
			o.flat[j], o.flat[j-1] = o.flat[j-1], o.flat[j]
		}
	}
	for i := range o.flat {
		if o.flat[i].Kind != HeadingSymbol {
			continue
		}
		end := len(o.p.Source.Text)
		for _, next := range o.flat[i+1:] {
			if next.level <= o.flat[i].level {
				end = next.Span.Start
				break
			}
		}
		o.flat[i].Span = trimEnd(o.p.Source.Text, text.Span{Start: o.flat[i].Span.Start, End: max(end, o.flat[i].Span.End)})
	}
}

// tree turns a run of flat symbols below a heading of some level into a tree.
func (o *outliner) tree(from, to, level int) []Symbol {
	var out []Symbol
	for i := from; i < to; {
		s := o.flat[i]
		end := i + 1
		if s.Kind == HeadingSymbol {
			for end < to && o.flat[end].level > s.level {
				end++
			}
			s.Children = o.tree(i+1, end, s.level)
		}
		out = append(out, s.Symbol)
		i = end
	}
	return out
}
