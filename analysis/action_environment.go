package analysis

import (
	"fmt"
	"slices"
	"strings"

	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// displays are the environments of whole displays, each with a starred form
// that has no numbers.
var displays = []string{"equation", "align", "gather", "multline", "alignat", "flalign", "xalignat", "eqnarray"}

// environments offers to change the environment of a formula for another one in
// which its content sets, and to give or take its numbers.
func (a *actor) environments(i int) {
	f := &a.p.Math[i]
	if !f.Display || f.Failed {
		return
	}
	o, ok := environmentOf(f.TeX)
	base, starred := strings.CutSuffix(o.name, "*")
	if !ok || !slices.Contains(displays, base) {
		a.number(i)
		return
	}
	begin, end := a.word(f, o.begin), a.word(f, o.end)
	if begin.Empty() || end.Empty() {
		return
	}
	named := func(title, name string, more ...text.Edit) {
		name = a.inText(begin, name)
		a.change(i, title, append([]text.Edit{{Span: begin, New: name}, {Span: end, New: name}}, more...)...)
	}
	star := ""
	if starred {
		star = "*"
		named(fmt.Sprintf("Change to %s, with %s", base, counted(base, o)), base)
	} else if counts(f) && !a.referred(f) {
		named(fmt.Sprintf("Change to %s*, without %s", base, counted(base, o)), base+"*")
	}
	switch one := o.breaks == 0; {
	case one && base == "equation":
		if !a.unwrap(i, o, begin, end, star) && !o.cells {
			named("Change to align"+star, "align"+star)
		}
	case one && !o.cells && (base == "align" || base == "gather" || base == "multline"):
		named("Change to equation"+star, "equation"+star)
	case one && base == "align":
		if edit, ok := a.withoutAnd(f, o); ok {
			named("Change to equation"+star, "equation"+star, edit)
		}
	case !one && !o.cells && (base == "align" || base == "gather" || base == "multline"):
		for _, other := range []string{"align", "gather", "multline"} {
			if other != base {
				named("Change to "+other+star, other+star)
			}
		}
	case !one && o.cells && base == "align" && !starred:
		a.wrap(i, o, begin, end)
	}
}

// referred reports whether the page refers to a number of a formula that its
// starred form would not have.
func (a *actor) referred(f *tex.Formula) bool {
	for _, l := range f.Labels {
		if slices.ContainsFunc(f.Rows, func(r tex.Row) bool { return r.Tag && r.Number == l.Number }) {
			continue
		}
		for i := range a.p.Math {
			if slices.ContainsFunc(a.p.Math[i].Refs, func(r tex.Reference) bool { return r.Name == l.Name }) {
				return true
			}
		}
	}
	return false
}

// counted says in titles what an environment is given or loses.
func counted(base string, o outer) string {
	if base == "equation" || base == "multline" || o.breaks == 0 {
		return "a number"
	}
	return "numbers"
}

// counts reports whether a formula takes a number of the count.
func counts(f *tex.Formula) bool {
	return slices.ContainsFunc(f.Rows, func(r tex.Row) bool { return !r.Tag })
}

// change offers edits of a formula that leave all else as it is, and under which
// it sets. Whether it counts must be as the title says.
func (a *actor) change(i int, title string, edits ...text.Edit) {
	page, ok := a.try(edits...)
	if !ok || !a.onlyFormula(page, i) || !page.Math[i].Display || !sets(&page.Math[i], &a.p.Math[i]) {
		return
	}
	want := counts(&a.p.Math[i])
	if strings.Contains(title, ", with") {
		want = !strings.Contains(title, ", without")
	}
	if counts(&page.Math[i]) == want && len(page.Math[i].Labels) == len(a.p.Math[i].Labels) {
		a.offer(title, edits...)
	}
}

// word is where a word of a formula is written in the page's own file, maybe
// with backslashes for kramdown; empty where it is not.
func (a *actor) word(f *tex.Formula, span text.Span) text.Span {
	o := a.p.InMath(f, span)
	if o.File != a.p.Source.Path || strings.ReplaceAll(o.Span.Of(a.doc), `\`, "") != strings.ReplaceAll(span.Of(f.TeX), `\`, "") {
		return text.Span{}
	}
	return o.Span
}

// inText writes an environment's name where kramdown would take its star for
// emphasis, and as it is between $$.
func (a *actor) inText(at text.Span, name string) string {
	if i, ok := a.formula(); ok && strings.HasPrefix(a.p.FromFlow(a.p.Math[i].Flow).Span.Of(a.doc), "$$") {
		return name
	}
	return strings.ReplaceAll(name, "*", `\*`)
}

// withoutAnd takes away the one & of an environment with a single row.
func (a *actor) withoutAnd(f *tex.Formula, o outer) (text.Edit, bool) {
	var cells []text.Span
	for _, part := range o.parts {
		if part.Kind == tex.CellPart {
			cells = append(cells, part.Span)
		}
	}
	if len(cells) != 2 {
		return text.Edit{}, false
	}
	n := strings.IndexByte(f.TeX[cells[0].End:cells[1].Start], '&')
	if n < 0 {
		return text.Edit{}, false
	}
	at := a.p.InMath(f, text.Span{Start: cells[0].End + n, End: cells[0].End + n + 1})
	return text.Edit{Span: at.Span}, at.Exact
}

// wrap makes an align of several rows an equation around aligned: one number,
// and one label, which moves to the equation.
func (a *actor) wrap(i int, o outer, begin, end text.Span) {
	f := &a.p.Math[i]
	if len(f.Labels) > 1 {
		return
	}
	label := ""
	var edits []text.Edit
	remove := func(span text.Span) {
		for span.Start > 0 && (f.TeX[span.Start-1] == ' ' || f.TeX[span.Start-1] == '\t') {
			span.Start--
		}
		edits = append(edits, text.Edit{Span: a.p.InMath(f, span).Span})
	}
	for _, part := range o.parts {
		switch {
		case part.Kind != tex.CommandPart:
		case part.Name == "tag":
			return
		case part.Name == "nonumber" || part.Name == "notag":
			remove(part.Span)
		}
	}
	for _, l := range f.Labels {
		label = a.p.InMath(f, l.Span).Span.Of(a.doc)
		remove(l.Span)
	}
	line := a.newline + a.prefix(a.p.FromFlow(f.Flow).Span.Start)
	if strings.HasPrefix(a.p.FromFlow(f.Flow).Span.Of(a.doc), "$$") {
		line = a.newline + a.prefix(begin.Start-len(`\begin{`))
	}
	edits = append(edits,
		text.Edit{Span: begin, New: "equation}" + label + line + `\begin{aligned`},
		text.Edit{Span: end, New: "aligned}" + line + `\end{equation`})
	a.change(i, "Change to equation around aligned, with one number", edits...)
}

// unwrap makes an equation around aligned (split, gathered) an align (gather).
// False where it is no such equation.
func (a *actor) unwrap(i int, o outer, begin, end text.Span, star string) bool {
	f := &a.p.Math[i]
	var inner tex.Part
	left := o.inner.Of(f.TeX)
	for _, part := range o.parts {
		if part.Kind == tex.EnvironmentPart {
			inner = part
			left = strings.Replace(left, part.Span.Of(f.TeX), "", 1)
		}
	}
	for _, l := range f.Labels {
		left = strings.Replace(left, l.Span.Of(f.TeX), "", 1)
	}
	to, ok := map[string]string{"aligned": "align", "split": "align", "gathered": "gather"}[inner.Name]
	if !ok || strings.TrimSpace(left) != "" {
		return false
	}
	head := text.Span{Start: inner.Span.Start, End: inner.Inner.Start}
	for strings.IndexByte(" \t\n", f.TeX[head.Start-1]) >= 0 {
		head.Start--
	}
	tail := text.Span{Start: inner.Inner.End, End: inner.Span.End}
	for tail.Start > head.End && strings.IndexByte(" \t\n", f.TeX[tail.Start-1]) >= 0 {
		tail.Start--
	}
	title := "Change to " + to + star
	if star == "" {
		title += ", with a number for each row"
	}
	name := a.inText(begin, to+star)
	a.change(i, title, text.Edit{Span: begin, New: name}, text.Edit{Span: a.p.InMath(f, head).Span}, text.Edit{Span: a.p.InMath(f, tail).Span}, text.Edit{Span: end, New: name})
	return true
}

// number offers to put a display that has no number into an equation.
func (a *actor) number(i int) {
	f := &a.p.Math[i]
	at := trim(f.TeX, text.Span{Start: 0, End: len(f.TeX)})
	if len(f.Rows) > 0 || at.Empty() || f.Inner.Start == f.Flow.Start {
		return
	}
	o := a.p.InMath(f, at)
	if o.File != a.p.Source.Path {
		return
	}
	sep := " "
	if whole := a.p.FromFlow(f.Flow).Span; strings.Contains(whole.Of(a.doc), "\n") {
		sep = a.newline + a.prefix(whole.Start)
	}
	a.change(i, "Put this formula into an equation, with a number",
		text.Edit{Span: text.Span{Start: o.Span.Start, End: o.Span.Start}, New: `\begin{equation}` + sep},
		text.Edit{Span: text.Span{Start: o.Span.End, End: o.Span.End}, New: sep + `\end{equation}`})
}

// An outer is the environment that a formula consists of.
type outer struct {
	name       string
	begin, end text.Span // of the names
	inner      text.Span
	parts      []tex.Part // those directly in it: rows, cells, commands
	rows       []text.Span
	breaks     int  // row ends
	cells      bool // there is an &
}

// environmentOf returns the environment that a formula's TeX consists of.
func environmentOf(s string) (outer, bool) {
	whole := trim(s, text.Span{Start: 0, End: len(s)})
	parts := tex.Parts(s)
	var o outer
	for _, part := range parts {
		if part.Kind == tex.EnvironmentPart && part.Span == whole {
			o.name, o.inner = part.Name, part.Inner
		}
	}
	if o.name == "" {
		return o, false
	}
	inside := text.Span{Start: len(s) + 1, End: len(s) + 1} // the group or environment that was passed last
	for _, part := range slices.Backward(parts) {           // what is in another one ends before it
		if !o.inner.Covers(part.Span) || inside.Covers(part.Span) {
			continue
		}
		o.parts = append(o.parts, part)
		switch {
		case part.Kind == tex.EnvironmentPart || part.Kind == tex.GroupPart:
			inside = part.Span
		case part.Kind == tex.RowPart:
			o.rows = append(o.rows, part.Span)
		case part.Kind == tex.CellPart:
			o.cells = true
		case part.Kind == tex.CommandPart && (part.Name == `\` || part.Name == "cr" || part.Name == "newline"):
			o.breaks++
		}
	}
	slices.Reverse(o.parts)
	slices.Reverse(o.rows)
	if pairs := tex.Pairs(s); len(pairs) > 0 && pairs[0].Name == o.name && pairs[0].End.Of(s) == o.name {
		o.begin, o.end = pairs[0].Begin, pairs[0].End
		return o, true
	}
	return o, false
}
