package workspace

import (
	"context"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"scholium/analysis/jekyll"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// Refresh looks at the disk again, in the background: what was changed, made or
// deleted since the last time is taken up. The first time it reads the site.
func (s *Site) Refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh()
}

// refresh is Refresh with the lock held.
func (s *Site) refresh() {
	if s.stopped {
		return
	}
	s.started, s.again = true, true
	if s.looking {
		return // it looks once more when it is done
	}
	s.looking = true
	go func() {
		for s.begin() {
			s.look()
		}
	}()
}

// begin says whether the disk is to be looked at once more.
func (s *Site) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	more := s.again && !s.stopped
	s.again, s.looking = false, more
	s.idle.Broadcast()
	return more
}

// Wait returns when everything that was known to have changed has been taken
// up: the whole site is read.
func (s *Site) Wait() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.stopped && (s.again || s.looking || s.busy || len(s.stale) > 0 || len(s.unread) > 0) {
		s.idle.Wait()
	}
}

// WaitRead is Wait, or ctx's error.
func (s *Site) WaitRead(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.idle.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for ctx.Err() == nil && !s.stopped && (s.again || s.looking || s.busy || len(s.stale) > 0 || len(s.unread) > 0) {
		s.idle.Wait()
	}
	return ctx.Err()
}

// WaitReady returns when the configuration and the templates have been read, so
// that the open pages are as their readers get them; or with ctx's error. It
// does not wait for a site that nobody has begun to read.
func (s *Site) WaitReady(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.idle.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.started && !s.state.Load().Ready && !s.stopped {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.idle.Wait()
	}
	return ctx.Err()
}

// look compares the disk with what is known of it.
func (s *Site) look() {
	config := jekyll.ReadConfig("")
	text, _ := s.current("_config.yml")
	if text == "" {
		text, _ = s.current("_config.yaml")
	}
	if !s.loose {
		config = jekyll.ReadConfig(text)
	}
	w := s.walk(config)
	now := s.Now()
	all := !now.Ready || text != s.looked
	s.looked = text
	changed, gone := s.compare(w.files, all)
	sources, plugins, missed := s.sources(config, w.files, changed)

	s.mu.Lock()
	now = s.state.Load()
	next := *now
	b := now.Build()
	if all && !s.loose && s.docs["_config.yml"] == nil {
		configureSite(b, config)
	}
	for _, p := range gone {
		delete(s.shut, p)
	}
	s.opaque = w.opaque
	b.Opaque(s.unseen())
	if plugins != nil || all {
		b.Plugins(plugins)
	}
	if all {
		b.Clock(time.Now())
	}
	var touched []site.Path
	for _, p := range changed {
		if st, ok := w.files[p]; ok {
			if !now.Has(p) {
				touched = append(touched, p)
			}
			b.File(p, st.size)
		}
	}
	for _, p := range gone {
		if s.docs[p] != nil {
			continue
		}
		b.NoFile(p)
		b.NoSource(p)
		b.NoPage(p)
		b.NoHead(p)
		delete(s.stale, p)
		delete(s.unread, p)
		touched = append(touched, p)
	}
	for _, src := range sources {
		if s.docs[src.Path] == nil {
			b.Source(src)
			s.configure(b, &next, src)
			touched = append(touched, src.Path)
		}
	}
	if slices.Contains(gone, SettingsFile) && s.docs[SettingsFile] == nil {
		next.Settings = rules.DefaultSettings().Over(s.w.editor.Load())
	}
	s.disk = w.files
	s.miss(missed...)
	for _, p := range changed {
		if s.docs[p] == nil && s.pageLike(config, p) {
			s.stale[p] = true
		}
		switch {
		case s.docs[p] != nil:
			if src := now.Source(p); src != nil {
				b.SourceHead(src)
			}
		case !s.loose && site.Headed(config, p):
			s.unread[p] = true
		default:
			b.NoHead(p)
		}
	}
	next.Snapshot, next.Ready, next.Notes = b.Done(), true, s.notes(w.notes)
	s.walked = w.notes
	next.Complete = next.Complete && len(s.stale) == 0 && len(s.unread) == 0
	if len(touched) > 0 || len(changed) > 0 || !now.Ready {
		if !now.Ready {
			for p := range s.docs {
				touched = append(touched, p)
			}
		}
		s.publish(now, &next, touched)
	}
	s.work()
	s.idle.Broadcast()
	s.mu.Unlock()
	s.tell()
}

// current returns a file's text: the buffer's, or the disk's.
func (s *Site) current(p site.Path) (string, bool) {
	if text, _, open := s.text(p); open {
		return text, true
	}
	return s.Read(p)
}

// compare says which files are new or changed, and which are gone.
func (s *Site) compare(files map[site.Path]stamp, all bool) (changed, gone []site.Path) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, st := range files {
		if old, ok := s.disk[p]; all || !ok || s.closed[p] || old.size != st.size || !old.time.Equal(st.time) {
			changed = append(changed, p)
		}
	}
	for p := range s.disk {
		if _, ok := files[p]; !ok {
			gone = append(gone, p)
			delete(s.closed, p)
		}
	}
	for p := range s.closed {
		if _, ok := files[p]; !ok && s.docs[p] == nil {
			gone = append(gone, p)
		}
		delete(s.closed, p)
	}
	slices.Sort(changed)
	slices.Sort(gone)
	return changed, gone
}

// miss has files that were not readable be looked at again the next time,
// whatever they look like then: one that was away for an instant comes back as
// it was. The lock is held.
func (s *Site) miss(files ...site.Path) {
	for _, p := range files {
		if _, ok := s.disk[p]; ok {
			s.disk[p] = stamp{size: -1}
		}
	}
}

// sources reads the files that pages are made from. The texts of plugins come
// apart, where any has changed. Missed are those that
// were not readable.
func (s *Site) sources(config *jekyll.Config, files map[site.Path]stamp, changed []site.Path) (out []*site.Source, plugins []string, missed []site.Path) {
	pluginsChanged := false
	for _, p := range changed {
		name := string(p)
		kind := config.Classify(name).Kind
		switch {
		case strings.HasPrefix(name, "_plugins/"):
			pluginsChanged = true
			continue
		case name == SettingsFile:
		case s.loose:
			continue
		case name == jekyll.LockFile:
		case kind == jekyll.Include || kind == jekyll.Layout || kind == jekyll.ConfigFile:
		case kind == jekyll.Data && site.Readable(p):
		case isScript(name) && kind == jekyll.Static:
		case site.IsBib(p):
		default:
			continue
		}
		text, why := s.read(p)
		if why != "" {
			if why == notReadable {
				missed = append(missed, p)
			}
			continue
		}
		if isScript(name) && kind == jekyll.Static && !speaksOfMath(text) {
			continue
		}
		out = append(out, site.NewSource(p, text))
	}
	if pluginsChanged {
		for p := range files {
			if strings.HasPrefix(string(p), "_plugins/") && path.Ext(string(p)) == ".rb" {
				switch text, why := s.read(p); why {
				case "":
					plugins = append(plugins, text)
				case notReadable:
					missed = append(missed, p)
				}
			}
		}
	}
	return out, plugins, missed
}

func isScript(name string) bool { return path.Ext(name) == ".js" }

func speaksOfMath(script string) bool {
	return len(script) < 1<<20 && (strings.Contains(script, "MathJax") || strings.Contains(script, "renderMathInElement"))
}

// pageLike reports whether a path may be that of a page.
func (s *Site) pageLike(config *jekyll.Config, p site.Path) bool {
	f := config.Classify(string(p))
	return (f.Markdown || f.HTML) && (f.Rendered() || f.Kind == jekyll.NotAPost)
}

// work sees to it that stale pages are made anew. The lock is held.
func (s *Site) work() {
	if s.busy || s.stopped {
		return
	}
	if len(s.stale) == 0 && len(s.unread) == 0 {
		if now := s.state.Load(); now.Ready && !now.Complete {
			next := *now
			next.Complete = true
			s.state.Store(&next)
		}
		s.idle.Broadcast()
		return
	}
	s.busy = true
	go func() {
		for s.readHeads() {
		}
		for s.makeStale() {
		}
	}()
}

// readHeads reads the front matter of files on disk, on which other pages may
// depend. It returns false when none was left to read.
func (s *Site) readHeads() bool {
	s.mu.Lock()
	list := slices.Sorted(maps.Keys(s.unread))
	clear(s.unread) // before they are read: one that changes meanwhile is read again
	stopped := s.stopped
	s.mu.Unlock()
	if len(list) == 0 || stopped {
		return false
	}
	heads := make([]*site.Head, len(list))
	shut := make([]string, len(list)) // why it cannot be read
	sources := make([]*site.Source, len(list))
	config := s.state.Load().Config
	inParallel(len(list), func(i int) {
		text, why := s.readHead(list[i])
		if shut[i] = why; why != "" {
			return
		}
		heads[i] = site.NewHead(list[i], text)
		if f := config.Classify(string(list[i])); !heads[i].Present && f.Kind == jekyll.Static && (f.Markdown || f.HTML) {
			// Not a page, so that it may be a part of one: include_relative.
			if text, ok := s.Read(list[i]); ok {
				sources[i] = site.NewSource(list[i], text)
			} else {
				shut[i] = notReadable
			}
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	now := s.state.Load()
	b := now.Build()
	var touched []site.Path
	for i, p := range list {
		if s.unread[p] {
			continue // changed meanwhile: it is read again
		}
		if f := now.Config.Classify(string(p)); s.docs[p] == nil && now.Has(p) && (f.Markdown || f.HTML) {
			was := now.Source(p)
			if sources[i] != nil {
				b.Source(sources[i])
			} else if was != nil {
				b.NoSource(p)
			}
			if was != nil || sources[i] != nil {
				touched = append(touched, p)
			}
		}
		if shut[i] == "" {
			delete(s.shut, p)
		} else if now.Has(p) {
			s.shut[p] = shut[i]
			if shut[i] == notReadable {
				s.miss(p)
			}
		}
		switch {
		case s.docs[p] != nil: // opened meanwhile: the buffer's counts
		case heads[i] == nil || !now.Has(p) || !site.Headed(now.Config, p):
			b.NoHead(p)
		default:
			b.Head(heads[i])
		}
	}
	b.Opaque(s.unseen())
	next := *now
	next.Snapshot, next.Notes = b.Done(), s.notes(s.walked)
	s.publish(now, &next, touched)
	return true
}

// unseen are the folders and files that could not be read. The lock is held.
func (s *Site) unseen() []site.Path {
	return append(slices.Clone(s.opaque), slices.Sorted(maps.Keys(s.shut))...)
}

// notes adds to what a walk has to say the files that could not be read. The
// lock is held.
func (s *Site) notes(walked []string) []string {
	out := slices.Clone(walked)
	for _, p := range slices.Sorted(maps.Keys(s.shut)) {
		if len(out) < maxNotes {
			out = append(out, s.shut[p]+": "+string(p))
		}
	}
	return out
}

// inParallel calls f for 0 to n-1, on as many processors as there are.
func inParallel(n int, f func(i int)) {
	var at atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(at.Add(1)) - 1; i < n; i = int(at.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// batch is how many pages are made before the site's state is renewed.
const batch = 2000

// makeStale makes a batch of stale pages; it returns false when none is left.
func (s *Site) makeStale() bool {
	s.mu.Lock()
	s.flush()
	now := s.state.Load()
	list := slices.Sorted(maps.Keys(s.stale))
	total := len(list)
	if total == 0 || s.stopped || len(s.unread) > 0 {
		s.busy = false
		s.work()
		s.idle.Broadcast()
		s.mu.Unlock()
		s.w.notify(Event{s, &Progress{Finished: true}})
		s.tell()
		return false
	}
	list = list[:min(len(list), batch)]
	for _, p := range list {
		delete(s.stale, p)
	}
	s.mu.Unlock()
	s.w.notify(Event{s, &Progress{Done: 0, Total: total}})

	pages := make([]*site.Page, len(list))
	missed := make([]bool, len(list))
	inParallel(len(list), func(i int) {
		text, why := s.read(list[i])
		if missed[i] = why == notReadable; why == "" {
			pages[i] = s.make(now.Snapshot, site.NewSource(list[i], text), nil)
		}
	})

	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.state.Load()
	b := current.Build()
	for i, p := range list {
		switch page := pages[i]; {
		case s.docs[p] != nil: // opened meanwhile
		case !current.Has(p):
		case current.Config != now.Config || page != nil && !current.Fresh(page):
			s.stale[p] = true
		case page == nil:
			b.NoPage(p)
			if missed[i] {
				s.miss(p)
			}
		default:
			b.Page(page, false)
		}
	}
	state := *current
	state.Snapshot = b.Done()
	s.state.Store(&state)
	return true
}
