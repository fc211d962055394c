package server

import (
	"context"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis"
	"scholium/workspace"
)

// WillRenameFiles answers workspace/willRenameFiles: the edits that go with
// files and folders that are about to be moved. Nil where there are none, as for
// a move from one site to another.
func (s *session) WillRenameFiles(ctx context.Context, p *protocol.RenameFilesParams) (*protocol.WorkspaceEdit, error) {
	d := asked(ctx)
	if d == nil {
		return nil, nil
	}
	if !d.state.Complete { // who links here is known when all pages are
		if err := d.site.WaitRead(ctx); err != nil {
			return nil, err
		}
		d.state = d.site.Now()
	}
	var moves []analysis.FileMove
	for _, f := range p.Files {
		old, new, ok := moved(f)
		if !ok {
			continue
		}
		from, _ := s.work.Site(old)
		to := d.site.Path(new)
		if from == d.site && workspace.Inside(to) {
			moves = append(moves, analysis.FileMove{Old: d.site.Path(old), New: to})
		}
	}
	m := analysis.Move(d.state.Snapshot, moves)
	d.site.Each(d.state, m.Pages(), m.Page)
	edits := m.Edits()
	if len(edits) == 0 {
		return nil, nil
	}
	return s.converter(d).edit(edits), nil
}

// DidRenameFiles looks at the disk.
func (s *session) DidRenameFiles(_ context.Context, p *protocol.RenameFilesParams) error {
	var files []string
	for _, f := range p.Files {
		if old, new, ok := moved(f); ok {
			files = append(files, old, new)
		}
	}
	s.work.Touched(files)
	return nil
}

func moved(f protocol.FileRename) (old, new string, ok bool) {
	from, err := uri.Parse(f.OldURI)
	if err != nil || !from.IsFile() {
		return "", "", false
	}
	to, err := uri.Parse(f.NewURI)
	if err != nil || !to.IsFile() {
		return "", "", false
	}
	return from.FsPath(), to.FsPath(), true
}
