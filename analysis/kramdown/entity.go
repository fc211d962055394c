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

// entityByName finds a named entity.
func entityByName(name string) (entity, bool) {
	i := sort.Search(len(entityNames), func(i int) bool { return entityNames[i].name >= name })
	if i < len(entityNames) && entityNames[i].name == name {
		return entityNames[i], true
	}
	return entity{}, false
}

// entityByCode returns the entity of a number, with its name if it has one.
func entityByCode(code int) entity {
	for _, w := range windows1252 {
		if w[0] == code {
			code = w[1]
			break
		}
	}
	for _, e := range entityNames {
		if e.code == code {
			return e
		}
	}
	return entity{code: code}
}

// char returns the character of e; an empty string where there is none.
func (e entity) char() string {
	if e.code < 0 || e.code > utf8.MaxRune || !utf8.ValidRune(rune(e.code)) {
		return ""
	}
	return string(rune(e.code))
}

// quoteEntity reads a value of the option smart_quotes.
func quoteEntity(s string) (entity, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return entityByCode(n), true
	}
	return entityByName(s)
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

// entity returns what r stands for; false for a name that kramdown does not know.
func (r reference) entity() (entity, bool) {
	if r.name != "" {
		return entityByName(r.name)
	}
	return entityByCode(r.code), true
}
