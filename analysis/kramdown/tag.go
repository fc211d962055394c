package kramdown

import (
	"strings"
	"unicode/utf8"
)

// What kramdown knows about an element of HTML.
type tagClass uint8

const (
	spanTag    tagClass = 1 << iota // may stand in a line
	blockTag                        // may not
	voidTag                         // has no body
	holdsBlock                      // its content is read as blocks
	holdsSpan                       // its content is read as spans
	knownTag                        // any other element of HTML
)

// tagClasses are kramdown's lists of elements. What holds neither blocks nor
// spans is raw, unknown elements among it.
var (
	tagClasses   = makeTagClasses()
	tagClasses25 = makeTagClasses("time") // since 2.5 it may stand in a line
)

func makeTagClasses(more ...string) map[string]tagClass {
	m := map[string]tagClass{}
	for _, name := range more {
		m[name] = spanTag
	}
	for _, list := range []struct {
		class tagClass
		names string
	}{
		{spanTag, `a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q rb rbc
			rp rt rtc ruby samp select small span strong sub sup tt u var`},
		{blockTag, `address article aside applet body blockquote caption col colgroup dd div dl dt fieldset figcaption
			footer form h1 h2 h3 h4 h5 h6 header hgroup hr html head iframe legend menu li main map nav ol optgroup p pre
			section summary table tbody td th thead tfoot tr ul`},
		{voidTag, `area base br col command embed hr img input keygen link meta param source track wbr`},
		{holdsBlock, `address applet article aside blockquote body dd details div dl fieldset figure figcaption footer
			form header hgroup iframe li main map menu nav noscript object section summary td`},
		{holdsSpan, `a abbr acronym b bdo big button cite caption del dfn dt em h1 h2 h3 h4 h5 h6 i ins label legend
			optgroup p q rb rbc rp rt rtc ruby select small span strong sub sup th tt`},
		{knownTag, `script style math option textarea pre code kbd samp var`},
	} {
		for name := range strings.FieldsSeq(list.names) {
			m[name] |= list.class
		}
	}
	return m
}

// holds returns how the content of an element is read by default.
func (c tagClass) holds() model {
	switch {
	case c&holdsBlock != 0 && c&holdsSpan == 0:
		return modelBlock
	case c&holdsSpan != 0:
		return modelSpan
	}
	return modelRaw
}

// tagName returns an element's name as kramdown keeps it: those of HTML are in
// lower case.
func (p *parser) tagName(s string) (string, tagClass) {
	if c, ok := p.tags[s]; ok {
		return s, c
	}
	lower := downcase(s)
	if c, ok := p.tags[lower]; ok {
		return lower, c
	}
	return s, 0
}

// A tag is a start tag.
type tag struct {
	name     string // as written
	from, to int    // its attributes
	closed   bool   // it ends with />
	end      int
}

// matchTag matches a start tag whose < stands at i.
func matchTag(s string, i int) (t tag, ok bool) {
	name := uname(s, i+1)
	if name < 0 {
		return t, false
	}
	j := name
	for {
		end, _, _ := matchAttr(s, j)
		if end < 0 {
			break
		}
		j = end
	}
	t = tag{name: s[i+1 : name], from: name, to: j}
	j = skipSpace(s, j)
	if j < len(s) && s[j] == '/' {
		t.closed = true
		j++
	}
	if j >= len(s) || s[j] != '>' {
		return t, false
	}
	t.end = j + 1
	return t, true
}

// matchAttr matches white space and an attribute. It returns the offset behind
// it, or -1, and where its name and its value stand.
func matchAttr(s string, i int) (end int, name, value [2]int) {
	start := skipSpace(s, i)
	if start == i {
		return -1, name, value
	}
	end = uname(s, start)
	if end < 0 {
		return -1, name, value
	}
	name = [2]int{start, end}
	value = [2]int{end, end}
	j := skipSpace(s, end)
	if j >= len(s) || s[j] != '=' {
		return end, name, value
	}
	j = skipSpace(s, j+1)
	if j >= len(s) {
		return end, name, value
	}
	if s[j] == '"' || s[j] == '\'' {
		n := strings.IndexByte(s[j+1:], s[j])
		if n < 0 {
			return end, name, value
		}
		return j + n + 2, name, [2]int{j + 1, j + 1 + n}
	}
	k := j
	for k < len(s) {
		r, size := utf8.DecodeRuneInString(s[k:])
		if !isWord(r) {
			break
		}
		k += size
	}
	if k == j {
		return end, name, value
	}
	return k, name, [2]int{j, k}
}

// tagAttrs reads the attributes of a start tag. Of two with one name the first
// keeps its place and the second its value.
func tagAttrs(v view, t tag, known bool) []Attr {
	var attrs []Attr
	for i := t.from; i < t.to; {
		end, name, value := matchAttr(v.s, i)
		if end < 0 {
			break
		}
		n := v.s[name[0]:name[1]]
		if known {
			n = downcase(n)
		}
		attrs = setAttr(attrs, Attr{n, v.s[value[0]:value[1]], v.span(value[0], value[1])}, false)
		i = end
	}
	return attrs
}

// dropAttr takes an attribute off, and returns its value.
func dropAttr(attrs []Attr, name string) ([]Attr, string, bool) {
	for k, a := range attrs {
		if a.Name == name {
			return append(attrs[:k:k], attrs[k+1:]...), a.Value, true
		}
	}
	return attrs, "", false
}

// matchClose matches an end tag whose < stands at i. It returns its name and
// the offset behind it, or -1.
func matchClose(s string, i int) (name string, end int) {
	if !strings.HasPrefix(s[i:], "</") {
		return "", -1
	}
	j := uname(s, i+2)
	if j < 0 {
		return "", -1
	}
	k := skipSpace(s, j)
	if k >= len(s) || s[k] != '>' {
		return "", -1
	}
	return s[i+2 : j], k + 1
}

// lazyTag reports whether the tag at i ends a paragraph: any but those that may
// stand in a line. A start tag needs no more than its name.
func (p *parser) lazyTag(s string, i int) bool {
	j := i + 1
	close := j < len(s) && s[j] == '/'
	if close {
		j++
	}
	// The names are compared with all of the word, as \b follows them, and in
	// lower case only.
	word := j
	for word < len(s) {
		r, size := rune(s[word]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[word:])
		}
		if !isWord(r) {
			break
		}
		word += size
	}
	if name := s[j:word]; name == "script" || p.tags[name]&spanTag != 0 {
		return false
	}
	if close {
		_, end := matchClose(s, i)
		return end > 0
	}
	return ncname(s, j) > 0
}

// findClose returns the offset of the end tag </name>, in any case if fold, at
// or behind i, or -1.
func findClose(s string, i int, name string, fold bool) int {
	for {
		n := strings.Index(s[i:], "</")
		if n < 0 {
			return -1
		}
		i += n
		if isClose(s, i, name, fold) > 0 {
			return i
		}
		i += 2
	}
}

// isClose returns the offset behind the end tag </name> at i, or -1.
func isClose(s string, i int, name string, fold bool) int {
	j := i + 2 + len(name)
	if j >= len(s) || s[i] != '<' || s[i+1] != '/' {
		return -1
	}
	if got := s[i+2 : j]; got != name && !(fold && strings.EqualFold(got, name)) {
		return -1
	}
	j = skipSpace(s, j)
	if j >= len(s) || s[j] != '>' {
		return -1
	}
	return j + 1
}
