package analysis

import (
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// dollars offers to write a formula between $$ and $$, where kramdown leaves it
// alone, and the other way round. MathJax gets the same TeX, but where kramdown
// has spoiled it: there it gets what is written.
func (a *actor) dollars(i int) {
	f := &a.p.Math[i]
	whole := a.p.FromFlow(f.Flow).Span
	switch dollars := strings.HasPrefix(whole.Of(a.doc), "$$"); {
	case dollars && f.Display:
		if env, ok := environmentOf(f.TeX); ok && a.p.Config.ProcessEnvironments && slices.Contains(displays, strings.TrimSuffix(env.name, "*")) {
			a.unprotect(i, whole, "Write this "+env.name+" without $$, with kramdown's escapes", "", "")
		}
	case dollars:
		for _, d := range a.p.Config.Inline {
			if d.Open == "$" && d.Close == "$" {
				a.unprotect(i, whole, "Write this formula as $…$, with kramdown's escapes", "$", "$")
				return
			}
		}
		for _, d := range a.p.Config.Inline {
			if d.Open == `\(` && d.Close == `\)` {
				a.unprotect(i, whole, `Write this formula as \\(…\\), with kramdown's escapes`, `\\(`, `\\)`)
				return
			}
		}
	default:
		a.protect(i, whole)
	}
}

// spoiled are the problems of formulas that kramdown reads as text.
var spoiled = []string{"math-escapes", "math-typography"}

func (a *actor) protect(i int, whole text.Span) {
	f := &a.p.Math[i]
	title, want := "Write this formula between $$, where kramdown leaves it alone", primes(unbroken(f))
	if slices.ContainsFunc(a.problems, func(p site.Problem) bool {
		return slices.Contains(spoiled, p.Code) && p.At.File == a.p.Source.Path && whole.Overlaps(p.At.Span)
	}) {
		source, ok := a.source(f, whole)
		if !ok {
			return
		}
		title, want = "Write this formula between $$, where kramdown takes nothing from it", source
	}
	if strings.Contains(want, "$$") {
		return
	}
	if f.Display {
		want = strings.TrimSpace(want)
	}
	edit := a.between(whole, strings.Split(want, "\n"), f.Display)
	page, ok := a.try(edit)
	if ok && protected(page, edit.Start+strings.Index(edit.New, "$$")+2) && a.onlyFormula(page, i) && page.Math[i].Display == f.Display && sameTeX(page.Math[i].TeX, want) {
		a.offer(title, edit)
	}
}

// protected reports whether kramdown reads a formula at an offset of a page's own
// file. Elsewhere, as in HTML, $$ is MathJax's delimiter and not kramdown's.
func protected(p *site.Page, offset int) bool {
	return slices.ContainsFunc(p.Nodes(offset), func(n *kramdown.Node) bool { return n.Kind == kramdown.MathBlock || n.Kind == kramdown.MathSpan })
}

// unbroken is a formula's TeX without the line ends of line breaks: each stands
// in front of another one.
func unbroken(f *tex.Formula) string {
	var b strings.Builder
	at := 0
	for _, br := range f.Breaks {
		b.WriteString(f.TeX[at:br])
		at = br
		if strings.HasPrefix(f.TeX[br+1:], "\n") {
			at++
		}
	}
	b.WriteString(f.TeX[at:])
	return b.String()
}

// source is a formula as its author wrote it, without delimiters and without
// what stands for the list or quote at the beginnings of its lines. False where
// parts of it are escaped already: then it is not known what is meant.
func (a *actor) source(f *tex.Formula, whole text.Span) (string, bool) {
	doc := strings.ReplaceAll(whole.Of(a.doc), "\r\n", "\n")
	if strings.Contains(doc, `\\\\`) || strings.Contains(doc, `\\{`) || strings.Contains(doc, `\\}`) || strings.Contains(doc, `\_`) {
		return "", false
	}
	if d := f.Inner.Start - f.Flow.Start; d > 0 { // $ or \\(
		open := 1
		if doc[0] == '\\' {
			open = 3
		}
		if len(doc) < 2*open {
			return "", false
		}
		doc = doc[open : len(doc)-open]
	}
	rows := strings.Split(doc, "\n")
	prefix := a.prefix(whole.Start)
	for i := range rows[1:] {
		row, ok := strings.CutPrefix(rows[i+1], prefix)
		if !ok { // less is as good to kramdown
			row = strings.TrimLeft(row, " \t>")
		}
		rows[i+1] = row
	}
	return strings.Join(rows, "\n"), true
}

// prefix is what stands for lists and quotes at the beginning of a line below
// the one with the offset, in the same block.
func (a *actor) prefix(offset int) string {
	line := a.line(offset)
	part := a.doc[line.Start:offset]
	var b strings.Builder
	for i := 0; i < len(part); {
		c := part[i]
		switch {
		case c == ' ' || c == '\t' || c == '>':
			b.WriteByte(c)
			i++
			continue
		}
		n := marker(part[i:])
		if n == 0 {
			break
		}
		b.WriteString(strings.Repeat(" ", n))
		i += n
	}
	return b.String()
}

// marker is the length of a list's marker, or of a footnote's; 0 where there is none.
func marker(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	switch {
	case n > 0 && n+1 < len(s) && s[n] == '.' && s[n+1] == ' ':
		return n + 1
	case len(s) > 1 && strings.IndexByte("-*+:", s[0]) >= 0 && s[1] == ' ':
		return 1
	}
	return 0
}

// line is the span of the line with an offset, without its end.
func (a *actor) line(offset int) text.Span {
	l := a.p.Source.Lines
	span := l.Span(l.Line(offset))
	if span.Start == 0 && strings.HasPrefix(a.doc, "\uFEFF") {
		span.Start = min(3, offset)
	}
	return span
}

// between writes lines of TeX between $$ in place of a span: a display on lines
// of its own, with blank lines around it as kramdown needs them.
func (a *actor) between(whole text.Span, rows []string, display bool) text.Edit {
	prefix := a.prefix(whole.Start)
	if !display {
		return text.Edit{Span: whole, New: "$$" + a.join(rows, prefix) + "$$"}
	}
	blank := strings.TrimRight(prefix, " \t")
	first, last := a.line(whole.Start), a.line(whole.End)
	rows = slices.DeleteFunc(slices.Clone(rows), func(s string) bool { return strings.TrimSpace(s) == "" })
	body := "$$" + a.newline + prefix + a.join(rows, prefix) + a.newline + prefix + "$$"
	edit := text.Edit{Span: whole}
	if before := a.doc[first.Start:whole.Start]; strings.Trim(a.doc[first.Start+min(len(prefix), len(before)):whole.Start], " \t") != "" {
		edit.Span.Start = first.Start + len(strings.TrimRight(before, " \t"))
		body = a.newline + blank + a.newline + prefix + body
	} else if first.Start > 0 && strings.Trim(before, " \t>") == "" && strings.Trim(a.line(first.Start-1).Of(a.doc), " \t\r>") != "" {
		edit.Span.Start = first.Start
		body = blank + a.newline + prefix + body
	}
	rest := a.doc[whole.End:last.End]
	if words := strings.TrimLeft(rest, " \t"); words != "" {
		edit.Span.End += len(rest) - len(words)
		body += a.newline + blank + a.newline + prefix
	} else if next := last.End + len(a.newline); next < len(a.doc) && strings.Trim(a.line(next).Of(a.doc), " \t\r>") != "" {
		edit.Span.End = last.End
		body += a.newline + blank
	}
	edit.New = body
	return edit
}

// join puts lines one below the other behind a prefix. What is blank stays so.
func (a *actor) join(rows []string, prefix string) string {
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteString(a.newline)
			if row != "" {
				b.WriteString(prefix)
			} else {
				b.WriteString(strings.TrimRight(prefix, " \t"))
			}
		}
		b.WriteString(row)
	}
	return b.String()
}

// unprotect writes a formula that stands between $$ as text with escapes: as few
// as will do.
func (a *actor) unprotect(i int, whole text.Span, title, open, close string) {
	f := &a.p.Math[i]
	if !protected(a.p, whole.Start+2) {
		return
	}
	if inner := strings.Trim(whole.Of(a.doc), "$"); open != "" { // blanks stay, though kramdown takes them away
		open += inner[:len(inner)-len(strings.TrimLeft(inner, " "))]
		close = inner[len(strings.TrimRight(inner, " ")):] + close
	}
	was := ""
	for _, much := range []escapes{fewEscapes, someEscapes, allEscapes} {
		rows := strings.Split(escapeTeX(strings.Trim(f.TeX, " "), much), "\n")
		rows = slices.DeleteFunc(rows, func(s string) bool { return strings.TrimSpace(s) == "" })
		edit := text.Edit{Span: whole, New: open + a.join(rows, a.prefix(whole.Start)) + close}
		if edit.New == was {
			continue
		}
		was = edit.New
		page, ok := a.try(edit)
		if ok && a.onlyFormula(page, i) && page.Math[i].Display == f.Display && sameTeX(page.Math[i].TeX, f.TeX) {
			a.offer(title, edit)
			return
		}
	}
}

// escapable are the characters off which kramdown takes a backslash.
const escapable = "\\.*_+`<>()[]{}#!:|\"'$=-"

// escapes says how much is escaped.
type escapes uint8

const (
	fewEscapes  escapes = iota // what is always needed
	someEscapes                // quotes too
	allEscapes                 // every _ and * too
)

// escapeTeX writes TeX so that kramdown may make of it, as ordinary text, what
// it was. Two backslashes at the end of a line are six, as two of them are a
// line break.
func escapeTeX(s string, much escapes) string {
	var b strings.Builder
	stars := strings.Count(s, "*")
	begins := true // nothing but blanks stands in front on the line
	for i := 0; i < len(s); i++ {
		c := s[i]
		next, last := byte(0), byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		if i > 0 {
			last = s[i-1]
		}
		was := begins
		begins = begins && (c == ' ' || c == '\t') || c == '\n'
		if c == '\\' {
			switch {
			case next == '\\':
				b.WriteString(`\\\\`)
				if i++; strings.Trim(s[i+1:i+1+lineLength(s[i+1:])], " \t") == "" && i+1+lineLength(s[i+1:]) < len(s) {
					b.WriteString(`\\`)
				}
			case next != 0 && strings.IndexByte(escapable, next) >= 0:
				b.WriteString(`\\`)
			default:
				b.WriteByte('\\')
			}
			continue
		}
		escape := false
		switch c {
		case '\'', '"':
			escape = much >= someEscapes
		case '|', '`':
			escape = true
		case '_':
			escape = much == allEscapes
		case '*':
			escape = much == allEscapes || stars > 1 || was && next == ' '
		case '<':
			escape = next == '<' || next == '/' || next == '!' || next == '?' || next|0x20 >= 'a' && next|0x20 <= 'z' || last == '<'
		case '>':
			escape = was || next == '>' || last == '>'
		case '-':
			escape = next == '-' || last == '-' || was && (next == ' ' || next == '\n')
		case '.':
			escape = next == '.' || last == '.' || last >= '0' && last <= '9' && next == ' '
		case '+':
			escape = was && next == ' '
		case '#', ':', '=':
			escape = was
		case '[':
			escape = next == '^' || strings.Contains(s[i:], "](") || strings.Contains(s[i:], "][")
		case '&':
			if n := strings.IndexByte(s[i:], ';'); n > 1 && strings.Trim(s[i+1:i+n], "#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" {
				b.WriteString("&amp;")
				continue
			}
		}
		if escape {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}
