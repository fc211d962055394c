package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"scholium/analysis/site"
	"scholium/workspace"
)

// Options are what a server needs of its process.
type Options struct {
	Log     *zap.Logger // nil logs nothing
	Version string
	Judge   bool // let MathJax itself judge formulas in doubt, where it is bundled
	// Alive reports whether the process with this id still runs. Where it is
	// given, the server ends when its client's process has.
	Alive func(pid int) bool

	began func(*session) // for tests: told of the session
}

// Serve speaks with one client until it leaves, and returns the exit code of
// the specification: 0 after shutdown and exit, 1 where the client went away
// without shutdown. It closes the connection; once it has returned, nothing
// is written any more.
func Serve(ctx context.Context, conn io.ReadWriteCloser, o Options) int {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	s := newSession(o)
	if o.began != nil {
		o.began(s)
	}
	out := newOutlet(conn)
	c := jsonrpc2.NewConn(jsonrpc2.NewStream(out), jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(c)
	s.close = conn.Close
	h := &handler{s: s, inner: protocol.ServerHandler(s, nil), running: map[jsonrpc2.ID]context.CancelFunc{}}
	c.Go(ctx, h.handle)
	select {
	case <-c.Done():
	case <-s.exited:
	case <-ctx.Done():
	}
	s.stop()
	out.shut()
	conn.Close()
	return s.exitCode()
}

// An outlet is a connection that can be shut for writers. The publisher and
// requests that still run may have something to say when the client has left.
type outlet struct {
	io.ReadWriteCloser
	turn chan struct{} // holds the writer
	gone chan struct{}
}

func newOutlet(conn io.ReadWriteCloser) *outlet {
	return &outlet{ReadWriteCloser: conn, turn: make(chan struct{}, 1), gone: make(chan struct{})}
}

func (o *outlet) Write(p []byte) (int, error) {
	select {
	case <-o.gone:
		return 0, io.ErrClosedPipe
	default:
	}
	select {
	case <-o.gone:
		return 0, io.ErrClosedPipe
	case o.turn <- struct{}{}:
	}
	defer func() { <-o.turn }()
	return o.ReadWriteCloser.Write(p)
}

// patience is how long a client that has left is given to take the message
// that is being written.
const patience = time.Second

// shut lets nobody write any more, and waits for who does.
func (o *outlet) shut() {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case o.turn <- struct{}{}: // and keeps it
	case <-late.C:
	}
	close(o.gone)
}

// codec is the protocol's own codec, which knows its unions; the library does
// not export it.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok {
		if raw == nil {
			return []byte("null"), nil
		}
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = append(jsonrpc2.RawMessage(nil), data...)
		return nil
	}
	return protocol.Unmarshal(data, v)
}

// A handler brings messages to the session: notifications and the life of the
// session in wire order, requests concurrently, each with the state it was
// asked at.
type handler struct {
	s     *session
	inner jsonrpc2.Handler

	mu      sync.Mutex
	running map[jsonrpc2.ID]context.CancelFunc
}

func (h *handler) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	if !req.IsCall() {
		h.notification(ctx, req)
		return nil, nil
	}
	// The request's own context is pooled by the library: one derived from it
	// would watch a recycled object.
	id := req.ID()
	own, cancel := context.WithCancel(jsonrpc2.DetachContext(ctx))
	h.mu.Lock()
	h.running[id] = cancel
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.running, id)
		h.mu.Unlock()
		cancel()
	}()
	method := req.Method()
	switch method {
	case protocol.MethodInitialize, protocol.MethodShutdown: // nothing may overtake them
	default:
		if err := h.s.ready(); err != nil {
			return nil, err
		}
		own = h.s.take(own, req.Params())
		jsonrpc2.Async(ctx)
	}
	err := settle(own)
	var result any
	if err == nil {
		result, err = h.call(own, req)
	}
	switch {
	case err == nil:
		return result, nil
	case errors.Is(err, context.Canceled) || own.Err() != nil:
		return nil, protocol.ErrRequestCancelled
	}
	var wire *jsonrpc2.Error
	if !errors.As(err, &wire) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "%v", err)
	}
	if wire.Code == jsonrpc2.ParseError {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
	}
	return nil, err
}

// call answers a request. A panic is an error of that request alone.
func (h *handler) call(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
	defer h.recover(req.Method(), &err)
	switch req.Method() {
	case protocol.MethodInitialize:
		return h.s.initialize(req.Params())
	case protocol.MethodShutdown:
		return nil, h.s.Shutdown(ctx)
	case methodEquation:
		return h.s.equation(ctx, req.Params())
	}
	return h.inner(ctx, req)
}

func (h *handler) recover(method string, err *error) {
	if r := recover(); r != nil {
		h.s.log.Error("panic", zap.String("method", method), zap.Any("value", r), zap.String("stack", string(debug.Stack())))
		*err = jsonrpc2.Errorf(jsonrpc2.InternalError, "internal error in %s: %v", method, r)
	}
}

// notification takes a message that has no answer. An error must not reach the
// library, which would close the connection for it.
func (h *handler) notification(ctx context.Context, req *jsonrpc2.Request) {
	var err error
	func() {
		defer h.recover(req.Method(), &err)
		switch req.Method() {
		case protocol.MethodCancelRequest:
			h.cancel(req.Params())
		case protocol.MethodTextDocumentDidOpen:
			err = h.s.didOpen(req.Params())
		case protocol.MethodTextDocumentDidChange:
			err = h.s.didChange(req.Params())
		case protocol.MethodExit:
			h.s.exit()
		case protocol.MethodInitialized:
			h.s.initialized()
		default:
			_, err = h.inner(jsonrpc2.DetachContext(ctx), req)
		}
	}()
	if err != nil {
		h.s.log.Warn("notification", zap.String("method", req.Method()), zap.Error(err))
	}
}

func (h *handler) cancel(params []byte) {
	var p struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(params, &p) != nil {
		return
	}
	var id jsonrpc2.ID
	var number int64
	var name string
	switch {
	case json.Unmarshal(p.ID, &number) == nil:
		id = jsonrpc2.NewNumberID(number)
	case json.Unmarshal(p.ID, &name) == nil:
		id = jsonrpc2.NewStringID(name)
	}
	h.mu.Lock()
	cancel := h.running[id]
	h.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// A document is what a request asks about, at its place in the order of
// messages.
type document struct {
	site  *workspace.Site
	state *workspace.State
	path  site.Path
}

// source is the document's file, where its text is known; else nil.
func (d *document) source() *site.Source {
	if page := d.state.Page(d.path); page != nil {
		return page.Source
	}
	return d.state.Source(d.path)
}

type documentKey struct{}

// take gives a request the state of its document's site as it is now.
func (s *session) take(ctx context.Context, params []byte) context.Context {
	var p struct {
		TextDocument struct {
			URI string `json:"uri"`
		} `json:"textDocument"`
		Files []struct { // that are moved
			OldURI string `json:"oldUri"`
		} `json:"files"`
	}
	if json.Unmarshal(params, &p) != nil {
		return ctx
	}
	if len(p.Files) > 0 {
		p.TextDocument.URI = p.Files[0].OldURI
	}
	if p.TextDocument.URI == "" {
		return ctx
	}
	u, err := uri.Parse(p.TextDocument.URI)
	if err != nil || !u.IsFile() {
		return ctx
	}
	where, path := s.work.Site(u.FsPath())
	return context.WithValue(ctx, documentKey{}, &document{where, where.Now(), path})
}

// settle waits where what a post is made from has not been read yet: any answer
// would be wrong. The request then gets the first state that is whole.
func settle(ctx context.Context) error {
	d := asked(ctx)
	if d == nil || d.state.Ready {
		return nil
	}
	if err := d.site.WaitReady(ctx); err != nil {
		return err
	}
	d.state = d.site.Now()
	return nil
}

// asked returns the document of a request; nil where it is no file.
func asked(ctx context.Context) *document {
	d, _ := ctx.Value(documentKey{}).(*document)
	return d
}
