package liquid

import (
	"time"

	"scholium/analysis/text"
)

// An Env is what a rendering may ask about the world.
type Env struct {
	// Files are the paths that the pieces of Globals count in. The first is the
	// file that is rendered.
	Files []string

	// Globals are site, page, layout, content … A name that is absent is nil to
	// the template, as in Liquid.
	Globals map[string]Value

	// Include returns the template that a file's name in an include tag stands
	// for, and its path. It returns false where there is no such file, and an
	// Unknown template (nil, true) where that cannot be known.
	Include func(name string, relative bool) (t *Template, path string, ok bool)

	// Resolve returns the document that {% link x %} or {% post_url x %} names,
	// or false where there is none. The URL is empty where it is not known. May
	// be nil: then nothing is known.
	Resolve func(tag, name string) (path, url string, ok bool)

	// Markdownify is the filter of that name. It keeps the places of what it
	// prints. Nil: not known.
	Markdownify func(Text) Text

	// Zone is the site's time zone; nil is UTC.
	Zone *time.Location

	// Filters reports whether plugins may define filters and tags of their own.
	Plugins bool

	// BaseURL and URL are the site's, for relative_url and absolute_url.
	BaseURL, URL string
}

// Output is what a template prints.
type Output struct {
	Text     string
	Pieces   text.Pieces // File counts in Files
	Files    []string
	Calls    []Call  // includes, in the order in which they begin
	Links    []Link  // link and post_url tags of every file
	Holes    []Hole  // what nobody here can know
	Tags     []Tag   // of plugins, in the order in which they print
	Blanks   []Blank // objects of the rendered file itself that print nothing
	Problems []Problem
}

// A Blank is an object {{ … }} of the rendered file that is nil or empty.
type Blank struct {
	Out  int       // where it would have printed
	Span text.Span // in the file
}

// A Call is one include in a rendering.
type Call struct {
	Out      text.Span // what it printed
	Parent   int       // the call it stands in; -1 in the rendered file itself
	File     int32     // where the tag stands
	Tag      text.Span // the whole tag
	Name     string    // the file's name as written, objects filled in
	NameSpan text.Span // in File
	Path     string    // the included file; empty where it does not exist
	Missing  bool      // no such file
	Params   []Param
}

// A Param is a parameter of an include.
type Param struct {
	Name      string
	NameSpan  text.Span
	Value     string
	ValueSpan text.Span
}

// A Link is a link or post_url tag.
type Link struct {
	Tag      string
	Name     string
	NameSpan text.Span
	Span     text.Span
	File     int32
	Path     string // the document's; empty where it does not exist
	Missing  bool
}

// A Tag is one that only a plugin knows.
type Tag struct {
	Name string
	Span text.Span // the whole tag
	File int32     // where it stands
	Out  int       // where it prints
	Args []Arg
}

// An Arg is one of the words behind a tag's name. Many plugins take a word for
// itself where no variable has that name.
type Arg struct {
	Span  text.Span
	Text  string // the text of the variable of that name, where there is one; else the word
	Known bool   // false: there is such a variable, and its text is not known
}

// A Hole is a place where the output is not known.
type Hole struct {
	Out   text.Span // empty, or what a block of unknown effect printed
	What  string    // "the tag cite", "the filter markdownify", "site.posts" …
	File  int32
	Span  text.Span
	Block bool // the text is there, but what surrounds it is not known
}

// Bounds of a rendering. Ruby's Liquid has none by default. A template that
// passes these may still come to an end there, after seconds or minutes: what
// it prints is not known here.
const (
	maxSteps  = 200_000
	maxOutput = 1 << 20 // bytes more than the template has; a tree of them takes a hundred times as much
	maxNest   = 100     // Liquid's own: "Nesting too deep"
)

// Render prints t. It always ends.
func (t *Template) Render(env *Env) *Output {
	r := &renderer{env: env, filters: filterRules, files: append([]string{}, env.Files...), call: -1, root: map[string]Value{}}
	if len(r.files) == 0 {
		r.files = []string{""}
	}
	r.buf = &buffer{b: make([]byte, 0, len(t.doc)+len(t.doc)/8)}
	r.most = maxOutput + len(t.doc)
	r.scopes = []map[string]Value{r.root}
	r.template(t, 0)
	out := &Output{Text: r.buf.text(), Pieces: r.buf.at, Files: r.files, Calls: r.calls, Links: r.links, Holes: r.holes, Tags: r.tags, Blanks: r.blanks, Problems: r.problems}
	return out
}

type renderer struct {
	env      *Env
	filters  func(name string) (filterRule, bool) // filterRules, which would else refer to itself
	buf      *buffer
	files    []string
	file     int32 // the file whose nodes are being rendered
	doc      string
	root     map[string]Value
	scopes   []map[string]Value // the innermost last
	call     int
	calls    []Call
	links    []Link
	holes    []Hole
	tags     []Tag
	args     int // words of tags
	blanks   []Blank
	problems []Problem
	steps    int
	nest     int
	captures int
	stop     string // break or continue, on its way to its loop
	most     int    // bytes of output
	spent    bool
	endless  bool // a loop over a range that nobody can wait for has begun
	counters map[string]int
	cycles   map[string]int
	offsets  map[string]int
	loops    []*Map // the for loops that are running, the innermost last
	changed  Value  // what the last ifchanged printed; nil before
}

type buffer struct {
	b  []byte
	at text.Pieces
}

func (b *buffer) text() string { return string(b.b) }

// weigh counts a value that was made, or is about to be worked on, as steps: a
// text by its bytes and pieces, a list with so many items a step. Without that
// each step could make a value twice as large as the step before.
func (r *renderer) weigh(v Value, items int) {
	switch v := v.(type) {
	case Text:
		r.steps += len(v.S)/256 + len(v.At)/16
	case List:
		r.steps += len(v) / items
	}
}

// spend counts a step; it returns false when all are spent. That is a problem
// where a loop goes over more numbers than anybody can wait for.
func (r *renderer) spend(span text.Span) bool {
	r.steps++
	if r.spent {
		return false
	}
	if r.steps > maxSteps || len(r.buf.b) > r.most {
		r.spent = true
		if r.endless {
			r.problem(span, "this template does not come to an end")
		}
		r.hole(span, "a template that does not end", false)
		return false
	}
	return true
}

func (r *renderer) problem(span text.Span, message string) {
	r.problems = append(r.problems, Problem{message, r.files[r.file], span})
}

func (r *renderer) hole(span text.Span, what string, block bool) *Hole {
	at := len(r.buf.b)
	if r.captures > 0 {
		at = 0 // it is printed later, if at all: unknown from the start
	}
	r.holes = append(r.holes, Hole{Out: text.Span{Start: at, End: at}, What: what, File: r.file, Span: span, Block: block})
	return &r.holes[len(r.holes)-1]
}

// blank notes an object that prints nothing.
func (r *renderer) blank(span text.Span) {
	if r.file == 0 && r.captures == 0 {
		r.blanks = append(r.blanks, Blank{len(r.buf.b), span})
	}
}

// literal prints bytes of the current file.
func (r *renderer) literal(span text.Span) {
	if span.Empty() {
		return
	}
	r.buf.b = append(r.buf.b, r.doc[span.Start:span.End]...)
	r.buf.at = r.buf.at.Append(span.Len(), span, r.file, true)
}

// print prints a value where the tag in span stands.
func (r *renderer) print(t Text, span text.Span) {
	r.buf.b = append(r.buf.b, t.S...)
	for _, p := range r.settle(t, span).At {
		r.buf.at = r.buf.at.Append(p.Out.Len(), p.Src, p.File, p.Exact)
	}
}

// settle gives every piece of t a place: the current file for those of its own
// text, the tag in span for those that have none.
func (r *renderer) settle(t Text, span text.Span) Text {
	if len(t.At) == 0 {
		if t.S == "" {
			return t
		}
		t.At = text.Pieces{{Out: text.Span{Start: 0, End: len(t.S)}, Src: span, File: r.file}}
		return t
	}
	settled := true
	for i := range t.At {
		settled = settled && t.At[i].File >= 0
	}
	if settled {
		return t
	}
	at := append(text.Pieces{}, t.At...)
	for i := range at {
		switch at[i].File {
		case here:
			at[i].File = r.file
		case nowhere:
			at[i].File, at[i].Src = r.file, span
		}
	}
	return Text{t.S, at}
}

func (r *renderer) template(t *Template, file int32) {
	doc, was := r.doc, r.file
	r.doc, r.file = t.doc, file
	for _, p := range t.Problems {
		r.problem(p.Span, p.Message)
	}
	r.nodes(t.body)
	r.doc, r.file = doc, was
}

func (r *renderer) nodes(nodes []node) {
	for i := range nodes {
		if !r.spend(nodes[i].span) {
			return
		}
		r.node(&nodes[i])
		// A break that waits for its loop stops behind the first tag, not in front of it.
		if r.stop != "" && nodes[i].kind != textNode {
			return
		}
	}
}

func (r *renderer) node(n *node) {
	switch n.kind {
	case textNode:
		r.literal(n.span)
	case rawNode:
		r.literal(n.inner)
	case objectNode:
		if n.value.value == nil {
			r.blank(n.span)
			return
		}
		v := r.pipeline(n.value)
		if u, ok := v.(Unknown); ok {
			r.hole(n.span, u.What, false)
			return
		}
		if !known(v) {
			r.hole(n.span, "what an object prints", false)
			return
		}
		t := str(v)
		if t.S == "" {
			r.blank(n.span)
		}
		r.print(t, n.span)
	case assignNode:
		if n.value.value == nil {
			r.root[n.name] = nil
			return
		}
		v := r.pipeline(n.value)
		if t, ok := v.(Text); ok {
			v = r.settle(t, n.span)
		}
		r.root[n.name] = v
	case captureNode:
		r.root[n.name] = r.capture(n.arms[0].body, n.span)
	case commentNode:
	case ifNode:
		r.branch(n)
	case caseNode:
		r.caseOf(n)
	case forNode, tablerowNode:
		r.loop(n)
	case cycleNode:
		r.cycle(n)
	case incrementNode:
		r.count(n)
	case breakNode:
		r.stop = n.name
	case ifchangedNode:
		t := r.capture(n.arms[0].body, n.span)
		if was, ok := r.changed.(Text); !ok || was.S != t.S {
			r.changed = t
			r.print(t, n.span)
		}
	case includeNode:
		r.include(n)
	case highlightNode:
		r.highlight(n)
	case linkNode:
		r.link(n)
	case unknownNode:
		r.tag(n)
		if n.block {
			i := len(r.holes)
			r.hole(n.span, "the tag "+n.name, true)
			r.nodes(n.arms[0].body)
			if i < len(r.holes) && r.captures == 0 {
				r.holes[i].Out.End = len(r.buf.b)
			}
			return
		}
		r.hole(n.span, "the tag "+n.name, false)
	case renderNode:
		// Jekyll gives Liquid no file system, so that the tag always fails.
		r.problem(n.span, "This liquid context does not allow includes.")
		r.hole(n.span, "the tag render", false)
	case brokenNode:
		r.literal(n.span)
	}
}

// tag notes a plugin's tag with the words behind its name.
func (r *renderer) tag(n *node) {
	if r.args > maxArgs {
		return
	}
	t := Tag{Name: n.name, Span: n.span, File: r.file, Out: len(r.buf.b)}
	m := n.markup
	for at := skipSpace(m.s, 0, len(m.s)); at < len(m.s) && r.args <= maxArgs; {
		end := at
		for end < len(m.s) && !isSpace(m.s[end]) {
			end++
		}
		t.Args = append(t.Args, r.arg(m.sub(at, end)))
		r.args++
		at = skipSpace(m.s, end, len(m.s))
	}
	r.args++
	r.tags = append(r.tags, t)
}

// maxArgs bounds the words of plugins' tags that a rendering notes.
const maxArgs = 50_000

func (r *renderer) arg(word fragment) Arg {
	arg := Arg{Span: word.span(), Text: word.s, Known: true}
	switch v := r.expr(parseExpr(word)).(type) {
	case nil:
	case bool: // false stands for nothing either
		arg.Known = !v
	case Text:
		arg.Text = v.S
	default:
		arg.Known = false
	}
	return arg
}
