package site

import (
	"hash/maphash"
	"slices"
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// An Asked is a formula as it reaches MathJax.
type Asked struct {
	TeX     string
	Display bool
}

// A Doubt is a formula that the tables cannot acquit: MathJax is to say what a
// reader would see of it. It holds all that MathJax needs for that, so that the
// page itself need not be kept.
type Doubt struct {
	Asked
	Key     uint64          // equal keys are equal questions
	Config  *mathjax.Config // what it stands under
	Before  []Asked         // the formulas in front of it that may define something, in page order
	At      Origin          // all of it
	Defines bool            // it may define something itself
	Said    bool            // a rule speaks of what is wrong already
	Last    *Verdict        // what was said of the formula that stood here before, while this one is being judged

	slot   int         // which formula of the page it is
	pieces text.Pieces // from the TeX to files
	files  []string
}

// A Verdict is what MathJax says of a formula. It never changes.
type Verdict struct {
	Errors  []Ruling // at most one: MathJax stops at the first
	Unknown []Ruling // commands that it does not know
}

// A Ruling is one thing that MathJax says.
type Ruling struct {
	ID      string    // MathJax's name for the kind of error; empty for an unknown command
	Message string    // MathJax's words, or the command with its backslash
	Span    text.Span // in the TeX, in bytes; empty where MathJax does not say
}

// Doubt returns the question to MathJax about a formula of the page.
func (p *Page) Doubt(i int) Doubt {
	return p.Doubts(func(k int) bool { return k == i })[0]
}

// Doubts returns the questions about those formulas of the page that ask takes,
// in page order. It is called once for each.
func (p *Page) Doubts(ask func(i int) bool) []Doubt {
	var out []Doubt
	var before []Asked
	chain := p.chain()
	for i := range p.Math {
		f := &p.Math[i]
		asked, defines := Asked{f.TeX, f.Display}, p.defines(f)
		wanted := ask(i)
		if wanted || defines {
			asked.TeX = strings.Clone(f.TeX)
		}
		if wanted {
			d := Doubt{
				Asked: asked, Key: link(chain, asked), Config: p.Config, Before: slices.Clip(before), Defines: defines,
				At: p.Own(p.FromFlow(f.Flow), p.Out(f.Flow.Start)), slot: i, pieces: texPieces(p, f), files: p.Liquid.Files,
			}
			out = append(out, d)
		}
		if defines {
			before, chain = append(before, asked), link(chain, asked)
		}
	}
	return out
}

// defines reports whether something may be defined in a formula, or a package
// be loaded for it. What could not be read to its end may define what was not seen.
func (p *Page) defines(f *tex.Formula) bool {
	if len(f.Defs) > 0 || f.Doubtful || strings.Contains(f.TeX, `\require`) {
		return true
	}
	for i := range f.Uses {
		if u := &f.Uses[i]; u.Package != "" && !slices.Contains(p.Config.Packages, u.Package) {
			return true
		}
	}
	return false
}

// Ask returns the question to MathJax about TeX that would stand behind all
// formulas of the page.
func (p *Page) Ask(a Asked) Doubt {
	d := Doubt{Asked: a, Config: p.Config}
	chain := p.chain()
	for i := range p.Math {
		if f := &p.Math[i]; p.defines(f) {
			before := Asked{strings.Clone(f.TeX), f.Display}
			d.Before, chain = append(d.Before, before), link(chain, before)
		}
	}
	d.Key = link(chain, a)
	return d
}

// chain is the hash of what MathJax is told before it reads the page.
func (p *Page) chain() uint64 {
	told := struct {
		before uint64
		tags   string
		engine mathjax.Engine
		all    string
	}{tags: p.Config.Tags, engine: p.Config.Engine, all: strings.Join(p.Config.Packages, " ")}
	if len(p.State.Before) > 0 {
		told.before = p.State.Before[0]
	}
	return maphash.Comparable(seed, told)
}

// link goes on from a hash with one formula more.
func link(chain uint64, a Asked) uint64 {
	return maphash.Comparable(seed, struct {
		chain uint64
		Asked
	}{chain, a})
}

// texPieces maps a formula's TeX to files.
func texPieces(p *Page, f *tex.Formula) text.Pieces {
	var out text.Pieces
	for at := 0; at < len(f.TeX); {
		end := len(f.TeX)
		for _, b := range f.Breaks {
			if b >= at {
				end = min(end, b+1)
				break
			}
		}
		flow := f.InFlow(text.Span{Start: at, End: end})
		for _, piece := range p.flowPieces.In(flow) {
			out = out.Append(piece.Out.Len(), piece.Src, piece.File, piece.Exact)
		}
		if n := end - at - flow.Len(); n > 0 { // a newline that stands for a <br>
			out = out.Append(n, text.Span{Start: p.FromFlow(flow).Span.End, End: p.FromFlow(flow).Span.End}, 0, false)
		}
		at = end
	}
	return out
}

// Origin returns where a span of the TeX stands.
func (d *Doubt) Origin(span text.Span) Origin {
	src, file, exact := d.pieces.Source(span)
	if span.Empty() || int(file) >= len(d.files) {
		return d.At
	}
	return Origin{Path(d.files[file]), src, exact}
}

// Verdict returns what MathJax said to a question, or nil where it has not been asked.
func (s *Snapshot) Verdict(key uint64) *Verdict { v, _ := s.verdicts.get(key); return v }

// maxVerdicts bounds how many are kept. Beyond, all are asked for anew.
const maxVerdicts = 20_000

// Verdicts takes up what MathJax said of formulas of these pages.
func (b *Builder) Verdicts(found map[uint64]*Verdict, pages []Path) {
	if b.verdicts.table.count > maxVerdicts {
		b.verdicts = edit[uint64, *Verdict]{}
	}
	for key, v := range found {
		b.verdicts.set(key, v)
	}
	for _, p := range pages {
		if old, ok := b.facts.table.get(p); ok {
			f := *old // other facts by their address: the page's problems may differ now
			b.facts.set(p, &f)
		}
	}
}

// carry gives the doubts of a page that is made anew what was said of the
// formulas in their places, so that nothing vanishes while they are judged.
func (b *Builder) carry(old, now *Facts) {
	if old == nil || len(old.Doubts) == 0 {
		return
	}
	for i := range now.Doubts {
		d := &now.Doubts[i]
		if _, ok := b.verdicts.table.get(d.Key); ok {
			continue
		}
		for j := range old.Doubts {
			o := &old.Doubts[j]
			if o.slot != d.slot && o.TeX != d.TeX {
				continue
			}
			if d.Last, _ = b.verdicts.table.get(o.Key); d.Last == nil {
				d.Last = o.Last
			}
			break
		}
	}
}
