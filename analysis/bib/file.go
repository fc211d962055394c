package bib

import (
	"strings"

	"scholium/analysis/text"
)

// A File is what a BibTeX file holds. It never changes.
type File struct {
	Entries []Entry // in the order of the file

	first map[string]int // the entries by their keys; of equals the first
}

// An Entry is one work. All spans are bytes of the file.
type Entry struct {
	Type    string // as written: article, InProceedings
	Key     string // empty where there is none
	KeySpan text.Span
	Span    text.Span // from its @ to its last brace
	Fields  []Field

	Open      bool // nothing closes it: it ends where the next one begins
	Commented bool // a % stands in front of it: some readers pass over it
}

// A Field is one name with its value.
type Field struct {
	Name  string // as written
	Value string // without its braces or quotes, the pieces that # joins put together, macros replaced
	Span  text.Span
	Inner text.Span // of Value, where it stands in the file to the letter; else empty
}

// Find returns the first entry of a key, or nil. Case counts.
func (f *File) Find(key string) *Entry {
	if i, ok := f.first[key]; ok {
		return &f.Entries[i]
	}
	return nil
}

// Get returns a field of an entry, or nil. Case does not count in its name.
func (e *Entry) Get(name string) *Field {
	for i := range e.Fields {
		if strings.EqualFold(e.Fields[i].Name, name) {
			return &e.Fields[i]
		}
	}
	return nil
}

// Same reports whether two entries say the same: their fields, in any order.
func (e *Entry) Same(o *Entry) bool {
	if !strings.EqualFold(e.Type, o.Type) || len(e.Fields) != len(o.Fields) {
		return false
	}
	for i := range e.Fields {
		f := o.Get(e.Fields[i].Name)
		if f == nil || fold(f.Value) != fold(e.Fields[i].Value) {
			return false
		}
	}
	return true
}

// fold makes one blank of all that stand together.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
