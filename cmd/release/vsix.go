package main

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A built is the program for a system.
type built struct {
	system           string
	program, notices []byte
}

// everywhere is how editors/vscode/platforms.mjs calls the extension that has no
// program inside.
const everywhere = "universal"

// platform is what VS Code calls a system.
func platform(system string) string {
	return strings.NewReplacer("windows", "win32", "amd64", "x64", "/", "-").Replace(system)
}

// inside is where a platform's program lies in its extension.
func inside(platform string) string {
	if strings.HasPrefix(platform, "win32-") {
		return "extension/bin/scholium.exe"
	}
	return "extension/bin/scholium"
}

// plain are the versions that an extension can have. Of any other release it has
// that of its package.json.
var plain = regexp.MustCompile(`^v?(\d+\.\d+\.\d+)$`)

// extensions packs the extension for VS Code, once without a program and once
// with each: the very ones that are given. What npm's tools pack carries the
// time; it is packed again with the one given.
func extensions(version string, programs []built, made time.Time) ([]file, error) {
	if _, err := os.Stat("editors/vscode/node_modules"); err != nil {
		return nil, fmt.Errorf("the packages of the extension are not installed: npm --prefix editors/vscode ci (%w)", err)
	}
	work, err := os.MkdirTemp("", "scholium-extensions-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	args := []string{"--prefix", "editors/vscode", "run", "package:platforms", "--", "--programs", work, "--out", work}
	if m := plain.FindStringSubmatch(version); m != nil {
		args = append(args, "--version", m[1])
	}
	args = append(args, everywhere)
	for _, b := range programs {
		if err := os.WriteFile(filepath.Join(work, strings.ReplaceAll(b.system, "/", "-")), b.program, 0o755); err != nil {
			return nil, err
		}
		args = append(args, platform(b.system))
	}
	if said, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm run package:platforms: %w\n%s", err, said)
	}
	name := "scholium-vscode-" + strings.TrimPrefix(version, "v")
	var out []file
	for _, b := range append([]built{{}}, programs...) {
		to, called := everywhere, name
		if b.system != "" {
			to = platform(b.system)
			called += "-" + to
		}
		packed, err := os.ReadFile(filepath.Join(work, "scholium-"+to+".vsix"))
		if err != nil {
			return nil, err
		}
		data, err := repacked(packed, b, made)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", to, err)
		}
		if err := inExtension(data, b); err != nil {
			return nil, fmt.Errorf("%s: %w", to, err)
		}
		out = append(out, file{called + ".vsix", 0o644, data})
	}
	return out, nil
}

// repacked is a packed extension with the licences of its program, all files
// made at one time.
func repacked(vsix []byte, b built, made time.Time) ([]byte, error) {
	files, err := unzipped(vsix)
	if err != nil {
		return nil, err
	}
	for i, f := range files {
		files[i].mode = 0o644
		if strings.HasPrefix(f.name, "extension/bin/") {
			files[i].mode = 0o755
		}
	}
	if b.system != "" {
		files = append(files, file{"extension/bin/THIRD-PARTY.txt", 0o644, b.notices})
	}
	return zipped("", files, made)
}

func unzipped(data []byte) ([]file, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var out []file
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out = append(out, file{f.Name, f.Mode(), body})
	}
	return out, nil
}

// inExtension holds a packed extension against the program that must be in it:
// VS Code installs it on that program's platform and can start it there. One for
// everywhere, of a built without a system, must hold none.
func inExtension(vsix []byte, b built) error {
	files, err := unzipped(vsix)
	if err != nil {
		return err
	}
	var manifest struct {
		Identity struct {
			TargetPlatform string `xml:",attr"`
		} `xml:"Metadata>Identity"`
	}
	var programs []string
	for _, f := range files {
		switch dir, _ := filepath.Split(f.name); {
		case f.name == "extension.vsixmanifest":
			if err := xml.Unmarshal(f.data, &manifest); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		case dir == "extension/bin/" && strings.HasSuffix(f.name, ".txt"):
		case dir == "extension/bin/":
			programs = append(programs, f.name)
			if f.mode != 0o755 {
				return fmt.Errorf("%s cannot be run: %v", f.name, f.mode)
			}
			if !bytes.Equal(f.data, b.program) {
				return fmt.Errorf("%s is another program", f.name)
			}
		}
	}
	want, where := "", []string(nil)
	if b.system != "" {
		want = platform(b.system)
		where = []string{inside(want)}
	}
	if got := manifest.Identity.TargetPlatform; got != want {
		return fmt.Errorf("it is for the platform %q, not %q", got, want)
	}
	if !slices.Equal(programs, where) {
		return fmt.Errorf("it holds the programs %q, not %q", programs, where)
	}
	if b.system == "" {
		return nil
	}
	if system, err := systemOf(b.program); err != nil || system != b.system {
		return fmt.Errorf("its program is for %q, not %q (%v)", system, b.system, err)
	}
	return nil
}

// systemOf is the system that a program runs on, as its format and machine say.
func systemOf(program []byte) (string, error) {
	r := bytes.NewReader(program)
	if f, err := elf.NewFile(r); err == nil {
		return named("linux", map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}, f.Machine)
	}
	if f, err := macho.NewFile(r); err == nil {
		return named("darwin", map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64"}, f.Cpu)
	}
	if f, err := pe.NewFile(r); err == nil {
		return named("windows", map[uint16]string{pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_ARM64: "arm64"}, f.Machine)
	}
	return "", errors.New("this is no program of a format that is known")
}

func named[M comparable](goos string, machines map[M]string, machine M) (string, error) {
	if machines[machine] == "" {
		return "", fmt.Errorf("a program of %s for the machine %v", goos, machine)
	}
	return goos + "/" + machines[machine], nil
}
