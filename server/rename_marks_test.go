package server

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"scholium/analysis/text"
)

// text returns a file as the client has it: open, or on disk.
func (c *client) text(name string) string {
	c.t.Helper()
	if doc, ok := c.docs[name]; ok {
		return doc
	}
	data, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// edits are those of a workspace edit, by file, in either of its forms. Versions
// must be those of what is open.
func (c *client) edits(e *protocol.WorkspaceEdit) map[string][]text.Edit {
	c.t.Helper()
	out := map[string][]text.Edit{}
	if e == nil {
		return out
	}
	add := func(u uri.URI, t protocol.TextEdit) {
		rel, err := filepath.Rel(c.dir, u.FsPath())
		if err != nil {
			c.t.Fatal(err)
		}
		name := filepath.ToSlash(rel)
		lines := text.NewLines(c.text(name))
		at := func(p protocol.Position) int {
			return lines.Offset(text.Position{Line: int(p.Line), Column: int(p.Character)}, c.mode.encoding)
		}
		out[name] = append(out[name], text.Edit{Span: text.Span{Start: at(t.Range.Start), End: at(t.Range.End)}, New: t.NewText})
	}
	if c.mode.changes != (len(e.Changes) == 0) {
		c.t.Errorf("the edit has %d changes and %d document changes", len(e.Changes), len(e.DocumentChanges))
	}
	for u, list := range e.Changes {
		for _, t := range list {
			add(u, t)
		}
	}
	for _, change := range e.DocumentChanges {
		d, ok := change.(*protocol.TextDocumentEdit)
		if !ok {
			c.t.Fatalf("a change is a %T", change)
		}
		rel, _ := filepath.Rel(c.dir, d.TextDocument.URI.FsPath())
		_, open := c.docs[filepath.ToSlash(rel)]
		if v := d.TextDocument.Version; open != (v != nil) || open && *v != c.versions[filepath.ToSlash(rel)] {
			c.t.Errorf("the edit of %s is for version %v", rel, v)
		}
		for _, x := range d.Edits {
			add(d.TextDocument.URI, *x.(*protocol.TextEdit))
		}
	}
	return out
}

// applied are the files that a workspace edit changes, as it leaves them.
func (c *client) applied(label string, e *protocol.WorkspaceEdit) map[string]string {
	c.t.Helper()
	out := map[string]string{}
	for name, edits := range c.edits(e) {
		doc, ok := text.Apply(c.text(name), edits)
		if !ok {
			c.t.Fatalf("%s: the edits of %s overlap", label, name)
		}
		out[name] = doc
	}
	return out
}

// put gives a file another text: in its buffer, or on disk.
func (c *client) put(name, doc string) {
	c.t.Helper()
	if old, ok := c.docs[name]; ok {
		c.change(name, text.Span{Start: 0, End: len(old)}, doc)
		return
	}
	if err := os.WriteFile(filepath.Join(c.dir, filepath.FromSlash(name)), []byte(doc), 0o644); err != nil {
		c.t.Fatal(err)
	}
	c.notify(protocol.MethodWorkspaceDidChangeWatchedFiles, &protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: c.uri(name), Type: protocol.FileChangeTypeChanged}}})
}

// named is the name of a marked place, or where it is.
func (c *client) named(file string, r protocol.Range, marks []mark) string {
	for _, k := range marks {
		if k.verb == "at" && k.file == file && c.rng(k) == r {
			return k.arg
		}
	}
	return show(r)
}

// rename asks for a rename; a refusal is its reason.
func (c *client) rename(place protocol.TextDocumentPositionParams, to string) (*protocol.WorkspaceEdit, string) {
	var edit protocol.WorkspaceEdit
	_, err := c.conn.Call(context.Background(), protocol.MethodTextDocumentRename, &protocol.RenameParams{TextDocumentPositionParams: place, NewName: to}, &edit)
	if err != nil {
		return nil, err.Error()
	}
	return &edit, ""
}

func (c *client) checkRename(label string, k mark, place protocol.TextDocumentPositionParams) {
	c.t.Helper()
	to, reason, refused := strings.Cut(k.arg, ": ")
	edit, why := c.rename(place, to)
	if refused || why != "" {
		if why == "" || !refused || !strings.Contains(why, reason) {
			c.t.Errorf("%s: refused with %q", label, why)
		}
		return
	}
	var prepared protocol.PrepareRenamePlaceholder
	c.call(protocol.MethodTextDocumentPrepareRename, &protocol.PrepareRenameParams{TextDocumentPositionParams: place}, &prepared)
	if !within(protocol.Range{Start: place.Position, End: place.Position}, prepared.Range) || prepared.Placeholder == "" {
		c.t.Errorf("%s: prepared is %v", label, prepared)
	}
	c.checkAfter(label, c.applied(label, edit))
}

// checkAfter holds the files that have changed against the case's sections.
func (c *client) checkAfter(label string, got map[string]string) {
	c.t.Helper()
	plain := map[string]string{}
	for name, doc := range got {
		plain[name] = strings.TrimPrefix(strings.ReplaceAll(doc, "\r\n", "\n"), "\uFEFF")
	}
	if *update && c.mode.name == "lf" {
		updateSections(c.t, c.source, "after/", plain)
		return
	}
	if !maps.Equal(plain, c.after) {
		for _, name := range slices.Sorted(maps.Keys(c.after)) {
			if plain[name] != c.after[name] {
				c.t.Errorf("%s: %s is\n%s\nand not\n%s", label, name, plain[name], c.after[name])
			}
		}
		for name := range plain {
			if _, ok := c.after[name]; !ok {
				c.t.Errorf("%s: %s is changed\n%s", label, name, plain[name])
			}
		}
	}
}

// updateSections writes the sections of a case anew that begin with prefix.
func updateSections(t *testing.T, file, prefix string, sections map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, prefix) })
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		archive.Files = append(archive.Files, txtar.File{Name: prefix + name, Data: []byte(sections[name])})
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// move moves a file or folder as an editor does: it asks what to change, changes
// it, moves, and tells.
func (c *client) move(old, new string) {
	c.t.Helper()
	problems := func() (n int) {
		for name := range c.docs {
			n += len(c.diagnostics(name))
		}
		return n
	}
	before := problems()
	var edit *protocol.WorkspaceEdit
	files := []protocol.FileRename{{OldURI: string(c.uri(old)), NewURI: string(c.uri(new))}}
	c.call(protocol.MethodWorkspaceWillRenameFiles, &protocol.RenameFilesParams{Files: files}, &edit)
	if c.moved == nil {
		c.moved = map[string]string{}
	}
	for name, doc := range c.applied("move", edit) {
		c.put(name, doc)
		c.moved[name] = doc
	}
	to := filepath.Join(c.dir, filepath.FromSlash(new))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(c.dir, filepath.FromSlash(old)), to); err != nil {
		c.t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(c.docs)) {
		if rest, ok := strings.CutPrefix(name, old); ok && (rest == "" || rest[0] == '/') {
			doc := c.docs[name]
			delete(c.docs, name)
			c.notify(protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}})
			c.openText(new+rest, doc)
		}
	}
	for name, doc := range maps.Clone(c.moved) {
		if rest, ok := strings.CutPrefix(name, old); ok && (rest == "" || rest[0] == '/') {
			delete(c.moved, name)
			c.moved[new+rest] = doc
		}
	}
	c.notify(protocol.MethodWorkspaceDidRenameFiles, &protocol.RenameFilesParams{Files: files})
	c.diagnostics(new) // what was said before has been taken
	c.wait()
	if after := problems(); after > before && !c.wants {
		c.t.Errorf("moving %s: %d problems before, %d after", old, before, after)
	}
}
