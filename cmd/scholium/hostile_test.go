//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"go.lsp.dev/uri"
)

// forget makes this process small, and forgets how large it was: Linux counts
// that as the child's.
func forget(t *testing.T) {
	t.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
}

// hostileTimeout ends what waits for ever.
const hostileTimeout = 3 * time.Minute

// hostileCommand is a run of scholium that ends when it has used up a minute
// of the processor; through is what runs it, if anything.
func hostileCommand(ctx context.Context, through []string, args ...string) *exec.Cmd {
	all := slices.Concat([]string{"-c", `ulimit -t 60; exec "$@"`, "sh"}, through, []string{"scholium"}, args)
	return exec.CommandContext(ctx, "sh", all...)
}

// A cost is what a process took.
type cost struct {
	cpu, wall time.Duration
	memory    int64 // at most, in bytes
}

func costOf(cmd *exec.Cmd, start time.Time) cost {
	p := cmd.ProcessState
	return cost{p.UserTime() + p.SystemTime(), time.Since(start), p.SysUsage().(*syscall.Rusage).Maxrss << 10}
}

func (c cost) String() string {
	return fmt.Sprintf("%.2f s, %d MB", c.cpu.Seconds(), c.memory>>20)
}

// within holds a cost to what any site may cost: processor time, as the
// machine may have other work, and memory.
func (c cost) within(t *testing.T, what string, limit time.Duration) {
	t.Helper()
	if c.cpu > limit {
		t.Errorf("%s takes %v", what, c.cpu)
	}
	// A tree takes some hundred times its text: most stay far below 500 MB for a megabyte, one of nothing but cells or
	// headings takes the double. Templates may make a megabyte of little, of which the server holds more than one at a time.
	most := int64(500<<20 + 1100*hostileBytes())
	if what == "the server" {
		most += 500 << 20
	}
	if c.memory > most {
		t.Errorf("%s takes %d MB, and may %d", what, c.memory>>20, most>>20)
	}
}

// hostileBytes is how long texts are made.
func hostileBytes() int {
	full := os.Getenv("SCHOLIUM_HOSTILE")
	if n, err := strconv.Atoi(full); err == nil && n > 1 {
		return n
	}
	if full != "" {
		return 1 << 20
	}
	return 1 << 12
}

// TestHostile gives sites that nobody means well with to check and to the
// server: both end, with an exit code that says so, in bounded time and
// memory. The texts have a megabyte where SCHOLIUM_HOSTILE is set, or as many
// bytes as it says.
func TestHostile(t *testing.T) {
	if testing.Short() { // the race detector takes ten times the time and memory
		t.Skip("time and memory are measured without -short")
	}
	n := hostileBytes()
	seen := map[string]bool{}
	hostileSites(n, func(s hostileSite) {
		if seen[s.name] {
			t.Fatalf("two sites are called %q", s.name)
		}
		seen[s.name] = true
		t.Run(short(s.name), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			s.lay(t, dir)
			checked, out := checkHostile(t, dir)
			limit := 5 * time.Second
			if s.large {
				limit *= 4
			}
			checked.within(t, "check", limit)
			if !strings.Contains(out, s.says) {
				t.Errorf("check does not say %q: %s", s.says, short(out))
			}
			if s.never != "" && strings.Contains(out, s.never) {
				t.Errorf("check says %q", s.never)
			}
			if n < 1<<15 && len(seen)%6 > 0 { // each run of the server is a second
				t.Logf("| %s | %v | |", short(s.name), checked)
				return
			}
			served, out := serveHostile(t, dir)
			served.within(t, "the server", max(4*limit*time.Duration(len(openable(dir))), 20*checked.cpu)) // it reads each file it opens some twenty times
			if s.never != "" && strings.Contains(out, s.never) {
				t.Errorf("the server says %q", s.never)
			}
			t.Logf("| %s | %v | %v |", short(s.name), checked, served)
		})
	})
}

// checkHostile runs check; no exit code but those it has is allowed.
func checkHostile(t *testing.T, dir string, through ...string) (cost, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hostileTimeout)
	defer cancel()
	cmd := hostileCommand(ctx, through, "check", "--no-judge", dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	forget(t)
	start := time.Now()
	_ = cmd.Run()
	code := cmd.ProcessState.ExitCode()
	if code < 0 || code > 2 || strings.Contains(out.String(), "goroutine ") || !utf8.Valid(out.Bytes()) {
		t.Fatalf("check ends with %v after %v: %s", cmd.ProcessState, time.Since(start), tail(out.String()))
	}
	if code == 2 && (!strings.HasPrefix(out.String(), "scholium: ") || strings.Count(out.String(), "\n") != 1) {
		t.Errorf("exit code 2 without one line that says why: %s", tail(out.String()))
	}
	return costOf(cmd, start), out.String()
}

func tail(s string) string {
	if len(s) > 30000 {
		s = s[:15000] + "\n…\n" + s[len(s)-15000:]
	}
	return s
}

// A hostileClient speaks with a server of its own.
type hostileClient struct {
	t    *testing.T
	in   io.Writer
	out  *bufio.Reader
	next int
	said bytes.Buffer // all the server has said
}

func (c *hostileClient) send(message map[string]any) {
	message["jsonrpc"] = "2.0"
	data, err := json.Marshal(message)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(data), data); err != nil {
		c.t.Fatal(err)
	}
}

// ask sends a request and waits for the answer; what the server asks is
// answered with nothing.
func (c *hostileClient) ask(method string, params any) json.RawMessage {
	c.next++
	c.send(map[string]any{"id": c.next, "method": method, "params": params})
	for {
		head, err := textproto.NewReader(c.out).ReadMIMEHeader()
		if err != nil {
			c.t.Fatalf("%s is not answered: %v", method, err)
		}
		length, err := strconv.Atoi(head.Get("Content-Length"))
		if err != nil {
			c.t.Fatal(err)
		}
		data := make([]byte, length)
		if _, err := io.ReadFull(c.out, data); err != nil {
			c.t.Fatalf("%s is not answered: %v", method, err)
		}
		c.said.Write(data)
		var message struct {
			ID     *json.RawMessage
			Method string
			Result json.RawMessage
		}
		if err := json.Unmarshal(data, &message); err != nil {
			c.t.Fatal(err)
		}
		switch {
		case message.Method != "" && message.ID != nil:
			c.send(map[string]any{"id": message.ID, "result": nil})
		case message.Method == "" && message.ID != nil && string(*message.ID) == strconv.Itoa(c.next):
			return message.Result
		}
	}
}

// serveHostile opens the site's files, asks everything, edits them and asks again.
func serveHostile(t *testing.T, dir string, through ...string) (cost, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hostileTimeout)
	defer cancel()
	cmd := hostileCommand(ctx, through, "serve", "--no-judge")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	forget(t)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := false
	defer func() {
		if !done {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			t.Logf("the server's log: %s", tail(log.String()))
		}
	}()
	c := &hostileClient{t: t, in: in, out: bufio.NewReaderSize(out, 1<<20)}
	c.ask("initialize", map[string]any{"processId": nil, "rootUri": uri.File(dir), "capabilities": map[string]any{"textDocument": map[string]any{"diagnostic": map[string]any{}}}})
	c.send(map[string]any{"method": "initialized", "params": map[string]any{}})
	for _, file := range openable(dir) {
		c.file(dir, file)
	}
	c.ask("workspace/symbol", map[string]any{"query": "a"})
	c.ask("shutdown", nil)
	c.send(map[string]any{"method": "exit"})
	_ = in.Close()
	_, _ = io.Copy(io.Discard, c.out)
	done = true
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the server ends with %v: %s", err, tail(log.String()))
	}
	if strings.Contains(log.String(), "panic") {
		t.Errorf("the server panicked: %s", tail(log.String()))
	}
	return costOf(cmd, start), c.said.String() + log.String()
}

// openable are the files that a client opens: a few, of every kind, and none
// that lies outside, whose text would be the client's own.
func openable(dir string) []string {
	var out []string
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for _, pattern := range []string{"_posts/*", "_config.yml", "_layouts/*", "_includes/*", ".scholium.yml", "_data/*"} {
		list, _ := filepath.Glob(filepath.Join(dir, pattern))
		slices.Sort(list)
		for _, f := range list[:min(len(list), 3)] {
			if real, err := filepath.EvalSymlinks(f); err != nil || real != f {
				continue
			}
			if info, err := os.Lstat(f); err == nil && info.Mode().IsRegular() && info.Size() < 1<<25 && utf8.ValidString(f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// file opens a file, asks everything at places of it, edits it and asks again.
func (c *hostileClient) file(dir, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		return // it may not be read
	}
	id := map[string]any{"uri": uri.File(file)}
	doc := strings.ToValidUTF8(string(data), "\uFFFD")
	c.send(map[string]any{"method": "textDocument/didOpen", "params": map[string]any{"textDocument": map[string]any{"uri": uri.File(file), "languageId": "markdown", "version": 1, "text": doc}}})
	for _, method := range []string{"documentSymbol", "documentLink", "foldingRange", "semanticTokens/full", "diagnostic"} {
		c.ask("textDocument/"+method, map[string]any{"textDocument": id})
	}
	lines := strings.Split(doc, "\n")
	at := func(line, column int) map[string]any { return map[string]any{"line": line, "character": column} }
	places := []map[string]any{at(0, 0), at(len(lines)-1, 0), at(len(lines), 99), at(1<<30, 1<<30)}
	longest := 0
	for i := range lines {
		if len(lines[i]) > len(lines[longest]) {
			longest = i
		}
	}
	for _, k := range []int{0, 1, 2, 3, 4} {
		places = append(places, at(longest, k*len(lines[longest])/4), at(k*len(lines)/5, 3))
	}
	everything := map[string]any{"start": at(0, 0), "end": at(len(lines), 0)}
	for _, place := range places {
		for _, method := range []string{"hover", "completion", "definition", "references", "documentHighlight", "prepareRename", "selectionRange"} {
			params := map[string]any{"textDocument": id, "position": place, "positions": []any{place}, "context": map[string]any{"includeDeclaration": true}}
			c.ask("textDocument/"+method, params)
		}
	}
	c.ask("textDocument/inlayHint", map[string]any{"textDocument": id, "range": everything})
	c.ask("textDocument/codeAction", map[string]any{"textDocument": id, "range": everything, "context": map[string]any{"diagnostics": []any{}}})
	version := 1
	for _, text := range []string{"a", "$", "{% include ../../", "{% include_relative /etc/", "\n![](../../../../../../../../etc/", "\n\n[a](", "𝔼"} {
		version++
		c.send(map[string]any{"method": "textDocument/didChange", "params": map[string]any{"textDocument": map[string]any{"uri": uri.File(file), "version": version},
			"contentChanges": []any{map[string]any{"range": map[string]any{"start": at(longest+1, 0), "end": at(longest+1, 0)}, "text": text}}}})
		answer := c.ask("textDocument/completion", map[string]any{"textDocument": id, "position": at(longest+1, len(text))})
		if strings.Contains(string(answer), "passwd") {
			c.t.Errorf("completion behind %q: %s", text, tail(string(answer)))
		}
	}
	c.ask("textDocument/diagnostic", map[string]any{"textDocument": id})
	c.send(map[string]any{"method": "textDocument/didClose", "params": map[string]any{"textDocument": id}})
}

// TestOutside has a site whose files ask in every way for what lies outside it:
// nothing there is opened, and nobody learns what it holds, or that it exists.
// Where there is a strace, it says what was opened.
func TestOutside(t *testing.T) {
	base := t.TempDir()
	dir, outside := filepath.Join(base, "site"), filepath.Join(base, "outside")
	var body strings.Builder
	up, files := "../../", []string{"secret.md", "secret.html", "secret.png", "secret.yml", "secret.bib", "secret.js"}
	site := hostileSite{name: "outside", files: map[string]string{}}
	for _, f := range files {
		site.files["../outside/"+f] = "---\ntitle: SECRET\nlayout: SECRET\n---\n[^SECRET] \\eqref{SECRET} {{ site.SECRET }} MathJax SECRET"
		for _, path := range []string{"../outside/" + f, up + "outside/" + f, up + up + up + "outside/" + f, filepath.Join(outside, f), "file://" + filepath.Join(outside, f), "%2e%2e/outside/" + f, "..%2foutside%2f" + f, `..\outside\` + f, "/../outside/" + f, "x/../../outside/" + f} {
			fmt.Fprintf(&body, "![a](%s) [b](%s) <img src=\"%s\"> {%% include %s %%} {%% include_relative %s %%} {%% link %s %%} {%% post_url %s %%} {{ site.data[\"%s\"] }} {%% cite %s %%}\n\n", path, path, path, path, path, path, path, path, path)
		}
	}
	site.files[hostilePost] = "---\ntitle: A\nlayout: ../../outside/secret\nbibliography: ../outside/secret.bib\nimage: ../outside/secret.png\n---\n" + body.String()
	site.files["_posts/2024-01-02-b.md"] = "---\nlayout: " + filepath.Join(outside, "secret") + "\n---\n" + strings.ReplaceAll(body.String(), "{%", "{{ '' }} {!")
	site.files["_config.yml"] = "includes_dir: ../outside\nlayouts_dir: ../outside\ndata_dir: ../outside\ncollections_dir: ../outside\ntheme: ../outside\nscholar: {source: ../outside, bibliography: secret.bib}\ninclude: [../outside]\ncollections: {../outside: {output: true}}\n"
	site.files["_layouts/default.html"] = "<script src=\"../outside/secret.js\"></script><script src=\"" + outside + "/secret.js\"></script>{{ content }}"
	site.more = func(t *testing.T, dir string) {
		for _, name := range []string{"linked", "_includes", "_data"} {
			if err := os.Symlink("../outside", filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range files {
			if err := os.Symlink("../outside/"+f, filepath.Join(dir, f)); err != nil {
				t.Fatal(err)
			}
		}
	}
	site.lay(t, dir)
	trace := filepath.Join(base, "trace")
	traced := []string{}
	if strace, err := exec.LookPath("strace"); err == nil {
		traced = []string{strace, "-f", "-qq", "-o", trace, "-e", "trace=open,openat,openat2,readlink,readlinkat"}
	}
	for what, run := range map[string]func(*testing.T, string, ...string) (cost, string){"check": checkHostile, "the server": serveHostile} {
		_, out := run(t, dir, traced...)
		for _, line := range strings.Split(out, "\n") {
			if strings.Contains(line, "SECRET") {
				t.Errorf("%s says what a file outside holds: %s", what, tail(line))
				break
			}
		}
		if len(traced) == 0 {
			continue
		}
		opened, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(opened), filepath.Join(dir, "_config.yml")) {
			t.Fatalf("the trace of %s misses the configuration", what)
		}
		for line := range strings.Lines(string(opened)) {
			if strings.Contains(line, "open") && strings.Contains(line, `"`+outside) {
				t.Errorf("%s opens a file outside: %s", what, line)
			}
		}
	}
}
