package site

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"scholium/analysis/bib"
	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/text"
)

// Works is where a citation is looked up.
type Works struct {
	Files   []Path // BibTeX files, in the order in which they are read; those that do not exist too
	Missing string // what the reader sees in place of a work that is in none of them
	Unknown string // what else may have the work, so that no absence is certain; empty for nothing
}

// A worksSource is a BibTeX file as a layout names it to distill's script.
type worksSource struct {
	address string
	hole    bool // a part of the address is not known
	at      Origin
}

// distillIDs are the beginnings of the ids that distill's script makes in the
// reader's browser: of its footnotes, citations and headings, and of its
// appendix. It is the template of distill.pub, version 2.
var distillIDs = []string{"d-", "fn-", "references", "footnotes", "citation", "updates-and-corrections", "reuse", "appendix"}

// citations are the names of the works that the page cites, and of the files
// that it takes them from.
func (c *collector) citations() {
	if c.s.Loose {
		return
	}
	for i := range c.p.Liquid.Tags {
		if t := &c.p.Liquid.Tags[i]; isCiting(t.Name) && c.s.citesByTag() {
			c.tag(t)
		}
	}
	if c.p.Tree != nil && strings.Contains(c.p.Tree.Source, "<d-cite") {
		c.distill()
	}
}

// isCiting reports whether a tag is one of jekyll-scholar's that name works or
// print all of them.
func isCiting(tag string) bool {
	switch tag {
	case "cite", "cite_details", "reference", "quote", "nocite", "bibliography", "bibliography_count":
		return true
	}
	return false
}

// citesByTag reports whether the site has jekyll-scholar.
func (s *Snapshot) citesByTag() bool {
	if strings.Contains(s.plugins, "scholar") || s.Config.LoadsScholar("") {
		return true
	}
	lock, ok := s.sources.get(jekyll.LockFile)
	return ok && s.Config.LoadsScholar(lock.Text)
}

// tag collects what one of jekyll-scholar's tags names: keys up to the first
// option (its Utilities#split_arguments), and files.
func (c *collector) tag(t *liquid.Tag) {
	src := c.p.Source
	if t.File != 0 {
		src = c.s.Source(c.p.path(t.File))
	}
	if src == nil || t.Span.End > len(src.Text) {
		return
	}
	whole := Origin{src.Path, t.Span, true}
	own := c.p.Own(whole, t.Out)
	keys := len(t.Args)
	for i := range t.Args {
		if strings.HasPrefix(t.Args[i].Span.Of(src.Text), "-") {
			keys = i
			break
		}
	}
	w := c.s.tagWorks(c.p, c.r, src, t.Args[keys:])
	w.Missing = c.s.Config.Scholar.Missing + " here"
	for _, name := range w.named {
		name.Whole = own
		c.add(name)
	}
	c.unknownWorks(&w.Works, own)
	if strings.HasPrefix(t.Name, "bibliography") {
		return
	}
	object := strings.Contains(t.Span.Of(src.Text), "{{") // which the plugin does not read, or not in keys
	for i := range t.Args[:keys] {
		a := &t.Args[i]
		word, known := strings.TrimSuffix(a.Text, ","), a.Known && !object // a comma is part of the key, which then no entry can have
		switch {
		case t.Name == "nocite":
			known = false // it prints nothing
		case word != a.Text, strings.ContainsAny(word, "{}|") || word == "":
			known = false
		}
		if word == "" || strings.ContainsAny(word, "{}|") {
			continue
		}
		works := &w.Works
		if !known {
			works = &Works{Files: w.Files, Missing: w.Missing, Unknown: "what stands in the tag"}
		}
		at := Origin{src.Path, text.Span{Start: a.Span.Start, End: a.Span.Start + len(word)}, true}
		if at.Span.Of(src.Text) != word { // a variable's value
			if !known {
				continue
			}
			at = Origin{src.Path, a.Span, false}
		}
		c.add(Name{Key: Key{Citation, word, true}, At: at, Form: Parameter, Whole: own, Works: works})
	}
}

// unknownWorks notes that nothing is said of citations.
func (c *collector) unknownWorks(w *Works, at Origin) {
	if w.Unknown != "" {
		c.f.Unknown = append(c.f.Unknown, Unknown{w.Unknown, at, []Kind{Citation}})
	}
}

// tagFiles are the works of a tag, with the names of their files.
type tagFiles struct {
	Works
	named []Name
}

func (w *tagFiles) add(p Path, at Origin) {
	w.Files = append(w.Files, p)
	w.named = append(w.named, Name{Key: Key{Bibliography, string(p), true}, At: at, Form: Parameter})
}

// tagWorks says where a tag of jekyll-scholar looks works up: in the files of
// its options, else in the page's own file, else in the site's
// (Utilities#bibtex_files and #extend_path).
func (s *Snapshot) tagWorks(p *Page, r *reader, src *Source, options []liquid.Arg) *tagFiles {
	w := &tagFiles{}
	scholar := &s.Config.Scholar
	if scholar.Outside {
		w.Unknown = "the folder of the site's BibTeX files"
		return w
	}
	if strings.Contains(s.plugins, "citations") {
		w.Unknown = "a plugin of the site, which has to do with citations"
	}
	for i := 0; i < len(options); i++ {
		option := options[i].Span.Of(src.Text)
		name, span := "", text.Span{}
		switch {
		case option == "-f" || option == "--file":
			if i++; i < len(options) {
				span = options[i].Span
				name = span.Of(src.Text)
			}
		case strings.HasPrefix(option, "--file="):
			name = option[len("--file="):]
			span = text.Span{Start: options[i].Span.End - len(name), End: options[i].Span.End}
		default:
			continue
		}
		if name == "" || strings.ContainsAny(name, "{}*'\"") {
			w.Unknown = "the name of a BibTeX file"
			continue
		}
		w.file(s, r, name, Origin{src.Path, span, true})
	}
	if len(w.Files) > 0 || w.Unknown == "the name of a BibTeX file" {
		return w
	}
	config := s.Source("_config.yml")
	if config == nil {
		config = s.Source("_config.yaml")
	}
	site := &tagFiles{}
	switch n := scholar.Bibliography; n.Kind {
	case frontmatter.Null:
		site.file(s, r, "references.bib", Origin{})
	case frontmatter.String:
		site.configured(s, r, n, config)
	default:
		site.Unknown = "the site's BibTeX file"
	}
	// A page's own key wins in those versions of the plugin that read it.
	if n := s.Config.Value(p.File, p.Source.Head.Values, "scholar").Get("bibliography"); n.Kind == frontmatter.String {
		from := config
		if p.Source.Head.Values.Has("scholar") {
			from = p.Source
		}
		w.configured(s, r, n, from)
		there := func(p Path) bool { return s.Has(p) }
		switch {
		case !slices.ContainsFunc(site.Files, there):
		case slices.ContainsFunc(w.Files, there):
			w.Files = append(w.Files, site.Files...)
		default:
			w.Unknown = "whether jekyll-scholar reads the page's own BibTeX file"
		}
		return w
	}
	w.Files, w.named = site.Files, site.named
	if w.Unknown == "" {
		w.Unknown = site.Unknown
	}
	return w
}

// configured adds the file or files that a value of the configuration or of
// front matter names.
func (w *tagFiles) configured(s *Snapshot, r *reader, n *frontmatter.Node, src *Source) {
	at := Origin{}
	if src != nil {
		at = Origin{src.Path, n.Span, n.Span.Of(src.Text) == n.Text}
	}
	if strings.ContainsAny(n.Text, "{}") {
		w.Unknown = "the name of a BibTeX file"
		return
	}
	if !strings.Contains(n.Text, "*") {
		w.file(s, r, n.Text, at)
		return
	}
	r.input(allFiles)
	pattern := path.Join(s.Config.Scholar.Source, n.Text)
	for _, p := range s.Files(func(p Path) bool { ok, _ := doublestar.Match(pattern, string(p)); return ok }) {
		at.Exact = false
		w.add(p, at)
	}
	if len(w.Files) == 0 {
		w.Unknown = "the site's BibTeX files"
	}
}

func (w *tagFiles) file(s *Snapshot, r *reader, name string, at Origin) {
	p := s.scholarFile(r, name)
	if strings.HasPrefix(string(p), "../") {
		w.Unknown = "a BibTeX file outside the site"
		return
	}
	w.add(p, at)
}

// scholarFile is the file that jekyll-scholar reads for a name: its extension
// may be left out. What it depends on is remembered.
func (s *Snapshot) scholarFile(r *reader, name string) Path {
	p := Path(path.Join(s.Config.Scholar.Source, name))
	r.input(oneHead + p)
	if path.Ext(string(p)) != ".bib" && !s.Has(p) {
		p += ".bib"
		r.input(oneHead + p)
	}
	return p
}

// distill collects the works that d-cite elements name, which distill's script
// fills in from the file of the d-bibliography element.
func (c *collector) distill() {
	works := Works{Missing: "a “?” in place of this work"}
	file, inContent := c.distillWorks(&works)
	c.unknownWorks(&works, Origin{File: c.p.Source.Path})
	c.p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if n.Kind != kramdown.HTMLElement || n.Value != "d-cite" {
			return true
		}
		for i := range n.Attr {
			a := &n.Attr[i]
			if a.Name != "key" && a.Name != "bibtex-key" {
				continue
			}
			span, whole := c.input(a.Span), c.p.FromTree(n.Span)
			if a.Span.Empty() || c.hole(span) {
				continue
			}
			at := 0
			for _, part := range strings.Split(a.Value, ",") {
				key := strings.TrimSpace(part)
				from := at + strings.Index(part, key)
				if at += len(part) + 1; key == "" {
					continue
				}
				name := Name{Key: Key{Citation, key, true}, Form: Attribute, Whole: whole, Works: &works}
				keySpan := c.input(text.Span{Start: a.Span.Start + from, End: a.Span.Start + from + len(key)})
				if a.Span.Of(c.p.Tree.Source) != a.Value {
					keySpan = span
				}
				name.At, name.Prefix, name.Suffix = c.place(keySpan, key)
				c.add(name)
				c.cited = append(c.cited, key)
			}
		}
		return true
	})
	if file.At.File != "" && !inContent && len(c.cited) > 0 {
		c.add(file)
	}
	slices.Sort(c.cited)
	c.cited = slices.Compact(c.cited)
}

// distillWorks says where distill's script looks works up, and where the page
// or its layout names the file.
func (c *collector) distillWorks(works *Works) (file Name, inContent bool) {
	sources := c.p.Layout.works
	c.p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if n.Kind == kramdown.HTMLElement && n.Value == "d-bibliography" {
			src, _ := n.Get("src")
			span := c.input(src.Span)
			sources = append(slices.Clip(sources), worksSource{src.Value, src.Value == "" || c.hole(span), c.p.origin(span)})
			inContent = true
		}
		return true
	})
	head := c.p.Source.Head.Values.Get("bibliography")
	if len(sources) != 1 {
		works.Unknown = "where distill's script takes works from"
		// al-folio's folder, for what is proposed
		if p := Path(path.Join("assets/bibliography", head.Text)); head.Kind == frontmatter.String && c.s.Has(p) {
			works.Files = []Path{p}
		}
		return Name{}, inContent
	}
	source := sources[0]
	base := c.s.urlOfPage(c.p)
	p, ok := c.s.sitePath(source.address, base)
	if source.hole || !ok || source.address == "" || base == "" && !strings.HasPrefix(source.address, "/") || strings.HasPrefix(p, "..") {
		works.Unknown = "where distill's script takes works from"
		return Name{}, inContent
	}
	if path.Ext(p) == "" {
		return Name{}, inContent // a folder: the page names no file
	}
	works.Files = []Path{Path(p)}
	c.r.input(oneHead + Path(p))
	file = Name{Key: Key{Bibliography, p, true}, At: source.at, Form: Attribute}
	if head.Kind == frontmatter.String && strings.HasSuffix(p, head.Text) {
		file.At = Origin{c.p.Source.Path, head.Span, head.Span.Of(c.p.Source.Text) == head.Text}
		file.Form = YAML
	}
	file.Whole = file.At
	return file, inContent
}

// urlOfPage is a page's own address; "" where it is not known.
func (s *Snapshot) urlOfPage(p *Page) string {
	u, ok := s.Config.DocumentURL(p.File, p.Source.Head.Values, s.zone)
	if !ok {
		return ""
	}
	return u
}

// An Entry is a BibTeX entry with its file.
type Entry struct {
	*bib.Entry
	File Path
}

// At is where an entry's key is written.
func (e Entry) At() Origin { return Origin{e.File, e.KeySpan, true} }

// Work finds the entry that a key means among works: the first of them that has
// it. False where none has.
func (s *Snapshot) Work(w *Works, key string) (Entry, bool) {
	for _, p := range w.Files {
		if src := s.Source(p); src != nil && src.Bib != nil {
			if e := src.Bib.Find(key); e != nil {
				return Entry{e, p}, true
			}
		}
	}
	return Entry{}, false
}

// Works returns where citations at a cursor on a page are looked up: where a tag
// does with these words behind its name, or distill's elements where tag is
// empty. Nil where the site has no citations of that sort.
func (s *Snapshot) Works(p *Page, tag string, args []string) *Works {
	r := &reader{s: s}
	if tag == "" {
		c := collector{s: s, p: p, f: &Facts{}, r: r}
		w := &Works{}
		if p.Tree == nil {
			return nil
		}
		c.distillWorks(w)
		return w
	}
	if !isCiting(tag) || !s.citesByTag() {
		return nil
	}
	doc := strings.Join(args, " ")
	var list []liquid.Arg
	at := 0
	for _, a := range args {
		list = append(list, liquid.Arg{Span: text.Span{Start: at, End: at + len(a)}, Text: a, Known: true})
		at += len(a) + 1
	}
	return &s.tagWorks(p, r, &Source{Text: doc}, list).Works
}

// Cites reports whether some page cites a key that it looks up in a file.
func (s *Snapshot) Cites(file Path, key string) bool {
	for _, f := range s.holding(Key{Citation, key, true}) {
		for i := range f.Names {
			if n := &f.Names[i]; n.Kind == Citation && n.Text == key && n.Works != nil && slices.Contains(n.Works.Files, file) {
				return true
			}
		}
	}
	return false
}

// EachBib calls f for every BibTeX file of the site, in the order of their paths.
func (s *Snapshot) EachBib(f func(*Source)) {
	for _, p := range s.Files(IsBib) {
		if src := s.Source(p); src != nil && src.Bib != nil {
			f(src)
		}
	}
}

// crossReferences are the fields of an entry whose value is another one's key.
var crossReferences = []string{"crossref", "xref"}

// inBib are the names of a BibTeX file: keys, and where other entries refer to them.
func inBib(src *Source) []Name {
	var out []Name
	for i := range src.Bib.Entries {
		e := &src.Bib.Entries[i]
		whole := Origin{src.Path, e.Span, true}
		if e.Key != "" {
			out = append(out, Name{Key: Key{Citation, e.Key, false}, At: Origin{src.Path, e.KeySpan, true}, Form: Prose, Whole: whole})
		}
		for _, field := range crossReferences {
			f := e.Get(field)
			if f == nil || f.Inner.Empty() || strings.TrimSpace(f.Value) == "" {
				continue
			}
			key := strings.TrimSpace(f.Value)
			start := f.Inner.Start + strings.Index(f.Value, key)
			at := Origin{src.Path, text.Span{Start: start, End: start + len(key)}, true}
			out = append(out, Name{Key: Key{Citation, key, true}, At: at, Form: Parameter, Whole: Origin{src.Path, f.Span, true}, Works: &Works{Files: []Path{src.Path}, Unknown: "a field of BibTeX"}})
		}
	}
	return out
}

// meant returns the files in which a key is defined, as it is meant at a cursor:
// those of its uses on the page, or the BibTeX file that the cursor is in. Where
// none defines it, defined is false and the files are those that were looked at.
func (s *Snapshot) meant(from Cursor, key string) (files []Path, defined bool) {
	if src := from.Source(); src != nil && src.Bib != nil {
		return []Path{src.Path}, src.Bib.Find(key) != nil
	}
	if from.Page == nil {
		return nil, false
	}
	names := from.Page.Facts.Names
	if n, ok := from.Name(); ok && n.Kind == Citation && n.Text == key { // another one on the page may mean another work
		names = []Name{n}
	}
	var looked []Path
	for i := range names {
		n := &names[i]
		if n.Kind != Citation || n.Text != key || n.Works == nil {
			continue
		}
		if e, ok := s.Work(n.Works, key); ok {
			files = append(files, e.File)
		}
		looked = append(looked, n.Works.Files...)
	}
	if len(files) == 0 {
		slices.Sort(looked)
		return slices.Compact(looked), false
	}
	slices.Sort(files)
	return slices.Compact(files), true
}

// citationDefinitions are the entries of a key that a cursor sees.
func (s *Snapshot) citationDefinitions(from Cursor, k Key) []Place {
	var out []Place
	files, defined := s.meant(from, k.Text)
	for _, p := range files {
		if !defined {
			break
		}
		e := s.Source(p).Bib.Find(k.Text)
		at := Origin{p, e.KeySpan, true}
		out = append(out, Place{at, Name{Key: k, At: at, Whole: Origin{p, e.Span, true}, Detail: e.Line()}})
	}
	return out
}

// citationUses are the places that cite what a key means at a cursor, on every
// page and in BibTeX files.
func (s *Snapshot) citationUses(from Cursor, k Key) []Place {
	files, defined := s.meant(from, k.Text)
	var out []Place
	for _, f := range s.holding(k) {
		for i := range f.Names {
			n := &f.Names[i]
			if n.Key != k || n.Works == nil {
				continue
			}
			e, ok := s.Work(n.Works, k.Text)
			same := ok == defined && (ok && slices.Contains(files, e.File) ||
				!ok && slices.ContainsFunc(n.Works.Files, func(p Path) bool { return slices.Contains(files, p) }))
			if same || from.Page != nil && from.Page.Facts == f && !defined && !ok {
				out = append(out, Place{n.At, *n})
			}
		}
	}
	for _, p := range files {
		src := s.Source(p)
		if src == nil || src.Bib == nil {
			continue
		}
		for _, n := range inBib(src) {
			if n.Key == k {
				out = append(out, Place{n.At, n})
			}
		}
	}
	return out
}
