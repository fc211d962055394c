package kramdown

import (
	"slices"
	"strings"
)

// ialBlock matches {: … } on a line of its own, from its brace at i on. It
// returns where its attributes stand and the offset behind the line, or -1.
func (p *parser) ialBlock(in *input, i int) (from, to, end int) {
	s := in.s
	if !strings.HasPrefix(s[i:], "{:") {
		return 0, 0, -1
	}
	i += 2
	if i < len(s) && (s[i] == ':' || s[i] == '/') {
		return 0, 0, -1
	}
	close := braces(s, i, in.brace.next(s, "}", i), func(j int) bool { return toLineEnd(s, j+1) > 0 })
	if close < 0 {
		return 0, 0, -1
	}
	return i, close, toLineEnd(s, close+1)
}

// blockExtension reads {:name: …}, {::name …} or {: …}.
func (p *parser) blockExtension() bool {
	in := p.in
	s, start := in.s, in.pos
	open := opt(s, start)
	if !strings.HasPrefix(s[open:], "{:") {
		return false
	}
	if name := idName(s, open+2); name > 0 && name < len(s) && s[name] == ':' {
		from := name + 1
		ends := func(j int) bool { return toLineEnd(s, j+1) > 0 }
		if close := braces(s, from, in.brace.next(s, "}", from), ends); close > 0 {
			key := s[open+2 : name]
			if p.alds == nil {
				p.alds = map[string]*ial{}
			}
			if p.alds[key] == nil {
				p.alds[key] = &ial{}
			}
			p.attributes(in.v, from, close, p.alds[key])
			in.pos = toLineEnd(s, close+1)
			p.eob("ald", start, in.pos)
			return true
		}
	}
	if tag, ok := matchExtension(s, open, &in.brace); ok {
		if end := toLineEnd(s, tag.end); end > 0 {
			return p.extensionBlock(tag, end)
		}
	}
	from, to, end := p.ialBlock(in, open)
	if end < 0 {
		return false
	}
	in.pos = end
	last := p.tree.last()
	if last != nil && last.Kind != Blank && (last.Kind != eobNode ||
		slices.Contains([]string{"link_def", "abbrev_def", "footnote_def"}, last.x.eob)) {
		p.attributes(in.v, from, to, last.list())
		if p.ialLine(end) < 0 {
			p.eob("ial", start, end)
		}
		return true
	}
	if p.ial == nil {
		p.ial = &ial{}
	}
	p.attributes(in.v, from, to, p.ial)
	return true
}

// An extension is {::name attributes/} or {:/name}.
type extension struct {
	stop     bool
	name     string
	from, to int // its attributes
	closed   bool
	end      int
}

func matchExtension(s string, i int, brace *ahead) (e extension, ok bool) {
	if strings.HasPrefix(s[i:], "{:/") {
		j := i + 3
		if k := idName(s, j); k > 0 {
			j = k
		}
		if j >= len(s) || s[j] != '}' {
			return e, false
		}
		return extension{stop: true, name: s[i+3 : j], end: j + 1}, true
	}
	if !strings.HasPrefix(s[i:], "{::") {
		return e, false
	}
	j := i + 3
	for j < len(s) && isWordByte(s[j]) {
		j++
	}
	e.name = s[i+3 : j]
	if e.name == "" || j >= len(s) {
		return e, false
	}
	e.from, e.to = j, j
	if isSpace(s[j]) {
		e.from = j + 1
		close := brace.next(s, "}", j+1)
		for close > j+1 && s[close-1] == '\\' {
			n := strings.IndexByte(s[close+1:], '}')
			if n < 0 {
				return e, false
			}
			close += n + 1
		}
		if close < 0 {
			return e, false
		}
		e.to, e.end = close, close+1
		if close > e.from && s[close-1] == '/' {
			e.to, e.closed = close-1, true
		}
		return e, true
	}
	if s[j] == '/' {
		e.closed = true
		j++
	}
	if j >= len(s) || s[j] != '}' {
		return e, false
	}
	e.end = j + 1
	return e, true
}

// extensionBlock reads an extension whose start tag ends at end.
func (p *parser) extensionBlock(tag extension, end int) bool {
	in := p.in
	s, start := in.s, in.pos
	if tag.stop {
		return false
	}
	from, to := end, -1
	if !tag.closed {
		key := "{::" + tag.name
		if at, ok := in.unclosed[key]; ok && at <= end {
			return false
		}
		for i := end; i < len(s); i = lineEnd(s, i) {
			if j := matchStop(s, opt(s, i), tag.name); j > 0 {
				for j < len(s) && s[j] == ' ' {
					j++
				}
				if j < len(s) && s[j] == '\n' {
					to, end = i, j+1
					break
				}
			}
		}
		if to < 0 {
			if in.unclosed == nil {
				in.unclosed = map[string]int{}
			}
			in.unclosed[key] = end
			return false
		}
		if to > from && s[to-1] == '\n' {
			to--
		}
	}
	n := p.extend(tag, in.v, from, to, true)
	if n == nil {
		return false
	}
	n.Span = in.v.span(start, end)
	n.flags |= block
	in.pos = end
	if tag.name == "options" {
		p.eob("extension", start, end)
	} else if to >= 0 {
		p.tree.Children = append(p.tree.Children, n)
	}
	return true
}

// matchStop matches {:/} or {:/name} and returns the offset behind it, or -1.
func matchStop(s string, i int, name string) int {
	if !strings.HasPrefix(s[i:], "{:/") {
		return -1
	}
	i += 3
	if strings.HasPrefix(s[i:], name+"}") {
		return i + len(name) + 1
	}
	if i < len(s) && s[i] == '}' {
		return i + 1
	}
	return -1
}

// extend does what an extension asks for. It returns its node, nil where
// kramdown does not know it; to is negative where there is no body.
func (p *parser) extend(tag extension, v view, from, to int, block bool) *Node {
	l := &ial{}
	p.attributes(v, tag.from, tag.to, l)
	n := p.at(CommentBlock, v, from, max(from, to))
	switch tag.name {
	case "comment", "nomarkdown":
		if to >= from {
			p.value(n, v, from, to)
		}
		if tag.name == "nomarkdown" {
			n.Kind = RawHTML
			for _, a := range l.attrs {
				if a.Name == "type" {
					n.ext().types = strings.Fields(a.Value)
				}
			}
		}
	case "options":
		for _, a := range l.attrs {
			if p.o.definedOption(a.Name) && !slices.Contains(p.o.ForbiddenInline, a.Name) && a.Name != "forbidden_inline_options" {
				Set(&p.o, a.Name, a.Value)
			}
		}
	default:
		return nil
	}
	return n
}

// attributes reads an attribute list from bytes i to j of v into l.
func (p *parser) attributes(v view, i, j int, l *ial) {
	s := v.s[i:j]
	if t := strip(s); t == "" || t == ":" {
		return
	}
	for at := 0; at <= len(s); {
		var begin int
		switch {
		case at == 0 && !(len(s) > 0 && isSpace(s[0])):
			begin = 0
		case at < len(s) && isSpace(s[at]):
			begin = at + 1
		default:
			at++
			continue
		}
		end := p.attribute(v, i, s, begin, l)
		if end < 0 {
			at++
			continue
		}
		at = max(end, at+1)
		if end > begin {
			at = end
		}
	}
}

// attributeEnds is the look ahead (?=\s|\Z).
func attributeEnds(s string, i int) bool { return i >= len(s) || isSpace(s[i]) }

// attribute reads one part of an attribute list, at i of s, which stands at
// base of v. It returns the offset behind it, or -1.
func (p *parser) attribute(v view, base int, s string, i int, l *ial) int {
	if end := idName(s, i); end > 0 {
		if end+1 < len(s) && s[end] == '=' && (s[end+1] == '"' || s[end+1] == '\'') {
			if close := quoted(s, end+2, s[end+1]); close > 0 {
				value := s[end+2 : close]
				if strings.IndexByte(value, '\\') >= 0 {
					value = strings.NewReplacer(`\}`, "}", `\`+s[end+1:end+2], s[end+1:end+2]).Replace(value)
				}
				l.set(Attr{s[i:end], value, v.span(base+end+2, base+close)})
				return close + 1
			}
		}
		if attributeEnds(s, end) {
			l.refs = append(l.refs, s[i:end])
			return end
		}
		return -1
	}
	var found []Attr
	start := i
	for i < len(s) && (s[i] == '#' || s[i] == '.') {
		from := i + 1
		j := from
		if s[i] == '#' {
			if j < len(s) && isLetter(s[j]) {
				for j < len(s) && (isWordByte(s[j]) || s[j] == ':' || s[j] == '-') {
					j++
				}
			}
		} else {
			for j < len(s) && !isSpace(s[j]) && s[j] != '.' && s[j] != '#' {
				j++
			}
		}
		if j == from {
			return -1
		}
		name := "class"
		if s[i] == '#' {
			name = "id"
		}
		found = append(found, Attr{name, s[from:j], v.span(base+from, base+j)})
		i = j
	}
	if i == start || !attributeEnds(s, i) {
		return -1
	}
	for _, a := range found {
		l.attrs = setAttr(l.attrs, a, true)
	}
	return i
}

// set sets a key of l; the list's own class="…" replaces, .class adds.
func (l *ial) set(a Attr) { l.attrs = setAttr(l.attrs, a, false) }

// quoted finds the quote that closes a value which begins at i, or -1.
func quoted(s string, i int, quote byte) int {
	second := -1
	for i < len(s) && s[i] != '}' && s[i] != 2 {
		if s[i] == quote && attributeEnds(s, i+1) {
			return i
		}
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '}' || s[i+1] == quote) {
			if s[i+1] == quote && attributeEnds(s, i+2) {
				second = i + 1
			}
			i++
		}
		i++
	}
	return second
}

// apply sets the attributes of l on those of an element, and first those of the
// lists that it refers to.
func (p *parser) apply(attrs []Attr, l *ial, depth int) []Attr {
	if l == nil {
		return attrs
	}
	for _, ref := range l.refs {
		if other := p.alds[ref]; other != nil && depth < 16 {
			attrs = p.apply(attrs, other, depth+1)
		}
	}
	for _, a := range l.attrs {
		attrs = setAttr(attrs, a, true)
	}
	return attrs
}
