package server

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"scholium/analysis/rules"
	"scholium/analysis/text"
	"scholium/workspace"
	"scholium/workspace/judge"
)

// A session is one client's visit. Its exported methods are the messages it
// answers; laws_test.go holds them against the capabilities it advertises.
type session struct {
	protocol.UnimplementedServer

	log     *zap.Logger
	version string
	alive   func(pid int) bool
	client  protocol.Client
	close   func() error
	work    *workspace.Workspace
	publish *publisher
	reports map[string]report // the last of each open file, the publisher's own

	wishes   atomic.Pointer[wishes] // what the client asks for, of late
	begun    *wishes                // the same when it said initialize
	asking   sync.Mutex             // one request for the client's settings at a time
	unjudged bool                   // there is no MathJax in this program, and it is to be said

	legend  *tokenLegend
	hints   hintWatch
	census  census
	offers  offers
	changed bell          // some site has a new state
	left    chan struct{} // closed at shutdown: what is held open ends

	encoding text.Encoding
	caps     clientCapabilities
	folders  []string

	mu       sync.Mutex
	phase    phase
	exited   chan struct{}
	once     sync.Once
	bg       context.Context // of what goes on beside messages
	cancel   context.CancelFunc
	progress progress
}

type phase uint8

const (
	fresh phase = iota // before initialize
	live
	down // after shutdown
)

// clientCapabilities are those that change what is sent.
type clientCapabilities struct {
	pull          bool
	refresh       bool // workspace/diagnostic/refresh
	progress      bool
	watch         bool // files can be watched on request
	hierarchical  bool // symbols as a tree
	labelDetails  bool
	relatedInfo   bool
	versions      bool // diagnostics carry the document's version
	markdown      bool // hovers
	codeActions   bool
	actionKinds   bool // code actions have kinds: rewrites can be told from fixes
	snippets      bool
	resolve       bool // an item's documentation can come later
	markdownDocs  bool // an item's documentation
	insertReplace bool // an item can say what it replaces and what it inserts before
	defaultRange  bool // a list can say what its items replace
	defaultData   bool // and which list they are of

	documentChanges bool // edits with versions
	placeholder     bool // prepareRename
	foldLines       bool // folds are whole lines
	foldLimit       int  // how many folds are wanted; 0: all
	configuration   bool // workspace/configuration
	reconfigure     bool // wants to be told that it is to say when settings change
	hintRefresh     bool // workspace/inlayHint/refresh
	disorderly      bool // its changes may overtake each other
}

func newSession(o Options) *session {
	s := &session{begun: &wishes{}, log: o.Log, version: o.Version, alive: o.Alive, exited: make(chan struct{}), reports: map[string]report{}, legend: newLegend(nil, nil), left: make(chan struct{})}
	s.bg, s.cancel = context.WithCancel(context.Background())
	s.wishes.Store(s.begun)
	s.publish = newPublisher(s.problems, s.push, s.askAgain)
	s.publish.also = s.moved
	s.work = workspace.New(o.Log, rules.Checker(), s.event)
	if o.Judge {
		s.work.UseJudge(judge.New(1))
	}
	s.unjudged = o.Judge && !judge.Bundled()
	return s
}

// ready returns an error where the session cannot answer: before initialize,
// and after shutdown.
func (s *session) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.phase {
	case fresh:
		return jsonrpc2.Errorf(jsonrpc2.Code(-32002), "the client has not said initialize")
	case down:
		return jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "the server is shut down")
	}
	return nil
}

func (s *session) initialize(raw []byte) (*protocol.InitializeResult, error) {
	s.mu.Lock()
	if s.phase != fresh {
		s.mu.Unlock()
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "initialize was said before")
	}
	s.mu.Unlock()
	p, dropped, err := decodeInitialize(raw)
	if err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "initialize: %v", err)
	}
	if len(dropped) > 0 {
		s.log.Info("members of initialize that were not understood", zap.Strings("dropped", dropped))
	}
	s.learn(&p)
	s.begun = readWishes(raw)
	s.wishes.Store(s.begun)
	s.prefer(s.begun)
	if p.ProcessID != nil && *p.ProcessID > 0 && s.alive != nil {
		go s.watchParent(int(*p.ProcessID))
	}
	go s.publish.run(s.bg)
	s.mu.Lock()
	s.phase = live
	s.mu.Unlock()
	return &protocol.InitializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   protocol.ServerInfo{Name: "scholium", Version: protocol.NewOptional(s.version)},
	}, nil
}

// learn takes down what the client can do, and its folders.
func (s *session) learn(p *protocol.InitializeParams) {
	c := &p.Capabilities
	s.encoding = text.UTF16
	if c.General != nil {
		for _, e := range c.General.PositionEncodings { // in the client's order of preference
			if e == protocol.PositionEncodingKindUTF8 {
				s.encoding = text.UTF8
			} else if e == protocol.PositionEncodingKindUTF32 {
				s.encoding = text.UTF32
			} else if e != protocol.PositionEncodingKindUTF16 {
				continue
			}
			break
		}
	}
	s.caps.disorderly = p.ClientInfo.Name == "helix" // 25.01, where two keys come within a millisecond: TestDisorder
	yes := func(b *bool) bool { return b != nil && *b }
	if d := c.TextDocument; d != nil {
		s.caps.pull = d.Diagnostic != nil
		if d.DocumentSymbol != nil {
			s.caps.hierarchical = yes(d.DocumentSymbol.HierarchicalDocumentSymbolSupport)
		}
		if d.Completion != nil && d.Completion.CompletionItem != nil {
			s.caps.labelDetails = yes(d.Completion.CompletionItem.LabelDetailsSupport)
			s.caps.snippets = yes(d.Completion.CompletionItem.SnippetSupport)
			s.caps.insertReplace = yes(d.Completion.CompletionItem.InsertReplaceSupport)
			s.caps.resolve = slices.Contains(d.Completion.CompletionItem.ResolveSupport.Properties, "documentation")
			// Clients that say nothing were written before there was a choice: Markdown.
			formats := d.Completion.CompletionItem.DocumentationFormat
			s.caps.markdownDocs = len(formats) == 0 || formats[0] == protocol.MarkupKindMarkdown
		}
		if d.Completion != nil && d.Completion.CompletionList != nil {
			s.caps.defaultRange = slices.Contains(d.Completion.CompletionList.ItemDefaults, "editRange")
			s.caps.defaultData = slices.Contains(d.Completion.CompletionList.ItemDefaults, "data")
		}
		if d.PublishDiagnostics != nil {
			s.caps.versions = yes(d.PublishDiagnostics.VersionSupport)
			s.caps.relatedInfo = yes(d.PublishDiagnostics.RelatedInformation)
		}
		if d.Diagnostic != nil {
			s.caps.relatedInfo = s.caps.relatedInfo || yes(d.Diagnostic.RelatedInformation)
		}
		if d.Hover != nil {
			for i, kind := range d.Hover.ContentFormat {
				if kind == protocol.MarkupKindMarkdown && i == 0 {
					s.caps.markdown = true
				}
			}
		}
		s.caps.codeActions = d.CodeAction != nil
		s.caps.actionKinds = d.CodeAction != nil && len(d.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet) > 0
		s.caps.placeholder = d.Rename != nil && yes(d.Rename.PrepareSupport)
		if f := d.FoldingRange; f != nil {
			s.caps.foldLines = yes(f.LineFoldingOnly)
			if f.RangeLimit != nil {
				s.caps.foldLimit = int(*f.RangeLimit)
			}
		}
		s.legend = newLegend(d.SemanticTokens.TokenTypes, d.SemanticTokens.TokenModifiers)
	}
	if w := c.Workspace; w != nil {
		if w.DidChangeWatchedFiles != nil {
			s.caps.watch = yes(w.DidChangeWatchedFiles.DynamicRegistration)
		}
		if w.WorkspaceEdit != nil {
			s.caps.documentChanges = yes(w.WorkspaceEdit.DocumentChanges)
		}
		if w.Diagnostics != nil {
			s.caps.refresh = yes(w.Diagnostics.RefreshSupport)
		}
		s.caps.configuration = yes(w.Configuration)
		if w.DidChangeConfiguration != nil {
			s.caps.reconfigure = yes(w.DidChangeConfiguration.DynamicRegistration)
		}
		if w.InlayHint != nil {
			s.caps.hintRefresh = yes(w.InlayHint.RefreshSupport)
		}
	}
	if c.Window != nil {
		s.caps.progress = yes(c.Window.WorkDoneProgress)
	}
	// New problems wait for quiet, so a client that asks must be told when to ask
	// again. One that cannot be told (Neovim 0.10) is pushed to.
	s.caps.pull = s.caps.pull && s.caps.refresh
	s.publish.pull = s.caps.pull
	if folders, ok := p.WorkspaceFolders.Get(); ok {
		for _, f := range folders {
			s.addFolder(f.URI)
		}
	}
	//lint:ignore SA1019 lsp-mode and older clients send no workspace folders
	uri, path := p.RootURI, p.RootPath
	if len(s.folders) == 0 && uri != nil {
		s.addFolder(*uri)
	}
	if root, ok := path.Get(); ok && len(s.folders) == 0 && root != "" {
		s.folders = append(s.folders, root)
	}
}

func (s *session) addFolder(u uri.URI) {
	if u.IsFile() {
		s.folders = append(s.folders, u.FsPath())
	}
}

// initialized begins what needs the client's answers: reading the folders, and
// watching files. It must not wait for the client here, on the reader.
func (s *session) initialized() {
	for _, dir := range s.folders {
		for _, site := range s.work.AddFolder(dir) {
			site.Refresh()
		}
	}
	if s.caps.watch {
		go s.watchFiles()
	}
	go s.configure()
	if s.unjudged {
		go func() {
			err := s.client.LogMessage(s.bg, &protocol.LogMessageParams{
				Type: protocol.MessageTypeInfo, Message: "This build of Scholium has no MathJax in it: it says only what its tables know for certain, and draws no formulas.",
			})
			if err != nil && s.bg.Err() == nil {
				s.log.Info("telling that there is no MathJax", zap.Error(err))
			}
		}()
	}
}

func (s *session) watchFiles() {
	options, err := json.Marshal(map[string]any{"watchers": []map[string]any{{"globPattern": "**/*"}}})
	if err != nil {
		return
	}
	err = s.client.RegisterCapability(s.bg, &protocol.RegistrationParams{Registrations: []protocol.Registration{{
		ID: "files", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: options,
	}}})
	if err != nil {
		s.log.Info("the client does not watch files", zap.Error(err))
	}
}

// parentInterval is how often the client's process is looked for.
const parentInterval = 5 * time.Second

// watchParent ends the session when the client's process is gone.
func (s *session) watchParent(pid int) {
	tick := time.NewTicker(parentInterval)
	defer tick.Stop()
	for {
		select {
		case <-s.bg.Done():
			return
		case <-tick.C:
			if !s.alive(pid) {
				s.log.Info("the client's process is gone", zap.Int("pid", pid))
				s.exit()
				return
			}
		}
	}
}

// Shutdown answers shutdown: nothing but exit is taken after it.
func (s *session) Shutdown(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == fresh {
		return jsonrpc2.Errorf(jsonrpc2.Code(-32002), "the client has not said initialize")
	}
	if s.phase != down {
		close(s.left)
	}
	s.phase = down
	return nil
}

func (s *session) exit() { s.once.Do(func() { close(s.exited) }) }

func (s *session) exitCode() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == down {
		return 0
	}
	return 1
}

func (s *session) stop() {
	s.cancel()
	s.work.Stop()
}

// Exit is taken in the order of messages by the handler.
func (s *session) Exit(context.Context) error { s.exit(); return nil }

// Initialized is taken in the order of messages by the handler.
func (s *session) Initialized(context.Context, *protocol.InitializedParams) error { return nil }

// SetTrace does nothing: what goes on is in the log.
func (s *session) SetTrace(context.Context, *protocol.SetTraceParams) error { return nil }
