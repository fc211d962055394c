package rules

import (
	"scholium/analysis/frontmatter"
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
	if m := head.Missed; m != nil && !head.Present && p.File.Kind != jekyll.NotAPost {
		at := site.Origin{File: p.Source.Path, Span: m.Line, Exact: true}
		p.report(at, "This is no front matter to Jekyll: %s. The reader sees it as text.", m.Why).Fixes = opened(p, m)
	}
}

// opened is the fix that makes front matter of what was meant to be some.
func opened(p *page, m *frontmatter.Missed) []site.Fix {
	if m.New == "" {
		return nil
	}
	return []site.Fix{{Title: "Make it front matter", Edits: []site.FileEdit{{File: p.Source.Path, Edit: text.Edit{Span: m.At, New: m.New}}}}}
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
