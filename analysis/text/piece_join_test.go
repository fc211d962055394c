package text

import "testing"

// TestAppendJoins: what was made at one place, again and again, is one piece;
// what was made at another, in another file, or stands there, is another.
func TestAppendJoins(t *testing.T) {
	tag, other := Span{Start: 3, End: 9}, Span{Start: 9, End: 12}
	p := Pieces{}.Append(2, tag, 0, false).Append(5, tag, 0, false)
	if len(p) != 1 || p[0] != (Piece{Out: Span{Start: 0, End: 7}, Src: tag}) {
		t.Errorf("one place: %v", p)
	}
	p = p.Append(1, other, 0, false).Append(1, other, 1, false).Append(3, other, 1, true)
	if len(p) != 4 || p[3].Out != (Span{Start: 9, End: 12}) {
		t.Errorf("several places: %v", p)
	}
}
