package kramdown

import "testing"

func TestInputOffset(t *testing.T) {
	src := "a\r\nb\rc\r\nd"
	tree := Parse(src, Defaults())
	if tree.Source != "a\nb\nc\nd\n" {
		t.Fatalf("source: %q", tree.Source)
	}
	for off, want := range map[int]int{0: 0, 2: 3, 3: 4, 4: 5, 6: 8, 8: 9} {
		if got := tree.InputOffset(off); got != want {
			t.Errorf("InputOffset(%d) = %d, want %d", off, got, want)
		}
	}
}
