package liquid

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"scholium/analysis/frontmatter"
	"scholium/analysis/text"
)

// A Value is what an expression can be: nil, bool, int, float64, Text, List,
// Object, Range, Date, or Unknown.
type Value any

// here marks pieces of a template's own text until rendering knows its file.
const here = -1

// Text is a string with the places it comes from. Without places it was made
// by whatever prints it.
type Text struct {
	S  string
	At text.Pieces // File counts in Output.Files, or is here for the template's own text
}

// A List is an array.
type List []Value

// An Object has values by name.
type Object interface {
	Get(key string) (Value, bool)
	Keys() []string
}

// A Range is (lo..hi), both inclusive.
type Range struct{ Lo, Hi int }

// A Date is a point in time as Ruby has it.
type Date struct {
	time.Time
	Day bool // a day without a time: Ruby's Date
	UTC bool // said to be in UTC, and not only at its offset
}

// Unknown is a value that nobody here can know: a plugin's, the build's
// environment, or something derived from one.
type Unknown struct{ What string }

// A Map is an Object made of values.
type Map struct {
	keys   []string
	values map[string]Value
}

// NewMap returns an empty Map.
func NewMap() *Map { return &Map{values: map[string]Value{}} }

// Set gives key a value.
func (m *Map) Set(key string, v Value) *Map {
	if _, ok := m.values[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.values[key] = v
	return m
}

// Get returns the value of key.
func (m *Map) Get(key string) (Value, bool) { v, ok := m.values[key]; return v, ok }

// Keys returns the keys in the order in which they were set.
func (m *Map) Keys() []string { return m.keys }

// FromYAML returns n as a Value. Its text comes from file, which counts in the
// list that the Env was given.
func FromYAML(n *frontmatter.Node, file int32) Value {
	switch n.Kind {
	case frontmatter.Null:
		return nil
	case frontmatter.Bool:
		return n.Text == "true"
	case frontmatter.Int:
		if i, err := strconv.Atoi(n.Text); err == nil {
			return i
		}
	case frontmatter.Float:
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return f
		}
	case frontmatter.Time:
		if t, ok := frontmatter.ParseTime(n.Text); ok {
			return Date{Time: t, Day: len(n.Text) <= len("2006-01-02"), UTC: strings.HasSuffix(n.Text, "Z")}
		}
	case frontmatter.List:
		out := make(List, len(n.Items))
		for i, item := range n.Items {
			out[i] = FromYAML(item, file)
		}
		return out
	case frontmatter.Map:
		return yamlMap{n, file}
	}
	at := n.Pieces
	if file != 0 {
		at = make(text.Pieces, len(n.Pieces))
		for i, p := range n.Pieces {
			p.File = file
			at[i] = p
		}
	}
	return Text{n.Text, at}
}

type yamlMap struct {
	node *frontmatter.Node
	file int32
}

func (m yamlMap) Get(key string) (Value, bool) {
	if !m.node.Has(key) {
		return nil, false
	}
	return FromYAML(m.node.Get(key), m.file), true
}

func (m yamlMap) Keys() []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range m.node.Entries {
		if !seen[e.Key.Text] {
			seen[e.Key.Text] = true
			out = append(out, e.Key.Text)
		}
	}
	return out
}

// str returns what v prints, and the places it comes from.
func str(v Value) Text {
	switch v := v.(type) {
	case Text:
		return v
	case nil, Unknown:
		return Text{}
	case bool:
		return Text{S: strconv.FormatBool(v)}
	case int:
		return Text{S: strconv.Itoa(v)}
	case float64:
		return Text{S: formatFloat(v)}
	case Range:
		return Text{S: strconv.Itoa(v.Lo) + ".." + strconv.Itoa(v.Hi)}
	case Date:
		return Text{S: v.print()}
	case List:
		var out []Text
		for _, item := range v {
			out = append(out, str(item))
		}
		return concat(out...)
	case Printer:
		return str(v.Print())
	case Object:
		return Text{S: inspect(v)}
	}
	return Text{}
}

// concat joins two texts with their places. What has no place of its own gets
// the place of the tag that prints it when it is printed.
func concat(parts ...Text) Text {
	parts = slices.DeleteFunc(parts, func(t Text) bool { return t.S == "" })
	if len(parts) == 1 {
		return parts[0]
	}
	var b strings.Builder
	size, pieces := 0, 0
	for _, t := range parts {
		size += len(t.S)
		pieces += len(t.At)
	}
	b.Grow(size)
	for _, t := range parts {
		b.WriteString(t.S)
	}
	out := Text{S: b.String()}
	if pieces == 0 {
		return out
	}
	at := 0
	for _, t := range parts {
		for _, p := range placed(t) {
			n := p.Out.Len()
			p.Out = text.Span{Start: at, End: at + n}
			out.At = append(out.At, p)
			at += n
		}
	}
	return out
}

// nowhere marks pieces that have no place yet.
const nowhere = -2

func placed(t Text) text.Pieces {
	if len(t.At) > 0 || t.S == "" {
		return t.At
	}
	return text.Pieces{{Out: text.Span{Start: 0, End: len(t.S)}, File: nowhere}}
}

// slice returns bytes start to end of t with their places.
func (t Text) slice(start, end int) Text {
	out := Text{S: t.S[start:end]}
	for _, p := range t.At.In(text.Span{Start: start, End: end}) {
		p.Out = p.Out.Shift(-start)
		out.At = append(out.At, p)
	}
	return out
}

// made returns s as made from t: its place is all of t's.
func (t Text) made(s string) Text {
	if s == t.S {
		return t
	}
	out := Text{S: s}
	if len(t.At) > 0 && s != "" {
		src, file, _ := t.At.Source(text.Span{Start: 0, End: len(t.S)})
		out.At = text.Pieces(nil).Append(len(s), src, file, false)
	}
	return out
}

// truthy says whether v counts as true, and whether that is known.
func truthy(v Value) (yes, known bool) {
	switch v := v.(type) {
	case nil:
		return false, true
	case bool:
		return v, true
	case Unknown:
		return false, false
	}
	return true, true
}

func isUnknown(v Value) bool { _, ok := v.(Unknown); return ok }

// toInt is Ruby's to_i.
func toInt(v Value) int {
	switch v := v.(type) {
	case int:
		return v
	case float64:
		return int(v)
	case Text:
		return leadingInt(v.S)
	}
	return 0
}

// items returns v as a for loop takes it.
func items(v Value) (List, bool) {
	switch v := v.(type) {
	case List:
		return v, true
	case Range:
		if v.Hi < v.Lo {
			return nil, true
		}
		n := min(v.Hi-v.Lo+1, maxSteps)
		out := make(List, 0, min(n, 1024))
		for i := 0; i < n; i++ {
			out = append(out, v.Lo+i)
		}
		return out, true
	case Text:
		if v.S == "" {
			return nil, true
		}
		return List{v}, true
	case nil:
		return nil, true
	case Object:
		var out List
		for _, k := range v.Keys() {
			item, _ := v.Get(k)
			out = append(out, List{Text{S: k}, item})
		}
		return out, true
	case Unknown:
		return nil, false
	}
	return nil, true // a number has nothing to go through
}

func equal(a, b Value) bool {
	switch a := a.(type) {
	case Text:
		b, ok := b.(Text)
		return ok && a.S == b.S
	case int:
		switch b := b.(type) {
		case int:
			return a == b
		case float64:
			return float64(a) == b
		}
		return false
	case float64:
		switch b := b.(type) {
		case int:
			return a == float64(b)
		case float64:
			return a == b
		}
		return false
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case nil:
		return b == nil
	case Range:
		b, ok := b.(Range)
		return ok && a == b
	case Date:
		b, ok := b.(Date)
		return ok && a.Time.Equal(b.Time)
	case Ordered:
		n, ok := a.Compare(b)
		return ok && n == 0
	case List:
		b, ok := b.(List)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case Object:
		b, ok := b.(Object)
		if !ok || len(a.Keys()) != len(b.Keys()) {
			return false
		}
		for _, k := range a.Keys() {
			x, _ := a.Get(k)
			if y, ok := b.Get(k); !ok || !equal(x, y) {
				return false
			}
		}
		return true
	}
	return false
}

// less compares as Ruby's <=> does; ok is false where Ruby has no order.
func less(a, b Value) (yes, ok bool) {
	switch a := a.(type) {
	case int:
		switch b := b.(type) {
		case int:
			return a < b, true
		case float64:
			return float64(a) < b, true
		}
	case float64:
		switch b := b.(type) {
		case int:
			return a < float64(b), true
		case float64:
			return a < b, true
		}
	case Text:
		if b, ok := b.(Text); ok {
			return a.S < b.S, true
		}
	case Date:
		if b, ok := b.(Date); ok {
			return a.Before(b.Time), true
		}
	}
	return false, false
}
