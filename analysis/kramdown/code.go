package kramdown

import "strings"

// fenceLength returns how many ~ and ` stand at i.
func fenceLength(s string, i int) int {
	n := 0
	for i+n < len(s) && (s[i+n] == '~' || s[i+n] == '`') {
		n++
	}
	return n
}

// fenced reads a fenced code block: ~~~ for kramdown, ``` too for GFM.
func (p *parser) fenced() bool {
	in := p.in
	s, start := in.s, in.pos
	open := start
	if p.gfm {
		open = opt(s, start)
	} else if s[start] != '~' {
		return false
	}
	n := fenceLength(s, open)
	if !p.gfm {
		for n = 0; open+n < len(s) && s[open+n] == '~'; n++ {
		}
	}
	if n < 3 {
		return false
	}
	// The opening fence is as long as can be closed: \1 gives back what no
	// closing fence answers, and the info string then begins with it.
	body, _ := fenceInfo(s, open+n)
	if body < 0 {
		return false
	}
	from, to, best := p.closingFence(s[open:open+n], body)
	if best == 0 {
		return false
	}
	n = best
	again, info := fenceInfo(s, open+n)
	if again < 0 {
		return false
	}
	in.pos = to
	node := p.add(CodeBlock, start, to)
	node.flags |= closed
	lang := s[info[0]:info[1]]
	if lang != "" {
		name := lang
		if q := strings.IndexByte(lang[1:], '?'); q >= 0 {
			name = lang[:q+1]
		}
		node.Attr = append(node.Attr, Attr{"class", "language-" + name, in.v.span(info[0], info[0]+len(name))})
	}
	p.value(node, in.v, body, from)
	return true
}

// fenceInfo reads the info string at i. It returns where the code begins, or
// -1 if there is more than one word.
func fenceInfo(s string, i int) (body int, info [2]int) {
	if end := toLineEnd(s, i); end > 0 {
		return end, [2]int{i, i}
	}
	start := skipSpace(s, i)
	end := start
	for end < len(s) && !isSpace(s[end]) {
		end++
	}
	return toLineEnd(s, end), [2]int{start, end}
}

// closingFence finds the line that closes a fence. It returns the offsets of
// its begin and behind it, and how much of the opening fence it closes, 0 if
// there is none.
func (p *parser) closingFence(fence string, i int) (from, to, n int) {
	in := p.in
	s := in.s
	key, start := fence[:3], i
	if at, ok := in.unclosed[key]; ok && at <= i {
		return 0, 0, 0
	}
	for ; i < len(s); i = lineEnd(s, i) {
		first := i
		if p.gfm {
			first = opt(s, i)
		}
		if first >= len(s) || s[first] != fence[0] {
			continue
		}
		length := fenceLength(s, first)
		if length < 3 {
			continue
		}
		end := toLineEnd(s, first+length)
		if end < 0 {
			continue
		}
		for k := min(length, len(fence)); k >= 3 && k > n; k-- {
			if s[first:first+k] != fence[:k] || strings.Trim(s[first+k:first+length], fence[k-1:k]) != "" {
				continue
			}
			from, to, n = i, end, k
			break
		}
		if n == len(fence) {
			break
		}
	}
	if n == 0 {
		if in.unclosed == nil {
			in.unclosed = map[string]int{}
		}
		in.unclosed[key] = start
	}
	return from, to, n
}
