package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"scholium/analysis"
	"scholium/analysis/site"
	"scholium/workspace/judge"
)

// A Mended is a file in which something has been mended, not yet written.
type Mended struct {
	Path     site.Path
	Old, New string
	Gone     int // how many problems it has less; more than were mended where one was due to another
}

// Mend mends what can be mended without asking in the pages that only takes, and
// of these the problems that wanted takes, one page after the other. It writes
// nothing: it returns the files that would change, and the site as it would be.
// A file that is not UTF-8 is left as it is. j may be nil: then nobody asks
// MathJax whether what was mended is right.
func (s *Site) Mend(ctx context.Context, state *State, only func(site.Path) bool, wanted func(*site.Problem) bool, j *judge.Judge) ([]Mended, *State) {
	var out []Mended
	next := *state
	done := map[string]bool{}
	for _, f := range state.AllFacts() {
		if !only(f.Path) || ctx.Err() != nil || count(&next, f.Path, wanted) == 0 {
			continue
		}
		real, why := s.real(f.Path)
		if why != "" || done[real] { // two names of one file
			continue
		}
		data, err := os.ReadFile(real)
		if err != nil || !utf8.Valid(data) {
			continue
		}
		before := count(&next, f.Path, wanted)
		m := analysis.Mend(next.Snapshot, next.Settings, site.NewSource(f.Path, string(data)), wanted, verdicts(ctx, j))
		next.Snapshot = m.Site
		if len(m.Mended) > 0 {
			done[real] = true
			out = append(out, Mended{f.Path, string(data), m.Source.Text, before - count(&next, f.Path, wanted)})
		}
	}
	return out, &next
}

// count is how many problems a page has that wanted takes.
func count(state *State, p site.Path, wanted func(*site.Problem) bool) int {
	n := 0
	for _, problem := range analysis.Problems(state.Snapshot, state.Settings, p) {
		if wanted(&problem) {
			n++
		}
	}
	return n
}

// Write writes a file that was mended: all of it or nothing, with the mode that
// it had, and only where it is still what was mended. A link is followed, but
// never out of the site.
func (s *Site) Write(m *Mended) error {
	real, why := s.real(m.Path)
	if why != "" {
		return errors.New("it is no file of the site that can be written")
	}
	info, err := os.Stat(real)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return errors.New("it is read-only")
	}
	now, err := os.ReadFile(real)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, []byte(m.Old)) {
		return errors.New("it has changed since it was read")
	}
	return Replace(real, []byte(m.New), info.Mode().Perm())
}

// Replace writes a file beside where it is to be and moves it there, so that
// whoever reads it finds the old one or the new one, and never a half.
func Replace(name string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".scholium-*")
	if err != nil {
		return fmt.Errorf("its folder cannot be written: %w", err)
	}
	defer os.Remove(f.Name()) // does nothing once it is moved
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// verdicts asks a judge, or nobody.
func verdicts(ctx context.Context, j *judge.Judge) analysis.Verdicts {
	if j == nil {
		return nil
	}
	return func(doubts []site.Doubt) map[uint64]*site.Verdict {
		out := map[uint64]*site.Verdict{}
		for i := range doubts {
			if v, err := Judge(ctx, j, &doubts[i]); err == nil {
				out[doubts[i].Key] = v
			}
		}
		return out
	}
}

// Verdicts asks the workspace's judge; nil where it has none.
func (w *Workspace) Verdicts(ctx context.Context) analysis.Verdicts {
	if w.court == nil {
		return nil
	}
	return verdicts(ctx, w.court.judge)
}
