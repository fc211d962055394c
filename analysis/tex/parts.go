package tex

import (
	"strings"

	"scholium/analysis/text"
)

// A PartKind says what a Part of a formula is.
type PartKind uint8

// The parts of a formula as its author sees them.
const (
	CommandPart     PartKind = iota // \alpha, \\, \,
	CallPart                        // a command or script with the groups right behind it: \frac{a}{b}, _{i}
	GroupPart                       // {…}
	OptionPart                      // […] right behind a command
	FencePart                       // \left…\right
	EnvironmentPart                 // \begin{x}…\end{x}
	RowPart                         // of an environment, between \\ and \\
	CellPart                        // of a row, between & and &
	NamePart                        // the name in \begin{x} or \end{x}
	CommentPart                     // % to the end of the line
)

// A Part is a piece of a formula's source. It is what stands there, before any
// macro is expanded.
type Part struct {
	Kind  PartKind
	Name  string    // of a command, without its backslash; of an environment
	Span  text.Span // counts in the source
	Inner text.Span // between the delimiters of a group, fence or environment; else empty
}

// partsDepth is how deep parts nest; what is deeper has no parts of its own.
const partsDepth = 100

// longest is how far the end of an environment's name or argument is looked for.
const longest = 200

// An openPart is one whose end has not come yet.
type openPart struct {
	kind      PartKind
	name      string
	start     int
	inner     int
	call      int // where the command begins that this is an argument of; -1: none
	row, cell int // of an environment
	cells     int
}

// Parts returns the parts of a formula, in the order in which they end. A
// brace, fence or environment without its partner is none.
func Parts(source string) []Part {
	r := partReader{s: source, call: -1, out: make([]Part, 0, 4+len(source)/8)}
	for r.i < len(source) {
		r.next()
	}
	return r.out
}

type partReader struct {
	s    string
	i    int
	out  []Part
	open []openPart
	call int // where the command begins whose argument may stand here; -1: none
}

func (r *partReader) add(k PartKind, name string, span, inner text.Span) {
	r.out = append(r.out, Part{k, name, span, inner})
}

func (r *partReader) push(o openPart) {
	if len(r.open) < partsDepth {
		r.open = append(r.open, o)
	}
}

// close ends the innermost open part of a kind and name, and forgets those that
// were left open in it. A group hides what is open around it.
func (r *partReader) close(kind PartKind, name string, inner, end int) {
	for i := len(r.open) - 1; i >= 0; i-- {
		o := r.open[i]
		if o.kind == kind && (kind != EnvironmentPart || o.name == name) {
			if kind == EnvironmentPart {
				r.endCell(&o, inner)
				r.endRow(&o, inner)
			}
			r.open = r.open[:i]
			r.add(kind, o.name, text.Span{Start: o.start, End: end}, text.Span{Start: o.inner, End: max(o.inner, inner)})
			if o.call >= 0 {
				r.argument(o.call, end)
			}
			return
		}
		if o.kind == GroupPart && kind != GroupPart {
			return
		}
	}
}

// argument notes that a command has one more argument, which ends at end.
func (r *partReader) argument(call, end int) {
	if end < len(r.s) && (r.s[end] == '{' || r.s[end] == '[' && r.s[call] == '\\') {
		r.call = call
		return
	}
	r.add(CallPart, "", text.Span{Start: call, End: end}, text.Span{})
}

func (r *partReader) endCell(o *openPart, at int) {
	if at < o.inner {
		return // in the environment's own arguments: \begin{array}[&]
	}
	if o.cells > 0 {
		r.add(CellPart, "", unblanked(r.s, o.cell, at), text.Span{})
	}
	o.cell = at
}

func (r *partReader) endRow(o *openPart, at int) {
	if at < o.inner {
		return
	}
	if span := unblanked(r.s, o.row, at); !span.Empty() && (o.row > o.inner || at > o.inner) {
		r.add(RowPart, "", span, text.Span{})
	}
	o.row, o.cell, o.cells = at, at, 0
}

func unblanked(s string, start, end int) text.Span {
	for start < end && isBlank(s[start]) {
		start++
	}
	for end > start && isBlank(s[end-1]) {
		end--
	}
	return text.Span{Start: start, End: end}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// next reads one token.
func (r *partReader) next() {
	s, at, call := r.s, r.i, r.call
	r.call = -1
	var top *openPart
	if len(r.open) > 0 {
		top = &r.open[len(r.open)-1]
	}
	switch c := s[at]; {
	case c == '\\':
		r.command(at)
	case c == '{':
		r.i++
		r.push(openPart{kind: GroupPart, start: at, inner: at + 1, call: call})
	case c == '}':
		r.i++
		r.close(GroupPart, "", at, at+1)
	case c == '[' && call >= 0:
		r.i++
		r.push(openPart{kind: OptionPart, start: at, inner: at + 1, call: call})
	case c == ']' && top != nil && top.kind == OptionPart:
		r.i++
		r.close(OptionPart, "", at, at+1)
	case c == '&' && top != nil && top.kind == EnvironmentPart:
		r.i++
		if at >= top.inner {
			top.cells++
			r.endCell(top, at)
			top.cell = at + 1
		}
	case c == '%':
		end := len(s)
		if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
			end = at + n
		}
		r.add(CommentPart, "", text.Span{Start: at, End: end}, text.Span{})
		r.i = end
	case c == '_' || c == '^':
		r.i++
		if r.i < len(s) && s[r.i] == '{' {
			r.call = at
		}
	default:
		r.i++
	}
}

// command reads a control sequence at a backslash.
func (r *partReader) command(at int) {
	s := r.s
	end := at + 1 + NameLen(s[at+1:])
	name := s[at+1 : end]
	r.i = end
	switch name {
	case "begin", "end":
		open, after := unblanked(s, end, len(s)).Start, 0
		if n := strings.IndexByte(s[open:min(open+longest, len(s))], '}'); open < len(s) && s[open] == '{' && n >= 0 {
			after = open + n + 1
		}
		r.add(CommandPart, name, text.Span{Start: at, End: end}, text.Span{})
		if after == 0 {
			return
		}
		env := s[open+1 : after-1]
		r.add(NamePart, env, text.Span{Start: open + 1, End: after - 1}, text.Span{})
		r.i = after
		if name == "end" {
			r.close(EnvironmentPart, env, at, after)
			return
		}
		inner := after + beginArguments(s[after:], env)
		r.push(openPart{kind: EnvironmentPart, name: env, start: at, inner: inner, call: -1, row: inner, cell: inner})
		return
	case "left":
		r.push(openPart{kind: FencePart, start: at, inner: r.delimiter(end), call: -1})
		r.i = r.delimiter(end)
	case "right":
		r.i = r.delimiter(end)
		r.close(FencePart, "", at, r.i)
	case "\\", "cr", "newline":
		if len(r.open) > 0 {
			if top := &r.open[len(r.open)-1]; top.kind == EnvironmentPart {
				if top.cells > 0 {
					r.endCell(top, at)
				}
				r.endRow(top, at)
				if end < len(s) && s[end] == '*' {
					end++
				}
				if end < len(s) && s[end] == '[' { // space below the row
					if n := strings.IndexByte(s[end:min(end+longest, len(s))], ']'); n >= 0 {
						end += n + 1
					}
				}
				top.row, top.cell, r.i = end, end, end
				end = at + 1 + len(name)
			}
		}
	default:
		if end < len(s) && (s[end] == '{' || s[end] == '[') && name != "" && isLetter(name[0]) {
			r.call = at
		}
	}
	r.add(CommandPart, name, text.Span{Start: at, End: end}, text.Span{})
}

// delimiter returns where the delimiter behind \left or \right ends.
func (r *partReader) delimiter(at int) int {
	at = unblanked(r.s, at, len(r.s)).Start
	if at >= len(r.s) {
		return at
	}
	if r.s[at] != '\\' {
		at++
		for at < len(r.s) && r.s[at]&0xC0 == 0x80 {
			at++
		}
		return at
	}
	at++
	start := at
	for at < len(r.s) && isLetter(r.s[at]) {
		at++
	}
	if at == start {
		at = min(at+1, len(r.s))
		for at < len(r.s) && r.s[at]&0xC0 == 0x80 {
			at++
		}
	}
	return at
}

// beginArguments returns how long the arguments are that stand behind \begin{env}.
func beginArguments(s, env string) int {
	at := 0
	switch strings.TrimSuffix(env, "*") {
	case "array", "alignat", "alignedat", "xalignat", "subarray", "aligned", "gathered", "split", "tabular":
	default:
		return 0
	}
	for at < len(s) && (s[at] == '{' || s[at] == '[') {
		n := strings.IndexByte(s[at:min(at+longest, len(s))], s[at]+2) // } or ]
		if n < 0 {
			break
		}
		at += n + 1
	}
	return at
}
