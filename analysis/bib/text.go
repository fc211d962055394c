package bib

import (
	"html"
	"strings"
	"unicode/utf8"

	"scholium/analysis/tex"
)

// Plain writes a field's LaTeX as one line of Unicode: accents and letters of
// other languages as themselves, dashes and quotes as they are set, formulas as
// tex.Plain has them. Braces go; of a command that is not known its argument
// stays.
func Plain(source string) string {
	if !strings.ContainsAny(source, "\\{}$~`'-\n\t\r") && !strings.Contains(source, "  ") {
		return strings.TrimSpace(source)
	}
	w := writer{s: source}
	w.all()
	return fold(w.b.String())
}

// A writer is on its way through a field.
type writer struct {
	s string
	i int
	b strings.Builder
}

func (w *writer) all() {
	for w.i < len(w.s) {
		c := w.s[w.i]
		switch {
		case c == '\\':
			w.command()
		case c == '{' || c == '}':
			w.i++
		case c == '~':
			w.i++
			w.b.WriteByte(' ')
		case c == '$':
			w.formula()
		case c == '-' && strings.HasPrefix(w.s[w.i:], "---"):
			w.put(3, "—")
		case c == '-' && strings.HasPrefix(w.s[w.i:], "--"):
			w.put(2, "–")
		case c == '`' && strings.HasPrefix(w.s[w.i:], "``"):
			w.put(2, "“")
		case c == '\'' && strings.HasPrefix(w.s[w.i:], "''"):
			w.put(2, "”")
		case c == '`':
			w.put(1, "‘")
		case c == '\'':
			w.put(1, "’")
		default:
			w.b.WriteByte(c)
			w.i++
		}
	}
}

func (w *writer) put(n int, s string) {
	w.i += n
	w.b.WriteString(s)
}

// formula writes what stands between two dollars.
func (w *writer) formula() {
	open := 1
	if strings.HasPrefix(w.s[w.i:], "$$") {
		open = 2
	}
	from := w.i + open
	for end := from; end < len(w.s); end++ {
		switch w.s[end] {
		case '\\':
			end++
		case '$':
			w.b.WriteString(tex.Plain(w.s[from:end], nil, nil))
			w.i = min(end+open, len(w.s))
			return
		}
	}
	w.put(open, w.s[w.i:min(from, len(w.s))])
}

// letters are commands that stand for a letter or sign.
var letters = map[string]string{
	"ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
	"i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
	"S": "§", "P": "¶", "dag": "†", "ddag": "‡", "copyright": "©", "pounds": "£", "ldots": "…", "dots": "…", "textendash": "–",
	"textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
	"textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textbar": "|", "textless": "<", "textgreater": ">", "slash": "/",
	"LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "textregistered": "®", "texttrademark": "™",
}

// accents are the commands that put a mark on a letter: the name that HTML has
// for such a letter ends with the first word, and the second is the mark itself.
var accents = map[string][2]string{
	`"`: {"uml", "\u0308"}, `'`: {"acute", "\u0301"}, "`": {"grave", "\u0300"}, "^": {"circ", "\u0302"}, "~": {"tilde", "\u0303"},
	"=": {"macr", "\u0304"}, ".": {"dot", "\u0307"}, "u": {"breve", "\u0306"}, "v": {"caron", "\u030C"}, "H": {"dblac", "\u030B"},
	"c": {"cedil", "\u0327"}, "d": {"", "\u0323"}, "b": {"", "\u0331"}, "r": {"ring", "\u030A"}, "k": {"ogon", "\u0328"}, "t": {"", "\u0361"},
}

func (w *writer) command() {
	w.i++
	name := w.s[w.i : w.i+tex.NameLen(w.s[w.i:])]
	w.i += len(name)
	wordy := name != "" && name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z'
	if wordy { // a blank behind it is its end
		for w.i < len(w.s) && isBlank(w.s[w.i]) {
			w.i++
		}
	}
	if mark, ok := accents[name]; ok {
		w.accent(mark)
		return
	}
	if letter, ok := letters[name]; ok {
		w.b.WriteString(letter)
		return
	}
	switch {
	case name == "url" || name == "texttt" || name == "path":
		w.b.WriteString(w.argument()) // to the letter
	case name == "href":
		w.argument()
	case name == "(" || name == ")" || name == "[" || name == "]" || name == "-" || name == "/":
	case name == `\` || name == "," || name == ";" || name == ":" || name == " " || name == "newline" || name == "quad":
		w.b.WriteByte(' ')
	case !wordy:
		w.b.WriteString(name) // \& \% \$ \# \_ \{ \}
	}
}

// argument passes over a group, and returns what is in it; empty where none
// stands next.
func (w *writer) argument() string {
	if w.i >= len(w.s) || w.s[w.i] != '{' {
		return ""
	}
	depth := 0
	for end := w.i; end < len(w.s); end++ {
		switch w.s[end] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				inner := w.s[w.i+1 : end]
				w.i = end + 1
				return inner
			}
		}
	}
	inner := w.s[w.i+1:]
	w.i = len(w.s)
	return inner
}

// accent puts a mark on the next letter: \'e, \'{e}, \'{\i}, \v{S}.
func (w *writer) accent(mark [2]string) {
	for w.i < len(w.s) && (w.s[w.i] == '{' || isBlank(w.s[w.i])) {
		w.i++
	}
	rest := w.s[w.i:]
	letter, n := "", 0
	switch {
	case rest == "" || rest[0] == '}':
		return
	case strings.HasPrefix(rest, `\i`) || strings.HasPrefix(rest, `\j`): // the mark stands for the dot
		letter, n = rest[1:2], 2
	case rest[0] == '\\':
		name := 1
		for name < len(rest) && (rest[name]|0x20 >= 'a' && rest[name]|0x20 <= 'z') {
			name++
		}
		letter, n = letters[rest[1:name]], name
		if letter == "" {
			return
		}
	default:
		_, n = utf8.DecodeRuneInString(rest)
		letter = rest[:n]
	}
	w.i += n
	for rest[0] == '\\' && w.i < len(w.s) && isBlank(w.s[w.i]) { // the end of \i
		w.i++
	}
	if mark[0] != "" && len(letter) == 1 {
		entity := "&" + letter + mark[0] + ";"
		if one := html.UnescapeString(entity); one != entity && utf8.RuneCountInString(one) == 1 {
			w.b.WriteString(one)
			return
		}
	}
	w.b.WriteString(letter + mark[1])
}
