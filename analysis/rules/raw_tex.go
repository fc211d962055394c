package rules

import (
	"sort"
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// rawTeX reports delimiters that nothing closes: the reader sees the TeX. It
// speaks once in a block, at the opener.
func rawTeX(p *page) {
	if p.Config.Engine == mathjax.None || p.Config.Unknown != "" {
		return
	}
	if f := p.shifted; f != nil {
		at := p.FromFlow(f.Flow)
		at.Span.End = min(at.Span.Start+2, at.Span.End)
		p.report(p.own(at, f.Flow.Start), "Nothing closes this “$$” but the one that opens the next formula: from here on the reader sees text as formulas, and formulas as text.")
		return
	}
	end := -1
	for i := range p.Open {
		u := &p.Open[i]
		if u.At.Start < end || !meant(p.Page, u) || p.claimed(u) {
			continue
		}
		end = blockEnd(p.Flow, u.At.Start)
		at := p.own(p.FromFlow(u.At), u.At.Start)
		if brace, ok := openBrace(p.Flow.Text[u.At.End:end], u.Close); ok {
			// The delimiter is there, but MathJax does not look inside braces for it.
			span := text.Span{Start: u.At.End + brace, End: u.At.End + brace + 1}
			problem := p.report(p.own(p.FromFlow(span), span.Start), "The reader sees the TeX of this formula: nothing closes this brace.")
			problem.Code = "unclosed-group"
			problem.Related = append(problem.Related, site.Related{At: at, Message: "the formula begins here"})
			if at := p.closer(u.At.End, end, u.Close); at >= 0 {
				problem.Fixes = asked(edit(behind(p.FromFlow(text.Span{Start: at - 1, End: at})), "Close it with } at the end of the formula", "}"))
			}
			continue
		}
		if strings.HasPrefix(u.Delimiter, `\begin`) {
			problem := p.report(at, "The reader sees this environment as text: nothing closes it with “%s” before the block ends.", u.Close)
			problem.Fixes = p.closed(u, end)
			continue
		}
		problem := p.report(at, "The reader sees the TeX from here on: nothing closes this “%s” before the block ends.", u.Delimiter)
		problem.Fixes = p.closed(u, end)
	}
}

// closer returns where in the page's text, between two places, a closing
// delimiter stands; -1 where none does.
func (p *page) closer(from, to int, close string) int {
	if n := strings.Index(p.Flow.Text[from:to], close); n >= 0 {
		return from + n
	}
	return -1
}

// closed closes what is open at the end of its block.
func (p *page) closed(u *tex.Unclosed, end int) []site.Fix {
	inner := p.Flow.Text[u.At.End:end]
	end = u.At.End + len(strings.TrimRight(inner, " \t\r\n"))
	o := behind(p.FromFlow(text.Span{Start: end - 1, End: end}))
	open := p.FromFlow(u.At)
	if !o.Exact || o.File != open.File || o.Span.Start < open.Span.End || u.Close == "" {
		return nil
	}
	close := u.Close
	if !open.Exact { // a backslash that kramdown takes away: as the opener has it
		close = strings.NewReplacer("(", ")", "[", "]").Replace(open.Span.Of(p.Source.Text))
	}
	if (open.Span.Start == 0 || p.Source.Text[open.Span.Start-1] == '\n') && strings.Contains(inner, "\n") {
		newline := "\n"
		if strings.Contains(p.Source.Text[open.Span.End:o.Span.Start], "\r\n") {
			newline = "\r\n"
		}
		close = newline + close
	}
	return asked(edit(o, "Close it with "+u.Close, close))
}

// openBrace finds the innermost brace that is open where a closing delimiter
// stands.
func openBrace(doc, close string) (int, bool) {
	var open []int
	for i := 0; i < len(doc); i++ {
		switch {
		case strings.HasPrefix(doc[i:], close) && len(open) > 0:
			return open[len(open)-1], true
		case doc[i] == '\\':
			i++
		case doc[i] == '{':
			open = append(open, i)
		case doc[i] == '}' && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	return 0, false
}

// unclosed are the parts of the page's text that follow a delimiter which never
// closes, each up to the end of its block.
func unclosed(p *site.Page, shifted *tex.Formula) []text.Span {
	var out []text.Span
	if shifted != nil {
		return []text.Span{{Start: shifted.Flow.Start, End: len(p.Flow.Text) + 1}}
	}
	for i := range p.Open {
		if meant(p, &p.Open[i]) {
			out = append(out, text.Span{Start: p.Open[i].At.Start, End: blockEnd(p.Flow, p.Open[i].At.Start)})
		}
	}
	return out
}

// shifted finds the formula that begins with a $$ which was never closed: one of
// the page's $$ is left over at its end, and this formula runs over a blank line
// up to the $$ that was to open the next.
func shifted(p *site.Page) *tex.Formula {
	left := -1
	for i := range p.Open {
		if p.Open[i].Delimiter == "$$" {
			left = p.Open[i].At.Start
		}
	}
	for i := range p.Math {
		f := &p.Math[i]
		if f.Flow.Start > left {
			break
		}
		if blankLine(f.TeX) && strings.HasPrefix(p.FromFlow(f.Flow).Span.Of(p.Source.Text), "$$") {
			return f
		}
	}
	return nil
}

func blankLine(s string) bool {
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		if rest := strings.TrimLeft(s, " \t\r"); rest != "" && rest[0] == '\n' {
			return true
		}
	}
}

// meant reports whether an opener was meant to open a formula. A lone dollar
// may be money; it is taken for an opener only where TeX follows it.
func meant(p *site.Page, u *tex.Unclosed) bool {
	if name, ok := strings.CutPrefix(u.Delimiter, `\begin{`); ok {
		return mathematical(p, strings.TrimSuffix(name, "}"))
	}
	if u.Delimiter != "$" {
		return true
	}
	// What stands in the next formula is its own.
	end := blockEnd(p.Flow, u.At.Start)
	if i := sort.Search(len(p.Math), func(i int) bool { return p.Math[i].Flow.Start >= u.At.End }); i < len(p.Math) {
		end = max(u.At.End, min(end, p.Math[i].Flow.Start))
	}
	rest := p.Flow.Text[u.At.End:end]
	for i := 0; i+1 < len(rest); i++ {
		switch rest[i] {
		case '\\':
			if c := rest[i+1] | 0x20; c >= 'a' && c <= 'z' {
				return true
			}
		case '_', '^':
			if i > 0 && rest[i-1] != ' ' && rest[i+1] != ' ' && (rest[i] == '^' || rest[i+1] == '{') {
				return true
			}
		}
	}
	return false
}

// mathematical reports whether an environment is one of formulas, or nearly so:
// people write of \begin{document} too.
func mathematical(p *site.Page, name string) bool {
	if _, ok := tex.LookupEnvironment(name, p.Config); ok {
		return true
	}
	var names []string
	for _, info := range tex.Environments(p.Config) {
		names = append(names, info.Name)
	}
	return len(tex.Near(name, names)) > 0
}

// blocks are the elements that end a run of text for good.
var blocks = map[string]bool{
	"p": true, "li": true, "td": true, "th": true, "dd": true, "dt": true, "blockquote": true, "div": true, "figure": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "section": true, "figcaption": true,
}

// blockEnd returns where the block that holds an offset of the flow ends.
func blockEnd(f *text.Flow, offset int) int {
	for _, m := range marksBehind(f, offset) {
		if (m.Kind == text.Close || m.Kind == text.Open) && blocks[m.Name] {
			return m.At
		}
	}
	return len(f.Text)
}

// marksBehind are the element boundaries behind an offset of the flow.
func marksBehind(f *text.Flow, offset int) []text.Mark {
	return f.Marks[sort.Search(len(f.Marks), func(i int) bool { return f.Marks[i].At > offset }):]
}
