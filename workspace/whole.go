package workspace

import (
	"scholium/analysis/site"
)

// Whole returns a state like state in which the closed pages at these paths are
// whole, as open ones are: questions about names that only the page itself
// knows can be asked of it. It is nobody's current state, and goes when the
// question is answered. A page that cannot be read stays as it is.
func (s *Site) Whole(state *State, paths []site.Path) *State {
	pages := make([]*site.Page, len(paths))
	inParallel(len(paths), func(i int) {
		if state.Page(paths[i]) != nil || !Inside(paths[i]) {
			return
		}
		if text, ok := s.Read(paths[i]); ok {
			pages[i] = s.make(state.Snapshot, site.NewSource(paths[i], text), nil)
		}
	})
	b := state.Build()
	for _, p := range pages {
		if p != nil {
			b.Page(p, true)
		}
	}
	next := *state
	next.Snapshot = b.Done()
	return &next
}

// Each makes the pages at these paths whole and calls f for one after the
// other. Unlike Whole it keeps none: there may be ten thousand.
func (s *Site) Each(state *State, paths []site.Path, f func(*site.Page)) {
	for len(paths) > 0 {
		n := min(len(paths), 64)
		pages := make([]*site.Page, n)
		inParallel(n, func(i int) {
			if pages[i] = state.Page(paths[i]); pages[i] != nil || !Inside(paths[i]) {
				return
			}
			if text, ok := s.Read(paths[i]); ok {
				pages[i] = s.make(state.Snapshot, site.NewSource(paths[i], text), nil)
			}
		})
		for _, p := range pages {
			if p != nil {
				f(p)
			}
		}
		paths = paths[n:]
	}
}
