package rules

import (
	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
	"strings"
)

// frontMatter reports front matter that is not YAML, or that never ends.
func frontMatter(p *page) {
	head := p.Source.Head
	if head.Problem != nil {
		at := site.Origin{File: p.Source.Path, Span: head.Problem.Span, Exact: true}
		p.report(at, "Jekyll cannot read this front matter, and publishes the page without it: %s.", head.Problem.Message).Fixes = quoted(p, head.Problem.Span.Start)
	}
	if m := head.Missed; m != nil && !head.Present && p.File.Kind != jekyll.NotAPost {
		at := site.Origin{File: p.Source.Path, Span: m.Line, Exact: true}
		p.report(at, "This is no front matter to Jekyll: %s. The reader sees it as text.", m.Why).Fixes = opened(p, m)
	}
}

// quoted puts the value of a line into quotation marks where the front matter
// can be read then: a title with a colon in it.
func quoted(p *page, at int) []site.Fix {
	doc := p.Source.Text
	here := p.Source.Lines.Line(at)
	for _, n := range []int{here, here - 1} {
		if n < 0 {
			continue
		}
		line := p.Source.Lines.Span(n)
		key, value, ok := strings.Cut(line.Of(doc), ": ")
		if !ok || strings.ContainsAny(key, "\"'[]{}") || strings.TrimSpace(value) == "" {
			continue
		}
		start := line.Start + len(key) + 2 + len(value) - len(strings.TrimLeft(value, " \t"))
		value = strings.TrimSpace(value)
		new := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
		at := site.Origin{File: p.Source.Path, Span: text.Span{Start: start, End: start + len(value)}, Exact: true}
		after, ok := text.Apply(doc, []text.Edit{{Span: at.Span, New: new}})
		if ok && frontmatter.ReadHead(after).Problem == nil {
			return edit(at, "Put the value into quotation marks", new)
		}
	}
	return nil
}

// opened is the fix that makes front matter of what was meant to be some.
func opened(p *page, m *frontmatter.Missed) []site.Fix {
	if m.New == "" {
		return nil
	}
	return edit(site.Origin{File: p.Source.Path, Span: m.At, Exact: true}, "Make it front matter", m.New)
}

// notAPost reports a file in _posts that Jekyll passes over because its name
// has no date, and a file elsewhere that is copied as it is because what was
// meant to be its front matter is none.
func notAPost(p *page) {
	if p.File.Kind != jekyll.NotAPost {
		return
	}
	if m := p.Source.Head.Missed; m != nil && p.File.Collection != "posts" {
		at := site.Origin{File: p.Source.Path, Span: m.Line, Exact: true}
		p.report(at, "Jekyll copies this file as it is, and makes no page of it: this is no front matter, for %s.", m.Why).Fixes = opened(p, m)
		return
	}
	if !p.Source.Head.Present {
		return
	}
	at := site.Origin{File: p.Source.Path, Span: text.Span{Start: p.Source.Head.Marks.Start, End: p.Source.Head.Marks.Start + 3}, Exact: true}
	p.report(at, "Jekyll passes over this file: the name of a post begins with its date, as in 2024-01-31-name.md.")
}
