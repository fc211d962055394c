package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/site"
	"scholium/workspace"
)

// A census holds the problems of every file that is not open, as they were when
// last asked for. It makes anew only what may differ.
type census struct {
	mu    sync.Mutex
	sites map[*workspace.Site]*siteCensus
}

type siteCensus struct {
	state   *workspace.State
	reports map[site.Path]report // those that are not empty
}

// A bell wakes whoever waits for the next change.
type bell struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait returns a channel that is closed at the next change.
func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// DiagnosticWorkspace answers workspace/diagnostic with the files whose problems
// are others than the client knows, except those that are open, for which it
// asks one by one. Where there are none it holds the answer until there are.
func (s *session) DiagnosticWorkspace(ctx context.Context, p *protocol.WorkspaceDiagnosticParams) (*protocol.WorkspaceDiagnosticReport, error) {
	known := map[uri.URI]string{}
	for _, r := range p.PreviousResultIds {
		known[r.URI] = r.Value
	}
	for {
		changed := s.changed.wait()
		var settled <-chan time.Time
		if left := s.publish.restless(); left > 0 { // what is half typed is no news yet
			settled, changed = time.After(left), nil
		} else if items := s.differing(known); len(items) > 0 {
			return &protocol.WorkspaceDiagnosticReport{Items: items}, nil
		}
		select {
		case <-changed:
		case <-settled:
		case <-s.left:
			return &protocol.WorkspaceDiagnosticReport{Items: []protocol.WorkspaceDocumentDiagnosticReport{}}, nil
		case <-s.bg.Done():
			return nil, s.bg.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// restless returns how long it is until the editor counts as quiet.
func (p *publisher) restless() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return quiet - time.Since(p.touched)
}

// differing are the reports that a client does not have.
func (s *session) differing(known map[uri.URI]string) []protocol.WorkspaceDocumentDiagnosticReport {
	var out []protocol.WorkspaceDocumentDiagnosticReport
	add := func(u uri.URI, r report) {
		if id := r.id(); known[u] != id {
			out = append(out, &protocol.WorkspaceFullDocumentDiagnosticReport{
				URI:                          u,
				FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{Kind: "full", ResultID: ptr(id), Items: r.items},
			})
		}
	}
	empty := report{items: []protocol.Diagnostic{}}
	s.census.mu.Lock()
	defer s.census.mu.Unlock()
	for _, where := range s.work.Sites() {
		state := where.Now()
		if !state.Complete {
			continue // it says so when it is, and until then nothing is taken back
		}
		c := s.count(where, state)
		var paths []site.Path
		for p := range c.reports {
			paths = append(paths, p)
		}
		slices.Sort(paths)
		for _, p := range paths {
			if _, open := state.Versions[p]; !open {
				add(uri.File(where.File(p)), c.reports[p])
			}
		}
		for u := range known { // what has no problems any more
			if !u.IsFile() {
				continue
			}
			at, p := s.work.Site(u.FsPath())
			_, open := state.Versions[p]
			if _, has := c.reports[p]; at == where && !has && !open {
				add(u, empty)
			}
		}
	}
	return out
}

// count brings the census of a site to a state.
func (s *session) count(where *workspace.Site, state *workspace.State) *siteCensus {
	c := s.census.sites[where]
	if c != nil && c.state == state {
		return c
	}
	var changed []site.Path
	if c == nil || c.state.Settings != state.Settings {
		c = &siteCensus{reports: map[site.Path]report{}}
		for _, f := range state.AllFacts() {
			changed = append(changed, f.Path)
		}
		state.EachBib(func(src *site.Source) { changed = append(changed, src.Path) })
	} else {
		changed = state.Since(c.state.Snapshot)
	}
	for _, p := range append(changed, "_config.yml", ".scholium.yml") {
		if r := s.report(&document{where, state, p}); len(r.items) > 0 {
			c.reports[p] = r
		} else {
			delete(c.reports, p)
		}
	}
	c.state = state
	if s.census.sites == nil {
		s.census.sites = map[*workspace.Site]*siteCensus{}
	}
	s.census.sites[where] = c
	return c
}
