package site

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scholium/analysis/jekyll"
)

// siteOf reads a folder as a site, as the workspace does.
func siteOf(t *testing.T, dir string, rules ...Rules) *Snapshot {
	t.Helper()
	read := func(p string) string {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "_config.yml"))
	config := jekyll.ReadConfig(string(text))
	b := New(append(rules, Rules{})[0]).Build()
	b.Configure(config, false)
	if name := config.Values.Get("timezone").Text; name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Zone(zone)
	}
	b.Clock(time.Now())
	err := filepath.WalkDir(dir, func(full string, d fs.DirEntry, err error) error {
		if err != nil || full == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, full)
		p := filepath.ToSlash(rel)
		if d.IsDir() {
			if config.Skips(p) {
				return fs.SkipDir
			}
			return nil
		}
		b.File(Path(p), 1)
		switch kind := config.Classify(p).Kind; {
		case kind == jekyll.Include, kind == jekyll.Layout, kind == jekyll.ConfigFile, kind == jekyll.Data && Readable(Path(p)):
			b.Source(NewSource(Path(p), read(p)))
		case Headed(config, Path(p)):
			src := NewSource(Path(p), read(p))
			b.Head(src.head())
			if f := config.Classify(p); !src.Head.Present && f.Kind == jekyll.Static && (f.Markdown || f.HTML) {
				b.Source(src)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Done()
}

// A changedPage is another text, behind the front matter, for a page.
type changedPage struct{ path, text string }

// A refereed is what the referee says of a page.
type refereed struct {
	Path, Liquid, Error string
	HTML                *string
}

// referee runs stock Jekyll on a site. Where other texts for pages are given,
// it says what becomes of those instead.
func referee(t *testing.T, dir string, changed ...changedPage) []refereed {
	t.Helper()
	cmd := exec.Command("ruby", "testdata/referee.rb", dir)
	if len(changed) > 0 {
		cmd.Args = append(cmd.Args, "changed")
		var in bytes.Buffer
		for _, c := range changed {
			line, err := json.Marshal(map[string]string{"path": c.path, "text": c.text})
			if err != nil {
				t.Fatal(err)
			}
			in.Write(append(line, '\n'))
		}
		cmd.Stdin = &in
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", dir, err, problems.String())
	}
	var pages []refereed
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var r refereed
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		pages = append(pages, r)
	}
	return pages
}

func needRuby(t *testing.T) {
	t.Helper()
	if exec.Command("ruby", "-e", "require 'jekyll'; require 'kramdown-parser-gfm'").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ruby with jekyll and kramdown-parser-gfm is missing")
		}
		t.Skip("ruby with jekyll and kramdown-parser-gfm is missing")
	}
}

func corpus(t *testing.T) []string {
	t.Helper()
	if testing.Short() { // with the race detector, which has nothing to find where there are no goroutines
		t.Skip("real blogs are compared without -short")
	}
	root := os.Getenv("SCHOLIUM_CORPUS")
	if root == "" {
		t.Skip("SCHOLIUM_CORPUS names no folder of blogs")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, filepath.Join(root, e.Name()))
		}
	}
	return out
}

// different are pages that are known to differ, with the reason.
var different = map[string]string{}

// TestCorpus holds the text after Liquid and the HTML of every page of real
// blogs against stock Jekyll's. Pages with something that only a plugin knows
// are compared too, but may differ.
func TestCorpus(t *testing.T) {
	dirs := corpus(t)
	needRuby(t)
	compared, html, plugin, failed := 0, 0, 0, 0
	for _, dir := range dirs {
		s := siteOf(t, dir)
		for _, want := range referee(t, dir) {
			name := path.Join(filepath.Base(dir), want.Path)
			if want.Error != "" {
				failed++
				t.Logf("%s: the referee fails: %s", name, strings.SplitN(want.Error, "\n", 2)[0])
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(want.Path)))
			if err != nil {
				t.Fatal(err)
			}
			page := s.Make(NewSource(Path(want.Path), string(data)), nil)
			if page == nil {
				t.Errorf("%s is no page to us", name)
				continue
			}
			compared++
			if page.Liquid.Text != want.Liquid {
				compared--
				switch at := common(page.Liquid.Text, want.Liquid); {
				case ofPlugins(page):
					plugin++
					t.Logf("%s needs %s", name, page.Liquid.Holes[0].What)
				case different[name] != "":
					t.Logf("%s differs: %s", name, different[name])
				default:
					t.Errorf("%s after Liquid, from byte %d:\n got %.120q\nwant %.120q\nholes %v problems %v", name, at, page.Liquid.Text[at:], want.Liquid[at:], page.Liquid.Holes, page.Liquid.Problems)
				}
				continue
			}
			if want.HTML == nil || page.Tree == nil {
				continue
			}
			html++
			if got := page.Tree.HTML(); got != *want.HTML {
				at := common(got, *want.HTML)
				t.Errorf("%s as HTML, from byte %d:\n got %.120q\nwant %.120q", name, at, got[at:], (*want.HTML)[at:])
			}
		}
	}
	t.Logf("%d pages equal or compared after Liquid, %d as HTML; %d differ by what a plugin does, the referee failed on %d", compared, html, plugin, failed)
	if compared == 0 || html == 0 {
		t.Error("nothing was compared")
	}
}

// common returns how many bytes a and b begin with in common.
func common(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

// ofPlugins reports whether the page has a tag, filter or value of a plugin.
func ofPlugins(p *Page) bool {
	for _, h := range p.Liquid.Holes {
		if strings.HasPrefix(h.What, "the tag ") || strings.HasPrefix(h.What, "the filter ") || h.What == "paginator" || h.What == "site.github" {
			return true
		}
	}
	return false
}
