package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/text"
)

// shownAnnotations is how many annotations of a kind GitHub shows for a step.
// https://docs.github.com/en/rest/checks/runs and the runner's own limit.
const shownAnnotations = 10

// github prints problems as commands to the runner of a GitHub workflow, the
// worst first, for it shows only some; and adds a summary to the page of the run.
func (r *checkRun) github() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	root := repositoryRoot(dir, os.Getenv("GITHUB_WORKSPACE"))
	list := r.shown()
	slices.SortStableFunc(list, func(a, b *found) int { return cmp.Compare(a.Severity, b.Severity) })
	kinds := map[string]int{}
	for _, f := range list {
		kind := annotationKind[f.Severity]
		kinds[kind]++
		fmt.Fprintf(r.io.out, "::%s %s::%s\n", kind, annotationPlace(f, root), escapeData(f.Message))
	}
	if !r.quiet {
		fmt.Fprintln(r.io.out, r.summary())
		for _, kind := range []string{"error", "warning", "notice"} {
			if n := kinds[kind]; n > shownAnnotations {
				fmt.Fprintf(r.io.out, "GitHub shows %d of %d annotations of the kind %s; all are in this log.\n", shownAnnotations, n, kind)
			}
		}
	}
	file := os.Getenv("GITHUB_STEP_SUMMARY")
	if file == "" {
		return nil
	}
	return appendTo(file, r.stepSummary(root))
}

var annotationKind = map[site.Severity]string{site.Error: "error", site.Warning: "warning", site.Info: "notice", site.Hint: "notice"}

// annotationPlace are the properties of an annotation. GitHub takes columns of
// one line only.
func annotationPlace(f *found, root string) string {
	start, end := f.lines.Position(f.At.Span.Start, text.UTF16), f.lines.Position(f.At.Span.End, text.UTF16)
	out := fmt.Sprintf("file=%s,line=%d", escapeProperty(pathFrom(root, f.file())), start.Line+1)
	if start.Line == end.Line {
		out += fmt.Sprintf(",col=%d,endLine=%d,endColumn=%d", start.Column+1, end.Line+1, end.Column+1)
	} else {
		out += fmt.Sprintf(",endLine=%d", end.Line+1)
	}
	return out + ",title=" + escapeProperty(f.Code)
}

// escapeData escapes the message of a workflow command, as the runner unescapes it.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty escapes a property of a workflow command.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// summaryRows bounds each table of a step's summary, of which GitHub takes one
// mebibyte.
const summaryRows = 50

// stepSummary is what the page of a run shows of the check, in Markdown.
func (r *checkRun) stepSummary(root string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### Scholium\n\n%s\n", markdownText(r.summary()))
	table := func(what string, rows []count) {
		if len(rows) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n| %s | | problems |\n| --- | --- | ---: |\n", what)
		for i, row := range rows {
			if i == summaryRows {
				fmt.Fprintf(&b, "| … and %d more | | |\n", len(rows)-i)
				break
			}
			name := []rune(row.name)
			if len(name) > 200 {
				name = append(name[:199], '…')
			}
			fmt.Fprintf(&b, "| %s | %s | %d |\n", markdownText(string(name)), row.severity, row.n)
		}
	}
	table("rule", r.byRule())
	table("file", r.counts(func(f *found) string { return pathFrom(root, f.file()) }))
	return b.String() + "\n"
}

// markdownText is text as it stands, in GitHub's Markdown and in a cell of a table.
func markdownText(s string) string {
	var b strings.Builder
	for _, c := range strings.ReplaceAll(strings.ReplaceAll(s, "\r", " "), "\n", " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~$!&", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func appendTo(file, s string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("the step's summary: %w", err)
	}
	_, err = f.WriteString(s)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
