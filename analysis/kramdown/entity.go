package kramdown

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An entity is a character reference as kramdown keeps it.
type entity struct {
	name string // empty where the code point has none
	code int    // -1 where it is too large to be a code point
}

// entityByName finds an entity that every release of kramdown has.
func entityByName(name string) (entity, bool) { return searchName(entityNames[:], name) }

func searchName(in []entity, name string) (entity, bool) {
	i := sort.Search(len(in), func(i int) bool { return in[i].name >= name })
	if i < len(in) && in[i].name == name {
		return in[i], true
	}
	return entity{}, false
}

// named finds an entity that the release that o follows has.
func (o *Options) named(name string) (entity, bool) {
	e, ok := entityByName(name)
	if !ok && o.is25() {
		e, ok = searchName(html5Names[:], name)
	}
	return e, ok
}

// numbered returns the entity of a number, with its name if it has one.
func (o *Options) numbered(code int) entity {
	for _, w := range windows1252 {
		if w[0] == code {
			code = w[1]
			break
		}
	}
	names := namesByCode
	if o.is25() {
		names = namesByCode25
	}
	if e, ok := names[code]; ok {
		return e
	}
	return entity{code: code}
}

// The entities by their numbers. Where a number has several names, codeNames
// has the one that counts.
var (
	namesByCode   = byCode(entityNames[:])
	namesByCode25 = byCode(entityNames[:], html5Names[:], codeNames[:])
)

func byCode(lists ...[]entity) map[int]entity {
	m := map[int]entity{}
	for _, list := range lists {
		for _, e := range list {
			m[e.code] = e
		}
	}
	return m
}

// char returns the character of e; an empty string where there is none.
func (e entity) char() string {
	if e.code < 0 || e.code > utf8.MaxRune || !utf8.ValidRune(rune(e.code)) {
		return ""
	}
	return string(rune(e.code))
}

// quoteEntity reads a value of the option smart_quotes.
func (o *Options) quoteEntity(s string) (entity, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return o.numbered(n), true
	}
	return o.named(s)
}

// A reference is an HTML_ENTITY_RE match: &name; &#12; &#x1f;
type reference struct {
	end  int // behind the ;
	name string
	code int
}

// matchReference reads the character reference at i.
func matchReference(s string, i int) (r reference, ok bool) {
	if i+2 >= len(s) || s[i] != '&' {
		return r, false
	}
	j := i + 1
	if s[j] == '#' {
		j++
		base, start := 10, j
		if j < len(s) && s[j] == 'x' {
			base, start, j = 16, j+1, j+1
		}
		for j < len(s) && (isDigit(s[j]) || base == 16 && s[j]|0x20 >= 'a' && s[j]|0x20 <= 'f') {
			j++
		}
		if j == start || j >= len(s) || s[j] != ';' {
			return r, false
		}
		n, err := strconv.ParseInt(s[start:j], base, 32)
		if err != nil {
			n = -1
		}
		return reference{end: j + 1, code: int(n)}, true
	}
	if !isWordByte(s[j]) && s[j] != ':' {
		return r, false
	}
	for j++; j < len(s) && (isWordByte(s[j]) || strings.IndexByte("-.:", s[j]) >= 0); j++ {
	}
	if j >= len(s) || s[j] != ';' {
		return r, false
	}
	return reference{end: j + 1, name: s[i+1 : j]}, true
}

// referred returns what r stands for; false for a name that kramdown does not know.
func (o *Options) referred(r reference) (entity, bool) {
	if r.name != "" {
		return o.named(r.name)
	}
	return o.numbered(r.code), true
}
