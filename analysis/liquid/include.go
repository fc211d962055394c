package liquid

import (
	"strings"

	"scholium/analysis/text"
)

// An include is an include tag: a file's name and parameters.
type include struct {
	name     fragment
	dynamic  bool // the name holds {{ … }}
	params   []param
	problem  string // what Jekyll refuses
	relative bool
}

type param struct {
	name  fragment
	value *expr     // of a variable; nil for a quoted value
	text  Text      // of a quoted value
	span  text.Span // the value, without quotes
}

// include reads the markup of an include tag by Jekyll's own expressions
// (Jekyll::Tags::IncludeTag: VARIABLE_SYNTAX, VALID_SYNTAX).
func (p *parser) include(n *node) *include {
	m := n.markup.trim()
	inc := &include{relative: n.name == "include_relative"}
	end := 0
	if open := strings.Index(m.s, "{{"); open >= 0 && dynamicName(m.s) > 0 {
		end = dynamicName(m.s)
		inc.dynamic = true
	} else {
		for end < len(m.s) && !isSpace(m.s[end]) {
			end++
		}
	}
	inc.name = m.sub(0, end).trim()
	if inc.name.s == "" {
		inc.problem = "the include names no file"
		return inc
	}
	if !inc.dynamic {
		p.includes = append(p.includes, inc.name.span())
		if problem := nameProblem(inc.name.s); problem != "" {
			inc.problem = problem
		}
	}
	rest := m.sub(end, len(m.s))
	for at := skipSpace(rest.s, 0, len(rest.s)); at < len(rest.s); at = skipSpace(rest.s, at, len(rest.s)) {
		par, next, ok := readParam(rest, at)
		if !ok {
			inc.problem = "the parameters of an include are written name=\"value\""
			break
		}
		inc.params = append(inc.params, par)
		at = next
	}
	return inc
}

// dynamicName returns where a file name with objects in it ends, or 0 where no
// object belongs to the name.
func dynamicName(s string) int {
	last := 0
	for at := 0; ; {
		open := strings.Index(s[at:], "{{")
		if open < 0 || strings.ContainsAny(s[:at+open], "=\"'") {
			return last
		}
		end := strings.Index(s[at+open:], "}}")
		if end < 0 {
			return last
		}
		at += open + end + 2
		for at < len(s) && !isSpace(s[at]) && s[at] != '{' && s[at] != '}' {
			at++
		}
		last = at
	}
}

// nameProblem says what Jekyll refuses in a file's name.
func nameProblem(name string) string {
	for i := 0; i < len(name); i++ {
		if c := name[i]; !isWord(c) && !strings.ContainsRune("/.-()+~#@", rune(c)) {
			return "an include's file name cannot hold '" + string(c) + "'"
		}
		if i > 0 && (name[i] == '.' || name[i] == '/') && (name[i-1] == '.' || name[i-1] == '/') {
			return "an include's file name cannot hold '" + name[i-1:i+1] + "'"
		}
	}
	return ""
}

func readParam(f fragment, at int) (param, int, bool) {
	end := at
	for end < len(f.s) && (isWord(f.s[end]) || f.s[end] == '-') {
		end++
	}
	eq := skipSpace(f.s, end, len(f.s))
	if end == at || eq >= len(f.s) || f.s[eq] != '=' {
		return param{}, at, false
	}
	par := param{name: f.sub(at, end)}
	v := skipSpace(f.s, eq+1, len(f.s))
	if v >= len(f.s) {
		return par, at, false
	}
	if q := f.s[v]; q == '"' || q == '\'' {
		i := v + 1
		for i < len(f.s) && f.s[i] != q {
			if f.s[i] == '\\' {
				i++
			}
			i++
		}
		if i >= len(f.s) {
			return par, at, false
		}
		inner := f.sub(v+1, i)
		par.span = inner.span()
		par.text = unescape(inner, q)
		i++
		return par, i, i == len(f.s) || isSpace(f.s[i])
	}
	i := v
	for i < len(f.s) && (isWord(f.s[i]) || f.s[i] == '-' || f.s[i] == '.') {
		i++
	}
	if i == v || i < len(f.s) && !isSpace(f.s[i]) {
		return par, at, false
	}
	word := f.sub(v, i)
	par.span = word.span()
	par.value = parseExpr(word)
	return par, i, true
}

// unescape takes the backslash off escaped quotes, the only escape Jekyll knows there.
func unescape(f fragment, quote byte) Text {
	if strings.IndexByte(f.s, '\\') < 0 {
		return Text{f.s, literalAt(f)}
	}
	var b strings.Builder
	var at text.Pieces
	for i := 0; i < len(f.s); i++ {
		if f.s[i] == '\\' && i+1 < len(f.s) && f.s[i+1] == quote {
			b.WriteByte(quote)
			at = at.Append(1, text.Span{Start: f.at + i, End: f.at + i + 2}, here, false)
			i++
			continue
		}
		b.WriteByte(f.s[i])
		at = at.Append(1, text.Span{Start: f.at + i, End: f.at + i + 1}, here, true)
	}
	return Text{b.String(), at}
}
