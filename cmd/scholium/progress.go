package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"scholium/workspace"
)

// A progress bar is shown on a terminal when a check takes long.
type progressBar struct {
	w     *os.File
	start time.Time
	drawn bool
	ch    chan workspace.Progress
	ended chan struct{}
}

func newProgress(w any) *progressBar {
	b := &progressBar{start: time.Now()}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		b.w = f
		b.ch = make(chan workspace.Progress, 16)
		b.ended = make(chan struct{})
		go b.draw()
	}
	return b
}

// judging tells how many of the pages with formulas in doubt are judged.
func (b *progressBar) judging(done, total int) {
	b.event(workspace.Event{Progress: &workspace.Progress{Total: total - done}})
}

// event is called by the workspace; it must not block.
func (b *progressBar) event(e workspace.Event) {
	if b.ch == nil || e.Progress == nil {
		return
	}
	select {
	case b.ch <- *e.Progress:
	default:
	}
}

func (b *progressBar) draw() {
	defer close(b.ended)
	most := 0
	for p := range b.ch {
		most = max(most, p.Total)
		if most == 0 || time.Since(b.start) < 500*time.Millisecond {
			continue
		}
		const cells = 30
		full := cells * (most - p.Total) / most
		fmt.Fprintf(b.w, "\r[%s%s] %d pages", strings.Repeat("#", full), strings.Repeat(".", cells-full), most)
		b.drawn = true
	}
	if b.drawn {
		fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", 60))
	}
}

func (b *progressBar) done() {
	if b.ch != nil {
		close(b.ch)
		<-b.ended
		b.ch = nil
	}
}
