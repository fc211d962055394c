package site

import (
	"slices"
	"strings"

	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// formulas gathers what formulas define and use.
func (c *collector) formulas() {
	own := map[string]bool{} // with a backslash in front of commands
	for i := range c.p.Config.Macros {
		own[`\`+c.p.Config.Macros[i].Name] = true
	}
	for i := range c.p.Config.Envs {
		own[c.p.Config.Envs[i].Name] = true
	}
	for _, d := range c.p.State.Defined {
		def := &c.p.Math[d.Formula].Defs[d.Index]
		own[written(def.Name, def.Environment)] = true
	}
	for i := range c.p.Math {
		c.formula(i, own)
	}
}

// written is a command with its backslash, or an environment.
func written(name string, environment bool) string {
	if environment {
		return name
	}
	return `\` + name
}

func kindOf(environment bool) Kind {
	if environment {
		return Environment
	}
	return Macro
}

func (c *collector) formula(i int, own map[string]bool) {
	f := &c.p.Math[i]
	whole := c.p.FromFlow(f.Flow)
	for _, l := range f.Labels {
		c.add(c.inMath(i, Name{Key: Key{Label, l.Name, false}, Form: InMath, Whole: whole, Detail: l.Number}, l.NameSpan))
	}
	for _, r := range f.Refs {
		n := Name{Key: Key{Label, r.Name, true}, Form: InMath, Whole: c.p.InMath(f, r.Span)}
		if f.Ref {
			n.Form = Prose
		}
		c.add(c.inMath(i, n, r.NameSpan))
	}
	seen := map[text.Span]bool{}
	use := func(name string, environment bool, span text.Span) {
		// A macro that another one brings here stands at the other one's place.
		if !seen[span] && own[written(name, environment)] && span.Of(f.TeX) == written(name, environment) {
			seen[span] = true
			c.add(c.inMath(i, Name{Key: Key{kindOf(environment), name, true}, Form: InMath, Whole: whole}, span))
		}
	}
	var uses []tex.Use
	for _, u := range f.Uses {
		if u.Own {
			uses = append(uses, u)
		}
	}
	slices.SortStableFunc(uses, func(a, b tex.Use) int { return a.Span.Start - b.Span.Start })
	next := 0
	for _, d := range f.Defs {
		for ; next < len(uses) && uses[next].Span.Start < d.Span.Start; next++ { // in the order of the page: a use in front of a definition means the site's
			use(uses[next].Name, uses[next].Environment, uses[next].Span)
		}
		seen[d.NameSpan] = true
		n := Name{Key: Key{kindOf(d.Environment), d.Name, false}, Form: InMath, Whole: c.p.InMath(f, d.Span), Detail: d.Body}
		c.add(c.inMath(i, n, d.NameSpan))
		body := text.Span{Start: d.NameSpan.End, End: d.Span.End}
		for _, w := range tex.Words(body.Of(f.TeX)) {
			use(w.Name, w.Environment, w.Span.Shift(body.Start))
		}
	}
	var ends map[text.Span]text.Span // of the environments that begin at a place
	for _, u := range uses {
		use(u.Name, u.Environment, u.Span)
		if !u.Environment {
			continue
		}
		if ends == nil {
			ends = map[text.Span]text.Span{}
			for _, p := range tex.Pairs(f.TeX) {
				ends[p.Begin] = p.End
			}
		}
		if end, ok := ends[u.Span]; ok {
			use(u.Name, true, end)
		}
	}
}

// inMath gives a name its place in formula i.
func (c *collector) inMath(i int, n Name, span text.Span) Name {
	n.At = c.p.InMath(&c.p.Math[i], span)
	if !n.At.Exact {
		n.Spelled = c.p.escaped(c.p.Math[i].InFlow(span))
	}
	return n
}

// escaped reports whether a span of the page's text stands in one file, but for
// backslashes that kramdown takes away.
func (p *Page) escaped(span text.Span) bool {
	pieces := p.flowPieces.In(span)
	for i, piece := range pieces {
		if p.path(piece.File) != p.Source.Path || i > 0 && piece.Src.Start != pieces[i-1].Src.End {
			return false
		}
		letters := piece.Src.Of(p.Source.Text)
		if !piece.Exact && letters != `\`+piece.Out.Of(p.Flow.Text) {
			return false
		}
	}
	return len(pieces) > 0
}

// names gathers the macros and environments of the configuration, where they
// are written, and what they use of each other.
func (l *Layout) names() {
	own := map[string]bool{}
	for i := range l.Config.Macros {
		own[`\`+l.Config.Macros[i].Name] = true
	}
	for i := range l.Config.Envs {
		own[l.Config.Envs[i].Name] = true
	}
	bodies := func(script int, span text.Span) {
		if script >= len(l.scripts) {
			return
		}
		for _, w := range words(span.Of(l.scripts[script].Body)) {
			if own[written(w.Name, w.Environment)] {
				at := l.places[script].origin(w.Span.Shift(span.Start))
				l.Others = append(l.Others, Name{Key: Key{kindOf(w.Environment), w.Name, true}, At: at, Whole: at, Form: YAML})
			}
		}
	}
	for i := range l.Config.Macros {
		if m := &l.Config.Macros[i]; m.Script < len(l.places) {
			place := l.places[m.Script]
			l.Macros = append(l.Macros, Name{Key: Key{Macro, m.Name, false}, At: place.origin(m.At), Whole: place.origin(m.Whole), Form: YAML, Detail: m.Body})
			bodies(m.Script, text.Span{Start: m.At.End, End: m.Whole.End})
		}
	}
	for i := range l.Config.Envs {
		if e := &l.Config.Envs[i]; e.Script < len(l.places) {
			place := l.places[e.Script]
			l.Others = append(l.Others, Name{Key: Key{Environment, e.Name, false}, At: place.origin(e.At), Whole: place.origin(e.Whole), Form: YAML, Detail: e.Before})
			bodies(e.Script, text.Span{Start: e.At.End, End: e.Whole.End})
		}
	}
}

// words are the commands in the strings of a script, where a backslash is
// written twice. Their spans leave the backslashes out, as the names of macros
// stand without them in a configuration.
func words(s string) []tex.Word {
	if strings.Contains(s, "String.raw") {
		return nil // one backslash is one there: whoever renames is told that it does not hold
	}
	var out []tex.Word
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			i++
			continue
		}
		start := i
		for i < len(s) && s[i] == '\\' {
			i++
		}
		if (i-start)/2%2 == 0 {
			continue
		}
		end := i
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		name := text.Span{Start: i, End: end}
		if word := name.Of(s); word == "begin" || word == "end" {
			if n := strings.IndexByte(s[end:], '}'); n > 0 && s[end] == '{' {
				name = text.Span{Start: end + 1, End: end + n}
				out = append(out, tex.Word{Name: name.Of(s), Environment: true, Span: name})
			}
		} else if word != "" {
			out = append(out, tex.Word{Name: word, Span: name})
		}
		i = end
	}
	return out
}
