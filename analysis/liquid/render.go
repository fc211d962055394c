package liquid

import (
	"strconv"
	"strings"

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
	Calls    []Call // includes, in the order in which they begin
	Links    []Link // link and post_url tags of every file
	Holes    []Hole // what nobody here can know
	Problems []Problem
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

// A Hole is a place where the output is not known.
type Hole struct {
	Out   text.Span // empty, or what a block of unknown effect printed
	What  string    // "the tag cite", "the filter markdownify", "site.posts" …
	File  int32
	Span  text.Span
	Block bool // the text is there, but what surrounds it is not known
}

// Bounds of a rendering. Ruby's Liquid has none by default; a template that
// passes these would not finish there either, or only after minutes.
const (
	maxSteps  = 200_000
	maxOutput = 16 << 20
	maxNest   = 100 // Liquid's own: "Nesting too deep"
)

// Render prints t. It always ends.
func (t *Template) Render(env *Env) *Output {
	r := &renderer{env: env, files: append([]string{}, env.Files...), call: -1, root: map[string]Value{}}
	if len(r.files) == 0 {
		r.files = []string{""}
	}
	r.buf = &buffer{b: make([]byte, 0, len(t.doc)+len(t.doc)/8)}
	r.scopes = []map[string]Value{r.root}
	r.template(t, 0)
	out := &Output{Text: r.buf.text(), Pieces: r.buf.at, Files: r.files, Calls: r.calls, Links: r.links, Holes: r.holes, Problems: r.problems}
	return out
}

type renderer struct {
	env      *Env
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
	problems []Problem
	steps    int
	nest     int
	captures int
	stop     string // break or continue, on its way to its loop
	spent    bool
	counters map[string]int
	cycles   map[string]int
	offsets  map[string]int
	changed  string
}

type buffer struct {
	b  []byte
	at text.Pieces
}

func (b *buffer) text() string { return string(b.b) }

// spend counts a step; it returns false, with a problem once, when all are spent.
func (r *renderer) spend(span text.Span) bool {
	r.steps++
	if r.spent {
		return false
	}
	if r.steps > maxSteps || len(r.buf.b) > maxOutput {
		r.spent = true
		r.problem(span, "this template does not come to an end")
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
		if r.stop != "" || !r.spend(nodes[i].span) {
			return
		}
		r.node(&nodes[i])
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
			return
		}
		v := r.pipeline(n.value)
		if u, ok := v.(Unknown); ok {
			r.hole(n.span, u.What, false)
			return
		}
		r.print(str(v), n.span)
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
		if r.counters == nil {
			r.counters = map[string]int{}
		}
		name := strings.TrimSpace(n.markup.s)
		if n.name == "decrement" {
			r.counters[name]--
			r.print(Text{S: strconv.Itoa(r.counters[name])}, n.span)
		} else {
			r.print(Text{S: strconv.Itoa(r.counters[name])}, n.span)
			r.counters[name]++
		}
	case breakNode:
		r.stop = n.name
	case ifchangedNode:
		t := r.capture(n.arms[0].body, n.span)
		if t.S != r.changed {
			r.changed = t.S
			r.print(t, n.span)
		}
	case includeNode:
		r.include(n)
	case highlightNode:
		r.highlight(n)
	case linkNode:
		r.link(n)
	case unknownNode:
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
	case brokenNode:
		r.literal(n.span)
	}
}

// capture renders nodes aside.
func (r *renderer) capture(nodes []node, span text.Span) Text {
	was := r.buf
	r.buf = &buffer{}
	r.captures++
	r.nodes(nodes)
	r.captures--
	t := Text{r.buf.text(), r.buf.at}
	r.buf = was
	return r.settle(t, span)
}

// branch renders an if or unless. Where a condition is unknown every arm that
// may be the one is rendered: what stands there may be on the page.
func (r *renderer) branch(n *node) {
	for i := range n.arms {
		a := &n.arms[i]
		if a.cond == nil {
			r.nodes(a.body)
			return
		}
		yes, known := r.condition(a.cond)
		if !known {
			at := len(r.holes)
			r.hole(n.span, "a condition of "+n.name, true)
			r.nodes(a.body)
			if r.captures == 0 {
				r.holes[at].Out.End = len(r.buf.b)
			}
			continue
		}
		if yes != (n.name == "unless" && i == 0) {
			r.nodes(a.body)
			return
		}
	}
}

func (r *renderer) condition(c *condition) (yes, known bool) {
	if c == nil {
		return false, true
	}
	yes, known = r.compare(c)
	if c.next == nil {
		return yes, known
	}
	more, moreKnown := r.condition(c.next)
	if c.join == "and" {
		if known && !yes || moreKnown && !more {
			return false, true
		}
		return yes && more, known && moreKnown
	}
	if known && yes || moreKnown && more {
		return true, true
	}
	return yes || more, known && moreKnown
}

func (r *renderer) compare(c *condition) (yes, known bool) {
	left := r.expr(c.left)
	if c.op == "" {
		return truthy(left)
	}
	right := r.expr(c.right)
	if isUnknown(left) || isUnknown(right) {
		return false, false
	}
	switch c.op {
	case "==":
		return same(c, left, right), true
	case "!=", "<>":
		return !same(c, left, right), true
	case "contains":
		return contains(left, right), true
	}
	lt, ok := less(left, right)
	gt, _ := less(right, left)
	if !ok {
		return false, true
	}
	switch c.op {
	case "<":
		return lt, true
	case ">":
		return gt, true
	case "<=":
		return !gt, true
	case ">=":
		return !lt, true
	}
	return false, true
}

// same compares, with the words empty and blank as questions (Liquid::Condition,
// MethodLiteral); plain Ruby has no blank?, so a comparison with blank is never equal.
func same(c *condition, left, right Value) bool {
	method, v := "", left
	if c.right != nil && c.right.method != "" {
		method = c.right.method
	} else if c.left.method != "" {
		method, v = c.left.method, right
	}
	switch method {
	case "empty":
		switch v := v.(type) {
		case Text:
			return v.S == ""
		case List:
			return len(v) == 0
		case Object:
			return len(v.Keys()) == 0
		}
		return false
	case "blank":
		return false
	}
	return equal(left, right)
}

func contains(left, right Value) bool {
	switch l := left.(type) {
	case Text:
		return right != nil && strings.Contains(l.S, str(right).S)
	case List:
		for _, item := range l {
			if equal(item, right) {
				return true
			}
		}
	case Object:
		_, ok := l.Get(str(right).S)
		return ok
	}
	return false
}

func (r *renderer) caseOf(n *node) {
	target := r.expr(parseExpr(n.markup))
	done := false
	for i := range n.arms {
		a := &n.arms[i]
		if a.values == nil {
			if !done {
				r.nodes(a.body)
			}
			continue
		}
		for _, e := range a.values {
			v := r.expr(e)
			if isUnknown(v) || isUnknown(target) {
				r.hole(n.span, "a condition of case", true)
				r.nodes(a.body)
				break
			}
			if equal(target, v) {
				done = true
				r.nodes(a.body)
				break
			}
		}
	}
}

func (r *renderer) loop(n *node) {
	if n.loop.in == nil {
		return
	}
	v := r.expr(n.loop.in)
	list, known := items(v)
	if u, ok := v.(Unknown); ok || !known {
		at := len(r.holes)
		r.hole(n.span, u.What, true)
		r.scopes = append(r.scopes, map[string]Value{n.loop.name: Unknown{u.What}, "forloop": Unknown{"forloop"}})
		r.nodes(n.arms[0].body)
		r.scopes = r.scopes[:len(r.scopes)-1]
		r.stop = ""
		if at < len(r.holes) && r.captures == 0 {
			r.holes[at].Out.End = len(r.buf.b)
		}
		return
	}
	from := 0
	if n.loop.resume {
		from = r.offsets[n.loop.key]
	} else if n.loop.offset != nil {
		from = toInt(r.expr(n.loop.offset))
	}
	from = min(max(from, 0), len(list))
	list = list[from:]
	if n.loop.limit != nil {
		list = list[:min(max(toInt(r.expr(n.loop.limit)), 0), len(list))]
	}
	if r.offsets == nil {
		r.offsets = map[string]int{}
	}
	r.offsets[n.loop.key] = from + len(list)
	if n.loop.reversed {
		turned := make(List, len(list))
		for i, v := range list {
			turned[len(list)-1-i] = v
		}
		list = turned
	}
	if len(list) == 0 && n.kind == forNode {
		if len(n.arms) > 1 {
			r.nodes(n.arms[1].body)
		}
		return
	}
	if n.kind == tablerowNode {
		r.print(Text{S: "<tr class=\"row1\">\n"}, n.span)
	}
	parent, _ := r.lookup("forloop").(Object)
	scope := map[string]Value{}
	r.scopes = append(r.scopes, scope)
	for i, item := range list {
		loop := NewMap().Set("length", len(list)).Set("index", i+1).Set("index0", i).Set("rindex", len(list)-i).
			Set("rindex0", len(list)-i-1).Set("first", i == 0).Set("last", i == len(list)-1).Set("name", Text{S: n.loop.key})
		if parent != nil {
			loop.Set("parentloop", parent)
		}
		scope[n.loop.name] = item
		scope["forloop"] = loop
		if n.kind == tablerowNode {
			r.print(Text{S: "<td class=\"col" + strconv.Itoa(i+1) + "\">"}, n.span)
		}
		r.nodes(n.arms[0].body)
		if n.kind == tablerowNode {
			r.print(Text{S: "</td>"}, n.span)
		}
		stop := r.stop
		r.stop = ""
		if stop == "break" || r.spent {
			break
		}
	}
	r.scopes = r.scopes[:len(r.scopes)-1]
	if n.kind == tablerowNode {
		r.print(Text{S: "</tr>\n"}, n.span)
	}
}

func (r *renderer) cycle(n *node) {
	if len(n.args) == 0 {
		return
	}
	key := n.name
	if key == "cycle" {
		key = n.markup.s
	}
	if r.cycles == nil {
		r.cycles = map[string]int{}
	}
	i := r.cycles[key] % len(n.args)
	r.cycles[key]++
	r.print(str(r.expr(n.args[i])), n.span)
}

func (r *renderer) include(n *node) {
	inc := n.incl
	call := Call{Parent: r.call, File: r.file, Tag: n.span, Name: inc.name.s, NameSpan: inc.name.span()}
	call.Out = text.Span{Start: len(r.buf.b), End: len(r.buf.b)}
	if inc.dynamic {
		t := Parse(inc.name.s, 0)
		holes, file, doc := len(r.holes), r.file, r.doc
		was := r.buf
		r.buf = &buffer{}
		r.doc = t.doc
		r.nodes(t.body)
		call.Name = r.buf.text()
		r.buf, r.file, r.doc = was, file, doc
		if len(r.holes) > holes {
			r.holes = r.holes[:holes]
			r.hole(n.span, "an include whose name is not known", false)
			return
		}
	}
	params := NewMap()
	for _, p := range inc.params {
		var v Value
		if p.value != nil {
			v = r.expr(p.value)
		} else {
			v = p.text
		}
		if t, ok := v.(Text); ok {
			v = r.settle(t, p.span)
		}
		params.Set(p.name.s, v)
		call.Params = append(call.Params, Param{p.name.s, p.name.span(), str(v).S, p.span})
	}
	if inc.problem != "" || nameProblem(call.Name) != "" {
		problem := inc.problem
		if problem == "" {
			problem = nameProblem(call.Name)
		}
		r.problem(n.span, problem)
		r.calls = append(r.calls, call)
		r.hole(n.span, "an include that Jekyll refuses", false)
		return
	}
	t, path, ok := r.env.Include(call.Name, inc.relative)
	call.Path, call.Missing = path, !ok
	at := len(r.calls)
	r.calls = append(r.calls, call)
	if !ok || t == nil {
		r.hole(n.span, "the include "+call.Name, false)
		return
	}
	r.nest++
	if r.nest > maxNest {
		r.problem(n.span, "Nesting too deep")
		r.nest--
		return
	}
	scope := map[string]Value{}
	if len(inc.params) > 0 {
		scope["include"] = params
	}
	r.scopes = append(r.scopes, scope)
	parent := r.call
	r.call = at
	r.template(t, r.fileOf(path))
	r.call = parent
	r.scopes = r.scopes[:len(r.scopes)-1]
	r.nest--
	if r.captures == 0 {
		r.calls[at].Out.End = len(r.buf.b)
	}
}

func (r *renderer) fileOf(path string) int32 {
	for i, f := range r.files {
		if f == path {
			return int32(i)
		}
	}
	r.files = append(r.files, path)
	return int32(len(r.files) - 1)
}

// highlight prints code as Jekyll does without a highlighter of its own: what
// stands there is code, and nothing in it is math or Markdown.
func (r *renderer) highlight(n *node) {
	t := r.capture(n.arms[0].body, n.span)
	start, end := 0, len(t.S)
	for start < end && (t.S[start] == '\n' || t.S[start] == '\r') {
		start++
	}
	for end > start && (t.S[end-1] == '\n' || t.S[end-1] == '\r') {
		end--
	}
	lang, _, _ := strings.Cut(strings.TrimSpace(n.markup.s), " ")
	lang = strings.ToLower(lang)
	r.print(Text{S: `<figure class="highlight"><pre><code class="language-` + lang + `" data-lang="` + lang + `">`}, n.span)
	r.print(escapeHTML(t.slice(start, end)), n.span)
	r.print(Text{S: "</code></pre></figure>"}, n.span)
}

func (r *renderer) link(n *node) {
	name := n.markup.trim()
	if strings.Contains(name.s, "{{") || r.env.Resolve == nil {
		r.hole(n.span, "the tag "+n.name, false)
		return
	}
	path, url, ok := r.env.Resolve(n.name, name.s)
	r.links = append(r.links, Link{Tag: n.name, Name: name.s, NameSpan: name.span(), Span: n.span, File: r.file, Path: path, Missing: !ok})
	if url == "" {
		r.hole(n.span, "the tag "+n.name, false)
		return
	}
	r.print(Text{S: url}, n.span)
}

func (r *renderer) pipeline(p pipeline) Value {
	if p.value == nil {
		return nil
	}
	v := r.expr(p.value)
	for _, f := range p.filters {
		v = r.filter(f, v)
	}
	return v
}

// lookup finds a variable: the innermost scope first, then the world's.
func (r *renderer) lookup(name string) Value {
	for i := len(r.scopes) - 1; i >= 0; i-- {
		if v, ok := r.scopes[i][name]; ok {
			return v
		}
	}
	return r.env.Globals[name]
}

func (r *renderer) expr(e *expr) Value {
	switch {
	case e == nil:
		return nil
	case e.lo != nil:
		lo, hi := r.expr(e.lo), r.expr(e.hi)
		if isUnknown(lo) || isUnknown(hi) {
			return Unknown{"a range"}
		}
		return Range{toInt(lo), toInt(hi)}
	case !e.isVar:
		return e.literal
	}
	name := e.name
	if e.nameOf != nil {
		name = str(r.expr(e.nameOf)).S
	}
	v := r.lookup(name)
	for _, l := range e.lookups {
		var key Value = Text{S: l.name}
		if l.index != nil {
			key = r.expr(l.index)
		}
		if isUnknown(key) {
			return key
		}
		v = get(v, key, l.command)
		if v == nil {
			return nil
		}
	}
	return v
}

// get looks a key up in a value (Liquid::VariableLookup#evaluate).
func get(v, key Value, command bool) Value {
	name := ""
	if t, ok := key.(Text); ok {
		name = t.S
	}
	switch v := v.(type) {
	case Unknown:
		return v
	case List:
		if i, ok := key.(int); ok {
			if i < 0 {
				i += len(v)
			}
			if i >= 0 && i < len(v) {
				return v[i]
			}
			return nil
		}
		if !command || name == "" {
			return nil
		}
		switch {
		case name == "size":
			return len(v)
		case len(v) == 0:
			return nil
		case name == "first":
			return v[0]
		}
		return v[len(v)-1]
	case Object:
		if i, ok := key.(int); ok {
			name = strconv.Itoa(i)
		}
		if got, ok := v.Get(name); ok {
			return got
		}
		if command && name == "size" {
			return len(v.Keys())
		}
		if command && name == "first" && len(v.Keys()) > 0 {
			first, _ := v.Get(v.Keys()[0])
			return List{Text{S: v.Keys()[0]}, first}
		}
	case Text:
		if command && name == "size" {
			return len([]rune(v.S))
		}
	case Range:
		switch name {
		case "size":
			return max(v.Hi-v.Lo+1, 0)
		case "first":
			return v.Lo
		case "last":
			return v.Hi
		}
	}
	return nil
}
