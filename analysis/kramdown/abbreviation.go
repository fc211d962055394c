package kramdown

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// An abbrevDef is *[name]: title.
type abbrevDef struct {
	name, title string
	eob         *Node
}

// An abbrev is what a name stands for, and the attributes it gets.
type abbrev struct {
	title string
	attr  []Attr
}

func (p *parser) abbrevDef() bool {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	if !strings.HasPrefix(s[open:], "*[") {
		return false
	}
	end := lineEnd(s, open)
	line := s[:end]
	if open+3 > len(line) {
		return false
	}
	close := strings.Index(line[open+3:], "]:")
	if close < 0 {
		return false
	}
	close += open + 3
	in.pos = end
	def := &abbrevDef{name: s[open+2 : close], title: strip(s[close+2 : end])}
	def.eob = p.eob("abbrev_def", start, end)
	if p.abbrevs == nil {
		p.abbrevs = map[string]*abbrevDef{}
	}
	p.abbrevs[def.name] = def
	return true
}

// collectAbbrevs orders the names: of two that begin alike the longer one counts.
func (p *parser) collectAbbrevs() {
	if len(p.abbrevs) == 0 {
		return
	}
	p.t.abbrevs = map[string]abbrev{}
	for name, def := range p.abbrevs {
		p.t.abbrevs[name] = abbrev{def.title, def.eob.Attr}
		p.abbrevNames = append(p.abbrevNames, name)
	}
	slices.SortFunc(p.abbrevNames, func(a, b string) int {
		if n := utf8.RuneCountInString(b) - utf8.RuneCountInString(a); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
}

// abbreviate marks the abbreviations in the text below n.
func (p *parser) abbreviate(n *Node) {
	if len(p.abbrevNames) == 0 {
		return
	}
	var out []*Node
	for k, c := range n.Children {
		if c.Kind != Text || n.model == modelRaw {
			p.abbreviate(c)
		} else if parts := p.abbreviations(c); parts != nil {
			if out == nil {
				out = append(out, n.Children[:k]...)
			}
			out = append(out, parts...)
			continue
		}
		if out != nil {
			out = append(out, c)
		}
	}
	if out != nil {
		n.Children = out
	}
}

func (p *parser) abbreviations(n *Node) []*Node {
	s := n.Value
	any := false
	for _, name := range p.abbrevNames {
		if any = strings.Contains(s, name); any {
			break
		}
	}
	if !any {
		return nil
	}
	var out []*Node
	from := 0
	for i := 0; i < len(s); {
		name := p.abbrevAt(s, i)
		if name == "" {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		out = append(out, p.cut(n, from, i))
		a := p.cut(n, i, i+len(name))
		a.Kind = Abbreviation
		out = append(out, a)
		i += len(name)
		from = i
	}
	return append(out, p.cut(n, from, len(s)))
}

// abbrevAt returns the abbreviation that stands at i as a word.
func (p *parser) abbrevAt(s string, i int) string {
	if i > 0 && s[i-1] < utf8.RuneSelf && isWordByte(s[i-1]) {
		return ""
	}
	for _, name := range p.abbrevNames {
		if strings.HasPrefix(s[i:], name) {
			if end := i + len(name); end >= len(s) || !isWordByte(s[end]) {
				return name
			}
		}
	}
	return ""
}

// cut returns a text of bytes i to j of n's value.
func (p *parser) cut(n *Node, i, j int) *Node {
	c := p.node(Text, n.Span.Start, n.Span.End)
	c.Value = n.Value[i:j]
	if n.runs == 0 {
		if n.Span.Len() == len(n.Value) {
			c.Span.Start, c.Span.End = n.Span.Start+i, n.Span.Start+j
		}
		return c
	}
	runs := cutRuns(p.t.origins(n, nil), i, j)
	if len(runs) > 0 {
		c.Span.Start, c.Span.End = runs[0].src.Start, max(runs[0].src.Start, runs[len(runs)-1].src.End)
	}
	p.t.setRuns(c, runs)
	return c
}
