package workspace

import (
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// A Site is one site on disk with the buffers that are open in it.
type Site struct {
	Root  string // the folder
	loose bool
	w     *Workspace

	state atomic.Pointer[State]
	dirty atomic.Bool // a buffer has changed since the state was made

	mu       sync.Mutex // held by the one writer
	docs     map[site.Path]*document
	stale    map[site.Path]bool // closed pages whose inputs have changed
	changed  map[site.Path]bool // documents that were edited
	unread   map[site.Path]bool // files on disk whose front matter is to be read, before stale pages are made
	disk     map[site.Path]stamp
	opaque   []site.Path          // folders that the last walk could not read
	walked   []string             // what it has to say, for people
	shut     map[site.Path]string // files that cannot be read, with the reason
	closed   map[site.Path]bool   // no longer open, and not yet looked at on disk
	looked   string               // the configuration at the last look; the looker's own
	lookedAt string               // the configuration for which a look was last asked
	started  bool                 // the disk has been looked at, or is about to be
	again    bool                 // it is to be looked at, by a look that has not begun
	looking  bool
	busy     bool // a worker is at the stale pages
	stopped  bool
	idle     *sync.Cond // told when one of these has changed
}

type document struct {
	version int32
	text    string
	changed time.Time // when it was opened or last edited
}

// A State is a site at one instant.
type State struct {
	*site.Snapshot
	Settings *rules.Settings
	Versions map[site.Path]int32 // of what is open
	Ready    bool                // the configuration and all templates have been read
	Complete bool                // every page has
	Notes    []string            // what was left out, for people
}

func newSite(w *Workspace, root string, loose bool) *Site {
	s := &Site{
		Root: root, loose: loose, w: w,
		unread: map[site.Path]bool{}, docs: map[site.Path]*document{}, stale: map[site.Path]bool{}, changed: map[site.Path]bool{},
		disk: map[site.Path]stamp{}, shut: map[site.Path]string{}, closed: map[site.Path]bool{},
	}
	s.idle = sync.NewCond(&s.mu)
	b := site.New(w.rules).Build()
	empty := b.Done()
	b = empty.Build()
	b.Configure(empty.Config, loose)
	s.state.Store(&State{Snapshot: b.Done(), Settings: rules.DefaultSettings().Over(w.editor.Load()), Versions: map[site.Path]int32{}, Ready: loose, Complete: loose})
	return s
}

// Path returns a file's path in the site. A file outside gets a path that no
// file of the site has.
func (s *Site) Path(file string) site.Path {
	rel, err := filepath.Rel(s.Root, file)
	if err != nil {
		return site.Path(filepath.ToSlash(file))
	}
	return site.Path(filepath.ToSlash(rel))
}

// File returns the file on disk of a path.
func (s *Site) File(p site.Path) string { return filepath.Join(s.Root, filepath.FromSlash(string(p))) }

// Inside reports whether a path lies in the site's folder.
func Inside(p site.Path) bool {
	return !strings.HasPrefix(string(p), "../") && p != ".." && !strings.HasPrefix(string(p), "/") && !filepath.IsAbs(string(p))
}

// Now returns the newest state: one in which all buffers are as they were last
// changed. A burst of changes is parsed once.
func (s *Site) Now() *State {
	if s.dirty.Load() {
		s.mu.Lock()
		s.flush()
		s.mu.Unlock()
	}
	return s.state.Load()
}

// began reports whether the site's files have been looked at, or are about to be.
func (s *Site) began() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

func (s *Site) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	for s.looking || s.busy {
		s.idle.Wait()
	}
}

func (s *Site) tell() {
	if s.w.court != nil {
		s.w.court.wake()
	}
	s.w.notify(Event{Site: s})
}
