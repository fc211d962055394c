package rules

import (
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A torn formula has its opening and closing delimiter on the page, but an
// element between them, across which MathJax does not look.
type torn struct {
	opener *tex.Unclosed
	close  text.Span // the closing delimiter, in the flow
	by     text.Mark // the first element boundary between
}

// tornFormulas finds formulas that kramdown has torn apart, in page order.
func tornFormulas(p *site.Page) []torn {
	if p.Config.Engine == mathjax.None || p.Config.Unknown != "" {
		return nil
	}
	var out []torn
	end := -1
	for i := range p.Open {
		u := &p.Open[i]
		if u.At.Start < end || strings.HasPrefix(u.Delimiter, `\begin`) {
			continue
		}
		if t, ok := tear(p.Flow, u); ok {
			out = append(out, t)
			end = t.close.End
		}
	}
	return out
}

// tear looks for the end of an opener behind the elements that hide it, up to
// the end of its block, or of its row in a table.
func tear(flow *text.Flow, u *tex.Unclosed) (torn, bool) {
	limit := rowEnd(flow, u.At.Start)
	n := strings.Index(flow.Text[u.At.End:limit], u.Close)
	if n < 0 {
		return torn{}, false
	}
	t := torn{opener: u, close: text.Span{Start: u.At.End + n, End: u.At.End + n + len(u.Close)}}
	for _, m := range marksBehind(flow, u.At.End-1) {
		if m.At > t.close.Start {
			break
		}
		if m.Kind != text.Comment && m.Name != "br" && m.Name != "wbr" {
			t.by = m
			return t, true
		}
	}
	return torn{}, false
}

// rowEnd is blockEnd, but a table's cells are crossed up to the end of the row.
func rowEnd(f *text.Flow, offset int) int {
	for _, m := range marksBehind(f, offset) {
		block := (m.Kind == text.Close || m.Kind == text.Open) && blocks[m.Name] && m.Name != "td" && m.Name != "th"
		if block || m.Name == "tr" {
			return m.At
		}
	}
	return len(f.Text)
}

// source is the span of the tree's source between two places of the flow.
func (p *page) source(from, to int) text.Span {
	a, _, _ := p.Flow.Pieces.Source(text.Span{Start: from, End: from + 1})
	b, _, _ := p.Flow.Pieces.Source(text.Span{Start: to, End: to})
	return text.Span{Start: a.Start, End: max(b.Start, a.Start)}
}

// starred reports environments whose star kramdown takes for emphasis, up to
// the star behind \end: MathJax sees no environment at all.
func (p *page) starred() {
	c := p.Config
	if c.Engine == mathjax.None || c.Engine == mathjax.KaTeX || c.Unknown != "" || !c.ProcessEnvironments || !strings.Contains(p.Flow.Text, `\begin{`) {
		return
	}
	for _, m := range p.Flow.Marks {
		if m.Kind != text.Open || m.Name != "em" || m.Src.Len() < 3 || m.Src.End > len(p.Tree.Source) || p.Tree.Source[m.Src.Start] != '*' {
			continue
		}
		before := p.Flow.Text[max(0, m.At-40):m.At]
		i := strings.LastIndex(before, `\begin{`)
		if i < 0 || strings.ContainsAny(before[i+len(`\begin{`):], "}{ \n") {
			continue
		}
		name := before[i+len(`\begin{`):] + "*"
		if _, known := tex.LookupEnvironment(name, c); !known {
			continue
		}
		at := p.FromTree(text.Span{Start: m.Src.Start, End: m.Src.Start + 1})
		problem := p.report(p.own(at, m.At), "kramdown takes *…* for emphasis here, from one {%s} to the next: the reader sees the TeX of this environment.", name)
		last := p.FromTree(text.Span{Start: m.Src.End - 1, End: m.Src.End})
		if at.File == last.File {
			problem.Fixes = both(at, last, "Escape both with a backslash", `\*`)
		}
	}
}

// mathEmphasis reports formulas in which kramdown takes _…_ or *…* for emphasis.
func mathEmphasis(p *page) {
	p.starred()
	for _, t := range p.torn {
		if t.by.Name != "em" && t.by.Name != "strong" || t.by.Kind != text.Open {
			continue
		}
		doc, em := p.Tree.Source, t.by.Src
		if em.Len() < 3 || em.Start == 0 || em.End > len(doc) || strings.IndexByte("_*", doc[em.Start]) < 0 {
			continue
		}
		if c := doc[em.Start-1]; c == ' ' || c == '\n' || c == '\t' {
			continue // emphasis that was meant: money, or prose
		}
		width := 1
		if t.by.Name == "strong" {
			width = 2
		}
		at := p.FromTree(text.Span{Start: em.Start, End: em.Start + width})
		problem := p.report(p.own(at, t.opener.At.Start), "kramdown takes %s…%s for emphasis here, which tears the formula apart: the reader sees its TeX.", doc[em.Start:em.Start+width], doc[em.Start:em.Start+width])
		last := p.FromTree(text.Span{Start: em.End - width, End: em.End})
		if at.File == last.File {
			problem.Fixes = both(at, last, "Escape both with a backslash", strings.Repeat(`\`+doc[em.Start:em.Start+1], width))
		}
	}
}

// mathInTable reports formulas whose | makes a table of their line.
func mathInTable(p *page) {
	for _, t := range p.torn {
		if t.by.Name != "td" && t.by.Name != "th" {
			continue
		}
		span := p.source(t.opener.At.Start, t.close.End)
		inner := span.Of(p.Tree.Source)
		if !strings.ContainsAny(inner, `\^_`) && !strings.HasPrefix(inner, t.opener.Delimiter+"|") {
			continue // money in two cells
		}
		var bars []text.Span
		for i := 0; i < len(inner); i++ {
			switch inner[i] {
			case '\\':
				i++
			case '|':
				bars = append(bars, text.Span{Start: span.Start + i, End: span.Start + i + 1})
			}
		}
		if len(bars) == 0 {
			continue
		}
		at := p.FromTree(bars[0])
		problem := p.report(p.own(at, t.opener.At.Start), "kramdown makes a table of this line because of the |, which tears the formula apart: the reader sees its TeX. In a formula write \\vert or \\mid.")
		fix := site.Fix{Title: `Write \vert for |`}
		for _, bar := range bars {
			o := p.FromTree(bar)
			if !o.Exact {
				fix.Edits = nil
				break
			}
			fix.Edits = append(fix.Edits, site.FileEdit{File: o.File, Edit: text.Edit{Span: o.Span, New: vert(p.Tree.Source, bar)}})
		}
		if len(fix.Edits) > 0 {
			problem.Fixes = []site.Fix{fix}
		}
	}
}

// vert is \vert, with a blank where a letter follows.
func vert(doc string, bar text.Span) string {
	if bar.End < len(doc) {
		if c := doc[bar.End] | 0x20; c >= 'a' && c <= 'z' {
			return `\vert `
		}
	}
	return `\vert`
}

// mathHTML reports formulas in which a < begins what HTML takes for a tag.
func mathHTML(p *page) {
	for _, t := range p.torn {
		switch t.by.Name {
		case "em", "strong", "td", "th", "code", "del", "a", "img":
			continue
		}
		doc, tag := p.Tree.Source, t.by.Src
		if t.by.Kind == text.Close || tag.Start <= 0 || tag.Start >= len(doc) || doc[tag.Start] != '<' {
			continue
		}
		if c := doc[tag.Start-1]; c == '\n' {
			continue
		}
		if tag.End <= len(doc) && strings.HasSuffix(doc[tag.Start:max(tag.Start, tag.End)], "</"+t.by.Name+">") {
			continue // an element that was meant, between two amounts of money
		}
		at := p.FromTree(text.Span{Start: tag.Start, End: tag.Start + 1})
		inside := p.source(t.opener.At.Start, t.close.End)
		if tag.Start < inside.Start || tag.Start > inside.End {
			continue
		}
		problem := p.report(p.own(at, t.opener.At.Start), "The browser takes “<%s” for an HTML tag, which tears the formula apart. Write a blank behind the <, or \\lt.", t.by.Name)
		problem.Fixes = edit(at, `Write \lt for <`, `\lt `)
	}
}

// claimed reports whether another rule says why an opener finds no end.
func (p *page) claimed(u *tex.Unclosed) bool {
	for _, q := range *p.found {
		if q.Code == "math-emphasis" || q.Code == "math-in-table" || q.Code == "math-html" {
			o := p.own(p.FromFlow(text.Span{Start: u.At.Start, End: rowEnd(p.Flow, u.At.Start)}), u.At.Start)
			if q.At.File == o.File && o.Span.Start <= q.At.Span.Start && q.At.Span.Start <= o.Span.End {
				return true
			}
		}
	}
	return false
}
