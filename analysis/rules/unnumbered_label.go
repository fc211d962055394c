package rules

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// unnumberedLabel reports references to labels that exist but whose equation
// never gets a number, and says why.
func unnumberedLabel(p *page) {
	if !p.knows(site.Label) {
		return
	}
	type holder struct {
		f *tex.Formula
		l *tex.Label
	}
	labels := map[string]holder{}
	for i := range p.Math {
		f := &p.Math[i]
		for j := range f.Labels {
			l := &f.Labels[j]
			if _, ok := labels[l.Name]; !ok || l.Number != "" {
				labels[l.Name] = holder{f, l}
			}
		}
	}
	p.eachRef(func(f *tex.Formula, r *tex.Reference) {
		h, ok := labels[r.Name]
		if !ok || h.l.Number != "" || h.l.Unsure || h.f.Doubtful || p.hushed(h.f) {
			return
		}
		why := reason(h.l.Lost)
		if why == "" {
			return // the equation's own problem says it
		}
		problem := p.report(p.inMath(f, r.NameSpan), "The reader sees %s: %s.", shown(r), why)
		problem.Related = append(problem.Related, site.Related{At: p.inMath(h.f, h.l.NameSpan), Message: "the label"})
		problem.Fixes = asked(p.numbered(h.f, h.l))
	})
}

// numbered gives the equation of a label a number, and the equations behind it
// other ones.
func (p *page) numbered(f *tex.Formula, l *tex.Label) []site.Fix {
	edits := func(title string, list ...text.Edit) []site.Fix {
		fix := site.Fix{Title: title}
		for _, e := range list {
			at := p.InMath(f, e.Span)
			if e.Span.Empty() && e.Span.Start > 0 {
				at = behind(p.InMath(f, text.Span{Start: e.Span.Start - 1, End: e.Span.Start}))
			}
			if !at.Exact {
				return nil
			}
			e.Span = at.Span
			fix.Edits = append(fix.Edits, site.FileEdit{File: at.File, Edit: e})
		}
		return []site.Fix{fix}
	}
	switch l.Lost {
	case tex.LostStarred:
		for _, name := range []string{"equation", "align", "gather", "multline", "alignat", "flalign", "eqnarray"} {
			begin, end := `\begin{`+name+"*}", `\end{`+name+"*}"
			trimmed := strings.TrimRight(f.TeX, " \t\r\n")
			start := len(f.TeX) - len(strings.TrimLeft(f.TeX, " \t\r\n"))
			if !strings.HasPrefix(f.TeX[start:], begin) || !strings.HasSuffix(trimmed, end) || strings.Count(f.TeX, begin) != 1 {
				continue
			}
			star := func(at int) text.Edit { return text.Edit{Span: text.Span{Start: at, End: at + 1}} }
			return edits("Leave out the star", star(start+len(begin)-2), star(len(trimmed)-2))
		}
	case tex.LostNonumber:
		row := text.Span{Start: strings.LastIndex(f.TeX[:l.Span.Start], `\\`) + 1, End: len(f.TeX)}
		if n := strings.Index(f.TeX[l.Span.End:], `\\`); n >= 0 {
			row.End = l.Span.End + n
		}
		for _, command := range []string{`\nonumber`, `\notag`} {
			part := row.Of(f.TeX)
			at := strings.Index(part, command)
			if at < 0 || strings.Count(part, command) != 1 {
				continue
			}
			span := text.Span{Start: row.Start + at, End: row.Start + at + len(command)}
			new := ""
			if span.End < len(f.TeX) && isLetter(f.TeX[span.End]) {
				continue
			}
			return edits("Leave out "+command, text.Edit{Span: span, New: new})
		}
	case tex.LostUnnumbered:
		// An environment within, or rows, would want another one around them.
		if f.Flow == f.Inner || strings.Contains(f.TeX, `\begin`) || strings.Contains(f.TeX, `\\`) || strings.Contains(f.TeX, "&") {
			return nil
		}
		return edits(`Put it into \begin{equation}`, text.Edit{New: `\begin{equation}`}, text.Edit{Span: text.Span{Start: len(f.TeX), End: len(f.TeX)}, New: `\end{equation}`})
	}
	return nil
}

// reason says why a label has no number (the table of what MathJax does with
// labels is in the rule's page).
func reason(lost tex.Lost) string {
	switch lost {
	case tex.LostInline:
		return "the label stands in an inline formula, which has no number"
	case tex.LostUnnumbered:
		return "the equation with this label is not numbered, as only environments such as equation and align are; put it into \\begin{equation} or give it a \\tag"
	case tex.LostStarred:
		return "the label stands in a starred environment, which has no number; leave out the star or add a \\tag"
	case tex.LostNonumber:
		return "the row with this label has \\nonumber or \\notag"
	case tex.LostInner:
		return "the label stands inside an inner environment such as aligned; it belongs to the outer one"
	case tex.LostTagsNone:
		return "this site numbers no equations (MathJax's tags are “none”); a \\tag gives this one a name"
	}
	return ""
}
