package mathjax

import "scholium/analysis/text"

// An Engine is the program that sets a page's formulas.
type Engine uint8

// The engines that are told apart.
const (
	None     Engine = iota // the page loads none
	MathJax2               // Hub.Config
	MathJax3
	MathJax4
	KaTeX
)

// A Config is what a page tells its engine, with the engine's defaults for the rest.
type Config struct {
	Engine  Engine
	Loader  int          // the script that loads it, counted from 1; 0 where none is seen to
	Inline  []Delimiters // in the order of the configuration
	Display []Delimiters

	ProcessEscapes      bool // \$ is a dollar
	ProcessEnvironments bool // \begin{x}…\end{x} in text
	ProcessRefs         bool // \ref and \eqref in text

	SkipTags     []string // elements whose text is left alone
	IgnoreClass  string   // a regular expression, between (^| ) and ( |$)
	ProcessClass string

	Tags     string   // "none", "ams" or "all"
	Packages []string // TeX packages, with those that load themselves on demand left out
	Autoload bool     // the autoload package is on
	Macros   []Macro  // in the order of the configuration
	Envs     []Environment

	// Loads are the TeX packages that the configuration loads, where it says
	// so: of Packages only those count, and the ones that the engine has from
	// the start. It is nil where all of Packages are there.
	Loads []Package

	// NoAutoload names packages whose commands the page's configuration keeps
	// from loading themselves.
	NoAutoload []string

	// Unknown is why a part of the configuration could not be read, empty where all of it was.
	Unknown string
	// UnknownNames is set where what could not be read may define commands or
	// environments: then no use of one can be called undefined.
	UnknownNames bool
	// UnknownTags is set where it is not known which equations are numbered, or
	// how their numbers are printed.
	UnknownTags bool
}

// Delimiters open and close a formula in text.
type Delimiters struct{ Open, Close string }

// A Package is the name of a TeX package in the configuration.
type Package struct {
	Name   string
	Script int       // which of the page's scripts has it, counted from 0
	At     text.Span // the name, in the script
}

// A Macro is a command of the configuration.
type Macro struct {
	Name     string // without the backslash
	Body     string
	Args     int
	Optional *string   // the default of the first argument; nil where it is mandatory
	Template []string  // what delimits each argument, as in \def; nil for a plain macro
	Script   int       // which of the page's scripts has it, counted from 0
	At       text.Span // the name in the script, within its quotes
	Whole    text.Span // name and value in the script
}

// An Environment is an environment of the configuration.
type Environment struct {
	Name          string
	Before, After string
	Args          int
	Optional      *string
	Script        int
	At, Whole     text.Span
}
