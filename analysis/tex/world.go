package tex

import (
	"slices"
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
	// The last of the list is asked first (ParserConfiguration's constructor).
	for i := len(c.Packages) - 1; i >= 0; i-- {
		if k := w.table.pkg(c.Packages[i]); k >= 0 {
			w.activate(k)
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
	if k < 0 || w.rank[k] != 0 {
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
		if p := &w.table.packages[entries[i].pkg]; p.requirable && w.rank[entries[i].pkg] == 0 && p.name != "colorv2" {
			return p.name
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
