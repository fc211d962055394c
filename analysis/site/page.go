package site

import (
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Page is what the reader gets of a post: one rendering. It never changes.
type Page struct {
	Source *Source
	File   jekyll.File
	Reads  []Input         // every file it was made from
	Liquid *liquid.Output  // the text after Liquid, with where it comes from
	Tree   *kramdown.Tree  // nil where the engine is not kramdown
	Flow   *text.Flow      // its text as the browser holds it; nil without a Tree
	Math   []tex.Formula   // in page order
	State  *tex.State      // what the formulas define, in page order
	Open   []tex.Unclosed  // delimiters that nothing closes
	Config *mathjax.Config // what the page tells MathJax
	Layout *Layout         // what surrounds it
	Bare   *Bare           // formulas that nothing sets, as the page loads no engine; else nil
	Facts  *Facts

	plugins    bool        // the site has plugins, which may know tags that we do not
	liquid     bool        // the text went through Liquid
	flowPieces text.Pieces // from Flow to files
}

// An Origin says where a run of the page's text comes from.
type Origin struct {
	File  Path
	Span  text.Span
	Exact bool // these very bytes; otherwise made by what stands there: no rename, no fix
}

// A Certainty says whether an absence may be reported.
type Certainty bool

// The two certainties.
const (
	Uncertain Certainty = false
	Certain   Certainty = true
)

// Facts is what other pages can ask about a page, and its finished problems.
// It is kept for every page, open or not.
type Facts struct {
	Path     Path
	Kind     jekyll.Kind
	Title    string
	URL      string // without baseurl; empty where it is not known
	Date     string // YYYY-MM-DD, or empty
	Excerpt  string // the first words, as plain text
	Names    []Name
	Problems []Problem // page-local, finished
	Ignores  []Ignore  // what authors do not want to hear of
	Doubts   []Doubt   // formulas that MathJax is to judge
	Unknown  []Unknown
	Reads    []Input

	Hidden    bool     // its front matter says published: false: readers get nothing
	Classes   []string // those that the author gave to elements, each once
	LayoutIDs []string // the ids of its layouts; one that ends with … is known up to there
	Addresses []string // those that lead to it, without slashes and .html around them
}

// An Unknown is something that nobody here can know about a page, and the kinds
// of names it could supply.
type Unknown struct {
	What  string
	At    Origin
	Kinds []Kind
}

// A Kind is a kind of name.
type Kind uint8

// The kinds of names.
const (
	Label Kind = iota
	Footnote
	Anchor
	Macro
	Post
	Asset
	Include
	LinkRef
	PageLink // the address of a page of the site
	Environment
	Citation     // the key of a BibTeX entry
	Bibliography // a BibTeX file that a page cites from
)

// String returns the word for a kind in messages.
func (k Kind) String() string {
	return [...]string{"label", "footnote", "anchor", "macro", "post", "file", "include", "link definition", "page", "environment", "citation", "bibliography"}[k]
}

// A Key says what is named, and whether it is defined or used. It holds no
// position: typing prose changes no index.
type Key struct {
	Kind Kind
	Text string
	Uses bool
}

// A Form says how a name is written at a place.
type Form uint8

// The written forms of names.
const (
	Prose       Form = iota // in Markdown
	InMath                  // in a formula
	Attribute               // in an HTML attribute or an IAL
	URL                     // in a link's address
	Parameter               // in a Liquid tag
	YAML                    // in front matter or configuration
	Derived                 // made from something else: a heading's id from its text
	WholeFile               // the file itself
	ImageSource             // in an image's address
)

// A Name is one place where a page defines or uses a name.
type Name struct {
	Key
	At             Origin // the name as written: what rename replaces, if exact
	Form           Form
	Spelled        bool   // At is all of the name but not to the letter: with backslashes, or percent-encoded
	Tail           int32  // of a link to a page: how many bytes at the end of At are its fragment
	Level          uint8  // of the heading whose anchor it is; 0 where it is none's
	Prefix, Suffix string // what a template or the engine adds around it: figure- + Figure1
	Whole          Origin // the construct around it: what hover and definition show
	Works          *Works // of a citation: where it is looked up; else nil
	Detail         string // a footnote's text, a heading's, a figure's caption: plain text for lists
}

// A Severity is how bad a problem is.
type Severity uint8

// The severities, worst first. Off is for settings.
const (
	Error Severity = iota + 1
	Warning
	Info
	Hint
	Off
)

// String returns the severity's name in settings and output.
func (s Severity) String() string {
	return [...]string{"", "error", "warning", "info", "hint", "off"}[s]
}

// A Problem is one diagnostic.
type Problem struct {
	Code     string // the rule's
	Severity Severity
	At       Origin
	Message  string
	Related  []Related
	Fixes    []Fix
	Unused   bool // shown faded where the editor can
	Misses   Key  // the name that its page lacks: where another page has it, the message says so; no Text for none
}

// A Related is another place that a problem speaks of.
type Related struct {
	At      Origin
	Message string
}

// A Fix is a set of edits that mends a problem.
type Fix struct {
	Title string
	Edits []FileEdit
	Ask   bool // its author has to choose it: it takes text away, or moves other numbers
}

// A FileEdit is an edit in one file.
type FileEdit struct {
	File Path
	text.Edit
}

// detached returns facts that do not hold on to the text of the page (a name is
// a part of it, and would keep all of it in memory), and only the names that
// others can ask for: what a page uses of its own is nobody else's.
func (f *Facts) detached() *Facts {
	out := *f
	out.Title, out.URL, out.Excerpt = strings.Clone(f.Title), strings.Clone(f.URL), strings.Clone(f.Excerpt)
	out.Classes = make([]string, len(f.Classes))
	for i, class := range f.Classes {
		out.Classes[i] = strings.Clone(class)
	}
	missed := map[Key]bool{} // what a problem speaks of is looked for on other pages
	for i := range f.Problems {
		if k := f.Problems[i].Misses; k.Text != "" {
			missed[k] = true
		}
	}
	count := 0
	for i := range f.Names {
		if f.Names[i].asked() || missed[f.Names[i].Key] {
			count++
		}
	}
	out.Names = make([]Name, 0, count)
	for _, n := range f.Names {
		if n.asked() || missed[n.Key] {
			n.Text, n.Prefix, n.Suffix, n.Detail = strings.Clone(n.Text), strings.Clone(n.Prefix), strings.Clone(n.Suffix), strings.Clone(n.Detail)
			out.Names = append(out.Names, n)
		}
	}
	return &out
}

// asked reports whether other pages can ask for the name.
func (n *Name) asked() bool {
	switch n.Kind {
	case Label, Anchor, Footnote:
		return !n.Uses
	case LinkRef:
		return false
	}
	return true
}

// origin returns where span of the text after Liquid comes from.
func (p *Page) origin(span text.Span) Origin {
	src, file, exact := p.Liquid.Pieces.Source(span)
	return Origin{p.path(file), src, exact}
}

func (p *Page) path(file int32) Path {
	if int(file) < len(p.Liquid.Files) {
		return Path(p.Liquid.Files[file])
	}
	return p.Source.Path
}

// FromTree returns where span of the kramdown tree's source comes from.
func (p *Page) FromTree(span text.Span) Origin {
	return p.origin(text.Span{Start: p.Tree.InputOffset(span.Start), End: p.Tree.InputOffset(span.End)})
}

// FromFlow returns where span of the page's text comes from.
func (p *Page) FromFlow(span text.Span) Origin {
	src, file, exact := p.flowPieces.Source(span)
	return Origin{p.path(file), src, exact}
}

// InMath returns where span of a formula's TeX comes from.
func (p *Page) InMath(f *tex.Formula, span text.Span) Origin {
	return p.FromFlow(f.InFlow(span))
}

// Renders reports whether Jekyll takes the page through Liquid: not where there
// is no site, nor where the front matter forbids it.
func (p *Page) Renders() bool { return p.liquid }

// Plugins reports whether the site has plugins, which may define tags.
func (p *Page) Plugins() bool { return p.plugins }

// FromLiquid returns where span of the text after Liquid comes from.
func (p *Page) FromLiquid(span text.Span) Origin { return p.origin(span) }

// Out returns the offset in the text after Liquid of an offset in the flow.
func (p *Page) Out(flow int) int {
	i := p.Flow.Pieces.At(flow)
	if i == len(p.Flow.Pieces) {
		return len(p.Liquid.Text)
	}
	piece := p.Flow.Pieces[i]
	at := piece.Src.Start
	if piece.Exact {
		at += flow - piece.Out.Start
	}
	return p.Tree.InputOffset(at)
}

// Own returns o where it lies in the page's own file; otherwise the place in
// the page's own file that brought it there: the include tag. An author is
// shown what to do in the post, not in a template that serves others too.
func (p *Page) Own(o Origin, out int) Origin {
	if o.File == p.Source.Path {
		return o
	}
	for i := range p.Liquid.Calls {
		if c := &p.Liquid.Calls[i]; c.Parent < 0 && c.Out.Start <= out && out < c.Out.End {
			return Origin{p.Source.Path, c.Tag, false}
		}
	}
	return o
}
