package frontmatter

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v4"

	"scholium/analysis/text"
)

// A Kind says what a Node holds.
type Kind uint8

// The kinds of YAML values, as Ruby's Psych tells them apart.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Time
	List
	Map
)

// A Node is a YAML value with its place. It never changes.
type Node struct {
	Kind    Kind
	Text    string      // a scalar as Ruby prints it
	Span    text.Span   // as written: a scalar without its quotes, a list or map from its first to its last value
	Pieces  text.Pieces // of Text, in the file; empty for lists and maps
	Items   []*Node     // of a List
	Entries []Entry     // of a Map, in the order of the file; a key that comes again replaces the first

	index map[string]int // the last entry of each key, of a Map with many
}

// A Map with more entries than this has an index.
const manyEntries = 16

func (n *Node) indexed() *Node {
	if len(n.Entries) > manyEntries {
		n.index = make(map[string]int, len(n.Entries))
		for i, e := range n.Entries {
			n.index[e.Key.Text] = i
		}
	}
	return n
}

// find returns the last entry of a key, or -1.
func (n *Node) find(key string) int {
	if n == nil {
		return -1
	}
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return i
		}
		return -1
	}
	for i := len(n.Entries) - 1; i >= 0; i-- {
		if n.Entries[i].Key.Text == key {
			return i
		}
	}
	return -1
}

// With returns n as a Map with one more entry.
func (n *Node) With(e Entry) *Node {
	out := *n
	out.Kind = Map
	out.Entries = append(slices.Clone(n.Entries), e)
	out.index = nil
	return out.indexed()
}

// An Entry is a key of a Map with its value.
type Entry struct{ Key, Value *Node }

// Get returns the value of a key, or a Null node, never nil. It may be called on nil.
func (n *Node) Get(key string) *Node {
	if i := n.find(key); i >= 0 {
		return n.Entries[i].Value
	}
	return &Node{}
}

// Has reports whether a Map has the key.
func (n *Node) Has(key string) bool { return n.find(key) >= 0 }

// Bare returns a copy without places, which does not hold on to the file; an
// empty Map for nil.
func (n *Node) Bare() *Node {
	if n == nil {
		return &Node{Kind: Map}
	}
	return n.bare(map[*Node]*Node{})
}

// bare copies once what several aliases stand for.
func (n *Node) bare(done map[*Node]*Node) *Node {
	if out := done[n]; out != nil {
		return out
	}
	out := &Node{Kind: n.Kind, Text: strings.Clone(n.Text)}
	done[n] = out
	if len(n.Items) > 0 {
		out.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			out.Items[i] = item.bare(done)
		}
	}
	if len(n.Entries) > 0 {
		out.Entries = make([]Entry, len(n.Entries))
		for i, e := range n.Entries {
			out.Entries[i] = Entry{e.Key.bare(done), e.Value.bare(done)}
		}
	}
	return out.indexed()
}

// Truthy reports whether Liquid takes n for true: everything but null and false.
func (n *Node) Truthy() bool { return n.Kind != Null && !(n.Kind == Bool && n.Text == "false") }

// Strings returns the scalars of a List, or the one scalar that stands in place
// of a list; empty for a Null or a Map.
func (n *Node) Strings() []string {
	switch n.Kind {
	case List:
		var out []string
		for _, item := range n.Items {
			if item.Kind != List && item.Kind != Map && item.Kind != Null {
				out = append(out, item.Text)
			}
		}
		return out
	case Null, Map:
		return nil
	}
	return []string{n.Text}
}

// A YAML text may hold this many values, bring this many by aliases, which count
// as often as they are used, and have this many levels. What goes beyond is read
// as Null: a bomb is not data.
const (
	maxNodes   = 200_000
	maxAliased = 20_000
	maxDepth   = 64
)

// Read reads the YAML in span of doc. Where it cannot be read it returns a Map
// without entries, and the problem.
func Read(doc string, span text.Span) (*Node, *Problem) {
	empty := &Node{Kind: Map, Span: text.Span{Start: span.Start, End: span.Start}}
	source := strings.ReplaceAll(span.Of(doc), "\x00", " ")
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(source), &root); err != nil {
		return empty, problem(err, doc, span)
	}
	if len(root.Content) == 0 {
		return &Node{Kind: Null, Span: empty.Span}, nil
	}
	r := reader{doc: doc, base: span.Start, end: span.End, anchored: map[*yaml.Node]*anchored{}}
	for at := 0; ; {
		r.lines = append(r.lines, span.Start+at)
		n := strings.IndexByte(source[at:], '\n')
		if n < 0 {
			break
		}
		at += n + 1
	}
	return r.node(root.Content[0], 0), nil
}

func problem(err error, doc string, span text.Span) *Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	var load *yaml.LoadError
	if errors.As(err, &load) {
		message = strings.TrimPrefix(load.Error(), "yaml: ")
	}
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		number, words, found := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil && found {
			line, message = n-1, words
		}
	}
	at := span.Start
	for ; line > 0; line-- {
		n := strings.IndexByte(doc[at:span.End], '\n')
		if n < 0 || at+n+1 >= span.End {
			break
		}
		at += n + 1
	}
	end := min(lineEnd(doc, at), max(span.End, at))
	for end > at && (doc[end-1] == '\r' || doc[end-1] == ' ') {
		end--
	}
	return &Problem{message, text.Span{Start: at, End: end}}
}

type reader struct {
	doc       string
	base, end int
	lines     []int // where each line of the YAML begins in doc
	nodes     int
	aliased   int // those that aliases have brought
	height    int // how deep the nodes lie that have been read since this was set to 0, from the root
	anchored  map[*yaml.Node]*anchored

	line, column, at int // the last place that was asked for: a line may be a megabyte long
}

// anchored is what an alias stands for. It is read once, and counted as often as
// it is used.
type anchored struct {
	node          *Node // nil while it is being read: an alias within stands for nothing
	nodes, height int
}

// place returns the offset of a line and column as yaml counts them: from 1, in characters.
func (r *reader) place(line, column int) int {
	if line < 1 || line > len(r.lines) {
		return r.base
	}
	if line != r.line || column < r.column {
		r.line, r.column, r.at = line, 1, r.lines[line-1]
	}
	for ; r.column < column && r.at < r.end; r.column++ {
		r.at++
		for r.at < r.end && r.doc[r.at]&0xC0 == 0x80 {
			r.at++
		}
	}
	return r.at
}

func (r *reader) node(n *yaml.Node, depth int) *Node {
	r.height = max(r.height, depth)
	if n.Kind == yaml.AliasNode {
		return r.alias(r.anchored[n.Alias], depth)
	}
	r.nodes++
	if r.nodes > maxNodes || depth > maxDepth {
		return &Node{}
	}
	if n.Anchor == "" {
		return r.plain(n, depth)
	}
	a := &anchored{}
	r.anchored[n] = a
	nodes, height := r.nodes+r.aliased, r.height
	r.height = depth
	node := r.plain(n, depth)
	a.node, a.nodes, a.height = node, r.nodes+r.aliased-nodes+1, r.height-depth
	r.height = max(r.height, height)
	return node
}

func (r *reader) alias(a *anchored, depth int) *Node {
	if a == nil || a.node == nil || r.aliased+a.nodes > maxAliased || depth+a.height > maxDepth {
		return &Node{}
	}
	r.aliased += a.nodes
	r.height = max(r.height, depth+a.height)
	return a.node
}

// plain reads a node that is no alias.
func (r *reader) plain(n *yaml.Node, depth int) *Node {
	start := r.place(n.Line, n.Column)
	switch n.Kind {
	case yaml.SequenceNode:
		out := &Node{Kind: List, Span: text.Span{Start: start, End: start}}
		for _, c := range n.Content {
			item := r.node(c, depth+1)
			out.Items = append(out.Items, item)
			out.Span.End = max(out.Span.End, item.Span.End)
		}
		return out
	case yaml.MappingNode:
		out := &Node{Kind: Map, Span: text.Span{Start: start, End: start}}
		var merged [][]Entry
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].ShortTag() == "!!merge" {
				merged = append(merged, r.node(n.Content[i+1], depth+1).Entries)
				continue
			}
			entry := Entry{r.node(n.Content[i], depth+1), r.node(n.Content[i+1], depth+1)}
			out.Entries = append(out.Entries, entry)
			out.Span.End = max(out.Span.End, entry.Key.Span.End, entry.Value.Span.End)
		}
		if len(merged) > 0 { // what is merged stands in front of what is written here
			slices.Reverse(merged)
			out.Entries = slices.Concat(slices.Concat(merged...), out.Entries)
		}
		return out.indexed()
	case yaml.ScalarNode:
		return r.scalar(n, start)
	}
	return &Node{}
}

func (r *reader) scalar(n *yaml.Node, start int) *Node {
	out := &Node{Kind: String, Text: n.Value}
	out.Span, out.Pieces = r.written(n, r.properties(start))
	for _, p := range out.Pieces {
		if p.Exact && p.Out.Of(n.Value) != p.Src.Of(r.doc) {
			out.Pieces = text.Pieces(nil).Append(len(n.Value), out.Span, 0, false)
			break
		}
	}
	plain := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch n.ShortTag() {
	case "!!null":
		out.Kind, out.Text, out.Pieces = Null, "", nil
	case "!!bool":
		out.Kind = Bool
		r.made(out, strings.ToLower(n.Value))
	case "!!int":
		out.Kind = Int
		if i, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64); err == nil {
			r.made(out, strconv.FormatInt(i, 10))
		}
	case "!!float":
		out.Kind = Float
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			r.made(out, formatFloat(f))
		}
	case "!!timestamp":
		out.Kind = Time
	case "!!str":
		// Psych reads YAML 1.1, where these words are truth values.
		if plain {
			switch n.Value {
			case "yes", "Yes", "YES", "on", "On", "ON":
				out.Kind = Bool
				r.made(out, "true")
			case "no", "No", "NO", "off", "Off", "OFF":
				out.Kind = Bool
				r.made(out, "false")
			}
			if out.Kind == String && looksLikeTime(n.Value) {
				out.Kind = Time
			}
		}
	}
	return out
}

// properties passes over the anchor and tag in front of a scalar.
func (r *reader) properties(at int) int {
	for at < r.end && (r.doc[at] == '&' || r.doc[at] == '!') {
		n := strings.IndexAny(r.doc[at:r.end], " \t\n")
		if n < 0 {
			return at
		}
		at += n
		for at < r.end && (r.doc[at] == ' ' || r.doc[at] == '\t') {
			at++
		}
	}
	return at
}

// made gives a scalar the text that Ruby prints for it.
func (r *reader) made(n *Node, value string) {
	if value != n.Text {
		n.Text = value
		n.Pieces = text.Pieces(nil).Append(len(value), n.Span, 0, false)
	}
}

// written finds a scalar's bytes in the file.
func (r *reader) written(n *yaml.Node, start int) (text.Span, text.Pieces) {
	rest := r.doc[start:r.end]
	exact := func(from int) (text.Span, text.Pieces) {
		span := text.Span{Start: start + from, End: start + from + len(n.Value)}
		return span, text.Pieces(nil).Append(len(n.Value), span, 0, true)
	}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return r.block(n, start)
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		quote := strings.IndexAny(rest, `"'`)
		if quote < 0 {
			break
		}
		if strings.HasPrefix(rest[quote+1:], n.Value) {
			if after := rest[quote+1+len(n.Value):]; after != "" && after[0] == rest[quote] {
				return exact(quote + 1)
			}
		}
		end := quote + 1
		for end < len(rest) {
			if rest[end] == '\\' && rest[quote] == '"' || rest[quote] == '\'' && strings.HasPrefix(rest[end:], "''") {
				end += 2
				continue
			}
			if rest[end] == rest[quote] {
				break
			}
			end++
		}
		span := text.Span{Start: start + quote + 1, End: min(start+end, r.end)}
		return span, text.Pieces(nil).Append(len(n.Value), span, 0, false)
	case strings.HasPrefix(rest, n.Value):
		return exact(0)
	default: // a plain scalar over several lines
		at := start
		var pieces text.Pieces
		words := strings.Fields(n.Value)
		for i, word := range words {
			k := strings.Index(r.doc[at:r.end], word)
			if k < 0 {
				span := text.Span{Start: start, End: at}
				return span, text.Pieces(nil).Append(len(n.Value), span, 0, false)
			}
			if i > 0 {
				pieces = pieces.Append(1, text.Span{Start: at, End: at + k}, 0, k == 1 && r.doc[at] == ' ')
			}
			pieces = pieces.Append(len(word), text.Span{Start: at + k, End: at + k + len(word)}, 0, true)
			at += k + len(word)
		}
		span := text.Span{Start: start, End: at}
		if len(pieces) == 0 || pieces[len(pieces)-1].Out.End != len(n.Value) {
			pieces = text.Pieces(nil).Append(len(n.Value), span, 0, false)
		}
		return span, pieces
	}
	span := text.Span{Start: start, End: start}
	return span, text.Pieces(nil).Append(len(n.Value), span, 0, false)
}

// block finds the lines of a literal or folded scalar.
func (r *reader) block(n *yaml.Node, start int) (text.Span, text.Pieces) {
	at := min(lineEnd(r.doc, start)+1, r.end)
	first := at
	var pieces text.Pieces
	rest := n.Value
	for rest != "" && at < r.end {
		end := lineEnd(r.doc, at)
		line := strings.TrimRight(r.doc[at:min(end, r.end)], "\r")
		content := strings.TrimLeft(line, " ")
		if n.Style&yaml.LiteralStyle != 0 {
			want, _, _ := strings.Cut(rest, "\n")
			if !strings.HasSuffix(line, want) {
				break
			}
			content = want
		}
		if content != "" {
			if !strings.HasPrefix(rest, content) {
				break
			}
			from := at + len(line) - len(content)
			pieces = pieces.Append(len(content), text.Span{Start: from, End: from + len(content)}, 0, true)
			rest = rest[len(content):]
		}
		if rest != "" && (rest[0] == '\n' || rest[0] == ' ') {
			pieces = pieces.Append(1, text.Span{Start: end, End: min(end+1, r.end)}, 0, rest[0] == '\n' && end < r.end)
			rest = rest[1:]
		}
		at = min(end+1, r.end)
	}
	span := text.Span{Start: first, End: at}
	if rest != "" {
		pieces = text.Pieces(nil).Append(len(n.Value), span, 0, false)
	}
	for span.End > span.Start && (r.doc[span.End-1] == '\n' || r.doc[span.End-1] == '\r') {
		span.End--
	}
	return span, pieces
}

// timeFormats are the dates that Jekyll accepts in front matter, as people write them.
var timeFormats = []string{
	"2006-01-02", "2006-1-2", "2006-01-02 15:04", "2006-1-2 15:04:05",
	"2006-01-02 15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 Z",
	"2006-01-02 15:04 -0700", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05-0700",
	"2006-01-02 15:04:05.000000000 -07:00", "2006-01-02 15:04:05 MST",
}

func looksLikeTime(s string) bool {
	if len(s) < 8 || s[0] < '0' || s[0] > '9' || strings.Count(s, "-") < 2 {
		return false
	}
	_, ok := ParseTime(s)
	return ok
}

// ParseTime reads a date as front matter writes it. A date without a zone is taken as UTC.
func ParseTime(s string) (time.Time, bool) {
	for _, format := range timeFormats {
		if t, err := time.Parse(format, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// formatFloat prints as Ruby's Float#to_s does for the numbers that people write.
func formatFloat(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
