package kramdown

import (
	"html"
	"strings"

	"scholium/analysis/text"
)

// Flow returns the text nodes of the page as its reader's browser holds them,
// in page order, with their places in t.Source. Text within script and style is
// part of it, between their marks.
func (t *Tree) Flow() *text.Flow {
	w := t.render(true)
	f := &flower{s: string(w.b), in: w.pieces, flow: &text.Flow{}, source: t.Source}
	f.out.Grow(len(f.s))
	f.flow.Marks = make([]text.Mark, 0, strings.Count(f.s, "<"))
	f.flow.Pieces = make(text.Pieces, 0, len(f.in)*3/4)
	f.read()
	f.flow.Text = f.out.String()
	return f.flow
}

// A flower reads HTML as a browser does: tags, comments, character references.
type flower struct {
	s      string
	in     text.Pieces // of s
	k      int         // the piece that holds the place where reading stands
	source string
	out    strings.Builder
	flow   *text.Flow
}

func (f *flower) read() {
	s := f.s
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			f.text(i, len(s))
			return
		}
		f.text(i, i+n)
		i += n
		end := f.tag(i)
		if end == i {
			f.text(i, i+1)
			end++
		}
		i = end
	}
}

// src returns the source of the byte at i of the HTML.
func (f *flower) src(i int) text.Span {
	for f.k > 0 && f.in[f.k].Out.Start > i {
		f.k--
	}
	for f.k < len(f.in)-1 && f.in[f.k].Out.End <= i {
		f.k++
	}
	if len(f.in) == 0 {
		return text.Span{}
	}
	p := f.in[f.k]
	if p.Exact {
		at := p.Src.Start + i - p.Out.Start
		return text.Span{Start: at, End: at + 1}
	}
	return p.Src
}

func (f *flower) mark(kind text.MarkKind, name, class string, src text.Span) {
	f.flow.Marks = append(f.flow.Marks, text.Mark{At: f.out.Len(), Kind: kind, Name: name, Class: class, Src: src})
}

// tag reads the tag or comment at i and returns the offset behind it, or i.
func (f *flower) tag(i int) int {
	s := f.s
	rest := s[i:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		end := len(s)
		if n := strings.Index(rest[4:], "-->"); n >= 0 {
			end = i + 4 + n + 3
		}
		f.mark(text.Comment, "", "", f.union(i, end))
		return end
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		end := len(s)
		if n := strings.IndexByte(rest, '>'); n >= 0 {
			end = i + n + 1
		}
		f.mark(text.Comment, "", "", f.union(i, end))
		return end
	case len(rest) > 2 && rest[1] == '/' && isLetter(rest[2]):
		end := len(s)
		if n := strings.IndexByte(rest, '>'); n >= 0 {
			end = i + n + 1
		}
		f.mark(text.Close, lowerName(rest[2:]), "", f.src(i))
		return end
	case len(rest) > 1 && isLetter(rest[1]):
		return f.start(i)
	}
	return i
}

// union returns the source of bytes i to j.
func (f *flower) union(i, j int) text.Span { return text.Union(f.src(i), f.src(j-1)) }

// lowerName returns the name of the tag that s begins with.
func lowerName(s string) string {
	i := 0
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' && s[i] != '/' {
		i++
	}
	return strings.ToLower(s[:i])
}

// start reads a start tag.
func (f *flower) start(i int) int {
	s := f.s
	name := lowerName(s[i+1:])
	src := f.src(i)
	j := i + 1 + len(name)
	class, closed := "", false
	for {
		for j < len(s) && (isSpace(s[j]) || s[j] == '/') {
			closed = s[j] == '/'
			j++
		}
		if j >= len(s) {
			return j
		}
		if s[j] == '>' {
			j++
			break
		}
		closed = false
		from := j
		for j++; j < len(s) && !isSpace(s[j]) && s[j] != '=' && s[j] != '>' && s[j] != '/'; j++ {
		}
		attr := s[from:j]
		k := skipSpace(s, j)
		if k >= len(s) || s[k] != '=' {
			continue
		}
		k = skipSpace(s, k+1)
		value := ""
		if k < len(s) && (s[k] == '"' || s[k] == '\'') {
			n := strings.IndexByte(s[k+1:], s[k])
			if n < 0 {
				return len(s)
			}
			value = s[k+1 : k+1+n]
			j = k + n + 2
		} else {
			for j = k; j < len(s) && !isSpace(s[j]) && s[j] != '>'; j++ {
			}
			value = s[k:j]
		}
		if strings.EqualFold(attr, "class") {
			class = html.UnescapeString(value)
		}
	}
	if closed || tagClasses[name]&voidTag != 0 {
		f.mark(text.Void, name, class, src)
		return j
	}
	f.mark(text.Open, name, class, src)
	switch name {
	case "script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp":
		end := findClose(s, j, name, true)
		if end < 0 {
			end = len(s)
		}
		if name == "textarea" || name == "title" {
			f.text(j, end)
		} else {
			f.raw(j, end)
		}
		j = end
	}
	return j
}

// text appends bytes i to j of the HTML, with character references decoded.
func (f *flower) text(i, j int) {
	s := f.s
	for i < j {
		n := strings.IndexByte(s[i:j], '&')
		if n < 0 {
			f.raw(i, j)
			return
		}
		f.raw(i, i+n)
		i += n
		end := i + 1
		for end < j && end < i+40 && s[end] != ';' && (isWordByte(s[end]) || s[end] == '#') {
			end++
		}
		if end < j && s[end] == ';' {
			end++
		}
		decoded := html.UnescapeString(s[i:end])
		if decoded == s[i:end] {
			f.raw(i, end)
		} else {
			f.decoded(decoded, f.union(i, end))
		}
		i = end
	}
}

// decoded appends what a character reference stands for.
func (f *flower) decoded(s string, src text.Span) {
	f.out.WriteString(s)
	f.flow.Pieces = f.flow.Pieces.Append(len(s), src, 0, src.Of(f.source) == s)
}

// raw appends bytes i to j of the HTML as they are.
func (f *flower) raw(i, j int) {
	if i >= j {
		return
	}
	f.out.WriteString(f.s[i:j])
	f.src(i)
	for i < j {
		p := f.in[f.k]
		end := min(j, p.Out.End)
		src := p.Src
		if p.Exact {
			src = text.Span{Start: p.Src.Start + i - p.Out.Start, End: p.Src.Start + end - p.Out.Start}
		}
		f.flow.Pieces = f.flow.Pieces.Append(end-i, src, 0, p.Exact)
		i = end
		if i < j {
			f.k++
		}
	}
}
