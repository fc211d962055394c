package liquid

import "strings"

// urlFilter is Jekyll's relative_url and absolute_url.
func urlFilter(r *renderer, c *filterArgs) Value {
	if o, ok := c.v.(Object); ok { // a document stands for its URL
		u, _ := o.Get("url")
		if isUnknown(u) {
			return u
		}
		c.v, c.in = u, str(u)
	}
	if c.v == nil && c.name == "relative_url" {
		return nil
	}
	if absolute(c.in.S) {
		return c.v
	}
	if c.name == "relative_url" || r.env.URL == "" {
		return c.in.made(r.env.relative(c.in.S))
	}
	return c.in.made(normalizeURL(r.env.URL + r.env.relative(c.in.S)))
}

// absolute reports whether an address has a scheme.
func absolute(s string) bool {
	i := strings.IndexAny(s, ":/?#")
	return i > 0 && s[i] == ':'
}

// Relative returns an address as Jekyll's relative_url prints it.
func (e *Env) Relative(s string) string { return e.relative(s) }

func (e *Env) relative(s string) string {
	if absolute(s) {
		return s
	}
	slashed := func(s string) string {
		if s == "" || s[0] == '/' {
			return s
		}
		return "/" + s
	}
	return normalizeURL(slashed(strings.TrimSuffix(e.BaseURL, "/")) + slashed(s))
}

// normalizeURL writes an address as the addressable library does: dots in the
// path resolved, what URLs cannot hold percent-encoded, percent-encoding that
// nothing needs undone.
func normalizeURL(s string) string {
	head := ""
	if i := strings.Index(s, "://"); i > 0 && absolute(s) {
		end := i + 3
		for end < len(s) && s[end] != '/' && s[end] != '?' && s[end] != '#' {
			end++
		}
		head, s = strings.ToLower(s[:end]), s[end:]
	}
	var query, fragment string
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, fragment = s[:i], "#"+encodePart(s[i+1:], ":@!$&'()*+,;=-._~/?")
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, query = s[:i], "?"+encodePart(s[i+1:], ":@!$&'()*+,;=-._~/?")
	}
	s = encodePart(s, ":@!$&'()*+,;=-._~/")
	if strings.Contains(s, "/.") {
		s = withoutDots(s)
	}
	if s == "" && head != "" {
		s = "/"
	}
	return head + s + query + fragment
}

func withoutDots(s string) string {
	var out []string
	parts := strings.Split(s, "/")
	for i, p := range parts {
		last := i == len(parts)-1
		switch p {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, p)
		}
	}
	return strings.Join(out, "/")
}

// encodePart percent-encodes what is not in keep, and decodes what is encoded
// without need.
func encodePart(s, keep string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			d := byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			if isWord(d) || d == '-' || d == '.' || d == '~' {
				b.WriteByte(d)
			} else {
				b.WriteByte('%')
				b.WriteString(strings.ToUpper(s[i+1 : i+3]))
			}
			i += 2
			continue
		}
		encodeByte(&b, c, keep)
	}
	return b.String()
}

func encodeByte(b *strings.Builder, c byte, keep string) {
	const digits = "0123456789ABCDEF"
	if isWord(c) || strings.IndexByte(keep, c) >= 0 {
		b.WriteByte(c)
		return
	}
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

func percentEncode(s, keep string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		encodeByte(&b, s[i], keep)
	}
	return b.String()
}

// percentDecode leaves what is no percent-encoding as it stands.
func percentDecode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			b.WriteByte(byte(unhex(s[i+1])<<4 | unhex(s[i+2])))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// formEncode is CGI.escape, formDecode is CGI.unescape.
func formEncode(s string) string {
	return strings.ReplaceAll(percentEncode(s, "-.~ "), " ", "+")
}

func formDecode(s string) string { return percentDecode(strings.ReplaceAll(s, "+", " ")) }
