package rules

import (
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// unusedMacro reports macros and environments that a page defines in its own
// file and never uses.
func unusedMacro(p *page) {
	if !p.defines() {
		return
	}
	seen := map[string]bool{}
	type name struct {
		text        string
		environment bool
	}
	written := map[name]bool{} // a name that is defined ten thousand times is searched once
	for _, at := range p.State.Defined {
		f := &p.Math[at.Formula]
		d := &f.Defs[at.Index]
		o := p.InMath(f, d.NameSpan)
		if o.File != p.Source.Path || !o.Exact || p.hushed(f) || seen[d.Name] || d.Name == "" {
			continue
		}
		key := name{d.Name, d.Environment}
		if _, known := written[key]; !known {
			written[key] = p.written(d)
		}
		if written[key] {
			continue
		}
		seen[d.Name] = true
		what := `\` + d.Name
		if d.Environment {
			what = "the environment " + d.Name
		}
		problem := p.report(o, "This page never uses %s.", what)
		problem.Unused = true
		if whole := p.InMath(f, d.Span); whole.Exact && strings.TrimSpace(f.TeX) != strings.TrimSpace(d.Span.Of(f.TeX)) {
			problem.Fixes = asked(edit(whole, "Remove the definition", ""))
		}
	}
}

// defines reports whether definitions hold for the formulas that follow, as
// MathJax has it; KaTeX forgets them at the end of each.
func (p *page) defines() bool {
	return p.Config.Engine != mathjax.None && p.Config.Engine != mathjax.KaTeX
}

// written reports whether the name of a definition stands anywhere on the page
// but where it is defined: in a formula, in another definition, or in what
// could not be read.
func (p *page) written(d *tex.Definition) bool {
	if d.Environment {
		return strings.Contains(p.Flow.Text, `\begin{`+d.Name+"}")
	}
	own := map[int]bool{}
	for _, at := range p.State.Defined {
		if f := &p.Math[at.Formula]; f.Defs[at.Index].Name == d.Name {
			own[f.InFlow(f.Defs[at.Index].NameSpan).Start] = true
		}
	}
	name := `\` + d.Name
	if strings.Contains(p.Source.Head.YAML.Of(p.Source.Text), name) {
		return true // a layout may print a title that has it
	}
	letter := isLetter(d.Name[len(d.Name)-1])
	for i := 0; ; i++ {
		n := strings.Index(p.Flow.Text[i:], name)
		if n < 0 {
			return false
		}
		i += n
		end := i + len(name)
		if !own[i] && !(letter && end < len(p.Flow.Text) && isLetter(p.Flow.Text[end])) {
			return true
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// redefinedMacro reports definitions that silently take the place of another
// meaning: of the page, of the site's configuration, or of MathJax. Who writes
// \renewcommand or \let says that it is meant.
func redefinedMacro(p *page) {
	if !p.defines() {
		return
	}
	for _, at := range p.State.Defined {
		f := &p.Math[at.Formula]
		d := &f.Defs[at.Index]
		if d.Replaces == tex.Nothing || strings.HasPrefix(d.Command, "renew") || d.Command == "let" || p.hushed(f) {
			continue
		}
		what := `\` + d.Name
		if d.Environment {
			what = "the environment " + d.Name
		}
		o := p.inMath(f, d.NameSpan)
		var problem *site.Problem
		switch d.Replaces {
		case tex.OfPage:
			problem = p.report(o, "From here on %s means something else than above.", what)
			if before, ok := p.earlier(at, d); ok {
				problem.Related = []site.Related{{At: before, Message: "the earlier definition"}}
			}
		case tex.OfSite:
			problem = p.report(o, "From here on %s is not what the site's configuration defines.", what)
			for i := range p.Layout.Macros {
				if n := &p.Layout.Macros[i]; n.Text == d.Name && n.At.File != "" {
					problem.Related = []site.Related{{At: n.At, Message: "the site's definition"}}
				}
			}
		case tex.OfMathJax:
			problem = p.report(o, "From here on %s is not MathJax's own.", what)
		}
		if again, ok := strings.CutPrefix(d.Command, "new"); ok && strings.HasPrefix(d.Span.Of(f.TeX), `\`+d.Command) {
			command := text.Span{Start: d.Span.Start, End: d.Span.Start + 1 + len(d.Command)}
			problem.Fixes = edit(p.InMath(f, command), `Say that it is meant: \renew`+again, `\renew`+again)
		}
	}
}

// earlier returns the definition that one of the same name replaces.
func (p *page) earlier(at tex.Defined, d *tex.Definition) (site.Origin, bool) {
	var before site.Origin
	found := false
	for _, other := range p.State.Defined {
		if other == at {
			break
		}
		f := &p.Math[other.Formula]
		if e := &f.Defs[other.Index]; e.Name == d.Name && e.Environment == d.Environment {
			before, found = p.inMath(f, e.NameSpan), true
		}
	}
	return before, found
}
