package text

import "sort"

// A Piece says where a run of a made text comes from.
type Piece struct {
	Out   Span  // the run, in the made text
	Src   Span  // what it was made from, in the source
	File  int32 // which source, where there are several; the maker says what it counts
	Exact bool  // Out holds the very bytes of Src; otherwise it was made there
}

// Pieces maps a made text to its sources. They ascend in Out and leave no gap.
type Pieces []Piece

// Append adds a run of n bytes from src, joined to the last piece where both
// are exact and adjoin, or both were made at one place: what is made of made
// text, again and again, does not come in ever smaller pieces.
func (p Pieces) Append(n int, src Span, file int32, exact bool) Pieces {
	at := 0
	if len(p) > 0 {
		last := &p[len(p)-1]
		at = last.Out.End
		if exact && last.Exact && last.File == file && last.Src.End == src.Start {
			last.Out.End += n
			last.Src.End = src.End
			return p
		}
		if !exact && !last.Exact && last.File == file && last.Src == src {
			last.Out.End += n
			return p
		}
	}
	if n == 0 {
		return p
	}
	return append(p, Piece{Span{at, at + n}, src, file, exact})
}

// At returns the index of the piece that holds the byte at offset, or len(p)
// where there is none.
func (p Pieces) At(offset int) int {
	i := sort.Search(len(p), func(i int) bool { return p[i].Out.End > offset })
	return i
}

// In returns the pieces that overlap span, each cut to it. An inexact piece
// keeps its whole source. An empty span gives no pieces.
func (p Pieces) In(span Span) Pieces {
	var out Pieces
	for i := p.At(span.Start); i < len(p) && p[i].Out.Start < span.End; i++ {
		out = append(out, p[i].cut(span))
	}
	return out
}

func (p Piece) cut(span Span) Piece {
	start, end := max(p.Out.Start, span.Start), min(p.Out.End, span.End)
	if p.Exact {
		p.Src = Span{p.Src.Start + start - p.Out.Start, p.Src.Start + end - p.Out.Start}
	}
	p.Out = Span{start, end}
	return p
}

// Source returns where span of the made text comes from: the smallest span of
// the source around it, and whether that source holds these very bytes. A span
// that comes from several files is taken to the file of its first byte. An
// empty span gives the empty span at its place (in front of the byte that
// follows it, or behind the last one). Without pieces it returns false, and
// the zero values.
func (p Pieces) Source(span Span) (src Span, file int32, exact bool) {
	if len(p) == 0 {
		return Span{}, 0, false
	}
	if span.Empty() {
		return p.place(span.Start)
	}
	i := p.At(span.Start)
	if i == len(p) {
		src, file, _ = p.place(span.Start)
		return src, file, false
	}
	first := p[i].cut(span)
	src, file, exact = first.Src, first.File, first.Exact
	for i++; i < len(p) && p[i].Out.Start < span.End; i++ {
		next := p[i].cut(span)
		if next.File != file {
			exact = false
			continue
		}
		exact = exact && next.Exact && next.Src.Start == src.End
		src = Union(src, next.Src)
	}
	return src, file, exact
}

// place maps an empty span.
func (p Pieces) place(offset int) (Span, int32, bool) {
	i := p.At(offset)
	if i == len(p) {
		last := p[len(p)-1]
		return Span{last.Src.End, last.Src.End}, last.File, last.Exact
	}
	at := p[i].Src.Start
	if p[i].Exact {
		at += offset - p[i].Out.Start
	}
	return Span{at, at}, p[i].File, p[i].Exact
}

// Through maps p, whose sources lie in a text that inner maps further, to the
// sources of inner: two steps become one.
func (p Pieces) Through(inner Pieces) Pieces {
	out := make(Pieces, 0, len(p)+len(inner)/2)
	j := 0 // p mostly ascends in Src too: the search starts where the last one ended
	for _, piece := range p {
		if !piece.Exact {
			src, file, _ := inner.Source(piece.Src)
			out = out.Append(piece.Out.Len(), src, file, false)
			continue
		}
		if j >= len(inner) || inner[j].Out.Start > piece.Src.Start || inner[j].Out.End <= piece.Src.Start {
			j = inner.At(piece.Src.Start)
		}
		at := piece.Src.Start
		for at < piece.Src.End && j < len(inner) {
			c := inner[j].cut(Span{at, piece.Src.End})
			out = out.Append(c.Out.Len(), c.Src, c.File, c.Exact)
			if at = c.Out.End; at < piece.Src.End {
				j++
			}
		}
		if at < piece.Src.End { // behind the end of what inner knows
			src, file, _ := inner.Source(Span{at, piece.Src.End})
			out = out.Append(piece.Src.End-at, src, file, false)
		}
	}
	return out
}
