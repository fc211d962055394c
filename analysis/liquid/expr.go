package liquid

import (
	"strconv"
	"strings"

	"scholium/analysis/text"
)

// An expr is an expression: a literal, a range or a look-up.
type expr struct {
	literal Value
	isVar   bool
	name    string
	nameOf  *expr // [expression] in place of the first name
	lookups []lookup
	lo, hi  *expr  // (lo..hi)
	method  string // empty or blank, in a condition
}

type lookup struct {
	name    string
	index   *expr
	command bool // size, first, last where no key has that name
}

// A pipeline is an expression with its filters.
type pipeline struct {
	value   *expr
	filters []filterCall
}

type filterCall struct {
	name  string
	args  []*expr
	named map[string]*expr
	span  text.Span
}

// A fragment is a part of the template's text with its place.
type fragment struct {
	s  string
	at int // of s in the file
}

func (f fragment) sub(start, end int) fragment { return fragment{f.s[start:end], f.at + start} }

func (f fragment) trim() fragment {
	start, end := 0, len(f.s)
	for start < end && isTrimmed(f.s[start]) {
		start++
	}
	for end > start && isTrimmed(f.s[end-1]) {
		end--
	}
	return f.sub(start, end)
}

func (f fragment) span() text.Span { return text.Span{Start: f.at, End: f.at + len(f.s)} }

// quoted finds Liquid's QuotedFragment from offset i on: a quoted string, or a
// run without blanks, commas, bars and loose quotes.
func (f fragment) quoted(i int) (start, end int, ok bool) {
	for ; i < len(f.s); i++ {
		if end := f.quotedAt(i); end > i {
			return i, end, true
		}
	}
	return 0, 0, false
}

func (f fragment) quotedAt(i int) int {
	if end := f.stringAt(i); end > i {
		// A quoted string at the start is taken alone, whatever adjoins it.
		return end
	}
	at := i
	for at < len(f.s) {
		c := f.s[at]
		if c == '\'' || c == '"' {
			end := f.stringAt(at)
			if end == at {
				break
			}
			at = end
			continue
		}
		if isSpace(c) || c == ',' || c == '|' {
			break
		}
		at++
	}
	return at
}

func (f fragment) stringAt(i int) int {
	if i < len(f.s) && (f.s[i] == '\'' || f.s[i] == '"') {
		if n := strings.IndexByte(f.s[i+1:], f.s[i]); n >= 0 {
			return i + n + 2
		}
	}
	return i
}

// parsePipeline reads the content of an object as Liquid's lax parser does.
func parsePipeline(f fragment) pipeline {
	start, end, ok := f.quoted(0)
	if !ok {
		return pipeline{}
	}
	p := pipeline{value: parseExpr(f.sub(start, end))}
	bar := strings.IndexByte(f.s[end:], '|')
	if bar < 0 {
		return p
	}
	rest := f.sub(end+bar+1, len(f.s))
	for at := 0; at < len(rest.s); {
		end := at
		for end < len(rest.s) {
			if c := rest.s[end]; isSpace(c) || c == ',' {
				end++
			} else if q := rest.quotedAt(end); q > end {
				end = q
			} else {
				break
			}
		}
		if end > at {
			if call, ok := parseFilter(rest.sub(at, end)); ok {
				p.filters = append(p.filters, call)
			}
		}
		at = max(end, at+1)
		if end < len(rest.s) && end >= at {
			at = end + 1
		}
	}
	return p
}

func parseFilter(f fragment) (filterCall, bool) {
	start := 0
	for start < len(f.s) && !isWord(f.s[start]) {
		start++
	}
	end := start
	for end < len(f.s) && isWord(f.s[end]) {
		end++
	}
	if start == end {
		return filterCall{}, false
	}
	call := filterCall{name: f.s[start:end], span: f.sub(start, end).span()}
	for at := end; at < len(f.s); {
		if f.s[at] != ':' && f.s[at] != ',' {
			if q := f.stringAt(at); q > at { // a colon within a string opens no argument
				at = q
			} else {
				at++
			}
			continue
		}
		i := skipSpace(f.s, at+1, len(f.s))
		word := i
		for word < len(f.s) && isWord(f.s[word]) {
			word++
		}
		colon := skipSpace(f.s, word, len(f.s))
		if word > i && colon < len(f.s) && f.s[colon] == ':' {
			v := skipSpace(f.s, colon+1, len(f.s))
			if q := f.quotedAt(v); q > v {
				if call.named == nil {
					call.named = map[string]*expr{}
				}
				call.named[f.s[i:word]] = parseExpr(f.sub(v, q))
				at = q
				continue
			}
		}
		q := f.quotedAt(i)
		if q == i {
			at++
			continue
		}
		call.args = append(call.args, parseExpr(f.sub(i, q)))
		at = q
	}
	return call, true
}

// parseExpr reads one expression (Liquid::Expression.parse).
func parseExpr(f fragment) *expr {
	f = f.trim()
	s := f.s
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		inner := f.sub(1, len(s)-1)
		return &expr{literal: Text{S: inner.s, At: literalAt(inner)}}
	}
	switch s {
	case "", "nil", "null":
		return &expr{}
	case "true":
		return &expr{literal: true}
	case "false":
		return &expr{literal: false}
	case "blank", "empty":
		return &expr{literal: Text{}, method: s}
	}
	if isNumber(s) {
		if i, err := strconv.Atoi(s); err == nil {
			return &expr{literal: i}
		}
		// Of 1.2.3 Ruby takes what begins it.
		if i := strings.IndexByte(s, '.'); i > 0 {
			if j := strings.IndexByte(s[i+1:], '.'); j >= 0 {
				s = s[:i+1+j]
			}
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				return &expr{literal: v}
			}
		}
	}
	if s[0] == '(' && s[len(s)-1] == ')' {
		if dots := strings.LastIndex(s, ".."); dots > 0 && rangeParts(s[1:dots], s[dots+2:len(s)-1]) {
			return &expr{lo: parseExpr(f.sub(1, dots)), hi: parseExpr(f.sub(dots+2, len(s)-1))}
		}
	}
	return parseLookup(f)
}

// rangeParts reports whether the ends of a range are words, as Liquid wants them.
func rangeParts(lo, hi string) bool {
	lo, hi = strings.TrimSpace(lo), strings.TrimSpace(hi)
	return lo != "" && hi != "" && !strings.ContainsAny(lo+hi, " \t\n\r")
}

func literalAt(f fragment) text.Pieces {
	return text.Pieces(nil).Append(len(f.s), f.span(), here, true)
}

func isNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	return strings.Trim(digits, "0123456789.") == ""
}

// parseLookup reads a.b[0].c (Liquid::VariableLookup; what its expression does
// not match is passed over).
func parseLookup(f fragment) *expr {
	e := &expr{isVar: true}
	first := true
	for i := 0; i < len(f.s); {
		var l lookup
		switch c := f.s[i]; {
		case c == '[':
			n := closing(f.s[i:])
			if n < 2 {
				i++
				continue
			}
			l.index = parseExpr(f.sub(i+1, i+n))
			i += n + 1
		case isWord(c) || c == '-':
			end := i
			for end < len(f.s) && (isWord(f.s[end]) || f.s[end] == '-') {
				end++
			}
			if end < len(f.s) && f.s[end] == '?' {
				end++
			}
			l.name = f.s[i:end]
			l.command = l.name == "size" || l.name == "first" || l.name == "last"
			i = end
		default:
			i++
			continue
		}
		if first {
			e.name, e.nameOf = l.name, l.index
			first = false
			continue
		}
		e.lookups = append(e.lookups, l)
	}
	return e
}

// closing returns where the bracket that s begins with is closed, or -1; nobody
// closes more than maxDepth within each other.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			if depth++; depth > maxDepth {
				return -1
			}
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// A condition is one comparison, and what is joined to it.
type condition struct {
	left, right *expr
	op          string
	join        string // and, or
	next        *condition
}

// parseCondition reads the condition of an if. Liquid joins from the right:
// a and b or c is a and (b or c).
func parseCondition(f fragment) *condition {
	var words []fragment
	for at := 0; at < len(f.s); {
		if isSpace(f.s[at]) || f.s[at] == ',' || f.s[at] == '|' {
			at++
			continue
		}
		if end := operatorAt(f.s, at); end > at {
			words = append(words, f.sub(at, end))
			at = end
			continue
		}
		end := f.quotedAt(at)
		if end == at {
			at++
			continue
		}
		words = append(words, f.sub(at, end))
		at = end
	}
	return conditionOf(words)
}

func operatorAt(s string, at int) int {
	for _, op := range []string{"==", "!=", "<>", "<=", ">=", "<", ">"} {
		if strings.HasPrefix(s[at:], op) {
			return at + len(op)
		}
	}
	return at
}

func conditionOf(words []fragment) *condition {
	if len(words) == 0 {
		return nil
	}
	c := &condition{left: parseExpr(words[0])}
	words = words[1:]
	if len(words) >= 2 && words[0].s != "and" && words[0].s != "or" {
		c.op, c.right = words[0].s, parseExpr(words[1])
		words = words[2:]
	}
	for len(words) > 0 && words[0].s != "and" && words[0].s != "or" {
		words = words[1:] // the lax parser passes over what it cannot use
	}
	if len(words) >= 2 {
		c.join, c.next = words[0].s, conditionOf(words[1:])
	}
	return c
}
