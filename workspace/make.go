package workspace

import (
	"fmt"
	"runtime/debug"
	"slices"

	"go.uber.org/zap"

	"scholium/analysis/site"
)

// make makes a page. Where that fails for a mistake of ours, the mistake is
// logged and kept for Mistakes, and the file counts as no page: one post that
// nobody has thought of must not take the others' proofreading away. old is the
// page as it was; nil is fine.
func (s *Site) make(snapshot *site.Snapshot, src *site.Source, old *site.Page) (page *site.Page) {
	defer func() {
		if r := recover(); r != nil {
			page = nil
			s.w.log.Error("making a page", zap.String("page", string(src.Path)), zap.Any("value", r), zap.String("stack", string(debug.Stack())))
			s.w.mistakes.Store(s.File(src.Path), fmt.Sprint(r))
		}
	}()
	return snapshot.Make(src, old)
}

// Mistakes are the files that could not be proofread for a mistake in Scholium
// itself, each with what went wrong, in the order of their names.
func (w *Workspace) Mistakes() []string {
	var out []string
	w.mistakes.Range(func(file, what any) bool {
		out = append(out, fmt.Sprintf("%s: %s", file, what))
		return true
	})
	slices.Sort(out)
	return out
}
