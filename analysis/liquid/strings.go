package liquid

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/text"
)

// cased returns s as made from t letter by letter, where each letter of s
// stands for the one of t at the same place; else made from t as a whole.
func (t Text) cased(s string) Text {
	if len(s) != len(t.S) {
		return t.made(s)
	}
	m := maker{t: t}
	from := 0
	for i := 0; i < len(s); {
		if s[i] == t.S[i] {
			i++
			continue
		}
		m.keep(from, i)
		end := i
		for end < len(s) && s[end] != t.S[end] {
			end++
		}
		m.make(s[i:end], i, end)
		from, i = end, end
	}
	m.keep(from, len(s))
	return m.text()
}

// Unix returns t with every line end as "\n".
func (t Text) Unix() Text {
	if strings.IndexByte(t.S, '\r') < 0 {
		return t
	}
	return substitute(t, func(s string, i int) int {
		if s[i] == '\r' {
			return max(lineEnd(s, i), i+1)
		}
		return i
	}, func(string) string { return "\n" })
}

// A maker makes a text out of another, with the places of what it keeps.
type maker struct {
	t  Text
	b  strings.Builder
	at text.Pieces
}

// keep appends bytes i to j of the source.
func (m *maker) keep(i, j int) {
	if j <= i {
		return
	}
	m.b.WriteString(m.t.S[i:j])
	for _, p := range placed(m.t).In(text.Span{Start: i, End: j}) {
		m.at = m.at.Append(p.Out.Len(), p.Src, p.File, p.Exact)
	}
}

// make appends s, which stands for bytes i to j of the source.
func (m *maker) make(s string, i, j int) {
	if s == "" {
		return
	}
	m.b.WriteString(s)
	src, file, _ := placed(m.t).Source(text.Span{Start: i, End: j})
	m.at = m.at.Append(len(s), src, file, false)
}

func (m *maker) text() Text {
	if m.b.String() == m.t.S {
		return m.t
	}
	return Text{m.b.String(), m.at}
}

// substitute replaces what match finds: it returns the end of a match at i, or i.
func substitute(t Text, match func(s string, i int) int, by func(string) string) Text {
	m := maker{t: t}
	from := 0
	for i := 0; i < len(t.S); {
		end := match(t.S, i)
		if end == i {
			i++
			continue
		}
		m.keep(from, i)
		m.make(by(t.S[i:end]), i, end)
		from, i = end, end
	}
	if from == 0 {
		return t
	}
	m.keep(from, len(t.S))
	return m.text()
}

func lineEnd(s string, i int) int {
	if s[i] == '\n' {
		return i + 1
	}
	if strings.HasPrefix(s[i:], "\r\n") {
		return i + 2
	}
	return i
}

func blanksAt(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// replaceAll works as Ruby's gsub (or sub, where n is 1) with two strings. In
// the replacement a backslash means what it means there.
func replaceAll(t Text, old, by string, n int) Text {
	m := maker{t: t}
	from := 0
	for at := 0; n != 0 && at <= len(t.S); n-- {
		i := strings.Index(t.S[at:], old)
		if i < 0 {
			break
		}
		i += at
		end := i + len(old)
		m.keep(from, i)
		m.make(expand(by, t.S[:i], old, t.S[end:]), i, end)
		from, at = end, end
		if old == "" { // between all letters
			_, size := utf8.DecodeRuneInString(t.S[at:])
			at += max(size, 1)
		}
	}
	m.keep(from, len(t.S))
	return m.text()
}

// expand fills in what a backslash stands for in a replacement.
func expand(by, before, match, after string) string {
	if strings.IndexByte(by, '\\') < 0 {
		return by
	}
	var b strings.Builder
	for i := 0; i < len(by); i++ {
		if by[i] != '\\' || i+1 == len(by) {
			b.WriteByte(by[i])
			continue
		}
		i++
		switch c := by[i]; {
		case c == '0' || c == '&':
			b.WriteString(match)
		case c >= '1' && c <= '9':
		case c == '`':
			b.WriteString(before)
		case c == '\'':
			b.WriteString(after)
		case c == '\\':
			b.WriteByte('\\')
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

func replaceLast(t Text, old, by string) Text {
	i := strings.LastIndex(t.S, old)
	if i < 0 {
		return t
	}
	m := maker{t: t}
	m.keep(0, i)
	m.make(by, i, i+len(old))
	m.keep(i+len(old), len(t.S))
	return m.text()
}

func truncate(t Text, n int, more string) Text {
	count := utf8.RuneCountInString(t.S)
	if count <= n {
		return t
	}
	return cutShort(t, runeOffset(t.S, max(n-utf8.RuneCountInString(more), 0)), more)
}

// cutShort keeps end bytes of t and adds more.
func cutShort(t Text, end int, more string) Text {
	m := maker{t: t}
	m.keep(0, end)
	m.make(more, end, len(t.S))
	return m.text()
}

func runeOffset(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

func truncateWords(t Text, n int, more string) Text {
	m := maker{t: t}
	words := 0
	for at := 0; ; words++ {
		for at < len(t.S) && isTrimmed(t.S[at]) {
			at++
		}
		if at == len(t.S) {
			return t
		}
		if words == n {
			m.make(more, at, len(t.S))
			return m.text()
		}
		end := at
		for end < len(t.S) && !isTrimmed(t.S[end]) {
			end++
		}
		if words > 0 {
			m.make(" ", at-1, at)
		}
		m.keep(at, end)
		at = end
	}
}

// fields splits at blanks as Ruby's split does, for which only ASCII has blanks.
func fields(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c < 0x80 && isTrimmed(byte(c)) })
}

// countWords is Jekyll's number_of_words with its modes for Chinese, Japanese and Korean.
func countWords(s, mode string) int {
	if mode != "cjk" && mode != "auto" {
		return len(fields(s))
	}
	letters, words := 0, 0
	in := false
	for _, c := range s {
		cjk := unicode.In(c, unicode.Han, unicode.Katakana, unicode.Hiragana, unicode.Hangul)
		if cjk {
			letters++
		}
		word := !cjk && !(c < 0x80 && isSpace(byte(c)))
		if word && !in {
			words++
		}
		in = word
	}
	if mode == "auto" && letters == 0 {
		return len(fields(s))
	}
	return letters + words
}

func trim(t Text, left, right bool) Text {
	start, end := 0, len(t.S)
	for left && start < end && isTrimmed(t.S[start]) {
		start++
	}
	for right && end > start && isTrimmed(t.S[end-1]) {
		end--
	}
	if start == 0 && end == len(t.S) {
		return t
	}
	return t.slice(start, end)
}

// escapeHTML keeps the places of what it does not change (CGI.escapeHTML).
func escapeHTML(t Text) Text { return escapeBytes(t, "&#39;") }

// xmlEscape is Ruby's encode(xml: :attr) without the quotes around it.
func xmlEscape(t Text) Text { return escapeBytes(t, "&apos;") }

func escapeBytes(t Text, apostrophe string) Text {
	if !strings.ContainsAny(t.S, `&<>"'`) {
		return t
	}
	return substitute(t, func(s string, i int) int {
		if strings.IndexByte(`&<>"'`, s[i]) >= 0 {
			return i + 1
		}
		return i
	}, func(c string) string { return entity(c, apostrophe) })
}

func entity(c, apostrophe string) string {
	switch c {
	case "&":
		return "&amp;"
	case "<":
		return "&lt;"
	case ">":
		return "&gt;"
	case `"`:
		return "&quot;"
	}
	return apostrophe
}

// escapeOnce leaves what looks like a character reference (HTML_ESCAPE_ONCE_REGEXP).
func escapeOnce(t Text) Text {
	return substitute(t, func(s string, i int) int {
		if strings.IndexByte(`<>"'`, s[i]) >= 0 || s[i] == '&' && !isReference(s[i+1:]) {
			return i + 1
		}
		return i
	}, func(c string) string { return entity(c, "&#39;") })
}

func isReference(s string) bool {
	i := 0
	if i < len(s) && s[i] == '#' {
		for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		}
		return i > 1 && i < len(s) && s[i] == ';'
	}
	for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z') {
		i++
	}
	return i > 0 && i < len(s) && s[i] == ';'
}

// stripHTML removes scripts, comments and styles, then tags (Liquid's
// STRIP_HTML_BLOCKS and STRIP_HTML_TAGS, one after the other).
func stripHTML(t Text) Text {
	gone := func(string) string { return "" }
	t = substitute(t, func(s string, i int) int {
		if s[i] == '<' {
			for _, block := range [][2]string{{"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}} {
				if strings.HasPrefix(s[i:], block[0]) {
					if n := strings.Index(s[i+len(block[0]):], block[1]); n >= 0 {
						return i + len(block[0]) + n + len(block[1])
					}
				}
			}
		}
		return i
	}, gone)
	last := strings.LastIndexByte(t.S, '>')
	return substitute(t, func(s string, i int) int {
		if s[i] == '<' && i < last {
			return i + strings.IndexByte(s[i:], '>') + 1
		}
		return i
	}, gone)
}

func slice(v Value, in Text, at, n int) Value {
	if list, ok := v.(List); ok {
		if at < 0 {
			at += len(list)
		}
		if at < 0 || at > len(list) || n < 0 {
			return List{}
		}
		return list[at:min(at+n, len(list))]
	}
	if in.S == "" {
		in = str(v)
	}
	count := utf8.RuneCountInString(in.S)
	if at < 0 {
		at += count
	}
	if at < 0 || at > count || n < 0 {
		return Text{}
	}
	return in.slice(runeOffset(in.S, at), runeOffset(in.S, min(at+n, count)))
}

// split works as Ruby's String#split: a blank splits at runs of blanks, and
// empty parts at the end are dropped.
func split(in Text, sep string) List {
	out := List{}
	switch sep {
	case " ":
		at := 0
		for at < len(in.S) {
			for at < len(in.S) && isTrimmed(in.S[at]) {
				at++
			}
			end := at
			for end < len(in.S) && !isTrimmed(in.S[end]) {
				end++
			}
			if end > at {
				out = append(out, in.slice(at, end))
			}
			at = end
		}
		return out
	case "":
		for i := 0; i < len(in.S); {
			_, size := utf8.DecodeRuneInString(in.S[i:])
			out = append(out, in.slice(i, i+size))
			i += size
		}
		return out
	}
	at := 0
	for at <= len(in.S) {
		n := strings.Index(in.S[at:], sep)
		if n < 0 {
			out = append(out, in.slice(at, len(in.S)))
			break
		}
		out = append(out, in.slice(at, at+n))
		at += n + len(sep)
	}
	for len(out) > 0 && str(out[len(out)-1]).S == "" {
		out = out[:len(out)-1]
	}
	return out
}

// Slugify is Jekyll's Utils.slugify. The mode is raw, default, pretty, ascii or
// latin; an empty one is default, and any other leaves all but letter case.
func Slugify(s, mode string) string { return slugify(s, orDefault(mode), false) }

// SlugifyCased is Slugify with letter case kept, as permalinks have it.
func SlugifyCased(s, mode string) string { return slugify(s, orDefault(mode), true) }

func orDefault(mode string) string {
	if mode == "" {
		return "default"
	}
	return mode
}

func slugify(s, mode string, cased bool) string {
	s = slug(s, mode)
	if cased {
		return s
	}
	return strings.ToLower(s)
}

func slug(s, mode string) string {
	keep := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }
	switch mode {
	case "default":
	case "latin":
		s = transliterate(s)
	case "raw":
		keep = func(c rune) bool { return c >= 0x80 || !isSpace(byte(c)) }
	case "pretty":
		keep = func(c rune) bool {
			return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) || strings.ContainsRune("._~!$&'()+,;=@", c)
		}
	case "ascii":
		keep = func(c rune) bool { return c < 0x80 && isWord(byte(c)) && c != '_' }
	default:
		return s
	}
	var b strings.Builder
	gap := false
	for _, c := range s {
		if !keep(c) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(c)
	}
	if gap {
		b.WriteByte('-')
	}
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), "-"), "-")
}

// latinLetters are letters with accents, each run behind the plain letters
// that stand for them (the approximations of the i18n library).
var latinLetters = [...][2]string{
	{"A", "ÀÁÂÃÄÅĀĂĄ"}, {"AE", "Æ"}, {"C", "ÇĆĈĊČ"}, {"D", "ÐĎĐ"}, {"E", "ÈÉÊËĒĔĖĘĚ"}, {"G", "ĜĞĠĢ"}, {"H", "ĤĦ"}, {"I", "ÌÍÎÏĨĪĬĮİ"},
	{"IJ", "Ĳ"}, {"J", "Ĵ"}, {"K", "Ķ"}, {"L", "ĹĻĽĿŁ"}, {"N", "ÑŃŅŇ"}, {"NG", "Ŋ"}, {"O", "ÒÓÔÕÖØŌŎŐ"}, {"OE", "Œ"}, {"R", "ŔŖŘ"},
	{"S", "ŚŜŞŠ"}, {"T", "ŢŤŦ"}, {"Th", "Þ"}, {"U", "ÙÚÛÜŨŪŬŮŰŲ"}, {"W", "Ŵ"}, {"Y", "ÝŶŸ"}, {"Z", "ŹŻŽ"}, {"x", "×"},
	{"a", "àáâãäåāăą"}, {"ae", "æ"}, {"c", "çćĉċč"}, {"d", "ðďđ"}, {"e", "èéêëēĕėęě"}, {"g", "ĝğġģ"}, {"h", "ĥħ"}, {"i", "ìíîïĩīĭįı"},
	{"ij", "ĳ"}, {"j", "ĵ"}, {"k", "ķĸ"}, {"l", "ĺļľŀł"}, {"n", "ñńņň"}, {"'n", "ŉ"}, {"ng", "ŋ"}, {"o", "òóôõöøōŏő"}, {"oe", "œ"},
	{"r", "ŕŗř"}, {"s", "śŝşš"}, {"ss", "ßẞ"}, {"t", "ţťŧ"}, {"th", "þ"}, {"u", "ùúûüũūŭůűų"}, {"w", "ŵ"}, {"y", "ýÿŷ"}, {"z", "źżž"},
}

// transliterate writes accented letters plainly; what it does not know becomes "?".
func transliterate(s string) string {
	var b strings.Builder
	for _, c := range s {
		plain := "?"
		if c < 0x80 {
			plain = string(c)
		} else {
			for _, l := range latinLetters {
				if strings.ContainsRune(l[1], c) {
					plain = l[0]
					break
				}
			}
		}
		b.WriteString(plain)
	}
	return b.String()
}
