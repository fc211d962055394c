package kramdown

import (
	"sort"
	"strings"

	"scholium/analysis/text"
)

// A derived text is what kramdown hands from a block to the blocks and spans
// inside it: a quote without its ">", a list item without its indentation. It
// knows for each of its bytes where it stands in the source.
type derived struct {
	text string
	base int   // where text stands in the source, if segs is nil
	segs []seg // ascending in at, the first at 0
}

// A seg is a run of a derived text.
type seg struct {
	at    int  // where it begins in the derived text
	src   int  // where it begins in the source
	n     int  // how many bytes of the source it was made from, if not exact
	exact bool // the very bytes of the source
}

// find returns the index of the segment that holds offset.
func (d *derived) find(offset int) int {
	i := sort.Search(len(d.segs), func(i int) bool { return d.segs[i].at > offset })
	return max(i-1, 0)
}

// A view is a part of a derived text.
type view struct {
	d  *derived
	at int
	s  string
}

func (v view) slice(i, j int) view { return view{v.d, v.at + i, v.s[i:j]} }

// start returns where byte i of v stands in the source.
func (v view) start(i int) int {
	if v.d == nil {
		return 0
	}
	at := v.at + i
	if v.d.segs == nil {
		return v.d.base + at
	}
	if at >= len(v.d.text) && at > 0 {
		return v.end(i)
	}
	g := v.d.segs[v.d.find(at)]
	if g.exact {
		return g.src + at - g.at
	}
	return g.src
}

// end returns where the source goes on behind byte j-1 of v.
func (v view) end(j int) int {
	if v.d == nil {
		return 0
	}
	at := v.at + j
	if v.d.segs == nil {
		return v.d.base + at
	}
	if at == 0 {
		return v.d.segs[0].src
	}
	g := v.d.segs[v.d.find(at-1)]
	if g.exact {
		return g.src + at - g.at
	}
	return g.src + g.n
}

// span returns the source of bytes i to j of v. Where lines were taken apart it
// covers what lay between them.
func (v view) span(i, j int) text.Span {
	start := v.start(i)
	if j <= i {
		return text.Span{Start: start, End: start}
	}
	return text.Span{Start: start, End: max(start, v.end(j))}
}

// A run says where the next n bytes of a node's value come from.
type run struct {
	n     int
	src   text.Span
	exact bool
}

// runs appends the origins of bytes i to j of v. They may be joined to those in
// dst from floor on.
func (v view) runs(dst []run, floor, i, j int) []run {
	if i >= j {
		return dst
	}
	if v.d == nil || v.d.segs == nil {
		return addRun(dst, floor, run{j - i, v.span(i, j), v.d != nil})
	}
	segs, text := v.d.segs, v.d.text
	i, j = i+v.at, j+v.at
	for k := v.d.find(i); i < j; k++ {
		end := len(text)
		if k+1 < len(segs) {
			end = segs[k+1].at
		}
		end = min(end, j)
		dst = addRun(dst, floor, segs[k].run(i, end))
		i = end
	}
	return dst
}

func (g seg) run(i, end int) run {
	if g.exact {
		return run{end - i, text.Span{Start: g.src + i - g.at, End: g.src + end - g.at}, true}
	}
	return run{end - i, text.Span{Start: g.src, End: g.src + g.n}, false}
}

func addRun(dst []run, floor int, r run) []run {
	if len(dst) > floor && r.exact {
		if last := &dst[len(dst)-1]; last.exact && last.src.End == r.src.Start {
			last.n += r.n
			last.src.End = r.src.End
			return dst
		}
	}
	return append(dst, r)
}

// setRuns notes where the value of n comes from.
func (t *Tree) setRuns(n *Node, runs []run) {
	if len(runs) == 1 && runs[0].exact && runs[0].src == n.valueSpan() {
		n.runs = 0
		return
	}
	n.runs = int32(len(t.runs))
	t.runs = append(t.runs, runs...)
}

// mapRuns is setRuns for a value that is bytes i to j of v.
func (t *Tree) mapRuns(n *Node, v view, i, j int) {
	at := len(t.runs)
	t.runs = v.runs(t.runs, at, i, j)
	n.runs = int32(at)
	if len(t.runs) == at+1 && t.runs[at].exact {
		t.runs, n.runs = t.runs[:at], 0
	}
}

// origins returns where the value of n comes from; buf is used where there is
// but one run.
func (t *Tree) origins(n *Node, buf []run) []run {
	if n.runs > 0 {
		end, left := int(n.runs), len(n.Value)
		for left > 0 && end < len(t.runs) {
			left -= t.runs[end].n
			end++
		}
		return t.runs[n.runs:end]
	}
	src := n.valueSpan()
	return append(buf[:0], run{len(n.Value), src, src.Len() == len(n.Value)})
}

// valueSpan returns where the value of n stands, if it stands in one piece.
func (n *Node) valueSpan() text.Span {
	switch n.Kind {
	case CodeSpan, CodeBlock, MathSpan, MathBlock, XMLComment, XMLPI, RawHTML, CommentBlock:
		return n.Inner
	}
	return n.Span
}

// A cutter takes pieces out of a value that has the given origins. Where the
// pieces ascend, all of them together cost no more than one pass.
type cutter struct {
	runs  []run
	k, at int // the run that is looked at, and where it begins
}

// cut returns the origins of bytes i to j.
func (c *cutter) cut(i, j int) []run {
	for c.k > 0 && c.at > i {
		c.k--
		c.at -= c.runs[c.k].n
	}
	for c.k < len(c.runs) && c.at+c.runs[c.k].n <= i {
		c.at += c.runs[c.k].n
		c.k++
	}
	var out []run
	at := c.at
	for k := c.k; k < len(c.runs) && at < j; k++ {
		r := c.runs[k]
		a, b := max(i, at), min(j, at+r.n)
		if a < b {
			piece := run{b - a, r.src, r.exact}
			if r.exact {
				piece.src = text.Span{Start: r.src.Start + a - at, End: r.src.Start + b - at}
			}
			out = append(out, piece)
		}
		at += r.n
	}
	return out
}

// A builder makes a derived text.
type builder struct {
	b    strings.Builder
	segs []seg
}

// add appends bytes i to j of v.
func (b *builder) add(v view, i, j int) {
	if i >= j {
		return
	}
	at := b.b.Len()
	b.b.WriteString(v.s[i:j])
	if v.d.segs == nil {
		b.seg(seg{at: at, src: v.d.base + v.at + i, exact: true})
		return
	}
	i, j = i+v.at, j+v.at
	for k := v.d.find(i); i < j; k++ {
		g := v.d.segs[k]
		end := len(v.d.text)
		if k+1 < len(v.d.segs) {
			end = v.d.segs[k+1].at
		}
		end = min(end, j)
		if g.exact {
			g.src += i - g.at
		}
		g.at = at
		b.seg(g)
		at += end - i
		i = end
	}
}

// seg notes a run that begins at g.at, joined to the last one where both are
// exact and adjoin.
func (b *builder) seg(g seg) {
	if n := len(b.segs); n > 0 && g.exact {
		if last := b.segs[n-1]; last.exact && last.src+g.at-last.at == g.src {
			return
		}
	}
	b.segs = append(b.segs, g)
}

// made appends text that kramdown made from src.
func (b *builder) made(s string, src text.Span) {
	if s == "" {
		return
	}
	b.segs = append(b.segs, seg{at: b.b.Len(), src: src.Start, n: src.Len()})
	b.b.WriteString(s)
}

func (b *builder) view() view {
	segs := b.segs
	if len(segs) == 0 {
		segs = []seg{{}}
	}
	d := &derived{text: b.b.String(), segs: segs}
	if len(segs) == 1 && segs[0].exact {
		d.base, d.segs = segs[0].src, nil
	}
	return view{d, 0, d.text}
}
