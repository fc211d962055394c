package liquid

import (
	"html"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/text"
)

// filter applies one filter. What is unknown stays unknown; a filter that
// nobody knows passes its input on, as Liquid does, unless a plugin may know it.
func (r *renderer) filter(f filterCall, v Value) Value {
	args := make([]Value, len(f.args))
	for i, a := range f.args {
		args[i] = r.expr(a)
	}
	if !r.spend(f.span) {
		return Unknown{"a template that does not end"}
	}
	if isUnknown(v) {
		return v
	}
	for _, a := range args {
		if isUnknown(a) {
			return a
		}
	}
	arg := func(i int) Value {
		if i < len(args) {
			return args[i]
		}
		return nil
	}
	s := func(i int) string { return str(arg(i)).S }
	in := str(v)
	switch f.name {
	case "append":
		return concat(r.settle(in, f.span), r.settle(str(arg(0)), f.span))
	case "prepend":
		return concat(r.settle(str(arg(0)), f.span), r.settle(in, f.span))
	case "strip":
		return trim(in, true, true)
	case "lstrip":
		return trim(in, true, false)
	case "rstrip":
		return trim(in, false, true)
	case "default":
		if isEmpty(v) {
			if allow := f.named["allow_false"]; allow != nil && v == false {
				if yes, _ := truthy(r.expr(allow)); yes {
					return v
				}
			}
			return arg(0)
		}
		return v
	case "upcase":
		return in.made(strings.ToUpper(in.S))
	case "downcase":
		return in.made(strings.ToLower(in.S))
	case "capitalize":
		first, size := utf8.DecodeRuneInString(in.S)
		if size == 0 {
			return in
		}
		return in.made(string(unicode.ToUpper(first)) + strings.ToLower(in.S[size:]))
	case "escape", "h", "xml_escape":
		return escapeHTML(in)
	case "escape_once":
		return escapeHTML(in.made(html.UnescapeString(in.S)))
	case "strip_html":
		return in.made(stripHTML(in.S))
	case "strip_newlines":
		return in.made(strings.ReplaceAll(strings.ReplaceAll(in.S, "\r", ""), "\n", ""))
	case "normalize_whitespace":
		return trim(in.made(strings.Join(strings.Fields(in.S), " ")), true, true)
	case "newline_to_br":
		return in.made(strings.ReplaceAll(strings.ReplaceAll(in.S, "\r\n", "\n"), "\n", "<br />\n"))
	case "replace":
		return in.made(strings.ReplaceAll(in.S, s(0), s(1)))
	case "replace_first":
		return in.made(strings.Replace(in.S, s(0), s(1), 1))
	case "remove":
		return in.made(strings.ReplaceAll(in.S, s(0), ""))
	case "remove_first":
		return in.made(strings.Replace(in.S, s(0), "", 1))
	case "truncate":
		n, more := 50, "..."
		if len(args) > 0 {
			n = toInt(args[0])
		}
		if len(args) > 1 {
			more = s(1)
		}
		runes := []rune(in.S)
		if len(runes) <= n {
			return in
		}
		return in.made(string(runes[:max(n-utf8.RuneCountInString(more), 0)]) + more)
	case "truncatewords":
		n, more := 15, "..."
		if len(args) > 0 {
			n = max(toInt(args[0]), 1)
		}
		if len(args) > 1 {
			more = s(1)
		}
		words := strings.Fields(in.S)
		if len(words) <= n {
			return in
		}
		return in.made(strings.Join(words[:n], " ") + more)
	case "slice":
		return slice(v, in, args)
	case "split":
		return split(in, s(0))
	case "size":
		switch v := v.(type) {
		case List:
			return len(v)
		case Text:
			return utf8.RuneCountInString(v.S)
		case Object:
			return len(v.Keys())
		}
		return 0
	case "number_of_words":
		return len(strings.Fields(in.S))
	case "url_encode", "cgi_escape":
		return in.made(url.QueryEscape(in.S))
	case "url_decode":
		if d, err := url.QueryUnescape(in.S); err == nil {
			return in.made(d)
		}
		return in
	case "uri_escape":
		return in.made((&url.URL{Path: in.S}).EscapedPath())
	case "slugify":
		mode := s(0)
		return in.made(Slugify(in.S, mode))
	case "relative_url":
		return in.made(r.relative(in.S))
	case "absolute_url":
		if strings.Contains(in.S, "://") {
			return in
		}
		return in.made(r.env.URL + r.relative(in.S))
	case "bust_file_cache", "bust_css_cache":
		return in // al-folio's plugin adds a question mark and a hash: the same file
	case "strip_index":
		return in.made(strings.TrimSuffix(in.S, "index.html"))
	case "to_integer":
		return toInt(v)
	case "plus", "minus", "times", "divided_by", "modulo", "at_least", "at_most":
		return arithmetic(f.name, v, arg(0))
	case "abs", "ceil", "floor", "round":
		return rounded(f.name, v, arg(0))
	case "date", "date_to_string", "date_to_long_string", "date_to_xmlschema", "date_to_rfc822",
		"markdownify", "smartify", "sassify", "scssify", "sample", "where_exp", "find", "find_exp",
		"group_by", "group_by_exp", "strip_newline", "base64_encode", "base64_decode", "replace_last", "remove_last":
		return Unknown{"the filter " + f.name}
	case "inspect":
		return in.made(inspect(v))
	}
	if list, ok := r.listFilter(f.name, v, args, f); ok {
		return list
	}
	if r.env.Plugins {
		return Unknown{"the filter " + f.name}
	}
	return v
}

func isEmpty(v Value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case Text:
		return v.S == ""
	case List:
		return len(v) == 0
	case Object:
		return len(v.Keys()) == 0
	}
	return false
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

// escapeHTML keeps the places of what it does not change.
func escapeHTML(t Text) Text {
	if !strings.ContainsAny(t.S, `&<>"'`) {
		return t
	}
	var out Text
	var b strings.Builder
	from := 0
	flush := func(to int) {
		if to > from {
			b.WriteString(t.S[from:to])
			for _, p := range placed(t).In(text.Span{Start: from, End: to}) {
				out.At = out.At.Append(p.Out.Len(), p.Src, p.File, p.Exact)
			}
		}
	}
	for i := 0; i < len(t.S); i++ {
		var entity string
		switch t.S[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&quot;"
		case '\'':
			entity = "&#39;"
		default:
			continue
		}
		flush(i)
		from = i + 1
		b.WriteString(entity)
		src, file, _ := placed(t).Source(text.Span{Start: i, End: i + 1})
		out.At = out.At.Append(len(entity), src, file, false)
	}
	flush(len(t.S))
	out.S = b.String()
	return out
}

// stripHTML removes scripts, styles, comments and tags (Liquid's STRIP_HTML_BLOCKS and STRIP_HTML_TAGS).
func stripHTML(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '<' {
			b.WriteByte(s[i])
			i++
			continue
		}
		end := -1
		for _, block := range [][2]string{{"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}} {
			if strings.HasPrefix(s[i:], block[0]) {
				if n := strings.Index(s[i:], block[1]); n >= 0 {
					end = i + n + len(block[1])
					break
				}
			}
		}
		if end < 0 {
			n := strings.IndexByte(s[i:], '>')
			if n < 0 {
				b.WriteString(s[i:])
				break
			}
			end = i + n + 1
		}
		i = end
	}
	return b.String()
}

func slice(v Value, in Text, args []Value) Value {
	if len(args) == 0 {
		return in
	}
	at, n := toInt(args[0]), 1
	if len(args) > 1 {
		n = toInt(args[1])
	}
	if list, ok := v.(List); ok {
		if at < 0 {
			at += len(list)
		}
		if at < 0 || at > len(list) || n < 0 {
			return List{}
		}
		return list[at:min(at+n, len(list))]
	}
	runes := []rune(in.S)
	if at < 0 {
		at += len(runes)
	}
	if at < 0 || at > len(runes) || n < 0 {
		return Text{}
	}
	return in.slice(runeOffset(in.S, at), runeOffset(in.S, min(at+n, len(runes))))
}

// runeOffset is the offset in bytes of the nth character.
func runeOffset(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// split works as Ruby's String#split: a blank splits at runs of blanks, and
// empty parts at the end are dropped.
func split(in Text, sep string) List {
	var out List
	switch sep {
	case " ":
		at := 0
		for at < len(in.S) {
			for at < len(in.S) && isSpace(in.S[at]) {
				at++
			}
			end := at
			for end < len(in.S) && !isSpace(in.S[end]) {
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
			_, n := utf8.DecodeRuneInString(in.S[i:])
			out = append(out, in.slice(i, i+n))
			i += n
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

// Slugify is Jekyll's Utils.slugify. The mode is none, raw, default, pretty,
// ascii or latin; an empty one is default.
func Slugify(s, mode string) string {
	if mode == "none" {
		return s
	}
	return strings.ToLower(SlugifyCased(s, mode))
}

// SlugifyCased is Slugify with letter case kept, as permalinks have it.
func SlugifyCased(s, mode string) string {
	if mode == "none" {
		return s
	}
	keep := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }
	switch mode {
	case "raw":
		keep = func(c rune) bool { return !unicode.IsSpace(c) }
	case "pretty":
		keep = func(c rune) bool {
			return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) || strings.ContainsRune("._~!$&'()+,;=@", c)
		}
	case "ascii":
		keep = func(c rune) bool { return c < 0x80 && isWord(byte(c)) && c != '_' }
	}
	var b strings.Builder
	gap := false
	for _, c := range s {
		if !keep(c) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(c)
	}
	return b.String()
}

// relative is Jekyll's relative_url: the site's baseurl in front, unless there
// is a scheme or it is there already.
func (r *renderer) relative(s string) string {
	if strings.Contains(s, "://") {
		return s
	}
	base := strings.TrimRight(r.env.BaseURL, "/")
	if base != "" && !strings.HasPrefix(base, "/") {
		base = "/" + base
	}
	if !strings.HasPrefix(s, "/") && s != "" {
		s = "/" + s
	}
	if base+s == "" {
		return ""
	}
	return base + s
}

func arithmetic(name string, v, w Value) Value {
	a, x, aFloat := number(v)
	b, y, bFloat := number(w)
	if aFloat || bFloat {
		switch name {
		case "plus":
			return x + y
		case "minus":
			return x - y
		case "times":
			return x * y
		case "divided_by":
			if y == 0 {
				return Text{S: "Liquid error: divided by 0"}
			}
			return x / y
		case "modulo":
			return math.Mod(math.Mod(x, y)+y, y)
		case "at_least":
			return math.Max(x, y)
		}
		return math.Min(x, y)
	}
	switch name {
	case "plus":
		return a + b
	case "minus":
		return a - b
	case "times":
		return a * b
	case "divided_by", "modulo":
		if b == 0 {
			return Text{S: "Liquid error: divided by 0"}
		}
		q := a / b
		if a%b != 0 && (a < 0) != (b < 0) {
			q-- // Ruby rounds down
		}
		if name == "modulo" {
			return a - q*b
		}
		return q
	case "at_least":
		return max(a, b)
	}
	return min(a, b)
}

func rounded(name string, v, digits Value) Value {
	i, f, isFloat := number(v)
	switch name {
	case "abs":
		if isFloat {
			return math.Abs(f)
		}
		return max(i, -i)
	case "ceil":
		return int(math.Ceil(f))
	case "floor":
		return int(math.Floor(f))
	}
	if n := toInt(digits); n > 0 {
		p := math.Pow(10, float64(n))
		return math.Round(f*p) / p
	}
	return int(math.Round(f))
}

// listFilter applies the filters of arrays.
func (r *renderer) listFilter(name string, v Value, args []Value, f filterCall) (Value, bool) {
	list, isList := v.(List)
	if !isList {
		if _, ok := v.(Object); ok && name != "sort" {
			list = List{v}
		} else if got, ok := items(v); ok {
			list = got
		}
	}
	key := func(v Value) Value { return v }
	if len(args) > 0 {
		path := strings.Split(str(args[0]).S, ".")
		key = func(v Value) Value {
			for _, p := range path {
				v = get(v, Text{S: p}, false)
			}
			return v
		}
	}
	switch name {
	case "first", "last":
		if t, ok := v.(Text); ok && t.S != "" {
			return nil, true
		}
		return get(v, Text{S: name}, true), true
	case "join":
		sep := " "
		if len(args) > 0 {
			sep = str(args[0]).S
		}
		var out Text
		for i, item := range list {
			if i > 0 {
				out = concat(out, Text{S: sep})
			}
			out = concat(out, str(item))
		}
		return out, true
	case "array_to_sentence_string":
		word := "and"
		if len(args) > 0 {
			word = str(args[0]).S
		}
		var out Text
		for i, item := range list {
			switch {
			case i == 0:
			case len(list) == 2:
				out = concat(out, Text{S: " " + word + " "})
			case i == len(list)-1:
				out = concat(out, Text{S: ", " + word + " "})
			default:
				out = concat(out, Text{S: ", "})
			}
			out = concat(out, str(item))
		}
		return out, true
	case "reverse":
		out := make(List, len(list))
		for i, item := range list {
			out[len(list)-1-i] = item
		}
		return out, true
	case "sort", "sort_natural":
		return sortValues(list, key, name == "sort_natural"), true
	case "map":
		out := make(List, len(list))
		for i, item := range list {
			out[i] = key(item)
		}
		return out, true
	case "compact":
		var out List
		for _, item := range list {
			if key(item) != nil {
				out = append(out, item)
			}
		}
		return out, true
	case "uniq":
		var out List
		for _, item := range list {
			seen := false
			for _, o := range out {
				seen = seen || equal(key(o), key(item))
			}
			if !seen {
				out = append(out, item)
			}
		}
		return out, true
	case "concat", "push", "unshift":
		if len(args) == 0 {
			return list, true
		}
		switch more, ok := args[0].(List); {
		case name == "push":
			return append(append(List{}, list...), args[0]), true
		case name == "unshift":
			return append(List{args[0]}, list...), true
		case ok:
			return append(append(List{}, list...), more...), true
		}
		return list, true
	case "pop", "shift":
		n := 1
		if len(args) > 0 {
			n = toInt(args[0])
		}
		n = min(max(n, 0), len(list))
		if name == "pop" {
			return list[:len(list)-n], true
		}
		return list[n:], true
	case "sum":
		total := Value(0)
		for _, item := range list {
			total = arithmetic("plus", total, key(item))
		}
		return total, true
	case "where":
		var out List
		for _, item := range list {
			got := key(item)
			if isUnknown(got) {
				return Unknown{"the filter where"}, true
			}
			if len(args) < 2 {
				if yes, _ := truthy(got); yes {
					out = append(out, item)
				}
			} else if equal(got, args[1]) || contains(got, args[1]) && isListValue(got) || args[1] != nil && str(got).S == str(args[1]).S {
				out = append(out, item)
			}
		}
		return out, true
	case "jsonify":
		return Text{S: jsonify(v)}, true
	}
	return nil, false
}

func isListValue(v Value) bool { _, ok := v.(List); return ok }

func jsonify(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Text:
		return strconv.Quote(v.S)
	case List:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = jsonify(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case Object:
		keys := v.Keys()
		parts := make([]string, len(keys))
		for i, k := range keys {
			item, _ := v.Get(k)
			parts[i] = strconv.Quote(k) + ":" + jsonify(item)
		}
		return "{" + strings.Join(parts, ",") + "}"
	case int, float64, bool:
		return str(v).S
	}
	return strconv.Quote(str(v).S)
}
