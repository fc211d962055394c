package analysis

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Candidate is something that can stand at a cursor.
type Candidate struct {
	Label   string
	Detail  string // one line: a number and an equation, a footnote's text, a symbol
	Doc     string // Markdown
	Insert  string // what replaces Replace
	Filter  string // what is typed to find it, where that is not Label
	Kind    CandidateKind
	Replace text.Span // in the cursor's file
	Sort    string
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
)

// Complete returns what can stand at a cursor, best first; nil where nothing
// counts: in code, comments and raw text, or where no name is being written.
func Complete(c site.Cursor) []Candidate {
	line := c.Line()
	if name, ok := after(line, "{%", "include"); ok {
		return completeIncludes(c, name)
	}
	if c.Page == nil || c.Page.Source.Path != c.File || c.Page.Quiet(c.Offset) {
		return nil
	}
	if typed, ok := argument(line, `\eqref{`, `\ref{`); ok {
		return completeLabels(c, typed)
	}
	if typed, ok := argument(line, "[^"); ok && !strings.ContainsAny(typed, "] ") {
		return completeFootnotes(c, typed)
	}
	if typed, ok := argument(line, "](#"); ok && !strings.ContainsAny(typed, ") ") {
		return completeAnchors(c, typed)
	}
	if typed, ok := command(line); ok && inMath(c) {
		return completeCommands(c, typed)
	}
	return nil
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

// after returns what is typed behind a tag's name, where it is one word.
func after(line, open, tag string) (string, bool) {
	i := strings.LastIndex(line, open)
	if i < 0 || strings.Contains(line[i:], "%}") {
		return "", false
	}
	rest := strings.TrimLeft(strings.TrimPrefix(line[i+len(open):], "-"), " ")
	word, typed, ok := strings.Cut(rest, " ")
	if !ok || word != tag {
		return "", false
	}
	typed = strings.TrimLeft(typed, " ")
	return typed, !strings.ContainsAny(typed, " =\"'")
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

func completeLabels(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	span := word(c, typed, "} \t\\$")
	for i := range c.Page.Math {
		f := &c.Page.Math[i]
		for _, l := range f.Labels {
			if l.Lost == tex.LostDuplicate || l.Name == "" {
				continue
			}
			number := l.Number
			if number == "" {
				number = "???"
			}
			out = append(out, Candidate{
				Label: l.Name, Detail: "(" + number + ") " + oneLine(f, l), Doc: fence("latex", f.TeX), Insert: l.Name,
				Kind: EquationCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out)),
			})
		}
	}
	return out
}

// oneLine is the row of an equation that has a label, in one line.
func oneLine(f *tex.Formula, l tex.Label) string {
	s := f.TeX
	for _, r := range f.Rows {
		if r.Span.Contains(l.Span.Start) {
			s = r.Span.Of(f.TeX)
		}
	}
	s = strings.ReplaceAll(s, l.Span.Of(f.TeX), "")
	for _, env := range []string{"equation", "align", "gather", "multline", "eqnarray"} {
		s = strings.ReplaceAll(s, `\begin{`+env+`}`, "")
		s = strings.ReplaceAll(s, `\end{`+env+`}`, "")
	}
	s = strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(s), `\newline`)), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return s
}

func completeFootnotes(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	span := word(c, typed, "] \t")
	for _, f := range c.Page.Tree.Footnotes {
		if f.Replaced {
			continue
		}
		detail := ""
		if f.Node != nil {
			detail = site.PlainText(f.Node)
		}
		insert := f.Name
		if doc := c.Text(); span.End >= len(doc) || doc[span.End] != ']' {
			insert += "]"
		}
		out = append(out, Candidate{
			Label: f.Name, Detail: shorten(detail, 60), Doc: detail, Insert: insert, Kind: FootnoteCandidate, Replace: span,
			Sort: fmt.Sprintf("%05d", len(out)),
		})
	}
	return out
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func completeAnchors(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	span := word(c, typed, ") \t")
	seen := map[string]bool{}
	for _, n := range c.Page.Facts.Names {
		if n.Kind != site.Anchor || n.Uses || seen[n.Text] || strings.HasPrefix(n.Text, "fn:") || strings.HasPrefix(n.Text, "fnref:") {
			continue
		}
		seen[n.Text] = true
		insert := n.Text
		if doc := c.Text(); span.End >= len(doc) || doc[span.End] != ')' {
			insert += ")"
		}
		out = append(out, Candidate{
			Label: n.Text, Detail: shorten(n.Detail, 60), Insert: insert, Kind: AnchorCandidate, Replace: span,
			Sort: fmt.Sprintf("%05d", len(out)),
		})
	}
	return out
}

func completeIncludes(c site.Cursor, typed string) []Candidate {
	if c.Site.Loose {
		return nil
	}
	var out []Candidate
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && (isWordByte(doc[span.End]) || strings.IndexByte("-./", doc[span.End]) >= 0) {
		span.End++
	}
	for _, name := range c.Site.Includes() {
		full := path.Join(strings.Trim(c.Site.Config.IncludesDir, "/"), name)
		if c.Site.Config.Classify(full).Kind != jekyll.Include {
			continue
		}
		detail, docText := "", ""
		if src := c.Site.Source(site.Path(full)); src != nil {
			if params := parameters(src.Text); len(params) > 0 {
				detail = strings.Join(params, ", ")
			}
			docText = fence("html", src.Text)
		}
		out = append(out, Candidate{Label: name, Detail: detail, Doc: docText, Insert: name, Kind: FileCandidate, Replace: span, Sort: name})
	}
	return out
}

// completeCommands proposes the page's macros that are defined so far, the
// site's, and MathJax's commands, in this order.
func completeCommands(c site.Cursor, typed string) []Candidate {
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && doc[span.End]|0x20 >= 'a' && doc[span.End]|0x20 <= 'z' {
		span.End++
	}
	var out []Candidate
	seen := map[string]bool{}
	add := func(rank, name, detail, source string, kind CandidateKind) {
		if seen[name] {
			return
		}
		seen[name] = true
		out = append(out, Candidate{Label: `\` + name, Detail: detail, Doc: source, Insert: `\` + name, Kind: kind, Replace: span, Sort: rank + strings.ToLower(name) + name})
	}
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Macro && !n.Uses && (n.At.File != c.File || n.At.Span.Start < c.Offset) {
			add("0", n.Text, "macro of this page: "+shorten(n.Detail, 50), fence("latex", c.Region(n.Whole)), MacroCandidate)
		}
	}
	for _, n := range c.Page.Layout.Macros {
		add("1", n.Text, "macro of this site: "+shorten(n.Detail, 50), fence("latex", n.Detail), MacroCandidate)
	}
	prefix := strings.TrimPrefix(typed, `\`)
	for _, info := range tex.Commands(c.Page.Config) {
		if info.Known == tex.Never || len(prefix) >= 2 && !strings.HasPrefix(strings.ToLower(info.Name), strings.ToLower(prefix[:1])) {
			continue
		}
		if first := info.Name[0] | 0x20; first < 'a' || first > 'z' {
			continue
		}
		detail := strings.TrimSpace(info.Char + " " + signature(info))
		rank := "2"
		if info.Known == tex.Require {
			rank = "3"
			detail = strings.TrimSpace(detail + ` needs \require{` + info.Package + "}")
		}
		add(rank, info.Name, detail, "", CommandCandidate)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Sort < out[j].Sort })
	return out
}
