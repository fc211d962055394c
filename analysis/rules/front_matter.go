package rules

import (
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// frontMatter reports front matter that is not YAML, or that never ends.
func frontMatter(p *page) {
	head := p.Source.Head
	if head.Problem != nil {
		at := site.Origin{File: p.Source.Path, Span: head.Problem.Span, Exact: true}
		p.report(at, "Jekyll cannot read this front matter, and publishes the page without it: %s.", head.Problem.Message)
	}
	if head.Open && (p.File.Kind == jekyll.Post || p.File.Kind == jekyll.Draft) {
		at := site.Origin{File: p.Source.Path, Span: text.Span{Start: head.Body, End: head.Body + 3}, Exact: true}
		p.report(at, "This front matter never ends: a line with --- must close it. The reader sees it as text.")
	}
}

// notAPost reports a file in _posts that Jekyll passes over because its name
// has no date.
func notAPost(p *page) {
	if p.File.Kind != jekyll.NotAPost || !p.Source.Head.Present {
		return
	}
	at := site.Origin{File: p.Source.Path, Span: text.Span{Start: p.Source.Head.Marks.Start, End: p.Source.Head.Marks.Start + 3}, Exact: true}
	p.report(at, "Jekyll passes over this file: the name of a post begins with its date, as in 2024-01-31-name.md.")
}
