package editors

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"scholium/workspace/judge"
)

// vscodePatience is the most that one run of VS Code takes: a browser and an
// editor start with it, and the machine may be busy.
const vscodePatience = 10 * time.Minute

// TestVSCode writes in a real VS Code, as vscode/test/drive.mjs says: the packed
// extension and the real server on a copy of the example site. With
// SCHOLIUM_PICTURES=1 it takes the pictures of vscode/images anew.
func TestVSCode(t *testing.T) {
	see(t)
	need(t, "node")
	need(t, "chromium")
	lockFile(t, "vscode/test/package-lock.json")
	home := vscodeHome(t)
	folder := here(t, "vscode")
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		lacking(t, "editors/vscode/node_modules is missing")
	}
	b := newBench(t)
	vsix := packed(t)

	if run := driveVSCode(t, b, home, vsix, "", b.real); run.code != 0 || !strings.Contains(run.out, " passed, 0 failed") {
		t.Fatalf("exit code %d\n%s", run.code, run.out)
	} else {
		t.Logf("%s", run.out)
	}
	// A test that cannot fail says nothing: here the server is dead.
	if run := driveVSCode(t, b, home, vsix, "2000", "/bin/false"); run.code == 0 || strings.Contains(run.out, "\nok ") || !strings.Contains(run.out, "\n0 passed, ") {
		t.Fatalf("with a dead server: exit code %d\n%s", run.code, run.out)
	}
}

// vscodeHome is where .ci/install-vscode has put VS Code. It installs nothing
// here: a test does not change the machine.
func vscodeHome(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "scholium", "vscode")
	if _, err := os.Stat(filepath.Join(dir, "installed")); err != nil {
		lacking(t, "VS Code is not in "+dir)
	}
	return dir
}

// packed packs the extension that runs everywhere.
func packed(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("npm", "run", "package")
	cmd.Dir = here(t, "vscode")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("packing the extension: %v\n%s", err, out)
	}
	return filepath.Join(cmd.Dir, "scholium.vsix")
}

// driveVSCode runs the script on a fresh copy of the example site. The program
// writes down the process of each server that it becomes.
func driveVSCode(t *testing.T, b *bench, home, vsix, wait, program string) *run {
	t.Helper()
	for _, dir := range []string{b.site, b.log} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(b.site, os.DirFS("../testdata/sites/example")); err != nil {
		t.Fatal(err)
	}
	b.program(t, fmt.Sprintf("[ \"$1\" = serve ] && echo $$ >>'%s'\nexec '%s' \"$@\"\n", b.log, program))
	env := []string{"SCHOLIUM_LOG=" + b.log}
	if wait != "" {
		env = append(env, "SCHOLIUM_WAIT="+wait)
	}
	if judge.Bundled() {
		env = append(env, "SCHOLIUM_DRAWS=1")
	}
	if os.Getenv("SCHOLIUM_PICTURES") == "1" && program == b.real {
		env = append(env, "SCHOLIUM_PICTURES="+here(t, "vscode/images"))
	}
	cmd := exec.CommandContext(t.Context(), "node", here(t, "vscode/test/drive.mjs"), home, filepath.Join(b.home, "vscode"), vsix, b.site,
		fmt.Sprintf("scholium.path=%q", filepath.Join(b.bin, "scholium")))
	cmd.Env = append(os.Environ(), env...)
	late := time.AfterFunc(vscodePatience, func() { _ = cmd.Process.Signal(os.Interrupt) })
	defer late.Stop()
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("node does not run: %s", out)
	}
	return &run{name: "vscode", out: string(out), code: cmd.ProcessState.ExitCode()}
}

// vscodeFiles are what the packed extension must hold: what its manifest names,
// and no more.
func vscodeFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"LICENSE.txt", "dist/NOTICES.txt", "dist/extension.js", "package.json", "readme.md", "snippets/markdown.json",
		"syntaxes/scholium.json", "syntaxes/typing-head.json", "syntaxes/typing-math.json", "syntaxes/typing-remark.json"}
	pictures, err := filepath.Glob("vscode/images/*.png")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range pictures {
		name := strings.TrimPrefix(filepath.ToSlash(file), "vscode/")
		files = append(files, name)
		if !strings.Contains(string(manifest), `"`+name+`"`) {
			t.Errorf("nobody shows %s", name)
		}
	}
	slices.Sort(files)
	return files
}

// TestVSCodeGrammar colours lines with VS Code's own engine and grammars.
func TestVSCodeGrammar(t *testing.T) {
	see(t)
	need(t, "node")
	out, err := exec.CommandContext(t.Context(), "node", here(t, "vscode/test/grammar.mjs"), vscodeHome(t)).CombinedOutput()
	if err != nil || !strings.Contains(string(out), " passed, 0 failed") || strings.HasPrefix(string(out), "0 ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestVSCodeWithProgram packs the extension with the program inside, for this
// machine: it runs where no other program is.
func TestVSCodeWithProgram(t *testing.T) {
	see(t)
	need(t, "node")
	need(t, "npm")
	folder := here(t, "vscode")
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		lacking(t, "editors/vscode/node_modules is missing")
	}
	b := newBench(t)
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	system := map[string]string{"linux": "linux", "darwin": "darwin", "windows": "win32"}[runtime.GOOS]
	platform := system + "-" + arch
	cmd := exec.Command("npm", "run", "package:platforms", "--", platform)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("packing: %v\n%s", err, out)
	}
	vsix := filepath.Join(folder, "scholium-"+platform+".vsix")
	names, extension := content(t, vsix)
	want := append(vscodeFiles(t), map[bool]string{true: "bin/scholium.exe", false: "bin/scholium"}[runtime.GOOS == "windows"])
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("the packed extension holds %q, want %q", names, want)
	}
	b.hidden(t, func() {
		b.run(t, "", "node", filepath.Join(folder, "test", "activate.js"), extension, b.site, filepath.Join(b.site, post), "none").passes(t)
	})
}
