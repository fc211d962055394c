package site

import (
	"path"
	"sort"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/liquid"
	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// A Layout is what surrounds a page's content: the chain of layouts with their
// includes, as they come out for this page. It never changes.
type Layout struct {
	Chain    []Path          // from the page's own layout outwards
	IDs      []Name          // the ids it prints, Anchor definitions
	Links    []Name          // links to anchors that the layout prints, Anchor uses
	Patterns []string        // ids of which only the beginning is known
	Config   *mathjax.Config // of the scripts of the layouts alone
	Macros   []Name          // the macros of the configuration, where they are written
	Others   []Name          // its environments, and the macros and environments that these use of each other
	Unknown  []Unknown
	Reads    []Input
	Twice    bool // something else than MathJax may set formulas too: KaTeX, or a distill template

	distill bool          // distill's script makes ids in the reader's browser
	works   []worksSource // the BibTeX files that it tells distill's script

	lost    bool // some script's address is not known
	gaps    bool // something in it may print scripts that are not known
	themed  bool // a layout of a known theme is in the chain
	speaks  bool // a script speaks of formulas, whatever it does
	scripts []mathjax.Script
	places  []scriptPlace
	head    string // the front matter it was made for
	name    string
}

// A scriptPlace says where a script's text comes from.
type scriptPlace struct {
	files  []string
	pieces text.Pieces // of the script's body
	tag    Origin      // of its start tag
}

func (s scriptPlace) origin(span text.Span) Origin {
	src, file, exact := s.pieces.Source(span)
	if int(file) >= len(s.files) {
		return Origin{}
	}
	return Origin{Path(s.files[file]), src, exact}
}

// InScript returns where a part of one of the layouts' scripts is written; no
// origin for a script of the page itself, or of a theme.
func (l *Layout) InScript(script int, span text.Span) Origin {
	if script >= len(l.places) || len(l.places[script].files) == 0 {
		return Origin{}
	}
	return l.places[script].origin(span)
}

// Loader returns the address of the script that loads the page's engine for
// formulas, and where its tag is written: no origin for a script of a theme, or
// of the page itself. The address is empty where a script fetches the engine by
// itself, or where none is seen to.
func (p *Page) Loader() (address string, at Origin) {
	i := p.Config.Loader - 1
	if i < 0 || i >= len(p.Layout.scripts) {
		return "", Origin{}
	}
	return p.Layout.scripts[i].Src, p.Layout.places[i].tag
}

// maxChain bounds a chain of layouts that name each other.
const maxChain = 20

// layout returns what surrounds p, or the layout of before where nothing that
// it was made from has changed.
func (s *Snapshot) layout(p *Page, before *Page) *Layout {
	name := s.Config.Value(p.File, p.Source.Head.Values, "layout")
	head := p.Source.Head.YAML.Of(p.Source.Text)
	if before != nil && before.Layout != nil && before.Layout.head == head && before.Layout.name == name.Text && s.fresh(before.Layout.Reads) {
		return before.Layout
	}
	l := &Layout{head: head, name: name.Text}
	r := reader{s: s, layout: true}
	r.file("_config.yml")
	next, t := name, s.theme()
	var rendered []*liquid.Output
	for depth := 0; next.Kind == frontmatter.String && next.Text != "" && next.Text != "none" && next.Text != "null" && depth < maxChain; depth++ {
		src := r.layoutFile(next.Text)
		if _, ok := t.layoutOf(next.Text); src == nil && ok {
			next = l.gem(t, next, Origin{p.Source.Path, next.Span, true})
			continue
		}
		if src == nil {
			l.unknown("the layout "+next.Text, Origin{p.Source.Path, next.Span, true})
			break
		}
		l.Chain = append(l.Chain, src.Path)
		env := s.env(p, &r)
		env.Files = []string{string(src.Path), "_config.yml", string(p.Source.Path)}
		env.Globals["page"] = s.pageValue(p, &r, 2)
		env.Globals["layout"] = liquid.FromYAML(src.Head.Values, 0)
		env.Globals["content"] = liquid.Text{}
		rendered = append(rendered, src.Template.Render(env))
		next = src.Head.Values.Get("layout")
	}
	// The outermost layout prints first, so its scripts come first.
	for i := len(rendered) - 1; i >= 0; i-- {
		l.read(s, &r, rendered[i])
		l.holes(rendered[i])
	}
	if t != nil && l.gaps && mathjax.Read(l.scripts).Engine == mathjax.None {
		if len(t.hooks) > 0 {
			l.hooked(t, s, &r, p)
		} else {
			l.loads(t, s, &r, p)
		}
	}
	l.Config = mathjax.Read(l.scripts)
	if l.lost && l.Config.Engine != mathjax.None && !l.configured() {
		c := *l.Config
		c.Unknown = "a script whose address is not known"
		l.Config = &c
	}
	l.names()
	l.Reads = r.inputs
	return l
}

func (l *Layout) unknown(what string, at Origin) {
	l.Unknown = append(l.Unknown, Unknown{what, at, []Kind{Anchor, Macro, Label, Footnote, Asset}})
}

// configured reports whether some script of the layouts configures the engine.
func (l *Layout) configured() bool {
	for i := range l.scripts {
		if strings.Contains(l.scripts[i].Body, "MathJax") || strings.Contains(l.scripts[i].Body, "renderMathInElement") {
			return true
		}
	}
	return false
}

// read collects ids and scripts from what a layout prints.
func (l *Layout) read(s *Snapshot, r *reader, out *liquid.Output) {
	holes := make([]int, 0, len(out.Holes))
	for _, h := range out.Holes {
		holes = append(holes, h.Out.Start)
	}
	sort.Ints(holes)
	holeIn := func(span text.Span) int {
		i := sort.SearchInts(holes, span.Start)
		if i < len(holes) && holes[i] <= span.End {
			return holes[i]
		}
		return -1
	}
	for _, e := range elements(out.Text) {
		for _, name := range []string{"id", "name"} {
			a, ok := e.attr(name)
			if !ok || name == "name" && e.name != "a" || a.value == "" && holeIn(a.span) < 0 {
				continue
			}
			if at := holeIn(a.span); at >= 0 {
				l.Patterns = append(l.Patterns, out.Text[a.span.Start:at])
				continue
			}
			src, file, exact := out.Pieces.Source(a.span)
			at := Origin{Path(out.Files[file]), src, exact}
			l.IDs = append(l.IDs, Name{Key: Key{Anchor, a.value, false}, At: at, Whole: at, Form: Attribute})
		}
		if a, ok := e.attr("href"); ok && e.name == "a" && len(a.value) > 1 && a.value[0] == '#' && holeIn(a.span) < 0 {
			src, file, _ := out.Pieces.Source(text.Span{Start: a.span.Start + 1, End: a.span.End})
			at := Origin{Path(out.Files[file]), src, false}
			l.Links = append(l.Links, Name{Key: Key{Anchor, a.value[1:], true}, At: at, Whole: at, Form: Attribute})
		}
		if a, ok := e.attr("href"); ok && e.name == "base" {
			l.Unknown = append(l.Unknown, Unknown{"addresses, which count from <base href=\"" + a.value + "\">", Origin{}, []Kind{Asset}})
		}
		if e.name == "d-bibliography" {
			src, _ := e.attr("src")
			at, file, exact := out.Pieces.Source(src.span)
			l.works = append(l.works, worksSource{src.value, holeIn(src.span) >= 0, Origin{Path(out.Files[file]), at, exact}})
		}
		if e.name != "script" {
			continue
		}
		script := mathjax.Script{Body: e.body.Of(out.Text)}
		if a, ok := e.attr("src"); ok {
			script.Src = a.value
			l.lost = l.lost || holeIn(a.span) >= 0
		}
		if a, ok := e.attr("type"); ok {
			script.Type = a.value
		}
		if a, ok := e.attr("onload"); ok && script.Body == "" {
			script.Body = a.value // KaTeX is told this way to set the page
		}
		src, file, exact := out.Pieces.Source(e.span)
		tag := Origin{Path(out.Files[file]), src, exact}
		place := scriptPlace{files: out.Files, pieces: cut(out.Pieces, e.body), tag: tag}
		if holeIn(e.body) >= 0 && strings.Contains(script.Body, "MathJax") {
			l.Unknown = append(l.Unknown, Unknown{"a part of the MathJax configuration", place.origin(text.Span{}), []Kind{Macro}})
		}
		if local := s.localScript(script.Src); local != "" {
			if src := r.file(local); src != nil {
				script.Body, place = l.local(s, r, src)
				place.tag = tag
			}
		}
		l.scripts = append(l.scripts, script)
		l.places = append(l.places, place)
		for _, word := range []string{"katex", "KaTeX", "renderMath", "distill", "sciimath", "sciiMath"} {
			l.Twice = l.Twice || strings.Contains(script.Src, word) || strings.Contains(script.Body, word)
		}
		if strings.Contains(script.Src, "distill") && !l.distill {
			l.distill = true
			l.Patterns = append(l.Patterns, distillIDs...)
		}
		l.speaks = l.speaks || speaksOfMath(script.Src) || len(script.Body) < 1<<16 && speaksOfMath(script.Body)
	}
}

// speaksOfMath reports whether a script may have to do with formulas.
func speaksOfMath(s string) bool {
	for _, word := range []string{"math", "Math", "katex", "KaTeX", "latex", "LaTeX"} {
		for rest := s; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			if rest = rest[i+len(word):]; !strings.HasPrefix(rest, ".") { // Math.max is JavaScript's own
				return true
			}
		}
	}
	return false
}

// local returns the text of a script that is a file of the site. One with front
// matter goes through Liquid first, as Jekyll does it.
func (l *Layout) local(s *Snapshot, r *reader, src *Source) (string, scriptPlace) {
	if !src.Head.Present || src.Template == nil {
		pieces := text.Pieces(nil).Append(len(src.Text), text.Span{Start: 0, End: len(src.Text)}, 0, true)
		return src.Text, scriptPlace{files: []string{string(src.Path)}, pieces: pieces}
	}
	p := &Page{Source: src, File: classify(s.Config, src)}
	env := s.env(p, r)
	env.Files = []string{string(src.Path), "_config.yml"}
	out := src.Template.Render(env)
	if len(out.Holes) > 0 {
		l.Unknown = append(l.Unknown, Unknown{"a part of " + string(src.Path), Origin{File: src.Path}, []Kind{Macro}})
	}
	return out.Text, scriptPlace{files: out.Files, pieces: out.Pieces}
}

// localScript returns the file of the site that a script's address stands for,
// or "" for one elsewhere.
func (s *Snapshot) localScript(src string) string {
	p, ok := s.sitePath(src, "/")
	if !ok || !strings.HasSuffix(p, ".js") {
		return ""
	}
	return p
}

func cut(pieces text.Pieces, span text.Span) text.Pieces {
	out := pieces.In(span)
	for i := range out {
		out[i].Out = out[i].Out.Shift(-span.Start)
	}
	return out
}

// A reader reads sources and remembers which.
type reader struct {
	s      *Snapshot
	inputs []Input
	layout bool              // for a layout, to which lists of pages are unknown
	lists  map[string][]*doc // what was asked for, once
}

// file returns a source, or nil where there is none; both are remembered.
func (r *reader) file(p string) *Source {
	src, ok := r.s.sources.get(Path(p))
	in := Input{Path: Path(p)}
	if ok {
		in.Hash = src.Hash
	}
	for _, i := range r.inputs {
		if i == in {
			return src
		}
	}
	r.inputs = append(r.inputs, in)
	return src
}

// layoutFile finds a layout by its name: the file's name without its extension.
func (r *reader) layoutFile(name string) *Source {
	dir := strings.Trim(r.s.Config.LayoutsDir, "/")
	for _, ext := range []string{".html", ".md", ".markdown", ".htm", ".xml", ".liquid", ""} {
		p := path.Join(dir, name) + ext
		if src, ok := r.s.sources.get(Path(p)); ok && src.Template != nil {
			r.file(p)
			return src
		}
	}
	r.file(path.Join(dir, name) + ".html")
	return nil
}

// fresh reports whether inputs are as they were.
func (s *Snapshot) fresh(inputs []Input) bool {
	for _, in := range inputs {
		if s.inputHash(in.Path) != in.Hash {
			return false
		}
	}
	return true
}
