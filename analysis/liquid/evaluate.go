package liquid

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"scholium/analysis/text"
)

func (r *renderer) pipeline(p pipeline) Value {
	if p.value == nil {
		return nil
	}
	v := r.expr(p.value)
	for _, f := range p.filters {
		v = r.filter(f, v)
	}
	return v
}

// lookup finds a variable: the innermost scope first, then the world's.
func (r *renderer) lookup(name string) Value {
	for i := len(r.scopes) - 1; i >= 0; i-- {
		if v, ok := r.scopes[i][name]; ok {
			return v
		}
	}
	if n, ok := r.counters[name]; ok {
		return n
	}
	return r.env.Globals[name]
}

func (r *renderer) expr(e *expr) Value {
	switch {
	case e == nil:
		return nil
	case e.lo != nil:
		lo, hi := r.expr(e.lo), r.expr(e.hi)
		if isUnknown(lo) || isUnknown(hi) {
			return Unknown{"a range"}
		}
		return Range{toInt(lo), toInt(hi)}
	case !e.isVar:
		return e.literal
	}
	name := e.name
	if e.nameOf != nil {
		name = str(r.expr(e.nameOf)).S
	}
	v := r.lookup(name)
	for _, l := range e.lookups {
		var key Value = Text{S: l.name}
		if l.index != nil {
			key = r.expr(l.index)
		}
		if isUnknown(key) {
			return key
		}
		v = get(v, key, l.command)
		r.weigh(v, 16) // such a list may have been made just now
		if v == nil {
			return nil
		}
	}
	return v
}

// get looks a key up in a value (Liquid::VariableLookup#evaluate).
func get(v, key Value, command bool) Value {
	name := ""
	if t, ok := key.(Text); ok {
		name = t.S
	}
	switch v := v.(type) {
	case Unknown:
		return v
	case List:
		if i, ok := key.(int); ok {
			if i < 0 {
				i += len(v)
			}
			if i >= 0 && i < len(v) {
				return v[i]
			}
			return nil
		}
		if !command || name == "" {
			return nil
		}
		switch {
		case name == "size":
			return len(v)
		case len(v) == 0:
			return nil
		case name == "first":
			return v[0]
		}
		return v[len(v)-1]
	case Object:
		if i, ok := key.(int); ok {
			name = strconv.Itoa(i)
		}
		if got, ok := v.Get(name); ok {
			return got
		}
		if command && name == "size" {
			return len(v.Keys())
		}
		if command && name == "first" && len(v.Keys()) > 0 {
			first, _ := v.Get(v.Keys()[0])
			return List{Text{S: v.Keys()[0]}, first}
		}
	case Text:
		if command && name == "size" {
			return utf8.RuneCountInString(v.S)
		}
	case int:
		if command && name == "size" {
			return 8 // the bytes of one of Ruby's integers
		}
	case Range:
		switch name {
		case "size":
			return max(v.Hi-v.Lo+1, 0)
		case "first":
			return v.Lo
		case "last":
			return v.Hi
		}
	}
	return nil
}

func (r *renderer) condition(c *condition, span text.Span) (yes, known bool) {
	if c == nil {
		return false, true
	}
	yes, known = r.compare(c, span)
	if c.next == nil || known && yes == (c.join == "or") {
		return yes, known // what follows is not looked at
	}
	more, moreKnown := r.condition(c.next, span)
	if c.join == "and" {
		if moreKnown && !more {
			return false, true
		}
		return yes && more, known && moreKnown
	}
	if moreKnown && more {
		return true, true
	}
	return yes || more, known && moreKnown
}

func (r *renderer) compare(c *condition, span text.Span) (yes, known bool) {
	left := r.expr(c.left)
	if c.op == "" {
		return truthy(left)
	}
	right := r.expr(c.right)
	if isUnknown(left) || isUnknown(right) {
		return false, false
	}
	switch c.op {
	case "==":
		return same(c, left, right), true
	case "!=", "<>":
		return !same(c, left, right), true
	case "contains":
		return contains(left, right), true
	case "<", ">", "<=", ">=":
	default:
		r.problem(span, "Unknown operator "+c.op)
		return false, false
	}
	if !ordered(left) || !ordered(right) {
		return false, true
	}
	n, ok := compareValues(left, right)
	if !ok {
		r.problem(span, "comparison of "+inspect(left)+" with "+inspect(right)+" failed")
		return false, false
	}
	switch c.op {
	case "<":
		return n < 0, true
	case ">":
		return n > 0, true
	case "<=":
		return n <= 0, true
	}
	return n >= 0, true
}

// ordered reports whether Ruby has an order for values like v at all; where
// it has none, a comparison is false and no error.
func ordered(v Value) bool {
	switch v.(type) {
	case int, float64, Text, Date, Ordered:
		return true
	}
	return false
}

// same compares, with the words empty and blank as questions (Liquid::Condition,
// MethodLiteral); plain Ruby has no blank?, so a comparison with blank is never equal.
func same(c *condition, left, right Value) bool {
	method, v := "", left
	if c.right != nil && c.right.method != "" {
		method = c.right.method
	} else if c.left.method != "" {
		method, v = c.left.method, right
	}
	switch method {
	case "empty":
		switch v := v.(type) {
		case Text:
			return v.S == ""
		case List:
			return len(v) == 0
		case Object:
			return len(v.Keys()) == 0
		}
		return false
	case "blank":
		return false
	}
	return equal(left, right)
}

func contains(left, right Value) bool {
	if right == nil || right == false {
		return false
	}
	switch l := left.(type) {
	case Text:
		return strings.Contains(l.S, str(right).S)
	case List:
		for _, item := range l {
			if equal(item, right) {
				return true
			}
		}
	case Range:
		i, ok := right.(int)
		return ok && i >= l.Lo && i <= l.Hi
	case Object:
		key, ok := right.(Text)
		if ok {
			_, ok = l.Get(key.S)
		}
		return ok
	}
	return false
}
