package server

import "go.lsp.dev/protocol"

func ptr[T any](v T) *T { return &v }

// capabilities are what the server says it can do.
func (s *session) capabilities() protocol.ServerCapabilities {
	c := protocol.ServerCapabilities{
		PositionEncoding: protocol.PositionEncodingKind(s.encoding.String()),
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: ptr(true), Change: ptr(protocol.TextDocumentSyncKindIncremental), Save: &protocol.SaveOptions{IncludeText: ptr(false)},
		},
		CompletionProvider:         &protocol.CompletionOptions{TriggerCharacters: []string{`\`, "{", "^", "#", "(", "[", "%", "|", "\"", "/", "."}, ResolveProvider: ptr(true)},
		HoverProvider:              protocol.Boolean(true),
		DefinitionProvider:         protocol.Boolean(true),
		ReferencesProvider:         protocol.Boolean(true),
		DocumentHighlightProvider:  protocol.Boolean(true),
		LinkedEditingRangeProvider: protocol.Boolean(true),
		RenameProvider:             protocol.Boolean(true),
		DocumentSymbolProvider:     protocol.Boolean(true),
		WorkspaceSymbolProvider:    protocol.Boolean(true),
		FoldingRangeProvider:       protocol.Boolean(true),
		SelectionRangeProvider:     protocol.Boolean(true),
		DocumentLinkProvider:       &protocol.DocumentLinkOptions{},
		InlayHintProvider:          protocol.Boolean(true),
		SemanticTokensProvider: &protocol.SemanticTokensOptions{
			Legend: protocol.SemanticTokensLegend{TokenTypes: s.legend.types, TokenModifiers: s.legend.modifiers},
			Full:   protocol.Boolean(true), Range: protocol.Boolean(true),
		},
		CodeActionProvider: &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, protocol.CodeActionKindRefactorRewrite, fixAll}},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{Supported: ptr(true), ChangeNotifications: protocol.Boolean(true)},
			FileOperations:   &protocol.FileOperationOptions{WillRename: everyFile, DidRename: everyFile},
		},
	}
	if s.caps.disorderly { // a whole text needs none before it
		c.TextDocumentSync.(*protocol.TextDocumentSyncOptions).Change = ptr(protocol.TextDocumentSyncKindFull)
	}
	c.Experimental = protocol.LSPAny(`{"equation":true}`)
	if s.caps.placeholder { // only such a client may be told of it
		c.RenameProvider = &protocol.RenameOptions{PrepareProvider: ptr(true)}
	}
	if s.caps.pull {
		c.DiagnosticProvider = &protocol.DiagnosticOptions{Identifier: ptr("scholium"), InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return c
}

// everyFile is every file and folder: posts, images, includes and scripts alike
// are named by others.
var everyFile = protocol.FileOperationRegistrationOptions{Filters: []protocol.FileOperationFilter{
	{Scheme: ptr("file"), Pattern: protocol.FileOperationPattern{Glob: "**/*"}},
}}
