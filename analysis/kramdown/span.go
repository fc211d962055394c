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

	dollar, tick, tagEnd, commentEnd, cdataEnd, bracket, brace ahead
	unticked                                                   map[int]int
	lastStar, lastLine                                         int
	linesFrom, linesEnd                                        int  // see beforeLines
	tried                                                      bool // something was read in vain
	bracketEnd                                                 int  // where the text of the link that was last read ends
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
	kind   Kind
	raw    bool // its content model is raw
	which  parsers
	stop   stop
	delim  string // stopDelim: the delimiter; stopTag: the element's name
	fold   bool   // stopTag: in any case
	count  int    // stopBracket: brackets that are open
	images int    // how many of its children are images
	kids   int    // where its children begin in p.kids
	marks  int

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
	p.runs = p.sv.runs(p.runs, f.runStart, i, j)
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
	if n.Kind == Image {
		f.images++
	}
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
	attempt := f.stop == stopDelim || f.stop == stopBracket
	for p.sp < len(p.ss) {
		if attempt && p.budget <= 0 { // all that are open would go on to the end, one by one
			return false
		}
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
		return f.count == f.images
	case stopTag:
		return s[i] == '<' && isClose(s, i, f.delim, f.fold) > 0
	}
	return false
}

// span reads the construct at i, or one letter. The order is kramdown's.
func (p *parser) span(f *frame, i int) {
	s := p.ss
	c := s[i]
	p.work.done++
	if f.which != allSpans {
		if c == '`' && f.which != onlyTags {
			p.codeSpan(f, i)
		} else if c == '<' && f.which != codeOnly && p.startsTag(s, i) {
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
		if p.startsTag(s, i) {
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
		if c == '\\' && i+1 < len(s) && (s[i+1] == '\\' || !p.escapable(s[i+1])) {
			p.hardSeen = true // a line end may follow
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
