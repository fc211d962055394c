// Package editors holds Scholium's clients, and tests each of them in the real
// editor, by a script that does what an author does: neovim/test.lua,
// emacs/test.el and emacs/test-lsp-mode.el. Helix is driven by its keys, in
// tmux (helix_test.go), which also makes the README's pictures. VS Code's
// extension is packed, and the packed one is loaded in node with a stand-in for
// what only VS Code has: vscode/test/activate.js.
package editors

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "scholium/server" // what the built program is made of, so that no result outlives a change of it
	"scholium/workspace/judge"
)

// patience is the most that one run of an editor takes.
const patience = 2 * time.Minute

var site = map[string]string{
	"_config.yml": `title: A small site
defaults:
  - scope: {path: ""}
    values: {layout: default}
`,
	"_layouts/default.html": `<!doctype html>
<html>
<head>
<script>
window.MathJax = {
  tex: { inlineMath: [['$', '$'], ['\\(', '\\)']], tags: 'ams' }
};
</script>
<script async src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js"></script>
</head>
<body>
{{ content }}
</body>
</html>
`,
	post: `---
title: A bound
---
$$
\newcommand{\hlblue}[1]{\color{blue}{#1}}
$$

\begin{equation}\label{eq:elbo}
\mathcal{L} \le \log p(x)
\end{equation}

\begin{equation}\label{eq:kl}
\mathrm{KL}(\hlblue{q}, p) \ge 0
\end{equation}

Over 𝔼 the bound \eqref{eq:elbo} is tight.[^why]

Over 𝔼 the bound \eqref{eq:elbp} is loose.

Type here:

[^why]: By \eqref{eq:kl}.
`,
}

const post = "_posts/2024-01-01-bound.md"

func TestEditors(t *testing.T) {
	see(t)
	b := newBench(t)
	t.Run("vscode", func(t *testing.T) { testVSCode(t, b) })
}

func testVSCode(t *testing.T, b *bench) {
	need(t, "node")
	need(t, "npm")
	folder := here(t, "vscode")
	lockFile(t, filepath.Join(folder, "package-lock.json"))
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		lacking(t, "editors/vscode/node_modules is missing: run npm ci there")
	}
	vsix := filepath.Join(folder, "scholium.vsix")
	if err := os.RemoveAll(vsix); err != nil {
		t.Fatal(err)
	}
	if run := b.run(t, "", "npm", "--prefix", folder, "run", "package"); run.code != 0 {
		t.Fatalf("packing the extension: exit code %d\n%s", run.code, run.out)
	}
	extension := unpack(t, vsix)

	script := func(args string) []string {
		return []string{"node", filepath.Join(folder, "test", "activate.js"), extension, b.site, filepath.Join(b.site, post), args}
	}
	if judge.Bundled() {
		t.Setenv("SCHOLIUM_DRAWS", "1") // hovers must show the formula
	}
	run := b.run(t, "", script(b.log)...)
	run.passes(t)
	run.served(t, "serve --stdio", "serve --stdio --log-level info")

	b.run(t, "", script("lost")...).passes(t)
	b.hidden(t, func() {
		b.run(t, "", script("none")...).passes(t)
	})
	b.dead(t, func() {
		b.run(t, "2000", script(b.log)...).fails(t, "could not be started as a language server")
	})
}

// unpack looks at what is in the packed extension, and returns the folder that
// an editor would keep it in.
func unpack(t *testing.T, vsix string) string {
	t.Helper()
	names, dir := content(t, vsix)
	if want := vscodeFiles(t); !slices.Equal(names, want) {
		t.Errorf("the packed extension holds %q, want %q", names, want)
	}
	content := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		content[name] = string(data)
	}
	license, err := os.ReadFile(here(t, "../LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if content["LICENSE.txt"] != string(license) {
		t.Error("the extension's LICENSE is not Scholium's")
	}
	if !strings.Contains(content["dist/NOTICES.txt"], "vscode-languageclient") {
		t.Error("NOTICES.txt does not name what is bundled")
	}
	var manifest struct {
		Name, Main   string
		Capabilities struct {
			UntrustedWorkspaces struct {
				RestrictedConfigurations []string
			}
		}
	}
	if err := json.Unmarshal([]byte(content["package.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name != "scholium" || content[strings.TrimPrefix(manifest.Main, "./")] == "" {
		t.Errorf("the extension %q has no %q", manifest.Name, manifest.Main)
	}
	for _, fault := range walkthroughFaults(t, content["package.json"], names) {
		t.Error(fault)
	}
	if !slices.Contains(manifest.Capabilities.UntrustedWorkspaces.RestrictedConfigurations, "scholium.path") {
		t.Error("a workspace that is not trusted can name the program to start")
	}
	return dir
}

// content unpacks an extension as VS Code does, with the right to run what may be
// run, and returns its files and the folder they are in.
func content(t *testing.T, vsix string) (names []string, dir string) {
	t.Helper()
	z, err := zip.OpenReader(vsix)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir = t.TempDir()
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, "extension/")
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		names = append(names, name)
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, f.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(names)
	return names, dir
}

// lockFile refuses the name of a registry, which not everybody may reach: names,
// versions and hashes say what is meant.
func lockFile(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved, Integrity string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" {
			t.Errorf("package-lock.json: %s comes from %s", name, p.Resolved)
		}
		if name != "" && p.Integrity == "" {
			t.Errorf("package-lock.json: %s has no hash", name)
		}
	}
}

// A bench is what every editor is tested on: a program scholium that keeps
// account of its use, and a copy of the site.
type bench struct {
	bin  string // the folder of the program, which is on the PATH
	real string // the program itself
	site string
	log  string // how the program was started, and how it ended
	home string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{bin: filepath.Join(dir, "bin"), real: filepath.Join(dir, "real"), site: filepath.Join(dir, "site"), log: filepath.Join(dir, "log"), home: filepath.Join(dir, "home")}
	for _, d := range []string{b.bin, b.site, b.home} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "build", "-o", b.real, "scholium/cmd/scholium").CombinedOutput(); err != nil {
		t.Fatalf("building scholium: %v\n%s", err, out)
	}
	b.program(t, `echo "$@" >>"`+b.log+`"
"`+b.real+`" "$@"
code=$?
echo "exit $code" >>"`+b.log+`"
exit $code
`)
	return b
}

// program makes a shell script the program scholium.
func (b *bench) program(t *testing.T, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(b.bin, "scholium"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// hidden does something while there is no program.
func (b *bench) hidden(t *testing.T, do func()) {
	t.Helper()
	file := filepath.Join(b.bin, "scholium")
	if err := os.Rename(file, file+"-hidden"); err != nil {
		t.Fatal(err)
	}
	do()
	if err := os.Rename(file+"-hidden", file); err != nil {
		t.Fatal(err)
	}
}

// dead does something while the program ends as soon as it is started.
func (b *bench) dead(t *testing.T, do func()) {
	t.Helper()
	b.hidden(t, func() {
		b.program(t, `echo "$@" >>"`+b.log+"\"\nexit 1\n")
		do()
	})
}

// A run is what a program has printed, how it ended, and what it used scholium for.
type run struct {
	name string
	out  string
	code int
	log  []string
}

// run starts a program on a fresh copy of the site, with nothing of the
// developer's own settings. wait is the most that a script waits for anything,
// in milliseconds; empty for its own choice.
func (b *bench) run(t *testing.T, wait string, command ...string) *run {
	t.Helper()
	if err := os.RemoveAll(b.log); err != nil {
		t.Fatal(err)
	}
	for name, doc := range site {
		file := filepath.Join(b.site, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"SCHOLIUM_POST=" + filepath.Join(b.site, post)}
	if wait != "" {
		env = append(env, "SCHOLIUM_WAIT="+wait)
	}
	return b.start(t, env, command...)
}

// start runs a program with nothing of the developer's own settings.
func (b *bench) start(t *testing.T, env []string, command ...string) *run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = b.home
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = append(b.env("dumb"), env...)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("%s does not end:\n%s", command[0], out)
	}
	if cmd.ProcessState == nil {
		t.Fatalf("%s: %v", command[0], err)
	}
	r := &run{name: command[0], out: string(out), code: cmd.ProcessState.ExitCode()}
	if data, err := os.ReadFile(b.log); err == nil {
		r.log = strings.Split(strings.TrimSpace(string(data)), "\n")
	}
	return r
}

// env is the environment of an editor on a terminal of some kind.
func (b *bench) env(term string) []string {
	return []string{
		"PATH=" + b.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + b.home, "LANG=C.UTF-8", "TERM=" + term, "NO_COLOR=1",
	}
}

func (r *run) passes(t *testing.T) {
	t.Helper()
	if r.code != 0 || !strings.Contains(r.out, " passed, 0 failed") {
		t.Fatalf("%s: exit code %d\n%s", r.name, r.code, r.out)
	}
	t.Logf("%s\n%s", r.name, r.out)
}

// fails wants a script to fail, for the right reason.
func (r *run) fails(t *testing.T, why string) {
	t.Helper()
	if r.code == 0 || !strings.Contains(r.out, why) || strings.Contains(r.out, " 0 failed") {
		t.Fatalf("%s with a dead server: exit code %d, want a failure with %q\n%s", r.name, r.code, why, r.out)
	}
}

// served wants scholium to have been started with these arguments, and to have
// ended well each time.
func (r *run) served(t *testing.T, starts ...string) {
	t.Helper()
	var want []string
	for _, s := range starts {
		want = append(want, s, "exit 0")
	}
	slices.Sort(want)
	slices.Sort(r.log) // a client may start the next server while the last one ends
	if !slices.Equal(r.log, want) {
		t.Errorf("%s used scholium for %q, want %q", r.name, r.log, want)
	}
}

// need skips the test where a program is missing.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		lacking(t, "there is no "+program)
	}
}

// lacking skips the test, except in continuous integration, which has everything.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s (.ci/install-editors installs what this test needs)", what)
	}
	t.Skipf("%s (.ci/install-editors installs what this test needs)", what)
}

func here(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// see looks at every file that a result depends on and that only other programs
// read, so that go test keeps no result beyond a change of it.
func see(t *testing.T) {
	t.Helper()
	for _, root := range []string{".", "../cmd/scholium"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if d != nil && (d.Name() == "node_modules" || d.Name() == "dist") {
					return filepath.SkipDir
				}
				return err
			}
			if strings.HasSuffix(name, ".vsix") {
				return nil // made by the test
			}
			_, err = os.ReadFile(name)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
