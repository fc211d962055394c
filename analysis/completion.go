package analysis

import (
	"strings"

	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A Candidate is something that can stand at a cursor.
type Candidate struct {
	Label   string
	Detail  string        // one line: a number and an equation, a footnote's text, a symbol
	Doc     string        // Markdown
	doc     func() string // the same, where it is made only when it is asked for
	File    site.Path     // the file or page that it stands for; else empty
	Insert  string        // what replaces Replace, as plain text
	Snippet string        // the same with places to fill, ${1:x} and $0, for who has them; empty where there are none
	Filter  string        // what is typed to find it, where that is not Label
	Kind    CandidateKind
	Replace text.Span // in the cursor's file
	Sort    string
	Extra   []text.Edit // elsewhere in the file
}

// A CandidateKind says what a candidate is.
type CandidateKind uint8

// The kinds of candidates.
const (
	EquationCandidate CandidateKind = iota
	FootnoteCandidate
	AnchorCandidate
	FileCandidate
	CommandCandidate
	MacroCandidate
	EnvironmentCandidate
	PackageCandidate
	ColorCandidate
	PageCandidate
	ParameterCandidate
	TagCandidate
	FilterCandidate
	KeyCandidate
	ValueCandidate
	CitationCandidate
)

// Complete returns what can stand at a cursor, best first; nil where nothing
// counts: in code, comments and raw text, or where no name is being written.
func Complete(c site.Cursor) []Candidate {
	src := c.Source()
	if src == nil {
		return nil
	}
	if isSettings(c.File) {
		return completeSettings(c)
	}
	if inHead(src, c.Offset) {
		return completeHead(c)
	}
	if tag, ok := openTag(c); ok {
		return completeTag(c, tag)
	}
	if c.Page == nil || c.Page.Source.Path != c.File || c.Page.Quiet(c.Offset) {
		return nil
	}
	line := c.Line()
	if typed, ok := openCite(line); ok {
		return completeWorks(c, typed, c.Site.Works(c.Page, "", nil))
	}
	if typed, ok := argument(line, `\eqref{`, `\ref{`); ok {
		return completeLabels(c, typed)
	}
	if typed, ok := argument(line, "[^"); ok && !strings.ContainsAny(typed, "] ") {
		return completeFootnotes(c, typed)
	}
	if typed, ok := argument(line, "]("); ok && !strings.ContainsAny(typed, ") ") {
		return completeAddress(c, typed)
	}
	if inMath(c) {
		return completeMath(c, line)
	}
	if typed, extension, ok := openAttributes(line); ok && c.Page.Tree != nil {
		return completeAttributes(c, typed, extension)
	}
	if typed, ok := argument(line, "]["); ok && !strings.ContainsAny(typed, "]") {
		return completeLinkRefs(c, typed)
	}
	return completeProse(c, line)
}

// argument returns what is typed behind the last of some openings in a line.
func argument(line string, openings ...string) (string, bool) {
	best, typed := -1, ""
	for _, o := range openings {
		if i := strings.LastIndex(line, o); i > best {
			best, typed = i, line[i+len(o):]
		}
	}
	if best < 0 || strings.ContainsAny(typed, "}{") {
		return "", false
	}
	return typed, true
}

// command returns the backslash and letters that are being typed.
func command(line string) (string, bool) {
	i := len(line)
	for i > 0 && line[i-1]|0x20 >= 'a' && line[i-1]|0x20 <= 'z' {
		i--
	}
	if i == 0 || line[i-1] != '\\' {
		return "", false
	}
	slashes := 0
	for j := i - 1; j >= 0 && line[j] == '\\'; j-- {
		slashes++
	}
	return line[i-1:], slashes%2 == 1
}

// inMath reports whether a cursor stands in a formula, or in one that is being
// typed and has no end yet.
func inMath(c site.Cursor) bool {
	if _, ok := c.Page.Formula(c.File, c.Offset); ok {
		return true
	}
	for _, u := range c.Page.Open {
		o := c.Page.FromFlow(u.At)
		if o.File == c.File && o.Span.End <= c.Offset && !strings.Contains(c.Text()[o.Span.End:c.Offset], "\n\n") {
			return true
		}
	}
	// A formula that kramdown does not take for one yet: an odd dollar in the line.
	line := c.Line()
	dollars := strings.Count(line, "$") - strings.Count(line, `\$`)
	return dollars%2 == 1
}

func replaced(c site.Cursor, typed string) text.Span {
	return text.Span{Start: c.Offset - len(typed), End: c.Offset}
}

// word extends a replaced span over the rest of the name behind the cursor.
func word(c site.Cursor, typed string, stop string) text.Span {
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && doc[span.End] != '\n' && strings.IndexByte(stop, doc[span.End]) < 0 {
		span.End++
	}
	if span.End == len(doc) || doc[span.End] == '\n' {
		span.End = c.Offset // nothing closes the name
	}
	return span
}

// closing returns the letter that is to close a name, the first of those that
// may stand behind it; empty where one stands there.
func closing(c site.Cursor, span text.Span, letters string) string {
	if doc := c.Text(); span.End < len(doc) && strings.IndexByte(letters, doc[span.End]) >= 0 {
		return ""
	}
	return letters[:1]
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
