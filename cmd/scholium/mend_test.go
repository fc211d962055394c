package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scholium/analysis/text"
)

// TestOneMending has the same mistakes mended by check --fix, by the diff of its
// dry run (fix.txtar applies that), and by the editor's action: they must be the
// same edits. The mistakes are the example site's and those of the rules' pages.
func TestOneMending(t *testing.T) {
	dir := t.TempDir()
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	codes, err := os.ReadDir(filepath.Join("..", "..", "testdata", "rules"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range codes {
		code, ok := strings.CutSuffix(c.Name(), ".txtar")
		if !ok {
			continue
		}
		page, err := rulePage(code)
		if err != nil {
			t.Fatal(err)
		}
		for k, f := range page.Files {
			if strings.HasPrefix(f.Name, "fault/_posts/") {
				name := fmt.Sprintf("_posts/2025-%02d-%02d-%s.md", i%12+1, k+1, code)
				if err := os.WriteFile(filepath.Join(dir, name), []byte(unmarked(string(f.Data))), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	t.Chdir(dir)
	posts, err := filepath.Glob("_posts/*.md")
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, p := range posts {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		before[p] = string(data)
	}
	mended := 0
	for _, p := range posts { // each alone: in an editor the others are as they are, too
		edited := editorMends(t, dir, p, before[p])
		var diff, out bytes.Buffer
		if edited != before[p] {
			run([]string{"check", "--no-judge", "--fix", "--dry-run", p}, streams{nil, &diff, &out})
		}
		if code := run([]string{"check", "--no-judge", "--fix", p}, streams{nil, &out, &out}); code == exitUnusable {
			t.Fatalf("%s: %s", p, out.String())
		}
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != edited {
			t.Errorf("%s: check --fix makes\n%s\nand the editor\n%s", p, data, edited)
		}
		if want := unified(p, before[p], string(data)); diff.String() != want {
			t.Errorf("%s: the dry run prints\n%s\nand the fix is\n%s", p, diff.String(), want)
		}
		if string(data) != before[p] {
			mended++
		}
		if err := os.WriteFile(p, []byte(before[p]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d posts are mended", mended, len(posts))
	if mended < 10 {
		t.Errorf("only %d posts are mended", mended)
	}
}

// answers is what a server writes; answered is closed with the answer to 2.
type answers struct {
	bytes.Buffer
	answered chan struct{}
	closed   bool
}

func (a *answers) Write(p []byte) (int, error) {
	n, err := a.Buffer.Write(p)
	if !a.closed && strings.Contains(a.String(), `"id":2,`) {
		a.closed = true
		close(a.answered)
	}
	return n, err
}

// unmarked is a post of a rule's page without its marks.
func unmarked(doc string) string {
	var kept []string
	for _, line := range strings.Split(doc, "\n") {
		rest := strings.TrimLeft(strings.TrimLeft(line, " "), "^")
		if strings.Contains(line, "^") && (strings.HasPrefix(rest, " diag ") || strings.HasPrefix(rest, " fix ")) {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// editorMends opens a file in a server and makes the edits of its action.
func editorMends(t *testing.T, dir, name, doc string) string {
	t.Helper()
	uri := strings.TrimSuffix(fileURI(filepath.Join(dir, name)), "/")
	in, to := io.Pipe()
	out := &answers{answered: make(chan struct{})}
	var errs bytes.Buffer
	ended := make(chan int)
	go func() { ended <- run([]string{"serve", "--no-judge"}, streams{in, out, &errs}) }()
	send := func(body string) {
		if _, err := fmt.Fprintf(to, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			t.Fatal(err)
		}
	}
	quoted, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":%q,"capabilities":{"textDocument":{"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":[]}}}}}}}`, fileURI(dir)))
	send(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":%q,"languageId":"markdown","version":1,"text":%s}}}`, uri, quoted))
	send(fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"textDocument/codeAction","params":{"textDocument":{"uri":%q},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"context":{"diagnostics":[],"only":["source.fixAll.scholium"]}}}`, uri))
	<-out.answered // exit would not wait for it
	send(`{"jsonrpc":"2.0","id":3,"method":"shutdown"}`)
	send(`{"jsonrpc":"2.0","method":"exit"}`)
	if code := <-ended; code != 0 {
		t.Fatalf("the server ends with %d: %s", code, errs.String())
	}
	for _, part := range strings.Split(out.String(), "Content-Length: ") {
		_, body, _ := strings.Cut(part, "\r\n\r\n")
		var answer struct {
			ID     int `json:"id"`
			Result []struct {
				Edit struct {
					Changes map[string][]struct {
						Range struct{ Start, End struct{ Line, Character int } }
						New   string `json:"newText"`
					}
				}
			}
		}
		if json.Unmarshal([]byte(body), &answer) != nil || answer.ID != 2 {
			continue
		}
		if len(answer.Result) == 0 {
			return doc
		}
		lines := text.NewLines(doc)
		var edits []text.Edit
		for _, e := range answer.Result[0].Edit.Changes[uri] {
			at := func(p struct{ Line, Character int }) int {
				return lines.Offset(text.Position{Line: p.Line, Column: p.Character}, text.UTF16)
			}
			edits = append(edits, text.Edit{Span: text.Span{Start: at(e.Range.Start), End: at(e.Range.End)}, New: e.New})
		}
		made, ok := text.Apply(doc, edits)
		if !ok || made == doc {
			t.Fatalf("%s: the edits are %+v", name, edits)
		}
		return made
	}
	t.Fatalf("%s: no answer in %s", name, out.String())
	return ""
}
