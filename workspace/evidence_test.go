package workspace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// A builtPage is what stock Jekyll makes of a file.
type builtPage struct {
	Path, URL, Content, HTML, Error string
	Files                           []string
}

// Evidence is what a reader of a built page can see to be wrong, and its ids.
type evidence struct {
	ids       map[string]bool
	links     []string // every a href, as written
	footnotes []string // [^name] in running text
	images    []string // every img src, as written
}

var literalNote = regexp.MustCompile(`\[\^[^\]\s]+\]`)

// look reads a page as a browser shows it.
func look(t *testing.T, doc string) evidence {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	e := evidence{ids: map[string]bool{}}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			e.footnotes = append(e.footnotes, literalNote.FindAllString(n.Data, -1)...)
		case html.ElementNode:
			for _, a := range n.Attr {
				switch {
				case a.Key == "id" || a.Key == "name" && n.Data == "a":
					e.ids[a.Val] = true
				case a.Key == "href" && n.Data == "a":
					e.links = append(e.links, a.Val)
				case a.Key == "src" && n.Data == "img":
					e.images = append(e.images, a.Val)
				}
			}
			switch n.Data {
			case "script", "style", "code", "pre", "noscript", "textarea", "template", "svg", "math":
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return e
}

// TestEvidence holds what is reported on the pages of the example site and of
// real blogs against the pages that stock Jekyll builds, both ways: a problem
// has its evidence on the page, and evidence has its problem, unless something
// on the page is unknown. The ids of every page must be those that are known.
func TestEvidence(t *testing.T) {
	t.Parallel()
	needJekyll(t)
	total := tally{}
	for _, root := range blogs(t) {
		built, files := build(t, root)
		w := New(nil, rules.Checker(), nil)
		s := w.AddFolder(root)[0]
		s.Refresh()
		s.Wait()
		snapshot := s.Now().Snapshot
		for _, b := range built {
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.Path)))
			if err != nil {
				t.Fatal(err)
			}
			page := snapshot.Make(site.NewSource(site.Path(b.Path), strings.ToValidUTF8(string(data), "\uFFFD")), nil)
			if page == nil || page.Tree == nil || b.Error != "" || len(page.Facts.Ignores) > 0 {
				total["pages that are not compared"]++
				continue
			}
			total["pages"]++
			c := comparison{t: t, name: path.Join(filepath.Base(root), b.Path), page: page, s: snapshot, files: files, tally: total,
				inside: look(t, b.Content), whole: look(t, b.HTML)}
			c.url(b.URL)
			c.ids()
			c.anchors()
			c.footnotes()
			c.linksAndImages(b.URL)
		}
		w.Stop()
	}
	t.Logf("%v", total)
	for _, what := range []string{"pages", "ids", "dead anchors", "footnotes in brackets"} {
		if total[what] == 0 {
			t.Errorf("nothing was seen of %s", what)
		}
	}
}

type tally map[string]int

// A comparison is of one page.
type comparison struct {
	t             *testing.T
	name          string
	page          *site.Page
	s             *site.Snapshot
	files         map[string]bool
	inside, whole evidence // without and with the layouts
	tally         tally
}

func (c *comparison) problems(codes ...string) []site.Problem {
	var out []site.Problem
	list := c.page.Facts.Problems
	if r := rules.Checker(); r.Site != nil {
		list = append(slices.Clone(list), r.Site(c.page.Facts, c.s)...)
	}
	for _, p := range list {
		if slices.Contains(codes, p.Code) {
			out = append(out, p)
		}
	}
	return out
}

func (c *comparison) url(want string) {
	if got := c.page.Facts.URL; got != want && got != "" {
		c.t.Errorf("%s: its URL is %s, not %s", c.name, want, got)
	}
}

// ids compares those of the content.
func (c *comparison) ids() {
	for _, u := range c.page.Facts.Unknown { // of a layout nothing is asked here
		if slices.Contains(u.Kinds, site.Anchor) && !slices.ContainsFunc(c.page.Layout.Unknown, func(l site.Unknown) bool { return l.What == u.What }) {
			c.tally["pages whose ids are not certain"]++
			return
		}
	}
	ours := map[string]bool{}
	for _, n := range c.page.Facts.Names {
		if n.Kind == site.Anchor && !n.Uses {
			ours[n.Text] = true
		}
	}
	for id := range c.inside.ids {
		c.tally["ids"]++
		if !ours[id] && id != "" && !strings.HasPrefix(id, "fn:") && !strings.HasPrefix(id, "fnref:") {
			c.t.Errorf("%s: the id %q is not known", c.name, id)
		}
	}
	for id := range ours {
		if !c.inside.ids[id] {
			c.t.Errorf("%s: no element has the id %q", c.name, id)
		}
	}
}

// anchors compares links to ids of the page itself.
func (c *comparison) anchors() {
	certain := c.page.Facts.Knows(site.Anchor) == site.Certain
	reported := map[string]bool{}
	named := map[site.Origin]string{}
	for _, n := range c.page.Facts.Names {
		if n.Kind == site.Anchor && n.Uses {
			named[n.At], named[n.Whole] = n.Text, n.Text
		}
	}
	for _, p := range c.problems("broken-anchor", "toc-mismatch") {
		id, ok := named[p.At]
		if !ok && p.Code == "toc-mismatch" {
			continue // an entry, whose id the layout makes
		}
		reported[id] = true
		c.tally["dead anchors"]++
		if c.whole.ids[id] {
			c.t.Errorf("%s: %s says that nothing has the id %q, and something has", c.name, p.Code, id)
		}
	}
	for _, href := range c.inside.links {
		id, ok := strings.CutPrefix(href, "#")
		if u, err := url.PathUnescape(id); err == nil {
			id = u
		}
		if !ok || id == "" || strings.EqualFold(id, "top") || c.whole.ids[id] || reported[id] || strings.HasPrefix(id, ":~:") {
			continue
		}
		if certain {
			c.t.Errorf("%s: the link to #%s leads nowhere, and nothing is said", c.name, id)
		} else {
			c.tally["dead anchors on pages whose ids are not certain"]++
		}
	}
}

// footnotes compares markers that are printed as they stand.
func (c *comparison) footnotes() {
	seen := map[string]bool{}
	for _, n := range c.inside.footnotes {
		seen[n] = true
	}
	said := map[string]bool{}
	for _, p := range c.problems("undefined-footnote") {
		name := "[^" + p.At.Span.Of(c.page.Source.Text) + "]"
		said[name] = true
		c.tally["footnotes in brackets"]++
		if p.At.File == c.page.Source.Path && p.At.Exact && !seen[name] {
			c.t.Errorf("%s: readers do not see %s", c.name, name)
		}
	}
	for n := range seen {
		if said[n] {
			continue
		}
		if c.page.Facts.Knows(site.Footnote) == site.Uncertain {
			c.tally["footnotes in brackets on pages that are not certain"]++
		} else {
			c.tally["footnotes in brackets, perhaps in formulas or on purpose"]++
			if !strings.Contains(c.page.Source.Text, `\`+n) {
				c.t.Errorf("%s: readers see %s, and nothing is said", c.name, n)
			}
		}
	}
}

// linksAndImages compares addresses of the site itself with what is written.
func (c *comparison) linksAndImages(own string) {
	resolve := func(address string) (string, bool) {
		base, err := url.Parse(own)
		if err != nil {
			return "", false
		}
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
			return "", false
		}
		p := base.ResolveReference(u).Path
		if b := strings.TrimSuffix(c.s.Config.BaseURL, "/"); b != "" && strings.HasPrefix(u.Path, "/") {
			rest, ok := strings.CutPrefix(p, b)
			if !ok {
				return "", false
			}
			p = rest
		}
		return p, true
	}
	written := func(p string) bool {
		return c.files[p] || c.files[strings.TrimSuffix(p, "/")+"/index.html"] || c.files[p+".html"]
	}
	dead := map[string]bool{}
	for _, src := range c.inside.images {
		if p, ok := resolve(src); ok && !c.files[p] {
			dead[strings.TrimPrefix(p, "/")] = true
		}
	}
	said := map[string]bool{}
	names := map[site.Origin]string{}
	for _, n := range c.page.Facts.Names {
		if n.Kind == site.Asset || n.Kind == site.PageLink {
			names[n.At], names[n.Whole] = n.Text, n.Text
		}
	}
	for _, p := range c.problems("missing-image") {
		file := names[p.At]
		said[file] = true
		c.tally["images that are missing"]++
		if !dead[file] {
			c.t.Errorf("%s: the image %s is there", c.name, file)
		}
	}
	for file := range dead {
		if !said[file] {
			c.tally["images that are missing, and may be made elsewhere"]++
		}
	}
	for _, p := range c.problems("broken-link") {
		c.tally["links that lead nowhere"]++
		if target := c.s.AtURL(names[p.At]); target == nil && written("/"+names[p.At]) {
			c.t.Errorf("%s: there is a page %s", c.name, names[p.At])
		}
	}
	for _, href := range c.inside.links {
		if p, ok := resolve(href); ok && !written(p) {
			c.tally["links to what is not written"]++
		}
	}
}

// build makes all pages of a site, and the addresses of all that is written.
func build(t *testing.T, root string) (pages []builtPage, files map[string]bool) {
	t.Helper()
	cmd := exec.Command("ruby", "testdata/build.rb", root)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", root, err, problems.String())
	}
	files = map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var b builtPage
		if err := json.Unmarshal(lines.Bytes(), &b); err != nil {
			t.Fatal(err)
		}
		if b.Path == "" {
			for _, f := range b.Files {
				if u, err := url.PathUnescape(f); err == nil {
					f = u
				}
				files[f] = true
			}
			continue
		}
		if strings.HasSuffix(b.Path, ".md") || strings.HasSuffix(b.Path, ".markdown") {
			pages = append(pages, b)
		}
	}
	return pages, files
}
