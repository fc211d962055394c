package mathjax

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"scholium/analysis/text"
)

// A token is one token of a script; white space and comments are left out.
type token struct {
	kind  js.TokenType
	text  string
	start int
}

func (t token) span() text.Span { return text.Span{Start: t.start, End: t.start + len(t.text)} }

// tokens cuts a script. It returns false where it is no JavaScript.
func tokens(body string) ([]token, bool) {
	input := parse.NewInputString(body)
	lexer := js.NewLexer(input)
	var out []token
	at := 0
	for {
		kind, data := lexer.Next()
		if kind == js.ErrorToken {
			return out, at+len(data) >= len(body)
		}
		if (kind == js.DivToken || kind == js.DivEqToken) && startsOperand(out) {
			re, rest := lexer.RegExp()
			if re == js.ErrorToken {
				return out, false
			}
			kind, data = re, rest
		}
		switch kind {
		case js.WhitespaceToken, js.LineTerminatorToken, js.CommentToken, js.CommentLineTerminatorToken:
		default:
			out = append(out, token{kind, string(data), at})
		}
		at += len(data)
	}
}

// startsOperand reports whether a slash after these tokens begins a regular
// expression rather than a division.
func startsOperand(before []token) bool {
	if len(before) == 0 {
		return true
	}
	switch last := before[len(before)-1]; last.kind {
	case js.CloseParenToken, js.CloseBracketToken, js.CloseBraceToken, js.StringToken, js.TemplateToken, js.TemplateEndToken, js.RegExpToken:
		return false
	default:
		return !js.IsIdentifierName(last.kind) && !js.IsNumeric(last.kind) || last.kind == js.ReturnToken
	}
}

// A reader evaluates expressions of one script.
type reader struct {
	toks   []token
	consts map[string]int // a name's first definition: the token behind its "="
	depth  int
}

const maxDepth = 60

func newReader(toks []token) *reader {
	r := &reader{toks: toks, consts: map[string]int{}}
	for i := 0; i+2 < len(toks); i++ {
		switch toks[i].kind {
		case js.ConstToken, js.LetToken, js.VarToken:
			name := toks[i+1]
			if _, seen := r.consts[name.text]; !seen && js.IsIdentifierName(name.kind) && toks[i+2].kind == js.EqToken {
				r.consts[name.text] = i + 3
			}
		}
	}
	return r
}

func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.toks) {
		return token{kind: js.ErrorToken}
	}
	return r.toks[i]
}

// expression evaluates what begins at token i, up to a comma or a closing
// bracket, and returns the token behind it.
func (r *reader) expression(i int) (value, int) {
	if r.depth++; r.depth > maxDepth {
		r.depth--
		return value{text: "nested too deeply"}, r.skip(i)
	}
	defer func() { r.depth-- }()
	v, next := r.operand(i)
	for {
		switch r.at(next).kind {
		case js.AddToken:
			w, after := r.operand(next + 1)
			v, next = add(v, w), after
		case js.OrToken, js.NullishToken:
			w, after := r.operand(next + 1)
			// window.MathJax || {…}: what another script may have set is not known here.
			if v.kind == undefined || v.kind == unknown && w.kind == object {
				v = w
			}
			next = after
		case js.CommaToken, js.SemicolonToken, js.CloseBraceToken, js.CloseBracketToken, js.CloseParenToken, js.ErrorToken:
			return v, next
		default:
			if r.ends(next) {
				return v, next
			}
			return value{text: "an expression that only running it would tell", span: v.span}, r.skip(next)
		}
	}
}

// ends reports whether a new statement may begin at token i, without a
// semicolon before it.
func (r *reader) ends(i int) bool {
	kind := r.at(i).kind
	return js.IsIdentifierName(kind) && kind != js.InToken && kind != js.InstanceofToken
}

// skip returns the token that ends the expression around token i.
func (r *reader) skip(i int) int {
	level := 0
	for ; i < len(r.toks); i++ {
		switch r.toks[i].kind {
		case js.OpenBraceToken, js.OpenBracketToken, js.OpenParenToken, js.TemplateStartToken:
			level++
		case js.CloseBraceToken, js.CloseBracketToken, js.CloseParenToken, js.TemplateEndToken:
			if level--; level < 0 {
				return i
			}
		case js.CommaToken, js.SemicolonToken:
			if level == 0 {
				return i
			}
		}
	}
	return i
}

// closing returns the token behind the bracket that closes the one at i.
func (r *reader) closing(i int) int {
	level := 0
	for ; i < len(r.toks); i++ {
		switch r.toks[i].kind {
		case js.OpenBraceToken, js.OpenBracketToken, js.OpenParenToken, js.TemplateStartToken:
			level++
		case js.CloseBraceToken, js.CloseBracketToken, js.CloseParenToken, js.TemplateEndToken:
			if level--; level <= 0 {
				return i + 1
			}
		}
	}
	return i
}

func (r *reader) operand(i int) (value, int) {
	t := r.at(i)
	switch t.kind {
	case js.StringToken:
		return value{kind: str, text: unquote(t.text), span: t.span()}, i + 1
	case js.TemplateToken:
		return value{kind: str, text: unquote(t.text), span: t.span()}, i + 1
	case js.IntegerToken, js.DecimalToken:
		n, _ := strconv.ParseFloat(t.text, 64)
		return value{kind: number, num: n, span: t.span()}, i + 1
	case js.TrueToken:
		return value{kind: boolean, num: 1, span: t.span()}, i + 1
	case js.FalseToken:
		return value{kind: boolean, span: t.span()}, i + 1
	case js.NullToken:
		return value{kind: undefined, span: t.span()}, i + 1
	case js.NotToken: // minifiers write !0 and !1
		v, next := r.operand(i + 1)
		if v.kind != number && v.kind != boolean {
			return value{text: "a negation"}, next
		}
		n := 1.0
		if v.num != 0 {
			n = 0
		}
		return value{kind: boolean, num: n, span: v.span}, next
	case js.RegExpToken:
		end := strings.LastIndexByte(t.text, '/')
		return value{kind: pattern, text: t.text[1:max(end, 1)], span: t.span()}, i + 1
	case js.OpenBracketToken:
		return r.list(i)
	case js.OpenBraceToken:
		return r.object(i)
	case js.OpenParenToken:
		if end := r.closing(i); r.at(end).kind == js.ArrowToken {
			return r.function(end + 1)
		}
		v, next := r.expression(i + 1)
		if r.at(next).kind != js.CloseParenToken {
			return value{text: "a sequence"}, r.closing(i)
		}
		return v, next + 1
	case js.FunctionToken, js.AsyncToken:
		for ; i < len(r.toks) && r.toks[i].kind != js.OpenParenToken; i++ {
		}
		i = r.closing(i)
		if r.at(i).kind == js.ArrowToken {
			return r.function(i + 1)
		}
		return value{kind: function}, r.closing(i)
	}
	if js.IsIdentifierName(t.kind) {
		return r.name(i)
	}
	return value{text: "an expression that only running it would tell", span: t.span()}, r.skip(i)
}

// function skips the body of an arrow function.
func (r *reader) function(i int) (value, int) {
	if r.at(i).kind == js.OpenBraceToken {
		return value{kind: function}, r.closing(i)
	}
	return value{kind: function}, r.skip(i)
}

// name evaluates a name: a constant of this script, String.raw`…`, or an
// arrow function of one argument.
func (r *reader) name(i int) (value, int) {
	t := r.at(i)
	switch {
	case t.text == "undefined":
		return value{kind: undefined}, i + 1
	case r.at(i+1).kind == js.ArrowToken:
		return r.function(i + 2)
	case t.text == "String" && r.at(i+1).kind == js.DotToken && r.at(i+2).text == "raw" && r.at(i+3).kind == js.TemplateToken:
		raw := r.at(i + 3)
		return value{kind: str, text: raw.text[1 : len(raw.text)-1], span: raw.span()}, i + 4
	}
	v := value{text: "the variable " + t.text, span: t.span()}
	if at, known := r.consts[t.text]; known {
		v, _ = r.expression(at)
	}
	i++
	for { // members: a.b, a['b'], a(…)
		switch r.at(i).kind {
		case js.DotToken, js.OptChainToken:
			member := r.at(i + 1).text
			if v.kind == object {
				v = v.get(member)
			} else {
				v = value{text: "the member " + member, span: t.span()}
			}
			i += 2
		case js.OpenBracketToken, js.OpenParenToken:
			v = value{text: "a call", span: t.span()}
			i = r.closing(i)
		default:
			return v, i
		}
	}
}

func (r *reader) list(i int) (value, int) {
	v := value{kind: list, span: r.at(i).span()}
	i++
	for i < len(r.toks) && r.toks[i].kind != js.CloseBracketToken {
		if r.toks[i].kind == js.CommaToken {
			i++
			continue
		}
		start := i
		spread := r.toks[i].kind == js.EllipsisToken
		if spread {
			i++
		}
		item, next := r.expression(i)
		switch {
		case spread && item.kind == list:
			v.list = append(v.list, item.list...)
		case spread:
			v.list = append(v.list, value{text: "a spread of what is not known", span: item.span})
		default:
			v.list = append(v.list, item)
		}
		if i = next; i == start {
			i++
		}
	}
	v.span.End = r.at(i).span().End
	return v, i + 1
}

func (r *reader) object(i int) (value, int) {
	v := value{kind: object, span: r.at(i).span()}
	i++
	for i < len(r.toks) && r.toks[i].kind != js.CloseBraceToken {
		t := r.toks[i]
		start := i
		switch {
		case t.kind == js.CommaToken:
			i++
			continue
		case t.kind == js.EllipsisToken:
			from, next := r.expression(i + 1)
			if from.kind == object {
				for _, p := range from.keys {
					v.set(p)
				}
			} else {
				v.set(property{name: "...", value: value{text: "a spread of what is not known"}})
			}
			i = next
		case t.kind == js.OpenBracketToken: // a computed name
			name, next := r.expression(i + 1)
			i = next + 1
			if r.at(i).kind == js.ColonToken {
				item, after := r.expression(i + 1)
				if name.kind == str {
					v.set(property{name.text, name.span, item})
				}
				i = after
			}
		default:
			i = r.property(&v, i)
		}
		if i <= start {
			i = start + 1
		}
	}
	if i < len(r.toks) {
		v.span.End = r.toks[i].start + 1
	}
	return v, i + 1
}

// property reads name: value, a shorthand name or a method into v.
func (r *reader) property(v *value, i int) int {
	t := r.at(i)
	name, at := t.text, t.span()
	if t.kind == js.StringToken {
		name = unquote(t.text)
		at = text.Span{Start: at.Start + 1, End: at.End - 1}
	}
	switch r.at(i + 1).kind {
	case js.ColonToken:
		item, next := r.expression(i + 2)
		if next > i+2 {
			item.span.End = r.at(next-1).start + len(r.at(next-1).text)
		}
		v.set(property{name, at, item})
		return next
	case js.CommaToken, js.CloseBraceToken:
		item, _ := r.name(i)
		v.set(property{name, at, item})
		return i + 1
	case js.OpenParenToken:
		v.set(property{name, at, value{kind: function}})
		return r.closing(r.closing(i + 1))
	}
	return r.skip(i + 1) // get x() {…}, async f() {…}
}

func add(a, b value) value {
	if a.kind == str && b.kind == str {
		return value{kind: str, text: a.text + b.text, span: text.Union(a.span, b.span)}
	}
	return value{text: "a sum that only running it would tell", span: a.span}
}

// unquote returns the value of a string or template literal (ECMAScript,
// 12.9.4): a backslash before a letter that means nothing is dropped, so that
// "\[" is [.
func unquote(literal string) string {
	if len(literal) < 2 {
		return ""
	}
	s := literal[1 : len(literal)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		i += 2
		switch c := s[i-1]; c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'v':
			b.WriteByte('\v')
		case '\n':
		case '\r':
			if i < len(s) && s[i] == '\n' {
				i++
			}
		case 'x':
			if r, err := strconv.ParseUint(s[i:min(i+2, len(s))], 16, 8); err == nil {
				b.WriteRune(rune(r))
				i += 2
			}
		case 'u':
			var r rune
			r, i = unicodeEscape(s, i)
			if utf16.IsSurrogate(r) && strings.HasPrefix(s[i:], `\u`) {
				low, next := unicodeEscape(s, i+2)
				r, i = utf16.DecodeRune(r, low), next
			}
			b.WriteRune(r)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := int(c - '0')
			for k := 0; k < 2 && i < len(s) && s[i] >= '0' && s[i] <= '7' && n*8+int(s[i]-'0') < 256; k++ {
				n = n*8 + int(s[i]-'0')
				i++
			}
			b.WriteRune(rune(n))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unicodeEscape reads what follows \u.
func unicodeEscape(s string, i int) (rune, int) {
	digits, next := s[i:min(i+4, len(s))], min(i+4, len(s))
	if strings.HasPrefix(s[i:], "{") {
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			return utf8.RuneError, len(s)
		}
		digits, next = s[i+1:i+end], i+end+1
	}
	r, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || r > utf8.MaxRune {
		return utf8.RuneError, next
	}
	return rune(r), next
}
