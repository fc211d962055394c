package liquid

import (
	"slices"
	"strconv"
	"strings"

	"time"
	"unicode/utf8"

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
	r := &renderer{env: env, filters: filterRules, files: append([]string{}, env.Files...), call: -1, root: map[string]Value{}}
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
	problems []Problem
	steps    int
	nest     int
	captures int
	stop     string // break or continue, on its way to its loop
	spent    bool
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

// count is increment and decrement: counters live apart from variables, and
// are seen where no variable of their name is.
func (r *renderer) count(n *node) {
	if r.counters == nil {
		r.counters = map[string]int{}
	}
	name := strings.TrimSpace(n.markup.s)
	if n.name == "decrement" {
		r.counters[name]--
	}
	r.print(Text{S: strconv.Itoa(r.counters[name])}, n.span)
	if n.name == "increment" {
		r.counters[name]++
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
		yes, known := r.condition(a.cond, n.span)
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

func (r *renderer) condition(c *condition, span text.Span) (yes, known bool) {
	if c == nil {
		return false, true
	}
	yes, known = r.compare(c, span)
	if c.next == nil || known && yes == (c.join == "or") {
		return yes, known // what follows is not looked at
	}
	more, moreKnown := r.condition(c.next, span)
	if c.join == "and" {
		if moreKnown && !more {
			return false, true
		}
		return yes && more, known && moreKnown
	}
	if moreKnown && more {
		return true, true
	}
	return yes || more, known && moreKnown
}

func (r *renderer) compare(c *condition, span text.Span) (yes, known bool) {
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
	case "<", ">", "<=", ">=":
	default:
		r.problem(span, "Unknown operator "+c.op)
		return false, false
	}
	if !ordered(left) || !ordered(right) {
		return false, true
	}
	n, ok := compareValues(left, right)
	if !ok {
		r.problem(span, "comparison of "+inspect(left)+" with "+inspect(right)+" failed")
		return false, false
	}
	switch c.op {
	case "<":
		return n < 0, true
	case ">":
		return n > 0, true
	case "<=":
		return n <= 0, true
	}
	return n >= 0, true
}

// ordered reports whether Ruby has an order for values like v at all; where
// it has none, a comparison is false and no error.
func ordered(v Value) bool {
	switch v.(type) {
	case int, float64, Text, Date, Ordered:
		return true
	}
	return false
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
	if right == nil || right == false {
		return false
	}
	switch l := left.(type) {
	case Text:
		return strings.Contains(l.S, str(right).S)
	case List:
		for _, item := range l {
			if equal(item, right) {
				return true
			}
		}
	case Range:
		i, ok := right.(int)
		return ok && i >= l.Lo && i <= l.Hi
	case Object:
		key, ok := right.(Text)
		if ok {
			_, ok = l.Get(key.S)
		}
		return ok
	}
	return false
}

// caseOf renders the arms of a case: every one whose value fits, once for each
// value that does, and an else while none has.
func (r *renderer) caseOf(n *node) {
	target := r.expr(n.value.value)
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
				at := len(r.holes)
				r.hole(n.span, "a condition of case", true)
				r.nodes(a.body)
				if r.captures == 0 {
					r.holes[at].Out.End = len(r.buf.b)
				}
				break
			}
			if same(&condition{left: n.value.value, right: e}, target, v) {
				done = true
				r.nodes(a.body)
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
	list, from, known := r.segment(n, v, list)
	if !known {
		return
	}
	if r.offsets == nil {
		r.offsets = map[string]int{}
	}
	if n.kind == tablerowNode {
		if v != nil && v != false {
			r.tablerow(n, list)
		}
		return
	}
	r.offsets[n.loop.key] = from + len(list)
	if n.loop.reversed {
		turned := make(List, len(list))
		for i, v := range list {
			turned[len(list)-1-i] = v
		}
		list = turned
	}
	if len(list) == 0 {
		if len(n.arms) > 1 {
			r.nodes(n.arms[1].body)
		}
		return
	}
	var parent Value
	if len(r.loops) > 0 {
		parent = r.loops[len(r.loops)-1]
	}
	scope := map[string]Value{}
	r.scopes = append(r.scopes, scope)
	r.loops = append(r.loops, nil)
	for i, item := range list {
		loop := loopValue(len(list), i).Set("name", Text{S: n.loop.key}).Set("parentloop", parent)
		r.loops[len(r.loops)-1] = loop
		scope["forloop"] = loop
		scope[n.loop.name] = item
		r.nodes(n.arms[0].body)
		stop := r.stop
		r.stop = ""
		if stop == "break" || r.spent {
			break
		}
	}
	r.loops = r.loops[:len(r.loops)-1]
	r.scopes = r.scopes[:len(r.scopes)-1]
}

func loopValue(length, i int) *Map {
	return NewMap().Set("length", length).Set("index", i+1).Set("index0", i).Set("rindex", length-i).
		Set("rindex0", length-i-1).Set("first", i == 0).Set("last", i == length-1)
}

// segment cuts a loop's list by its limit and offset. It returns false where
// one of them is unknown, or no number.
func (r *renderer) segment(n *node, v Value, list List) (cut List, from int, known bool) {
	number := func(e *expr) (int, bool) {
		v := r.expr(e)
		switch {
		case isUnknown(v):
			r.hole(n.span, "a part of a list", false)
			return 0, false
		case v == nil:
			return 0, true
		case n.kind == tablerowNode:
			return toInt(v), true
		}
		i, ok := integer(v)
		if !ok {
			r.fail(n.span, "invalid integer")
		}
		return i, ok
	}
	known = true
	if n.loop.resume {
		from = r.offsets[n.loop.key]
	} else if n.loop.offset != nil {
		if from, known = number(n.loop.offset); !known {
			return nil, 0, false
		}
	}
	to := len(list)
	if n.loop.limit != nil && (n.kind == tablerowNode || r.expr(n.loop.limit) != nil) {
		limit, ok := number(n.loop.limit)
		if !ok {
			return nil, 0, false
		}
		to = min(to, from+limit)
	}
	if _, isText := v.(Text); isText {
		return list, from, true // a string is one item, whatever is asked for
	}
	start := max(from, 0)
	if start >= to {
		return nil, from, true
	}
	return list[start:to], from, true
}

// tablerow prints a table's rows. A break within does not end it: Liquid
// leaves it to the next loop around.
func (r *renderer) tablerow(n *node, list List) {
	cols := 0
	if n.loop.cols != nil {
		cols = toInt(r.expr(n.loop.cols))
	}
	r.print(Text{S: "<tr class=\"row1\">\n"}, n.span)
	scope := map[string]Value{}
	r.scopes = append(r.scopes, scope)
	row, col := 1, 1
	for i, item := range list {
		scope["tablerowloop"] = loopValue(len(list), i).Set("col", col).Set("col0", col-1).Set("row", row).
			Set("col_first", col == 1).Set("col_last", col == cols)
		scope[n.loop.name] = item
		r.print(Text{S: "<td class=\"col" + strconv.Itoa(col) + "\">"}, n.span)
		r.nodes(n.arms[0].body)
		r.print(Text{S: "</td>"}, n.span)
		if r.spent {
			break
		}
		if col == cols {
			col = 1
			row++
			if i < len(list)-1 {
				r.print(Text{S: "</tr>\n<tr class=\"row" + strconv.Itoa(row) + "\">"}, n.span)
			}
		} else {
			col++
		}
	}
	r.scopes = r.scopes[:len(r.scopes)-1]
	r.print(Text{S: "</tr>\n"}, n.span)
}

// cycle prints the next of its values. Tags of one name, or of the same
// literal values, share a place in the row.
func (r *renderer) cycle(n *node) {
	if len(n.args) == 0 {
		return
	}
	key := "tag " + r.files[r.file] + ":" + strconv.Itoa(n.span.Start)
	if n.group != nil {
		v := r.expr(n.group)
		if isUnknown(v) {
			r.hole(n.span, "the name of a cycle", false)
			return
		}
		key = "name " + inspect(v)
	} else if !slices.ContainsFunc(n.args, func(e *expr) bool { return e.isVar || e.lo != nil }) {
		key = "values"
		for _, e := range n.args {
			key += " " + inspect(e.literal)
		}
	}
	if r.cycles == nil {
		r.cycles = map[string]int{}
	}
	i := r.cycles[key]
	if i < len(n.args) {
		v := r.expr(n.args[i])
		if !known(v) {
			r.hole(n.span, "a value of a cycle", false)
		} else {
			r.print(str(v), n.span)
		}
	}
	if i++; i >= len(n.args) {
		i = 0
	}
	r.cycles[key] = i
}

func (r *renderer) include(n *node) {
	inc := n.incl
	call := Call{Parent: r.call, File: r.file, Tag: n.span, Name: inc.name.s, NameSpan: inc.name.span()}
	call.Out = text.Span{Start: len(r.buf.b), End: len(r.buf.b)}
	if inc.dynamic {
		name, ok := r.inline(inc.name)
		if !ok {
			r.hole(n.span, "an include whose name is not known", false)
			return
		}
		call.Name = name
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
	if len(inc.params) > 0 || inc.dynamic {
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

// inline renders a name in a tag that holds objects of its own; false where it
// is not known.
func (r *renderer) inline(f fragment) (string, bool) {
	t := Parse(f.s, 0)
	holes, doc, was := len(r.holes), r.doc, r.buf
	r.buf, r.doc = &buffer{}, t.doc
	r.nodes(t.body)
	name := r.buf.text()
	r.buf, r.doc = was, doc
	ok := len(r.holes) == holes && len(t.Problems) == 0
	r.holes = r.holes[:holes]
	return name, ok
}

// highlight prints code as Jekyll does without a highlighter of its own: what
// stands there is code, and nothing in it is math or Markdown. The blank lines
// around it are the Markdown converter's highlighter_prefix and _suffix.
func (r *renderer) highlight(n *node) {
	prefix, suffix := str(r.lookup("highlighter_prefix")), str(r.lookup("highlighter_suffix"))
	t := r.capture(n.arms[0].body, n.span)
	lang, _, _ := strings.Cut(strings.TrimSpace(n.markup.s), " ")
	lang = strings.ToLower(lang)
	r.print(prefix, n.span)
	r.print(Text{S: `<figure class="highlight"><pre><code class="language-` + strings.ReplaceAll(lang, "+", "-") + `" data-lang="` + lang + `">`}, n.span)
	start, end := 0, len(t.S)
	for start < end && (t.S[start] == '\n' || t.S[start] == '\r') {
		start++
	}
	for end > start && (t.S[end-1] == '\n' || t.S[end-1] == '\r') {
		end--
	}
	r.print(trim(escapeHTML(t.slice(start, end)), true, true), n.span)
	r.print(Text{S: "</code></pre></figure>"}, n.span)
	r.print(suffix, n.span)
}

// link prints the URL of a document of the site.
func (r *renderer) link(n *node) {
	name := n.markup.trim()
	written := name.s
	if n.name == "link" && strings.Contains(name.s, "{{") {
		var ok bool
		if written, ok = r.inline(name); !ok {
			r.hole(n.span, "the tag "+n.name, false)
			return
		}
	}
	if r.env.Resolve == nil {
		r.hole(n.span, "the tag "+n.name, false)
		return
	}
	path, url, ok := r.env.Resolve(n.name, written)
	r.links = append(r.links, Link{Tag: n.name, Name: written, NameSpan: name.span(), Span: n.span, File: r.file, Path: path, Missing: !ok})
	if url == "" {
		r.hole(n.span, "the tag "+n.name, false)
		return
	}
	r.print(Text{S: r.env.relative(url)}, n.span)
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
	if n, ok := r.counters[name]; ok {
		return n
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
			return utf8.RuneCountInString(v.S)
		}
	case int:
		if command && name == "size" {
			return 8 // the bytes of one of Ruby's integers
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
