package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"

	"scholium/analysis"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
	"scholium/workspace"
	"scholium/workspace/judge"
)

// found is a problem with the text it stands in.
type found struct {
	site.Problem
	site  *workspace.Site
	lines *text.Lines
	doc   string
}

func check(args []string, io streams) int {
	flags := flag.NewFlagSet("check [PATH…]", flag.ContinueOnError)
	format := flags.String("format", "text", "how problems are printed: `text` or json")
	failOn := flags.String("fail-on", "error", "the least `severity` that makes the exit code 1: error, warning, info or hint")
	quiet := flags.Bool("quiet", false, "print errors only, and no summary")
	noJudge := flags.Bool("no-judge", false, "do not ask MathJax itself about formulas in doubt")
	paths, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if *format != "text" && *format != "json" {
		return unusable(io, "there is no format %q; there are text and json", *format)
	}
	least, ok := rules.ParseSeverity(*failOn)
	if !ok || least == site.Off {
		return unusable(io, "there is no severity %q; there are error, warning, info and hint", *failOn)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	targets, err := targetsOf(paths)
	if err != nil {
		return unusable(io, "%v", err)
	}
	run := checkRun{io: io, quiet: *quiet}
	if !*noJudge && judge.Bundled() {
		run.judge = judge.New(runtime.GOMAXPROCS(0))
		defer run.judge.Close()
	}
	run.read(targets)
	if run.failed != nil {
		return unusable(io, "%v", run.failed)
	}
	if *format == "json" {
		err = run.json()
	} else {
		run.text()
	}
	if err != nil {
		return unusable(io, "%v", err)
	}
	for _, f := range run.found {
		if f.Severity <= least {
			return exitProblems
		}
	}
	return exitClean
}

// A target is a path to check: all of a site, a folder in it, or a file.
type target struct {
	path   string
	folder bool
}

// names reports whether the target is a file of a site, or holds it.
func (t target) names(s *workspace.Site, p site.Path) bool {
	full := s.File(p)
	return full == t.path || t.folder && (strings.HasPrefix(full, t.path+string(filepath.Separator)) || t.path == s.Root)
}

func targetsOf(paths []string) ([]target, error) {
	var out []target
	for _, p := range paths {
		full, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(full)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", p, reason(err))
		}
		if !info.IsDir() {
			f, err := os.Open(full)
			if err != nil {
				return nil, fmt.Errorf("%s: %s", p, reason(err))
			}
			f.Close()
		}
		out = append(out, target{full, info.IsDir()})
	}
	return out, nil
}

// reason is an error of the file system in few words.
func reason(err error) string {
	switch {
	case os.IsNotExist(err):
		return "there is no such file or folder"
	case os.IsPermission(err):
		return "it cannot be read"
	}
	return err.Error()
}

type checkRun struct {
	io      streams
	quiet   bool
	judge   *judge.Judge // nil: nobody asks MathJax
	found   []found
	pages   int
	unknown int // pages of which something is not known
	skipped int // pages that are not Markdown for kramdown
	doubts  int // formulas that nobody judged
	notes   []string
	failed  error
}

// read proofreads what the targets name, each page once.
func (r *checkRun) read(targets []target) {
	bar := newProgress(r.io.err)
	w := workspace.New(nil, rules.Checker(), bar.event)
	defer w.Stop()
	seen := map[string]bool{}
	for _, t := range targets {
		for _, s := range r.sitesOf(w, t) {
			s.Refresh()
			s.Wait()
			wanted := func(p site.Path) bool { return t.names(s, p) }
			if r.judge != nil {
				if err := s.JudgeAll(context.Background(), r.judge, wanted, bar.judging); err != nil {
					r.failed = err
					return
				}
			}
			state := s.Now()
			if r.judge == nil {
				for _, f := range state.AllFacts() {
					for i := range f.Doubts {
						if wanted(f.Path) && !f.Doubts[i].Said {
							r.doubts++
						}
					}
				}
			}
			r.notes = append(r.notes, state.Notes...)
			r.site(s, state, t, seen)
		}
	}
	bar.done()
}

// sitesOf returns the sites that a target lies in, or that lie below it.
func (r *checkRun) sitesOf(w *workspace.Workspace, t target) []*workspace.Site {
	if !t.folder {
		s, _ := w.Site(t.path)
		return []*workspace.Site{s}
	}
	if sites := w.AddFolder(t.path); len(sites) > 0 {
		return sites
	}
	s, _ := w.Site(filepath.Join(t.path, "x")) // no site: the folder's files alone
	return []*workspace.Site{s}
}

func (r *checkRun) site(s *workspace.Site, state *workspace.State, t target, seen map[string]bool) {
	wanted := func(p site.Path) bool {
		full := s.File(p)
		if seen[full] || !t.names(s, p) {
			return false
		}
		seen[full] = true
		return true
	}
	var paths []site.Path
	for _, extra := range []site.Path{"_config.yml", workspace.SettingsFile} {
		if state.Source(extra) != nil && wanted(extra) {
			paths = append(paths, extra)
		}
	}
	for _, f := range state.AllFacts() {
		if !wanted(f.Path) || state.Settings.Excludes(f.Path) {
			continue
		}
		paths = append(paths, f.Path)
		r.pages++
		if len(f.Unknown) > 0 {
			r.unknown++
		}
		if f.Opaque() {
			r.skipped++
		}
	}
	for _, p := range paths {
		var lines *text.Lines
		doc := ""
		for _, problem := range analysis.Problems(state.Snapshot, state.Settings, p) {
			if problem.At.File != p {
				continue // an include's own: shown where the include tag stands
			}
			if lines == nil {
				data, err := os.ReadFile(s.File(p))
				if err != nil {
					r.failed = fmt.Errorf("%s: %s", p, reason(err))
					return
				}
				doc = strings.ToValidUTF8(string(data), "\uFFFD")
				lines = text.NewLines(doc)
			}
			r.found = append(r.found, found{problem, s, lines, doc})
		}
	}
}

// display is a problem's path from the working directory.
func (f *found) display() string {
	full := f.site.File(f.At.File)
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, full); err == nil && !strings.HasPrefix(rel, "..") {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(full)
}

// jsonProblem is a problem as check --format json prints it: lines and columns
// from 1, columns in UTF-16 units, offsets in bytes from 0.
type jsonProblem struct {
	Path      string    `json:"path"`
	Line      int       `json:"line"`
	Column    int       `json:"column"`
	EndLine   int       `json:"endLine"`
	EndColumn int       `json:"endColumn"`
	Offset    int       `json:"offset"`
	EndOffset int       `json:"endOffset"`
	Code      string    `json:"code"`
	Severity  string    `json:"severity"`
	Message   string    `json:"message"`
	Fixes     []jsonFix `json:"fixes"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	Path      string `json:"path"`
	Offset    int    `json:"offset"`
	EndOffset int    `json:"endOffset"`
	Text      string `json:"text"`
}

func (r *checkRun) json() error {
	out := []jsonProblem{}
	for i := range r.found {
		f := &r.found[i]
		if r.quiet && f.Severity > site.Error {
			continue
		}
		start, end := f.lines.Position(f.At.Span.Start, text.UTF16), f.lines.Position(f.At.Span.End, text.UTF16)
		p := jsonProblem{
			Path: f.display(), Line: start.Line + 1, Column: start.Column + 1, EndLine: end.Line + 1, EndColumn: end.Column + 1,
			Offset: f.At.Span.Start, EndOffset: f.At.Span.End, Code: f.Code, Severity: f.Severity.String(), Message: f.Message, Fixes: []jsonFix{},
		}
		for _, fix := range f.Fixes {
			j := jsonFix{Title: fix.Title, Edits: []jsonEdit{}}
			for _, e := range fix.Edits {
				other := found{Problem: site.Problem{At: site.Origin{File: e.File}}, site: f.site}
				j.Edits = append(j.Edits, jsonEdit{other.display(), e.Start, e.End, e.New})
			}
			p.Fixes = append(p.Fixes, j)
		}
		out = append(out, p)
	}
	enc := json.NewEncoder(r.io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

// text prints problems for people: place, severity, message and code, then the
// line with carets below what is meant.
func (r *checkRun) text() {
	paint := painter(r.io.out)
	counts := map[site.Severity]int{}
	for i := range r.found {
		f := &r.found[i]
		counts[f.Severity]++
		if r.quiet && f.Severity > site.Error {
			continue
		}
		start := f.lines.Position(f.At.Span.Start, text.UTF16)
		severity := paint(severityColor[f.Severity], f.Severity.String())
		fmt.Fprintf(r.io.out, "%s:%d:%d: %s: %s [%s]\n", f.display(), start.Line+1, start.Column+1, severity, f.Message, f.Code)
		r.excerpt(f, start.Line, paint)
	}
	if r.quiet {
		return
	}
	if len(r.found) > 0 {
		fmt.Fprintln(r.io.out)
	}
	fmt.Fprintln(r.io.out, r.summary(counts))
	for _, note := range r.notes {
		fmt.Fprintln(r.io.out, "Note: "+note+".")
	}
}

func (r *checkRun) summary(counts map[site.Severity]int) string {
	var parts []string
	for _, s := range []site.Severity{site.Error, site.Warning, site.Info, site.Hint} {
		if n := counts[s]; n > 0 {
			parts = append(parts, plural(n, s.String()))
		}
	}
	what := "No problems"
	if len(parts) > 0 {
		what = strings.Join(parts, ", ")
	}
	out := fmt.Sprintf("%s in %s.", what, plural(r.pages, "page"))
	if r.unknown > 0 {
		out += fmt.Sprintf(" In %s something is unknown, and rules that depend on it were silent", plural(r.unknown, "page"))
		if r.skipped > 0 {
			out += fmt.Sprintf("; %s not Markdown for kramdown", isAre(r.skipped))
		}
		out += ". scholium inspect page FILE says what."
	}
	if r.doubts > 0 {
		out += fmt.Sprintf(" Nothing is said of %s that only MathJax itself can judge", plural(r.doubts, "formula"))
		if !judge.Bundled() {
			out += ", and that is not part of this build"
		}
		out += "."
	}
	return out
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// The longest part of a line that is shown, in characters.
const excerptWidth = 120

// excerpt prints the line of a problem with carets below what is meant.
func (r *checkRun) excerpt(f *found, line int, paint func(color.Attribute, string) string) {
	span := f.lines.Span(line)
	start, end := f.At.Span.Start, min(f.At.Span.End, span.End)
	from, to := span.Start, span.End
	for utf8.RuneCountInString(f.doc[from:start]) > excerptWidth/2 {
		from += runeLen(f.doc, from)
	}
	if utf8.RuneCountInString(f.doc[from:to]) > excerptWidth {
		to = from
		for n := 0; n < excerptWidth && to < span.End; n++ {
			to += runeLen(f.doc, to)
		}
	}
	before, after := "", ""
	if from > span.Start {
		before = "…"
	}
	if to < span.End {
		after = "…"
	}
	number := fmt.Sprintf("%5d", line+1)
	shown := strings.ReplaceAll(f.doc[from:to], "\t", " ")
	fmt.Fprintf(r.io.out, "%s | %s%s%s\n", number, before, shown, after)
	pad := strings.Repeat(" ", width(before)+width(f.doc[from:start]))
	carets := strings.Repeat("^", max(width(f.doc[start:max(min(end, to), start)]), 1))
	fmt.Fprintf(r.io.out, "%s | %s%s\n", strings.Repeat(" ", len(number)), pad, paint(severityColor[f.Severity], carets))
}

func runeLen(s string, at int) int { _, n := utf8.DecodeRuneInString(s[at:]); return max(n, 1) }

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

var severityColor = map[site.Severity]color.Attribute{
	site.Error: color.FgRed, site.Warning: color.FgYellow, site.Info: color.FgCyan, site.Hint: color.Faint,
}

// painter colours words where w is a terminal and NO_COLOR is not set.
func painter(w any) func(color.Attribute, string) string {
	if !isTerminal(w) || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return func(_ color.Attribute, s string) string { return s }
	}
	return func(a color.Attribute, s string) string {
		c := color.New(a)
		c.EnableColor()
		return c.Sprint(s)
	}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// A progress bar is shown on a terminal when a check takes long.
type progressBar struct {
	w     *os.File
	start time.Time
	drawn bool
	ch    chan workspace.Progress
	ended chan struct{}
}

func newProgress(w any) *progressBar {
	b := &progressBar{start: time.Now()}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		b.w = f
		b.ch = make(chan workspace.Progress, 16)
		b.ended = make(chan struct{})
		go b.draw()
	}
	return b
}

// judging tells how many of the pages with formulas in doubt are judged.
func (b *progressBar) judging(done, total int) {
	b.event(workspace.Event{Progress: &workspace.Progress{Total: total - done}})
}

// event is called by the workspace; it must not block.
func (b *progressBar) event(e workspace.Event) {
	if b.ch == nil || e.Progress == nil {
		return
	}
	select {
	case b.ch <- *e.Progress:
	default:
	}
}

func (b *progressBar) draw() {
	defer close(b.ended)
	most := 0
	for p := range b.ch {
		most = max(most, p.Total)
		if most == 0 || time.Since(b.start) < 500*time.Millisecond {
			continue
		}
		const cells = 30
		full := cells * (most - p.Total) / most
		fmt.Fprintf(b.w, "\r[%s%s] %d pages", strings.Repeat("#", full), strings.Repeat(".", cells-full), most)
		b.drawn = true
	}
	if b.drawn {
		fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", 60))
	}
}

func (b *progressBar) done() {
	if b.ch != nil {
		close(b.ch)
		<-b.ended
		b.ch = nil
	}
}
