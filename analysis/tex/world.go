package tex

import (
	"slices"
	"strconv"
	"strings"

	"scholium/analysis/mathjax"
)

// A world is what MathJax knows at one point of a page: packages, and the
// commands that the page and the site define.
type world struct {
	table      table
	four       bool
	two        bool       // MathJax 2, which lacks some packages that 3 loads by itself
	rank       [64]uint32 // of each active package: the smaller is asked first; 0 where it is not active
	sequence   uint32
	autoload   bool
	foreign    bool // of MathJax 2: a package is in use that it does not have
	physics    bool // the package is active: it has characters of its own
	noAutoload []string
	omitted    [64]bool // named by the configuration and not loaded: nothing makes them known
	required   [64]bool // loaded by \require

	commands     map[string]*macro // by \newcommand, \def and \let
	operators    map[string]*macro // by \DeclareMathOperator
	delimiters   map[string]bool   // by \let, with their backslash
	environments map[string]*environment
	configured   map[string]*macro
	configuredEn map[string]*environment
	unknown      []string // packages of the configuration that this version does not have
}

// A macro is a command that the page or the site defines.
type macro struct {
	body     string
	args     int
	optional *string
	template []string // of \def: what stands before the first argument and behind each
	entry    *entry   // of \let: a command of MathJax
	site     bool     // from the site's configuration
	opaque   bool     // cannot be modelled
	paired   bool     // by \DeclarePairedDelimiter, with what opens and closes
	open     string
	close    string
}

// An environment is one that the page or the site defines.
type environment struct {
	before, after string
	args          int
	optional      *string
}

func newWorld(c *mathjax.Config) *world {
	w := &world{table: tableOf(c.Engine), four: c.Engine == mathjax.MathJax4, two: c.Engine == mathjax.MathJax2, autoload: c.Autoload, noAutoload: c.NoAutoload}
	loaded := w.loaded(c)
	// The last of the list is asked first (ParserConfiguration's constructor).
	for i := len(c.Packages) - 1; i >= 0; i-- {
		if k := w.table.pkg(PackageName(c.Packages[i])); k >= 0 {
			if loaded == nil || loaded[k] {
				w.activate(k)
			} else {
				w.omitted[k] = true
			}
		} else {
			w.unknown = append(w.unknown, c.Packages[i])
		}
	}
	if c.Autoload && w.rank[w.table.pkg("require")] == 0 {
		w.activate(w.table.pkg("require"))
	}
	for _, m := range c.Macros {
		if w.configured == nil {
			w.configured = make(map[string]*macro, len(c.Macros))
		}
		made := &macro{body: m.Body, args: m.Args, optional: m.Optional, site: true}
		if m.Template != nil {
			made.template = m.Template
		}
		w.configured[m.Name] = made
	}
	for _, e := range c.Envs {
		if w.configuredEn == nil {
			w.configuredEn = make(map[string]*environment, len(c.Envs))
		}
		w.configuredEn[e.Name] = &environment{e.Before, e.After, e.Args, e.Optional}
	}
	return w
}

// PackageName is the name that a package has today: four were written otherwise
// once, and are taken so still.
func PackageName(name string) string {
	switch name {
	case "amsCd", "colorV2", "configMacros", "tagFormat":
		return strings.ToLower(name)
	}
	return name
}

// loaded are the packages that are there when the page is set: those that come
// with the engine and those that the configuration loads, with what they need.
// It is nil where all that it names are there.
func (w *world) loaded(c *mathjax.Config) map[int]bool {
	if c.Loads == nil {
		return nil
	}
	out := map[int]bool{}
	var add func(k int)
	add = func(k int) {
		if k < 0 || out[k] {
			return
		}
		out[k] = true
		for _, need := range w.table.packages[k].needs {
			add(w.table.pkg(need))
		}
	}
	for k := range w.table.packages {
		if w.table.packages[k].byDefault != 0 {
			add(k)
		}
	}
	for _, p := range c.Loads {
		add(w.table.pkg(PackageName(p.Name)))
	}
	return out
}

// activate adds a package behind those of its priority.
func (w *world) activate(k int) {
	if k < 0 || w.rank[k] != 0 {
		return
	}
	w.sequence++
	w.rank[k] = uint32(w.table.packages[k].priority)<<16 + w.sequence
	w.physics = w.physics || w.table.packages[k].name == "physics"
}

// load is \require and autoload: what a package needs comes first.
func (w *world) load(k int) {
	if k >= 0 && w.two && (w.table.packages[k].name == "braket" || w.table.packages[k].name == "bussproofs") {
		w.foreign = true
	}
	if k < 0 || w.rank[k] != 0 || w.omitted[k] {
		return
	}
	for _, need := range w.table.packages[k].needs {
		w.load(w.table.pkg(need))
	}
	w.activate(k)
}

func (w *world) active(name string) bool {
	k := w.table.pkg(name)
	return k >= 0 && w.rank[k] != 0
}

// own returns a command that the page or the site defines, nil where neither
// does.
func (w *world) own(name string) *macro {
	if m := w.commands[name]; m != nil {
		return m
	}
	if len(w.delimiters) > 0 && w.delimiters[`\`+name] {
		return &macro{entry: &delimiterCommand}
	}
	if m := w.operators[name]; m != nil {
		return m
	}
	if m := w.configured[name]; m != nil && w.active("configmacros") {
		return m
	}
	return nil
}

// replaced says whose meaning a definition of name takes away, where it had one
// and it was another.
func (w *world) replaced(name string, m *macro) Meaning {
	if old := w.own(name); old != nil {
		switch {
		case old.same(m):
			return Nothing
		case old == w.configured[name]:
			return OfSite
		}
		return OfPage
	}
	e := w.builtin(named(w.table.commands, name))
	if e == nil || e.method == mMacro && e.expands(m) {
		return Nothing
	}
	return OfMathJax
}

// expands reports whether a macro of MathJax's own is m.
func (e *entry) expands(m *macro) bool {
	body, _ := e.arg(0)
	count, given := e.arg(1)
	if !given {
		count = "0"
	}
	return body == m.body && count == strconv.Itoa(m.args) && m.optional == nil && m.template == nil
}

// same reports whether two definitions mean the same, as they are written.
func (m *macro) same(o *macro) bool {
	return m.entry == nil && o.entry == nil && !m.opaque && !m.paired && !o.paired && strings.TrimSpace(m.body) == strings.TrimSpace(o.body) && m.args == o.args &&
		sameOptional(m.optional, o.optional) && slices.Equal(m.template, o.template)
}

func (e *environment) same(o *environment) bool {
	return e.before == o.before && e.after == o.after && e.args == o.args && sameOptional(e.optional, o.optional)
}

func sameOptional(a, b *string) bool {
	return a == b || a != nil && b != nil && *a == *b
}

var delimiterCommand = entry{method: mDelimiter}

func (w *world) ownEnvironment(name string) *environment {
	if e := w.environments[name]; e != nil {
		return e
	}
	if e := w.configuredEn[name]; e != nil && w.active("configmacros") {
		return e
	}
	return nil
}

// builtin returns the command that the active packages have, nil where none
// does.
func (w *world) builtin(entries []entry) *entry {
	var best *entry
	for i := range entries {
		rank := w.rank[entries[i].pkg]
		if rank != 0 && (best == nil || rank < w.rank[best.pkg]) {
			best = &entries[i]
		}
	}
	return best
}

// loader returns the package that a use of name loads, -1 where none.
func (w *world) loader(entries []entry, name string, environment bool) int {
	if !w.autoload {
		return -1
	}
	for i := range entries {
		if w.known(&entries[i], environment) == Autoload {
			return int(entries[i].pkg)
		}
	}
	return -1
}

// provider returns the package whose \require makes name known, empty where
// there is none.
func (w *world) provider(entries []entry) string {
	if !w.active("require") || w.two {
		return ""
	}
	for i := range entries {
		if p := &w.table.packages[entries[i].pkg]; p.requirable && w.rank[entries[i].pkg] == 0 && !w.omitted[entries[i].pkg] && p.name != "colorv2" {
			return p.name
		}
	}
	return ""
}

// left returns the package that knows one of entries, and that the
// configuration names but does not load; empty where there is none.
func (w *world) left(entries []entry) string {
	for i := range entries {
		if w.omitted[entries[i].pkg] {
			return w.table.packages[entries[i].pkg].name
		}
	}
	return ""
}

// delimiter reports whether s, with its backslash if it has one, is a
// delimiter.
func (w *world) delimiter(s string) bool {
	if w.delimiters[s] {
		return true
	}
	d := w.table.delimiters
	lo, hi := 0, len(d)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if d[mid].name < s {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for ; lo < len(d) && d[lo].name == s; lo++ {
		if w.rank[d[lo].pkg] != 0 {
			return true
		}
	}
	return false
}

// names returns all names that are known now, for a guess at what was meant.
func (w *world) names(environments bool) []string {
	var out []string
	entries := w.table.commands
	if environments {
		entries = w.table.environments
		for name := range w.environments {
			out = append(out, name)
		}
		for name := range w.configuredEn {
			out = append(out, name)
		}
	} else {
		for _, m := range []map[string]*macro{w.commands, w.operators, w.configured} {
			for name := range m {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	for i := range entries {
		if k := w.known(&entries[i], environments); k <= Autoload && !strings.HasPrefix(entries[i].name, "mmlToken") {
			out = append(out, entries[i].name)
		}
	}
	return out
}
