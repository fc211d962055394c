package workspace

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// A Workspace is everything that is open: sites, and files outside any.
type Workspace struct {
	log    *zap.Logger
	rules  site.Rules
	notify func(Event)
	court  *court // nil without a judge

	gallery gallery

	editor atomic.Pointer[rules.Settings] // what counts where a site says nothing; nil: nothing

	mistakes sync.Map // what could not be made into a page for a mistake of ours, by file

	mu    sync.Mutex
	sites map[string]*Site  // by root folder
	roots map[string]string // the site root of a folder, as found before
	docs  map[string]*Site  // where each open file went
}

// An Event tells that a site has a new State, or how far a load has come.
type Event struct {
	Site     *Site
	Progress *Progress // nil for a new State
}

// Progress is the state of a load.
type Progress struct {
	Done, Total int // pages; both 0 while the folder is still being walked
	Finished    bool
}

// New returns an empty workspace. notify is called from any goroutine, and must
// not block; it may be nil.
func New(log *zap.Logger, check site.Rules, notify func(Event)) *Workspace {
	if log == nil {
		log = zap.NewNop()
	}
	if notify == nil {
		notify = func(Event) {}
	}
	return &Workspace{
		log: log, rules: check, notify: notify,
		sites: map[string]*Site{}, roots: map[string]string{}, docs: map[string]*Site{},
	}
}

// ConfigNames are the files that make a folder a site.
var ConfigNames = []string{"_config.yml", "_config.yaml"}

// FindRoot returns the nearest folder at or above dir that is a Jekyll site,
// and whether there is one.
func FindRoot(dir string) (string, bool) {
	for {
		for _, name := range ConfigNames {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
				return dir, true
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// Site returns the site that a file belongs to, and the file's path in it. A
// file outside any site belongs to a loose site, which is its folder alone.
func (w *Workspace) Site(file string) (*Site, site.Path) {
	file = filepath.Clean(file)
	dir := filepath.Dir(file)
	w.mu.Lock()
	s := w.docs[file]
	if s == nil {
		s = w.siteAt(dir)
	}
	w.mu.Unlock()
	return s, s.Path(file)
}

// siteAt returns the site of a folder. The lock is held.
func (w *Workspace) siteAt(dir string) *Site {
	root, known := w.roots[dir]
	loose := false
	if !known {
		var ok bool
		if root, ok = FindRoot(dir); ok {
			w.roots[dir] = root
		} else {
			root, loose = dir, true // asked again next time: a site may come into being
		}
	}
	s := w.sites[root]
	if s == nil || s.loose != loose {
		s = newSite(w, root, loose)
		w.sites[root] = s
	}
	return s
}

// AddFolder makes the site of a folder known, so that it is read. A folder that
// is no site, and lies in none, is searched for sites directly below it.
func (w *Workspace) AddFolder(dir string) []*Site {
	dir = filepath.Clean(dir)
	var out []*Site
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := FindRoot(dir); ok {
		return append(out, w.siteAt(dir))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.log.Warn("reading a workspace folder", zap.Error(err))
		return nil
	}
	for _, e := range entries {
		sub := filepath.Join(dir, e.Name())
		if !e.IsDir() {
			continue
		}
		for _, name := range ConfigNames {
			if _, err := os.Stat(filepath.Join(sub, name)); err == nil {
				out = append(out, w.siteAt(sub))
				break
			}
		}
	}
	return out
}

// Prefer gives what counts where a site's own settings say nothing: what the
// author told the editor. Every site has a new state then.
func (w *Workspace) Prefer(editor *rules.Settings) {
	if was := w.editor.Swap(editor); was == nil && editor == nil {
		return
	}
	w.mu.Lock()
	sites := slices.Collect(maps.Values(w.sites))
	w.mu.Unlock()
	for _, s := range sites {
		s.mu.Lock()
		s.flush()
		next := *s.state.Load()
		next.Settings = next.Settings.Over(w.editor.Load())
		s.state.Store(&next)
		s.mu.Unlock()
		s.tell()
	}
}

// Sites returns the sites that are known, by their folders.
func (w *Workspace) Sites() []*Site {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]*Site, 0, len(w.sites))
	for _, s := range w.sites {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *Site) int { return compareStrings(a.Root, b.Root) })
	return out
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Open takes a file's text from a buffer: it wins over the disk until Close. One
// that is too large to be read from disk is left alone here, too.
func (w *Workspace) Open(file string, version int32, text string) {
	if len(text) > maxFileSize {
		w.log.Warn("an open file is larger than 8 MB: nothing is said of it", zap.String("file", file))
		return
	}
	s, p := w.Site(file)
	w.mu.Lock()
	w.docs[filepath.Clean(file)] = s
	w.mu.Unlock()
	s.open(p, version, text)
}

// Change edits an open file's text. It does nothing for a file that is not open.
func (w *Workspace) Change(file string, version int32, edit func(text string) string) {
	s, p := w.Site(file)
	s.change(p, version, edit)
}

// Text returns an open file's text as it was last changed, and its version.
func (w *Workspace) Text(file string) (text string, version int32, open bool) {
	s, p := w.Site(file)
	return s.text(p)
}

// Close gives a file back to the disk.
func (w *Workspace) Close(file string) {
	s, p := w.Site(file)
	w.mu.Lock()
	delete(w.docs, filepath.Clean(file))
	w.mu.Unlock()
	s.close(p)
}

// Touched tells that files may have changed on disk: they are looked at again.
// A _config.yml that comes or goes moves open files to the site they are now in.
func (w *Workspace) Touched(files []string) {
	moved := false
	touched := map[*Site]bool{}
	for _, f := range files {
		if slices.Contains(ConfigNames, filepath.Base(f)) {
			moved = true
		}
	}
	if moved {
		w.move()
	}
	for _, f := range files {
		s, _ := w.Site(f)
		w.mu.Lock()
		known := w.sites[s.Root] == s && s.began()
		w.mu.Unlock()
		if known {
			touched[s] = true
		}
	}
	for s := range touched {
		s.Refresh()
	}
}

// move looks anew for the site of every open file.
func (w *Workspace) move() {
	type doc struct {
		file, text string
		version    int32
	}
	var docs []doc
	w.mu.Lock()
	clear(w.roots)
	for file, s := range w.docs {
		root, ok := FindRoot(filepath.Dir(file))
		if ok == s.loose || ok && root != s.Root {
			if text, version, open := s.text(s.Path(file)); open {
				docs = append(docs, doc{file, text, version})
			}
		}
	}
	w.mu.Unlock()
	for _, d := range docs {
		w.Close(d.file)
		w.Open(d.file, d.version, d.text)
	}
}

// Stop ends all background work.
func (w *Workspace) Stop() {
	if w.court != nil {
		w.court.stop()
		<-w.court.done
	}
	w.gallery.making.Wait()
	if w.court != nil {
		w.court.judge.Close()
	}
	for _, s := range w.Sites() {
		s.stop()
	}
}
