// Package inspect shows how a page was read, by the same code as the editor
// uses: its formulas, its names, what is unknown and which rules are silent for
// that, and the tree.
package inspect

import (
	"fmt"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/mathjax"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A Formula is a formula as inspect math prints it. Offsets are bytes of the
// page's own file, or of the file that holds it, named then.
type Formula struct {
	File      string  `json:"file,omitempty"`
	Offset    int     `json:"offset"`
	EndOffset int     `json:"endOffset"`
	TeX       string  `json:"tex"`
	Display   bool    `json:"display"`
	Labels    []Label `json:"labels"`
	Errors    []Error `json:"errors"`
	Verdict   string  `json:"verdict"`
}

// A Label is a label with its number; ??? where it has none.
type Label struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

// An Error is what MathJax would print.
type Error struct {
	ID        string `json:"id"`
	Message   string `json:"message"`
	Offset    int    `json:"offset"`
	EndOffset int    `json:"endOffset"`
}

// Math lists the formulas of a page, in page order. said is what MathJax itself
// says of those in doubt, by their numbers.
func Math(p *site.Page, said map[int]*site.Verdict) []Formula {
	out := []Formula{}
	for i := range p.Math {
		f := &p.Math[i]
		at := p.FromFlow(f.Flow)
		j := Formula{Offset: at.Span.Start, EndOffset: at.Span.End, TeX: f.TeX, Display: f.Display, Labels: []Label{}, Errors: []Error{}, Verdict: "fine"}
		if at.File != p.Source.Path {
			j.File = string(at.File)
		}
		for _, l := range f.Labels {
			number := l.Number
			if number == "" {
				number = "???"
			}
			j.Labels = append(j.Labels, Label{l.Name, number})
		}
		add := func(id, message string, span text.Span) {
			o := p.InMath(f, span)
			j.Errors = append(j.Errors, Error{id, message, o.Span.Start, o.Span.End})
		}
		if v := said[i]; v != nil {
			j.Verdict = "judged"
			for _, r := range v.Errors {
				add(r.ID, r.Message, r.Span)
			}
			for _, r := range v.Unknown {
				add("UndefinedControlSequence", r.Message, r.Span)
			}
		} else {
			for _, e := range f.Faults {
				add(e.ID, e.Message, e.Span)
			}
			if f.Doubtful || len(f.Faults) > 0 {
				j.Verdict = "doubtful"
			}
		}
		out = append(out, j)
	}
	return out
}

// A Name is a name as inspect names prints it.
type Name struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Use       bool   `json:"use"`
	File      string `json:"file"`
	Offset    int    `json:"offset"`
	EndOffset int    `json:"endOffset"`
	Exact     bool   `json:"exact"`
	Prefix    string `json:"prefix,omitempty"`
	Suffix    string `json:"suffix,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// Names lists what a page defines and uses, and the macros of its site.
func Names(p *site.Page, _ *site.Snapshot) []Name {
	out := []Name{}
	list := append(append([]site.Name{}, p.Facts.Names...), p.Layout.Macros...)
	for _, n := range list {
		out = append(out, Name{
			n.Kind.String(), n.Text, n.Uses, string(n.At.File), n.At.Span.Start, n.At.Span.End, n.At.Exact, n.Prefix, n.Suffix, n.Detail,
		})
	}
	return out
}

var engines = map[mathjax.Engine]string{
	mathjax.None: "none", mathjax.MathJax2: "MathJax 2", mathjax.MathJax3: "MathJax 3", mathjax.MathJax4: "MathJax 4", mathjax.KaTeX: "KaTeX",
}

// Page says what a page was made from, what of it is unknown, and which rules
// are silent for that.
func Page(p *site.Page, s *site.Snapshot) string {
	var b strings.Builder
	fmt.Fprintf(&b, "page      %s\n", p.Source.Path)
	if p.Facts.URL != "" {
		fmt.Fprintf(&b, "url       %s\n", p.Facts.URL)
	}
	if p.Facts.Title != "" {
		fmt.Fprintf(&b, "title     %s\n", p.Facts.Title)
	}
	fmt.Fprintf(&b, "markdown  %s\n", s.Config.Markdown)
	if p.Config != nil {
		fmt.Fprintf(&b, "math      %s", engines[p.Config.Engine])
		if p.Config.Engine != mathjax.None {
			fmt.Fprintf(&b, ", tags %s, %d macros of the site, %d formulas", p.Config.Tags, len(p.Config.Macros), len(p.Math))
		}
		b.WriteString("\n")
	}
	for _, l := range p.Layout.Chain {
		fmt.Fprintf(&b, "layout    %s\n", l)
	}
	for _, in := range p.Reads {
		state := ""
		if in.Hash == 0 {
			state = " (does not exist)"
		}
		fmt.Fprintf(&b, "read      %s%s\n", in.Path, state)
	}
	for _, u := range p.Facts.Unknown {
		fmt.Fprintf(&b, "unknown   %s", u.What)
		if at := place(p, s, u.At); at != "" {
			fmt.Fprintf(&b, " (%s)", at)
		}
		b.WriteString("\n")
	}
	var silent []string
	for _, r := range rules.Silent(p, s) {
		silent = append(silent, r.Code)
	}
	if len(silent) > 0 {
		fmt.Fprintf(&b, "silent    %s\n", strings.Join(silent, ", "))
	}
	return b.String()
}

// place is where an origin stands, as file:line:column; the file alone where its
// text is not at hand, and nothing for no place. The page's own text need not be
// kept by the site.
func place(p *site.Page, s *site.Snapshot, at site.Origin) string {
	src := s.Source(at.File)
	if p != nil && at.File == p.Source.Path {
		src = p.Source
	}
	switch {
	case at.File == "" || at.Span.Empty():
		return ""
	case src == nil:
		return string(at.File)
	}
	from := src.Lines.Position(at.Span.Start, text.UTF16)
	return fmt.Sprintf("%s:%d:%d", at.File, from.Line+1, from.Column+1)
}

// Tree prints a kramdown tree, a node a line.
func Tree(t *kramdown.Tree) string {
	var b strings.Builder
	t.Walk(func(n *kramdown.Node, depth int) bool {
		fmt.Fprintf(&b, "%s%s %d-%d", strings.Repeat("  ", depth), kinds[n.Kind], n.Span.Start, n.Span.End)
		if n.Level > 0 {
			fmt.Fprintf(&b, " level %d", n.Level)
		}
		for _, a := range n.Attr {
			fmt.Fprintf(&b, " %s=%q", a.Name, a.Value)
		}
		if n.Value != "" {
			value := n.Value
			if r := []rune(value); len(r) > 60 {
				value = string(r[:59]) + "…"
			}
			fmt.Fprintf(&b, " %q", value)
		}
		b.WriteString("\n")
		return true
	})
	return b.String()
}

var kinds = map[kramdown.Kind]string{
	kramdown.Root: "root", kramdown.Blank: "blank", kramdown.Paragraph: "p", kramdown.Header: "header", kramdown.Blockquote: "blockquote",
	kramdown.CodeBlock: "codeblock", kramdown.UnorderedList: "ul", kramdown.OrderedList: "ol", kramdown.DefinitionList: "dl",
	kramdown.ListItem: "li", kramdown.DefinitionTerm: "dt", kramdown.Definition: "dd", kramdown.Table: "table", kramdown.TableHead: "thead",
	kramdown.TableBody: "tbody", kramdown.TableFoot: "tfoot", kramdown.TableRow: "tr", kramdown.TableCell: "td", kramdown.HorizontalRule: "hr",
	kramdown.MathBlock: "math (block)", kramdown.HTMLElement: "html_element", kramdown.HTMLDoctype: "html_doctype",
	kramdown.XMLComment: "xml_comment", kramdown.XMLPI: "xml_pi", kramdown.CommentBlock: "comment", kramdown.RawHTML: "raw",
	kramdown.Text: "text", kramdown.Break: "br", kramdown.Link: "a", kramdown.Image: "img", kramdown.CodeSpan: "codespan",
	kramdown.FootnoteMarker: "footnote", kramdown.Entity: "entity", kramdown.Symbol: "typographic_sym", kramdown.SmartQuote: "smart_quote",
	kramdown.MathSpan: "math (span)", kramdown.Emphasis: "em", kramdown.Strong: "strong", kramdown.Strikethrough: "del",
	kramdown.Abbreviation: "abbreviation", kramdown.Unknown: "unknown",
}
