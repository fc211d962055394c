package tex

import "scholium/analysis/text"

// A Formula is one piece of math as MathJax finds it in a page.
type Formula struct {
	Flow    text.Span // from delimiter to delimiter, in the Flow
	Inner   text.Span // the TeX between them, in the Flow; for a bare environment all of it
	TeX     string    // as it reaches MathJax
	Display bool
	Breaks  []int // offsets in TeX of newlines that stand for a <br>: the Flow lacks them
	Ref     bool  // a bare \ref{} or \eqref{} in text, which MathJax takes for a formula of its own

	Labels   []Label
	Refs     []Reference
	Defs     []Definition // macros and environments it defines, in order
	Uses     []Use        // commands and environments it uses
	Rows     []Row        // what is numbered, in order: its number as printed
	Faults   []Fault
	Doubtful bool // not proven to render without an error; an undefined command alone, printed in red, leaves it false
	Failed   bool // known to be an error box: the last of the Faults says why, and Doubtful is set too

	loads bool // loads a package, or counts: it does more than it shows
}

// InFlow returns where a span of the formula's TeX stands in the Flow.
func (f *Formula) InFlow(s text.Span) text.Span {
	return text.Span{Start: f.inFlow(s.Start), End: f.inFlow(s.End)}
}

func (f *Formula) inFlow(offset int) int {
	n := 0
	for n < len(f.Breaks) && f.Breaks[n] < offset {
		n++
	}
	return f.Inner.Start + offset - n
}

// All spans below count in Formula.TeX.

// A Label is a \label{}.
type Label struct {
	Name     string
	NameSpan text.Span
	Span     text.Span
	Number   string // what a reference to it prints, without parentheses; empty where it prints ???
	Lost     Lost   // why it has no number
	Unsure   bool   // the formula could not be read to its end: Number and Lost say nothing
}

// Lost says why a label is never numbered.
type Lost uint8

// The reasons for which a reference to an existing label prints ???.
const (
	NotLost        Lost = iota
	LostInline          // in inline math
	LostUnnumbered      // $$…$$ or an environment that the tags setting does not number
	LostStarred         // equation*, align* …
	LostNonumber        // its row has \nonumber or \notag
	LostInner           // inside aligned, split … : it belongs on the outer environment
	LostTagsNone        // the site's tags are "none"
	LostSecond          // a second label in one row: an error box
	LostDuplicate       // another equation had the label first: an error box
	LostInError         // the formula is an error box
)

// A Reference is a \ref{} or \eqref{}.
type Reference struct {
	Command  string // "ref" or "eqref"
	Name     string
	NameSpan text.Span
	Span     text.Span
}

// A Definition is a \newcommand, \def, \let, \DeclareMathOperator, \newenvironment …
type Definition struct {
	Command     string // what defines it: "newcommand", "def" …
	Name        string // without the backslash
	Environment bool
	NameSpan    text.Span // with its backslash, for a command
	Span        text.Span // the whole definition
	Args        int
	Optional    *string
	Body        string
	Replaces    Meaning // what the name meant before, where that was something else
}

// A Meaning is where a name had its meaning from.
type Meaning uint8

// The places that give names a meaning.
const (
	Nothing Meaning = iota
	OfPage
	OfSite
	OfMathJax
)

// A Use is a command or environment in use. Only what a user may define is
// listed with Known: an undefined one has it false, and its Fault says more.
type Use struct {
	Name        string // without the backslash
	Environment bool
	Span        text.Span // with its backslash; an environment's name alone
	Package     string    // the package that knows it; empty for the page's own and for undefined ones
	Own         bool      // defined by the page or the site's configuration
	Shadowed    string    // the package loaded by \require whose command of this name would print otherwise: it does not count
	Known       bool
}

// A Row is a numbered row.
type Row struct {
	Span   text.Span
	Number string // without parentheses
	Tag    bool   // from \tag: takes no number of the count
}

// A Fault is something that MathJax will print as an error, or in red.
type Fault struct {
	Code    string // the rule that reports it: undefined-command, undefined-environment, unclosed-group, unknown-package, tex-error
	ID      string // MathJax's name of the error, UndefinedControlSequence …
	Span    text.Span
	Message string
	Name    string   // the undefined command or environment, without backslash
	Near    []string // names that may have been meant, nearest first, without backslash
	Require string   // the package whose \require would mend it
	Omitted string   // the package that the configuration names but does not load, for which it is not known
	Later   bool     // the page defines it, but further down
}
