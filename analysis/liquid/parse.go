package liquid

import (
	"strings"

	"scholium/analysis/text"
)

// A Template is a parsed file. It never changes.
type Template struct {
	Problems []Problem   // what Liquid refuses; the file then has no page at all
	Includes []text.Span // the names in include tags, where they are written out
	Comments []Comment   // in the order of the file

	doc   string
	body  []node
	plain bool // no tag and no object: prints itself
}

// A Problem is something that Liquid refuses or prints an error for.
type Problem struct {
	Message string
	File    string // the path it was rendered as; empty from Parse
	Span    text.Span
}

// A Comment is a comment block, which prints nothing.
type Comment struct {
	Span  text.Span // with its tags
	Inner text.Span // what stands between them
}

type nodeKind uint8

const (
	textNode nodeKind = iota
	objectNode
	rawNode
	assignNode
	captureNode
	commentNode
	ifNode // if, unless
	caseNode
	forNode
	tablerowNode
	cycleNode
	ifchangedNode
	incrementNode
	breakNode
	includeNode
	highlightNode
	linkNode // link, post_url
	renderNode
	unknownNode
	brokenNode
)

// A node is a piece of a template that prints something.
type node struct {
	kind   nodeKind
	name   string
	span   text.Span // the text, or the opening tag
	inner  text.Span // raw: what is printed
	markup fragment
	value  pipeline
	arms   []arm // if, case, for: the ways it can go; capture, highlight: one
	loop   loop
	args   []*expr
	group  *expr // the name of a cycle
	incl   *include
	block  bool // an unknown tag with a partner
	blank  bool // prints only blanks, whatever happens
}

type arm struct {
	cond   *condition // nil: else
	values []*expr    // of a when
	body   []node
}

type loop struct {
	name, key     string
	in            *expr
	reversed      bool
	limit, offset *expr
	cols          *expr // of a tablerow
	resume        bool  // offset:continue
}

// Parse reads doc from offset on. It never fails: what Liquid refuses is a
// Problem, and prints itself.
func Parse(doc string, from int) *Template {
	p := &parser{doc: doc, tokens: tokenize(doc, from)}
	t := &Template{doc: doc}
	for p.at < len(p.tokens) {
		body, stop := p.body()
		t.body = append(t.body, body...)
		if stop != nil {
			p.problem(stop.span, "Unknown tag '"+stop.name+"'")
			t.body = append(t.body, node{kind: brokenNode, name: stop.name, span: stop.span})
		}
	}
	t.Problems = p.problems
	t.Includes = p.includes
	t.Comments = p.comments
	t.plain = len(t.body) == 0 || len(t.body) == 1 && t.body[0].kind == textNode
	return t
}

type parser struct {
	doc      string
	tokens   []token
	at       int
	depth    int
	problems []Problem
	includes []text.Span
	comments []Comment
	ends     map[string][]int // for tags that nobody knows: where their end tags stand
}

// Blocks may nest this deep; Liquid itself gives up at 100 ("Nesting too deep").
const maxDepth = 100

func (p *parser) problem(span text.Span, message string) {
	p.problems = append(p.problems, Problem{Message: message, Span: span})
}

func (p *parser) markup(t *token) fragment { return fragment{t.markup.Of(p.doc), t.markup.Start} }

// body reads nodes up to a tag that is none of its own: an end, an else. That
// tag is consumed and returned; nil at the end of the file.
func (p *parser) body() ([]node, *token) {
	var out []node
	trim := p.at > 0 && p.tokens[p.at-1].trimR
	for p.at < len(p.tokens) {
		t := &p.tokens[p.at]
		p.at++
		if t.kind != textToken && t.trimL && len(out) > 0 && out[len(out)-1].kind == textNode {
			last := &out[len(out)-1]
			for last.span.End > last.span.Start && isTrimmed(p.doc[last.span.End-1]) {
				last.span.End--
			}
		}
		switch t.kind {
		case textToken:
			span := t.span
			if trim {
				for span.Start < span.End && isTrimmed(p.doc[span.Start]) {
					span.Start++
				}
			}
			out = append(out, node{kind: textNode, span: span, blank: isBlank(span.Of(p.doc))})
		case objectToken:
			out = append(out, node{kind: objectNode, span: t.span, value: parsePipeline(p.markup(t))})
		case brokenToken:
			what := "Tag"
			if strings.HasPrefix(p.doc[t.span.Start:], "{{") {
				what = "Variable"
			}
			p.problem(t.span, what+" '"+t.span.Of(p.doc)+"' was not properly terminated")
			out = append(out, node{kind: brokenNode, span: t.span})
		case tagToken:
			n, ok := p.tag(t)
			if !ok {
				return out, t
			}
			out = append(out, n)
			end := &p.tokens[p.at-1] // a block ends with another tag, which may trim
			if n.kind != rawNode {   // Liquid does not look at endraw: {% raw -%} trims what stands behind it
				t = end
			}
		}
		trim = t.trimR
	}
	return out, nil
}

func isBlank(s string) bool { return strings.Trim(s, " \t\n\v\f\r") == "" }

func allBlank(nodes []node) bool {
	for i := range nodes {
		if !nodes[i].blank {
			return false
		}
	}
	return true
}

// withoutText drops the blanks of a block that prints nothing else, as
// Liquid's remove_blank_strings does.
func withoutText(nodes []node) []node {
	var out []node
	for _, n := range nodes {
		if n.kind != textNode {
			out = append(out, n)
		}
	}
	return out
}

// tag reads the tag t and its block. It returns false for what only a block
// around it can know.
func (p *parser) tag(t *token) (node, bool) {
	n := node{name: t.name, span: t.span, markup: p.markup(t)}
	switch t.name {
	case "assign":
		n.kind, n.blank = assignNode, true
		name, value, ok := assignment(n.markup)
		if n.name = name.s; !ok {
			p.problem(t.span, "assign needs a name, '=' and a value")
			return n, true
		}
		n.value = parsePipeline(value)
	case "echo":
		n.kind, n.value = objectNode, parsePipeline(n.markup)
	case "increment", "decrement":
		n.kind = incrementNode
	case "break", "continue":
		n.kind = breakNode
	case "cycle":
		n.kind = cycleNode
		p.cycle(&n)
	case "raw":
		n.kind = rawNode
		if !isBlank(n.markup.s) {
			p.problem(t.span, "raw takes nothing")
		}
		p.raw(&n)
	case "comment":
		n.kind, n.blank = commentNode, true
		p.skip(&n)
	case "#":
		n.kind, n.blank = commentNode, true
		for _, line := range strings.Split(n.markup.s, "\n")[1:] {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				p.problem(t.span, "each line of an inline comment begins with '#'")
			}
		}
	case "render":
		n.kind = renderNode
	case "capture":
		n.kind, n.blank = captureNode, true
		n.name = signature(n.markup.s)
		if n.name == "" {
			p.problem(t.span, "capture needs a name")
		}
		n.arms = []arm{{body: p.block(&n, "endcapture")}}
	case "if", "unless":
		n.kind = ifNode
		p.branches(&n, p.condition(t), "elsif")
	case "case":
		n.kind = caseNode
		if a, b, ok := n.markup.quoted(0); ok {
			n.value.value = parseExpr(n.markup.sub(a, b))
		} else {
			p.problem(t.span, "case needs a value")
			n.value.value = &expr{}
		}
		p.branches(&n, nil, "when")
	case "for", "tablerow":
		n.kind = forNode
		if t.name == "tablerow" {
			n.kind = tablerowNode
		}
		n.loop = p.loop(&n)
		p.branches(&n, nil, "")
	case "ifchanged":
		n.kind = ifchangedNode
		n.arms = []arm{{body: p.block(&n, "endifchanged")}}
		n.blank = allBlank(n.arms[0].body)
	case "highlight":
		n.kind = highlightNode
		if !isHighlight(n.markup.s) {
			p.problem(t.span, "the tag highlight takes a language, and options behind it")
		}
		n.arms = []arm{{body: p.block(&n, "endhighlight")}}
		n.blank = allBlank(n.arms[0].body)
	case "include", "include_relative":
		n.kind, n.incl = includeNode, p.include(&n)
	case "include_cached":
		n.kind, n.incl = includeNode, p.include(&n)
	case "link", "post_url":
		n.kind = linkNode
	case "else", "elsif", "when":
		return n, false
	default:
		if strings.HasPrefix(t.name, "end") {
			return n, false
		}
		n.kind = unknownNode
		if p.hasEnd("end" + t.name) {
			n.block = true
			n.arms = []arm{{body: p.block(&n, "end"+t.name)}}
		}
	}
	return n, true
}

// condition reads the condition of an if, unless or elsif.
func (p *parser) condition(t *token) *condition {
	c := parseCondition(p.markup(t))
	if c == nil {
		p.problem(t.span, t.name+" needs a condition")
		c = &condition{left: &expr{}}
	}
	return c
}

// hasEnd reports whether a tag of that name stands further on.
func (p *parser) hasEnd(name string) bool {
	if p.ends == nil {
		p.ends = map[string][]int{}
		for i := range p.tokens {
			if p.tokens[i].kind == tagToken && strings.HasPrefix(p.tokens[i].name, "end") {
				p.ends[p.tokens[i].name] = append(p.ends[p.tokens[i].name], i)
			}
		}
	}
	at := p.ends[name]
	return len(at) > 0 && at[len(at)-1] >= p.at
}

// block reads a body up to its end tag.
func (p *parser) block(n *node, end string) []node {
	body, _ := p.until(n, end)
	return body
}

// until reads a body up to one of the named tags. Tags that belong nowhere are problems.
func (p *parser) until(n *node, names ...string) ([]node, *token) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.problem(n.span, "Nesting too deep")
		p.at = len(p.tokens)
		return nil, nil
	}
	var out []node
	for {
		body, stop := p.body()
		out = append(out, body...)
		if stop == nil {
			p.problem(n.span, "'"+n.name+"' tag was never closed")
			return out, nil
		}
		for _, name := range names {
			if stop.name == name {
				return out, stop
			}
		}
		if n.kind == unknownNode && !strings.HasPrefix(stop.name, "end") {
			continue // the plugin's own
		}
		if stop.name == "elsif" || stop.name == "when" || stop.name == "else" {
			p.problem(stop.span, "'"+stop.name+"' does not belong in '"+n.name+"'")
		} else {
			p.problem(stop.span, "'"+stop.name+"' is not a valid delimiter for "+n.name+" tags. use "+names[0])
		}
		out = append(out, node{kind: brokenNode, name: stop.name, span: stop.span})
	}
}

// branches reads the arms of an if, case or for.
func (p *parser) branches(n *node, first *condition, more string) {
	end := "end" + n.name
	names := []string{end, "else"}
	if more != "" {
		names = append(names, more)
	}
	next := arm{cond: first}
	blank := true
	for {
		body, stop := p.until(n, names...)
		next.body = body
		blank = blank && allBlank(body)
		n.arms = append(n.arms, next)
		if stop == nil || stop.name == end {
			break
		}
		next = arm{}
		m := p.markup(stop)
		switch stop.name {
		case "elsif":
			next.cond = p.condition(stop)
		case "when":
			if next.values = whenValues(m); len(next.values) == 0 {
				p.problem(stop.span, "when needs a value")
			}
		case "else":
			if n.kind == caseNode && !isBlank(m.s) {
				p.problem(stop.span, "else takes nothing in a case")
			}
		}
	}
	if n.kind == caseNode {
		n.arms = n.arms[1:] // what stands before the first when is not printed
	}
	n.blank = blank
	if n.kind != tablerowNode && blank {
		for i := range n.arms {
			n.arms[i].body = withoutText(n.arms[i].body)
		}
	}
}

// raw takes everything up to {% endraw %} as text.
func (p *parser) raw(n *node) {
	start := n.span.End
	for p.at < len(p.tokens) {
		t := &p.tokens[p.at]
		p.at++
		if t.kind == tagToken && t.name == "endraw" {
			n.inner = text.Span{Start: start, End: t.span.Start}
			n.blank = n.inner.Empty()
			return
		}
		// A brace before the tag can hide it: {{{% endraw %} is one token to Liquid.
		if i := strings.LastIndex(t.span.Of(p.doc), "{%"); i > 0 && t.kind != textToken {
			if inner := readToken(p.doc, t.span.Start+i); inner.kind == tagToken && inner.name == "endraw" && inner.span.End == t.span.End {
				n.inner = text.Span{Start: start, End: inner.span.Start}
				return
			}
		}
	}
	n.inner = text.Span{Start: start, End: len(p.doc)}
	p.problem(n.span, "'raw' tag was never closed")
}

// skip passes over a comment with all that is in it.
func (p *parser) skip(n *node) {
	depth := 1
	for p.at < len(p.tokens) {
		t := &p.tokens[p.at]
		p.at++
		if t.kind != tagToken {
			continue
		}
		switch t.name {
		case "comment":
			depth++
		case "endcomment":
			depth--
		case "raw":
			p.raw(&node{span: t.span})
		}
		if depth == 0 {
			p.comments = append(p.comments, Comment{text.Union(n.span, t.span), text.Span{Start: n.span.End, End: t.span.Start}})
			return
		}
	}
	p.problem(n.span, "'comment' tag was never closed")
}
