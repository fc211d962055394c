package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExtensions packs the extension for every platform, with a small program in
// place of the large one, and looks into each; then it changes one, and each
// change is noticed.
func TestExtensions(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	if _, err := os.Stat("editors/vscode/node_modules"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(".ci/install-editors installs the packages of the extension")
	}
	// What only node reads: no result outlives a change of it.
	for _, pattern := range []string{"*", "src/*", "images/*", "snippets/*", "syntaxes/*"} {
		names, err := filepath.Glob("editors/vscode/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, ".vsix") {
				_, _ = os.ReadFile(name) // a folder has nothing to read
			}
		}
	}

	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var programs []built
	for _, system := range targets {
		binary := filepath.Join(dir, strings.ReplaceAll(system, "/", "-"))
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, source)
		cmd.Env = environment(system)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", system, err, said)
		}
		data, err := os.ReadFile(binary)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := systemOf(data); err != nil || got != system {
			t.Errorf("a program for %s is one for %q (%v)", system, got, err)
		}
		programs = append(programs, built{system, data, []byte("licences of " + system)})
	}
	packed, err := extensions("v1.2.3", programs, made)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	holds := map[string]map[string]file{}
	for _, f := range packed {
		names = append(names, f.name)
		files, err := unzipped(f.data)
		if err != nil {
			t.Fatal(err)
		}
		holds[f.name] = map[string]file{}
		for _, in := range files {
			holds[f.name][in.name] = in
		}
		if manifest := string(holds[f.name]["extension/package.json"].data); !strings.Contains(manifest, `"version": "1.2.3"`) {
			t.Errorf("%s is not of the version of the release:\n%.300s", f.name, manifest)
		}
		listZip(t, f.data) // all made at one time
	}
	if want := []string{
		"scholium-vscode-1.2.3.vsix", "scholium-vscode-1.2.3-linux-x64.vsix", "scholium-vscode-1.2.3-linux-arm64.vsix", "scholium-vscode-1.2.3-darwin-x64.vsix",
		"scholium-vscode-1.2.3-darwin-arm64.vsix", "scholium-vscode-1.2.3-win32-x64.vsix", "scholium-vscode-1.2.3-win32-arm64.vsix",
	}; !slices.Equal(names, want) {
		t.Fatalf("the extensions are %q, want %q", names, want)
	}

	// In all the same, besides the program and what says so.
	common := holds[names[0]]
	for i, name := range names[1:] {
		b := programs[i]
		if got := string(holds[name]["extension/bin/THIRD-PARTY.txt"].data); got != "licences of "+b.system {
			t.Errorf("%s has the licences %q", name, got)
		}
		if len(holds[name]) != len(common)+2 {
			t.Errorf("%s holds %d files, the one for everywhere %d", name, len(holds[name]), len(common))
		}
		for in, f := range common {
			if !strings.HasPrefix(in, "extension/") {
				continue // the manifest of the package
			}
			if !bytes.Equal(holds[name][in].data, f.data) {
				t.Errorf("%s in %s is not the one that is everywhere", in, name)
			}
		}
	}

	linux, windows := programs[0], programs[4]
	broken := func(of int, change func(*file)) []byte {
		files, err := unzipped(packed[of].data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			change(&files[i])
		}
		data, err := zipped("", files, made)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	program := func(do func(*file)) func(*file) {
		return func(f *file) {
			if f.name == "extension/bin/scholium" {
				do(f)
			}
		}
	}
	none := func(*file) {}
	for name, c := range map[string]struct {
		vsix []byte
		of   built
		want string
	}{
		"as packed":               {broken(1, none), linux, ""},
		"as packed, everywhere":   {broken(0, none), built{}, ""},
		"of another platform":     {broken(5, none), linux, "scholium.exe is another program"},
		"no program":              {broken(0, none), linux, `it is for the platform "", not "linux-x64"`},
		"a program everywhere":    {broken(1, none), built{}, "scholium is another program"},
		"another machine":         {broken(1, program(func(f *file) { f.data = programs[1].program })), linux, "scholium is another program"},
		"another machine, wanted": {broken(1, program(func(f *file) { f.data = programs[1].program })), built{"linux/amd64", programs[1].program, nil}, `its program is for "linux/arm64", not "linux/amd64"`},
		"no program at all":       {broken(1, program(func(f *file) { f.data = []byte("#!/bin/sh") })), built{"linux/amd64", []byte("#!/bin/sh"), nil}, "no program of a format"},
		"not to be run":           {broken(1, program(func(f *file) { f.mode = 0o644 })), linux, "cannot be run"},
		"elsewhere":               {broken(1, program(func(f *file) { f.name = "extension/bin/scholium.exe" })), linux, `it holds the programs ["extension/bin/scholium.exe"]`},
		"another name, windows":   {broken(5, func(f *file) { f.name = strings.TrimSuffix(f.name, ".exe") }), windows, `it holds the programs ["extension/bin/scholium"]`},
	} {
		switch err := inExtension(c.vsix, c.of); {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
