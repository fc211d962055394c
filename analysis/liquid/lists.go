package liquid

import (
	"sort"
	"strconv"
	"strings"
)

// listFilters are the filters of arrays. Where Jekyll has one of Liquid's name,
// it is Jekyll's.
var listFilters = map[string]filterRule{
	"first": {0, 0, func(_ *renderer, c *filterArgs) Value { return end(c.v, "first") }},
	"last":  {0, 0, func(_ *renderer, c *filterArgs) Value { return end(c.v, "last") }},
	"join": {0, 1, func(_ *renderer, c *filterArgs) Value {
		glue := Text{S: " "}
		if len(c.args) > 0 {
			glue = str(c.args[0])
		}
		list := flat(c.v)
		if len(list)*len(glue.S) > maxOutput {
			return Unknown{"the filter join"}
		}
		var out []Text
		for i, item := range list {
			if !known(item) {
				return Unknown{"the filter join"}
			}
			if i > 0 {
				out = append(out, glue)
			}
			out = append(out, str(item))
		}
		return concat(out...)
	}},
	"array_to_sentence_string": {0, 1, func(r *renderer, c *filterArgs) Value {
		list, ok := c.v.(List)
		if !ok || !known(list) {
			return r.fail(c.span, "array_to_sentence_string takes an array")
		}
		word := "and"
		if len(c.args) > 0 {
			word = c.str(0)
		}
		var out []Text
		for i, item := range list {
			switch {
			case i == 0:
			case len(list) == 2:
				out = append(out, Text{S: " " + word + " "})
			case i == len(list)-1:
				out = append(out, Text{S: ", " + word + " "})
			default:
				out = append(out, Text{S: ", "})
			}
			out = append(out, str(item))
		}
		return concat(out...)
	}},
	"reverse": {0, 0, func(_ *renderer, c *filterArgs) Value {
		list := flat(c.v)
		out := make(List, len(list))
		for i, item := range list {
			out[len(list)-1-i] = item
		}
		return out
	}},
	"sort":         {0, 2, sortFilter},
	"sort_natural": {0, 1, sortNatural},
	"map": {1, 1, func(r *renderer, c *filterArgs) Value {
		list := flat(c.v)
		out := make(List, len(list))
		for i, item := range list {
			v, ok := property(item, c.args[0], false)
			if !ok {
				return r.fail(c.span, "cannot select the property '"+c.str(0)+"'")
			}
			out[i] = v
		}
		return out
	}},
	"compact": {0, 1, func(r *renderer, c *filterArgs) Value {
		return r.keep(c, func(v Value) bool { return v != nil })
	}},
	"uniq": {0, 1, func(r *renderer, c *filterArgs) Value {
		var seen List
		return r.keep(c, func(v Value) bool {
			for _, o := range seen {
				if sameKind(o, v) && equal(o, v) {
					return false
				}
			}
			seen = append(seen, v)
			return true
		})
	}},
	"concat": {1, 1, func(r *renderer, c *filterArgs) Value {
		more, ok := c.args[0].(List)
		if !ok {
			return r.fail(c.span, "concat filter requires an array argument")
		}
		return append(append(List{}, flat(c.v)...), more...)
	}},
	"push":    {1, 1, func(_ *renderer, c *filterArgs) Value { return ends(c) }},
	"unshift": {1, 1, func(_ *renderer, c *filterArgs) Value { return ends(c) }},
	"pop":     {0, 1, func(r *renderer, c *filterArgs) Value { return r.takeOff(c) }},
	"shift":   {0, 1, func(r *renderer, c *filterArgs) Value { return r.takeOff(c) }},
	"where": {2, 2, func(r *renderer, c *filterArgs) Value {
		return r.selected(c, false, func(item Value) (bool, bool) { return r.matches(c, item) })
	}},
	"find": {2, 2, func(r *renderer, c *filterArgs) Value {
		return r.selected(c, true, func(item Value) (bool, bool) { return r.matches(c, item) })
	}},
	"where_exp": {2, 2, func(r *renderer, c *filterArgs) Value {
		cond := parseCondition(fragment{c.str(1), 0})
		return r.selected(c, false, func(item Value) (bool, bool) { return r.holds(c, cond, item) })
	}},
	"find_exp": {2, 2, func(r *renderer, c *filterArgs) Value {
		cond := parseCondition(fragment{c.str(1), 0})
		return r.selected(c, true, func(item Value) (bool, bool) { return r.holds(c, cond, item) })
	}},
	"group_by": {1, 1, func(r *renderer, c *filterArgs) Value {
		return r.grouped(c, func(item Value) Value {
			v, _ := itemProperty(item, c.str(0))
			if !known(v) {
				return Unknown{"the filter group_by"}
			}
			return Text{S: toS(v).S}
		})
	}},
	"group_by_exp": {2, 2, func(r *renderer, c *filterArgs) Value {
		p := parsePipeline(fragment{c.str(1), 0})
		return r.grouped(c, func(item Value) Value {
			r.scopes = append(r.scopes, map[string]Value{c.str(0): item})
			v := r.pipeline(p)
			r.scopes = r.scopes[:len(r.scopes)-1]
			if t, ok := v.(Text); ok {
				return Text{S: t.S}
			}
			return v
		})
	}},
}

func end(v Value, name string) Value {
	switch v.(type) {
	case List, Range:
		return get(v, Text{S: name}, true)
	case Object:
		if name == "first" {
			return get(v, Text{S: name}, true)
		}
	}
	return nil
}

// flat returns what a filter of arrays works on (Liquid's InputIterator): an
// array without arrays in it, or an array of the one value; nil is empty.
func flat(v Value) List {
	switch v := v.(type) {
	case nil:
		return List{}
	case List:
		nested := false
		for _, item := range v {
			nested = nested || isListValue(item)
		}
		if !nested {
			return v
		}
		var out List
		for _, item := range v {
			if isListValue(item) {
				out = append(out, flat(item)...)
			} else {
				out = append(out, item)
			}
		}
		return out
	case Range:
		list, _ := items(v)
		return list
	}
	return List{v}
}

func isListValue(v Value) bool { _, ok := v.(List); return ok }

// sameKind tells apart what Ruby's eql? tells apart: 1 and 1.0.
func sameKind(a, b Value) bool {
	_, x := a.(float64)
	_, y := b.(float64)
	return x == y
}

// property is Ruby's item[name]; false where that is an error. Liquid's own
// filters take the name whole, Jekyll's follow its dots.
func property(item, name Value, dots bool) (Value, bool) {
	key := str(name).S
	switch v := item.(type) {
	case Unknown:
		return v, true
	case Object:
		if dots && strings.Contains(key, ".") {
			var got Value = v
			for _, part := range strings.Split(key, ".") {
				o, ok := got.(Object)
				if !ok {
					if isUnknown(got) {
						return got, true
					}
					return nil, true
				}
				got, _ = o.Get(part)
			}
			return got, true
		}
		got, _ := v.Get(key)
		return got, true
	case nil:
		return nil, true
	case Text:
		if _, isText := name.(Text); isText && strings.Contains(v.S, key) {
			return Text{S: key}, true
		}
		return nil, true
	}
	return nil, false
}

// keep is uniq and compact: what passes, by a property where one is named.
func (r *renderer) keep(c *filterArgs, pass func(Value) bool) Value {
	out := List{}
	for _, item := range flat(c.v) {
		v := item
		if c.arg(0) != nil {
			got, ok := property(item, c.args[0], false)
			if !ok || item == nil {
				return r.fail(c.span, "cannot select the property '"+c.str(0)+"'")
			}
			v = got
		}
		if !known(v) {
			return Unknown{"the filter " + c.name}
		}
		if pass(v) {
			out = append(out, item)
		}
	}
	return out
}

func ends(c *filterArgs) Value {
	list, ok := c.v.(List)
	switch {
	case !ok:
		return c.v
	case c.name == "push":
		return append(append(List{}, list...), c.args[0])
	}
	return append(List{c.args[0]}, list...)
}

func (r *renderer) takeOff(c *filterArgs) Value {
	list, ok := c.v.(List)
	if !ok {
		return c.v
	}
	n := 1
	if len(c.args) > 0 {
		if n, ok = integer(c.args[0]); !ok || n < 0 {
			return r.fail(c.span, "invalid integer")
		}
	}
	n = min(n, len(list))
	if c.name == "pop" {
		return list[:len(list)-n]
	}
	return list[n:]
}

// candidates are what where, find and their like choose from; false where they
// pass on what they are given.
func candidates(v Value) (List, bool) {
	switch v := v.(type) {
	case List:
		return v, true
	case Range:
		list, _ := items(v)
		return list, true
	case Object:
		var out List
		for _, k := range v.Keys() {
			item, _ := v.Get(k)
			out = append(out, item)
		}
		return out, true
	}
	return nil, false
}

// selected is where and where_exp, or with one find and find_exp.
func (r *renderer) selected(c *filterArgs, one bool, test func(Value) (yes, known bool)) Value {
	list, ok := candidates(c.v)
	if (c.name == "where" || c.name == "find") && ok {
		switch c.args[1].(type) {
		case List, Object:
			ok = false
		}
		ok = ok && c.args[0] != nil && c.args[0] != false
	}
	if !ok {
		return c.v
	}
	out := List{}
	for _, item := range list {
		if !r.spend(c.span) {
			return Unknown{"a template that does not end"}
		}
		yes, known := test(item)
		if !known {
			return Unknown{"the filter " + c.name}
		}
		if yes && one {
			return item
		}
		if yes {
			out = append(out, item)
		}
	}
	if one {
		return nil
	}
	return out
}

// matches is Jekyll's compare_property_vs_target.
func (r *renderer) matches(c *filterArgs, item Value) (yes, known bool) {
	v, ok := itemProperty(item, c.str(0))
	if !ok {
		r.problem(c.span, "cannot select the property '"+c.str(0)+"'")
		return false, false
	}
	target := c.args[1]
	switch v := v.(type) {
	case Unknown:
		return false, false
	case nil:
		return target == nil, true
	case Text:
		return target != nil && v.S == toS(target).S, true
	case List:
		for _, p := range v {
			if isUnknown(p) {
				return false, false
			}
			if target != nil && toS(p).S == toS(target).S {
				return true, true
			}
		}
		return false, true
	case Date:
		return false, true // Ruby takes a time apart into ten numbers here
	}
	return target != nil && str(v).S == str(target).S, true
}

// itemProperty is Jekyll's item_property: what looks like a number is one.
func itemProperty(item Value, name string) (Value, bool) {
	v, ok := property(item, Text{S: name}, true)
	if !ok {
		return nil, false
	}
	t, isText := v.(Text)
	if !isText {
		return v, true
	}
	s := strings.TrimFunc(t.S, func(c rune) bool { return c < 0x80 && isSpace(byte(c)) })
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits == "." || strings.Trim(digits, "0123456789.") != "" || strings.Count(digits, ".") > 1 {
		return v, true
	}
	if !strings.Contains(digits, ".") {
		if n, err := strconv.Atoi(s); err == nil {
			return n, true
		}
		return v, true
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f, true
	}
	return v, true
}

// holds evaluates the condition of where_exp for an item.
func (r *renderer) holds(c *filterArgs, cond *condition, item Value) (yes, known bool) {
	r.scopes = append(r.scopes, map[string]Value{c.str(0): item})
	yes, known = r.condition(cond, c.span)
	r.scopes = r.scopes[:len(r.scopes)-1]
	return yes, known
}

func (r *renderer) grouped(c *filterArgs, key func(Value) Value) Value {
	var list List
	switch v := c.v.(type) {
	case List:
		list = v
	case Range, Object:
		list, _ = items(v)
	default:
		return c.v
	}
	var names, out List
	groups := []List{}
	for _, item := range list {
		k := key(item)
		if isUnknown(k) || !r.spend(c.span) {
			return Unknown{"the filter " + c.name}
		}
		at := -1
		for i, n := range names {
			if sameKind(n, k) && equal(n, k) {
				at = i
				break
			}
		}
		if at < 0 {
			at = len(names)
			names, groups = append(names, k), append(groups, nil)
		}
		groups[at] = append(groups[at], item)
	}
	out = make(List, len(names))
	for i, n := range names {
		out[i] = NewMap().Set("name", n).Set("items", groups[i]).Set("size", len(groups[i]))
	}
	return out
}

// sortFilter is Jekyll's sort: by the values, or by a property, items without
// it first or last.
func sortFilter(r *renderer, c *filterArgs) Value {
	list, ok := c.v.(List)
	if !ok {
		if rng, isRange := c.v.(Range); isRange {
			list, _ = items(rng)
		} else {
			return r.fail(c.span, "sort takes an array")
		}
	}
	keys := make(List, len(list))
	byProperty := c.arg(0) != nil
	first := true
	if byProperty && len(c.args) > 1 {
		switch c.str(1) {
		case "first":
		case "last":
			first = false
		default:
			return r.fail(c.span, "'"+c.str(1)+"' is not a valid nils order. It must be 'first' or 'last'")
		}
	}
	for i, item := range list {
		keys[i] = item
		if byProperty {
			v, ok := itemProperty(item, c.str(0))
			if !ok {
				return r.fail(c.span, "cannot select the property '"+c.str(0)+"'")
			}
			keys[i] = v
		}
		if !known(keys[i]) {
			return Unknown{"the filter sort"}
		}
	}
	failed := false
	out := sorted(list, keys, func(a, b Value) bool {
		if byProperty && (a == nil || b == nil) {
			return a == nil && b != nil && first || a != nil && b == nil && !first
		}
		n, ok := compareValues(a, b)
		if !ok && byProperty {
			n = strings.Compare(str(a).S, str(b).S)
		} else if !ok {
			failed = true
		}
		return n < 0
	})
	if failed {
		return r.fail(c.span, "these values cannot be compared")
	}
	return out
}

// sortNatural is Liquid's: letter case does not count, nil comes last.
func sortNatural(r *renderer, c *filterArgs) Value {
	list := flat(c.v)
	keys := make(List, len(list))
	for i, item := range list {
		keys[i] = item
		if c.arg(0) != nil {
			v, ok := property(item, c.args[0], false)
			if !ok {
				return r.fail(c.span, "cannot select the property '"+c.str(0)+"'")
			}
			keys[i] = v
		}
		if !known(keys[i]) {
			return Unknown{"the filter sort_natural"}
		}
	}
	return sorted(list, keys, func(a, b Value) bool {
		if a == nil || b == nil {
			return a != nil && b == nil
		}
		return lowerASCII(str(a).S) < lowerASCII(str(b).S)
	})
}

func lowerASCII(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}

func sorted(list, keys List, less func(a, b Value) bool) List {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return less(keys[order[i]], keys[order[j]]) })
	out := make(List, len(list))
	for i, k := range order {
		out[i] = list[k]
	}
	return out
}

// An Ordered is an object that Ruby can compare with its like.
type Ordered interface {
	Object
	Compare(other Value) (int, bool)
}

// Compare is Ruby's <=>; false where it has no answer.
func Compare(a, b Value) (int, bool) { return compareValues(a, b) }

// compareValues is Ruby's <=>; false where it has no answer.
func compareValues(a, b Value) (int, bool) {
	if x, ok := a.(List); ok {
		y, ok := b.(List)
		if !ok {
			return 0, false
		}
		for i := range min(len(x), len(y)) {
			if n, ok := compareValues(x[i], y[i]); !ok || n != 0 {
				return n, ok
			}
		}
		return len(x) - len(y), true
	}
	if o, ok := a.(Ordered); ok {
		return o.Compare(b)
	}
	if equal(a, b) {
		return 0, true
	}
	if lt, ok := less(a, b); ok {
		if lt {
			return -1, true
		}
		return 1, true
	}
	return 0, false
}
