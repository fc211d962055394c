package text

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPositions(t *testing.T) {
	doc := "a𝔼b\r\né\rz\n"
	l := NewLines(doc)
	if got := l.Count(); got != 4 {
		t.Fatalf("lines: %d, want 4", got)
	}
	for _, c := range []struct {
		offset int
		enc    Encoding
		want   Position
	}{
		{5, UTF16, Position{0, 3}}, {5, UTF8, Position{0, 5}}, {5, UTF32, Position{0, 2}},
		{3, UTF16, Position{0, 1}},  // within 𝔼
		{7, UTF16, Position{0, 4}},  // between \r and \n
		{10, UTF16, Position{1, 1}}, // behind é
		{99, UTF16, Position{3, 0}},
	} {
		if got := l.Position(c.offset, c.enc); got != c.want {
			t.Errorf("Position(%d, %v) = %v, want %v", c.offset, c.enc, got, c.want)
		}
	}
	if got := l.Offset(Position{0, 2}, UTF16); got != 1 {
		t.Errorf("a column within a surrogate pair: %d, want 1", got)
	}
	if got := l.Offset(Position{0, 99}, UTF16); got != 6 {
		t.Errorf("a column behind the line: %d, want 6", got)
	}
}

func TestPositionsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := rapid.StringOf(rapid.SampledFrom([]rune("a\n\r 𝔼é🦜|"))).Draw(t, "doc")
		l := NewLines(doc)
		for _, e := range []Encoding{UTF8, UTF16, UTF32} {
			for i := 0; i <= len(doc); i++ {
				if i < len(doc) && !utf8.RuneStart(doc[i]) || i > 0 && i < len(doc) && doc[i-1] == '\r' && doc[i] == '\n' {
					continue
				}
				if got := l.Offset(l.Position(i, e), e); got != i {
					t.Fatalf("%v: %d came back as %d in %q", e, i, got, doc)
				}
			}
		}
	})
}

func TestApply(t *testing.T) {
	got, ok := Apply("abcdef", []Edit{{Span{4, 5}, "E"}, {Span{1, 1}, "x"}, {Span{1, 1}, "y"}, {Span{2, 3}, ""}})
	if !ok || got != "axybdEf" {
		t.Errorf("got %q, %v", got, ok)
	}
	for _, bad := range [][]Edit{{{Span{1, 3}, ""}, {Span{2, 4}, ""}}, {{Span{3, 9}, ""}}, {{Span{3, 2}, ""}}} {
		if got, ok := Apply("abcdef", bad); ok || got != "abcdef" {
			t.Errorf("%v: got %q, %v", bad, got, ok)
		}
	}
}

func TestPieces(t *testing.T) {
	var p Pieces                          // a\_b from `xa\_b`
	p = p.Append(1, Span{1, 2}, 0, true)  // a
	p = p.Append(1, Span{2, 4}, 0, false) // _
	p = p.Append(1, Span{4, 5}, 0, true)  // b
	p = p.Append(2, Span{5, 7}, 0, true)  // joined
	if len(p) != 3 || p[2].Out != (Span{2, 5}) {
		t.Fatalf("pieces: %v", p)
	}
	for _, c := range []struct {
		span, want Span
		exact      bool
	}{
		{Span{0, 1}, Span{1, 2}, true}, {Span{0, 3}, Span{1, 5}, false}, {Span{3, 4}, Span{5, 6}, true},
		{Span{5, 5}, Span{7, 7}, true}, {Span{3, 3}, Span{5, 5}, true},
	} {
		if got, _, exact := p.Source(c.span); got != c.want || exact != c.exact {
			t.Errorf("Source(%v) = %v %v, want %v %v", c.span, got, exact, c.want, c.exact)
		}
	}
	inner := Pieces{{Span{0, 3}, Span{10, 13}, 1, true}, {Span{3, 8}, Span{20, 25}, 2, true}}
	out := p.Through(inner)
	want := Pieces{{Span{0, 1}, Span{11, 12}, 1, true}, {Span{1, 2}, Span{12, 13}, 1, false}, {Span{2, 5}, Span{21, 24}, 2, true}}
	if len(out) != len(want) {
		t.Fatalf("Through: %v", out)
	}
	for i := range want {
		if out[i] != want[i] {
			t.Errorf("Through[%d] = %v, want %v", i, out[i], want[i])
		}
	}
}

// TestThen holds edits made at once against the same made one after the other.
func TestThen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edits := func(doc, name string) []Edit {
			var out []Edit
			at := 0
			for range rapid.IntRange(0, 4).Draw(t, name) {
				start := rapid.IntRange(at, len(doc)).Draw(t, "start")
				end := rapid.IntRange(start, len(doc)).Draw(t, "end")
				out = append(out, Edit{Span{start, end}, rapid.StringMatching("[xyz]{0,3}").Draw(t, "new")})
				at = end
			}
			return out
		}
		doc := rapid.StringMatching("[a-m]{0,12}").Draw(t, "doc")
		first := edits(doc, "first")
		between, ok := Apply(doc, first)
		if !ok {
			t.Fatalf("%v in %q", first, doc)
		}
		second := edits(between, "second")
		want, ok := Apply(between, second)
		if !ok {
			t.Fatalf("%v in %q", second, between)
		}
		both, ok := Then(len(doc), first, second)
		if !ok {
			t.Fatalf("%v and %v in %q", first, second, doc)
		}
		if got, ok := Apply(doc, both); !ok || got != want {
			t.Fatalf("%v then %v in %q: %v makes %q, not %q", first, second, doc, both, got, want)
		}
	})
	if _, ok := Then(3, []Edit{{Span{0, 2}, ""}, {Span{1, 3}, ""}}, nil); ok {
		t.Error("edits that overlap are taken")
	}
	if _, ok := Then(3, []Edit{{Span{0, 2}, ""}}, []Edit{{Span{0, 2}, ""}}); ok {
		t.Error("an edit outside is taken")
	}
}
