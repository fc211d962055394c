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

	runs      []run // where values come from, see Node.runs; the first is not used
	dropped   []int // where in Source a "\r" before the "\n" was left out
	inputLen  int
	printed   []*Footnote // those that markers use, in page order
	abbrevs   map[string]abbrev
	converter Options // Options, with what {::options} changed
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
	rawNode // text whose spans are not read yet
	eobNode // what ends a block and is not printed
	Unknown // what this package cannot read: nothing below it is certain
)

// A Node is an element of the tree.
type Node struct {
	Kind     Kind
	flags    flags
	model    model     // HTMLElement: how its content is read
	runs     int32     // behind which of Tree.runs Value comes from those that follow; 0 if it is the bytes of Inner (of Span, for a Text)
	Level    int       // Header: 1 to 6
	Span     text.Span // the whole construct as it is written
	Inner    text.Span // its content: a formula between its dollars, a link's text, a heading's text; else empty
	Value    string    // Text, CodeSpan, CodeBlock, MathBlock, MathSpan, Entity …: the content; HTMLElement: its name
	Attr     []Attr    // in the order in which they are printed
	Children []*Node

	x *extra
}

// flags are what kramdown keeps among an element's options.
type flags uint8

const (
	block       flags = 1 << iota // category :block
	transparent                   // a paragraph without <p>
	closed                        // an HTML element written <x/>
	firstAsPara                   // a definition behind a blank line
	made                          // a node with no text of its own in the source
)

// A model says how the content of an HTML element is read.
type model uint8

const (
	modelNone model = iota
	modelRaw
	modelSpan
	modelBlock
)

// extra holds what few nodes have.
type extra struct {
	ial   *ial
	align []byte // Table: one of 'd' 'l' 'r' 'c' a column
	eob   string // what ended a block: ald ial link_def abbrev_def footnote_def extension, or empty
	types []string
	ent   entity
	text  string // Header, DefinitionTerm: the text that its id is made of
	def   *LinkDef
	ref   text.Span // where a reference link names its definition
	note  *Footnote
}

// ext returns the extra of n, made when first asked for.
func (n *Node) ext() *extra {
	if n.x == nil {
		n.x = &extra{}
	}
	return n.x
}

func (n *Node) is(f flags) bool { return n.flags&f != 0 }

func (n *Node) last() *Node {
	if len(n.Children) == 0 {
		return nil
	}
	return n.Children[len(n.Children)-1]
}

// An ial is a list of attributes and of names of such lists.
type ial struct {
	refs  []string
	attrs []Attr
}

func (l *ial) has(ref string) bool {
	if l == nil {
		return false
	}
	for _, r := range l.refs {
		if r == ref {
			return true
		}
	}
	return false
}

// setAttr sets an attribute. With join a class is added to those that are there.
func setAttr(attrs []Attr, a Attr, join bool) []Attr {
	join = join && a.Name == "class"
	for i := range attrs {
		if attrs[i].Name != a.Name {
			continue
		}
		if join {
			a.Value = lstripped(attrs[i].Value + " " + a.Value)
		}
		attrs[i].Value, attrs[i].Span = a.Value, a.Span
		return attrs
	}
	if join {
		a.Value = lstripped(a.Value)
	}
	return append(attrs, a)
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

	eob    *Node // what an IAL below the definition is set on
	marked bool
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
	TitleSpan text.Span // empty where there is no title
	Used      bool
	Duplicate bool // a later definition of the same name took its place

	titled bool // there is a title, which may be empty
	eob    *Node
}

// A MissingLink is a reference link whose definition does not exist, which is
// printed as it stands: [text][name], [name][], or a shortcut [name].
type MissingLink struct {
	Name     string
	Span     text.Span
	NameSpan text.Span
	Shortcut bool
}

// Ref returns the definition of a reference link or image, and where that is
// named: behind the text, or by the text itself. Nil for any other node.
func (n *Node) Ref() (*LinkDef, text.Span) {
	if n.x == nil || n.x.def == nil {
		return nil, text.Span{}
	}
	return n.x.def, n.x.ref
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
