package server

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// A page is a file under the eyes of a publisher, in a world with a clock of its own.
type board struct {
	t     *testing.T
	p     *publisher
	state int
	now   []string // the problems as they are
	seen  []string // what was shown, with the time
	asked int
	start time.Time
	mu    sync.Mutex
}

const boardFile = uri.URI("file:///post.md")

func newBoard(t *testing.T, pull bool) *board {
	b := &board{t: t, start: time.Now()}
	b.p = newPublisher(
		func(string) (report, bool) { return b.report(), true },
		func(_ uri.URI, r report) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.seen = append(b.seen, b.line(r))
		},
		func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.asked++
		})
	b.p.pull = pull
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); synctest.Wait() })
	go b.p.run(ctx)
	return b
}

func (b *board) report() report {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := report{items: []protocol.Diagnostic{}, state: b.state}
	for i, k := range b.now {
		r.items = append(r.items, protocol.Diagnostic{Message: protocol.String(k), Range: protocol.Range{Start: protocol.Position{Line: uint32(i)}}})
		r.keys = append(r.keys, k)
	}
	return r
}

func (b *board) line(r report) string {
	return fmt.Sprintf("%dms %v", time.Since(b.start).Milliseconds(), r.keys)
}

// edit is a keystroke after which these are the problems.
func (b *board) edit(problems ...string) {
	b.p.touch()
	b.mu.Lock()
	b.now = problems
	b.state++
	b.mu.Unlock()
	b.p.wake()
	synctest.Wait()
}

func (b *board) want(lines ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if fmt.Sprint(b.seen) != fmt.Sprint(lines) {
		b.t.Errorf("shown %q\nwanted %q", b.seen, lines)
	}
}

func (b *board) told() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked
}

func TestPublish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard(t, false)
		b.now = []string{"a", "b"}
		b.p.open(boardFile, "post.md")
		synctest.Wait()
		b.want("0ms [a b]") // a file that is opened is shown at once

		b.edit("a", "b", "c")
		b.want("0ms [a b]") // what is new waits
		time.Sleep(100 * time.Millisecond)
		b.edit("b", "c")
		b.want("0ms [a b]", "100ms [b]") // what has gone goes at once
		time.Sleep(149 * time.Millisecond)
		synctest.Wait()
		b.want("0ms [a b]", "100ms [b]")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		b.want("0ms [a b]", "100ms [b]", "250ms [b c]") // 150 ms after the last key

		b.edit("b", "c")
		time.Sleep(time.Second)
		synctest.Wait()
		b.want("0ms [a b]", "100ms [b]", "250ms [b c]") // the same is never sent again

		b.edit("b", "c", "x") // a name half typed
		time.Sleep(50 * time.Millisecond)
		b.edit("b", "c")
		time.Sleep(time.Second)
		synctest.Wait()
		b.want("0ms [a b]", "100ms [b]", "250ms [b c]") // nothing flashes

		b.p.forget(boardFile)
		b.want("0ms [a b]", "100ms [b]", "250ms [b c]", "2300ms []")
	})
}

func TestPull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard(t, true)
		b.now = []string{"a"}
		b.p.open(boardFile, "post.md")
		synctest.Wait()
		answer := func() {
			r := b.p.answer(boardFile, b.report())
			b.mu.Lock()
			defer b.mu.Unlock()
			b.seen = append(b.seen, b.line(r))
		}
		answer()
		time.Sleep(time.Second)
		synctest.Wait()
		if n := b.told(); n != 0 {
			t.Errorf("the client was told to ask %d times though it knows", n)
		}
		b.edit("b")
		answer()
		b.want("0ms [a]", "1000ms []") // while typing: what old and new share
		time.Sleep(time.Second)
		synctest.Wait()
		if n := b.told(); n != 1 {
			t.Errorf("the client was told to ask %d times, not once", n)
		}
		answer()
		b.want("0ms [a]", "1000ms []", "2000ms [b]")
		b.edit("b")
		time.Sleep(time.Second)
		synctest.Wait()
		if b.told() != 1 {
			t.Errorf("the client was told to ask though nothing is new")
		}
	})
}
