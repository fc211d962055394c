package site

import (
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/liquid"
	"scholium/analysis/text"
)

// An Ignore is a comment by which an author asks not to hear of rules at a place:
//
//	{% comment %}scholium-ignore CODE …{% endcomment -%}
//	% scholium-ignore CODE …      in a formula
//	# scholium-ignore CODE …      in front matter
//
// The codes are parted by blanks or commas; a colon, or the end of the line,
// ends them. A comment alone on its line speaks of the next line, and of a
// formula, tag or entry of the front matter that begins there, to its end. One
// that stands behind something speaks of its own line. One in a formula speaks
// of the whole formula.
type Ignore struct {
	At     Origin    // from scholium-ignore to the last code
	Codes  []string  // as written
	Covers text.Span // where problems that begin there are ignored, in the same file

	Spans []text.Span // of the codes, with the blank or comma in front of each, in the same file
	Whole text.Span   // the comment, with its line where nothing else stands there: what goes when it is removed
}

const ignoreWord = "scholium-ignore"

// ignores finds what the page and the files it includes do not want to hear of.
// In the order of the files, then of their text.
func (s *Snapshot) ignores(p *Page) []Ignore {
	var out []Ignore
	found := false
	files := p.Liquid.Files
	if len(files) == 0 {
		files = []string{string(p.Source.Path)}
	}
	for i, file := range files {
		src := p.Source
		if Path(file) != src.Path {
			src = s.Source(Path(file))
		}
		if src == nil || !strings.Contains(src.Text, ignoreWord) {
			continue
		}
		found = true
		f := finder{page: p, src: src}
		if i == 0 {
			f.head()
		}
		if p.liquid && src.Template != nil {
			f.comments()
		}
		out = append(out, f.out...)
	}
	if found {
		out = append(out, p.ignoresInMath()...)
	}
	return out
}

// A finder looks for ignores in one file.
type finder struct {
	page *Page
	src  *Source
	out  []Ignore
}

// head reads the comments of the front matter.
func (f *finder) head() {
	doc, yaml := f.src.Text, f.src.Head.YAML
	for at := yaml.Start; at < yaml.End; {
		n := strings.Index(doc[at:yaml.End], ignoreWord)
		if n < 0 {
			return
		}
		at += n
		line := f.src.Lines.Span(f.src.Lines.Line(at))
		hash := strings.LastIndexByte(doc[line.Start:at], '#') + line.Start
		if hash >= line.Start && strings.Trim(doc[hash+1:at], " \t") == "" && !inScalar(f.src.Head.Values, hash) {
			covers := f.covers(text.Span{Start: hash, End: line.End})
			f.add(at, text.Span{Start: hash, End: line.End}, line.End, text.Span{Start: covers.Start, End: entryEnd(f.src, f.src.Head.Values, covers)})
		}
		at += len(ignoreWord)
	}
}

// comments reads Liquid's.
func (f *finder) comments() {
	for _, c := range f.src.Template.Comments {
		inner := c.Inner.Of(f.src.Text)
		at := c.Inner.Start + len(inner) - len(strings.TrimLeft(inner, " \t\r\n"))
		if !strings.HasPrefix(f.src.Text[at:c.Inner.End], ignoreWord) {
			continue
		}
		covers := f.covers(c.Span)
		if tag := liquid.TagAt(f.src.Text, f.src.Head.Body, f.firstOf(covers)); !tag.Empty() {
			covers.End = max(covers.End, tag.End)
		}
		covers.End = max(covers.End, f.page.mathEnd(f.src, covers))
		f.add(at, c.Span, c.Inner.End, covers)
	}
}

// firstOf is the first byte of a line that is no blank.
func (f *finder) firstOf(line text.Span) int {
	part := line.Of(f.src.Text)
	return line.Start + len(part) - len(strings.TrimLeft(part, " \t"))
}

// covers returns the line that a comment speaks of: its own where anything
// stands before or behind it there, else the next one that is not empty and
// holds no such comment alone.
func (f *finder) covers(comment text.Span) text.Span {
	lines, doc := f.src.Lines, f.src.Text
	first, last := lines.Line(comment.Start), lines.Line(max(comment.Start, comment.End-1))
	before := doc[lines.Span(first).Start:comment.Start]
	behind := doc[min(comment.End, lines.Span(last).End):lines.Span(last).End]
	if strings.Trim(before+behind, " \t>") != "" {
		return text.Span{Start: lines.Span(first).Start, End: lines.Span(last).End}
	}
	for last++; last < lines.Count(); last++ {
		line := strings.TrimSpace(lines.Span(last).Of(doc))
		if line != "" && !isIgnoreLine(line) {
			break
		}
	}
	return lines.Span(last)
}

// isIgnoreLine reports whether a line holds such a comment and nothing else.
func isIgnoreLine(line string) bool {
	at := strings.Index(line, ignoreWord)
	if at < 0 {
		return false
	}
	switch before := strings.TrimSpace(strings.TrimLeft(line[:at], " \t>")); before {
	case "#", "%":
		return true
	default:
		return strings.HasPrefix(before, "{%") && strings.HasSuffix(before, "%}") && strings.HasSuffix(line, "%}") &&
			strings.Count(line, "{%") == 2
	}
}

func (f *finder) add(at int, comment text.Span, end int, covers text.Span) {
	codes, spans := ignoreCodes(f.src.Text, at+len(ignoreWord), end)
	word := text.Span{Start: at, End: at + len(ignoreWord)}
	if len(spans) > 0 {
		word.End = spans[len(spans)-1].End
	}
	f.out = append(f.out, Ignore{At: Origin{File: f.src.Path, Span: word, Exact: true}, Codes: codes, Covers: covers, Spans: spans, Whole: f.src.alone(comment)})
}

// alone returns a comment with the blanks in front of it, and with its lines
// where nothing else stands there.
func (src *Source) alone(comment text.Span) text.Span {
	doc := src.Text
	for comment.Start > 0 && (doc[comment.Start-1] == ' ' || doc[comment.Start-1] == '\t') {
		comment.Start--
	}
	first, last := src.Lines.Span(src.Lines.Line(comment.Start)), src.Lines.Span(src.Lines.Line(max(comment.Start, comment.End-1)))
	if comment.Start > first.Start || strings.Trim(doc[min(comment.End, last.End):last.End], " \t") != "" {
		return comment
	}
	end := last.End
	if strings.HasPrefix(doc[end:], "\r") {
		end++
	}
	if strings.HasPrefix(doc[end:], "\n") {
		end++
	}
	return text.Span{Start: first.Start, End: end}
}

// ignoreCodes reads what stands behind the word, from at up to end.
func ignoreCodes(s string, at, end int) (codes []string, spans []text.Span) {
	for at < end {
		before := at
		for at < end && (s[at] == ' ' || s[at] == '\t' || s[at] == ',') {
			at++
		}
		start := at
		for at < end && (s[at] == '-' || s[at] >= 'a' && s[at] <= 'z' || s[at] >= 'A' && s[at] <= 'Z' || s[at] >= '0' && s[at] <= '9') {
			at++
		}
		if at == start || strings.Trim(s[start:at], "-") == "" {
			break
		}
		codes, spans = append(codes, strings.Clone(s[start:at])), append(spans, text.Span{Start: before, End: at})
	}
	return codes, spans
}

// ignoresInMath reads the comments in formulas.
func (p *Page) ignoresInMath() []Ignore {
	var out []Ignore
	for i := range p.Math {
		f := &p.Math[i]
		for at := 0; ; {
			n := strings.Index(f.TeX[at:], ignoreWord)
			if n < 0 {
				break
			}
			at += n
			line := strings.LastIndexByte(f.TeX[:at], '\n') + 1
			end := len(f.TeX)
			if n := strings.IndexByte(f.TeX[at:], '\n'); n >= 0 {
				end = at + n
			}
			if percent := strings.TrimRight(f.TeX[line:at], " \t"); strings.HasSuffix(percent, "%") && !strings.HasSuffix(percent, `\%`) {
				codes, spans := ignoreCodes(f.TeX, at+len(ignoreWord), end)
				stop := at + len(ignoreWord)
				for i := range spans {
					stop = spans[i].End
					spans[i] = p.InMath(f, spans[i]).Span
				}
				word := p.InMath(f, text.Span{Start: at, End: stop})
				comment := p.InMath(f, text.Span{Start: line + len(percent) - 1, End: end})
				if whole := p.FromFlow(f.Flow); whole.File == word.File {
					ig := Ignore{At: word, Codes: codes, Covers: whole.Span, Spans: spans}
					if comment.File == p.Source.Path && comment.Exact {
						ig.Whole = p.Source.alone(comment.Span)
					}
					out = append(out, ig)
				}
			}
			at += len(ignoreWord)
		}
	}
	return out
}

// mathEnd returns where the last formula ends that begins in span of a file.
func (p *Page) mathEnd(src *Source, span text.Span) int {
	end := 0
	for i := range p.Math {
		if o := p.FromFlow(p.Math[i].Flow); o.File == src.Path && span.Start <= o.Span.Start && o.Span.Start < span.End {
			end = max(end, o.Span.End)
		}
	}
	return end
}

// inScalar reports whether an offset lies in a value or key: a # there is no comment.
func inScalar(n *frontmatter.Node, at int) bool {
	for _, e := range n.Entries {
		if inScalar(e.Key, at) || inScalar(e.Value, at) {
			return true
		}
	}
	for _, item := range n.Items {
		if inScalar(item, at) {
			return true
		}
	}
	return n.Kind != frontmatter.Map && n.Kind != frontmatter.List && n.Span.Start <= at && at < n.Span.End
}

// entryEnd returns where the longest entry or item ends that begins in line.
func entryEnd(src *Source, n *frontmatter.Node, line text.Span) int {
	end := line.End
	here := func(at int) bool { return line.Start <= at && at <= line.End }
	for _, e := range n.Entries {
		if here(e.Key.Span.Start) {
			end = max(end, e.Value.Span.End)
		}
		end = max(end, entryEnd(src, e.Value, line))
	}
	for _, item := range n.Items {
		if here(item.Span.Start) {
			end = max(end, item.Span.End)
		}
		end = max(end, entryEnd(src, item, line))
	}
	return end
}

// Ignored returns the index of the first of the ignores that speaks of a rule
// at a place, or -1.
func (f *Facts) Ignored(code string, at Origin) int {
	for i := range f.Ignores {
		ig := &f.Ignores[i]
		if ig.At.File != at.File || at.Span.Start < ig.Covers.Start || at.Span.Start > ig.Covers.End {
			continue
		}
		for _, c := range ig.Codes {
			if c == code {
				return i
			}
		}
	}
	return -1
}
