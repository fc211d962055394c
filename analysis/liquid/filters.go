package liquid

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/text"
)

// A filterFunc is a filter. Its arguments have been counted.
type filterFunc func(r *renderer, c *filterArgs) Value

// filterArgs is what one call of a filter works on.
type filterArgs struct {
	name string
	span text.Span
	v    Value // what goes in
	in   Text  // the same as text
	args []Value
}

func (c *filterArgs) arg(i int) Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return nil
}

func (c *filterArgs) str(i int) string { return toS(c.arg(i)).S }

// A filterRule is a filter with the numbers of arguments that it takes.
type filterRule struct {
	least, most int
	apply       filterFunc
}

// filterRules returns the filter of a name: Liquid's, and where Jekyll has one
// of the same name Jekyll's.
func filterRules(name string) (filterRule, bool) {
	for _, table := range []map[string]filterRule{textFilters, listFilters, numberFilters, otherFilters} {
		if f, ok := table[name]; ok {
			return f, true
		}
	}
	return filterRule{}, false
}

// Filters are the names of the filters of Liquid and Jekyll, sorted.
func Filters() []string {
	var out []string
	for _, table := range []map[string]filterRule{textFilters, listFilters, numberFilters, otherFilters} {
		out = slices.AppendSeq(out, maps.Keys(table))
	}
	slices.Sort(out)
	return out
}

// Tags are the names of the tags of Liquid and Jekyll, sorted. Those that open a
// block have a partner of the same name behind "end".
func Tags() []string {
	return []string{
		"assign", "break", "capture", "case", "comment", "continue", "cycle", "decrement", "else", "elsif", "for", "highlight", "if", "ifchanged",
		"include", "include_relative", "increment", "link", "post_url", "raw", "tablerow", "unless", "when",
	}
}

// filter applies one filter. What is unknown stays unknown; a filter that
// nobody knows passes its input on, as Liquid does, unless a plugin may know it.
func (r *renderer) filter(f filterCall, v Value) Value {
	c := &filterArgs{name: f.name, span: f.span, v: v, args: make([]Value, len(f.args))}
	for i, a := range f.args {
		c.args[i] = r.expr(a)
	}
	count := len(f.args)
	if len(f.named) > 0 {
		named := NewMap() // to Ruby one more argument, a hash
		for _, name := range slices.Sorted(maps.Keys(f.named)) {
			named.Set(name, r.expr(f.named[name]))
		}
		c.args = append(c.args, named)
		count++
	}
	r.weigh(v, 32)
	for _, a := range c.args {
		r.weigh(a, 32)
	}
	if !r.spend(f.span) {
		return Unknown{"a template that does not end"}
	}
	if isUnknown(v) {
		return v
	}
	for _, a := range c.args {
		if isUnknown(a) {
			return a
		}
	}
	rule, ok := r.filters(f.name)
	switch {
	case !ok && unknowable(f.name), !ok && r.env.Plugins:
		return Unknown{"the filter " + f.name}
	case !ok:
		return v
	case count < rule.least || count > rule.most:
		return r.fail(f.span, "the filter "+f.name+" is given "+strconv.Itoa(count)+" arguments")
	}
	switch v := v.(type) {
	case Text:
		c.in = v
	case List, Object: // most filters of these print nothing
	default:
		c.in = str(v)
	}
	out := rule.apply(r, c)
	r.weigh(out, 4)
	return out
}

// unknowable reports whether a filter's outcome is chance, or another program's.
func unknowable(name string) bool {
	return name == "sample" || name == "sassify" || name == "scssify" || name == "smartify" || name == "markdownify"
}

// fail says that Liquid stops here with an error; Jekyll then makes no site.
func (r *renderer) fail(span text.Span, message string) Value {
	r.problem(span, message)
	return Unknown{"what Liquid refuses"}
}

// printed returns the text of a value, objects and lists written out; false
// where a part of it is not known.
func (c *filterArgs) printed() (Text, bool) {
	if !known(c.v) {
		return Text{}, false
	}
	return toS(c.v), true
}

// otherFilters are those that take anything.
var otherFilters = map[string]filterRule{
	"default": {0, 2, func(_ *renderer, c *filterArgs) Value {
		if named, ok := c.arg(1).(*Map); ok {
			allow, _ := named.Get("allow_false")
			if yes, _ := truthy(allow); yes && c.v == false {
				return c.v
			}
		}
		if !isEmpty(c.v) {
			return c.v
		}
		if len(c.args) == 0 {
			return Text{}
		}
		return c.args[0]
	}},
	"size": {0, 0, func(_ *renderer, c *filterArgs) Value {
		switch v := c.v.(type) {
		case List:
			return len(v)
		case Text:
			return utf8.RuneCountInString(v.S)
		case Object:
			return len(v.Keys())
		case Range:
			return max(v.Hi-v.Lo+1, 0)
		case int:
			return 8 // the bytes of one of Ruby's integers
		}
		return 0
	}},
	"slice": {1, 2, func(r *renderer, c *filterArgs) Value {
		at, ok := integer(c.args[0])
		n := 1
		if ok && c.arg(1) != nil {
			n, ok = integer(c.args[1])
		}
		if !ok {
			return r.fail(c.span, "invalid integer")
		}
		return slice(c.v, c.in, at, n)
	}},
	"jsonify": {0, 0, func(_ *renderer, c *filterArgs) Value {
		if !known(c.v) {
			return Unknown{"the filter jsonify"}
		}
		return c.in.made(jsonify(c.v))
	}},
	"inspect": {0, 0, func(_ *renderer, c *filterArgs) Value {
		if !known(c.v) {
			return Unknown{"the filter inspect"}
		}
		return xmlEscape(c.in.made(inspect(c.v)))
	}},
	"date":                {1, 1, dateFilter},
	"date_to_string":      {0, 2, dateToString},
	"date_to_long_string": {0, 2, dateToString},
	"date_to_xmlschema":   {0, 0, dateToSchema},
	"date_to_rfc822":      {0, 0, dateToSchema},
	"relative_url":        {0, 0, urlFilter},
	"absolute_url":        {0, 0, urlFilter},
	"bust_file_cache":     {0, 9, passed}, // al-folio's plugin adds a question mark and a hash: the same file
	"bust_css_cache":      {0, 9, passed},
	"markdownify": {0, 0, func(r *renderer, c *filterArgs) Value {
		t, ok := c.printed()
		if !ok || r.env.Markdownify == nil {
			return Unknown{"the filter markdownify"}
		}
		r.steps += len(t.S) / 64 // a page within the page is no small step
		return r.env.Markdownify(r.settle(t, c.span))
	}},
}

// toS is Ruby's to_s: of an array it is inspect, though a template prints one joined.
func toS(v Value) Text {
	if list, ok := v.(List); ok {
		return Text{S: inspect(list)}
	}
	return str(v)
}

func passed(_ *renderer, c *filterArgs) Value { return c.v }

// onText makes a filter of a function on texts. Lists and objects are written out first.
func onText(f func(*filterArgs, Text) Value) filterFunc {
	return func(r *renderer, c *filterArgs) Value {
		t, ok := c.printed()
		if !ok {
			return Unknown{"the filter " + c.name}
		}
		return f(c, t)
	}
}

// orNil is onText for the filters that leave nil alone.
func orNil(f func(*filterArgs, Text) Value) filterFunc {
	return func(r *renderer, c *filterArgs) Value {
		if c.v == nil {
			return nil
		}
		return onText(f)(r, c)
	}
}

// strict is onText for the filters that Ruby lets work on strings only.
func strict(f func(*filterArgs, Text) Value) filterFunc {
	return func(r *renderer, c *filterArgs) Value {
		t, ok := c.v.(Text)
		if !ok {
			return r.fail(c.span, "the filter "+c.name+" takes a string")
		}
		return f(c, t)
	}
}

// textFilters are the filters of strings.
var textFilters = map[string]filterRule{
	"append": {1, 1, func(r *renderer, c *filterArgs) Value {
		t, ok := c.printed()
		if !ok || !known(c.args[0]) {
			return Unknown{"the filter append"}
		}
		return concat(r.settle(t, c.span), r.settle(toS(c.args[0]), c.span))
	}},
	"prepend": {1, 1, func(r *renderer, c *filterArgs) Value {
		t, ok := c.printed()
		if !ok || !known(c.args[0]) {
			return Unknown{"the filter prepend"}
		}
		return concat(r.settle(toS(c.args[0]), c.span), r.settle(t, c.span))
	}},
	"strip":  {0, 0, onText(func(_ *filterArgs, t Text) Value { return trim(t, true, true) })},
	"lstrip": {0, 0, onText(func(_ *filterArgs, t Text) Value { return trim(t, true, false) })},
	"rstrip": {0, 0, onText(func(_ *filterArgs, t Text) Value { return trim(t, false, true) })},
	"upcase": {0, 0, onText(func(_ *filterArgs, t Text) Value {
		return t.cased(strings.ReplaceAll(strings.ToUpper(t.S), "ß", "SS"))
	})},
	"downcase": {0, 0, onText(func(_ *filterArgs, t Text) Value { return t.cased(strings.ToLower(t.S)) })},
	"capitalize": {0, 0, onText(func(_ *filterArgs, t Text) Value {
		first, size := utf8.DecodeRuneInString(t.S)
		if size == 0 {
			return t
		}
		return t.cased(string(unicode.ToTitle(first)) + strings.ToLower(t.S[size:]))
	})},
	"escape":      {0, 0, orNil(func(_ *filterArgs, t Text) Value { return escapeHTML(t) })},
	"h":           {0, 0, orNil(func(_ *filterArgs, t Text) Value { return escapeHTML(t) })},
	"xml_escape":  {0, 0, onText(func(_ *filterArgs, t Text) Value { return xmlEscape(t) })},
	"escape_once": {0, 0, onText(func(_ *filterArgs, t Text) Value { return escapeOnce(t) })},
	"strip_html":  {0, 0, onText(func(_ *filterArgs, t Text) Value { return stripHTML(t) })},
	"strip_newlines": {0, 0, onText(func(_ *filterArgs, t Text) Value {
		return substitute(t, lineEnd, func(string) string { return "" })
	})},
	"newline_to_br": {0, 0, onText(func(_ *filterArgs, t Text) Value {
		return substitute(t, lineEnd, func(string) string { return "<br />\n" })
	})},
	"normalize_whitespace": {0, 0, onText(func(_ *filterArgs, t Text) Value {
		return trim(substitute(t, blanksAt, func(string) string { return " " }), true, true)
	})},
	"replace": {1, 2, onText(func(c *filterArgs, t Text) Value {
		by := c.str(1)
		each := len(by) + strings.Count(by, `\`)*len(t.S) // a backslash may stand for all of the text around
		if strings.Count(t.S, c.str(0))*each > maxOutput {
			return Unknown{"the filter replace"}
		}
		return replaceAll(t, c.str(0), by, -1)
	})},
	"replace_first": {1, 2, onText(func(c *filterArgs, t Text) Value {
		return replaceAll(t, c.str(0), c.str(1), 1)
	})},
	"replace_last": {2, 2, onText(func(c *filterArgs, t Text) Value { return replaceLast(t, c.str(0), c.str(1)) })},
	"remove":       {1, 1, onText(func(c *filterArgs, t Text) Value { return replaceAll(t, c.str(0), "", -1) })},
	"remove_first": {1, 1, onText(func(c *filterArgs, t Text) Value { return replaceAll(t, c.str(0), "", 1) })},
	"remove_last":  {1, 1, onText(func(c *filterArgs, t Text) Value { return replaceLast(t, c.str(0), "") })},
	"truncate": {0, 2, func(r *renderer, c *filterArgs) Value {
		n, more, ok := bounds(c, 50)
		if c.v == nil {
			return nil
		}
		if !ok {
			return r.fail(c.span, "invalid integer")
		}
		return onText(func(_ *filterArgs, t Text) Value { return truncate(t, n, more) })(r, c)
	}},
	"truncatewords": {0, 2, func(r *renderer, c *filterArgs) Value {
		n, more, ok := bounds(c, 15)
		if c.v == nil {
			return nil
		}
		if !ok {
			return r.fail(c.span, "invalid integer")
		}
		return onText(func(_ *filterArgs, t Text) Value { return truncateWords(t, max(n, 1), more) })(r, c)
	}},
	"split": {1, 1, onText(func(c *filterArgs, t Text) Value { return split(t, c.str(0)) })},
	"number_of_words": {0, 1, strict(func(c *filterArgs, t Text) Value {
		return countWords(t.S, c.str(0))
	})},
	"url_encode": {0, 0, orNil(func(_ *filterArgs, t Text) Value { return t.made(formEncode(t.S)) })},
	"cgi_escape": {0, 0, strict(func(_ *filterArgs, t Text) Value { return t.made(formEncode(t.S)) })},
	"url_decode": {0, 0, func(r *renderer, c *filterArgs) Value {
		if c.v == nil {
			return nil
		}
		d := formDecode(c.in.S)
		if !utf8.ValidString(d) {
			return r.fail(c.span, "invalid byte sequence in UTF-8")
		}
		return c.in.made(d)
	}},
	"uri_escape": {0, 0, orNil(func(_ *filterArgs, t Text) Value {
		return t.made(percentEncode(percentDecode(t.S), "-._~:/?#[]@!$&'()*+,;="))
	})},
	"slugify": {0, 1, func(r *renderer, c *filterArgs) Value {
		if c.v == nil {
			return nil
		}
		mode := c.str(0)
		if c.arg(0) == nil {
			mode = "default"
		}
		return strict(func(_ *filterArgs, t Text) Value { return t.cased(slugify(t.S, mode, false)) })(r, c)
	}},
	"strip_index": {0, 0, orNil(func(_ *filterArgs, t Text) Value {
		if i := strings.Index(t.S, "/index.html"); i >= 0 && (i+11 == len(t.S) || t.S[i+11] == '\n') {
			return concat(t.slice(0, i+1), t.slice(i+11, len(t.S)))
		}
		if i := strings.Index(t.S, "/index.htm"); i >= 0 && (i+10 == len(t.S) || t.S[i+10] == '\n') {
			return concat(t.slice(0, i+1), t.slice(i+10, len(t.S)))
		}
		if t.S == "" {
			return nil
		}
		return t
	})},
	"base64_encode":          {0, 0, onText(func(_ *filterArgs, t Text) Value { return t.made(base64.StdEncoding.EncodeToString([]byte(t.S))) })},
	"base64_url_safe_encode": {0, 0, onText(func(_ *filterArgs, t Text) Value { return t.made(base64.URLEncoding.EncodeToString([]byte(t.S))) })},
	"base64_decode":          {0, 0, decode64(base64.StdEncoding.Strict(), false)},
	"base64_url_safe_decode": {0, 0, decode64(base64.URLEncoding.Strict(), true)},
}

func decode64(encoding *base64.Encoding, padded bool) filterFunc {
	return func(r *renderer, c *filterArgs) Value {
		s := c.in.S
		if padded && !strings.HasSuffix(s, "=") && len(s)%4 != 0 {
			s += strings.Repeat("=", 4-len(s)%4) // the URL-safe form may go without
		}
		d, err := encoding.DecodeString(s)
		if err != nil || strings.ContainsAny(s, "\r\n") {
			return r.fail(c.span, "invalid base64 provided to "+c.name)
		}
		return c.in.made(string(d))
	}
}

// bounds reads the arguments of truncate and truncatewords.
func bounds(c *filterArgs, n int) (int, string, bool) {
	more, ok := "...", true
	if len(c.args) > 0 {
		n, ok = integer(c.args[0])
	}
	if len(c.args) > 1 {
		more = c.str(1)
	}
	return n, more, ok
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
