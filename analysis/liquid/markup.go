package liquid

import "strings"

func (p *parser) loop(n *node) loop {
	var l loop
	m := n.markup
	at := skipSpace(m.s, 0, len(m.s))
	end := at
	for end < len(m.s) && (isWord(m.s[end]) || m.s[end] == '-') {
		end++
	}
	l.name = m.s[at:end]
	in := skipSpace(m.s, end, len(m.s))
	if l.name == "" || !strings.HasPrefix(m.s[in:], "in") {
		p.problem(n.span, "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]")
		return l
	}
	start, stop, ok := m.quoted(in + 2)
	if ok && m.s[start] == '(' { // a range may hold blanks
		if n := strings.IndexByte(m.s[start:], ')'); n > 0 {
			stop = start + n + 1
		}
	}
	if !ok {
		p.problem(n.span, "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]")
		return l
	}
	l.in = parseExpr(m.sub(start, stop))
	l.key = l.name + "-" + m.s[start:stop]
	rest := m.sub(stop, len(m.s))
	l.reversed = strings.HasPrefix(strings.TrimSpace(rest.s), "reversed")
	for _, name := range []string{"limit", "offset", "cols"} {
		i := strings.Index(rest.s, name)
		if i < 0 {
			continue
		}
		colon := skipSpace(rest.s, i+len(name), len(rest.s))
		if colon >= len(rest.s) || rest.s[colon] != ':' {
			continue
		}
		if a, b, ok := rest.quoted(colon + 1); ok {
			if name == "limit" {
				l.limit = parseExpr(rest.sub(a, b))
			} else if name == "cols" {
				l.cols = parseExpr(rest.sub(a, b))
			} else if rest.s[a:b] == "continue" {
				l.resume = true
			} else {
				l.offset = parseExpr(rest.sub(a, b))
			}
		}
	}
	return l
}

// cycle reads {% cycle a, b %} and {% cycle name: a, b %}.
func (p *parser) cycle(n *node) {
	m := n.markup
	_, end, ok := m.quoted(0)
	if !ok || m.quotedAt(0) == 0 {
		p.problem(n.span, "Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]")
		return
	}
	if next := skipSpace(m.s, end, len(m.s)); next < len(m.s) && m.s[next] == ':' {
		n.group = parseExpr(m.sub(0, end))
		m = m.sub(next+1, len(m.s))
	} else if colon := strings.LastIndexByte(m.s[:end], ':'); colon > 0 && m.s[0] != '"' && m.s[0] != '\'' {
		n.group = parseExpr(m.sub(0, colon))
		m = m.sub(colon+1, len(m.s))
	}
	for at := 0; at <= len(m.s); {
		end := len(m.s)
		if comma := strings.IndexByte(m.s[at:], ','); comma >= 0 {
			end = at + comma
		}
		part := m.sub(at, end)
		if a, b, ok := part.quoted(0); ok {
			if e := parseExpr(part.sub(a, b)); e.isVar || e.lo != nil || e.literal != nil { // nil drops out
				n.args = append(n.args, e)
			}
		}
		at = end + 1
	}
}

// assignment cuts name = value. Liquid looks for the first name in front of an
// equals sign, wherever it stands.
func assignment(m fragment) (name, value fragment, ok bool) {
	for i := 0; i < len(m.s); i++ {
		if !isSignature(m.s[i]) {
			continue
		}
		end := i
		for end < len(m.s) && isSignature(m.s[end]) {
			end++
		}
		if eq := skipSpace(m.s, end, len(m.s)); eq < len(m.s) && m.s[eq] == '=' {
			return m.sub(i, end), m.sub(eq+1, len(m.s)), true
		}
		i = end
	}
	return fragment{}, fragment{}, false
}

// isSignature reports whether a variable that is set may have c in its name
// (VariableSignature).
func isSignature(c byte) bool { return isWord(c) || strings.IndexByte("-.[]()", c) >= 0 }

func signature(s string) string {
	start := strings.IndexFunc(s, func(c rune) bool { return c < 0x80 && isSignature(byte(c)) })
	if start < 0 {
		return ""
	}
	end := start
	for end < len(s) && isSignature(s[end]) {
		end++
	}
	return s[start:end]
}

// whenValues reads the values of a when, with commas or the word or between
// them; what comes behind anything else does not count.
func whenValues(m fragment) []*expr {
	var out []*expr
	for at := 0; ; {
		start, end, ok := m.quoted(at)
		if !ok {
			return out
		}
		word := m.sub(start, end)
		out = append(out, parseExpr(word))
		at = skipSpace(m.s, end, len(m.s))
		switch {
		case at < len(m.s) && m.s[at] == ',':
			at++
		case at > end && at+2 < len(m.s) && m.s[at:at+2] == "or" && isSpace(m.s[at+2]):
			at += 2
		default:
			return out
		}
	}
}

// isHighlight reports whether Jekyll accepts the markup of a highlight tag: a
// language, and options with or without a value.
func isHighlight(s string) bool {
	words := fields(s)
	if len(words) == 0 {
		return false
	}
	for i := 0; i < len(words[0]); i++ {
		if c := words[0][i]; !isWord(c) && strings.IndexByte(".+#-", c) < 0 {
			return false
		}
	}
	for _, option := range strings.SplitAfter(strings.Join(words[1:], " "), `" `) {
		if name, list, ok := strings.Cut(strings.TrimSpace(option), `="`); ok {
			list, ok = strings.CutSuffix(list, `"`)
			if !ok || strings.Trim(list, "0123456789 ") != "" {
				return false
			}
			option = name
		}
		for i := 0; i < len(option); i++ {
			if !isWord(option[i]) && option[i] != '=' && option[i] != ' ' {
				return false
			}
		}
	}
	return true
}
