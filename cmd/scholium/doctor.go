package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"scholium/analysis/inspect"
	"scholium/analysis/mathjax"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/workspace"
	"scholium/workspace/judge"
)

// doctor says what the program finds in a folder and what it does not, and why;
// then the same without names, for a bug report.
func doctor(args []string, io streams) int {
	flags := flag.NewFlagSet("doctor [FOLDER]", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 1 {
		return unusable(io, "doctor takes one folder")
	}
	dir := "."
	if len(rest) == 1 {
		dir = rest[0]
	}
	targets, err := targetsOf([]string{dir})
	if err != nil {
		return unusable(io, "%v", err)
	}
	full := targets[0].path
	if !targets[0].folder {
		full = filepath.Dir(full)
	}
	d := &diagnosis{}
	d.program()
	d.sites(full)
	fmt.Fprint(io.out, d.shown.String())
	fmt.Fprint(io.out, "\nFor a bug report, copy what follows. It names no file, address, title or text of yours.\n\n```\n")
	fmt.Fprint(io.out, d.public.String())
	fmt.Fprintln(io.out, "```")
	return exitClean
}

// A diagnosis is what is shown to the author, and what may be shown to anybody.
type diagnosis struct{ shown, public strings.Builder }

// line adds a line to both.
func (d *diagnosis) line(key, format string, args ...any) {
	s := fmt.Sprintf("%-10s%s\n", key, fmt.Sprintf(format, args...))
	d.shown.WriteString(s)
	d.public.WriteString(s)
}

// twice adds a line that anybody may see without what only the author is shown.
func (d *diagnosis) twice(key, shown, public string) {
	fmt.Fprintf(&d.shown, "%-10s%s\n", key, shown)
	fmt.Fprintf(&d.public, "%-10s%s\n", key, public)
}

// program says what this program is, and whether MathJax in it works.
func (d *diagnosis) program() {
	d.line("scholium", "%s, %s %s/%s, %s", versionString(), runtime.Version(), runtime.GOOS, runtime.GOARCH, inspect.Plural(runtime.GOMAXPROCS(0), "processor"))
	for _, e := range []mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4} {
		if judge.Bundled() {
			d.line("mathjax", "%s", engineStarts(e))
		}
	}
	if !judge.Bundled() {
		d.line("mathjax", "not bundled: formulas are judged by the tables of MathJax's commands alone, and none is drawn")
	}
	d.onPath()
	d.line("columns", "in UTF-8, UTF-16 or UTF-32, whichever of them an editor names first; else in UTF-16")
}

// engineStarts starts MathJax of a version and asks it about one formula.
func engineStarts(e mathjax.Engine) string {
	three, four := judge.Versions()
	version := three
	if e == mathjax.MathJax4 {
		version = four
	}
	config := mathjax.Default(e)
	j := judge.New(1)
	defer j.Close()
	start := time.Now()
	verdict, err := j.Check(context.Background(), judge.Question{Config: &config, Formula: judge.Formula{TeX: `\frac{a}{b}`}})
	switch {
	case err != nil:
		return fmt.Sprintf("%s is bundled and does not start: %v", version, err)
	case len(verdict.Errors)+len(verdict.Unknown) > 0:
		return fmt.Sprintf("%s is bundled and does not work: it refuses a fraction", version)
	}
	return fmt.Sprintf("%s is bundled, and starts in %d ms", version, time.Since(start).Milliseconds())
}

// onPath says which program editors start, which look for it on the PATH.
func (d *diagnosis) onPath() {
	path, err := exec.LookPath("scholium")
	if err != nil && !errors.Is(err, exec.ErrDot) {
		d.line("editors", "start the scholium on the PATH, but there is none")
		return
	}
	found, err := os.Stat(path)
	self, selfErr := os.Executable()
	if err == nil && selfErr == nil {
		if this, err := os.Stat(self); err == nil && os.SameFile(this, found) {
			d.line("editors", "start the scholium on the PATH, which is this one")
			return
		}
	}
	d.twice("editors", "start the scholium on the PATH, which is another one: "+path, "start the scholium on the PATH, which is another one")
}

// sites says which sites a folder is in or holds, and what they are.
func (d *diagnosis) sites(dir string) {
	w := workspace.New(nil, rules.Checker(), nil)
	defer w.Stop()
	sites := w.AddFolder(dir)
	if len(sites) == 0 {
		d.noSite(dir)
		s, _ := w.Site(filepath.Join(dir, "x"))
		d.site(s)
		return
	}
	if len(sites) > 1 {
		d.shown.WriteString("\n")
		d.public.WriteString("\n")
		d.line("sites", "%d: no _config.yml here or above, but directly below", len(sites))
	}
	for i, s := range sites {
		d.shown.WriteString("\n")
		d.public.WriteString("\n")
		where := "here"
		if s.Root != dir {
			where = "below"
			if strings.HasPrefix(dir, s.Root) {
				where = "above"
			}
		}
		d.twice("site", fmt.Sprintf("%s (%s has its _config.yml)", shortPath(s.Root), where), fmt.Sprintf("%d, its _config.yml is %s", i+1, where))
		d.site(s)
	}
}

// shortPath is a folder as seen from the working directory, if it lies in it.
func shortPath(full string) string {
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, full); err == nil && !strings.HasPrefix(rel, "..") {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(full)
}

// noSite says why a folder is no site, and where one may lie.
func (d *diagnosis) noSite(dir string) {
	d.shown.WriteString("\n")
	d.public.WriteString("\n")
	d.line("site", "none: no folder here, above or directly below has a _config.yml, which makes a folder a Jekyll site")
	if near := deeper(dir); near != "" {
		d.twice("", fmt.Sprintf("one lies in %s: name that folder", shortPath(near)), "one lies deeper")
	}
	d.line("", "the Markdown files of this folder alone are read, by the rules that hold in every engine")
}

// deeper looks for a site a few folders below dir; "" where it finds none soon.
func deeper(dir string) string {
	const depth, most = 4, 20_000
	found, seen := "", 0
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		switch seen++; {
		case seen > most:
			return fs.SkipAll
		case err != nil:
			return nil
		case e.IsDir() && path != dir && (strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules" || strings.Count(rel, string(filepath.Separator)) >= depth):
			return fs.SkipDir
		case !e.IsDir() && (e.Name() == workspace.ConfigNames[0] || e.Name() == workspace.ConfigNames[1]):
			found = filepath.Dir(path)
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// site reads a site, and says what was found in it.
func (d *diagnosis) site(s *workspace.Site) {
	start := time.Now()
	s.Refresh()
	s.Wait()
	state := s.Now()
	took := time.Since(start)
	var paths []site.Path
	left, doubts := 0, 0
	for _, f := range state.AllFacts() {
		paths = append(paths, f.Path)
		if state.Settings.Excludes(f.Path) {
			left++
		}
		doubts += len(f.Doubts)
	}
	v := inspect.NewSurvey(state.Snapshot)
	s.Each(state, paths, v.Add)
	d.shown.WriteString(v.String(true))
	d.public.WriteString(v.String(false))
	if !state.Loose {
		d.settings(state, left)
	}
	if doubts > 0 {
		d.line("judge", "%s only MathJax itself can judge", inspect.Plural(doubts, "formula"))
	}
	d.line("read", "%s in %d ms", inspect.Plural(len(paths), "page"), took.Milliseconds())
	for _, note := range state.Notes {
		reason, _, _ := strings.Cut(note, ":")
		d.twice("left out", note, reason)
	}
}

// settings says what the site's own settings are.
func (d *diagnosis) settings(state *workspace.State, left int) {
	if state.Source(workspace.SettingsFile) == nil {
		d.line("settings", "no %s: every rule as it is", workspace.SettingsFile)
		return
	}
	d.line("settings", "%s, with %s in it; it leaves out %s", workspace.SettingsFile, inspect.Plural(len(state.Settings.Problems), "problem"), inspect.Plural(left, "page"))
}
