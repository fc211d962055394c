package kramdown

import (
	"maps"
	"slices"
	"strings"
	"unicode"
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
	}
	p.abbrevNames = sortAbbrevs(slices.Collect(maps.Keys(p.abbrevs)), p.v25)
}

// abbrevNames are the names of a document's abbreviations. There may be
// thousands, so that each place of the text must not be held against each name.
type abbrevNames struct {
	rank    map[string]int // of each name that is taken literally: the longest is first
	lengths []int          // of these names in bytes, the longest first
	spaced  []spacedName   // by rank: since kramdown 2.5, those with spaces
	first   [256]bool      // the bytes that a name begins with
}

type spacedName struct {
	name string
	rank int
}

func sortAbbrevs(names []string, v25 bool) (out abbrevNames) {
	slices.SortFunc(names, func(a, b string) int {
		if n := utf8.RuneCountInString(b) - utf8.RuneCountInString(a); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	out.rank = map[string]int{}
	for i, name := range names {
		switch {
		case name == "" || v25 && name[0] == ' ':
			for c := range out.first {
				out.first[c] = true
			}
		default:
			out.first[name[0]] = true
		}
		if v25 && strings.IndexByte(name, ' ') >= 0 {
			out.spaced = append(out.spaced, spacedName{name, i})
			continue
		}
		out.rank[name] = i
		out.lengths = append(out.lengths, len(name))
	}
	slices.Sort(out.lengths)
	out.lengths = slices.Compact(out.lengths)
	slices.Reverse(out.lengths)
	return out
}

// abbreviate marks the abbreviations in the text below n.
func (p *parser) abbreviate(n *Node) {
	if len(p.abbrevs) == 0 {
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

// abbreviations cuts the text n at the abbreviations in it; nil where there are
// none.
func (p *parser) abbreviations(n *Node) []*Node {
	s := n.Value
	at, end := p.nextAbbrev(s, 0)
	if end < 0 {
		return nil
	}
	var out []*Node
	pieces := p.pieces(n)
	from := 0
	for ; end >= 0; at, end = p.nextAbbrev(s, from) {
		out = append(out, pieces.cut(from, at))
		a := pieces.cut(at, end)
		a.Kind = Abbreviation
		out = append(out, a)
		from = end
	}
	return append(out, pieces.cut(from, len(s)))
}

// nextAbbrev finds the next abbreviation at or behind from. It begins behind
// what is no letter, in a line or right at from, and no letter follows it. Then
// kramdown takes the longest name that begins there, whatever follows that.
func (p *parser) nextAbbrev(s string, from int) (at, end int) {
	for i := from; i < len(s); {
		size, nonWord := 1, !isWordByte(s[i])
		if s[i] >= utf8.RuneSelf {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		if nonWord && p.abbrevAt(s, i+size, true) >= 0 || (i == from || s[i-1] == '\n') && p.abbrevAt(s, i, true) >= 0 {
			if end = p.abbrevAt(s, i, false); end < 0 {
				i += size
				end = p.abbrevAt(s, i, false)
			}
			return i, end
		}
		i += size
	}
	return 0, -1
}

// abbrevAt returns the offset behind the abbreviation at i, or -1. With whole no
// letter may follow it.
func (p *parser) abbrevAt(s string, i int, whole bool) int {
	names := &p.abbrevNames
	if i < len(s) && !names.first[s[i]] {
		return -1
	}
	found, best := -1, len(p.abbrevs)
	for _, n := range names.lengths {
		end := i + n
		if end > len(s) || whole && end < len(s) && isWordByte(s[end]) {
			continue
		}
		if rank, ok := names.rank[s[i:end]]; ok {
			found, best = end, rank
			break
		}
	}
	for _, x := range names.spaced {
		if x.rank > best {
			break
		}
		if end := matchSpaced(s, i, x.name, whole); end >= 0 {
			return end
		}
	}
	return found
}

// matchSpaced is abbrevAt for a name with spaces, each of which stands for any
// white space since kramdown 2.5.
func matchSpaced(s string, i int, name string, whole bool) int {
	ends := []int{i} // where what was matched of the name may end
	for k := 0; k < len(name) && len(ends) > 0; {
		c, size := utf8.DecodeRuneInString(name[k:])
		part := name[k : k+size]
		k += size
		var next []int
		if c == ' ' {
			for j := ends[0]; ; {
				r, size := utf8.DecodeRuneInString(s[j:])
				if size == 0 || !isSeparator(r) {
					break
				}
				j += size
				next = append(next, j)
			}
		} else {
			for _, j := range ends {
				if strings.HasPrefix(s[j:], part) {
					next = append(next, j+len(part))
				}
			}
		}
		ends = next
	}
	for _, end := range slices.Backward(ends) {
		if !whole || end >= len(s) || !isWordByte(s[end]) {
			return end
		}
	}
	return -1
}

// isSeparator is [\s\p{Z}].
func isSeparator(r rune) bool {
	return r < utf8.RuneSelf && isSpace(byte(r)) || unicode.Is(unicode.Z, r)
}

// abbreviation returns what the text of an abbreviation stands for.
func (t *Tree) abbreviation(text string) abbrev {
	a, ok := t.abbrevs[text]
	if !ok && t.Options.is25() {
		a = t.abbrevs[oneSpace(text)]
	}
	return a
}

// oneSpace makes one space of each run of white space.
func oneSpace(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range s {
		if !isSeparator(r) {
			b.WriteRune(r)
		} else if !blank {
			b.WriteByte(' ')
		}
		blank = isSeparator(r)
	}
	return b.String()
}

// A piecer cuts texts out of a node's value, in ascending order.
type piecer struct {
	p *parser
	n *Node
	c cutter
}

func (p *parser) pieces(n *Node) *piecer {
	x := &piecer{p: p, n: n}
	if n.runs != 0 {
		x.c.runs = p.t.origins(n, nil)
	}
	return x
}

// cut returns a text of bytes i to j of the value.
func (x *piecer) cut(i, j int) *Node {
	n := x.n
	c := x.p.node(Text, n.Span.Start, n.Span.End)
	c.Value = n.Value[i:j]
	if n.runs == 0 {
		if n.Span.Len() == len(n.Value) {
			c.Span.Start, c.Span.End = n.Span.Start+i, n.Span.Start+j
		}
		return c
	}
	runs := x.c.cut(i, j)
	if len(runs) > 0 {
		c.Span.Start, c.Span.End = runs[0].src.Start, max(runs[0].src.Start, runs[len(runs)-1].src.End)
	}
	x.p.t.setRuns(c, runs)
	return c
}

// cut returns a text of bytes i to j of n's value.
func (p *parser) cut(n *Node, i, j int) *Node { return p.pieces(n).cut(i, j) }
