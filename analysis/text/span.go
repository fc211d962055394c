package text

// A Span is a half-open range of bytes in a text, counted from 0.
type Span struct{ Start, End int }

// Len returns the number of bytes in s.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether s holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether offset lies in s or at its end: a cursor behind the
// last letter of a word is still at that word.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset <= s.End }

// Covers reports whether all of t lies in s.
func (s Span) Covers(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t have a byte in common.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Shift returns s moved by n bytes.
func (s Span) Shift(n int) Span { return Span{s.Start + n, s.End + n} }

// Of returns the bytes of s in doc; what lies outside doc is left out.
func (s Span) Of(doc string) string {
	start, end := max(s.Start, 0), min(s.End, len(doc))
	if start >= end {
		return ""
	}
	return doc[start:end]
}

// Union returns the smallest span that covers both.
func Union(a, b Span) Span { return Span{min(a.Start, b.Start), max(a.End, b.End)} }
