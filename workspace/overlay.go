package workspace

import (
	"maps"
	"time"

	"scholium/analysis/jekyll"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// SettingsFile is where a site keeps Scholium's settings.
const SettingsFile = ".scholium.yml"

func (s *Site) open(p site.Path, version int32, text string) {
	s.mu.Lock()
	s.docs[p] = &document{version, text, time.Now()}
	s.changed[p] = true
	s.dirty.Store(true)
	s.mu.Unlock()
	s.Refresh()
	s.tell()
}

func (s *Site) change(p site.Path, version int32, edit func(string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	doc := s.docs[p]
	if doc == nil {
		return
	}
	doc.text, doc.version, doc.changed = edit(doc.text), version, time.Now()
	s.changed[p] = true
	s.dirty.Store(true)
	s.tell()
}

func (s *Site) text(p site.Path) (string, int32, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc := s.docs[p]; doc != nil {
		return doc.text, doc.version, true
	}
	return "", 0, false
}

func (s *Site) close(p site.Path) {
	s.mu.Lock()
	delete(s.docs, p)
	s.closed[p] = true
	s.changed[p] = true
	s.dirty.Store(true)
	s.mu.Unlock()
	s.Refresh()
	s.tell()
}

// flush makes the next state from the buffers that have changed. The lock is held.
func (s *Site) flush() {
	if len(s.changed) == 0 {
		s.dirty.Store(false)
		return
	}
	now := s.state.Load()
	b := now.Build()
	next := *now
	var touched []site.Path
	for p := range s.changed {
		delete(s.changed, p)
		touched = append(touched, p)
		doc := s.docs[p]
		if doc == nil { // closed: the text goes unless pages are made from it
			if !s.keeps(now.Snapshot, p) {
				b.NoSource(p)
			}
			continue
		}
		src := site.NewSource(p, doc.text)
		b.Source(src)
		b.SourceHead(src)
		if !now.Has(p) {
			b.File(p, int64(len(doc.text)))
		}
		s.configure(b, &next, src)
	}
	next.Snapshot = b.Done()
	s.publish(now, &next, touched)
	s.dirty.Store(false) // only now: whoever sees it clean must find the new state
}

// configure takes up a changed configuration or settings file.
func (s *Site) configure(b *site.Builder, next *State, src *site.Source) {
	switch string(src.Path) {
	case SettingsFile:
		next.Settings = rules.ReadSettings(src).Over(s.w.editor.Load())
	case "_config.yml", "_config.yaml":
		if !s.loose {
			configureSite(b, jekyll.ReadConfig(src.Text))
			if s.started && src.Text != s.lookedAt {
				s.lookedAt = src.Text
				s.refresh() // other files count now
			}
		}
	}
}

// configureSite gives a site its configuration, with what the machine knows of
// the time zone that it names. An unknown zone is UTC.
func configureSite(b *site.Builder, config *jekyll.Config) {
	b.Configure(config, false)
	var zone *time.Location
	if name := config.Values.Get("timezone").Text; name != "" {
		if loaded, err := time.LoadLocation(name); err == nil {
			zone = loaded
		}
	}
	b.Zone(zone)
}

// publish stores a state in which the touched files are as next has them: open
// pages that depend on them are made anew at once, closed ones later. The lock
// is held.
func (s *Site) publish(now, next *State, touched []site.Path) {
	if next.Config != now.Config { // files may count as others now
		b := next.Build()
		for p := range s.docs {
			if src := next.Source(p); src != nil {
				b.SourceHead(src)
			}
		}
		for p := range s.disk {
			switch {
			case s.docs[p] != nil:
			case !s.loose && site.Headed(next.Config, p):
				s.unread[p] = true
			default:
				b.NoHead(p)
			}
		}
		next.Snapshot = b.Done()
	}
	remake := map[site.Path]bool{}
	for _, p := range append(next.Changed(now.Snapshot), touched...) {
		if s.docs[p] != nil {
			remake[p] = true
		}
		for _, r := range next.Readers(p) {
			if s.docs[r] != nil {
				remake[r] = true
			} else {
				s.stale[r] = true
			}
		}
	}
	if next.Config != now.Config {
		for p := range s.docs {
			remake[p] = true
		}
		for _, f := range next.AllFacts() {
			if s.docs[f.Path] == nil {
				s.stale[f.Path] = true
			}
		}
		for p := range s.disk { // what was no page may be one now
			if s.docs[p] == nil && s.pageLike(next.Config, p) {
				s.stale[p] = true
			}
		}
	}
	b := next.Build()
	for p := range remake {
		src := next.Source(p)
		if src == nil {
			continue
		}
		if page := s.make(next.Snapshot, src, now.Page(p)); page != nil {
			b.Page(page, true)
		} else {
			b.NoPage(p)
		}
	}
	for _, p := range touched {
		if s.docs[p] == nil && now.Page(p) != nil {
			s.stale[p] = true // closed: made once more from the disk, then kept as facts
		}
	}
	next.Snapshot = b.Done()
	next.Versions = maps.Clone(next.Versions)
	clear(next.Versions)
	for p, doc := range s.docs {
		next.Versions[p] = doc.version
	}
	s.state.Store(next)
	s.work()
}

// keeps reports whether a file's text is kept though it is closed: pages are
// made from it.
func (s *Site) keeps(snap *site.Snapshot, p site.Path) bool {
	f := snap.Config.Classify(string(p))
	switch f.Kind {
	case jekyll.Include, jekyll.Layout, jekyll.Data, jekyll.ConfigFile:
		return true
	}
	return string(p) == SettingsFile || string(p) == jekyll.LockFile || isScript(string(p)) || site.IsBib(p)
}
