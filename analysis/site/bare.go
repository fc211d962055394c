package site

import (
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/kramdown"
	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// Bare is what a page has of formulas though it loads nothing that would set
// them: its readers see the TeX.
type Bare struct {
	First Origin // the first of them, or the include that brings it
	Count int
	Flag  string // the key of front matter whose true would load an engine; empty where none would
}

// bare returns what nothing sets on the page; nil where an engine is loaded, or
// where that is not known.
func (s *Snapshot) bare(p *Page) *Bare {
	if p.Config.Engine != mathjax.None || s.Loose || len(p.Layout.Chain) == 0 && !p.Layout.themed || p.Layout.mayLoad() || s.setsMath() ||
		p.Tree.Options.MathEngine != "mathjax" || p.Layout.speaks || !containsMath(p.Liquid.Text) {
		return nil
	}
	flag, config := s.flag(p)
	if flag == "" {
		return kramdownMath(p)
	}
	formulas, _ := tex.Find(p.Flow, config)
	tex.Read(formulas, config)
	out := &Bare{Flag: flag}
	for i := range formulas {
		f := &formulas[i]
		if f.Ref || !looksLikeMath(f) {
			continue
		}
		if out.Count++; out.Count == 1 {
			out.First = p.Own(p.FromFlow(f.Flow), p.Out(f.Flow.Start))
		}
	}
	if out.Count == 0 {
		return nil
	}
	return out
}

// kramdownMath counts what kramdown takes for formulas: where nothing says what
// else this site would take for one, nothing else is.
func kramdownMath(p *Page) *Bare {
	out := &Bare{}
	p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if (n.Kind == kramdown.MathBlock || n.Kind == kramdown.MathSpan) && strings.ContainsAny(n.Value, `\^_=`) {
			if out.Count++; out.Count == 1 {
				out.First = p.Own(p.FromTree(n.Span), p.Tree.InputOffset(n.Span.Start))
			}
		}
		return true
	})
	if out.Count == 0 {
		return nil
	}
	return out
}

// looksLikeMath tells a formula from an amount of money or a variable of a
// shell, which may stand between dollars too.
func looksLikeMath(f *tex.Formula) bool {
	return !f.Doubtful && len(f.Faults) == 0 && (len(f.Uses) > 0 || strings.Contains(f.TeX, "_{") || strings.Contains(f.TeX, "^"))
}

func containsMath(doc string) bool { return strings.Contains(doc, "$") || strings.Contains(doc, `\`) }

// setsMath reports whether a plugin may set formulas, or load what does, when
// the site is built.
func (s *Snapshot) setsMath() bool {
	if strings.Contains(s.plugins, "math") {
		return true
	}
	for _, p := range s.Config.Plugins {
		if !slices.Contains(quietPlugins, p) || p == "jekyll-spaceship" || strings.Contains(p, "katex") || strings.Contains(p, "math") {
			return true
		}
	}
	return false
}

// flag finds the key of front matter that would load an engine, and what the
// page would then tell it: the layouts are rendered again with each key that
// they ask for and whose name speaks of formulas.
func (s *Snapshot) flag(p *Page) (string, *mathjax.Config) {
	var keys []string
	if t := s.theme(); t != nil && p.Layout.themed {
		keys = append(keys, t.flag)
	}
	for _, in := range p.Layout.Reads {
		if src, ok := s.sources.get(in.Path); ok && src.Template != nil && src.Path != p.Source.Path {
			keys = asked(src.Text, keys)
		}
	}
	for _, key := range keys[:min(len(keys), 8)] {
		with := *p
		with.Source = withKey(p.Source, key)
		if l := s.layout(&with, nil); l.Config.Engine != mathjax.None && !l.mayLoad() {
			return key, l.Config
		}
	}
	return "", nil
}

// asked adds the keys page.x of a template whose names speak of formulas.
func asked(doc string, keys []string) []string {
	for {
		_, rest, found := strings.Cut(doc, "page.")
		if !found {
			return keys
		}
		end := 0
		for end < len(rest) && (isLetter(rest[end]) || rest[end] == '_' || rest[end] == '-' || rest[end] >= '0' && rest[end] <= '9') {
			end++
		}
		key := rest[:end]
		for _, word := range []string{"math", "tex"} {
			if lower := strings.ToLower(key); strings.Contains(lower, word) && !strings.Contains(lower, "text") && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		doc = rest
	}
}

// withKey is a source whose front matter has a key set to true.
func withKey(src *Source, key string) *Source {
	out := *src
	out.Head.Values = src.Head.Values.With(frontmatter.Entry{
		Key: &frontmatter.Node{Kind: frontmatter.String, Text: key}, Value: &frontmatter.Node{Kind: frontmatter.Bool, Text: "true"},
	})
	return &out
}

// SetKey is the edit that gives the front matter of a source a key.
func SetKey(src *Source, key, value string) (text.Edit, bool) {
	if !src.Head.Present || src.Head.Problem != nil {
		return text.Edit{}, false
	}
	if n := src.Head.Values.Get(key); src.Head.Values.Has(key) {
		return text.Edit{Span: n.Span, New: value}, n.Kind == frontmatter.Bool
	}
	newline := "\n"
	if strings.Contains(src.Text[:src.Head.YAML.Start], "\r\n") {
		newline = "\r\n"
	}
	at := src.Head.YAML.End
	return text.Edit{Span: text.Span{Start: at, End: at}, New: key + ": " + value + newline}, true
}
