package site

import (
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"scholium/analysis/jekyll"
	"scholium/analysis/text"
)

// Rules are what finds problems. They are handed in, so that this package knows none.
type Rules struct {
	Local func(*Page) []Problem             // run once when a page is made
	Site  func(*Facts, *Snapshot) []Problem // depend on other files
	Last  func(*Facts, []Problem) []Problem // what of all these is shown
}

// A Snapshot is the whole site at one instant. It never changes.
type Snapshot struct {
	Config *jekyll.Config
	Loose  bool // not a Jekyll site: one folder's files, each checked alone

	rules    Rules
	sources  table[Path, *Source]    // templates, data, configuration, scripts; and what is open
	files    table[Path, int64]      // every file's size in bytes
	folders  table[string, int]      // how many files lie in each folder
	heads    table[Path, *Head]      // of what is or may be a page
	headSum  uint64                  // a number for all of them
	fileSum  uint64                  // a number for which files there are
	zone     *time.Location          // of the configuration
	now      time.Time               // what counts as the time of the build; zero: documents of any date are published
	posts    table[string, []Path]   // by the file's name without extension
	facts    table[Path, *Facts]     // of every page
	pages    table[Path, *Page]      // of what is open, whole
	holders  table[Key, []Path]      // which pages hold a key
	readers  table[Path, []Path]     // which pages were made from a file
	urls     table[string, []Path]   // which pages an address leads to
	roots    table[string, int]      // how many pages and files lie below the first part of an address
	verdicts table[uint64, *Verdict] // of formulas in doubt, by their keys
	plugins  string                  // what the site's own plugins may do, as their text says
	opaque   []Path                  // folders that could not be read, or not to the end
}

// New returns the empty site with Jekyll's defaults.
func New(rules Rules) *Snapshot {
	return &Snapshot{Config: jekyll.ReadConfig(""), rules: rules}
}

// Has reports whether the site has the file.
func (s *Snapshot) Has(p Path) bool { _, ok := s.files.get(p); return ok }

// Size returns a file's size in bytes, and whether it exists.
func (s *Snapshot) Size(p Path) (int64, bool) { return s.files.get(p) }

func (s *Snapshot) hasFolder(dir string) bool { n, _ := s.folders.get(dir); return n > 0 }

// Absent reports whether it is certain that the site has no such file.
func (s *Snapshot) Absent(p Path) bool {
	if s.Has(p) {
		return false
	}
	for _, dir := range s.opaque {
		if dir == "" || strings.HasPrefix(string(p), string(dir)+"/") {
			return false
		}
	}
	return true
}

// Fresh reports whether a page's inputs are as they were when it was made.
func (s *Snapshot) Fresh(p *Page) bool { return s.fresh(p.Reads) }

// PostNames are the names by which post_url tags call the site's posts.
func (s *Snapshot) PostNames() []string {
	var out []string
	s.posts.each(func(name string, _ []Path) bool { out = append(out, name); return true })
	slices.Sort(out)
	return out
}

// Published reports whether the reader's browser can get the file: Jekyll
// copies or renders it.
func (s *Snapshot) Published(p Path) bool {
	if !s.Has(p) {
		return false
	}
	f := s.Config.Classify(string(p))
	return f.Kind == jekyll.Static || f.Kind == jekyll.Page || f.Kind == jekyll.Document
}

// Source returns a file's text where it is known: what is open, and what pages
// are made from. Else nil.
func (s *Snapshot) Source(p Path) *Source { src, _ := s.sources.get(p); return src }

// Page returns the page of an open file, or nil.
func (s *Snapshot) Page(p Path) *Page { page, _ := s.pages.get(p); return page }

// Pages returns the pages of open files, in the order of their paths.
func (s *Snapshot) Pages() []*Page {
	var out []*Page
	s.pages.each(func(_ Path, p *Page) bool { out = append(out, p); return true })
	slices.SortFunc(out, func(a, b *Page) int { return strings.Compare(string(a.Source.Path), string(b.Source.Path)) })
	return out
}

// Facts returns what is known of a page, or nil.
func (s *Snapshot) Facts(p Path) *Facts { f, _ := s.facts.get(p); return f }

// AllFacts returns the facts of every page, in the order of their paths.
func (s *Snapshot) AllFacts() []*Facts {
	out := make([]*Facts, 0, s.facts.count)
	s.facts.each(func(_ Path, f *Facts) bool { out = append(out, f); return true })
	slices.SortFunc(out, func(a, b *Facts) int { return strings.Compare(string(a.Path), string(b.Path)) })
	return out
}

// Files returns the paths of all files that keep takes, in order.
func (s *Snapshot) Files(keep func(Path) bool) []Path {
	var out []Path
	s.files.each(func(p Path, _ int64) bool {
		if keep(p) {
			out = append(out, p)
		}
		return true
	})
	slices.Sort(out)
	return out
}

// Holders returns the pages that hold a key, in order.
func (s *Snapshot) Holders(k Key) []Path { list, _ := s.holders.get(k); return list }

// EachHead calls f for the front matter of everything that is or may be a page,
// in no order.
func (s *Snapshot) EachHead(f func(*Head)) {
	s.heads.each(func(_ Path, h *Head) bool { f(h); return true })
}

// EachSource calls f for every file whose text is known, in no order.
func (s *Snapshot) EachSource(f func(*Source)) {
	s.sources.each(func(_ Path, src *Source) bool { f(src); return true })
}

// Readers returns the pages that were made from a file, in order.
func (s *Snapshot) Readers(p Path) []Path { list, _ := s.readers.get(p); return list }

// Renders reports whether src becomes a page: a post, draft, document, or a
// file with front matter.
func (s *Snapshot) Renders(src *Source) bool {
	f := classify(s.Config, src)
	if !f.Markdown && !f.HTML {
		return false
	}
	if s.Loose {
		return f.Markdown
	}
	switch f.Kind {
	case jekyll.Post, jekyll.Draft, jekyll.NotAPost:
		return true
	case jekyll.Document, jekyll.Page:
		return src.Head.Present
	}
	return false
}

// Problems returns what is wrong with a page, in the order of the text: its own
// problems, and those that other files decide. Nil for a page that is not known.
func (s *Snapshot) Problems(p Path) []Problem {
	f := s.Facts(p)
	if f == nil {
		return nil
	}
	out := slices.Clone(f.Problems)
	if s.rules.Site != nil {
		out = append(out, s.rules.Site(f, s)...)
	}
	for i := range out {
		if out[i].Misses.Text != "" {
			s.elsewhere(p, &out[i])
		}
	}
	if s.rules.Last != nil {
		out = s.rules.Last(f, out)
	}
	SortProblems(out)
	return out
}

// elsewhere says where another page has the name that a problem's page lacks.
func (s *Snapshot) elsewhere(p Path, problem *Problem) {
	key := problem.Misses
	key.Uses = false
	list, _ := s.holders.get(key)
	for _, other := range list {
		if other == p {
			continue
		}
		f := s.Facts(other)
		for i := range f.Names {
			if n := &f.Names[i]; n.Key == key {
				problem.Message += " “" + f.Title + "” has it, but a reference reaches no other page."
				problem.Related = append(slices.Clip(problem.Related), Related{n.At, "the " + key.Kind.String() + " on another page"})
				return
			}
		}
	}
}

// SortProblems puts problems in the order of files and places.
func SortProblems(list []Problem) {
	slices.SortStableFunc(list, func(a, b Problem) int {
		if c := strings.Compare(string(a.At.File), string(b.At.File)); c != 0 {
			return c
		}
		if a.At.Span.Start != b.At.Span.Start {
			return a.At.Span.Start - b.At.Span.Start
		}
		if a.At.Span.End != b.At.Span.End {
			return a.At.Span.End - b.At.Span.End
		}
		return strings.Compare(a.Code+a.Message, b.Code+b.Message)
	})
}

// Since returns the pages whose problems may differ from those in old, in
// order: those that were made anew, and those that use a name or file which
// came or went. Cost grows with what changed.
func (s *Snapshot) Since(old *Snapshot) []Path {
	changed := map[Path]bool{}
	s.facts.diff(old.facts, func(a, b *Facts) bool { return a == b }, func(p Path) { changed[p] = true })
	users := func(kind Kind, name string) {
		for _, snapshot := range []*Snapshot{s, old} {
			list, _ := snapshot.holders.get(Key{kind, name, true})
			for _, p := range list {
				changed[p] = true
			}
		}
	}
	for p := range maps.Clone(changed) { // who misses a label is told which page has it
		now, then := labelsOf(s.Facts(p)), labelsOf(old.Facts(p))
		for _, pair := range [2][2]map[string]bool{{now, then}, {then, now}} {
			for name := range pair[0] {
				if !pair[1][name] {
					users(Label, name)
				}
			}
		}
	}
	for p := range maps.Clone(changed) { // of two works with one key only that counts which is cited
		for _, f := range []*Facts{s.Facts(p), old.Facts(p)} {
			for i := 0; f != nil && i < len(f.Names); i++ {
				if w := f.Names[i].Works; w != nil {
					for _, file := range w.Files {
						changed[file] = true
					}
				}
			}
		}
	}
	for p := range maps.Clone(changed) { // who links to a page looks for its ids
		for _, snapshot := range []*Snapshot{s, old} {
			if f := snapshot.Facts(p); f != nil {
				for _, url := range f.Addresses {
					users(PageLink, url)
				}
			}
		}
	}
	s.files.diff(old.files, func(a, b int64) bool { return true }, func(p Path) {
		users(Asset, string(p))
		users(Bibliography, string(p))
	})
	s.sources.diff(old.sources, func(a, b *Source) bool { return a == b }, func(p Path) {
		now, then := s.Source(p), old.Source(p)
		if !IsBib(p) {
			return
		}
		changed[p] = true
		if now == nil || then == nil {
			users(Bibliography, string(p))
			return
		}
		for _, pair := range [2][2]*Source{{now, then}, {then, now}} {
			for i := range pair[0].Bib.Entries {
				if key := pair[0].Bib.Entries[i].Key; pair[1].Bib.Find(key) == nil {
					users(Citation, key)
				}
			}
		}
	})
	s.urls.diff(old.urls, slices.Equal[[]Path], func(url string) { users(PageLink, url) })
	if s.Config != old.Config {
		s.facts.each(func(p Path, _ *Facts) bool { changed[p] = true; return true })
	}
	out := make([]Path, 0, len(changed))
	for p := range changed {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Knows says whether the absence of a name of this kind may be reported on a
// page: every provider has been read. What stays unknown is named in the facts.
func (s *Snapshot) Knows(p Path, kind Kind) Certainty {
	f := s.Facts(p)
	if f == nil {
		return Uncertain
	}
	if kind == Asset && s.makesFiles() {
		return Uncertain
	}
	return f.Knows(kind)
}

// quietPlugins are well-known plugins that add no images or other files that a
// post would show.
var quietPlugins = []string{
	"jekyll-feed", "jekyll-seo-tag", "jekyll-sitemap", "jekyll-paginate", "jekyll-paginate-v2", "jekyll-redirect-from", "jekyll-gist", "jemoji",
	"jekyll-mentions", "jekyll-remote-theme", "jekyll-include-cache", "jekyll-scholar", "jekyll-archives", "jekyll-toc", "jekyll-email-protect",
	"jekyll-last-modified-at", "jekyll-github-metadata", "jekyll-relative-links", "jekyll-optional-front-matter", "jekyll-readme-index",
	"jekyll-default-layout", "jekyll-titles-from-headings", "jekyll-coffeescript", "jekyll-sass-converter", "jekyll-link-attributes",
	"jekyll-twitter-plugin", "jekyll-tabs", "jekyll-get-json", "jekyll-jupyter-notebook", "jekyll-minifier", "jekyll-terser", "jekyll-cache-bust",
	"jekyll-spaceship", "jekyll-target-blank", "jekyll-avatar", "jekyll-commonmark-ghpages", "jekyll/scholar", "jekyll-diagrams", "jekyll-compose", "jekyll-tagging",
	"jekyll-katex", "jekyll-polyglot", "jekyll-admin", "jekyll-whiteglass", "jekyll-regex-replace", "jekyll-socials", "classifier-reborn",
}

// makesFiles reports whether a plugin may add files that are not in the
// repository.
func (s *Snapshot) makesFiles() bool { return len(s.FileMakers()) > 0 }

// FileMakers names the plugins that may add files which are not in the
// repository: gems that nobody here knows, and _plugins where one of the site's
// own does.
func (s *Snapshot) FileMakers() []string {
	var out []string
	if strings.Contains(s.plugins, "generates") {
		out = append(out, "_plugins")
	}
	for _, p := range s.Config.Plugins {
		if !slices.Contains(quietPlugins, p) {
			out = append(out, p)
		}
	}
	return out
}

// Knows is Snapshot.Knows for what the page alone can tell.
func (f *Facts) Knows(kind Kind) Certainty {
	for _, u := range f.Unknown {
		if slices.Contains(u.Kinds, kind) {
			return Uncertain
		}
	}
	return Certain
}

// A Builder makes the next snapshot out of one. It belongs to one goroutine.
type Builder struct {
	next     Snapshot
	sources  edit[Path, *Source]
	files    edit[Path, int64]
	heads    edit[Path, *Head]
	folders  edit[string, int]
	facts    edit[Path, *Facts]
	pages    edit[Path, *Page]
	posts    groups[string]
	holders  groups[Key]
	readers  groups[Path]
	urls     groups[string]
	roots    edit[string, int]
	verdicts edit[uint64, *Verdict]
}

// Build begins a change of s.
func (s *Snapshot) Build() *Builder {
	b := &Builder{next: *s}
	b.sources.table, b.files.table, b.folders.table = s.sources, s.files, s.folders
	b.facts.table, b.pages.table, b.heads.table = s.facts, s.pages, s.heads
	b.roots.table, b.verdicts.table = s.roots, s.verdicts
	return b
}

// Done returns the snapshot with all changes made. The Builder is spent.
func (b *Builder) Done() *Snapshot {
	n := b.next
	n.sources, n.files, n.folders = b.sources.table, b.files.table, b.folders.table
	n.facts, n.pages, n.heads = b.facts.table, b.pages.table, b.heads.table
	n.posts, n.holders, n.readers = b.posts.apply(n.posts), b.holders.apply(n.holders), b.readers.apply(n.readers)
	n.urls, n.roots, n.verdicts = b.urls.apply(n.urls), b.roots.table, b.verdicts.table
	return &n
}

// Configure gives the site a configuration. Pages made before are not made anew.
func (b *Builder) Configure(c *jekyll.Config, loose bool) {
	b.next.Config, b.next.Loose = c, loose
}

// Zone tells which time zone the configuration names; nil is UTC. Whoever has a
// disk looks it up: the zones of the world are files.
func (b *Builder) Zone(zone *time.Location) { b.next.zone = zone }

// Clock tells when the site is built: documents of a later date are not on it.
// Without it there is no later.
func (b *Builder) Clock(now time.Time) { b.next.now = now }

// Plugins tells what the site's own plugins are made of.
func (b *Builder) Plugins(sources []string) {
	b.next.plugins = ""
	for _, s := range sources {
		b.next.plugins += " present"
		for _, word := range []string{"Generator", "StaticFile", "Hooks.register", "site.pages <<", "static_files <<"} {
			if strings.Contains(s, word) {
				b.next.plugins += " generates"
				break
			}
		}
		if strings.Contains(s, "jekyll/scholar") {
			b.next.plugins += " scholar"
		}
		for _, word := range []string{"Jekyll::Scholar", "module Scholar", "class Scholar", "BibTeX", "'cite'", `"cite"`} {
			if strings.Contains(s, word) {
				b.next.plugins += " citations"
				break
			}
		}
		if math := strings.ToLower(s); strings.Contains(math, "math") || strings.Contains(math, "katex") || strings.Contains(math, "<script") || strings.Contains(math, "</head") {
			b.next.plugins += " math"
		}
	}
}

// Opaque tells which folders could not be read: no absence below them is
// certain. The empty path is the whole site.
func (b *Builder) Opaque(folders []Path) { b.next.opaque = folders }

// File tells that a file exists, with its size in bytes.
func (b *Builder) File(p Path, size int64) {
	if _, ok := b.files.table.get(p); !ok {
		b.count(p, 1)
		b.next.fileSum ^= fileHash(p)
		if base, ok := postName(p); ok {
			b.posts.add(base, p)
		}
	}
	b.files.set(p, size)
}

// NoFile tells that a file does not exist, or no longer.
func (b *Builder) NoFile(p Path) {
	if _, ok := b.files.table.get(p); !ok {
		return
	}
	b.files.delete(p)
	b.count(p, -1)
	b.next.fileSum ^= fileHash(p)
	if base, ok := postName(p); ok {
		b.posts.remove(base, p)
	}
}

func (b *Builder) count(p Path, by int) {
	for dir := path.Dir(string(p)); dir != "." && dir != "/"; dir = path.Dir(dir) {
		n, _ := b.folders.table.get(dir)
		if n+by > 0 {
			b.folders.set(dir, n+by)
		} else {
			b.folders.delete(dir)
		}
	}
}

func postName(p Path) (string, bool) {
	s := string(p)
	if !strings.Contains("/"+s, "/_posts/") {
		return "", false
	}
	return strings.TrimSuffix(path.Base(s), path.Ext(s)), true
}

// Source keeps a file's text: pages are made from it, or it is open.
func (b *Builder) Source(src *Source) { b.sources.set(src.Path, src) }

// NoSource forgets a file's text.
func (b *Builder) NoSource(p Path) { b.sources.delete(p) }

// Page keeps a page's facts, and the whole page where it is open.
func (b *Builder) Page(p *Page, open bool) {
	at := p.Source.Path
	old, _ := b.facts.table.get(at)
	facts := p.Facts
	if !open {
		facts = facts.detached()
	}
	b.carry(old, facts)
	b.index(at, old, facts)
	b.locate(at, old, facts)
	b.facts.set(at, facts)
	if open {
		b.pages.set(at, p)
	} else {
		b.pages.delete(at)
	}
}

// NoPage forgets a page.
func (b *Builder) NoPage(p Path) {
	if old, ok := b.facts.table.get(p); ok {
		b.index(p, old, nil)
		b.locate(p, old, nil)
		b.facts.delete(p)
	}
	b.pages.delete(p)
}

// index brings holders and readers from what a page held to what it holds.
func (b *Builder) index(at Path, old, now *Facts) {
	then, keys := keysOf(old), keysOf(now)
	for k := range then {
		if !keys[k] {
			b.holders.remove(k, at)
		}
	}
	for k := range keys {
		if !then[k] {
			b.holders.add(k, at)
		}
	}
	thenRead, read := readsOf(old), readsOf(now)
	for p := range thenRead {
		if !read[p] {
			b.readers.remove(p, at)
		}
	}
	for p := range read {
		if !thenRead[p] {
			b.readers.add(p, at)
		}
	}
}

// locate brings the addresses of a page from what they were to what they are.
func (b *Builder) locate(at Path, old, now *Facts) {
	count := func(url string, by int) {
		first, _, _ := strings.Cut(url, "/")
		n, _ := b.roots.table.get(first)
		if n+by > 0 {
			b.roots.set(first, n+by)
		} else {
			b.roots.delete(first)
		}
	}
	var then, urls []string
	if old != nil {
		then = old.Addresses
	}
	if now != nil {
		urls = now.Addresses
	}
	if slices.Equal(then, urls) {
		return
	}
	for _, u := range then {
		b.urls.remove(u, at)
		count(u, -1)
	}
	for _, u := range urls {
		b.urls.add(u, at)
		count(u, 1)
	}
}

func keysOf(f *Facts) map[Key]bool {
	if f == nil {
		return nil
	}
	out := make(map[Key]bool, len(f.Names))
	for i := range f.Names {
		out[f.Names[i].Key] = true
	}
	return out
}

func labelsOf(f *Facts) map[string]bool {
	if f == nil {
		return nil
	}
	out := map[string]bool{}
	for i := range f.Names {
		if n := &f.Names[i]; n.Kind == Label && !n.Uses {
			out[n.Text] = true
		}
	}
	return out
}

func readsOf(f *Facts) map[Path]bool {
	if f == nil {
		return nil
	}
	out := make(map[Path]bool, len(f.Reads))
	for _, in := range f.Reads {
		out[in.Path] = true
	}
	return out
}

// A Place is a place in a file of the site.
type Place struct {
	Origin
	Name Name
}

// places returns the places of a page's names that have the key.
func places(f *Facts, k Key) []Place {
	var out []Place
	for i := range f.Names {
		if f.Names[i].Key == k {
			out = append(out, Place{f.Names[i].At, f.Names[i]})
		}
	}
	return out
}

// whole is the place of a file as such.
func whole(p Path, kind Kind) Place {
	o := Origin{File: p, Span: text.Span{}, Exact: false}
	return Place{o, Name{Key: Key{kind, string(p), false}, At: o, Whole: o, Form: WholeFile}}
}
