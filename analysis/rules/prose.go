package rules

import (
	"strings"

	"scholium/analysis/liquid"
	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// latexCommands are commands of LaTeX's text that people write in prose, with
// what Markdown has for them: the signs around the argument, or nothing.
var latexCommands = map[string]string{
	"textbf": "**", "emph": "*", "textit": "*", "texttt": "`", "underline": "", "textsc": "", "cite": "", "citep": "", "citet": "",
	"footnote": "", "section": "", "subsection": "", "subsubsection": "", "caption": "", "includegraphics": "", "autoref": "", "cref": "", "Cref": "",
}

// latexInProse reports LaTeX in running text, which is printed as it stands:
// \textbf{…}, \cite{…}, and a tie ~ before a number or reference.
func latexInProse(p *page) {
	if p.Config.Unknown != "" || p.Config.Engine == mathjax.None {
		return // which text is a formula is not known, or nothing is
	}
	dollars := false
	for _, d := range p.Config.Inline {
		dollars = dollars || d.Open == "$"
	}
	doc := p.Flow.Text
	p.prose(func(span text.Span) {
		if !dollars && strings.Contains(span.Of(doc), "$") {
			return // meant as a formula, which is another story
		}
		for i := span.Start; i < span.End; i++ {
			switch doc[i] {
			case '\\':
				end := i + 1
				for end < span.End && (doc[end]|0x20 >= 'a' && doc[end]|0x20 <= 'z') {
					end++
				}
				sign, known := latexCommands[doc[i+1:end]]
				close := -1
				if end < span.End && doc[end] == '{' {
					close = strings.IndexByte(doc[end:span.End], '}')
				}
				if known && close >= 0 {
					p.latex(text.Span{Start: i, End: end}, text.Span{Start: i, End: end + close + 1}, sign)
				}
				i = max(i, end-1)
			case '~':
				if i > span.Start && isWordByte(doc[i-1]) || i > span.Start && doc[i-1] == '.' {
					rest := doc[i+1 : span.End]
					if strings.HasPrefix(rest, `\ref{`) || strings.HasPrefix(rest, `\eqref{`) || rest != "" && rest[0] >= '0' && rest[0] <= '9' && tied(doc[:i]) {
						at := p.FromFlow(text.Span{Start: i, End: i + 1})
						problem := p.report(p.own(at, i), "The reader sees this ~: in Markdown it ties nothing. Write &nbsp; or a blank.")
						problem.Fixes = replaceBy(at, "&nbsp;")
					}
				}
			}
		}
	})
}

// tied reports whether a text ends with a word that people tie to a number.
func tied(s string) bool {
	for _, w := range []string{"Figure", "Fig.", "Eq.", "Eqs.", "Equation", "Section", "Sec.", "Theorem", "Lemma", "Table", "Chapter", "Corollary", "Proposition", "Definition"} {
		if strings.HasSuffix(s, w) || strings.HasSuffix(s, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

func isWordByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

func (p *page) latex(name, whole text.Span, sign string) {
	at := p.FromFlow(name)
	problem := p.report(p.own(at, name.Start), "The reader sees “%s” as it stands: outside of formulas LaTeX's commands mean nothing.", whole.Of(p.Flow.Text))
	o := p.FromFlow(whole)
	if sign != "" {
		written := whole.Of(p.Flow.Text)
		inner := written[strings.IndexByte(written, '{')+1 : len(written)-1]
		problem.Fixes = replaceBy(o, sign+inner+sign)
	}
}

func replaceBy(at site.Origin, with string) []site.Fix {
	return edit(at, "Write "+with, with)
}

// prose calls f for every run of the page's text that is neither formula nor
// code, and in which nothing is known to be raw TeX.
func (p *page) prose(f func(text.Span)) {
	formula, depth, at := 0, 0, 0
	emit := func(end int) {
		for at < end {
			for formula < len(p.Math) && p.Math[formula].Flow.End <= at {
				formula++
			}
			stop := end
			if formula < len(p.Math) && p.Math[formula].Flow.Start < end {
				stop = max(p.Math[formula].Flow.Start, at)
			}
			if depth == 0 && stop > at && !p.raw(at) {
				f(text.Span{Start: at, End: stop})
			}
			at = stop
			if formula < len(p.Math) && p.Math[formula].Flow.Start < end && at < end {
				at = min(p.Math[formula].Flow.End, end)
			}
		}
		at = max(at, end)
	}
	for _, m := range p.Flow.Marks {
		emit(m.At)
		switch m.Name {
		case "code", "pre", "script", "style", "textarea", "svg", "math", "kbd", "samp":
			switch m.Kind {
			case text.Open:
				depth++
			case text.Close:
				depth = max(depth-1, 0)
			}
		}
	}
	emit(len(p.Flow.Text))
}

// raw reports whether a place lies behind a delimiter that never closes.
func (p *page) raw(at int) bool {
	for _, q := range p.quiet {
		if q.Start <= at && at < q.End {
			return true
		}
	}
	return false
}

// undefinedLinkReference reports [text][name] without a definition of name,
// where a link was plainly meant: kramdown prints it as it stands.
func undefinedLinkReference(p *page) {
	if !p.knows(site.Footnote) {
		return // what may define a footnote may define a link too
	}
	var names []string
	for _, d := range p.Tree.LinkDefs {
		names = append(names, d.Name)
	}
	var g guesses
	for _, m := range p.Tree.Missing {
		doc := p.Tree.Source
		if m.Shortcut || m.Name == "" || m.Span.Start > 0 && (isWordByte(doc[m.Span.Start-1]) || strings.IndexByte(`\$)]}`, doc[m.Span.Start-1]) >= 0) {
			continue
		}
		words := strings.TrimPrefix(m.Span.Of(doc), "[")
		if n := strings.IndexByte(words, ']'); n < 3 || strings.ContainsAny(words[:n], `\$^_=`) || strings.ContainsAny(m.Name, `\$^=,:`) || len(m.Name) < 2 {
			continue
		}
		at, close := p.FromTree(m.NameSpan), g.near(m.Name, these(names))
		problem := p.report(at, "The reader sees “%s”: no link is defined as [%s]: ….%s", m.Span.Of(doc), m.Name, near(close, ""))
		if len(close) > 0 {
			problem.Fixes = replace(at, close[0])
		}
	}
}

// liquidSyntax reports what Liquid refuses: the site is not built. Jekyll stops
// at the first mistake, and so does the rule.
func liquidSyntax(p *page) {
	q := p.refusal
	if q == nil {
		return
	}
	p.report(site.Origin{File: p.Source.Path, Span: q.Span, Exact: true}, "Jekyll does not build this page: %s.", strings.TrimSuffix(q.Message, "."))
}

// plainly is the id that is made of a title of plain words.
func plainly(title string) string {
	return strings.ReplaceAll(strings.ToLower(title), " ", "-")
}

// refusal is the first thing for which Liquid cannot read the page, or nil:
// there is nothing else to say about the page then. Where the site has plugins,
// a tag that nobody here knows is not one.
func refusal(p *site.Page) *liquid.Problem {
	if !p.Renders() {
		return nil
	}
	for i := range p.Source.Template.Problems {
		q := &p.Source.Template.Problems[i]
		if p.Plugins() && (strings.HasPrefix(q.Message, "Unknown tag") || strings.Contains(q.Message, "not a valid delimiter") || strings.Contains(q.Message, "does not belong")) {
			continue
		}
		return q
	}
	return nil
}

// tocMismatch reports links that the layout makes of the front matter (a toc:
// list, say) and that no heading answers.
func tocMismatch(p *page) {
	if !p.knows(site.Anchor) {
		return
	}
	has := map[string]bool{}
	var names []string
	headings := map[string]site.Origin{}
	for i := range p.Facts.Names {
		if n := &p.Facts.Names[i]; n.Kind == site.Anchor && !n.Uses {
			has[n.Text] = true
			if n.Form == site.Derived && n.Prefix == "" && n.At.File == p.Source.Path {
				names, headings[n.Text] = append(names, n.Text), n.At
			}
		}
	}
	var g guesses
	for i := range p.Layout.Links {
		n := &p.Layout.Links[i]
		if n.At.File != p.Source.Path || has[n.Text] || p.Layout.Gives(n.Text) {
			continue
		}
		close := g.near(n.Text, these(names))
		problem := p.report(n.At, "The layout makes a link to #%s of this, but no heading has that id.%s", n.Text, near(close, "#"))
		if len(close) == 0 {
			continue
		}
		// What the layout does with a name is known where it does as little with both.
		title := strings.TrimSpace(headings[close[0]].Span.Of(p.Source.Text))
		if plainly(n.At.Span.Of(p.Source.Text)) == n.Text && plainly(title) == close[0] {
			at := n.At
			at.Exact = true // these very words, before the layout made an id of them
			problem.Fixes = replace(at, title)
		}
	}
}
