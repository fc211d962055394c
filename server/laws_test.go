package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// TestCapabilities holds the messages that are answered against those that are
// advertised.
func TestCapabilities(t *testing.T) {
	s := &session{encoding: text.UTF16, caps: clientCapabilities{pull: true, placeholder: true}, legend: newLegend(nil, nil)}
	c := s.capabilities()
	sync, _ := c.TextDocumentSync.(*protocol.TextDocumentSyncOptions)
	rename, _ := c.RenameProvider.(*protocol.RenameOptions)
	advertised := map[string]bool{
		"CompletionResolve": *c.CompletionProvider.ResolveProvider,
		"Completion":        c.CompletionProvider != nil, "Hover": c.HoverProvider != nil, "Definition": c.DefinitionProvider != nil,
		"References": c.ReferencesProvider != nil, "DocumentSymbol": c.DocumentSymbolProvider != nil, "CodeAction": c.CodeActionProvider != nil,
		"Diagnostic": c.DiagnosticProvider != nil, "DidClose": sync != nil && *sync.OpenClose, "DidSave": sync != nil && sync.Save != nil,
		"DidChangeWorkspaceFolders": *c.Workspace.WorkspaceFolders.Supported, "Rename": c.RenameProvider != nil,
		"DocumentHighlight": c.DocumentHighlightProvider != nil, "FoldingRanges": c.FoldingRangeProvider != nil,
		"WillRenameFiles": len(c.Workspace.FileOperations.WillRename.Filters) > 0, "DidRenameFiles": len(c.Workspace.FileOperations.DidRename.Filters) > 0,
		"PrepareRename": rename != nil && *rename.PrepareProvider, "LinkedEditingRange": c.LinkedEditingRangeProvider != nil,
		"SelectionRange": c.SelectionRangeProvider != nil, "DocumentLink": c.DocumentLinkProvider != nil, "InlayHint": c.InlayHintProvider != nil,
		"SemanticTokensFull": c.SemanticTokensProvider != nil, "SemanticTokensRange": c.SemanticTokensProvider != nil,
		"DiagnosticWorkspace": c.DiagnosticProvider.(*protocol.DiagnosticOptions).WorkspaceDiagnostics,
		"Symbols":             c.WorkspaceSymbolProvider != nil,
	}
	always := map[string]bool{"Initialized": true, "Shutdown": true, "Exit": true, "SetTrace": true, "DidChangeWatchedFiles": true, "DidChangeConfiguration": true}
	written := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			if star, ok := fn.Recv.List[0].Type.(*ast.StarExpr); ok {
				if id, ok := star.X.(*ast.Ident); ok && id.Name == "session" {
					written[fn.Name.Name] = true
				}
			}
		}
	}
	for name := range written {
		if !advertised[name] && !always[name] {
			t.Errorf("%s is answered but not advertised", name)
		}
	}
	for name, yes := range advertised {
		if yes && !written[name] {
			t.Errorf("%s is advertised but not answered", name)
		}
	}
}
