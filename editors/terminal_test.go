//go:build unix

package editors

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A desk is a bench with a copy of the example site, for the editors of a
// terminal.
type desk struct {
	*bench
	pids string // the process ids of the servers, one a line
}

// longest is the most that is waited for any one thing.
const longest = 20 * time.Second

// evidence and mistakes are the posts of the example site.
const (
	evidence = "_posts/2024-03-01-evidence.md"
	mistakes = "_posts/2024-04-01-mistakes.md"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	see(t)
	d := &desk{bench: newBench(t)}
	d.pids = filepath.Join(filepath.Dir(d.log), "pids")
	// The server's process is none but the real one, so that killing it is what it is for a user.
	d.program(t, `case $1 in serve) echo $$ >>"`+d.pids+`" ;; esac
exec "`+d.real+`" "$@"
`)
	return d
}

// fresh makes the site a copy of the example, and forgets what ran.
func (d *desk) fresh(t *testing.T) {
	t.Helper()
	for _, old := range []string{d.site, d.pids} {
		if err := os.RemoveAll(old); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(d.site, os.DirFS(here(t, "../testdata/sites/example"))); err != nil {
		t.Fatal(err)
	}
}

// script runs an editor with a script that tests it, alive and dead: with a
// server that ends at once, every step of it must fail.
func (d *desk) script(t *testing.T, command ...string) {
	t.Helper()
	env := func(wait string) []string {
		return []string{"SCHOLIUM_SITE=" + d.site, "SCHOLIUM_PID=" + d.pids, "SCHOLIUM_WAIT=" + wait}
	}
	d.fresh(t)
	began := time.Now()
	run := d.start(t, env(strconv.Itoa(int(longest.Milliseconds()))), command...)
	run.passes(t)
	passed, _ := run.steps()
	t.Logf("%d steps in %.1f s", len(passed), time.Since(began).Seconds())
	if starts := d.gone(t); starts < 3 {
		t.Errorf("the server was started %d times: one was killed and one restarted, so there must be three", starts)
	}

	d.dead(t, func() {
		d.fresh(t)
		run := d.start(t, env("200"), command...)
		if run.code == 0 {
			t.Errorf("with a dead server the exit code is 0")
		}
		left, failed := run.steps()
		if len(left) > 0 || !slices.Equal(failed, passed) {
			t.Errorf("with a dead server these steps pass: %q; these fail: %q; want all of %q to fail\n%s", left, failed, passed, run.out)
		}
	})
}

// steps returns the names of the steps that passed and of those that failed.
func (r *run) steps() (passed, failed []string) {
	for line := range strings.Lines(r.out) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "  -- ")
		// Neovim's messages do not end their lines.
		if at := strings.LastIndex(name, "ok   "); at >= 0 {
			passed = append(passed, name[at+5:])
		} else if at := strings.LastIndex(name, "FAIL "); at >= 0 {
			failed = append(failed, name[at+5:])
		}
	}
	return passed, failed
}

// servers are the process ids of the servers that were started.
func (d *desk) servers(t *testing.T) []int {
	t.Helper()
	data, err := os.ReadFile(d.pids)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var ids []int
	for _, field := range strings.Fields(string(data)) {
		id, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// gone wants every server to have ended with its editor, and returns how many
// there were.
func (d *desk) gone(t *testing.T) int {
	t.Helper()
	ids := d.servers(t)
	for _, id := range ids {
		if !until(longest, func() bool { return !alive(id) }) {
			t.Errorf("a server outlives its editor")
		}
	}
	return len(ids)
}

func alive(id int) bool {
	if syscall.Kill(id, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(id), "stat"))
	return err == nil && !strings.Contains(string(stat), ") Z ") // dead, but nobody asked
}

func itoa(n int) string { return strconv.Itoa(n) }

// until looks until something holds, and returns whether it did in time.
func until(most time.Duration, holds func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(most); time.Now().Before(end); <-tick.C {
		if holds() {
			return true
		}
	}
	return holds()
}

// unpacked returns a program that .ci/install-terminal-editors has unpacked.
func unpacked(t *testing.T, program string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(cache, "scholium", "editors", "bin", program)
	if _, err := os.Stat(file); err != nil {
		lacking(t, "there is no "+program)
	}
	return file
}

// A terminal is a real one, of tmux, with an editor in it.
type terminal struct {
	t      *testing.T
	socket string
	most   time.Duration
}

// terminal starts a program in a terminal of some size, in the site's folder.
// What it waits for, it waits for no longer than most.
func (d *desk) terminal(t *testing.T, most time.Duration, columns, rows int, command ...string) *terminal {
	t.Helper()
	dir, err := os.MkdirTemp("", "tmux") // a socket's name must be short
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, socket: filepath.Join(dir, "s"), most: most}
	t.Cleanup(func() {
		term.tmux("kill-server")
		os.RemoveAll(dir)
	})
	config := filepath.Join(dir, "conf")
	if err := os.WriteFile(config, []byte("set -g escape-time 0\nset -g default-terminal tmux-256color\nset -ga terminal-overrides ',*:Tc'\nset -g status off\nset -g remain-on-exit on\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-f", config, "new-session", "-d", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(rows), "-c", d.site, "env", "-i", "COLORTERM=truecolor"}
	for _, e := range d.env("tmux-256color") {
		if e != "NO_COLOR=1" {
			args = append(args, e)
		}
	}
	if out, err := term.tmux(append(args, command...)...); err != nil {
		t.Fatalf("tmux: %v\n%s", err, out)
	}
	return term
}

func (term *terminal) tmux(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", append([]string{"-S", term.socket, "-u"}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + filepath.Dir(term.socket), "TERM=tmux-256color"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// press sends keys by tmux's names for them: Enter, Escape, C-n, or a letter.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	if out, err := term.tmux(append([]string{"send-keys"}, keys...)...); err != nil {
		term.t.Fatalf("tmux: %v\n%s", err, out)
	}
}

// write types some text.
func (term *terminal) write(text string) {
	term.t.Helper()
	if out, err := term.tmux("send-keys", "-l", text); err != nil {
		term.t.Fatalf("tmux: %v\n%s", err, out)
	}
}

// paste pastes some text, as one piece where the program can tell.
func (term *terminal) paste(text string) {
	term.t.Helper()
	for _, args := range [][]string{{"set-buffer", text}, {"paste-buffer", "-p"}} {
		if out, err := term.tmux(args...); err != nil {
			term.t.Fatalf("tmux: %v\n%s", err, out)
		}
	}
}

// screen is what stands in the terminal.
func (term *terminal) screen() string {
	out, _ := term.tmux("capture-pane", "-p")
	return out
}

// shows waits until the screen holds all of some texts.
func (term *terminal) shows(texts ...string) bool {
	return until(term.most, func() bool {
		screen := term.screen()
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
	})
}

// hides waits until the screen holds none of some texts.
func (term *terminal) hides(texts ...string) bool {
	return until(term.most, func() bool {
		screen := term.screen()
		return screen != "" && !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(screen, s) })
	})
}
