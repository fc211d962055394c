package analysis

import (
	"fmt"
	"strings"
)

// respell writes a new name where the old one is spelled with escapes. What
// both have in common at their ends stays as it is.
func respell(was, old, new string, mark byte, spell func(string) string) string {
	head := 0
	for head < len(old) && head < len(new) && old[head] == new[head] {
		head++
	}
	tail := 0
	for tail < len(old)-head && tail < len(new)-head && old[len(old)-1-tail] == new[len(new)-1-tail] {
		tail++
	}
	var ends []int // where the bytes of old end in was
	for i := 0; i < len(was); {
		switch {
		case mark == '%' && was[i] == '%' && i+2 < len(was) && len(was)-i >= 3:
			i += 3
		case mark == '\\' && was[i] == '\\' && i+1 < len(was):
			i += 2
		default:
			i++
		}
		ends = append(ends, i)
	}
	if len(ends) != len(old) {
		return spell(new)
	}
	from, to := 0, 0
	if head > 0 {
		from = ends[head-1]
	}
	if tail < len(old) {
		to = ends[len(old)-1-tail]
	}
	return was[:from] + spell(new[head:len(new)-tail]) + was[max(to, from):]
}

// encode writes a fragment in an address: what would end the address is encoded
// with percent signs, and where its neighbours are, letters beyond ASCII too.
func encode(s string, all bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || strings.IndexByte("\"<>\\^`{|}%()[]", c) >= 0 || all && c >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escape puts a backslash in front of what kramdown may take for its own.
func escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("_*`[]<|", s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
