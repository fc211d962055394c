package text

// A Flow is a page as its reader's browser holds it: the text nodes in page
// order, joined, with the element boundaries between them.
type Flow struct {
	Text   string // the text nodes, as the browser decodes them
	Pieces Pieces // where each run of Text comes from
	Marks  []Mark // ascending in At; those at one place in page order
}

// A MarkKind says what stands at a Mark.
type MarkKind uint8

// What can stand between two text nodes.
const (
	Open    MarkKind = iota // an element begins
	Close                   // an element ends
	Void                    // an element without content: br, img, hr, input …
	Comment                 // <!-- … -->, not part of Text
)

// A Mark is an element boundary in a Flow.
type Mark struct {
	At    int // the offset in Flow.Text before which it stands
	Kind  MarkKind
	Name  string // the element's name, in lower case; empty for a comment
	Class string // its class attribute
	Src   Span   // the construct that made it, in the source that Pieces count in
}
