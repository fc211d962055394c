package kramdown

import (
	"slices"
	"strings"

	"scholium/analysis/text"
)

// This file is the option html_to_native: it makes kramdown's own elements of
// HTML elements. The lists are kramdown's.

func oneOf(names, name string) bool {
	return slices.Contains(strings.Fields(names), name)
}

const (
	dropText  = "html head hgroup ol ul dl table colgroup tbody thead tfoot tr select optgroup"
	wrapText  = "body section nav article aside header footer address div li dd blockquote figure figcaption fieldset form"
	dropSpace = wrapText + " td th"
	stripEnds = "address article aside blockquote body caption dd div dl dt fieldset figcaption form footer header h1 h2 h3 h4 h5 h6 legend li nav p section td th"
)

// simpleKind returns what an element becomes that only changes its name.
func simpleKind(name string) (Kind, bool) {
	kind, ok := map[string]Kind{
		"em": Emphasis, "strong": Strong, "blockquote": Blockquote, "hr": HorizontalRule, "br": Break, "img": Image,
		"p": Paragraph, "thead": TableHead, "tbody": TableBody, "tfoot": TableFoot, "tr": TableRow, "td": TableCell,
		"th": headCell, "ul": UnorderedList, "ol": OrderedList, "dl": DefinitionList, "li": ListItem, "dt": DefinitionTerm, "dd": Definition,
	}[name]
	return kind, ok
}

// kindName returns the name of the element that n becomes, as far as a comment
// within it needs it.
func kindName(n *Node) string {
	switch n.Kind {
	case HTMLElement:
		return n.Value
	case CodeSpan:
		return "code"
	case CodeBlock:
		return "pre"
	case Header:
		return "h1"
	case Link:
		return "a"
	}
	for _, name := range [...]string{"em", "strong", "blockquote", "p", "td", "th", "li", "dt", "dd", "tr"} {
		if kind, _ := simpleKind(name); kind == n.Kind {
			return name
		}
	}
	return ""
}

// native converts el and what is below it. Without convert only text is read;
// with preserve its white space stays.
func (p *parser) native(el *Node, convert, preserve bool, parent *Node) {
	switch el.Kind {
	case XMLComment, XMLPI:
		name := "div"
		if parent != nil {
			name = kindName(parent)
		}
		el.flags |= block
		if p.tags[name].holds() == modelSpan {
			el.flags &^= block
		}
		return
	case HTMLElement:
	default:
		return
	}
	name := el.Value
	if convert {
		switch name {
		case "textarea":
			p.keepHTML(el, true, true)
			return
		case "a":
			if el.hasAttr("href") {
				el.become(Link)
				p.nativeChildren(el, true, false)
			} else {
				p.keepHTML(el, false, false)
			}
			return
		case "em", "b", "strong", "i":
			if s := rawContent(el); s != "" && (isSpace(s[0]) || isSpace(s[len(s)-1])) {
				p.keepHTML(el, false, false)
				return
			}
			if name == "em" || name == "i" {
				el.become(Emphasis)
			} else {
				el.become(Strong)
			}
			p.nativeChildren(el, true, false)
			return
		case "h1", "h2", "h3", "h4", "h5", "h6":
			el.become(Header)
			el.Level = int(name[1] - '0')
			el.ext().text = rawContent(el)
			p.nativeChildren(el, true, false)
			return
		case "code", "pre":
			p.nativeCode(el)
			return
		case "table":
			p.nativeTable(el)
			return
		case "script":
			p.nativeScript(el)
			return
		}
		if oneOf(dropText, name) {
			el.Children = slices.DeleteFunc(el.Children, func(n *Node) bool { return n.Kind == Text })
		}
	}
	if kind, ok := simpleKind(name); convert && ok {
		el.become(kind)
		p.nativeChildren(el, convert, preserve)
	} else {
		p.keepHTML(el, convert, preserve)
	}
	if !convert {
		return
	}
	if oneOf(stripEnds, name) && len(el.Children) > 0 {
		if first := el.Children[0]; first.Kind == Text {
			*first = *p.cut(first, lstrip(first.Value, 0, len(first.Value)), len(first.Value))
		}
		if last := el.last(); last.Kind == Text {
			*last = *p.cut(last, 0, rstrip(last.Value, 0, len(last.Value)))
		}
	}
	if oneOf(dropSpace, name) {
		el.dropSpace()
	}
	if oneOf(wrapText, name) {
		p.wrapText(el)
	}
}

// become makes an element of kramdown of an HTML element.
func (n *Node) become(kind Kind) {
	n.Kind, n.Value, n.flags, n.model = kind, "", 0, modelNone
	if n.x != nil {
		n.x.ial = nil
	}
}

// keepHTML leaves el an HTML element.
func (p *parser) keepHTML(el *Node, convert, preserve bool) {
	class := p.tags[el.Value]
	el.flags &^= block | closed
	if class&spanTag == 0 {
		el.flags |= block
	}
	el.model = modelRaw
	if convert {
		el.model = class.holds()
	}
	if el.x != nil {
		el.x.ial = nil
	}
	p.nativeChildren(el, convert, preserve)
}

func (p *parser) nativeChildren(el *Node, convert, preserve bool) {
	var out []*Node
	for _, c := range el.Children {
		if c.Kind == Text {
			out = append(out, p.nativeText(c, preserve || !convert)...)
			continue
		}
		p.native(c, convert, preserve, el)
		out = append(out, c)
	}
	el.Children = out
}

// rawContent returns the text below n.
func rawContent(n *Node) string {
	var b strings.Builder
	var add func(*Node)
	add = func(n *Node) {
		if n.Kind == Text {
			b.WriteString(n.Value)
		}
		for _, c := range n.Children {
			add(c)
		}
	}
	add(n)
	return b.String()
}

// nativeText reads the character references in HTML text; white space is
// compressed unless it is to be preserved.
func (p *parser) nativeText(n *Node, preserve bool) []*Node {
	p.work.done += len(n.Value) / 8
	if !preserve {
		n = p.squeeze(n)
	}
	s := n.Value
	var out []*Node
	pieces := p.pieces(n)
	from := 0
	for i := 0; i < len(s); i++ {
		r, ok := matchReference(s, i)
		if !ok {
			continue
		}
		out = append(out, pieces.cut(from, i))
		c := pieces.cut(i, r.end)
		c.runs = 0
		e, known := p.o.referred(r)
		switch {
		case oneOf("lsquo rsquo ldquo rdquo", r.name):
			c.Kind, c.Value = SmartQuote, r.name
		case oneOf("mdash ndash hellip laquo raquo", r.name):
			c.Kind, c.Value = Symbol, r.name
		case known:
			c.Kind = Entity
			c.ext().ent = e
		default:
			c = pieces.cut(i, i+1)
			c.Kind, c.Value = Entity, ""
			c.ext().ent, _ = entityByName("amp")
			r.end = i + 1
		}
		out = append(out, c)
		from, i = r.end, r.end-1
	}
	if from < len(s) {
		out = append(out, pieces.cut(from, len(s)))
	}
	return out
}

// squeeze makes one blank of each run of white space.
func (p *parser) squeeze(n *Node) *Node {
	s := n.Value
	var b strings.Builder
	var runs []run
	var buf [1]run
	origins := cutter{runs: p.t.origins(n, buf[:0])}
	for i := 0; i < len(s); {
		j := skipSpace(s, i)
		switch {
		case j == i:
			for j < len(s) && !isSpace(s[j]) {
				j++
			}
			b.WriteString(s[i:j])
			runs = append(runs, origins.cut(i, j)...)
		case j == i+1 && s[i] == ' ':
			b.WriteByte(' ')
			runs = append(runs, origins.cut(i, j)...)
		default:
			b.WriteByte(' ')
			src := n.Span
			if cut := origins.cut(i, j); len(cut) > 0 {
				src = text.Union(cut[0].src, cut[len(cut)-1].src)
			}
			runs = append(runs, run{1, src, false})
		}
		i = j
	}
	c := p.node(Text, n.Span.Start, n.Span.End)
	c.Value = b.String()
	p.t.setRuns(c, runs)
	return c
}

// dropSpace takes out white space at the ends and between blocks.
func (n *Node) dropSpace() {
	kids := n.Children
	var out []*Node
	for k, c := range kids {
		if c.Kind == Text && strip(c.Value) == "" &&
			(k == 0 || k == len(kids)-1 || isBlock(kids[k-1]) && isBlock(kids[k+1])) {
			continue
		}
		out = append(out, c)
	}
	n.Children = out
}

// wrapText puts what stands in a line into paragraphs that are not printed.
func (p *parser) wrapText(el *Node) {
	var out []*Node
	var para *Node
	for _, c := range el.Children {
		if isBlock(c) {
			out, para = append(out, c), nil
			continue
		}
		if para == nil {
			para = p.node(Paragraph, c.Span.Start, c.Span.End)
			para.flags |= transparent
			out = append(out, para)
		}
		para.Children = append(para.Children, c)
		para.Span.End = max(para.Span.End, c.Span.End)
	}
	el.Children = out
}

// nativeCode converts <code> and <pre>.
func (p *parser) nativeCode(el *Node) {
	raw := p.node(Text, el.Span.Start, el.Span.End)
	raw.Value = rawContent(el)
	p.t.setRuns(raw, []run{{len(raw.Value), el.Span, false}})
	if len(el.Children) == 1 && el.Children[0].Kind == Text {
		raw = el.Children[0]
	}
	parts := p.nativeText(raw, true)
	var b strings.Builder
	var runs []run
	var buf [1]run
	for _, c := range parts {
		from := b.Len()
		switch c.Kind {
		case Text:
			b.WriteString(c.Value)
			runs = append(runs, p.t.origins(c, buf[:0])...)
			continue
		case Entity:
			b.WriteString(c.x.ent.char())
		default:
			e, _ := entityByName(c.Value)
			b.WriteString(e.char())
		}
		runs = append(runs, run{b.Len() - from, c.Span, false})
	}
	if el.Value == "code" {
		el.become(CodeSpan)
		for k := range el.Attr {
			if el.Attr[k].Name == "class" {
				el.Attr[k].Value = withoutHighlighter(el.Attr[k].Value)
			}
		}
	} else {
		only := el.last()
		el.become(CodeBlock)
		if len(el.Children) == 1 && only.Value == "code" {
			if from, to := codeLanguage(classOf(only)); to > 0 {
				class := strings.TrimRight(classOf(only)[from:to]+" "+classOf(el), " \t\n\v\f\r\x00")
				el.Attr = setAttr(el.Attr, Attr{Name: "class", Value: class}, false)
			}
		}
	}
	el.Value, el.Children = b.String(), nil
	el.Inner = el.Span
	p.t.setRuns(el, runs)
}

// withoutHighlighter takes \s+\bhighlighter-\w+\b|\bhighlighter-\w+\b\s* out.
func withoutHighlighter(s string) string {
	var out []string
	for _, name := range strings.Fields(s) {
		if !strings.HasPrefix(name, "highlighter-") {
			out = append(out, name)
		}
	}
	if len(out) == len(strings.Fields(s)) {
		return s
	}
	return strings.Join(out, " ")
}

func (p *parser) nativeScript(el *Node) {
	kind, _ := el.Get("type")
	if !hasWord(kind.Value, "math/tex") {
		p.keepHTML(el, true, false)
		return
	}
	if len(el.Children) == 0 {
		return
	}
	raw := el.Children[0]
	display := strings.Contains(kind.Value, "mode=display")
	el.become(MathSpan)
	if display {
		el.Kind = MathBlock
		el.flags |= block
	}
	el.Attr, _, _ = dropAttr(el.Attr, "type")
	from, to := cdata(raw.Value)
	c := *raw
	if c.runs == 0 && raw.Kind == RawHTML {
		c.Span = raw.Inner
	}
	cut := p.cut(&c, from, to)
	el.Value, el.runs, el.Inner, el.Children = cut.Value, cut.runs, cut.Span, nil
}

// cdata finds the content of %<![CDATA[ … %]]>.
func cdata(s string) (from, to int) {
	i := 0
	if strings.HasPrefix(s, "%") {
		i = skipSpace(s, 1)
	}
	if !strings.HasPrefix(s[i:], "<![CDATA[") || !strings.HasSuffix(s, "]]>") || i+12 > len(s) {
		return 0, len(s)
	}
	from, to = i+len("<![CDATA["), len(s)-len("]]>")
	if from < to && s[from] == '\n' {
		from++
	}
	if to-2 >= from && s[to-1] == '%' && isSpace(s[to-2]) {
		to -= 2
	}
	return from, to
}
