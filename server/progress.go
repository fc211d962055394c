package server

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"scholium/workspace"
)

// progress shows how far the reading of sites has come, where the client can.
type progress struct {
	mu      sync.Mutex
	started bool
	steps   chan workspace.Event
}

// tell takes a step; it never waits.
func (p *progress) tell(s *session, e workspace.Event) {
	if !s.caps.progress {
		return
	}
	p.mu.Lock()
	if !p.started {
		p.started = true
		p.steps = make(chan workspace.Event, 64)
		go p.run(s)
	}
	p.mu.Unlock()
	select {
	case p.steps <- e:
	default:
		if e.Progress.Finished { // a step may be lost, the end may not
			go func() {
				select {
				case p.steps <- e:
				case <-s.bg.Done():
				}
			}()
		}
	}
}

// run speaks with the client, which answers when it likes.
func (p *progress) run(s *session) {
	token, total, count := "", 0, 0
	report := func(value any) {
		data, err := json.Marshal(value)
		if err == nil {
			err = s.client.Progress(s.bg, &protocol.ProgressParams{Token: protocol.String(token), Value: data})
		}
		if err != nil && s.bg.Err() == nil {
			s.log.Info("progress", zap.Error(err))
		}
	}
	for {
		var e workspace.Event
		select {
		case <-s.bg.Done():
			return
		case e = <-p.steps:
		}
		switch {
		case e.Progress.Finished:
			if token != "" {
				report(map[string]any{"kind": "end", "message": fmt.Sprintf("%d pages", total)})
			}
			token, total = "", 0
		case token == "":
			count++
			token, total = fmt.Sprintf("scholium-%d", count), e.Progress.Total
			if err := s.client.WorkDoneProgressCreate(s.bg, &protocol.WorkDoneProgressCreateParams{Token: protocol.String(token)}); err != nil {
				token = ""
				continue
			}
			report(map[string]any{"kind": "begin", "title": "Reading " + filepath.Base(e.Site.Root), "percentage": 0})
		default:
			total = max(total, e.Progress.Total)
			report(map[string]any{"kind": "report", "percentage": 100 * (total - e.Progress.Total) / max(total, 1)})
		}
	}
}
