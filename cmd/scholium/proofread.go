package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
