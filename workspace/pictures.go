package workspace

import (
	"context"
	"encoding/json"
	"sync"

	"go.uber.org/zap"

	"scholium/analysis/site"
	"scholium/workspace/judge"
)

const (
	maxPictures = 200    // that are kept, by the time of their last use
	maxPending  = 8      // that wait to be drawn
	maxURI      = 90_000 // bytes: a hover that is longer is cut by VS Code, and its picture lost
)

// A gallery keeps drawings of formulas, and images made smaller.
type gallery struct {
	making  sync.WaitGroup
	mu      sync.Mutex
	held    map[pictureKey]*picture
	clock   int // of uses
	pending int
}

type pictureKey struct {
	formula uint64
	number  int
	labels  string
	style   judge.Style
	file    string // of an image: where it is, and how it was when it was read
}

// A picture is a drawing, or one on its way.
type picture struct {
	ready chan struct{} // closed when uri is there
	uri   string        // empty where there is none to be had
	used  int
}

// Picture returns a formula as the address of an image that holds it. It waits
// as long as ctx lets it; a drawing that is not ready then is there next time.
// False where there is none: MathJax is not there, has an error to show, or the
// image would be too long.
func (w *Workspace) Picture(ctx context.Context, d *site.Doubt, number int, labels map[string]string, style judge.Style) (string, bool) {
	if w.court == nil || !judge.Bundled() {
		return "", false
	}
	list, err := json.Marshal(labels)
	if err != nil {
		return "", false
	}
	key := pictureKey{formula: d.Key, number: number, labels: string(list), style: style}
	return w.gallery.show(ctx, key, func() string { return w.draw(d, number, labels, style) })
}

// show returns a picture that is held, or has it made. It waits as long as ctx
// lets it.
func (g *gallery) show(ctx context.Context, key pictureKey, draw func() string) (string, bool) {
	g.mu.Lock()
	p := g.held[key]
	if p == nil {
		if g.pending >= maxPending {
			g.mu.Unlock()
			return "", false
		}
		p = &picture{ready: make(chan struct{})}
		if g.held == nil {
			g.held = map[pictureKey]*picture{}
		}
		g.held[key] = p
		g.pending++
		g.touch(p)
		g.forget()
		g.making.Go(func() {
			p.uri = draw()
			g.mu.Lock()
			g.pending--
			g.mu.Unlock()
			close(p.ready)
		})
	}
	g.touch(p)
	g.mu.Unlock()
	select {
	case <-p.ready:
		return p.uri, p.uri != ""
	case <-ctx.Done():
		return "", false
	}
}

// touch notes that a picture is used now. The lock is held.
func (g *gallery) touch(p *picture) {
	g.clock++
	p.used = g.clock
}

// forget drops the pictures that have not been asked for longest. The lock is held.
func (g *gallery) forget() {
	for len(g.held) > maxPictures {
		var oldest pictureKey
		var found *picture
		for k, p := range g.held {
			if found == nil || p.used < found.used {
				oldest, found = k, p
			}
		}
		delete(g.held, oldest)
	}
}

// Draw draws a formula as an SVG image, or returns what MathJax says is wrong
// with it. The error is judge's.
func (w *Workspace) Draw(ctx context.Context, d *site.Doubt, style judge.Style) (svg, fault string, err error) {
	drawing, err := w.court.judge.Draw(ctx, question(d), 1, nil)
	if err != nil {
		return "", "", err
	}
	if len(drawing.Errors) > 0 {
		return "", drawing.Errors[0].Message, nil
	}
	return judge.Picture(drawing.SVG, style), "", nil
}

// draw returns the address of a drawing; empty where there is none to be had.
func (w *Workspace) draw(d *site.Doubt, number int, labels map[string]string, style judge.Style) string {
	drawing, err := w.court.judge.Draw(w.court.ctx, question(d), number, labels)
	if err != nil {
		if w.court.ctx.Err() == nil {
			w.log.Warn("drawing a formula", zap.Error(err))
		}
		return ""
	}
	if len(drawing.Errors) > 0 {
		return ""
	}
	svg := judge.Picture(drawing.SVG, style)
	if svg == "" {
		return ""
	}
	if uri := judge.URI(svg); len(uri) < maxURI {
		return uri
	}
	return ""
}
