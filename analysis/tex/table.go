package tex

import (
	"slices"
	"sort"
	"strings"

	"scholium/analysis/mathjax"
)

// A packageEntry is one of MathJax's TeX packages.
type packageEntry struct {
	name                 string
	priority             int  // of its maps: the smaller is asked first
	requirable           bool // by \require
	full                 bool // in the components named …-full
	byDefault            int  // its place in the default list, from 1; 0 where it is not there
	needs                []string
	loadedBy             []string // commands that autoload it
	loadedByEnvironments []string
}

// An entry is a command or environment of a package.
type entry struct {
	name   string
	pkg    uint8
	method method
	sig    string // s star, o [optional], m mandatory, d delimiter in braces, D delimiter, l length, u up to a token
	args   string // what the package hands to the method, between \x1f; \x00 is null
	char   string
}

// arg returns the i-th argument that the package hands to the method; false
// where it is null or not there.
func (e *entry) arg(i int) (string, bool) {
	rest, found := e.args, e.args != ""
	for ; found && i > 0; i-- {
		_, rest, found = strings.Cut(rest, "\x1f")
	}
	if !found {
		return "", false
	}
	rest, _, _ = strings.Cut(rest, "\x1f")
	return rest, rest != "\x00"
}

type delimiterEntry struct {
	name string
	pkg  uint8
	char string
}

// A table is what one version of MathJax knows.
type table struct {
	packages     []packageEntry
	commands     []entry // by name, then package
	environments []entry
	delimiters   []delimiterEntry
	operators    string
}

func tableOf(e mathjax.Engine) table {
	if e == mathjax.MathJax4 {
		return table{v4Packages[:], v4Commands[:], v4Environments[:], v4Delimiters[:], v4Operators}
	}
	return table{v3Packages[:], v3Commands[:], v3Environments[:], v3Delimiters[:], v3Operators}
}

func (t *table) pkg(name string) int {
	i, found := sort.Find(len(t.packages), func(i int) int { return strings.Compare(name, t.packages[i].name) })
	if !found {
		return -1
	}
	return i
}

// named returns the entries of a name, one for each package that has it.
func named(entries []entry, name string) []entry {
	lo, hi := 0, len(entries)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if entries[mid].name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	end := lo
	for end < len(entries) && entries[end].name == name {
		end++
	}
	return entries[lo:end]
}

// An Info says what MathJax knows about a command or environment.
type Info struct {
	Name        string
	Environment bool
	Package     string
	// Signature is what it reads, one letter each: s star, o [optional], m
	// mandatory, d delimiter in braces, D delimiter, l length, u up to a token.
	Signature string
	Char      string // the Unicode character it prints; empty where it is none
	Expansion string // for a macro of MathJax's own
	Known     Known
}

// Known says how a command comes to be known on a page.
type Known uint8

// From the nearest to the farthest.
const (
	Always   Known = iota // a package of the page's configuration has it
	Autoload              // its first use loads it
	Require               // \require{Package} would
	Never                 // only the site's configuration could
)

// Commands returns the commands that a page with this configuration may use,
// sorted by name; what \require could add comes with Known set so. Each name
// comes once, with the package that wins.
func Commands(c *mathjax.Config) []Info { return list(c, false) }

// Environments is Commands for environments.
func Environments(c *mathjax.Config) []Info { return list(c, true) }

func list(c *mathjax.Config, environments bool) []Info {
	w := newWorld(c)
	entries := w.table.commands
	if environments {
		entries = w.table.environments
	}
	out := make([]Info, 0, len(entries))
	for i := 0; i < len(entries); {
		end := i + 1
		for end < len(entries) && entries[end].name == entries[i].name {
			end++
		}
		if info, ok := w.info(entries[i:end], environments); ok {
			out = append(out, info)
		}
		i = end
	}
	return out
}

// Lookup returns what MathJax knows about a command, given without its
// backslash, when configured by c.
func Lookup(name string, c *mathjax.Config) (Info, bool) {
	w := newWorld(c)
	return w.info(named(w.table.commands, name), false)
}

// LookupEnvironment is Lookup for environments.
func LookupEnvironment(name string, c *mathjax.Config) (Info, bool) {
	w := newWorld(c)
	return w.info(named(w.table.environments, name), true)
}

// info describes the best of the entries of one name.
func (w *world) info(entries []entry, environment bool) (Info, bool) {
	var best *entry
	known := Never
	for i := range entries {
		e := &entries[i]
		k := w.known(e, environment)
		if best == nil || k < known || k == known && k == Always && w.rank[e.pkg] < w.rank[best.pkg] {
			best, known = e, k
		}
	}
	if best == nil {
		return Info{}, false
	}
	info := Info{Name: best.name, Environment: environment, Package: w.table.packages[best.pkg].name, Signature: best.sig, Char: best.char, Known: known}
	if best.method == mMacro && !environment {
		info.Expansion, _ = best.arg(0)
	}
	return info, true
}

func (w *world) known(e *entry, environment bool) Known {
	p := &w.table.packages[e.pkg]
	loaders := p.loadedBy
	if environment {
		loaders = p.loadedByEnvironments
	}
	switch {
	case w.rank[e.pkg] != 0:
		return Always
	case w.omitted[e.pkg]:
		return Never
	case w.autoload && slices.Contains(loaders, e.name) && !slices.Contains(w.noAutoload, p.name):
		return Autoload
	case p.requirable && w.active("require"):
		return Require
	}
	return Never
}

// HasPackage reports whether the engine has a TeX package of that name.
func HasPackage(name string, c *mathjax.Config) bool {
	t := tableOf(c.Engine)
	return t.pkg(PackageName(name)) >= 0 || name == "all-packages" || name == "noerrors"
}

// Packages returns the TeX packages that are there when a page with this
// configuration is set, in its order: those that it names and does not load,
// or that the engine does not have, are not among them.
func Packages(c *mathjax.Config) []string {
	w := newWorld(c)
	loaded := w.loaded(c)
	var out []string
	for _, name := range c.Packages {
		name = PackageName(name)
		if k := w.table.pkg(name); k >= 0 && (loaded == nil || loaded[k]) {
			out = append(out, name)
		}
	}
	return out
}

// Requirable returns the TeX packages that \require can load on a page with this
// configuration and that are not there already, sorted.
func Requirable(c *mathjax.Config) []string {
	w := newWorld(c)
	var out []string
	for i := range w.table.packages {
		if p := &w.table.packages[i]; p.requirable && w.rank[i] == 0 && p.name != "colorv2" {
			out = append(out, p.name)
		}
	}
	return out
}
