package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"

	"scholium/analysis/inspect"
	"scholium/analysis/site"
	"scholium/analysis/text"
	"scholium/workspace/judge"
)

// text prints problems for people: place, severity, message and code, then the
// line with carets below what is meant.
func (r *checkRun) text() error {
	paint := painter(r.io.out)
	for _, f := range r.shown() {
		start := f.lines.Position(f.At.Span.Start, text.UTF16)
		severity := paint(severityColor[f.Severity], f.Severity.String())
		fmt.Fprintf(r.io.out, "%s:%d:%d: %s: %s [%s]\n", visible(f.display()), start.Line+1, start.Column+1, severity, visible(f.Message), f.Code)
		r.excerpt(f, start.Line, paint)
	}
	if r.quiet {
		return nil
	}
	if len(r.shown()) > 0 {
		fmt.Fprintln(r.io.out)
	}
	if counts := r.byRule(); len(counts) > 1 {
		for _, c := range counts {
			fmt.Fprintf(r.io.out, "%5d %s %s\n", c.n, paint(severityColor[c.severity], fmt.Sprintf("%-8s", c.severity)), c.name)
		}
	}
	fmt.Fprintln(r.io.out, r.summary())
	for _, note := range r.notes {
		fmt.Fprintln(r.io.out, "Note: "+visible(note)+".")
	}
	return nil
}

// A count is how many problems there are of a rule, or in a file.
type count struct {
	name     string
	n        int
	severity site.Severity // the worst of them
}

func (r *checkRun) byRule() []count { return r.counts(func(f *found) string { return f.Code }) }

// counts counts what is reported by a name, the worst first, then the most.
func (r *checkRun) counts(name func(*found) string) []count {
	at := map[string]int{}
	var out []count
	for _, f := range r.shown() {
		key := name(f)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, count{key, 0, f.Severity})
		}
		out[i].n++
		out[i].severity = min(out[i].severity, f.Severity)
	}
	slices.SortStableFunc(out, func(a, b count) int {
		return cmp.Or(cmp.Compare(a.severity, b.severity), cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name))
	})
	return out
}

// summary says in a few sentences what was found, and what was not looked at.
func (r *checkRun) summary() string {
	bySeverity := map[site.Severity]int{}
	known := 0
	for i := range r.found {
		if r.found[i].known {
			known++
		} else {
			bySeverity[r.found[i].Severity]++
		}
	}
	var parts []string
	for _, s := range []site.Severity{site.Error, site.Warning, site.Info, site.Hint} {
		if n := bySeverity[s]; n > 0 {
			parts = append(parts, inspect.Plural(n, s.String()))
		}
	}
	what := "No problems"
	if r.baseline || r.since != "" {
		what = "No new problems"
	}
	if len(parts) > 0 {
		what = strings.Join(parts, ", ")
	}
	out := fmt.Sprintf("%s in %s.", what, inspect.Plural(r.pages, "page"))
	if r.mended != "" {
		out = fmt.Sprintf("%s, %s left. %s", r.mended, isAre(len(r.found)-known), out)
	}
	if r.since != "" {
		was := "were"
		if r.old == 1 {
			was = "was"
		}
		out += fmt.Sprintf(" Of the %s that there %s at %s nothing is said.", inspect.Plural(r.old, "problem"), was, r.since)
	}
	if known > 0 {
		out += fmt.Sprintf(" %s of the baseline %s not shown.", inspect.Plural(known, "problem"), are(known))
	}
	if r.gone > 0 {
		out += fmt.Sprintf(" %s of the baseline %s mended; run --update-baseline.", inspect.Plural(r.gone, "problem"), are(r.gone))
	}
	if r.unknown > 0 {
		out += fmt.Sprintf(" In %s something is unknown, and rules that depend on it were silent", inspect.Plural(r.unknown, "page"))
		if r.skipped > 0 {
			out += fmt.Sprintf("; %s not Markdown for kramdown", isAre(r.skipped))
		}
		out += ". scholium inspect page FILE says what."
	}
	if r.doubts > 0 {
		out += fmt.Sprintf(" Nothing is said of %s that only MathJax itself can judge", inspect.Plural(r.doubts, "formula"))
		if !judge.Bundled() {
			out += ", and that is not part of this build"
		}
		out += "."
	}
	return out
}

func isAre(n int) string { return fmt.Sprintf("%d %s", n, are(n)) }

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// The longest part of a line that is shown, in characters.
const excerptWidth = 120

// excerpt prints the line of a problem with carets below what is meant.
func (r *checkRun) excerpt(f *found, line int, paint func(color.Attribute, string) string) {
	span := f.lines.Span(line)
	start, end := f.At.Span.Start, min(f.At.Span.End, span.End)
	from := start // counted from here, not from the ends: the line may be a megabyte
	for n := 0; n < excerptWidth/2 && from > span.Start; n++ {
		_, size := utf8.DecodeLastRuneInString(f.doc[span.Start:from])
		from -= size
	}
	to := from
	for n := 0; n < excerptWidth && to < span.End; n++ {
		_, size := utf8.DecodeRuneInString(f.doc[to:span.End])
		to += size
	}
	before, after := "", ""
	if from > span.Start {
		before = "…"
	}
	if to < span.End {
		after = "…"
	}
	number := fmt.Sprintf("%5d", line+1)
	shown := visible(strings.ReplaceAll(f.doc[from:to], "\t", " "))
	fmt.Fprintf(r.io.out, "%s | %s%s%s\n", number, before, shown, after)
	pad := strings.Repeat(" ", width(before)+width(f.doc[from:start]))
	carets := strings.Repeat("^", max(width(f.doc[start:max(min(end, to), start)]), 1))
	fmt.Fprintf(r.io.out, "%s | %s%s\n", strings.Repeat(" ", len(number)), pad, paint(severityColor[f.Severity], carets))
}

// visible takes from a text what would command the terminal rather than be
// shown in it: control characters, those that turn the direction of writing, and
// bytes that are no characters.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return utf8.RuneError
		}
		return c
	}, s)
}

// width is the number of columns of a terminal that s takes.
func width(s string) int {
	n := 0
	for _, c := range s {
		switch {
		case c >= 0x0300 && c <= 0x036F: // combining
		case c >= 0x1100 && (c <= 0x115F || c >= 0x2E80 && c <= 0xA4CF || c >= 0xAC00 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF ||
			c >= 0xFE30 && c <= 0xFE6F || c >= 0xFF00 && c <= 0xFF60 || c >= 0x1F300 && c <= 0x1FAFF || c >= 0x20000):
			n += 2
		default:
			n++
		}
	}
	return n
}
