package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	known bool // the baseline has it: it is not reported
}

// A checkRun is one run of check: what was asked, and what was found.
type checkRun struct {
	io    streams
	quiet bool
	only  []string     // the codes of the rules that are looked for; none for all
	judge *judge.Judge // nil: nobody asks MathJax

	found    []found
	roots    []string // the folders of the sites
	pages    int
	unknown  int // pages of which something is not known
	skipped  int // pages that are not Markdown for kramdown
	doubts   int // formulas that nobody judged
	notes    []string
	baseline bool
	gone     int    // problems of the baseline that are mended
	since    string // the revision whose problems are not reported
	old      int    // how many those are
	mended   string // what --fix has done, in a sentence

	unwritten map[string]string // files as a dry run would leave them
	code      int               // the exit code
}

// read proofreads what the targets name, each page once.
func (r *checkRun) read(targets []target) error {
	seen := map[string]bool{}
	return r.sites(targets, func(s *workspace.Site, state *workspace.State, t target) error {
		if r.judge == nil {
			for _, f := range state.AllFacts() {
				for i := range f.Doubts {
					if t.names(s, f.Path) && !f.Doubts[i].Said {
						r.doubts++
					}
				}
			}
		}
		for _, note := range state.Notes {
			if !slices.Contains(r.notes, note) {
				r.notes = append(r.notes, note)
			}
		}
		if !slices.Contains(r.roots, s.Root) {
			r.roots = append(r.roots, s.Root)
		}
		return r.site(s, state, t, seen)
	})
}

// sites reads the sites that the targets lie in, or that lie below them, and
// calls f for each, judged.
func (r *checkRun) sites(targets []target, f func(*workspace.Site, *workspace.State, target) error) error {
	bar := newProgress(r.io.err)
	defer bar.done()
	w := workspace.New(nil, rules.Checker(), bar.event)
	defer w.Stop()
	for _, t := range targets {
		for _, s := range sitesOf(w, t) {
			s.Refresh()
			s.Wait()
			if r.judge != nil {
				wanted := func(p site.Path) bool { return t.names(s, p) }
				if err := s.JudgeAll(context.Background(), r.judge, wanted, bar.judging); err != nil {
					return err
				}
			}
			if err := f(s, s.Now(), t); err != nil {
				return err
			}
		}
	}
	if wrong := w.Mistakes(); len(wrong) > 0 {
		return fmt.Errorf("a mistake in Scholium itself, please report it with this file: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// sitesOf returns the sites that a target lies in, or that lie below it.
func sitesOf(w *workspace.Workspace, t target) []*workspace.Site {
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

func (r *checkRun) site(s *workspace.Site, state *workspace.State, t target, seen map[string]bool) error {
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
	state.EachBib(func(src *site.Source) {
		if wanted(src.Path) && !state.Settings.Excludes(src.Path) {
			paths = append(paths, src.Path)
		}
	})
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
		doc, unwritten := r.unwritten[s.File(p)]
		whole := state
		if !unwritten && len(analysis.Problems(state.Snapshot, state.Settings, p)) > 0 {
			whole = s.Whole(state, []site.Path{p}) // some fixes need the text
		}
		for _, problem := range analysis.Problems(whole.Snapshot, state.Settings, p) {
			if problem.At.File != p || !r.wants(&problem) {
				continue // an include's own: shown where the include tag stands
			}
			if lines == nil {
				if !unwritten {
					var ok bool
					if doc, ok = s.Read(p); !ok {
						return fmt.Errorf("%s: it was read, and cannot be read any more", p)
					}
				}
				lines = text.NewLines(doc)
			}
			r.found = append(r.found, found{Problem: problem, site: s, lines: lines, doc: doc})
		}
	}
	return nil
}

// readText reads a file as the site does.
func readText(file string) (string, error) {
	data, err := os.ReadFile(file)
	return strings.ToValidUTF8(string(data), "\uFFFD"), err
}

// wants reports whether a problem's rule is looked for.
func (r *checkRun) wants(p *site.Problem) bool {
	return len(r.only) == 0 || slices.Contains(r.only, p.Code)
}

// shown are the problems that are reported.
func (r *checkRun) shown() []*found {
	var out []*found
	for i := range r.found {
		if f := &r.found[i]; !f.known && !(r.quiet && f.Severity > site.Error) {
			out = append(out, f)
		}
	}
	return out
}

// file is where a problem's file lies.
func (f *found) file() string { return f.site.File(f.At.File) }

// display is a problem's path from the working directory.
func (f *found) display() string { return displayPath(f.file()) }

// displayPath is a file's path from the working directory, where it lies below.
func displayPath(file string) string {
	if dir, err := os.Getwd(); err == nil {
		return pathFrom(dir, file)
	}
	return filepath.ToSlash(file)
}

// pathFrom is a file's path from a folder, with slashes; that from the root
// where the file lies elsewhere.
func pathFrom(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}
