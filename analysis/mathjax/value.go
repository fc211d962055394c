package mathjax

import "scholium/analysis/text"

// A value is a JavaScript value, as far as it can be known without running it.
type value struct {
	kind kind
	text string // a string's value; why an unknown one is unknown
	num  float64
	list []value
	keys []property // in order; of two with one name the later counts
	span text.Span
}

type kind uint8

const (
	unknown kind = iota
	undefined
	str
	number
	boolean // num is 0 or 1
	list
	object
	function
	pattern // a regular expression; text is its source
)

type property struct {
	name  string
	at    text.Span // within its quotes
	value value
}

// get returns the value of a key; undefined where there is none.
func (v value) get(name string) value {
	for i := len(v.keys) - 1; i >= 0; i-- {
		if v.keys[i].name == name {
			return v.keys[i].value
		}
	}
	return value{kind: undefined}
}

// set gives a key a value and keeps the place of one that is there.
func (v *value) set(p property) {
	for i := range v.keys {
		if v.keys[i].name == p.name {
			v.keys[i] = p
			return
		}
	}
	v.keys = append(v.keys, p)
}

func (v value) strings() (out []string, ok bool) {
	if v.kind == str {
		return []string{v.text}, true
	}
	if v.kind != list {
		return nil, false
	}
	for _, item := range v.list {
		if item.kind != str {
			return nil, false
		}
		out = append(out, item.text)
	}
	return out, true
}

func (v value) truthy() bool {
	switch v.kind {
	case boolean, number:
		return v.num != 0
	case str:
		return v.text != ""
	case undefined:
		return false
	}
	return true
}
