package text

import (
	"cmp"
	"slices"
	"strings"
)

// An Edit replaces the bytes of Span by New.
type Edit struct {
	Span
	New string
}

// Apply returns doc with all edits made. Spans count in doc as it was before.
// It returns false, and doc unchanged, where edits overlap or reach outside.
// Several insertions at one place are made in the order given.
func Apply(doc string, edits []Edit) (string, bool) {
	var b strings.Builder
	at := 0
	for _, e := range inOrder(edits) {
		if e.Start < at || e.End < e.Start || e.End > len(doc) {
			return doc, false
		}
		b.WriteString(doc[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.WriteString(doc[at:])
	return b.String(), true
}

// Then returns the edits of a text of n bytes that do at once what first does,
// and then second, whose spans count in what first has made of it. It returns
// false where edits of one list overlap or reach outside.
func Then(n int, first, second []Edit) ([]Edit, bool) {
	made, ok := retake([]taken{{Span: Span{0, n}}}, n, first)
	if !ok {
		return nil, false
	}
	length := 0
	for _, t := range made {
		length += t.len()
	}
	if made, ok = retake(made, length, second); !ok {
		return nil, false
	}
	var out []Edit
	at, new := 0, ""
	for _, t := range append(made, taken{Span: Span{n, n}}) {
		if t.New != "" {
			new += t.New
			continue
		}
		if t.Start > at || new != "" {
			out = append(out, Edit{Span{at, t.Start}, new})
		}
		at, new = t.End, ""
	}
	return out, true
}

// A taken is a part of an edited text: new, or a span of what it was.
type taken struct {
	Span
	New string
}

func (t taken) len() int { return t.Len() + len(t.New) }

// cut parts t behind n bytes.
func (t taken) cut(n int) (taken, taken) {
	if t.New != "" {
		return taken{New: t.New[:n]}, taken{New: t.New[n:]}
	}
	return taken{Span: Span{t.Start, t.Start + n}}, taken{Span: Span{t.Start + n, t.End}}
}

// retake makes edits in a text of n bytes that is given by its parts.
func retake(parts []taken, n int, edits []Edit) ([]taken, bool) {
	var out []taken
	move := func(n int, keep bool) {
		for n > 0 {
			head, rest := parts[0], parts[1:]
			if head.len() > n {
				var tail taken
				head, tail = head.cut(n)
				rest = append([]taken{tail}, rest...)
			}
			if keep {
				out = append(out, head)
			}
			n, parts = n-head.len(), rest
			for len(parts) > 0 && parts[0].len() == 0 {
				parts = parts[1:]
			}
		}
	}
	at := 0
	for _, e := range inOrder(edits) {
		if e.Start < at || e.End < e.Start || e.End > n {
			return nil, false
		}
		move(e.Start-at, true)
		if e.New != "" {
			out = append(out, taken{New: e.New})
		}
		move(e.Len(), false)
		at = e.End
	}
	move(n-at, true)
	return out, true
}

// inOrder sorts edits by their places; those at one place keep their order.
func inOrder(edits []Edit) []Edit {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return sorted
}
