package server

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.lsp.dev/protocol"
)

// TestCodeActionKinds asks for some kinds of actions only, as the light bulb and
// the menus of editors do, and as a client that cannot tell kinds apart.
func TestCodeActionKinds(t *testing.T) {
	dir := t.TempDir()
	const name = "_posts/2024-01-01-a.md"
	put := func(file, doc string) {
		t.Helper()
		full := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("_config.yml", "title: A\n")
	put("_layouts/post.html", "<script async src=\"https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js\"></script>{{ content }}\n")
	put(name, "---\nlayout: post\ntitle: A\n---\n𝔼 \\\\(x\\\\)[^a].\n")
	c := newClient(t, dir, modes[0])
	c.open(name)
	c.wait()
	p := openPost{c, name}
	kinds := func(at int, trigger protocol.CodeActionTriggerKind, only ...protocol.CodeActionKind) []protocol.CodeActionKind {
		t.Helper()
		place := p.at(at).Position
		var got []protocol.CodeAction
		c.call(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{
			TextDocument: p.document(name).TextDocument, Range: protocol.Range{Start: place, End: place},
			Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{}, Only: only, TriggerKind: trigger},
		}, &got)
		var out []protocol.CodeActionKind
		for _, a := range got {
			out = append(out, *a.Kind)
		}
		return out
	}
	const rewrite, fix = protocol.CodeActionKindRefactorRewrite, protocol.CodeActionKindQuickFix
	formula, marker := p.find("(x", 1, 1), p.find("^a", 1, 1)
	for _, trigger := range []protocol.CodeActionTriggerKind{0, protocol.CodeActionTriggerKindInvoked, protocol.CodeActionTriggerKindAutomatic} {
		for i, want := range []struct {
			at   int
			only []protocol.CodeActionKind
			want []protocol.CodeActionKind
		}{
			{formula, nil, []protocol.CodeActionKind{rewrite}},
			{formula, []protocol.CodeActionKind{"refactor"}, []protocol.CodeActionKind{rewrite}},
			{formula, []protocol.CodeActionKind{rewrite}, []protocol.CodeActionKind{rewrite}},
			{formula, []protocol.CodeActionKind{"refactor.extract", "source", fix}, nil},
			{marker, nil, []protocol.CodeActionKind{fix, fix}}, // the footnote, and a comment that ignores it
			{marker, []protocol.CodeActionKind{fix}, []protocol.CodeActionKind{fix, fix}},
			{marker, []protocol.CodeActionKind{"refactor"}, nil},
		} {
			if got := kinds(want.at, trigger, want.only...); !slices.Equal(got, want.want) {
				t.Errorf("trigger %d, question %d: got %v", trigger, i, got)
			}
		}
	}
	c.session.caps.actionKinds = false
	if got := kinds(formula, 0); len(got) > 0 {
		t.Errorf("without kinds: %v", got)
	}
	if got := kinds(marker, 0); len(got) != 2 {
		t.Errorf("fixes without kinds: %v", got)
	}
}
