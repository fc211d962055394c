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

// A gallery keeps drawings of formulas.
type gallery struct {
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
	g := &w.gallery
	key := pictureKey{d.Key, number, string(list), style}
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
		w.court.drawing.Add(1)
		go w.draw(p, d, number, labels, style)
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

func (w *Workspace) draw(p *picture, d *site.Doubt, number int, labels map[string]string, style judge.Style) {
	defer w.court.drawing.Done()
	drawing, err := w.court.judge.Draw(w.court.ctx, question(d), number, labels)
	switch {
	case err != nil:
		if w.court.ctx.Err() == nil {
			w.log.Warn("drawing a formula", zap.Error(err))
		}
	case len(drawing.Errors) == 0:
		if svg := judge.Picture(drawing.SVG, style); svg != "" {
			if uri := judge.URI(svg); len(uri) < maxURI {
				p.uri = uri
			}
		}
	}
	w.gallery.mu.Lock()
	w.gallery.pending--
	w.gallery.mu.Unlock()
	close(p.ready)
}
