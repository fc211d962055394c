package server

import (
	"context"
	"encoding/json"
	"fmt"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/text"
	"scholium/workspace"
)

// The messages below are decoded by hand: some clients send "version": null,
// which the protocol's types reject, and an edit that is dropped would leave the
// editor's text and ours apart for good.

type wireDocument struct {
	URI     string `json:"uri"`
	Version *int32 `json:"version"`
	Text    string `json:"text"`
}

func (d *wireDocument) file() (string, uri.URI, error) {
	u, err := uri.Parse(d.URI)
	if err != nil {
		return "", "", fmt.Errorf("the address %q: %w", d.URI, err)
	}
	if !u.IsFile() {
		return "", u, nil
	}
	return u.FsPath(), u, nil
}

func (d *wireDocument) version() int32 {
	if d.Version == nil {
		return 0
	}
	return *d.Version
}

type wirePosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type wireChange struct {
	Range *struct {
		Start wirePosition `json:"start"`
		End   wirePosition `json:"end"`
	} `json:"range"`
	Text string `json:"text"`
}

func (s *session) didOpen(params []byte) error {
	var p struct {
		TextDocument wireDocument `json:"textDocument"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	file, u, err := p.TextDocument.file()
	if err != nil || file == "" {
		return err
	}
	s.publish.open(u, file)
	s.work.Open(file, p.TextDocument.version(), p.TextDocument.Text)
	return nil
}

func (s *session) didChange(params []byte) error {
	var p struct {
		TextDocument   wireDocument `json:"textDocument"`
		ContentChanges []wireChange `json:"contentChanges"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	file, _, err := p.TextDocument.file()
	if err != nil || file == "" {
		return err
	}
	if _, newest, _ := s.work.Text(file); s.caps.disorderly && p.TextDocument.Version != nil && *p.TextDocument.Version < newest {
		return nil // a later text came before
	}
	s.publish.touch()
	s.work.Change(file, p.TextDocument.version(), func(doc string) string {
		for _, c := range p.ContentChanges {
			doc = c.apply(doc, s.encoding)
		}
		return doc
	})
	return nil
}

// apply makes one change; without a range it is the whole text.
func (c *wireChange) apply(doc string, e text.Encoding) string {
	if c.Range == nil {
		return c.Text
	}
	lines := text.NewLines(doc)
	start := lines.Offset(text.Position{Line: c.Range.Start.Line, Column: c.Range.Start.Character}, e)
	end := lines.Offset(text.Position{Line: c.Range.End.Line, Column: c.Range.End.Character}, e)
	if end < start {
		start, end = end, start
	}
	return doc[:start] + c.Text + doc[end:]
}

// DidClose gives a file back to the disk. Its problems go.
func (s *session) DidClose(_ context.Context, p *protocol.DidCloseTextDocumentParams) error {
	if u := p.TextDocument.URI; u.IsFile() {
		s.work.Close(u.FsPath())
		s.publish.forget(u)
	}
	return nil
}

// DidSave looks at the disk: not every client watches files.
func (s *session) DidSave(_ context.Context, p *protocol.DidSaveTextDocumentParams) error {
	if u := p.TextDocument.URI; u.IsFile() {
		s.work.Touched([]string{u.FsPath()})
	}
	return nil
}

// DidChangeWatchedFiles looks at the disk.
func (s *session) DidChangeWatchedFiles(_ context.Context, p *protocol.DidChangeWatchedFilesParams) error {
	var files []string
	for _, c := range p.Changes {
		if c.URI.IsFile() {
			files = append(files, c.URI.FsPath())
		}
	}
	s.work.Touched(files)
	return nil
}

// DidChangeWorkspaceFolders reads the folders that came. Those that went stay
// known as long as files of theirs are open.
func (s *session) DidChangeWorkspaceFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	for _, f := range p.Event.Added {
		if f.URI.IsFile() {
			for _, site := range s.work.AddFolder(f.URI.FsPath()) {
				site.Refresh()
			}
		}
	}
	return nil
}

// event is called by the workspace when a site has a new state.
func (s *session) event(e workspace.Event) {
	if e.Progress != nil {
		s.progress.tell(s, e)
		return
	}
	s.publish.wake()
	s.changed.ring()
}
