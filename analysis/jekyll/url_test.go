package jekyll

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"scholium/analysis/frontmatter"
)

// TestURLsOfJekyll holds the URL of many files, under many settings, against
// the one that Jekyll itself gives.
func TestURLsOfJekyll(t *testing.T) {
	if exec.Command("ruby", "-e", "require 'jekyll'").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ruby with jekyll is missing")
		}
		t.Skip("ruby with jekyll is missing")
	}
	cmd := exec.Command("ruby", "testdata/urls.rb")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(out)
	if !answers.Scan() {
		t.Fatal("the referee does not begin")
	}
	compared := 0
	for _, config := range urlConfigs {
		config = strings.ReplaceAll(config, `\n`, "\n")
		c := ReadConfig(config)
		zone := time.UTC
		if name := c.Values.Get("timezone").Text; name != "" {
			if zone, err = time.LoadLocation(name); err != nil {
				t.Fatal(err)
			}
		}
		for _, yaml := range urlHeads {
			doc := "---\n" + yaml + "---\ntext\n"
			line, err := json.Marshal(map[string]any{"config": config + "\n", "paths": urlPaths, "text": doc})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(in, "%s\n", line)
			if !answers.Scan() {
				t.Fatal("the referee has ended")
			}
			want := map[string]*string{}
			if err := json.Unmarshal(answers.Bytes(), &want); err != nil {
				t.Fatal(err)
			}
			head := frontmatter.ReadHead(doc).Values
			for _, path := range urlPaths {
				url, ok := want[path]
				if !ok {
					continue // Jekyll does not build such a site
				}
				if url == nil {
					url = new(string)
				}
				f := c.Classify(path)
				if f.Kind == Static {
					f.Kind = Page
				}
				got, known := "", false
				if c.Writes(f) && (f.Kind == Post || f.Kind == Draft || f.Kind == Document || f.Kind == Page) {
					got, known = c.DocumentURL(f, head, zone)
				}
				if _, dated := Date(f, head, zone); !known && !dated {
					continue // the time of the build
				}
				compared++
				if got != *url && known || !known && *url != "" {
					t.Errorf("%q, %s, %q: %q (%v), Jekyll says %q", config, path, yaml, got, known, *url)
				}
			}
		}
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	t.Logf("%d URLs compared", compared)
	if compared < 500 {
		t.Error("too few URLs were compared")
	}
}

var urlConfigs = strings.Split(`
permalink: pretty
permalink: ordinal
permalink: weekdate
permalink: none
permalink: /:categories/:title/
permalink: /blog/:year-:month-:day/:slug
permalink: /:slugified_categories/:short_year/:i_month/:i_day/:title:output_ext
permalink: /:collection/:path/:name:output_ext
permalink: /:y_day/:week/:w_year/:w_day/:short_month/:long_month/:long_day/:hour:minute:second/:title
baseurl: /base
collections: {notes: {output: true}}
collections: {notes: {output: true, permalink: /n/:path/}}\npermalink: pretty
collections: {notes: {output: true, permalink: "/:collection/:year/:title"}, posts: {permalink: /p/:title/}}
collections: {notes: {output: false}}
collections: {notes: {output: true}}\ncollections_dir: my
defaults: [{scope: {path: ""}, values: {permalink: "/all/:title/"}}]
defaults: [{scope: {path: "", type: posts}, values: {permalink: pretty, categories: [dflt]}}]
defaults: [{scope: {path: sub}, values: {permalink: "/:path/:basename:output_ext", category: c1}}]
timezone: America/New_York\npermalink: /:year/:month/:day/:hour/:title
markdown_ext: md,text`, "\n")

var urlPaths = []string{
	"_posts/2024-01-02-My-Post_one.md", "_posts/2024-1-2-été.md", "_posts/deep/er/2024-12-31-a.b.md", "math/_posts/2023-06-07-x.html",
	"a b/_posts/24-1-2-Hello-World.markdown", "_drafts/my draft.md", "my/_posts/2024-01-02-z.md", "_posts/2024-01-02-a+b&c%20'd'.md",
	"_notes/a.md", "_notes/Sub Dir/B_c.d.md", "my/_notes/q.md", "_notes/2024-05-06-dated.md", "_notes/index.md",
	"about.md", "index.md", "index.html", "sub/index.html", "sub/About Me.html", "sub/x.y.md", "404.html", "feed.xml", "sub/été.md", "notes.text", "a.txt",
}

var urlHeads = []string{
	"", "title: Other\n", "slug: My Slug\n", "categories: [Math, Two words, é]\n", "category: One thing\n", "categories: a b\ncategory: c\n",
	"date: 2022-11-30 23:30:00 -0500\n", "permalink: /fixed/\n", "permalink: rel/x\n", "permalink: /:title/:year/\n", "permalink: /x.html\n", "permalink: pretty\n",
	"permalink: /a b/é.html\n", "categories: [Math]\ncategory: Math\n", "permalink: /:categories/:slug/\nslug: sl ug\ncategories: [\"a/b\", c]\n", "permalink: /../up/./x//y/\n",
}
