package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var made = time.Date(2024, 1, 2, 3, 4, 6, 0, time.UTC)

// TestArchives packs files in two orders: the archives are equal to the byte,
// and hold what was put in.
func TestArchives(t *testing.T) {
	files := []file{{"scholium", 0o755, []byte("program")}, {"man/scholium.1", 0o644, []byte("𝔼")}, {"LICENSE", 0o644, nil}}
	other := slices.Clone(files)
	slices.Reverse(other)
	want := "x/LICENSE -rw-r--r-- \nx/man/scholium.1 -rw-r--r-- 𝔼\nx/scholium -rwxr-xr-x program\n"
	for name, c := range map[string]struct {
		write func(string, []file, time.Time) ([]byte, error)
		list  func(*testing.T, []byte) string
	}{"tar": {tarball, listTar}, "zip": {zipped, listZip}} {
		t.Run(name, func(t *testing.T) {
			one, err := c.write("x", files, made)
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("TZ", "Asia/Tokyo")
			two, err := c.write("x", other, made)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one, two) {
				t.Error("the order of files changes the archive")
			}
			if got := c.list(t, one); got != want {
				t.Errorf("the archive holds\n%s, want\n%s", got, want)
			}
		})
	}
}

func listTar(t *testing.T, data []byte) string {
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for r := tar.NewReader(unpacked); ; {
		h, err := r.Next()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if !h.ModTime.Equal(made) || h.Uid != 0 || h.Gid != 0 || h.Uname != "" {
			t.Errorf("%s: made %v, owned by %d %d %q", h.Name, h.ModTime, h.Uid, h.Gid, h.Uname)
		}
		body, _ := io.ReadAll(r)
		b.WriteString(h.Name + " " + fs.FileMode(h.Mode).String() + " " + string(body) + "\n")
	}
}

func listZip(t *testing.T, data []byte) string {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range r.File {
		if !f.Modified.Equal(made) {
			t.Errorf("%s: made %v", f.Name, f.Modified)
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(in)
		b.WriteString(f.Name + " " + f.Mode().String() + " " + string(body) + "\n")
	}
	return b.String()
}

// TestParts lists what is linked for each system: every part has a licence that
// is recognized, and the program's own modules are not among them.
func TestParts(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	if _, err := os.Stat(bundleContents); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("make mathjax says what is bundled")
	}
	for _, system := range targets {
		parts, err := partsOf(system)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]part{}
		for _, p := range parts {
			names[p.name] = p
			if p.licence == "NOASSERTION" || p.version == "" || len(p.texts) == 0 {
				t.Errorf("%s: %s %s has licence %s", system, p.name, p.version, p.licence)
			}
		}
		for name, licence := range map[string]string{
			"std": "BSD-3-Clause", "modernc.org/quickjs": "BSD-3-Clause AND MIT", "go.yaml.in/yaml/v4": "Apache-2.0", "go.uber.org/zap": "MIT",
			"@mathjax/src": "Apache-2.0", "mathjax-full": "Apache-2.0", "@mathjax/mathjax-tex-font": "Apache-2.0",
		} {
			if names[name].licence != licence {
				t.Errorf("%s: %s has the licence %q, want %q", system, name, names[name].licence, licence)
			}
		}
		if _, ok := names["scholium"]; ok {
			t.Errorf("%s: the program is a part of itself", system)
		}
		notice := string(notices(parts))
		for _, want := range []string{"go.yaml.in/yaml/v4", ": NOTICE\n", "Fabrice Bellard", "@mathjax/mathjax-tex-font"} {
			if !strings.Contains(notice, want) {
				t.Errorf("%s: no %q among the licences", system, want)
			}
		}
	}
}

// TestBill looks at the bill of materials as its readers do.
func TestBill(t *testing.T) {
	parts := []part{{kind: "golang", name: "example.org/a/v2", version: "v2.1.0", licence: "MIT"}, {kind: "npm", name: "@scope/b", version: "1.0.0", licence: "Apache-2.0"}}
	data, err := spdx("v1", "linux/amd64", made, []byte("program"), parts)
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if d.Version != "SPDX-2.3" || d.Creation.Created != "2024-01-02T03:04:06Z" || len(d.Packages) != 3 || len(d.Relationships) != 3 {
		t.Errorf("%s", data)
	}
	ids := map[string]bool{"SPDXRef-DOCUMENT": true}
	var purls []string
	for _, p := range d.Packages {
		if ids[p.ID] || odd.MatchString(p.ID) {
			t.Errorf("the identifier %s is there twice, or is none", p.ID)
		}
		ids[p.ID] = true
		for _, r := range p.References {
			purls = append(purls, r.Locator)
		}
	}
	if want := []string{"pkg:golang/example.org/a/v2@v2.1.0", "pkg:npm/%40scope/b@1.0.0"}; !slices.Equal(purls, want) {
		t.Errorf("package URLs %q, want %q", purls, want)
	}
	for _, r := range d.Relationships {
		if !ids[r.From] || !ids[r.To] {
			t.Errorf("a relationship of what is not there: %v", r)
		}
	}
}

// TestIdentify tells licences apart that are nearly alike.
func TestIdentify(t *testing.T) {
	two := "Redistributions of source code must\n  retain. Redistributions in binary\nform must reproduce the above copyright notice."
	for text, want := range map[string]string{
		two: "BSD-2-Clause", two + " Neither the name of the author": "BSD-3-Clause",
		"Permission is hereby granted, free of\ncharge, to any person": "MIT", "Apache License\n   Version 2.0, January 2004": "Apache-2.0", "All rights reserved.": "",
		"Permission is hereby granted, free of charge. Apache License Version 2.0": "Apache-2.0 MIT",
	} {
		if got := strings.Join(identify(text), " "); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
