package inspect

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/kramdown"
	"scholium/analysis/mathjax"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// A Survey is what was found of a site, and what was not: the sum of its pages.
type Survey struct {
	s       *site.Snapshot
	pages   int
	foreign int               // of them, not Markdown for kramdown
	options *kramdown.Options // of the first page that is Markdown
	engines map[string]*engine
	unknown map[string]*gap
	silent  map[string]*gap
}

// An engine is what some pages of a site tell theirs.
type engine struct {
	name, told, address, at string
	unknown                 string // why it is not known what they tell
	pages, formulas         int
}

// A gap is something that is not known, or that is silent for it.
type gap struct {
	places  int
	pages   map[site.Path]bool
	at      string // the first place
	because []string
	kinds   []string
}

// NewSurvey returns a survey of a site, to which its pages are added.
func NewSurvey(s *site.Snapshot) *Survey {
	return &Survey{s: s, engines: map[string]*engine{}, unknown: map[string]*gap{}, silent: map[string]*gap{}}
}

// Add takes a whole page in.
func (v *Survey) Add(p *site.Page) {
	v.pages++
	if p.Tree == nil {
		v.foreign++
		return // nearly every rule is silent, for this alone
	}
	if v.options == nil {
		v.options = &p.Tree.Options
	}
	if p.Config != nil {
		v.engine(p)
	}
	for _, u := range p.Facts.Unknown {
		g := v.unknown[u.What]
		if g == nil {
			g = &gap{pages: map[site.Path]bool{}, at: place(p, v.s, u.At)}
			for _, k := range u.Kinds {
				g.kinds = append(g.kinds, k.String()+"s")
			}
			v.unknown[u.What] = g
		}
		g.add(p)
	}
	for _, r := range rules.Silent(p, v.s) {
		g := v.silent[r.Code]
		if g == nil {
			g = &gap{pages: map[site.Path]bool{}}
			v.silent[r.Code] = g
		}
		for _, why := range r.Because {
			if !slices.Contains(g.because, why) {
				g.because = append(g.because, why)
			}
		}
		g.add(p)
	}
}

func (g *gap) add(p *site.Page) {
	g.places++
	g.pages[p.Source.Path] = true
}

func (v *Survey) engine(p *site.Page) {
	c := p.Config
	e := engine{name: engines[c.Engine], pages: 1, formulas: len(p.Math)}
	switch {
	case c.Unknown != "":
		e.name, e.unknown = "not known", c.Unknown
	case c.Engine == mathjax.KaTeX:
		e.told = delimiters(c) + ", " + Plural(len(c.Macros), "macro") + " of the site"
	case c.Engine == mathjax.None:
		e.told = "no script that is known loads MathJax or KaTeX"
	default:
		e.told = fmt.Sprintf("%s, tags %s, %s, %s of the site", delimiters(c), c.Tags, Plural(len(c.Packages), "package"), Plural(len(c.Macros), "macro"))
		if n := len(c.Envs); n > 0 {
			e.told += ", " + Plural(n, "environment")
		}
	}
	if c.Engine != mathjax.None {
		address, at := p.Loader()
		e.address, e.at = address, place(p, v.s, at)
	}
	key := strings.Join([]string{e.name, e.told, e.unknown, e.address, e.at}, "\x00")
	if old := v.engines[key]; old != nil {
		old.pages++
		old.formulas += e.formulas
		return
	}
	v.engines[key] = &e
}

// delimiters are those of formulas in text, environments left out.
func delimiters(c *mathjax.Config) string {
	var out []string
	for _, d := range slices.Concat(c.Inline, c.Display) {
		if !strings.HasPrefix(d.Open, `\begin`) {
			out = append(out, d.Open+"…"+d.Close)
		}
	}
	if len(out) == 0 {
		return "no delimiters"
	}
	return strings.Join(out, " ")
}

// String is the survey in lines of a key and what is to be said of it. Without
// names it tells no file, address, macro or word of the site's own, so that it can be shown
// to anybody: what is left are settings that Jekyll, its themes and plugins name,
// and numbers.
func (v *Survey) String(names bool) string {
	var b strings.Builder
	line := func(key, format string, args ...any) { fmt.Fprintf(&b, "%-10s%s\n", key, fmt.Sprintf(format, args...)) }
	if !v.s.Loose {
		v.build(line, names)
	}
	v.math(line, names)
	if !v.s.Loose {
		line("files", "%s", v.files())
	}
	v.gaps(line, names)
	return b.String()
}

// build says what the site is built with.
func (v *Survey) build(line func(key, format string, args ...any), names bool) {
	c := v.s.Config
	locked := func(gem string) string {
		if lock := v.s.Source(jekyll.LockFile); lock != nil {
			return jekyll.Locked(lock.Text, gem)
		}
		return ""
	}
	switch {
	case c.Problem != nil && names:
		line("config", "_config.yml cannot be read, and Jekyll builds no such site: %s", c.Problem.Message)
	case c.Problem != nil:
		line("config", "_config.yml cannot be read, and Jekyll builds no such site")
	}
	if version := locked("jekyll"); version != "" {
		pages := ""
		if locked("github-pages") != "" {
			pages = ", with github-pages " + locked("github-pages")
		}
		line("jekyll", "%s%s (%s)", version, pages, jekyll.LockFile)
	} else {
		line("jekyll", "no release is named by a %s: read as Jekyll 4.3", jekyll.LockFile)
	}
	switch o := v.options; {
	case !strings.EqualFold(c.Markdown, "kramdown"):
		line("markdown", "%s%s: what depends on kramdown is silent", c.Markdown, v.configured("markdown"))
	case o == nil:
		line("markdown", "kramdown; no page is Markdown")
	case locked("kramdown") != "":
		line("markdown", "kramdown %s (%s), read as %s, input %s", locked("kramdown"), jekyll.LockFile, o.Version, o.Input)
	default:
		line("markdown", "kramdown, read as %s as no %s names a release, input %s", o.Version, jekyll.LockFile, o.Input)
	}
	if len(c.Kramdown) > 0 {
		var keys []string
		for _, o := range c.Kramdown {
			keys = append(keys, o.Key)
		}
		line("options", "%s%s", strings.Join(keys, ", "), v.configured("kramdown"))
	}
	name, _, _ := strings.Cut(c.Theme, "@")
	version := locked(path.Base(name))
	switch {
	case name == "":
		line("theme", "none: all layouts are the site's own")
	case v.s.KnowsTheme():
		line("theme", "%s%s: what it does with formulas is known, its ids and files are not", strings.TrimSpace(c.Theme+" "+version), v.configured("theme", "remote_theme"))
	case names:
		line("theme", "%s%s: not known, nor what its layouts and includes print", strings.TrimSpace(c.Theme+" "+version), v.configured("theme", "remote_theme"))
	default:
		line("theme", "one that is not known")
	}
	makers := v.s.FileMakers()
	if n := len(c.Plugins); n > 0 {
		known := slices.DeleteFunc(slices.Clone(c.Plugins), func(p string) bool { return slices.Contains(makers, p) })
		if names {
			known = c.Plugins
		}
		line("plugins", "%s%s", strings.Join(append(known, others(n-len(known))...), ", "), v.configured("plugins", "gems"))
	}
	if own := v.s.Files(func(p site.Path) bool { return strings.HasPrefix(string(p), "_plugins/") }); len(own) > 0 {
		line("plugins", "%s of its own in _plugins: read, never run", Plural(len(own), "file"))
	}
	if len(makers) > 0 && names {
		line("", "may add files: %s", strings.Join(makers, ", "))
	} else if len(makers) > 0 {
		line("", "%s may add files", Plural(len(makers), "plugin"))
	}
}

func others(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("and %d unknown", n)}
}

// configured is where the first of these keys that it has stands in _config.yml.
func (v *Survey) configured(keys ...string) string {
	for _, name := range []site.Path{"_config.yml", "_config.yaml"} {
		src := v.s.Source(name)
		if src == nil {
			continue
		}
		for _, key := range keys {
			for _, e := range v.s.Config.Values.Entries {
				if e.Key.Text == key && e.Key.Kind != frontmatter.Null {
					return fmt.Sprintf(" (%s:%d)", name, src.Lines.Position(e.Key.Span.Start, 0).Line+1)
				}
			}
		}
	}
	return ""
}

// math says what sets the formulas.
func (v *Survey) math(line func(key, format string, args ...any), names bool) {
	list := slices.SortedFunc(maps.Values(v.engines), func(a, b *engine) int {
		return cmp.Or(cmp.Compare(b.pages, a.pages), cmp.Compare(a.name+a.told+a.unknown+a.address+a.at, b.name+b.told+b.unknown+b.address+b.at))
	})
	if len(list) == 0 {
		line("math", "no page is Markdown for kramdown")
	}
	for i, e := range list {
		if i == 8 {
			line("", "%d more ways", len(list)-i)
			break
		}
		what := e.name
		switch {
		case e.unknown != "" && names:
			what += ": " + e.unknown
		case e.unknown != "":
			what += ": " + publicly(e.unknown)
		case e.told != "":
			what += ": " + e.told
		}
		line("math", "%s; on %s, %s", what, Plural(e.pages, "page"), Plural(e.formulas, "formula"))
		switch {
		case !names || e.name == engines[mathjax.None]:
		case e.at != "" && e.address != "":
			line("", "loaded at %s from %s", e.at, e.address)
		case e.at != "":
			line("", "loaded by the script at %s", e.at)
		}
	}
}

// files counts the site's files by what Jekyll takes them for.
func (v *Survey) files() string {
	counts := map[string]int{}
	all := v.s.Files(func(site.Path) bool { return true })
	for _, p := range all {
		counts[v.kind(p)]++
	}
	var out []string
	for _, k := range []string{"post", "draft", "document", "page", "layout", "include", "data file", "image", "other file", "passed over"} {
		switch n := counts[k]; {
		case n > 0 && k == "passed over":
			out = append(out, fmt.Sprintf("%d passed over", n))
		case n > 0:
			out = append(out, Plural(n, k))
		}
	}
	return fmt.Sprintf("%d: %s", len(all), strings.Join(out, ", "))
}

func (v *Survey) kind(p site.Path) string {
	f := v.s.Facts(p)
	file := v.s.Config.Classify(string(p))
	switch kind := file.Kind; {
	case kind == jekyll.Post:
		return "post"
	case kind == jekyll.Draft:
		return "draft"
	case kind == jekyll.Document:
		return "document"
	case kind == jekyll.Layout:
		return "layout"
	case kind == jekyll.Include:
		return "include"
	case kind == jekyll.Data:
		return "data file"
	case kind == jekyll.NotAPost || kind == jekyll.Ignored:
		return "passed over"
	case f != nil && (kind == jekyll.Page || kind == jekyll.Static):
		return "page"
	}
	switch strings.ToLower(path.Ext(string(p))) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico", ".tif", ".tiff":
		return "image"
	}
	return "other file"
}

// gaps says what is not known, and which rules are silent for it.
func (v *Survey) gaps(line func(key, format string, args ...any), names bool) {
	const most = 12
	unknown := v.unknown
	if !names {
		unknown = map[string]*gap{}
		for what, g := range v.unknown {
			key := publicly(what)
			sum := unknown[key]
			if sum == nil {
				sum = &gap{pages: map[site.Path]bool{}, kinds: g.kinds}
				unknown[key] = sum
			}
			sum.places += g.places
			maps.Copy(sum.pages, g.pages)
		}
	}
	for i, what := range byPages(unknown) {
		if i == most {
			line("", "and %d more", len(unknown)-most)
			break
		}
		g := unknown[what]
		note := ""
		if len(g.kinds) > 0 {
			note = "; could bring " + strings.Join(g.kinds, ", ")
		}
		if names && g.at != "" {
			note += "; first at " + g.at
		}
		line("unknown", "%s: %s on %s%s", what, Plural(g.places, "time"), Plural(len(g.pages), "page"), note)
	}
	if v.foreign > 0 {
		line("unknown", "what %s would show: not Markdown for kramdown, so that only front matter and includes are looked at", Plural(v.foreign, "page"))
	}
	// Rules that are silent on as many pages for the same reasons are told together.
	together := map[string][]string{}
	var order []string
	for _, code := range byPages(v.silent) {
		g := v.silent[code]
		because := g.because
		if !names {
			because = nil
			for _, why := range g.because {
				if why = publicly(why); !slices.Contains(because, why) {
					because = append(because, why)
				}
			}
		}
		why := strings.Join(because[:min(len(because), 3)], ", ")
		if n := len(because) - 3; n > 0 {
			why += fmt.Sprintf(" and %d more", n)
		}
		key := fmt.Sprintf(" on %d of %s, for %s", len(g.pages), Plural(v.pages, "page"), why)
		if together[key] == nil {
			order = append(order, key)
		}
		together[key] = append(together[key], code)
	}
	for _, key := range order {
		line("silent", "%s%s", strings.Join(together[key], ", "), key)
	}
}

// byPages are the names of gaps, those on most pages first.
func byPages(gaps map[string]*gap) []string {
	return slices.SortedFunc(maps.Keys(gaps), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(gaps[b].pages), len(gaps[a].pages)), cmp.Compare(a, b))
	})
}

// publicly is something unknown without a name that its site gave it. The name of a tag
// is kept: it is a plugin's, and what a report is about.
func publicly(what string) string {
	if strings.HasPrefix(what, "the tag ") {
		return what
	}
	for _, kind := range []string{"the layout ", "the include ", "the plugin ", "the filter "} {
		if strings.HasPrefix(what, kind) {
			if strings.HasSuffix(what, " of the theme") {
				return strings.TrimSpace(kind) + " … of the theme"
			}
			return strings.TrimSpace(kind) + " …"
		}
	}
	for _, kind := range []string{"site.data.", "site.", "page.", "include.", "layout."} {
		if strings.HasPrefix(what, kind) {
			return kind + "…"
		}
	}
	for _, plain := range plainly {
		if what == plain {
			return what
		}
	}
	return "something else"
}

// plainly is what is unknown in words that hold no name.
var plainly = []string{
	"pages that are not Markdown for kramdown", "a page that is not Markdown", "what the theme loads", "the site this file belongs to",
	"a part of the MathJax configuration", "the page's layout is not known", "a script whose address is not known",
	"a script that configures it cannot be parsed", "paginator", "theme", "a template that does not end", "what an object prints",
	"a part of a list", "the name of a cycle", "a value of a cycle", "an include whose name is not known", "an include that Jekyll refuses",
	"the end of ids in the layout", "what Liquid refuses", "a condition of if", "a condition of unless", "a condition of case", "the layout … of the theme",
}

// Plural counts things in words: 1 page, 2 pages.
func Plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
