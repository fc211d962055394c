package site

import (
	"sort"

	"scholium/analysis/kramdown"
	"scholium/analysis/text"
)

// Within returns the part of the page's own file in which span of the kramdown
// tree's source stands: what an include printed stands where its tag does.
// False where it lies in another file altogether, as what a layout adds.
func (p *Page) Within(span text.Span) (text.Span, bool) {
	if span.Empty() {
		return text.Span{}, false
	}
	in := p.input(span)
	last := max(in.End-1, in.Start)
	first, end := p.Own(p.origin(text.Span{Start: in.Start, End: in.Start + 1}), in.Start), p.Own(p.origin(text.Span{Start: last, End: in.End}), last)
	out := text.Span{Start: first.Span.Start, End: end.Span.End}
	return out, first.File == p.Source.Path && end.File == p.Source.Path && !out.Empty()
}

// Nodes returns the nodes of the page's tree in which an offset of the page's
// own file stands, the outermost first, footnotes' texts included. Where Liquid
// prints nothing at the offset, they are those of the place in front of it.
func (p *Page) Nodes(offset int) []*kramdown.Node {
	if p.Tree == nil {
		return nil
	}
	at := p.nearTree(offset)
	var path []*kramdown.Node
	for node := p.Tree.Root; node != nil; {
		path = append(path, node)
		node = childAt(node, at)
	}
	for _, f := range p.Tree.Footnotes {
		if f.Node == nil || !f.Span.Contains(at) {
			continue
		}
		for node := childAt(f.Node, at); node != nil; node = childAt(node, at) {
			path = append(path, node)
		}
	}
	return path
}

func childAt(n *kramdown.Node, at int) *kramdown.Node {
	var found *kramdown.Node
	for _, c := range n.Children {
		if !c.Span.Empty() && c.Span.Start <= at && at <= c.Span.End {
			if found = c; at < c.Span.End {
				break
			}
		}
	}
	return found
}

// nearTree returns the offset in the tree's source of an offset of the page's
// own file, or of the nearest place in front of it that is printed.
func (p *Page) nearTree(offset int) int {
	out := 0
	for _, piece := range p.Liquid.Pieces {
		if piece.File != 0 || piece.Src.Start > offset {
			continue
		}
		if piece.Exact && piece.Src.Contains(offset) {
			out = piece.Out.Start + offset - piece.Src.Start
			if offset < piece.Src.End {
				break
			}
		} else {
			out = piece.Out.End
		}
	}
	for i := range p.Liquid.Calls {
		if c := &p.Liquid.Calls[i]; c.Parent < 0 && c.Tag.Start < offset && offset < c.Tag.End {
			out = c.Out.Start
			break
		}
	}
	return sort.Search(len(p.Tree.Source), func(i int) bool { return p.Tree.InputOffset(i) >= out })
}
