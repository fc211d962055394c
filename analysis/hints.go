package analysis

import (
	"slices"
	"strconv"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Hint is what the reader sees and the source does not say: a number.
type Hint struct {
	Offset int // in the file; the hint stands in front of this byte
	Label  string
	Kind   HintKind
}

// A HintKind says what a Hint speaks of.
type HintKind uint8

// The kinds of hints.
const (
	ReferenceHint HintKind = iota // the number that \eqref prints
	NumberHint                    // the number of an equation, behind it
	FootnoteHint                  // the number of a footnote
)

// Hints returns the hints of a page's own file at offsets in within, in order.
// A number that the source itself says, as in \tag{3} or [^3], is none.
func Hints(p *site.Page, within text.Span) []Hint {
	if p == nil || p.Tree == nil {
		return nil
	}
	h := hinter{p: p, within: within, numbers: map[string]string{}}
	for i := range p.Math {
		for _, l := range p.Math[i].Labels {
			if l.Number != "" && l.Lost == tex.NotLost && !l.Unsure {
				h.numbers[l.Name] = l.Number
			}
		}
	}
	for i := range p.Math {
		h.formula(&p.Math[i])
	}
	for _, m := range p.Tree.Markers {
		if m.Footnote != nil && m.Footnote.Number > 0 {
			h.footnote(p.FromTree(m.Span), m.Span.End, m.Name, m.Footnote.Number)
		}
	}
	for _, n := range p.Tree.Footnotes {
		if n.Number > 0 {
			h.footnote(p.FromTree(n.NameSpan), n.NameSpan.End+1, n.Name, n.Number)
		}
	}
	slices.SortStableFunc(h.out, func(a, b Hint) int { return a.Offset - b.Offset })
	return h.out
}

type hinter struct {
	p       *site.Page
	within  text.Span
	numbers map[string]string
	out     []Hint
}

func (h *hinter) add(offset int, label string, kind HintKind) {
	if h.within.Contains(offset) {
		h.out = append(h.out, Hint{offset, label, kind})
	}
}

func (h *hinter) formula(f *tex.Formula) {
	for _, r := range f.Refs {
		number, ok := h.numbers[r.Name]
		at := h.p.InMath(f, r.Span)
		if !ok || at.File != h.p.Source.Path || !at.Exact {
			continue
		}
		if r.Command == "eqref" {
			number = "(" + number + ")"
		}
		h.add(at.Span.End, number, ReferenceHint)
	}
	for _, r := range f.Rows {
		if r.Tag || r.Number == "" || f.Failed {
			continue
		}
		end := r.Span.End
		for end > r.Span.Start && end <= len(f.TeX) && (f.TeX[end-1] == ' ' || f.TeX[end-1] == '\t' || f.TeX[end-1] == '\n') {
			end--
		}
		if end == r.Span.Start {
			continue
		}
		if at := h.p.InMath(f, text.Span{Start: end - 1, End: end}); at.File == h.p.Source.Path && at.Exact {
			h.add(at.Span.End, "("+r.Number+")", NumberHint)
		}
	}
}

// footnote adds the number of a footnote at an offset of the tree's source.
func (h *hinter) footnote(at site.Origin, end int, name string, number int) {
	label := strconv.Itoa(number)
	if !at.Exact || at.File != h.p.Source.Path || name == label {
		return
	}
	behind := h.p.FromTree(text.Span{Start: end - 1, End: end})
	if behind.Exact && behind.File == at.File {
		h.add(behind.Span.End, label, FootnoteHint)
	}
}
