package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLines counts columns of anything, also in lines so long that they have
// marks: as a count from the line's beginning does, and back to the same place.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"a𝔼b\r\né\rz\n", "\xff\xf0\x9d", "\uFEFF\u2028", strings.Repeat("é𝔼x", 1)} {
		f.Add(s, 1)
		f.Add(s, 3000)
	}
	f.Fuzz(func(t *testing.T, part string, times int) {
		if part == "" || times < 1 || times > 1<<14/len(part) {
			return
		}
		doc := strings.Repeat(part, times)
		l := NewLines(doc)
		step := 1 + len(doc)/50
		for _, e := range []Encoding{UTF8, UTF16, UTF32} {
			for i := 0; i <= len(doc); i += step {
				span := l.Span(l.Line(i))
				at := min(i, span.End)
				for at > span.Start && at < len(doc) && !utf8.RuneStart(doc[at]) {
					at--
				}
				got := l.Position(i, e)
				if want := Columns(doc[span.Start:at], e); got.Column != want {
					t.Fatalf("%v: %d of %d has column %d, counted %d", e, i, len(doc), got.Column, want)
				}
				if utf8.ValidString(doc) && l.Offset(got, e) != at {
					t.Fatalf("%v: %d came back as %d", e, at, l.Offset(got, e))
				}
				if back := l.Offset(Position{got.Line, i}, e); back < span.Start || back > span.End {
					t.Fatalf("%v: column %d of line %d is %d", e, i, got.Line, back)
				}
			}
		}
	})
}

// FuzzApply makes any two edits: what they do not touch stays, and edits that
// overlap change nothing.
func FuzzApply(f *testing.F) {
	f.Add("abcdef", 1, 2, "x", 4, 4, "y")
	f.Add("abc", 2, 1, "x", 0, 9, "")
	f.Fuzz(func(t *testing.T, doc string, a, b int, x string, c, d int, y string) {
		edits := []Edit{{Span{a, b}, x}, {Span{c, d}, y}}
		got, ok := Apply(doc, edits)
		if !ok {
			if got != doc {
				t.Fatalf("refused edits changed %q to %q", doc, got)
			}
			return
		}
		if want := len(doc) - (b - a) - (d - c) + len(x) + len(y); len(got) != want {
			t.Fatalf("%q became %q by %v", doc, got, edits)
		}
		if first := min(a, c); first < 0 || got[:first] != doc[:first] || !strings.HasSuffix(got, doc[max(b, d):]) {
			t.Fatalf("%q became %q by %v", doc, got, edits)
		}
	})
}
