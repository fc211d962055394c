package rules

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// inText reports whether kramdown took a formula for ordinary text: then it ate
// backslashes and set quotes and dashes in it. What stands between two dollars
// twice is kramdown's own math, and comes through untouched.
func (p *page) inText(f *tex.Formula) bool {
	if f.Ref || f.Inner.Empty() {
		return false
	}
	src, _, _ := p.Flow.Pieces.Source(text.Span{Start: f.Flow.Start, End: f.Flow.Start + 1})
	return !strings.HasPrefix(p.Tree.Source[min(src.Start, len(p.Tree.Source)):], "$$")
}

// pieces calls f for every run of a formula that kramdown has made of something
// else: what it was, and what it is.
func (p *page) pieces(m *tex.Formula, f func(src text.Span, was, is string)) {
	for _, piece := range p.Flow.Pieces.In(m.Inner) {
		if !piece.Exact {
			f(piece.Src, piece.Src.Of(p.Tree.Source), piece.Out.Of(p.Flow.Text))
		}
	}
}

// typeset are the signs that kramdown sets in place of plain ones and that look
// otherwise in a formula. MathJax takes ’ for a prime, and … for dots.
var typeset = map[string]string{"–": "--", "—": "---", "‘": "'", "«": "<<", "»": ">>"}

// inWords reports whether a place of a formula's source lies in the argument of
// \text or the like, where dashes and quotes are wanted.
func (p *page) inWords(f *tex.Formula, src text.Span) bool {
	from, _, _ := p.Flow.Pieces.Source(text.Span{Start: f.Inner.Start, End: f.Inner.Start + 1})
	before := text.Span{Start: from.Start, End: src.Start}.Of(p.Tree.Source)
	for _, word := range []string{`\text`, `\mbox`, `\operatorname`, `\tag`, `\label`, `\mathrm`, `\mathit`, `\mathbf`} {
		if i := strings.LastIndex(before, word); i >= 0 {
			if rest := before[i:]; strings.Count(rest, "{") > strings.Count(rest, "}") {
				return true
			}
		}
	}
	return false
}

// mathTypography reports formulas in which kramdown has set quotes or dashes.
func mathTypography(p *page) {
	for i := range p.Math {
		f := &p.Math[i]
		if p.hushed(f) || !p.inText(f) {
			continue
		}
		p.pieces(f, func(src text.Span, was, is string) {
			if typeset[is] != was || p.inWords(f, src) {
				return
			}
			at := p.FromTree(src)
			problem := p.report(p.own(at, f.Flow.Start), "kramdown sets %s for %s, and so the formula has it: the reader sees %s.", is, was, is)
			var escaped strings.Builder
			for _, c := range was {
				escaped.WriteString(`\` + string(c))
			}
			problem.Fixes = edit(at, "Escape "+was+" from kramdown", escaped.String())
		})
	}
}

// mathEscapes reports backslashes that kramdown has eaten in a formula and that
// TeX needed: \{ prints no brace, \| a single bar, \! a factorial, and \\
// begins no row. Where authors escape for kramdown's sake (\_ and \*) nothing is
// lost. They escape | too, lest a table be made of the line, and want the single
// bar that readers see: \| is reported only on a page that has it elsewhere as
// TeX's double bar.
func mathEscapes(p *page) {
	bars := p.doubleBars()
	for i := range p.Math {
		f := &p.Math[i]
		if p.hushed(f) || !p.inText(f) {
			continue
		}
		var problem *site.Problem
		fix := site.Fix{Title: "Double the backslashes that kramdown eats"}
		p.pieces(f, func(src text.Span, was, is string) {
			if len(was) != 2 || was[0] != '\\' || was[1:] != is || strings.IndexByte(`{}|!:>`, was[1]) < 0 && was != `\\` || was == `\\` && !p.rowBreak(f, src) {
				return
			}
			if was != `\\` && backslashes(p.Tree.Source[:src.Start])/2%2 == 1 {
				return // of \\\{ kramdown leaves \{, as the author wants it
			}
			if was == `\|` && !bars {
				return
			}
			at := p.FromTree(src)
			if problem == nil {
				problem = p.report(p.own(at, f.Flow.Start), "kramdown eats this backslash: MathJax gets %s for %s, and the reader sees %s.", is, was, lost[was])
			}
			add := `\`
			if was == `\\` {
				add = `\\`
			}
			fix.Edits = append(fix.Edits, insert(at, add))
		})
		p.breaks(f, func(run text.Span) {
			at := p.FromTree(run)
			if problem == nil {
				problem = p.report(p.own(at, f.Flow.Start), "kramdown takes the backslashes at the end of this line for a line break: the formula gets no new row.")
			}
			fix.Edits = append(fix.Edits, insert(at, strings.Repeat(`\`, 6-run.Len())))
		})
		if problem != nil {
			problem.Fixes = []site.Fix{fix}
		}
	}
}

// doubleBars reports whether a \| reaches MathJax in some formula of the page.
func (p *page) doubleBars() bool {
	for i := range p.Math {
		doc := p.Math[i].TeX
		for at := strings.Index(doc, `\|`); at >= 0; {
			if backslashes(doc[:at])%2 == 0 {
				return true
			}
			next := strings.Index(doc[at+2:], `\|`)
			if next < 0 {
				break
			}
			at += 2 + next
		}
	}
	return false
}

// backslashes is how many stand at the end of s.
func backslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }

func insert(at site.Origin, what string) site.FileEdit {
	return site.FileEdit{File: at.File, Edit: text.Edit{Span: text.Span{Start: at.Span.Start, End: at.Span.Start}, New: what}}
}

// breaks calls f for the backslashes at ends of lines in a formula's
// environments that kramdown takes for a line break, so that too few are left:
// of six it leaves two, which is a row.
func (p *page) breaks(m *tex.Formula, f func(run text.Span)) {
	if !strings.Contains(m.TeX, `\begin`) {
		return
	}
	doc := p.Tree.Source
	for _, mark := range p.Flow.Marks {
		if mark.Name != "br" || mark.At < m.Inner.Start || mark.At > m.Inner.End || mark.Src.End > len(doc) {
			continue
		}
		end := mark.Src.Start
		for end < len(doc) && doc[end] == '\\' {
			end++
		}
		start := end
		for start > 0 && doc[start-1] == '\\' {
			start--
		}
		if n := end - start; n == 2 || n == 4 {
			f(text.Span{Start: start, End: end})
		}
	}
}

// lost is what becomes of a command whose backslash is eaten.
var lost = map[string]string{
	`\{`: "no brace", `\}`: "no brace", `\|`: "a single bar", `\!`: "a factorial", `\:`: "a colon", `\>`: "a greater sign", `\\`: "no new row",
}

// rowBreak reports whether a double backslash, of which one is left, was meant
// to begin a row: a blank, a line end or a bracket follows, and not a name,
// which makes \\alpha the command \alpha on purpose.
func (p *page) rowBreak(f *tex.Formula, src text.Span) bool {
	doc := p.Tree.Source
	if src.End >= len(doc) || !strings.Contains(f.TeX, `\begin`) {
		return false
	}
	// Behind \\ stands another backslash where the author has doubled them.
	if src.Start > 0 && doc[src.Start-1] == '\\' || doc[src.End] == '\\' {
		return false
	}
	switch doc[src.End] {
	case ' ', '\n', '[', '\t':
		return true
	}
	return false
}

// currencyAsMath reports money that MathJax sets as a formula: two amounts in
// dollars with words between them.
func currencyAsMath(p *page) {
	for i := range p.Math {
		f := &p.Math[i]
		if f.Display || f.Ref || p.hushed(f) || !strings.HasPrefix(f.Flow.Of(p.Flow.Text), "$") || !isMoney(f.TeX) {
			continue
		}
		after := p.Flow.Text[f.Flow.End:]
		if after == "" || after[0] < '0' || after[0] > '9' {
			continue
		}
		at := p.FromFlow(f.Flow)
		problem := p.report(p.own(at, f.Flow.Start), "MathJax takes these two dollars for a formula: the reader sees “%s” in italics, and no dollar.", strings.TrimSpace(f.TeX))
		first, last := p.FromFlow(text.Span{Start: f.Flow.Start, End: f.Flow.Start + 1}), p.FromFlow(text.Span{Start: f.Flow.End - 1, End: f.Flow.End})
		if p.Config.ProcessEscapes {
			problem.Fixes = both(first, last, `Write \\$ for both dollars`, `\\$`)
		}
	}
}

// isMoney reports whether a formula is an amount and then words.
func isMoney(s string) bool {
	digits := 0
	for digits < len(s) && (s[digits] >= '0' && s[digits] <= '9' || digits > 0 && (s[digits] == '.' || s[digits] == ',')) {
		digits++
	}
	rest := s[digits:]
	if digits == 0 || strings.ContainsAny(rest, `\^_{}=+<>`) {
		return false
	}
	for _, w := range strings.Fields(rest) {
		if len(w) >= 2 && strings.Trim(strings.ToLower(w), "abcdefghijklmnopqrstuvwxyz,.-'’") == "" && (strings.HasPrefix(rest, " ") || len(w) >= 4) {
			return true
		}
	}
	return false
}

// liquidInMath reports {{…}} in a formula that Liquid takes for an object of
// its own, and prints nothing for.
func liquidInMath(p *page) {
	for _, b := range p.Liquid.Blanks {
		for i := range p.Math {
			f := &p.Math[i]
			if f.Ref || p.hushed(f) || b.Out <= p.Out(f.Flow.Start) || p.Out(f.Flow.End-1) < b.Out {
				continue
			}
			at := site.Origin{File: p.Source.Path, Span: b.Span, Exact: true}
			problem := p.report(at, "Liquid takes this for an object of its own, which does not exist: MathJax gets nothing in its place.")
			problem.Fixes = []site.Fix{{Title: "Put a blank between the braces", Edits: []site.FileEdit{
				{File: at.File, Edit: text.Edit{Span: text.Span{Start: b.Span.Start + 1, End: b.Span.Start + 1}, New: " "}},
				{File: at.File, Edit: text.Edit{Span: text.Span{Start: b.Span.End - 1, End: b.Span.End - 1}, New: " "}},
			}}}
			break
		}
	}
}
