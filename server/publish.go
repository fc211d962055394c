package server

import (
	"context"
	"hash/fnv"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"scholium/analysis"
	"scholium/workspace"
)

// quiet is how long nothing may change before new problems are shown: a name
// that is half typed is not a mistake yet.
const quiet = 150 * time.Millisecond

// A report is the problems of one open file.
type report struct {
	version int32
	items   []protocol.Diagnostic
	keys    []string // what makes a problem the same one, wherever it has moved to
	state   any      // what it was made from: equal states give equal reports
}

// A publisher decides when problems are shown. What has gone goes at once; what
// is new waits for quiet; what is the same is never sent again. A client that
// asks for problems itself is told when to ask.
type publisher struct {
	list  func(file string) (report, bool) // the newest; false while it is not known yet
	send  func(uri.URI, report)
	again func() // asks the client to ask
	pull  bool
	also  func(files []string, settled bool) bool // looks at the open files for more than problems; true where something waits
	woken chan struct{}

	mu      sync.Mutex
	docs    map[uri.URI]*shown
	touched time.Time // when something last changed
}

// shown is what the client has of a file.
type shown struct {
	file    string
	items   []protocol.Diagnostic
	keys    []string
	ever    bool // something was shown since it was opened
	sent    bool // push: the client holds a list that is not empty
	pending bool // there is more, which waits for quiet
	state   any
}

func newPublisher(list func(string) (report, bool), send func(uri.URI, report), again func()) *publisher {
	return &publisher{list: list, send: send, again: again, woken: make(chan struct{}, 1), docs: map[uri.URI]*shown{}}
}

// open begins to show a file's problems; the first are shown without delay.
func (p *publisher) open(u uri.URI, file string) {
	p.mu.Lock()
	p.docs[u] = &shown{file: file}
	p.mu.Unlock()
	p.wake()
}

// touch notes that some file is being edited.
func (p *publisher) touch() {
	p.mu.Lock()
	p.touched = time.Now()
	p.mu.Unlock()
}

// forget takes a closed file's problems away.
func (p *publisher) forget(u uri.URI) {
	p.mu.Lock()
	d := p.docs[u]
	delete(p.docs, u)
	p.mu.Unlock()
	if d != nil && d.sent && !p.pull {
		p.send(u, report{items: []protocol.Diagnostic{}})
	}
}

// wake tells that something may have changed.
func (p *publisher) wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

// run shows problems until the session ends. It is the only one to push.
func (p *publisher) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-p.woken:
			if p.round(false) {
				timer.Reset(quiet)
			}
		case <-timer.C:
			p.round(true)
		}
	}
}

// round looks at every open file. It returns true where something new waits.
func (p *publisher) round(settled bool) (waiting bool) {
	p.mu.Lock()
	var open []uri.URI
	for u := range p.docs {
		open = append(open, u)
	}
	p.mu.Unlock()
	slices.Sort(open)
	ask := false
	var files []string
	for _, u := range open {
		p.mu.Lock()
		d := p.docs[u]
		p.mu.Unlock()
		if d == nil {
			continue
		}
		files = append(files, d.file)
		now, ok := p.list(d.file)
		if !ok {
			continue
		}
		p.mu.Lock()
		if d.state == now.state && !d.pending {
			p.mu.Unlock()
			continue
		}
		d.state = now.state
		if p.pull {
			if !slices.Equal(now.keys, d.keys) || !sameItems(now.items, d.items) {
				waiting = waiting || !settled
				ask = ask || settled
			}
			d.pending = !settled
			p.mu.Unlock()
			continue
		}
		next := now
		if d.ever && !settled {
			next = now.shared(d.keys)
		}
		d.pending = len(next.items) < len(now.items)
		waiting = waiting || d.pending
		changed := !sameItems(next.items, d.items)
		d.items, d.keys, d.ever = next.items, next.keys, true
		d.sent = d.sent && !changed || len(next.items) > 0
		p.mu.Unlock()
		if changed {
			p.send(u, next)
		}
	}
	if ask {
		p.again()
	}
	if p.also != nil && p.also(files, settled) {
		waiting = true
	}
	return waiting
}

// answer is what a client that asks is told: while a file is being edited only
// what it was told before and what is still true.
func (p *publisher) answer(u uri.URI, now report) report {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.docs[u]
	if d == nil {
		return now
	}
	next := now
	if d.ever && time.Since(p.touched) < quiet {
		next = now.shared(d.keys)
		d.pending = len(next.items) < len(now.items)
		if d.pending {
			p.wake()
		}
	}
	d.items, d.keys, d.ever = next.items, next.keys, true
	return next
}

// shared returns the part of a report that a client has been shown already.
func (r report) shared(keys []string) report {
	left := map[string]int{}
	for _, k := range keys {
		left[k]++
	}
	out := report{version: r.version, items: []protocol.Diagnostic{}, state: r.state}
	for i, k := range r.keys {
		if left[k] > 0 {
			left[k]--
			out.items, out.keys = append(out.items, r.items[i]), append(out.keys, k)
		}
	}
	return out
}

func sameItems(a, b []protocol.Diagnostic) bool {
	return slices.EqualFunc(a, b, func(x, y protocol.Diagnostic) bool {
		return x.Range == y.Range && x.Severity == y.Severity && x.Message == y.Message && x.Code == y.Code
	})
}

// problems is the newest report of an open file. It is called by the publisher
// alone. A page whose problems cannot differ from those of the state before is
// not asked again: typing in one file costs the others nothing.
func (s *session) problems(file string) (report, bool) {
	where, path := s.work.Site(file)
	state := where.Now()
	if !state.Ready {
		return report{}, false
	}
	old, known := s.reports[file]
	if then, ok := old.state.(*workspace.State); known && ok && then.Settings == state.Settings && state.Facts(path) != nil &&
		!slices.Contains(state.Since(then.Snapshot), path) {
		old.state, old.version = state, state.Versions[path]
		s.reports[file] = old
		return old, true
	}
	s.reports[file] = s.report(&document{where, state, path})
	return s.reports[file], true
}

func (s *session) report(d *document) (r report) {
	defer func() { // the publisher must go on, whatever a rule does
		if v := recover(); v != nil {
			s.log.Error("panic", zap.String("page", string(d.path)), zap.Any("value", v), zap.String("stack", string(debug.Stack())))
		}
	}()
	r = report{version: d.state.Versions[d.path], items: []protocol.Diagnostic{}, state: d.state}
	c := s.converter(d)
	for _, p := range analysis.Problems(d.state.Snapshot, d.state.Settings, d.path) {
		if p.At.File != d.path {
			continue // shown in the file it lies in, when that is open
		}
		r.items = append(r.items, c.diagnostic(&p, s.caps.relatedInfo))
		r.keys = append(r.keys, p.Code+"\x00"+p.Message)
	}
	return r
}

// push sends a file's problems.
func (s *session) push(u uri.URI, r report) {
	params := &protocol.PublishDiagnosticsParams{URI: u, Diagnostics: r.items}
	if s.caps.versions {
		params.Version = protocol.NewOptional(r.version)
	}
	if err := s.client.PublishDiagnostics(s.bg, params); err != nil && s.bg.Err() == nil {
		s.log.Warn("publishing problems", zap.Error(err))
	}
}

// askAgain tells a client that asks for problems to do so.
func (s *session) askAgain() {
	if !s.caps.refresh {
		return
	}
	go func() { // an answer is due, which the reader must be free to take
		if err := s.client.DiagnosticRefresh(s.bg); err != nil && s.bg.Err() == nil {
			s.log.Info("asking for a refresh of problems", zap.Error(err))
		}
	}()
}

// Diagnostic answers textDocument/diagnostic.
func (s *session) Diagnostic(ctx context.Context, p *protocol.DocumentDiagnosticParams) (protocol.DocumentDiagnosticReport, error) {
	d := asked(ctx)
	r := report{items: []protocol.Diagnostic{}}
	if d != nil {
		r = s.publish.answer(p.TextDocument.URI, s.report(d))
	}
	id := r.id()
	if p.PreviousResultID != nil && *p.PreviousResultID == id {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{
			UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{Kind: "unchanged", ResultID: id},
		}, nil
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{
		FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{Kind: "full", ResultID: ptr(id), Items: r.items},
	}, nil
}

// id names the contents of a report.
func (r report) id() string {
	h := fnv.New64a()
	for i, k := range r.keys {
		at := r.items[i].Range
		for _, n := range []uint32{at.Start.Line, at.Start.Character, at.End.Line, at.End.Character, uint32(r.items[i].Severity)} {
			h.Write(strconv.AppendUint(nil, uint64(n), 10))
			h.Write([]byte{','})
		}
		h.Write([]byte(k))
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
