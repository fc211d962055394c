package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// A heldAnswer is what workspace/diagnostic says, or why it says nothing.
type heldAnswer struct {
	items []protocol.WorkspaceFullDocumentDiagnosticReport
	err   error
}

// everywhere asks for the problems of all files that differ from what is known,
// and takes them down. The channel has the answer when there is one.
func (c *client) everywhere(ctx context.Context, known map[uri.URI]string) <-chan heldAnswer {
	p := protocol.WorkspaceDiagnosticParams{PreviousResultIds: []protocol.PreviousResultId{}}
	for u, id := range known {
		p.PreviousResultIds = append(p.PreviousResultIds, protocol.PreviousResultId{URI: u, Value: id})
	}
	out := make(chan heldAnswer, 1)
	go func() {
		var got struct {
			Items []protocol.WorkspaceFullDocumentDiagnosticReport `json:"items"`
		}
		_, err := c.conn.Call(ctx, protocol.MethodWorkspaceDiagnostic, &p, &got)
		out <- heldAnswer{got.Items, err}
	}()
	return out
}

func (c *client) problemsOf(a heldAnswer, known map[uri.URI]string) string {
	c.t.Helper()
	if a.err != nil {
		c.t.Fatal(a.err)
	}
	var lines []string
	for _, r := range a.items {
		rel, _ := filepath.Rel(c.dir, r.URI.FsPath())
		line := filepath.Base(rel)
		for _, d := range r.Items {
			line += fmt.Sprintf(" %s", d.Code)
		}
		lines = append(lines, line)
		known[r.URI] = *r.ResultID
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

// TestDiagnosticWorkspace asks for the problems of closed files: the answer is
// held until something differs, ends when it is cancelled and at shutdown.
func TestDiagnosticWorkspace(t *testing.T) {
	dir := t.TempDir()
	put := func(name, doc string) {
		t.Helper()
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("_config.yml", "title: A\n")
	put("_posts/2024-01-01-a.md", "---\ntitle: A\n---\n[x](#nowhere) {% include x.html %}\n")
	put("_posts/2024-01-02-b.md", "---\ntitle: B\n---\nFine.\n")
	put("_includes/x.html", "x\n")
	c := newClient(t, dir, modes[0])
	ctx := context.Background()
	known := map[uri.URI]string{}
	if got := c.problemsOf(<-c.everywhere(ctx, known), known); got != "2024-01-01-a.md broken-anchor" {
		t.Fatalf("at first: %s", got)
	}
	held := c.everywhere(ctx, known)
	cancelled, cancel := context.WithCancel(ctx)
	second := c.everywhere(cancelled, known)
	c.diagnostics("_posts/2024-01-02-b.md") // nothing has changed: they wait
	select {
	case a := <-held:
		t.Fatalf("nothing differs, and the answer is %+v", a)
	default:
	}
	cancel()
	if a := <-second; a.err == nil {
		t.Errorf("cancelled, and the answer is %+v", a)
	}
	touch := func(name string, kind protocol.FileChangeType) {
		c.notify(protocol.MethodWorkspaceDidChangeWatchedFiles, &protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: c.uri(name), Type: kind}}})
	}
	if err := os.Remove(filepath.Join(dir, "_includes/x.html")); err != nil {
		t.Fatal(err)
	}
	touch("_includes/x.html", protocol.FileChangeTypeDeleted)
	if got := c.problemsOf(<-held, known); !strings.Contains(got, "missing-include") {
		t.Errorf("without the include: %s", got)
	}
	held = c.everywhere(ctx, known)
	put("_posts/2024-01-01-a.md", "---\ntitle: A\n---\nMended.\n")
	touch("_posts/2024-01-01-a.md", protocol.FileChangeTypeChanged)
	if got := c.problemsOf(<-held, known); got != "2024-01-01-a.md" {
		t.Errorf("mended: %s", got)
	}
	held = c.everywhere(ctx, known)
	c.call(protocol.MethodShutdown, nil, nil)
	if a := <-held; len(a.items) > 0 {
		t.Errorf("at shutdown: %+v", a)
	}
}
