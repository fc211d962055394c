package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestParent ends the session when the client's process is gone.
func TestParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dead atomic.Bool
		ours, theirs := net.Pipe()
		defer ours.Close()
		done := make(chan int, 1)
		go func() {
			done <- Serve(context.Background(), theirs, Options{Alive: func(pid int) bool { return pid == 4711 && !dead.Load() }})
		}()
		go func() { _, _ = io.Copy(io.Discard, ours) }()
		body := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":4711,"capabilities":{}}}`
		if _, err := fmt.Fprintf(ours, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * parentInterval)
		select {
		case <-done:
			t.Fatal("the session ended though the client lives")
		default:
		}
		dead.Store(true)
		time.Sleep(2 * parentInterval)
		if code := <-done; code != 1 {
			t.Errorf("exit code %d", code)
		}
	})
}

// TestProgress shows how far the reading of a site has come.
func TestProgress(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "_posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{"_config.yml": "title: x\n", "_posts/2024-01-01-a.md": "---\n---\nx\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ours, theirs := net.Pipe()
	defer ours.Close()
	go Serve(context.Background(), theirs, Options{})
	send := func(body string) {
		if _, err := fmt.Fprintf(ours, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
			t.Error(err)
		}
	}
	root, err := json.Marshal("file://" + filepath.ToSlash(dir))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":` + string(root) + `,"capabilities":{"window":{"workDoneProgress":true}}}}`)
		send(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	}()
	in := bufio.NewReader(ours)
	var kinds []string
	for len(kinds) == 0 || kinds[len(kinds)-1] != "end" {
		header, err := textproto.NewReader(in).ReadMIMEHeader()
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			t.Fatal(err)
		}
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params struct {
				Value struct {
					Kind string `json:"kind"`
				} `json:"value"`
			} `json:"params"`
		}
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		switch m.Method {
		case "window/workDoneProgress/create":
			go send(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"result":null}`)
		case "$/progress":
			kinds = append(kinds, m.Params.Value.Kind)
		}
	}
	if got := strings.Join(kinds, " "); !strings.HasPrefix(got, "begin") {
		t.Errorf("progress: %s", got)
	}
}
