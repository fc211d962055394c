package main

import (
	"context"
	"fmt"

	"scholium/analysis/inspect"
	"scholium/analysis/site"
	"scholium/workspace"
)

// mend mends what can be mended without asking in the targets' files, and
// writes them.
func (r *checkRun) mend(targets []target) error {
	return r.mending(targets, func(s *workspace.Site, m *workspace.Mended) error {
		if err := s.Write(m); err != nil {
			return fmt.Errorf("%s is not mended: %s", displayPath(s.File(m.Path)), reason(err))
		}
		return nil
	}, nil)
}

// dryRun prints what mend would write, and what would be left.
func (r *checkRun) dryRun(targets []target) error {
	r.unwritten = map[string]string{}
	err := r.mending(targets, func(s *workspace.Site, m *workspace.Mended) error {
		r.unwritten[s.File(m.Path)] = m.New
		_, err := fmt.Fprint(r.io.out, unified(displayPath(s.File(m.Path)), m.Old, m.New))
		return err
	}, func(s *workspace.Site, state *workspace.State, t target, seen map[string]bool) error {
		return r.site(s, state, t, seen)
	})
	if err == nil && !r.quiet {
		fmt.Fprintf(r.io.err, "%s; nothing is written: %s would be left.\n", r.mended, inspect.Plural(len(r.found), "problem"))
	}
	return err
}

// mending finds what can be mended, hands each file to take, and each site as it
// would be then to left, if there is one. What cannot be taken does not keep the
// other files from it: the first error comes at the end.
func (r *checkRun) mending(targets []target, take func(*workspace.Site, *workspace.Mended) error, left func(*workspace.Site, *workspace.State, target, map[string]bool) error) error {
	problems, files, unable := 0, 0, 0
	var failed error
	seen, counted := map[string]bool{}, map[string]bool{}
	err := r.sites(targets, func(s *workspace.Site, state *workspace.State, t target) error {
		only := func(p site.Path) bool { return t.names(s, p) && !seen[s.File(p)] }
		list, next := s.Mend(context.Background(), state, only, r.wants, r.judge)
		for i := range list {
			seen[s.File(list[i].Path)] = true
			if err := take(s, &list[i]); err != nil {
				if unable++; failed == nil {
					failed = err
				}
				continue
			}
			problems, files = problems+list[i].Gone, files+1
		}
		if left != nil {
			return left(s, next, t, counted)
		}
		return nil
	})
	r.mended = fmt.Sprintf("%s mended in %s", inspect.Plural(problems, "problem"), inspect.Plural(files, "file"))
	switch {
	case err != nil:
		return err
	case unable > 1:
		return fmt.Errorf("%w; so it is with %s", failed, inspect.Plural(unable-1, "other file"))
	}
	return failed
}
