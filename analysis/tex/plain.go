package tex

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/mathjax"
)

// Plain writes TeX as one line of Unicode, for terminals and lists: a² + b² for
// a^2+b^2. It is for people, not exact: what has no letter of its own is
// written out, and what only moves things about is left away. defs are the
// page's own definitions, c the site's configuration with its macros; c may be
// nil. An empty formula gives an empty line.
func Plain(source string, c *mathjax.Config, defs []Definition) string {
	p := &plainer{macros: map[string]plainMacro{}, left: 4000}
	if c != nil {
		p.table = tableOf(c.Engine)
		for i := range c.Macros {
			m := &c.Macros[i]
			if len(m.Template) == 0 {
				p.macros[m.Name] = plainMacro{m.Body, m.Args, m.Optional}
			}
		}
	} else {
		p.table = tableOf(mathjax.MathJax3)
	}
	for i := range defs {
		if d := &defs[i]; !d.Environment && d.Command != "let" {
			p.macros[d.Name] = plainMacro{d.Body, d.Args, d.Optional}
		}
	}
	return strings.Join(strings.Fields(p.row(source, 0)), " ")
}

type plainMacro struct {
	body     string
	args     int
	optional *string
}

// A plainer writes one formula.
type plainer struct {
	table  table
	macros map[string]plainMacro
	left   int // steps: a macro that expands for ever ends here
}

// The nesting of groups and macros that is followed.
const plainDepth = 40

// row writes all of s.
func (p *plainer) row(s string, depth int) string {
	r := plainRow{p: p, s: s, depth: depth}
	for r.i < len(s) && p.left > 0 {
		p.left--
		r.next()
	}
	return r.b.String()
}

// A plainRow is a part of a formula on its way to text.
type plainRow struct {
	p     *plainer
	s     string
	i     int
	depth int
	b     strings.Builder
	below bool // what was written last is a denominator
}

// next writes what comes next. Behind a denominator what could belong to it
// keeps a blank away: 1/2 x is no 1/(2x).
func (r *plainRow) next() {
	below, at := r.below, r.b.Len()
	r.below = false
	mark := strings.ContainsAny(r.s[r.i:min(r.i+1, len(r.s))], "^_'")
	r.one()
	if !below {
		return
	}
	written := r.b.String()[at:]
	if written == "" {
		r.below = true
		return
	}
	if c, _ := utf8.DecodeRuneInString(written); !mark && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("([{⟨√∫∑∏", c)) {
		before := r.b.String()[:at]
		r.b.Reset()
		r.b.WriteString(before + " " + written)
	}
}

func (r *plainRow) one() {
	c, n := utf8.DecodeRuneInString(r.s[r.i:])
	switch c {
	case ' ', '\t', '\n', '\r', '&':
		r.i++
		if c == '&' {
			r.b.WriteByte(' ')
		}
	case '~':
		r.i++
		r.b.WriteByte(' ')
	case '%':
		r.i = len(r.s) - len(afterLine(r.s[r.i:]))
	case '{':
		r.b.WriteString(r.p.inner(r.group(), r.depth))
	case '}', '$':
		r.i++
	case '^', '_':
		r.i++
		r.script(c == '^')
	case '\'':
		r.i++
		r.b.WriteString("′")
	case '\\':
		r.command()
	default:
		r.i += n
		r.symbol(c)
	}
}

func afterLine(s string) string {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return s[n+1:]
	}
	return ""
}

// inner writes a group's contents.
func (p *plainer) inner(s string, depth int) string {
	if depth >= plainDepth || p.left <= 0 {
		p.left = 0
		return ""
	}
	return p.row(s, depth+1)
}

// group returns what stands between the brace at r.i and its partner, and
// passes over both.
func (r *plainRow) group() string {
	depth := 0
	start := r.i + 1
	for ; r.i < len(r.s); r.i++ {
		switch r.s[r.i] {
		case '\\':
			r.i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				r.i++
				return r.s[start : r.i-1]
			}
		}
	}
	r.i = len(r.s)
	return r.s[min(start, len(r.s)):]
}

// argument returns the source of the next argument: a group, a command or a letter.
func (r *plainRow) argument() string {
	r.blanks()
	if r.i >= len(r.s) {
		return ""
	}
	switch r.s[r.i] {
	case '{':
		return r.group()
	case '\\':
		start := r.i
		r.name()
		return r.s[start:r.i]
	}
	_, n := utf8.DecodeRuneInString(r.s[r.i:])
	r.i += n
	return r.s[r.i-n : r.i]
}

// optional returns the next argument in brackets, where there is one.
func (r *plainRow) optional() (string, bool) {
	at := r.i
	r.blanks()
	if r.i < len(r.s) && r.s[r.i] == '[' {
		depth := 0
		for k := r.i + 1; k < len(r.s); k++ {
			switch {
			case r.s[k] == '{':
				depth++
			case r.s[k] == '}':
				depth--
			case r.s[k] == ']' && depth == 0:
				out := r.s[r.i+1 : k]
				r.i = k + 1
				return out, true
			}
		}
	}
	r.i = at
	return "", false
}

func (r *plainRow) blanks() {
	for r.i < len(r.s) && asciiSpace(r.s[r.i]) {
		r.i++
	}
}

// name reads a command's name at a backslash.
func (r *plainRow) name() string {
	r.i++
	start := r.i
	r.i += NameLen(r.s[r.i:])
	return r.s[start:r.i]
}

// arg is an argument, written.
func (r *plainRow) arg() string {
	return strings.TrimSpace(r.p.inner(r.argument(), r.depth))
}

// symbol writes a letter, with blanks around what relates two things.
func (r *plainRow) symbol(c rune) {
	switch c {
	case '-':
		c = '−'
	case '*':
		c = '∗'
	case ',', ';':
		r.b.WriteRune(c)
		r.b.WriteByte(' ')
		return
	}
	if !relates(c) || (c == '−' || c == '+' || c == '±') && r.opens() {
		r.b.WriteRune(c)
		return
	}
	r.b.WriteString(" " + string(c) + " ")
}

// opens reports whether nothing stands before that a sign could join: then it
// is one of its own.
func (r *plainRow) opens() bool {
	s := strings.TrimRight(r.b.String(), " ")
	if s == "" {
		return true
	}
	c, _ := utf8.DecodeLastRuneInString(s)
	return relates(c) || strings.ContainsRune("([{⟨,;", c)
}

// applies reports whether a function's name stands before: of letters, only it
// is followed by a blank.
func (r *plainRow) applies() bool {
	s := r.b.String()
	c, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " "))
	return strings.HasSuffix(s, " ") && unicode.IsLetter(c)
}

// relates reports whether a letter stands between two things.
func relates(c rune) bool {
	switch {
	case strings.ContainsRune("=<>+−±∓×÷·∘∗⋅≔∶∣", c), '←' <= c && c <= '⇿', '⟵' <= c && c <= '⟿':
		return true
	case '∈' <= c && c <= '∍', '∧' <= c && c <= '∪', '∼' <= c && c <= '⋿', c == '∖', c == '∝', c == '∥':
		return !strings.ContainsRune("⊤⊥⋀⋁⋂⋃⋮⋯⋰⋱", c)
	}
	return false
}

// script writes what is raised or lowered.
func (r *plainRow) script(up bool) {
	s := r.arg()
	marks, sign := lowered, "_"
	if up {
		marks, sign = raised, "^"
	}
	if up && s == "′" || s == "∘" && up {
		r.b.WriteString(map[string]string{"′": "′", "∘": "°"}[s])
		return
	}
	var b strings.Builder
	for _, c := range strings.ReplaceAll(s, " ", "") {
		m, ok := marks[c]
		if !ok {
			if utf8.RuneCountInString(s) > 1 {
				s = "(" + s + ")"
			}
			if s != "" {
				r.b.WriteString(sign + s)
			}
			return
		}
		b.WriteRune(m)
	}
	r.b.WriteString(b.String())
}

func (r *plainRow) command() {
	name := r.name()
	if m, ok := r.p.macros[name]; ok {
		r.expand(m)
		return
	}
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "flatfrac":
		a, b := r.arg(), r.arg()
		whole := above(a) + "/" + below(b)
		if r.applies() { // log (p/q), which log p/q is not
			r.b.WriteString("(" + whole + ")")
			break
		}
		r.b.WriteString(whole)
		r.below = true
	case "binom", "dbinom", "tbinom":
		a, b := r.arg(), r.arg()
		r.b.WriteString("(" + a + " over " + b + ")")
	case "sqrt":
		degree, _ := r.optional()
		root := "√"
		if degree != "" {
			row := plainRow{p: r.p, depth: r.depth, s: "{" + degree + "}"}
			row.script(true)
			root = row.b.String() + root
		}
		r.b.WriteString(root + below(r.arg()))
		r.below = true
	case "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr", "Biggr", "bigm", "Bigm":
		r.blanks()
		if r.i < len(r.s) && r.s[r.i] == '.' {
			r.i++
		}
	case "begin":
		r.environment(strings.TrimSpace(r.argument()))
	case "end", "tag", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color", "require", "mathtoolsset", "rule", "kern", "class", "cssId":
		r.drop(name)
	case "label":
		r.argument()
	case "ref", "eqref":
		r.b.WriteString("(" + strings.TrimSpace(r.argument()) + ")")
	case "newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "def", "gdef", "let", "newenvironment":
		r.definition(name)
	case "textcolor", "colorbox", "href", "style", "bbox", "enclose":
		r.optional()
		if name != "bbox" {
			r.argument()
		}
		r.b.WriteString(r.arg())
	case "overset", "stackrel":
		over, base := r.argument(), r.arg()
		r.b.WriteString(base)
		row := plainRow{p: r.p, depth: r.depth, s: "{" + over + "}"}
		row.script(true)
		r.b.WriteString(row.b.String())
	case "underset":
		under, base := r.argument(), r.arg()
		r.b.WriteString(base)
		row := plainRow{p: r.p, depth: r.depth, s: "{" + under + "}"}
		row.script(false)
		r.b.WriteString(row.b.String())
	case "pmod":
		r.b.WriteString(" (mod " + r.arg() + ")")
	case "bmod", "mod":
		r.b.WriteString(" mod ")
	case "not":
		row := plainRow{p: r.p, depth: r.depth, s: r.argument()}
		row.next()
		r.b.WriteString(" " + strings.TrimSpace(row.b.String()) + "\u0338 ")
	case "text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "hbox", "textnormal":
		r.b.WriteString(strings.NewReplacer("$", "", `\ `, " ", "~", " ", "{", "", "}", "").Replace(r.argument()))
	case "operatorname", "mathop", "mathrm", "mathord", "mathbin", "mathrel", "mathsf", "mathtt", "mathit", "rm", "DeclareMathAlphabet":
		if r.i < len(r.s) && r.s[r.i] == '*' {
			r.i++
		}
		if name != "rm" {
			r.b.WriteString(r.arg())
		}
	case "\\":
		r.optional()
		if r.i < len(r.s) && r.s[r.i] == '*' {
			r.i++
		}
		r.b.WriteString("; ")
	case "cr", "newline":
		r.b.WriteString("; ")
	case ",", ":", ";", " ", "quad", "qquad", ">", "\n":
		r.b.WriteByte(' ')
	case "!", "limits", "nolimits", "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag", "hline", "allowbreak", "/", "boldmath",
		"mathstrut", "strut", "hfill", "centering", "normalsize", "small", "large", "Large", "it", "bf", "cal":
	case "|", "Vert", "lVert", "rVert":
		r.b.WriteString("‖")
	case "vert", "lvert", "rvert":
		r.b.WriteString("|")
	case "mid":
		r.b.WriteString(" | ")
	case "{", "}", "$", "%", "#", "&", "_":
		r.b.WriteString(name)
	case "dv", "derivative", "odv":
		r.derivative("d")
	case "pdv", "partialderivative":
		r.derivative("∂")
	case "dd":
		r.b.WriteString("d" + r.arg())
	case "bra":
		r.b.WriteString("⟨" + r.arg() + "|")
	case "ket":
		r.b.WriteString("|" + r.arg() + "⟩")
	case "braket", "innerproduct":
		a := r.arg()
		r.blanks()
		if r.i < len(r.s) && r.s[r.i] == '{' {
			a += "|" + r.arg()
		}
		r.b.WriteString("⟨" + a + "⟩")
	case "abs":
		r.b.WriteString("|" + r.arg() + "|")
	case "norm":
		r.b.WriteString("‖" + r.arg() + "‖")
	case "qty":
		r.blanks()
	case "vb", "vectorbold":
		r.b.WriteString(styled(r.arg(), "bold"))
	default:
		r.known(name)
	}
}

// derivative writes physics' \dv{f}{x}, or \dv{x} alone.
func (r *plainRow) derivative(d string) {
	order, _ := r.optional()
	up := ""
	if order != "" {
		row := plainRow{p: r.p, depth: r.depth, s: "{" + order + "}"}
		row.script(true)
		up = row.b.String()
	}
	a := r.arg()
	r.blanks()
	if r.i < len(r.s) && r.s[r.i] == '{' {
		b := r.arg()
		r.b.WriteString(d + up + above(a) + "/" + d + below(b) + up)
		r.below = true
		return
	}
	r.b.WriteString(d + up + "/" + d + below(a) + up + " ")
}

// drop passes over what prints nothing, with its arguments.
func (r *plainRow) drop(name string) {
	if r.i < len(r.s) && r.s[r.i] == '*' {
		r.i++
	}
	r.optional()
	s := r.argument()
	switch {
	case name == "rule":
		r.argument()
	case name == "class" || name == "cssId":
		r.b.WriteString(r.arg())
	case name == "tag":
		r.b.WriteString("  (" + strings.TrimSpace(r.p.inner(s, r.depth)) + ")")
	}
}

// definition passes over a definition.
func (r *plainRow) definition(name string) {
	if r.i < len(r.s) && r.s[r.i] == '*' {
		r.i++
	}
	switch name {
	case "let":
		r.argument()
		r.blanks()
		if r.i < len(r.s) && r.s[r.i] == '=' {
			r.i++
		}
		r.argument()
	case "def", "gdef":
		r.argument()
		if n := strings.IndexByte(r.s[r.i:], '{'); n >= 0 {
			r.i += n
		}
		r.argument()
	default:
		r.argument()
		for range 2 {
			r.optional()
		}
		r.argument()
		if name == "newenvironment" {
			r.argument()
		}
	}
}

// expand puts a macro's text in its place.
func (r *plainRow) expand(m plainMacro) {
	var args []string
	if m.optional != nil && m.args > 0 {
		a, ok := r.optional()
		if !ok {
			a = *m.optional
		}
		args = append(args, a)
	}
	for len(args) < m.args && len(args) < 9 {
		args = append(args, r.argument())
	}
	body := m.body
	for i := len(args); i > 0; i-- {
		body = strings.ReplaceAll(body, "#"+string(rune('0'+i)), "{"+args[i-1]+"}")
	}
	r.b.WriteString(r.p.inner(body, r.depth+1))
}

// environment writes a matrix in brackets, and of anything else its rows.
func (r *plainRow) environment(name string) {
	if name == "array" || name == "subarray" || strings.HasPrefix(name, "alignat") || name == "alignedat" {
		r.optional()
		r.argument()
	}
	r.optional()
	end := len(r.s)
	next := len(r.s)
	depth := 0
	for i := r.i; i < len(r.s); i++ {
		rest := r.s[i:]
		switch {
		case strings.HasPrefix(rest, `\begin{`):
			depth++
		case strings.HasPrefix(rest, `\end{`):
			if depth == 0 {
				end, next = i, i+len(`\end{`)+max(strings.IndexByte(rest[len(`\end{`):], '}'), 0)+1
				i = len(r.s)
			}
			depth--
		}
	}
	body := strings.TrimSpace(r.p.inner(r.s[r.i:end], r.depth))
	body = strings.TrimSuffix(body, ";")
	r.i = min(next, len(r.s))
	fences := map[string][2]string{
		"pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"}, "cases": {"{ ", ""},
		"dcases": {"{ ", ""}, "smallmatrix": {"", ""}, "psmallmatrix": {"(", ")"}, "bsmallmatrix": {"[", "]"},
	}[strings.TrimSuffix(name, "*")]
	r.b.WriteString(fences[0] + strings.Join(strings.Fields(body), " ") + fences[1])
}

// known writes a command of MathJax's own by its tables.
func (r *plainRow) known(name string) {
	entries := named(r.p.table.commands, name)
	if len(entries) == 0 {
		if char := delimiterChar(r.p.table.delimiters, `\`+name); char != "" {
			r.b.WriteString(char)
			return
		}
		r.b.WriteString(`\` + name)
		return
	}
	e := &entries[0]
	for i := range entries { // the meaning without a package before that with one
		if p := &r.p.table.packages[entries[i].pkg]; p.name == "base" || p.name == "ams" {
			e = &entries[i]
			break
		}
	}
	switch e.method {
	case mAccent:
		arg := r.arg()
		code, _ := e.arg(0)
		if mark := accents[code]; mark != "" && utf8.RuneCountInString(arg) == 1 {
			r.b.WriteString(arg + mark)
			return
		}
		r.b.WriteString(arg)
	case mMathFont, mBoldsymbolBoldsymbol:
		font, _ := e.arg(0)
		if e.method == mBoldsymbolBoldsymbol {
			font = "bold"
		}
		r.b.WriteString(styled(r.arg(), font))
	case mUnderOver:
		r.b.WriteString(r.arg())
	case mNamedFn, mNamedOp:
		word, ok := e.arg(0)
		if !ok || word == "" {
			word = name
		}
		s := r.b.String()
		if c, _ := utf8.DecodeLastRuneInString(s); s != "" && (unicode.IsLetter(c) || unicode.IsDigit(c)) {
			r.b.WriteByte(' ')
		}
		r.b.WriteString(strings.ReplaceAll(word, "&thinsp;", " "))
		r.blanks()
		if r.i < len(r.s) && (r.s[r.i]|0x20 >= 'a' && r.s[r.i]|0x20 <= 'z' || r.s[r.i] == '\\') {
			r.b.WriteByte(' ')
		}
	case mMacro:
		body, _ := e.arg(0)
		if n := strings.Count(e.sig, "m"); n > 0 && body != "" {
			r.expand(plainMacro{body, n, nil})
			return
		}
		if body != "" {
			r.b.WriteString(r.p.inner(body, r.depth+1))
		}
	default:
		if e.char != "" {
			if c, n := utf8.DecodeRuneInString(e.char); n == len(e.char) {
				r.symbol(c)
				return
			}
			r.b.WriteString(e.char)
			return
		}
		if strings.Contains(e.sig, "m") { // what it does to its argument has no letter
			r.b.WriteString(r.arg())
			return
		}
		r.b.WriteString(name)
	}
}

func delimiterChar(list []delimiterEntry, name string) string {
	for i := range list {
		if list[i].name == name {
			return list[i].char
		}
	}
	return ""
}
