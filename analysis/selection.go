package analysis

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/frontmatter"
	"scholium/analysis/kramdown"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// Select returns what an author may want to select around a cursor, the smallest
// first: each part holds the cursor and the part in front of it, and more. The
// last one is the whole file.
func Select(c site.Cursor) []text.Span {
	src := c.Source()
	if src == nil {
		return nil
	}
	s := selector{src: src, at: min(max(c.Offset, 0), len(src.Text))}
	if c.Page != nil && c.Page.Source == src {
		s.p = c.Page
	}
	s.word()
	if s.at < src.Head.Body {
		s.frontMatter()
	} else {
		if s.p != nil && s.p.Tree != nil {
			s.sections()
			s.blocks()
			s.formula()
		}
		if src.Template != nil && (s.p == nil || s.p.Renders()) {
			s.templates()
		}
	}
	s.add(text.Span{Start: 0, End: len(src.Text)})
	return s.grow()
}

type selector struct {
	p    *site.Page
	src  *site.Source
	at   int
	list []text.Span
}

func (s *selector) add(span text.Span) {
	if !span.Empty() && span.Contains(s.at) {
		s.list = append(s.list, span)
	}
}

// tree adds what stands at a span of the tree's source.
func (s *selector) tree(span text.Span) {
	if at, ok := s.p.Within(span); ok {
		s.add(trim(s.src.Text, at))
	}
}

// grow sorts what was found by size, and leaves out what does not hold all that
// is smaller.
func (s *selector) grow() []text.Span {
	slices.SortStableFunc(s.list, func(a, b text.Span) int { return a.Len() - b.Len() })
	var out []text.Span
	last := text.Span{Start: s.at, End: s.at}
	for _, span := range s.list {
		if span.Covers(last) && span.Len() > last.Len() {
			out = append(out, span)
			last = span
		}
	}
	return out
}

// word is the letters and digits around the cursor.
func (s *selector) word() {
	doc := s.src.Text
	start, end := s.at, s.at
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(doc[:start])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			break
		}
		start -= n
	}
	for end < len(doc) {
		r, n := utf8.DecodeRuneInString(doc[end:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			break
		}
		end += n
	}
	s.add(text.Span{Start: start, End: end})
	if start > 0 && doc[start-1] == '\\' && start < end { // a command is not cut off its backslash
		s.add(text.Span{Start: start - 1, End: end})
	}
}

func (s *selector) frontMatter() {
	head := &s.src.Head
	s.add(trim(s.src.Text, head.Marks))
	s.add(trim(s.src.Text, head.YAML))
	for _, e := range head.Values.Entries {
		s.entry(e)
	}
}

func (s *selector) entry(e frontmatter.Entry) {
	key, value := s.value(e.Key), s.value(e.Value)
	if value.Empty() {
		value = key
	}
	s.add(text.Union(key, value))
}

// value adds a value and what is in it. It returns it with its quotes or brackets.
func (s *selector) value(n *frontmatter.Node) text.Span {
	doc, whole := s.src.Text, n.Span
	if whole.Empty() || whole.End > len(doc) {
		return text.Span{}
	}
	switch open := doc[whole.Start]; {
	case n.Kind == frontmatter.List || n.Kind == frontmatter.Map:
		if end := trim(doc, text.Span{Start: whole.End, End: s.src.Head.YAML.End}).Start; end < len(doc) && (open == '[' || open == '{') && doc[end] == open+2 {
			s.add(trim(doc, text.Span{Start: whole.Start + 1, End: end}))
			whole.End = end + 1
		}
	case whole.Start > 0 && whole.End < len(doc):
		s.add(whole)
		if q := doc[whole.Start-1]; (q == '"' || q == '\'') && doc[whole.End] == q {
			whole = text.Span{Start: whole.Start - 1, End: whole.End + 1}
		}
	}
	s.add(whole)
	for _, item := range n.Items {
		s.value(item)
	}
	for _, e := range n.Entries {
		s.entry(e)
	}
	return whole
}

// sections adds the sections around the cursor, each without its heading first.
func (s *selector) sections() {
	for _, x := range sections(s.p) {
		if x.span.Contains(s.at) {
			s.add(x.span)
			s.add(trim(s.src.Text, text.Span{Start: x.head.End, End: x.span.End}))
			s.add(x.head)
			s.add(x.words)
		}
	}
}

// blocks adds the nodes of the tree around the cursor.
func (s *selector) blocks() {
	for _, n := range s.p.Nodes(s.at) {
		switch n.Kind {
		case kramdown.Root, kramdown.Blank, kramdown.Text, kramdown.Header:
			continue
		case kramdown.CodeBlock:
			s.code(n)
		}
		s.tree(n.Span)
		if n.Kind != kramdown.TableCell && n.Inner != n.Span {
			s.tree(n.Inner)
		}
		for _, a := range n.Attr {
			if n.Span.Covers(a.Span) && a.Span.Len() > 0 {
				s.tree(a.Span)
			}
		}
	}
	for _, d := range s.p.Tree.LinkDefs {
		s.tree(d.Span)
		s.tree(d.URLSpan)
	}
	for _, f := range s.p.Tree.Footnotes {
		s.tree(f.Span)
	}
}

// code adds the lines between the fences of a code block.
func (s *selector) code(n *kramdown.Node) {
	at, ok := s.p.Within(n.Span)
	if !ok {
		return
	}
	at = trimEnd(s.src.Text, at)
	first, last := s.src.Lines.Line(at.Start), s.src.Lines.Line(at.End)
	if fence := strings.TrimLeft(s.src.Lines.Span(first).Of(s.src.Text), " "); last > first+1 && (strings.HasPrefix(fence, "```") || strings.HasPrefix(fence, "~~~")) {
		s.add(text.Span{Start: s.src.Lines.Span(first + 1).Start, End: s.src.Lines.Span(last - 1).End})
	}
}

// formula adds the formula around the cursor, and its parts.
func (s *selector) formula() {
	for i := range s.p.Math {
		f := &s.p.Math[i]
		whole := s.p.FromFlow(f.Flow)
		if whole.File != s.src.Path || !whole.Span.Contains(s.at) {
			continue
		}
		s.add(whole.Span)
		if inner := s.p.FromFlow(f.Inner); inner.File == whole.File {
			s.add(trim(s.src.Text, inner.Span))
		}
		add := func(span text.Span) {
			if at := s.p.InMath(f, span); at.File == s.src.Path && !span.Empty() {
				s.add(trim(s.src.Text, at.Span))
			}
		}
		for _, part := range tex.Parts(f.TeX) {
			add(part.Span)
			add(part.Inner)
		}
		for _, l := range f.Labels {
			add(l.NameSpan)
		}
		for _, r := range f.Refs {
			add(r.NameSpan)
			add(r.Span)
		}
	}
}

// templates adds Liquid's tags and blocks around the cursor.
func (s *selector) templates() {
	doc := s.src.Text
	marks := liquid.Marks(doc, s.src.Head.Body)
	for i := range marks {
		m := &marks[i]
		if m.End > 0 {
			end := marks[m.End].Span
			s.add(text.Union(m.Span, end))
			s.add(trim(doc, text.Span{Start: m.Span.End, End: end.Start}))
		}
		if !m.Span.Contains(s.at) {
			continue
		}
		s.add(m.Span)
		for _, w := range m.Words(doc) {
			s.add(w.Span)
			if w.Kind == liquid.Literal && w.Span.Len() > 2 && (doc[w.Span.Start] == '"' || doc[w.Span.Start] == '\'') {
				s.add(text.Span{Start: w.Span.Start + 1, End: w.Span.End - 1})
			}
		}
		for _, p := range m.Params {
			whole := text.Union(p.NameSpan, p.ValueSpan)
			if q := doc[p.ValueSpan.Start-1]; q == '"' || q == '\'' {
				whole.End++
			}
			s.add(whole)
		}
	}
}
