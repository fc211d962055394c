package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A part is what somebody else wrote of the program.
type part struct {
	kind, name, version string // kind is golang or npm, as package URLs have it
	licence             string // an SPDX expression of those that were recognized; NOASSERTION where none was
	texts               []text
}

// A text is a licence, or what a licence asks to be handed on.
type text struct{ name, body string }

// bundleContents is what workspace/judge/js/build.mjs says of the bundles.
const bundleContents = "workspace/judge/js/contents.json"

// partsOf lists what is linked into the program for a system, and what of npm is
// bundled in it. The standard library is one of the parts.
func partsOf(system string) ([]part, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/scholium")
	cmd.Env = environment(system)
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	std, err := read("golang", "std", strings.TrimPrefix(runtime.Version(), "go"), strings.TrimSpace(goroot))
	if err != nil {
		return nil, err
	}
	parts := []part{std}
	seen := map[string]bool{}
	for in := json.NewDecoder(bytes.NewReader(said)); ; {
		var p struct {
			Module *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if m := p.Module; m != nil && !m.Main && !seen[m.Path] {
			seen[m.Path] = true
			part, err := read("golang", m.Path, m.Version, m.Dir)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
	}
	bundled, err := bundledParts()
	if err != nil {
		return nil, err
	}
	parts = append(parts, bundled...)
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.kind+a.name, b.kind+b.name) })
	return parts, nil
}

// licences are the names of files that are handed on.
var licences = regexp.MustCompile(`(?i)^(licen[sc]e|copying|copyright|notice|patents|authors)`)

// read finds the licence of a part in its folder; one without is an error.
func read(kind, name, version, dir string) (part, error) {
	p := part{kind: kind, name: name, version: version, licence: "NOASSERTION"}
	var ids []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		return p, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !licences.MatchString(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return p, err
		}
		p.texts = append(p.texts, text{e.Name(), string(data)})
		for _, id := range identify(string(data)) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if slices.Sort(ids); len(ids) > 0 {
		p.licence = strings.Join(ids, " AND ")
	}
	if len(p.texts) == 0 {
		return p, fmt.Errorf("%s %s has no licence", name, version)
	}
	return p, nil
}

// identify returns the SPDX identifiers of the licences in a text: those that
// are known here.
func identify(licence string) (ids []string) {
	words := strings.Join(strings.Fields(licence), " ")
	has := func(s string) bool { return strings.Contains(words, s) }
	if has("Apache License") && has("Version 2.0") {
		ids = append(ids, "Apache-2.0")
	}
	switch binary := has("Redistributions in binary form must reproduce"); {
	case binary && (has("Neither the name of") || has("The names of the authors may not be used") || has("may be used to endorse")):
		ids = append(ids, "BSD-3-Clause")
	case binary:
		ids = append(ids, "BSD-2-Clause")
	}
	if has("Permission is hereby granted, free of charge") {
		ids = append(ids, "MIT")
	}
	return ids
}

// bundledParts are the packages of npm that have a part in the bundles of
// MathJax. One whose licence lies in no file of its own has that of a package
// beside it, which is named.
func bundledParts() ([]part, error) {
	data, err := os.ReadFile(bundleContents)
	if err != nil {
		return nil, fmt.Errorf("what is in the bundles is not known: make -B mathjax (%w)", err)
	}
	var list []struct {
		Name, Version, License string
		Texts                  []string
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", bundleContents, err)
	}
	var parts []part
	for _, p := range list {
		out := part{kind: "npm", name: p.Name, version: p.Version, licence: p.License}
		for i, body := range p.Texts {
			if i > 0 || slices.Contains(identify(body), p.License) {
				out.texts = append(out.texts, text{"LICENSE", body})
			}
		}
		for _, other := range list {
			if len(out.texts) == 0 && other.License == p.License && len(other.Texts) > 0 {
				out.texts = append(out.texts, text{"LICENSE, as in " + other.Name, other.Texts[0]})
			}
		}
		if len(out.texts) == 0 {
			return nil, fmt.Errorf("%s %s has no licence", p.Name, p.Version)
		}
		parts = append(parts, out)
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("%s names no package", bundleContents)
	}
	return parts, nil
}

// inBinary holds the parts against the modules that the binary itself names.
func inBinary(binary string, parts []part) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	var linked, listed []string
	for _, m := range info.Deps {
		linked = append(linked, m.Path+" "+m.Version)
	}
	for _, p := range parts {
		if p.kind == "golang" && p.name != "std" {
			listed = append(listed, p.name+" "+p.version)
		}
	}
	slices.Sort(linked)
	slices.Sort(listed)
	if !slices.Equal(linked, listed) {
		return fmt.Errorf("the binary names the modules %q, but go list %q", linked, listed)
	}
	return nil
}

// notices is the file with the licences of all parts.
func notices(parts []part) []byte {
	var b bytes.Buffer
	b.WriteString("Scholium contains the following work of others, under the licences below.\n\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "  %s %s (%s)\n", p.name, p.version, p.licence)
	}
	for _, p := range parts {
		for _, t := range p.texts {
			fmt.Fprintf(&b, "\n%s\n%s %s: %s\n\n", strings.Repeat("=", 78), p.name, p.version, t.name)
			b.WriteString(strings.TrimSpace(strings.ReplaceAll(t.body, "\r\n", "\n")))
			b.WriteString("\n")
		}
	}
	return b.Bytes()
}
