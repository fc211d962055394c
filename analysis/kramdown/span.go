package kramdown

import (
	"slices"
	"strings"
	"unicode/utf8"

	"scholium/analysis/text"
)

// spanState is the state of reading spans.
type spanState struct {
	sv view   // the text that is read
	ss string // sv.s
	sp int    // where reading stands
	// Which constructs are open around this place: what is text in one is not
	// in the other.
	inEm, inStrong, inLink, spanDepth int

	kids   []*Node  // the children of all open elements, the innermost last
	bytes  []byte   // the texts that are not one piece of the source, likewise
	runs   []run    // and their origins
	failed []uint32 // by place, see fail
	marks  []int    // see emphasis
	budget int      // how many bytes may still be read in vain

	dollar, tick, tagEnd, commentEnd, bracket, brace ahead
	unticked                                         map[int]int
	lastStar, lastLine                               int
	bracketEnd                                       int // where the text of the link that was last read ends
}

// parsers says which constructs are looked for.
type parsers uint8

const (
	allSpans parsers = iota
	codeOnly         // code spans
	codeTags         // code spans and HTML: how a table's lines are looked through
	onlyTags         // HTML, within elements whose content is raw
	kindCount
)

// A stop says what ends the spans of a frame.
type stop uint8

const (
	noStop stop = iota
	stopDelim
	stopBracket
	stopTag
)

// A frame is an element whose spans are read.
type frame struct {
	kind  Kind
	raw   bool // its content model is raw
	which parsers
	stop  stop
	delim string // stopDelim: the delimiter; stopTag: the element's name
	fold  bool   // stopTag: in any case
	count int    // stopBracket: brackets that are open
	kids  int    // where its children begin in p.kids
	marks int

	// The text behind the last child: bytes from to to of the input, or if
	// complex what stands in p.bytes and p.runs from there on.
	from, to  int
	complex   bool
	byteStart int
	runStart  int
}

func (p *parser) open(kind Kind) frame {
	return frame{kind: kind, kids: len(p.kids), byteStart: len(p.bytes), runStart: len(p.runs), marks: len(p.marks)}
}

// text appends bytes i to j of the input to the text of f.
func (p *parser) text(f *frame, i, j int) {
	switch {
	case i >= j:
	case f.complex:
		p.bytes = append(p.bytes, p.ss[i:j]...)
		p.addRuns(f, i, j)
	case f.from == f.to:
		f.from, f.to = i, j
	case f.to == i:
		f.to = j
	default:
		p.complex(f)
		p.text(f, i, j)
	}
}

func (p *parser) addRuns(f *frame, i, j int) {
	p.runs = append(p.runs[:f.runStart], p.sv.runs(p.runs[f.runStart:], i, j)...)
}

// made appends text that was made from src.
func (p *parser) made(f *frame, s string, src text.Span) {
	p.complex(f)
	p.bytes = append(p.bytes, s...)
	p.runs = append(p.runs, run{len(s), src, false})
}

func (p *parser) complex(f *frame) {
	if f.complex {
		return
	}
	i, j := f.from, f.to
	f.complex, f.from, f.to = true, 0, 0
	f.byteStart, f.runStart = len(p.bytes), len(p.runs)
	if i < j {
		p.bytes = append(p.bytes, p.ss[i:j]...)
		p.addRuns(f, i, j)
	}
}

// flush makes a node of the text of f.
func (p *parser) flush(f *frame) {
	if !f.complex {
		if f.from < f.to {
			p.kids = append(p.kids, p.textNode(p.sv, f.from, f.to))
			f.from, f.to = 0, 0
		}
		return
	}
	runs := p.runs[f.runStart:]
	if len(runs) > 0 {
		n := p.node(Text, runs[0].src.Start, runs[len(runs)-1].src.End)
		n.Value = string(p.bytes[f.byteStart:])
		p.t.setRuns(n, runs)
		p.kids = append(p.kids, n)
	}
	p.bytes, p.runs = p.bytes[:f.byteStart], p.runs[:f.runStart]
	f.complex = false
}

// child appends a child to f, behind its text.
func (p *parser) child(f *frame, n *Node) {
	p.flush(f)
	p.kids = append(p.kids, n)
}

// take ends a frame and returns its children.
func (p *parser) take(f *frame) []*Node {
	p.flush(f)
	out := p.children(p.kids[f.kids:])
	p.kids = p.kids[:f.kids]
	p.marks = p.marks[:f.marks]
	return out
}

// drop ends a frame in vain.
func (p *parser) drop(f *frame) {
	if f.complex {
		p.bytes, p.runs = p.bytes[:f.byteStart], p.runs[:f.runStart]
	}
	p.kids = p.kids[:f.kids]
	p.marks = p.marks[:f.marks]
}

func (f *frame) empty(p *parser) bool {
	return len(p.kids) == f.kids && f.from == f.to && !(f.complex && len(p.bytes) > f.byteStart)
}

// lastIsText reports whether the last child of f is text.
func (f *frame) lastIsText(p *parser) bool {
	if f.complex && len(p.runs) > f.runStart || f.from < f.to {
		return true
	}
	return len(p.kids) > f.kids && p.kids[len(p.kids)-1].Kind == Text
}

// tables marks the bytes at which a construct may start.
func (p *parser) tables() {
	for _, c := range []byte("*_`<[!\"'$&\\{-.>\n~]") {
		p.up[c] = true
	}
	if !p.gfm {
		p.up['~'] = false
	}
	p.noSymbols = p.gfm && slices.Contains(p.t.Options.GFMQuirks, "no_auto_typographic")
}

// spansOf reads the spans of v.
func (p *parser) spansOf(v view, kind Kind, which parsers) []*Node {
	p.startSpans(v)
	f := p.open(kind)
	f.which = which
	p.spans(&f)
	p.release()
	return p.take(&f)
}

func (p *parser) startSpans(v view) {
	p.spanState = spanState{sv: v, ss: v.s, kids: p.kids, bytes: p.bytes, runs: p.runs, marks: p.marks,
		budget: p.budget, lastStar: -2, lastLine: -2}
}

// spans reads up to what stops f, or to the end of the text. It returns whether
// that was found; reading then stands in front of it.
func (p *parser) spans(f *frame) bool {
	for p.sp < len(p.ss) {
		i := p.next(f)
		if i < 0 {
			if f.stop == noStop {
				p.text(f, p.sp, len(p.ss))
				p.sp = len(p.ss)
			}
			return false
		}
		p.text(f, p.sp, i)
		p.sp = i
		if f.stop != noStop && p.stops(f, i) {
			return true
		}
		p.span(f, i)
	}
	return false
}

// next returns where the next construct or stop may start, or -1.
func (p *parser) next(f *frame) int {
	s := p.ss
	if f.which != allSpans {
		for i := p.sp; i < len(s); i++ {
			if c := s[i]; c == '<' && f.which != codeOnly || c == '`' && f.which != onlyTags {
				return i
			}
		}
		return -1
	}
	for i := p.sp; i < len(s); i++ {
		c := s[i]
		if !p.up[c] {
			continue
		}
		switch c {
		case '!':
			if i+1 < len(s) && s[i+1] == '[' {
				return i
			}
		case '"', '\'':
			if i > p.sp {
				_, size := utf8.DecodeLastRuneInString(s[p.sp:i])
				return i - size
			}
			return i
		case '{':
			if i+1 < len(s) && s[i+1] == ':' {
				return i
			}
		case '-':
			if i+1 < len(s) && s[i+1] == '-' && p.symbols() {
				return i
			}
		case '.':
			if i+2 < len(s) && s[i+1] == '.' && s[i+2] == '.' && p.symbols() {
				return i
			}
		case '>':
			if i+1 < len(s) && s[i+1] == '>' && p.symbols() {
				if i > p.sp && s[i-1] == ' ' {
					return i - 1
				}
				return i
			}
		case '\n':
			if i-2 >= p.sp && s[i-1] == ' ' && s[i-2] == ' ' && p.lineBreaks() {
				return i - 2
			}
		case '~':
			if i+1 < len(s) && s[i+1] == '~' {
				return i
			}
		case ']':
			if f.stop == stopBracket {
				return i
			}
		default:
			return i
		}
	}
	return -1
}

// symbols reports whether -- ... << and >> are symbols.
func (p *parser) symbols() bool { return !p.noSymbols }

// lineBreaks reports whether two blanks at a line's end break it.
func (p *parser) lineBreaks() bool { return !p.gfm || !p.t.Options.HardWrap }

// stops reports whether f ends at i.
func (p *parser) stops(f *frame, i int) bool {
	s := p.ss
	switch f.stop {
	case stopDelim:
		if !strings.HasPrefix(s[i:], f.delim) {
			return false
		}
		d, n := f.delim[0], len(f.delim)
		if i > 0 && isSpace(s[i-1]) || f.empty(p) {
			return false
		}
		if f.kind == Emphasis && strings.HasPrefix(s[i+1:], f.delim) && !(i+2 < len(s) && s[i+2] == d) {
			return false
		}
		if d == '_' && i+n < len(s) {
			r, _ := utf8.DecodeRuneInString(s[i+n:])
			return !isAlnum(r)
		}
		return true
	case stopBracket:
		switch {
		case s[i] == ']':
			f.count--
		case s[i] == '[' || s[i] == '!' && i+1 < len(s) && s[i+1] == '[':
			f.count++
		default:
			return false
		}
		images := 0
		for _, n := range p.kids[f.kids:] {
			if n.Kind == Image {
				images++
			}
		}
		return f.count == images
	case stopTag:
		return s[i] == '<' && isClose(s, i, f.delim, f.fold) > 0
	}
	return false
}

// span reads the construct at i, or one letter. The order is kramdown's.
func (p *parser) span(f *frame, i int) {
	s := p.ss
	c := s[i]
	if f.which != allSpans {
		if c == '`' && f.which != onlyTags {
			p.codeSpan(f, i)
		} else if c == '<' && f.which != codeOnly && startsTag(s, i) {
			p.spanHTML(f, i)
		} else {
			p.letter(f, i)
		}
		return
	}
	switch c {
	case '*', '_':
		p.emphasis(f, i)
		return
	case '`':
		p.codeSpan(f, i)
		return
	case '<':
		if p.autolink(f, i) {
			return
		}
		if startsTag(s, i) {
			p.spanHTML(f, i)
			return
		}
	case '[':
		if p.footnoteMarker(f, i) {
			return
		}
		if i+1 < len(s) && s[i+1] != '^' {
			p.link(f, i, 1)
			return
		}
	case '!':
		if i+2 < len(s) && s[i+1] == '[' && s[i+2] != '^' {
			p.link(f, i, 2)
			return
		}
	}
	if p.smartQuote(f, i) {
		return
	}
	switch c {
	case '$':
		if p.math(f, i) {
			return
		}
	case '{':
		if i+1 < len(s) && s[i+1] == ':' {
			p.spanExtension(f, i)
			return
		}
	case '&':
		if p.reference(f, i) {
			return
		}
	case '-', '.', '<', '>', ' ', '\\':
		if p.symbols() && p.symbol(f, i) {
			return
		}
		if (c == ' ' || c == '\\') && i+2 < len(s) && s[i+1] == c && s[i+2] == '\n' && p.lineBreaks() {
			p.child(f, p.at(Break, p.sv, i, i+2))
			p.sp = i + 2
			return
		}
		if c == '\\' && i+1 < len(s) && s[i+1] == '\n' {
			p.hardSeen = true
		}
		if c == '\\' && i+1 < len(s) && p.escapable(s[i+1]) {
			p.made(f, s[i+1:i+2], p.sv.span(i, i+2))
			p.sp = i + 2
			return
		}
	case '~':
		if p.gfm && p.strikethrough(f, i) {
			return
		}
	}
	p.letter(f, i)
}

// letter takes one character for text.
func (p *parser) letter(f *frame, i int) {
	size := 1
	if p.ss[i] >= utf8.RuneSelf {
		_, size = utf8.DecodeRuneInString(p.ss[i:])
	}
	p.text(f, i, i+size)
	p.sp = i + size
}

// escapable reports whether a backslash may stand in front of c.
func (p *parser) escapable(c byte) bool {
	return strings.IndexByte("\\.*_+`<>()[]{}#!:|\"'$=-", c) >= 0 || c == '~' && p.gfm
}

// emphasis reads *…*, **…**, _…_ or __…__.
//
// An attempt that finds no end has read the text in vain, and so would each
// further one. What it saw as text on its way would fail alike, if it came to
// be tried in the place of the first: these places are marked.
func (p *parser) emphasis(f *frame, i int) {
	s := p.ss
	n := 1
	if i+1 < len(s) && s[i+1] == s[i] {
		n = 2
	}
	kind, nested := Emphasis, p.inEm > 0
	if n == 2 {
		kind, nested = Strong, p.inStrong > 0
	}
	if nested {
		if f.kind == kind && f.stop == stopDelim && f.delim[0] == s[i] {
			p.marks = append(p.marks, i)
		}
		p.text(f, i, i+n)
		p.sp = i + n
		return
	}
	if s[i] == '_' && behindLetter(s[:i]) || i+n < len(s) && isSpace(s[i+n]) {
		p.text(f, i, i+n)
		p.sp = i + n
		return
	}
	if p.tryEmphasis(f, i, n, kind) || n == 2 && f.kind != Emphasis && p.tryEmphasis(f, i, 1, Emphasis) {
		return
	}
	p.text(f, i, i+n)
	p.sp = i + n
}

// behindLetter matches [[:alpha:]]-?[[:alpha:]]*\z.
func behindLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	if r == '-' {
		r, _ = utf8.DecodeLastRuneInString(s[:len(s)-1])
	}
	return isAlpha(r) && r != utf8.RuneError
}

// context is the part of the state on which it depends whether an attempt fails.
func (p *parser) context() uint {
	c := uint(0)
	if p.inEm > 0 {
		c |= 1
	}
	if p.inStrong > 0 {
		c |= 2
	}
	if p.inLink > 0 {
		c |= 4
	}
	return c
}

// hasFailed reports whether an attempt is known to fail; wasted gives it up for
// what it read.
func (p *parser) hasFailed(i int, variant uint) bool {
	return p.budget <= 0 || p.spanDepth > maxDepth || p.failed != nil && p.failed[i]&(1<<(p.context()*3+variant)) != 0
}

// fail notes that an attempt fails: 0 is a link, 1 and 2 an emphasis with so
// many delimiters.
func (p *parser) fail(i int, variant uint) {
	if p.failed == nil {
		if p.failed = p.failedPool; len(p.failed) < len(p.ss) {
			p.failed = make([]uint32, max(len(p.ss), 256))
		}
		p.failedPool = nil
	}
	p.failed[i] |= 1 << (p.context()*3 + variant)
}

// release keeps the memory of failed for the next text.
func (p *parser) release() {
	if p.failed != nil {
		clear(p.failed[:len(p.ss)])
		p.failedPool, p.failed = p.failed, nil
	}
}

func (p *parser) tryEmphasis(f *frame, i, n int, kind Kind) bool {
	s := p.ss
	last := &p.lastStar
	if s[i] == '_' {
		last = &p.lastLine
	}
	if *last == -2 {
		*last = strings.LastIndexByte(s, s[i])
	}
	variant := uint(n)
	if *last < i+n || p.hasFailed(i, variant) {
		return false
	}
	g := p.open(kind)
	g.stop, g.delim = stopDelim, s[i:i+n]
	depth := &p.inEm
	if kind == Strong {
		depth = &p.inStrong
	}
	*depth++
	p.spanDepth++
	markers, missing := len(p.t.Markers), len(p.t.Missing)
	p.sp = i + n
	found := p.spans(&g)
	*depth--
	p.spanDepth--
	if !found {
		p.fail(i, variant)
		for _, k := range p.marks[g.marks:] {
			p.fail(k, variant)
		}
		p.budget -= p.sp - i
		p.drop(&g)
		p.t.Markers, p.t.Missing = p.t.Markers[:markers], p.t.Missing[:missing]
		p.sp = i
		return false
	}
	el := p.at(kind, p.sv, i, p.sp+n)
	el.Inner = p.sv.span(i+n, p.sp)
	el.Children = p.take(&g)
	p.sp += n
	p.child(f, el)
	return true
}

// codeSpan reads `…`.
func (p *parser) codeSpan(f *frame, i int) {
	s := p.ss
	n := 1
	for i+n < len(s) && s[i+n] == '`' {
		n++
	}
	from := i + n
	p.sp = from
	if n == 1 && (i == 0 || isSpace(s[i-1])) && from < len(s) && isSpace(s[from]) {
		p.text(f, i, from)
		return
	}
	close := -1
	if n == 1 {
		close = p.tick.next(s, "`", from)
	} else if at, ok := p.unticked[n]; !ok || from < at {
		if k := strings.Index(s[from:], s[i:from]); k >= 0 {
			close = from + k
		} else {
			if p.unticked == nil {
				p.unticked = map[int]int{}
			}
			p.unticked[n] = from
		}
	}
	if close < 0 {
		p.text(f, i, from)
		return
	}
	to := close
	if n > 1 {
		if from < to && s[from] == ' ' {
			from++
		}
		if from < to && s[to-1] == ' ' {
			to--
		}
	}
	el := p.at(CodeSpan, p.sv, i, close+n)
	p.value(el, p.sv, from, to)
	p.sp = close + n
	p.child(f, el)
}

// math reads $$…$$ in a line.
func (p *parser) math(f *frame, i int) bool {
	s := p.ss
	if !strings.HasPrefix(s[i:], "$$") {
		return false
	}
	close := p.dollar.next(s, "$$", i+2)
	if close < 0 {
		return false
	}
	stop := rstrip(s, i+2, close)
	el := p.at(MathSpan, p.sv, i, close+2)
	p.value(el, p.sv, lstrip(s, i+2, stop), stop)
	p.sp = close + 2
	p.child(f, el)
	return true
}

// reference reads a character reference.
func (p *parser) reference(f *frame, i int) bool {
	s := p.ss
	r, ok := matchReference(s, i)
	if !ok {
		return false
	}
	el := p.at(Entity, p.sv, i, r.end)
	p.sp = r.end
	e, known := r.entity()
	if !known {
		e, _ = entityByName("amp")
		el.Span.End = el.Span.Start + 1
		el.ext().ent = e
		p.child(f, el)
		p.text(f, i+1, r.end)
		return true
	}
	el.Value = s[i:r.end]
	el.ext().ent = e
	p.child(f, el)
	return true
}

// symbol reads a typographic symbol.
func (p *parser) symbol(f *frame, i int) bool {
	s := p.ss[i:]
	name, n := "", 0
	switch {
	case strings.HasPrefix(s, "---"):
		name, n = "mdash", 3
	case strings.HasPrefix(s, "--"):
		name, n = "ndash", 2
	case strings.HasPrefix(s, "..."):
		name, n = "hellip", 3
	case strings.HasPrefix(s, `\<<`), strings.HasPrefix(s, `\>>`):
		name := "lt"
		if s[1] == '>' {
			name = "gt"
		}
		for k := range 2 {
			from := i + k*(k+1)
			el := p.at(Entity, p.sv, from, i+2+k)
			el.ext().ent, _ = entityByName(name)
			p.child(f, el)
		}
		p.sp = i + 3
		return true
	case strings.HasPrefix(s, "<< "):
		name, n = "laquo_space", 3
	case strings.HasPrefix(s, " >>"):
		name, n = "raquo_space", 3
	case strings.HasPrefix(s, "<<"):
		name, n = "laquo", 2
	case strings.HasPrefix(s, ">>"):
		name, n = "raquo", 2
	default:
		return false
	}
	el := p.at(Symbol, p.sv, i, i+n)
	el.Value = name
	p.sp = i + n
	p.child(f, el)
	return true
}

// strikethrough reads GFM's ~~…~~. The text within is read on its own.
func (p *parser) strikethrough(f *frame, i int) bool {
	s := p.ss
	if i+3 >= len(s) || s[i+1] != '~' || isSpace(s[i+2]) || s[i+2] == '~' || p.spanDepth > maxDepth {
		return false
	}
	close := -1
	for k := i + 3; ; {
		n := strings.Index(s[k:], "~~")
		if n < 0 {
			return false
		}
		k += n
		if !isSpace(s[k-1]) && s[k-1] != '~' {
			close = k
			break
		}
		k++
		if p.budget--; p.budget < 0 {
			return false
		}
	}
	el := p.at(HTMLElement, p.sv, i, close+2)
	el.Value = "del"
	el.Inner = p.sv.span(i+2, close)
	saved := p.spanState
	p.startSpans(p.sv.slice(i+2, close))
	p.spanDepth = saved.spanDepth + 1
	g := p.open(HTMLElement)
	p.spans(&g)
	p.release()
	el.Children = p.take(&g)
	saved.kids, saved.bytes, saved.runs, saved.marks, saved.budget = p.kids, p.bytes, p.runs, p.marks, p.budget
	p.spanState = saved
	p.sp = close + 2
	p.child(f, el)
	return true
}

// spanExtension reads {: …} or {::name …} in a line.
func (p *parser) spanExtension(f *frame, i int) {
	s := p.ss
	if tag, ok := matchExtension(s, i, &p.brace); ok {
		if !tag.stop && p.extensionSpan(f, tag, i) {
			return
		}
		p.letter(f, i)
		return
	}
	close := braces(s, i+2, p.brace.next(s, "}", i+2), func(int) bool { return true })
	if close < 0 || f.lastIsText(p) || len(p.kids) == f.kids {
		p.letter(f, i)
		return
	}
	l := &ial{}
	p.attributes(p.sv, i+2, close, l)
	el := p.kids[len(p.kids)-1]
	to := el.list() // that of its link definition, if that has one: other links get it too
	to.refs = append(to.refs, l.refs...)
	for _, a := range l.attrs {
		to.attrs = setAttr(to.attrs, a, true)
	}
	el.Attr = p.apply(el.Attr, l, 0)
	el.Span.End = max(el.Span.End, p.sv.end(close+1))
	p.sp = close + 1
}

func (p *parser) extensionSpan(f *frame, tag extension, i int) bool {
	s := p.ss
	from, to, end := tag.end, -1, tag.end
	if p.budget < 0 {
		return false
	}
	if !tag.closed {
		for k := from; ; {
			n := strings.Index(s[k:], "{:/")
			if n < 0 {
				p.budget -= len(s) - from
				return false
			}
			k += n
			if stop := matchStop(s, k, tag.name); stop > 0 {
				to, end = k, stop
				break
			}
			k += 3
		}
	}
	n := p.extend(tag, p.sv, from, to, false)
	if n == nil {
		return false
	}
	p.sp = end
	n.Span = p.sv.span(i, end)
	if to >= 0 && tag.name != "options" {
		p.child(f, n)
	}
	return true
}
