package liquid

import (
	"strconv"
	"strings"
	"unicode"
)

// A Printer is an object that prints otherwise than as a hash.
type Printer interface {
	Object
	Print() Value // Text or Unknown
}

// known reports whether all of what v prints is known.
func known(v Value) bool {
	switch v := v.(type) {
	case Unknown:
		return false
	case List:
		for _, item := range v {
			if !known(item) {
				return false
			}
		}
	case Printer:
		return !isUnknown(v.Print())
	case Object:
		for _, k := range v.Keys() {
			if item, _ := v.Get(k); !known(item) {
				return false
			}
		}
	}
	return true
}

// inspect prints v as Ruby's inspect does.
func inspect(v Value) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case Text:
		return quoteRuby(v.S)
	case List:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = inspect(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Printer:
		return str(v.Print()).S
	case Object:
		keys := v.Keys()
		parts := make([]string, len(keys))
		for i, k := range keys {
			item, _ := v.Get(k)
			parts[i] = quoteRuby(k) + "=>" + inspect(item)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return str(v).S
}

// quoteRuby writes a string as Ruby's String#inspect does.
func quoteRuby(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '#' && i+1 < len(s) && strings.IndexByte("{$@", s[i+1]) >= 0:
			b.WriteString(`\#`)
		case c >= 7 && c <= 13:
			b.WriteByte('\\')
			b.WriteByte("abtnvfr"[c-7])
		case c == 27:
			b.WriteString(`\e`)
		case c < ' ' || c == 127:
			b.WriteString(`\x`)
			b.WriteString(strings.ToUpper(hex(int(c), 2)))
		case c >= 0x80 && !unicode.IsPrint(c) && !unicode.Is(unicode.Zs, c) && !unicode.Is(unicode.Co, c):
			if c > 0xFFFF {
				b.WriteString(`\u{` + strings.ToUpper(hex(int(c), 0)) + "}")
			} else {
				b.WriteString(`\u` + strings.ToUpper(hex(int(c), 4)))
			}
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex(n, width int) string {
	s := strconv.FormatInt(int64(n), 16)
	return strings.Repeat("0", max(width-len(s), 0)) + s
}

// jsonify prints v as Ruby's JSON library does.
func jsonify(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Text:
		return quoteJSON(v.S)
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
			parts[i] = quoteJSON(k) + ":" + jsonify(item)
		}
		return "{" + strings.Join(parts, ",") + "}"
	case int, float64, bool:
		return str(v).S
	}
	return quoteJSON(str(v).S)
}

func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if c < ' ' {
				b.WriteString(`\u` + hex(int(c), 4))
			} else {
				b.WriteRune(c)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}
