package server

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// A stuck is a client that reads nothing until it is told to.
type stuck struct {
	read    chan struct{}
	written int
}

func (*stuck) Read([]byte) (int, error) { return 0, io.EOF }
func (*stuck) Close() error             { return nil }
func (s *stuck) Write(p []byte) (int, error) {
	<-s.read
	s.written += len(p)
	return len(p), nil
}

// TestNothingAfterwards has a message be written while the client leaves: the
// server waits for it, lets no other follow, and does not wait for ever.
func TestNothingAfterwards(t *testing.T) {
	for _, c := range []struct {
		name string
		read time.Duration // when the client takes the message
		wait time.Duration // how long the server waits for that
	}{
		{"soon", patience / 2, patience / 2},
		{"never", time.Hour, patience},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &stuck{read: make(chan struct{})}
				o := newOutlet(client)
				first, second := make(chan error, 1), make(chan error, 1)
				go func() { _, err := o.Write([]byte("first")); first <- err }()
				synctest.Wait()
				go func() { <-time.After(c.read); close(client.read) }()
				began := time.Now()
				o.shut()
				if took := time.Since(began); took != c.wait {
					t.Errorf("the server waits %v, not %v", took, c.wait)
				}
				go func() { _, err := o.Write([]byte("second")); second <- err }()
				if err := <-second; !errors.Is(err, io.ErrClosedPipe) {
					t.Errorf("a message after the end: %v", err)
				}
				if err := <-first; err != nil {
					t.Error(err)
				}
				if client.written != len("first") {
					t.Errorf("%d bytes are written", client.written)
				}
			})
		})
	}
}
