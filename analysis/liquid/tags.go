package liquid

import (
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/text"
)

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
	r.weigh(t, 1)
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
	if over, ok := v.(Range); ok && over.Hi/2-over.Lo/2 > maxSteps {
		r.endless = true
	}
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
