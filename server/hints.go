package server

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"scholium/analysis"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// hintKinds are the hints that the client wants; all where it does not say.
type hintKinds struct {
	References *bool `json:"references"`
	Numbers    *bool `json:"numbers"`
	Footnotes  *bool `json:"footnotes"`
}

// readHints reads the wish: an object by kind, or one word for all.
func readHints(raw json.RawMessage) (k hintKinds) {
	var all bool
	if json.Unmarshal(raw, &all) == nil {
		return hintKinds{&all, &all, &all}
	}
	if json.Unmarshal(raw, &k) != nil {
		return hintKinds{}
	}
	return k
}

func (k hintKinds) wants(kind analysis.HintKind) bool {
	on := [...]*bool{analysis.ReferenceHint: k.References, analysis.NumberHint: k.Numbers, analysis.FootnoteHint: k.Footnotes}[kind]
	return on == nil || *on
}

// same reports whether two wishes come to the same.
func (k hintKinds) same(other hintKinds) bool {
	for _, kind := range []analysis.HintKind{analysis.ReferenceHint, analysis.NumberHint, analysis.FootnoteHint} {
		if k.wants(kind) != other.wants(kind) {
			return false
		}
	}
	return true
}

// InlayHint answers textDocument/inlayHint.
func (s *session) InlayHint(ctx context.Context, p *protocol.InlayHintParams) ([]protocol.InlayHint, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	s.hints.tell(p.TextDocument.URI.FsPath(), d.state.Page(d.path))
	c := s.converter(d)
	out := []protocol.InlayHint{}
	wanted := s.wishes.Load().hints
	for _, h := range analysis.Hints(d.state.Page(d.path), text.Span{Start: c.offset(d.path, p.Range.Start), End: c.offset(d.path, p.Range.End)}) {
		if wanted.wants(h.Kind) {
			at := position(c.lines(d.path).Position(h.Offset, s.encoding))
			out = append(out, protocol.InlayHint{Position: at, Label: protocol.String(h.Label), PaddingLeft: ptr(true)})
		}
	}
	return out, nil
}

// A hintWatch finds out where the hints of an open file have changed and the
// file has not: its client does not ask for them again by itself.
type hintWatch struct {
	mu   sync.Mutex
	told map[string]*site.Page // what the hints were made from that the client has, by file
}

func (h *hintWatch) tell(file string, page *site.Page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told == nil {
		h.told = map[string]*site.Page{}
	}
	h.told[file] = page
}

// moved looks at the files that are open. It returns true where a refresh waits
// for quiet.
func (s *session) moved(open []string, settled bool) (waiting bool) {
	if !s.caps.hintRefresh {
		return false
	}
	h := &s.hints
	h.mu.Lock()
	defer h.mu.Unlock()
	refresh := false
	for file, then := range h.told {
		where, path := s.work.Site(file)
		now := where.Now().Page(path)
		switch {
		case !slices.Contains(open, file):
			delete(h.told, file)
		case now == then || now == nil || then == nil || now.Source.Text != then.Source.Text:
			// After an edit of its own the client asks by itself.
		case slices.Equal(analysis.Hints(now, everything), analysis.Hints(then, everything)):
			h.told[file] = now
		case settled:
			h.told[file], refresh = now, true
		default:
			waiting = true
		}
	}
	if refresh {
		s.askHints()
	}
	return waiting
}

// askHints tells the client to ask for hints again.
func (s *session) askHints() {
	go func() { // an answer is due, which the reader must be free to take
		if err := s.client.InlayHintRefresh(s.bg); err != nil && s.bg.Err() == nil {
			s.log.Info("asking for a refresh of hints", zap.Error(err))
		}
	}()
}

var everything = text.Span{Start: 0, End: math.MaxInt}
