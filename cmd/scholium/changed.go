package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"scholium/analysis/text"
)

// changedSince leaves what changes since a revision are to blame for: problems
// in lines that were changed, and those that were not there at the commit where
// HEAD and the revision parted. That commit's files are proofread too, so that a
// reference is found whose label, image or include went elsewhere.
func (r *checkRun) changedSince(rev string, targets []target) error {
	repo, err := openRepository(targets)
	if err != nil {
		return err
	}
	base, err := repo.base(rev)
	if err != nil {
		return err
	}
	then, err := os.MkdirTemp("", "scholium-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(then)
	if then, err = filepath.EvalSymlinks(then); err != nil {
		return err
	}
	for _, root := range r.roots {
		rel, ok := repo.path(root)
		if !ok {
			return fmt.Errorf("%s is not part of the repository %s", displayPath(root), repo.root)
		}
		if err := repo.export(base, rel, then); err != nil {
			return err
		}
	}
	moved, err := repo.renames(base)
	if err != nil {
		return err
	}
	old := checkRun{io: r.io, only: r.only, judge: r.judge}
	if err := old.read(repo.targetsIn(then, targets, moved)); err != nil {
		return err
	}
	known := &baseline{entries: map[entryKey]*entry{}}
	for i := range old.found {
		rel := pathFrom(then, old.found[i].file())
		if now, ok := moved[rel]; ok {
			rel = now
		}
		known.take(rel, &old.found[i])
	}
	was := map[string]string{} // from where a file is to where it was
	for from, to := range moved {
		was[to] = from
	}
	list := make([]*found, len(r.found))
	for i := range r.found {
		list[i] = &r.found[i]
	}
	before := map[*found]bool{}
	known.match(list, repo.name, func(f *found) { before[f] = true })
	changed := map[string][]bool{}
	r.since, r.old = rev, 0
	var kept []found
	for _, f := range list {
		if before[f] {
			name := repo.name(f)
			lines, ok := changed[name]
			if !ok {
				from := name
				if w, ok := was[name]; ok {
					from = w
				}
				doc, err := readText(filepath.Join(then, filepath.FromSlash(from)))
				if err != nil {
					return err
				}
				lines = changedLines(doc, f.doc)
				changed[name] = lines
			}
			first, last := f.lines.Line(f.At.Span.Start), f.lines.Line(f.At.Span.End)
			if !slices.Contains(lines[min(first, len(lines)):min(last+1, len(lines))], true) {
				r.old++
				continue
			}
		}
		kept = append(kept, *f)
	}
	r.found = kept
	return nil
}

// changedLines says of each line of a text whether it was changed or added.
// Line ends do not count: git may write others than it keeps.
func changedLines(old, new string) []bool {
	lines := func(s string) []string {
		of := text.NewLines(s)
		out := make([]string, of.Count())
		for i := range out {
			out[i] = of.Part(of.Span(i))
		}
		return out
	}
	now := lines(new)
	out := make([]bool, len(now))
	for _, c := range lineChanges(lines(old), now) {
		for i := c.new.start; i < c.new.end; i++ {
			out[i] = true
		}
	}
	return out
}
