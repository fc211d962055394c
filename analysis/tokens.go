package analysis

import (
	"slices"

	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Token is a part of a file that means something to MathJax, kramdown or
// Liquid which an editor's own grammar cannot know. It lies on one line.
type Token struct {
	Span    text.Span
	Kind    TokenKind
	Defines bool // a label, footnote or macro where it is defined
}

// A TokenKind says what a Token is.
type TokenKind uint8

// The kinds of tokens.
const (
	MathDelimiter TokenKind = iota
	MathCommand             // MathJax's own
	PageMacro
	SiteMacro
	UndefinedCommand
	MathEnvironment // the name in \begin and \end
	MathComment
	LabelName
	FootnoteName
	LiquidBrace
	LiquidTag
	LiquidVariable
	LiquidFilter
	LiquidParameter
	LiquidString
	TokenKinds // how many there are
)

// Tokens returns the tokens of a file that have a part in within, in order; none
// overlaps another. p is nil where the file is no page.
func Tokens(p *site.Page, src *site.Source, within text.Span) []Token {
	if src == nil {
		return nil
	}
	t := tokener{p: p, src: src, within: within}
	if p != nil && p.Tree != nil {
		t.out = make([]Token, 0, 16+8*len(p.Math))
		t.formulas()
		for _, n := range p.Tree.Footnotes {
			t.footnote(n.NameSpan, true)
		}
		for _, m := range p.Tree.Markers {
			if m.Footnote != nil {
				t.footnote(m.NameSpan, false)
			}
		}
	}
	if src.Template != nil && (p == nil || p.Renders()) {
		t.templates()
	}
	return t.sorted()
}

type tokener struct {
	p      *site.Page
	src    *site.Source
	within text.Span
	out    []Token
}

// add cuts what stands on several lines.
func (t *tokener) add(span text.Span, kind TokenKind, defines bool) {
	for !span.Empty() && span.Overlaps(t.within) {
		line := t.src.Lines.Span(t.src.Lines.Line(span.Start))
		if part := (text.Span{Start: span.Start, End: min(span.End, line.End)}); !part.Empty() {
			t.out = append(t.out, Token{part, kind, defines})
		}
		if span.End <= line.End {
			return
		}
		next := t.src.Lines.Line(span.Start) + 1
		if next >= t.src.Lines.Count() {
			return
		}
		span.Start = t.src.Lines.Span(next).Start
	}
}

// origin adds what is written in the file to the letter.
func (t *tokener) origin(at site.Origin, kind TokenKind, defines bool) {
	if at.Exact && at.File == t.src.Path {
		t.add(at.Span, kind, defines)
	}
}

func (t *tokener) footnote(name text.Span, defines bool) {
	at := t.p.FromTree(name)
	at.Span.Start, at.Span.End = at.Span.Start-2, at.Span.End+1 // [^x]
	if at.Span.Start >= 0 && at.Span.End <= len(t.src.Text) {
		t.origin(at, FootnoteName, defines)
	}
}

func (t *tokener) formulas() {
	own := map[string]bool{}
	for _, d := range t.p.State.Defined {
		own[t.p.Math[d.Formula].Defs[d.Index].Name] = true
	}
	for i := range t.p.Math {
		f := &t.p.Math[i]
		if whole := t.p.FromFlow(f.Flow); whole.File == t.src.Path && !whole.Span.Overlaps(t.within) {
			continue
		}
		if f.Flow != f.Inner {
			t.delimiters(f)
		}
		kinds := map[int]TokenKind{} // by where they begin
		for _, u := range f.Uses {
			switch {
			case u.Environment:
			case u.Own && own[u.Name]:
				kinds[u.Span.Start] = PageMacro
			case u.Own:
				kinds[u.Span.Start] = SiteMacro
			case !u.Known:
				kinds[u.Span.Start] = UndefinedCommand
			}
		}
		defined := map[int]bool{}
		for _, d := range f.Defs {
			if !d.Environment {
				kinds[d.NameSpan.Start], defined[d.NameSpan.Start] = PageMacro, true
			}
		}
		for _, part := range tex.Parts(f.TeX) {
			switch part.Kind {
			case tex.CommandPart:
				if c := part.Name; c == "" || c[0]|0x20 < 'a' || c[0]|0x20 > 'z' {
					continue
				}
				kind, ok := kinds[part.Span.Start]
				if !ok {
					kind = MathCommand
				}
				t.origin(t.p.InMath(f, part.Span), kind, defined[part.Span.Start])
			case tex.NamePart:
				t.origin(t.p.InMath(f, part.Span), MathEnvironment, false)
			case tex.CommentPart:
				t.origin(t.p.InMath(f, part.Span), MathComment, false)
			}
		}
		for _, l := range f.Labels {
			t.origin(t.p.InMath(f, l.NameSpan), LabelName, true)
		}
		for _, r := range f.Refs {
			t.origin(t.p.InMath(f, r.NameSpan), LabelName, false)
		}
	}
}

// delimiters are a formula's, as they are written: kramdown prints \[ for $$.
func (t *tokener) delimiters(f *tex.Formula) {
	whole := t.p.FromFlow(f.Flow)
	if s := whole.Span.Of(t.src.Text); whole.File == t.src.Path && len(s) >= 4 && s[:2] == "$$" && s[len(s)-2:] == "$$" {
		t.add(text.Span{Start: whole.Span.Start, End: whole.Span.Start + 2}, MathDelimiter, false)
		t.add(text.Span{Start: whole.Span.End - 2, End: whole.Span.End}, MathDelimiter, false)
		return
	}
	for _, d := range []text.Span{{Start: f.Flow.Start, End: f.Inner.Start}, {Start: f.Inner.End, End: f.Flow.End}} {
		at := t.p.FromFlow(d)
		at.Exact = at.Exact || at.Span.Len() <= len(`\\(`) // a backslash that kramdown eats
		t.origin(at, MathDelimiter, false)
	}
}

func (t *tokener) templates() {
	doc := t.src.Text
	marks := liquid.Marks(doc, t.src.Head.Body)
	for i := range marks {
		m := &marks[i]
		if !m.Span.Overlaps(t.within) {
			continue
		}
		start, end := m.Span.Start, m.Span.End
		if doc[start] == '{' && end-start >= 4 { // no line of {% liquid %}
			open, shut := start+2, end-2
			if doc[open] == '-' {
				open++
			}
			if shut > open && doc[shut-1] == '-' {
				shut--
			}
			t.add(text.Span{Start: start, End: open}, LiquidBrace, false)
			t.add(text.Span{Start: shut, End: end}, LiquidBrace, false)
		}
		if !m.Object {
			t.add(m.NameSpan, LiquidTag, false)
		}
		if m.Name == "#" || m.Name == "comment" {
			continue
		}
		t.add(m.File, LiquidString, false)
		for _, w := range m.Words(doc) {
			if m.File.Overlaps(w.Span) {
				continue
			}
			t.add(w.Span, [...]TokenKind{liquid.Variable: LiquidVariable, liquid.Literal: LiquidString, liquid.FilterName: LiquidFilter, liquid.ParamName: LiquidParameter}[w.Kind], false)
		}
	}
}

// sorted puts tokens in order and leaves out what overlaps one in front of it.
func (t *tokener) sorted() []Token {
	slices.SortStableFunc(t.out, func(a, b Token) int { return a.Span.Start - b.Span.Start })
	kept := t.out[:0]
	for _, x := range t.out {
		if len(kept) == 0 || x.Span.Start >= kept[len(kept)-1].Span.End {
			kept = append(kept, x)
		}
	}
	return kept
}
