// Release builds what is published of Scholium: for each system an archive with
// the program, its manual page, completions, licences and bill of materials, and
// an extension for VS Code with the same program; one without it; and the
// checksums of all. The same source gives the same bytes, wherever it lies.
//
// Read main.go, then parts.go (what is in the program, and under which
// licences), sbom.go, archive.go and vsix.go.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// targets are the systems that are built for.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

func main() {
	version := flag.String("version", "", "the `version`; what git describe says of the source where it is not given")
	out := flag.String("out", "dist", "the `folder` that is written")
	only := flag.String("targets", strings.Join(targets, ","), "the `systems` to build for, separated by commas")
	flag.Parse()
	if err := release(*version, *out, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release writes the archives for the systems into a folder. It is run in the
// root of the repository.
func release(version, out string, systems []string) error {
	if version == "" {
		described, err := output("git", "describe", "--tags", "--always", "--dirty")
		if err != nil {
			return fmt.Errorf("the version is not given, and git does not know it: %w", err)
		}
		version = strings.TrimSpace(described)
	}
	if strings.ContainsAny(version, " /\\\"'") {
		return fmt.Errorf("%q is no version", version)
	}
	made, err := date()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "scholium-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	common, err := papers(work, version, made)
	if err != nil {
		return err
	}
	var sums []string
	put := func(name string, data []byte, start time.Time) error {
		sums = append(sums, fmt.Sprintf("%s  %s\n", digest(data), name))
		fmt.Printf("%-40s %9d bytes, in %.1f s\n", name, len(data), time.Since(start).Seconds())
		return os.WriteFile(filepath.Join(out, name), data, 0o644)
	}
	var programs []built
	for _, system := range systems {
		if !slices.Contains(targets, system) {
			return fmt.Errorf("there is no target %q; there are %s", system, strings.Join(targets, ", "))
		}
		start := time.Now()
		archive, program, err := pack(work, version, system, made, common)
		if err != nil {
			return fmt.Errorf("%s: %w", system, err)
		}
		if err := put(archive.name, archive.data, start); err != nil {
			return err
		}
		programs = append(programs, program)
	}
	start := time.Now()
	packed, err := extensions(version, programs, made)
	if err != nil {
		return fmt.Errorf("the extensions for VS Code: %w", err)
	}
	for _, f := range packed {
		if err := put(f.name, f.data, start); err != nil {
			return err
		}
	}
	slices.Sort(sums)
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(strings.Join(sums, "")), 0o644)
}

// date is when the source was made: SOURCE_DATE_EPOCH, in seconds, as
// reproducible builds have it, or the last commit's time.
func date() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		var err error
		if epoch, err = output("git", "log", "-1", "--format=%ct"); err != nil {
			return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is not set, and git knows no commit: %w", err)
		}
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(epoch), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is no number of seconds: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// papers are the files that go into every archive. The program writes most of
// them itself, as built for this machine.
func papers(work, version string, made time.Time) ([]file, error) {
	host := filepath.Join(work, "host")
	if err := build(host, version, runtime.GOOS+"/"+runtime.GOARCH); err != nil {
		return nil, err
	}
	said, err := output(host, "version")
	if err != nil {
		return nil, err
	}
	if strings.Contains(said, "not bundled") {
		return nil, errors.New("the program has no MathJax in it: make mathjax")
	}
	var out []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, file{name, 0o644, data})
	}
	for _, page := range []struct {
		name string
		args []string
	}{
		{"man/scholium.1", []string{"man"}},
		{"completions/scholium.bash", []string{"completion", "bash"}},
		{"completions/_scholium", []string{"completion", "zsh"}},
		{"completions/scholium.fish", []string{"completion", "fish"}},
		{"completions/scholium.ps1", []string{"completion", "powershell"}},
	} {
		cmd := exec.Command(host, page.args...)
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(made.Unix(), 10))
		data, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("scholium %s: %w", strings.Join(page.args, " "), err)
		}
		out = append(out, file{page.name, 0o644, data})
	}
	return out, nil
}

// pack builds for a system, and returns the archive and what was built.
func pack(work, version, system string, made time.Time, common []file) (file, built, error) {
	goos, goarch, _ := strings.Cut(system, "/")
	program, ending, write := "scholium", ".tar.gz", tarball
	if goos == "windows" {
		program, ending, write = "scholium.exe", ".zip", zipped
	}
	binary := filepath.Join(work, goos+"-"+goarch)
	if err := build(binary, version, system); err != nil {
		return file{}, built{}, err
	}
	data, err := os.ReadFile(binary)
	if err != nil {
		return file{}, built{}, err
	}
	parts, err := partsOf(system)
	if err != nil {
		return file{}, built{}, err
	}
	if err := inBinary(binary, parts); err != nil {
		return file{}, built{}, err
	}
	bill, err := spdx(version, system, made, data, parts)
	if err != nil {
		return file{}, built{}, err
	}
	licences := notices(parts)
	files := append(slices.Clone(common),
		file{program, 0o755, data}, file{"THIRD-PARTY.txt", 0o644, licences}, file{"scholium.spdx.json", 0o644, bill})
	folder := fmt.Sprintf("scholium-%s-%s-%s", strings.TrimPrefix(version, "v"), goos, goarch)
	packed, err := write(folder, files, made)
	if err != nil {
		return file{}, built{}, err
	}
	return file{folder + ending, 0o644, packed}, built{system, data, licences}, nil
}

// build compiles the program for a system, so that the bytes depend on the
// source, the toolchain and the version alone.
func build(to, version, system string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.release="+version, "-o", to, "./cmd/scholium")
	cmd.Env = environment(system)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said)
	}
	return nil
}

// environment is that of the go command for a system.
func environment(system string) []string {
	goos, goarch, _ := strings.Cut(system, "/")
	return append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=")
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	return string(out), err
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
