package site

import (
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// Make renders a source: the page as its reader gets it, with the names it
// holds and its own problems. It depends on nothing but the source and the
// files of s; before, the same file's page of an earlier instant, only saves
// work. It returns nil for a file that is no page.
func (s *Snapshot) Make(src *Source, before *Page) *Page {
	if !s.Renders(src) {
		return nil
	}
	p := &Page{Source: src, File: classify(s.Config, src)}
	r := reader{s: s}
	p.plugins = s.plugins != "" || len(s.Config.Plugins) > 0
	p.Liquid = s.liquid(p, &r)
	p.Layout = s.layoutOf(p, before)
	if p.File.Markdown && strings.EqualFold(s.Config.Markdown, "kramdown") {
		options := r.options()
		p.Tree = kramdown.Parse(p.Liquid.Text, options)
		p.Flow = p.Tree.Flow()
		p.flowPieces = p.treePieces().Through(p.Liquid.Pieces)
		p.Config = p.config()
		if e := options.MathEngine; e != "" && e != "mathjax" { // it sets formulas when the site is built
			p.Config = defaultConfig()
			p.Config.Unknown = "the math engine " + e
		}
		p.Math, p.Open = tex.Find(p.Flow, p.Config)
		if before != nil && before.State != nil {
			p.State = tex.Reread(p.Math, p.Config, before.Math, before.State)
		} else {
			p.State = tex.Read(p.Math, p.Config)
		}
		p.Bare = s.bare(p)
	}
	for _, in := range p.Layout.Reads {
		if strings.HasPrefix(string(in.Path), "//") {
			r.input(in.Path)
		} else {
			r.file(string(in.Path))
		}
	}
	p.Facts = s.collect(p, &r)
	p.Reads = r.inputs
	p.Facts.Reads = p.Reads
	p.Facts.Addresses = s.urlsOf(p)
	p.Facts.Ignores = s.ignores(p)
	if s.rules.Local != nil {
		p.Facts.Problems = s.rules.Local(p)
	}
	return p
}

// liquid renders the page's own text. A file outside any site, or one that
// says render_with_liquid: false, is taken as it stands.
func (s *Snapshot) liquid(p *Page, r *reader) *liquid.Output {
	src := p.Source
	if s.Loose || s.Config.Value(p.File, src.Head.Values, "render_with_liquid").Text == "false" {
		body := src.Text[src.Head.Body:]
		span := text.Span{Start: src.Head.Body, End: len(src.Text)}
		return &liquid.Output{Text: body, Pieces: text.Pieces(nil).Append(len(body), span, 0, true), Files: []string{string(src.Path)}}
	}
	p.liquid = true
	return src.Template.Render(s.env(p, r))
}

func (s *Snapshot) layoutOf(p *Page, before *Page) *Layout {
	if s.Loose {
		l := &Layout{Config: defaultConfig()}
		// Footnotes are the same in every engine that has them; of the rest nothing is certain.
		l.Unknown = []Unknown{{"the site this file belongs to", Origin{File: p.Source.Path}, []Kind{Anchor, Macro, Label, Asset}}}
		return l
	}
	return s.layout(p, before)
}

func defaultConfig() *mathjax.Config {
	c := mathjax.Default(mathjax.MathJax3)
	c.Unknown = "the page's layout is not known"
	return &c
}

// options are kramdown's for this site: Jekyll's defaults, then the site's own,
// as the release reads them that Gemfile.lock names.
func (r *reader) options() kramdown.Options {
	o := kramdown.GFM()
	if lock := r.file(jekyll.LockFile); lock != nil {
		if version := jekyll.Locked(lock.Text, "kramdown"); version != "" {
			kramdown.Set(&o, "version", version)
		}
	}
	for _, opt := range r.s.Config.Kramdown {
		switch {
		case opt.Key == "version": // ours, not kramdown's
		case opt.Map == nil:
			kramdown.Set(&o, opt.Key, opt.Value)
		case opt.Key == "link_defs":
			o.LinkDefs = map[string][2]string{}
			for _, e := range opt.Map.Entries {
				parts := append(e.Value.Strings(), "", "")
				o.LinkDefs[e.Key.Text] = [2]string{parts[0], parts[1]}
			}
		case opt.Key == "typographic_symbols":
			o.TypographicSymbols = map[string]string{}
			for _, e := range opt.Map.Entries {
				o.TypographicSymbols[e.Key.Text] = e.Value.Text
			}
		}
	}
	return o
}

// config is what the page tells MathJax: its layouts' scripts, and its own.
// Where the layout is not known and no script speaks of MathJax, MathJax 3's
// defaults stand in, marked as unknown: names are found, absences not reported.
func (p *Page) config() *mathjax.Config {
	scripts := p.scripts()
	c := p.Layout.Config
	if len(scripts) > 0 {
		c = mathjax.Read(append(append([]mathjax.Script{}, p.Layout.scripts...), scripts...))
	}
	if c.Engine == mathjax.None && p.Layout.mayLoad() {
		return defaultConfig()
	}
	return c
}

// scripts are those in the page's own content that may speak of formulas.
func (p *Page) scripts() []mathjax.Script {
	if !strings.Contains(p.Liquid.Text, "<script") {
		return nil
	}
	var out []mathjax.Script
	p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if n.Kind != kramdown.HTMLElement || n.Value != "script" {
			return true
		}
		var script mathjax.Script
		if a, ok := n.Get("src"); ok {
			script.Src = a.Value
		}
		if a, ok := n.Get("type"); ok {
			script.Type = a.Value
		}
		for _, c := range n.Children {
			script.Body += c.Value
		}
		for _, word := range []string{"MathJax", "mathjax", "katex", "renderMathInElement"} {
			if strings.Contains(script.Body, word) || strings.Contains(script.Src, word) {
				out = append(out, script)
				break
			}
		}
		return true
	})
	return out
}

// treePieces maps the flow to the text after Liquid. They differ from the
// tree's own pieces only where that text has "\r\n", which kramdown reads as "\n".
func (p *Page) treePieces() text.Pieces {
	if len(p.Tree.Source) == len(p.Liquid.Text) {
		return p.Flow.Pieces
	}
	var out text.Pieces
	for _, piece := range p.Flow.Pieces {
		if !piece.Exact {
			out = out.Append(piece.Out.Len(), p.input(piece.Src), 0, false)
			continue
		}
		for at := piece.Src.Start; at < piece.Src.End; {
			end := piece.Src.End
			if n := strings.IndexByte(p.Tree.Source[at:end], '\n'); n >= 0 {
				end = at + n
			}
			if end > at {
				out = out.Append(end-at, p.input(text.Span{Start: at, End: end}), 0, true)
			}
			if end < piece.Src.End {
				src := p.input(text.Span{Start: end, End: end + 1})
				out = out.Append(1, src, 0, src.Len() == 1)
				end++
			}
			at = end
		}
	}
	return out
}

func (p *Page) input(span text.Span) text.Span {
	return text.Span{Start: p.Tree.InputOffset(span.Start), End: p.Tree.InputOffset(span.End)}
}

// collect gathers what other pages can ask.
func (s *Snapshot) collect(p *Page, r *reader) *Facts {
	f := &Facts{Path: p.Source.Path, Kind: p.File.Kind, Title: title(p)}
	if u, ok := s.Config.DocumentURL(p.File, p.Source.Head.Values, s.zone); ok && !s.Loose && s.Config.Writes(p.File) {
		f.URL = u
	}
	if t, ok := jekyll.Date(p.File, p.Source.Head.Values, s.zone); ok {
		f.Date = t.Format("2006-01-02")
	}
	f.Excerpt = s.excerpt(p)
	f.Hidden = s.Config.Value(p.File, p.Source.Head.Values, "published").Text == "false" && s.Config.Values.Get("unpublished").Text != "true"
	s.unknowns(p, f)
	c := collector{s: s, p: p, f: f, r: r}
	c.all()
	for i := range p.Layout.IDs {
		f.LayoutIDs = append(f.LayoutIDs, strings.Clone(p.Layout.IDs[i].Text))
	}
	for _, beginning := range p.Layout.Patterns {
		f.LayoutIDs = append(f.LayoutIDs, beginning+"…")
	}
	for _, key := range c.cited {
		f.LayoutIDs = append(f.LayoutIDs, strings.Clone(key))
	}
	return f
}

// maxExcerpt is how much of an excerpt is kept, in characters.
const maxExcerpt = 300

// excerpt is what lists show of a page, as plain text: what its front matter
// says, or of a document what stands in front of excerpt_separator, which is the
// first empty line if nothing is said (Jekyll::Excerpt, Document#generate_excerpt?).
func (s *Snapshot) excerpt(p *Page) string {
	head := p.Source.Head.Values
	if n := head.Get("excerpt"); n.Kind == frontmatter.String {
		return shorten(strings.TrimSpace(n.Text))
	}
	separator := "\n\n"
	for _, n := range []*frontmatter.Node{s.Config.Values.Get("excerpt_separator"), s.Config.Value(p.File, head, "excerpt_separator")} {
		if n.Kind == frontmatter.String {
			separator = n.Text
		}
	}
	if p.Tree == nil || separator == "" || p.File.Collection == "" {
		return ""
	}
	// Ruby reads "\r\n" as "\n" nowhere: but a file of Windows has its empty lines too.
	doc := p.Source.Text[min(p.Source.Head.Body, len(p.Source.Text)):]
	end := len(doc)
	for _, separator := range []string{separator, strings.ReplaceAll(separator, "\n", "\r\n")} {
		if i := strings.Index(doc, separator); i >= 0 {
			end = min(end, i)
		}
	}
	var b strings.Builder
	for _, n := range p.Tree.Root.Children {
		at := p.FromTree(n.Span)
		if n.Kind == kramdown.Blank || at.File != p.Source.Path {
			continue
		}
		if at.Span.Start >= p.Source.Head.Body+end || b.Len() > 4*maxExcerpt {
			break
		}
		b.WriteString(PlainText(n) + " ")
	}
	return shorten(strings.TrimSpace(b.String()))
}

func shorten(s string) string {
	if len(s) <= maxExcerpt {
		return s
	}
	if r := []rune(s); len(r) > maxExcerpt {
		return string(r[:maxExcerpt-1]) + "…"
	}
	return s
}

// Includes are the names of the site's includes, as tags write them.
func (s *Snapshot) Includes() []string {
	dir := strings.Trim(s.Config.IncludesDir, "/") + "/"
	var out []string
	for _, p := range s.Files(func(p Path) bool { return strings.HasPrefix(string(p), dir) }) {
		out = append(out, strings.TrimPrefix(string(p), dir))
	}
	return out
}

// suppliers are tags of well-known plugins, with the kinds of names they can
// bring to a page. Any other unknown tag can bring all of them.
var suppliers = map[string][]Kind{
	"cite": {}, "cite_details": {}, "reference": {}, "quote": {}, "nocite": {}, "bibliography_count": {},
	"bibliography": {Anchor}, "toc": {Anchor}, "seo": {}, "feed_meta": {}, "gist": {}, "youtube": {}, "vimeo": {}, "twitter": {},
	"avatar": {}, "picture": {Anchor}, "responsive_image": {Anchor}, "figure": {Anchor, Label}, "tabs": {Anchor}, "tab": {Anchor},
	"details": {Anchor}, "google_scholar_citations": {}, "inspirehep_citations": {}, "jupyter_notebook": {Anchor}, "file_exists": {},
	"remote_include": allKinds, "octicon": {}, "link": {}, "post_url": {}, "emoji": {}, "mermaid": {}, "plantuml": {}, "note": {Anchor},
}

var allKinds = []Kind{Label, Footnote, Anchor, Macro}

// unknowns names what nobody here can know of the page.
func (s *Snapshot) unknowns(p *Page, f *Facts) {
	add := func(what string, at Origin, kinds []Kind) {
		f.Unknown = append(f.Unknown, Unknown{what, at, kinds})
	}
	for _, h := range p.Liquid.Holes {
		at := Origin{p.path(h.File), h.Span, false}
		kinds := allKinds
		if tag, ok := strings.CutPrefix(h.What, "the tag "); ok {
			if k, known := suppliers[tag]; known {
				kinds = k
			}
		} else if h.Block || strings.HasPrefix(h.What, "site.") || strings.HasPrefix(h.What, "page.") && !strings.Contains(h.What, "content") {
			kinds = []Kind{Anchor} // a list of posts brings titles and addresses
		} else if strings.HasPrefix(h.What, "the filter date") || h.What == "paginator" {
			kinds = nil
		}
		add(h.What, at, kinds)
	}
	here := Origin{File: p.Source.Path}
	if p.Tree == nil {
		what := "a page that is not Markdown"
		if p.File.Markdown {
			what = "the Markdown engine " + s.Config.Markdown
		}
		add(what, here, append([]Kind{Asset}, allKinds...))
	}
	f.Unknown = append(f.Unknown, p.Layout.Unknown...)
	if p.Config != nil && p.Config.Unknown != "" {
		add(p.Config.Unknown, here, []Kind{Label, Macro})
	}
	if n := len(p.Layout.Patterns); n > 0 && !(p.Layout.distill && n == len(distillIDs)) {
		// An id whose end is not known is not every id: rules ask Layout.Gives.
		add("the end of ids in the layout", here, nil)
	}
}

// Gives reports whether the layout has the id, or may have it.
func (l *Layout) Gives(id string) bool {
	for i := range l.IDs {
		if l.IDs[i].Text == id {
			return true
		}
	}
	for _, p := range l.Patterns {
		if strings.HasPrefix(id, p) {
			return true
		}
	}
	return false
}

// Opaque reports whether the page could not be read at all: nothing is
// reported on it but its front matter.
func (f *Facts) Opaque() bool {
	for _, u := range f.Unknown {
		if len(u.Kinds) > len(allKinds) && u.Kinds[0] == Asset {
			return true
		}
	}
	return false
}
