package analysis

import (
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Fold is a part of a file that an editor can fold away: several lines.
type Fold struct {
	Span  text.Span // the whole construct
	Inner text.Span // what goes where an editor can fold within lines; between the delimiters, where there are some
	Kind  FoldKind
	Lines [2]int // the first and the last line of Span, from 0
}

// A FoldKind says what a Fold is, as far as editors treat it in a way of its own.
type FoldKind uint8

// The kinds of folds.
const (
	PlainFold FoldKind = iota
	CommentFold
	RegionFold // between <!-- #region --> and <!-- #endregion -->, as in VS Code
)

// Folds returns what can be folded in a file, outermost first where several
// begin on a line. They nest: what would begin in one and end outside it is left
// out. p is nil where the file is no page.
func Folds(p *site.Page, src *site.Source) []Fold {
	if src == nil {
		return nil
	}
	f := folder{p: p, src: src}
	if src.Head.Present {
		f.add(src.Head.Marks, src.Head.YAML, PlainFold)
	}
	if p != nil && p.Tree != nil {
		for _, s := range sections(p) {
			f.add(s.span, text.Span{Start: s.head.End, End: s.span.End}, PlainFold)
		}
		f.blocks(p.Tree.Root)
		for _, n := range p.Tree.Footnotes {
			f.tree(n.Span, PlainFold)
			if n.Node != nil {
				f.blocks(n.Node)
			}
		}
		f.formulas()
	}
	if src.Template != nil && (p == nil || p.Renders()) {
		f.templates()
	}
	return f.nested()
}

type folder struct {
	p   *site.Page
	src *site.Source
	out []Fold

	regions []text.Span // the comments that begin regions which have not ended yet
}

func (f *folder) add(span, inner text.Span, kind FoldKind) {
	span = trimEnd(f.src.Text, span)
	lines := [2]int{f.src.Lines.Line(span.Start), f.src.Lines.Line(span.End)}
	if lines[1] <= lines[0] {
		return
	}
	if !span.Covers(inner) || inner.Empty() || f.src.Lines.Line(inner.Start) == f.src.Lines.Line(inner.End) {
		inner = text.Span{Start: f.src.Lines.Span(lines[0]).End, End: span.End}
	}
	f.out = append(f.out, Fold{Span: span, Inner: inner, Kind: kind, Lines: lines})
}

// tree adds what stands at a span of the tree's source.
func (f *folder) tree(span text.Span, kind FoldKind) {
	if at, ok := f.p.Within(span); ok {
		f.add(at, text.Span{}, kind)
	}
}

// blocks adds the blocks of several lines. A list is folded by its items, and a
// paragraph not at all, as in VS Code.
func (f *folder) blocks(n *kramdown.Node) {
	for _, c := range n.Children {
		switch c.Kind {
		case kramdown.ListItem, kramdown.Definition, kramdown.Blockquote, kramdown.Table, kramdown.CodeBlock, kramdown.RawHTML:
			f.tree(c.Span, PlainFold)
		case kramdown.MathBlock: // also where no engine sets it
			if at, ok := f.p.Within(c.Span); ok {
				at = trimEnd(f.src.Text, at)
				f.add(at, text.Span{Start: at.Start + len("$$"), End: at.End - len("$$")}, PlainFold)
			}
			continue
		case kramdown.XMLComment, kramdown.CommentBlock:
			f.comment(c)
			continue
		case kramdown.HTMLElement:
			if at, ok := f.p.Within(c.Span); ok {
				f.add(at, text.Span{}, PlainFold)
			}
		case kramdown.Text, kramdown.Blank, kramdown.Header:
			continue
		}
		f.blocks(c)
	}
}

// comment adds a comment, or notes that a region begins or ends at it.
func (f *folder) comment(n *kramdown.Node) {
	at, ok := f.p.Within(n.Span)
	if !ok {
		return
	}
	f.add(at, text.Span{}, CommentFold)
	words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(n.Span.Of(f.p.Tree.Source)), "<!--"))
	if len(words) == 0 {
		return
	}
	switch strings.TrimSuffix(words[0], "-->") {
	case "#region", "region":
		f.regions = append(f.regions, at)
	case "#endregion", "endregion":
		if last := len(f.regions) - 1; last >= 0 {
			begin := f.regions[last]
			f.regions = f.regions[:last]
			f.add(text.Union(begin, at), text.Span{Start: begin.End, End: at.Start}, RegionFold)
		}
	}
}

func foldKind(comment bool) FoldKind {
	if comment {
		return CommentFold
	}
	return PlainFold
}

// formulas adds formulas of several lines and the environments in them.
func (f *folder) formulas() {
	for i := range f.p.Math {
		m := &f.p.Math[i]
		whole := f.p.FromFlow(m.Flow)
		if whole.File != f.src.Path || f.src.Lines.Line(whole.Span.Start) == f.src.Lines.Line(whole.Span.End) {
			continue
		}
		if inner := f.p.FromFlow(m.Inner); m.Inner != m.Flow && inner.File == f.src.Path {
			f.add(whole.Span, inner.Span, PlainFold)
		} else {
			f.add(whole.Span, text.Span{}, PlainFold)
		}
		for _, part := range tex.Parts(m.TeX) {
			if part.Kind != tex.EnvironmentPart || strings.IndexByte(part.Span.Of(m.TeX), '\n') < 0 {
				continue
			}
			if at, inner := f.p.InMath(m, part.Span), f.p.InMath(m, part.Inner); at.File == f.src.Path && inner.File == at.File {
				f.add(at.Span, inner.Span, PlainFold)
			}
		}
	}
}

// templates adds Liquid's blocks and its tags of several lines.
func (f *folder) templates() {
	marks := liquid.Marks(f.src.Text, f.src.Head.Body)
	for i := range marks {
		m := &marks[i]
		if m.End > 0 {
			end := marks[m.End].Span
			f.add(text.Union(m.Span, end), text.Span{Start: m.Span.End, End: end.Start}, foldKind(m.Name == "comment"))
		}
		f.add(m.Span, text.Span{}, foldKind(m.Name == "#"))
	}
}

// nested sorts the folds and leaves out those that cross others or are there already.
func (f *folder) nested() []Fold {
	slices.SortStableFunc(f.out, func(a, b Fold) int {
		if a.Lines[0] != b.Lines[0] {
			return a.Lines[0] - b.Lines[0]
		}
		return b.Lines[1] - a.Lines[1]
	})
	out := f.out[:0]
	var open []int // the last lines of those around
	for _, x := range f.out {
		for len(open) > 0 && open[len(open)-1] < x.Lines[0] {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && open[len(open)-1] < x.Lines[1] {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Lines == x.Lines {
			out[n-1].Kind = max(out[n-1].Kind, x.Kind)
			continue
		}
		open = append(open, x.Lines[1])
		out = append(out, x)
	}
	return out
}
