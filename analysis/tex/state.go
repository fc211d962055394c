package tex

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// A State is what a page's formulas add up to.
type State struct {
	// Defined is every definition of the page that took effect, in page order.
	Defined []Defined
	// Labels says where each label of the page is defined first.
	Labels map[string]Place
	// Counter is how many numbers were given.
	Counter int
	// Unsure is the first formula behind one that could not be read to its end
	// and may have taken numbers: from there on numbers may be wrong. It is the
	// number of formulas where there is none.
	Unsure int
	// Before has, for each formula, a hash of all that was defined before it:
	// the configuration's, and the page's. Formulas with equal hashes and equal
	// TeX read equally, but for labels and numbers.
	Before []uint64
}

// Defined is a definition of a page.
type Defined struct {
	Formula int // which formula has it
	Index   int // which of that formula's Defs
}

// Read reads the formulas of a page, in page order, and fills their Labels,
// Refs, Defs, Uses, Rows, Faults, Doubtful and Failed. What they had there is
// replaced.
func Read(formulas []Formula, c *mathjax.Config) *State { return Reread(formulas, c, nil, nil) }

// Reread is Read where an earlier reading of the page is at hand, with its
// State: what reads as it did then is taken from there. That is what has the
// same TeX, nothing else defined before it, and no label, number or definition
// of its own; so an edit costs what it changes, up to a changed definition, and
// all that follows one.
func Reread(formulas []Formula, c *mathjax.Config, old []Formula, then *State) *State {
	r := &reader{w: newWorld(c), state: &State{Before: make([]uint64, len(formulas))}}
	r.tags.mode, r.tags.four = tagsMode(c), r.w.four
	r.opaque = c.Engine == mathjax.KaTeX || c.Engine == mathjax.None
	r.pageFuel = 2_000_000
	for i := range formulas {
		r.pageFuel += 12 * len(formulas[i].TeX)
	}
	r.guess = c.UnknownNames || len(r.w.unknown) > 0
	r.all = formulas
	chain := configHash(c)
	var again []int
	r.state.Unsure = len(formulas)
	at := 0 // where in old the next formula is looked for
	for i := range formulas {
		r.state.Before[i] = chain
		if k := same(&formulas[i], chain, old, then, at); k >= 0 {
			formulas[i].take(&old[k])
			at = k + 1
			continue
		}
		r.read(&formulas[i], i)
		if r.redo {
			again = append(again, i)
		}
		if r.failed && !formulas[i].Failed && r.tags.mode != "none" && (formulas[i].Display || strings.Contains(formulas[i].TeX, `\begin`)) {
			r.state.Unsure = min(r.state.Unsure, i+1)
		}
		for _, d := range formulas[i].Defs {
			optional := "\x00"
			if d.Optional != nil {
				optional = *d.Optional
			}
			chain = hash(chain, d.Command, d.Name, strconv.FormatBool(d.Environment), strconv.Itoa(d.Args), optional, d.Body)
		}
		formulas[i].loads = r.loaded || r.counted != r.tags.counter
		r.counted = r.tags.counter
		if r.loaded {
			chain = hash(chain, fmt.Sprint(r.w.rank))
			r.loaded = false
		}
	}
	r.secondPass(formulas, again)
	r.later(formulas)
	r.state.Labels, r.state.Counter = r.tags.labels, r.tags.counter
	return r.state
}

// same returns the formula of old, from at on or a little before, that reads
// as f does; -1 where there is none.
func same(f *Formula, chain uint64, old []Formula, then *State, at int) int {
	for k := max(0, at-2); k < min(len(old), at+6); k++ {
		if o := &old[k]; o.TeX == f.TeX && o.Display == f.Display && then.Before[k] == chain && o.alone() {
			return k
		}
	}
	return -1
}

// alone reports whether the formula takes nothing from those around it but
// what is defined, and gives them nothing.
func (f *Formula) alone() bool {
	return !f.Doubtful && len(f.Faults)+len(f.Labels)+len(f.Refs)+len(f.Defs)+len(f.Rows) == 0 && !f.loads
}

// take copies what was read of an equal formula.
func (f *Formula) take(o *Formula) {
	f.Labels, f.Refs, f.Defs, f.Rows, f.Faults = nil, nil, nil, nil, nil
	f.Uses, f.Doubtful, f.Failed, f.loads = o.Uses, false, false, false
}

func configHash(c *mathjax.Config) uint64 {
	chain := hash(0, fmt.Sprint(c.Engine, c.Packages, c.Autoload, c.NoAutoload, c.Tags, c.UnknownNames, c.Loads == nil))
	for _, p := range c.Loads {
		chain = hash(chain, p.Name)
	}
	for _, m := range c.Macros {
		optional := "\x00"
		if m.Optional != nil {
			optional = *m.Optional
		}
		chain = hash(chain, m.Name, m.Body, strconv.Itoa(m.Args), optional, strings.Join(m.Template, "\x01"))
	}
	for _, e := range c.Envs {
		optional := "\x00"
		if e.Optional != nil {
			optional = *e.Optional
		}
		chain = hash(chain, e.Name, e.Before, e.After, strconv.Itoa(e.Args), optional)
	}
	return chain
}

// hash goes on from a hash with more strings (FNV-1a, 64 bits).
func hash(h uint64, parts ...string) uint64 {
	if h == 0 {
		h = 14695981039346656037
	}
	for _, s := range parts {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xFF) * 1099511628211
	}
	return h
}

// A reader reads the formulas of a page.
type reader struct {
	w      *world
	state  *State
	tags   numbering
	opaque bool // the engine is not MathJax: nothing can be said about errors
	guess  bool // the configuration is not wholly known: a name may be defined by it

	f        *Formula
	index    int
	all      []Formula
	uses     []Use
	items    []item
	nodes    []node
	depth    int
	fuel     int
	pageFuel int  // what all formulas of the page together may still cost: a page of macros that grow must end
	near     int  // how many guesses were made at what was meant
	quiet    int  // within what is read only for its labels
	failed   bool // nothing more is read
	second   bool // this formula is read again, for its forward references
	redo     bool
	loaded   bool
	counted  int // the counter behind the formula before
}

func (r *reader) read(f *Formula, index int) {
	f.Labels, f.Refs, f.Defs, f.Uses, f.Rows, f.Faults = nil, nil, nil, nil, nil, nil
	f.Doubtful, f.Failed = r.opaque, false
	r.f, r.index = f, index
	r.start()
	r.uses = r.uses[:0]
	p := parser{r: r, s: f.TeX}
	p.parse()
	r.pageFuel += max(r.fuel, 0)
	f.Doubtful = f.Doubtful || r.w.foreign
	if r.failed && !f.Failed && mayDefine(f.TeX) {
		r.guess = true // what was not read may define what comes below
	}
	f.Uses = slices.Clone(r.uses)
	r.finish()
}

// mayDefine reports whether a formula may define commands or load packages.
func mayDefine(s string) bool {
	for _, name := range [...]string{`\def`, `\newcommand`, `\renewcommand`, `\providecommand`, `\let`, `\Declare`, `\newenvironment`, `\renewenvironment`, `\require`, `\gdef`, `\global`, `\Newext`} {
		if strings.Contains(s, name) {
			return true
		}
	}
	return false
}

func (r *reader) start() {
	r.items, r.nodes = r.items[:0], r.nodes[:0]
	r.depth, r.quiet, r.failed, r.redo = 0, 0, false, false
	r.fuel = min(20_000+50*len(r.f.TeX), max(r.pageFuel, 0))
	r.pageFuel -= r.fuel // what is left of it comes back in read
	t := &r.tags
	t.frame, t.outer, t.tagged = frame{}, t.outer[:0], false
}

// finish says of the labels that got no number why.
func (r *reader) finish() {
	t := &r.tags
	if r.f.Failed {
		for i := range r.f.Labels {
			if l := &r.f.Labels[i]; l.Lost == NotLost && l.Number == "" {
				l.Lost = LostInError
			}
		}
		return
	}
	if r.failed {
		r.rest()
		return
	}
	r.lose()
	for len(t.outer) > 0 {
		t.frame, t.outer = t.outer[len(t.outer)-1], t.outer[:len(t.outer)-1]
		r.lose()
	}
	if r.f.Doubtful && !r.opaque {
		for i := range r.f.Labels {
			if l := &r.f.Labels[i]; l.Number == "" {
				l.Unsure = true
			}
		}
	}
}

// rest looks for the labels of a formula that was given up: they exist,
// whatever becomes of them.
func (r *reader) rest() {
	for i := range r.f.Labels {
		r.f.Labels[i].Unsure = r.f.Labels[i].Number == ""
	}
	s := r.f.TeX
	for i := 0; ; {
		n := strings.Index(s[i:], `\label`)
		if n < 0 {
			return
		}
		at := i + n
		name, end := braced(s, at+len(`\label`))
		if i = at + 1; end == 0 {
			continue
		}
		span := text.Span{Start: end - 1 - len(name), End: end - 1}
		if name == "" || slices.ContainsFunc(r.f.Labels, func(l Label) bool { return l.NameSpan == span }) {
			continue
		}
		if _, known := r.tags.labels[name]; !known {
			if r.tags.labels == nil {
				r.tags.labels = map[string]Place{}
			}
			r.tags.labels[name] = Place{r.index, len(r.f.Labels)}
		}
		r.f.Labels = append(r.f.Labels, Label{Name: name, NameSpan: span, Span: text.Span{Start: at, End: end}, Unsure: true})
	}
}

// giveUp stops reading a formula of which nothing certain can be said.
func (r *reader) giveUp() {
	r.failed = true
	r.f.Doubtful = true
}

// doubt is noted where a command does what is not modelled.
func (r *reader) doubt() { r.f.Doubtful = true }

// secondPass reads the formulas again that refer to labels further down:
// MathJax does, when all formulas are read, and by then later definitions hold
// in them. Only what they were at fault for can have changed, and what a tag
// prints that has formulas in it.
func (r *reader) secondPass(formulas []Formula, again []int) {
	for _, i := range again {
		f := &formulas[i]
		if len(f.Faults) == 0 && len(r.tags.texts) == 0 {
			continue
		}
		counter := r.tags.counter
		copied := *f
		copied.Faults, copied.Defs, copied.Uses, copied.Rows, copied.Labels, copied.Refs = nil, nil, nil, nil, slices.Clone(f.Labels), nil
		copied.Doubtful, copied.Failed = false, false
		r.f, r.index, r.second = &copied, i, true
		r.start()
		p := parser{r: r, s: f.TeX}
		p.parse()
		r.second, r.tags.counter = false, counter
		// MathJax 3 passes over labels then, so that their errors are gone. What
		// 4 does is not modelled.
		f.Faults, f.Failed, f.Doubtful = copied.Faults, copied.Failed, copied.Doubtful || f.Doubtful && r.w.four
	}
}

// later marks what is undefined where it stands and defined further down.
func (r *reader) later(formulas []Formula) {
	last := make(map[string]int, len(r.state.Defined)) // where a name is defined for the last time
	key := func(name string, environment bool) string {
		if environment {
			return "{" + name
		}
		return name
	}
	for _, at := range r.state.Defined {
		d := &formulas[at.Formula].Defs[at.Index]
		last[key(d.Name, d.Environment)] = at.Formula
	}
	if len(last) == 0 {
		return
	}
	for i := range formulas {
		for k := range formulas[i].Faults {
			fault := &formulas[i].Faults[k]
			if fault.Name == "" {
				continue
			}
			if at, defined := last[key(fault.Name, fault.Code == "undefined-environment")]; defined && at >= i {
				fault.Later = true
				fault.Message += " The page defines it further down, which is too late."
			}
		}
	}
}
