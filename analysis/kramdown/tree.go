package kramdown

import "scholium/analysis/text"

// A Tree is a document as kramdown reads it. It never changes after Parse.
type Tree struct {
	Source  string  // what all spans count in: the input with line ends as "\n"
	Options Options // what it was read with
	Root    *Node

	Footnotes []*Footnote // definitions, in source order; those that a later one of the same name replaced too
	Markers   []Marker    // every [^x] that stands where a marker may stand, in source order
	LinkDefs  []*LinkDef  // [x]: url, in source order
	Missing   []MissingLink
}

// A Kind says what a Node is. The names are kramdown's own element types.
type Kind uint8

// The element types of kramdown 2.4's tree.
const (
	Root Kind = iota
	Blank
	Paragraph
	Header
	Blockquote
	CodeBlock
	UnorderedList
	OrderedList
	DefinitionList
	ListItem
	DefinitionTerm
	Definition
	Table
	TableHead
	TableBody
	TableFoot
	TableRow
	TableCell
	HorizontalRule
	MathBlock
	HTMLElement
	HTMLDoctype
	XMLComment
	XMLPI
	CommentBlock
	RawHTML // {::nomarkdown}
	Text
	Break // br
	Link
	Image
	CodeSpan
	FootnoteMarker
	Entity
	Symbol     // a typographic symbol: -- --- ... << >>
	SmartQuote // ' or " as a curly one
	MathSpan
	Emphasis
	Strong
	Strikethrough // GFM's <del>
	Abbreviation
	Unknown // what this package cannot read: nothing below it is certain
)

// A Node is an element of the tree.
type Node struct {
	Kind     Kind
	Level    int       // Header: 1 to 6
	Span     text.Span // the whole construct as it is written
	Inner    text.Span // its content: a formula between its dollars, a link's text, a heading's text; else empty
	Value    string    // Text, CodeSpan, CodeBlock, MathBlock, MathSpan, Entity …: the content; HTMLElement: its name
	Attr     []Attr    // in the order in which they are printed
	Children []*Node
}

// An Attr is an attribute of an element.
type Attr struct {
	Name, Value string
	Span        text.Span // the value as it is written; empty where kramdown made it (a heading's own id)
}

// A Footnote is a definition [^name]: …
type Footnote struct {
	Name     string
	NameSpan text.Span // the name between [^ and ]
	Span     text.Span // the whole definition
	Node     *Node     // its content, as children
	Number   int       // as printed; 0 where no marker uses it, so that it is not printed
	Replaced bool      // a later definition of the same name took its place
}

// A Marker is a use [^name] of a footnote.
type Marker struct {
	Name     string
	NameSpan text.Span
	Span     text.Span
	Footnote *Footnote // nil where no definition has the name: the reader sees [^name]
}

// A LinkDef is a link definition [name]: url "title".
type LinkDef struct {
	Name      string // as kramdown compares it: lower case, blanks folded
	URL       string
	Title     string
	Span      text.Span // the whole line
	NameSpan  text.Span
	URLSpan   text.Span
	Used      bool
	Duplicate bool // a later definition of the same name took its place
}

// A MissingLink is a reference link whose definition does not exist, which is
// printed as it stands: [text][name], [name][], or a shortcut [name].
type MissingLink struct {
	Name     string
	Span     text.Span
	NameSpan text.Span
	Shortcut bool
}

// Get returns the value of an attribute, and whether the node has it.
func (n *Node) Get(name string) (Attr, bool) {
	for _, a := range n.Attr {
		if a.Name == name {
			return a, true
		}
	}
	return Attr{}, false
}
