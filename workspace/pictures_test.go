package workspace

import (
	"testing"
)

// TestForget: of many pictures those go that were asked for longest ago, never
// the one that is just being drawn.
func TestForget(t *testing.T) {
	g := gallery{held: map[pictureKey]*picture{}}
	add := func(i int) pictureKey {
		key := pictureKey{formula: uint64(i)}
		p := &picture{}
		g.held[key] = p
		g.touch(p)
		g.forget()
		return key
	}
	first := add(0)
	for i := 1; i < maxPictures+50; i++ {
		g.touch(g.held[first])
		key := add(i)
		if g.held[key] == nil {
			t.Fatalf("picture %d is forgotten as soon as it is asked for", i)
		}
		if g.held[first] == nil {
			t.Fatalf("after %d pictures the one that is always used is forgotten", i)
		}
	}
	if len(g.held) != maxPictures {
		t.Errorf("%d pictures are held", len(g.held))
	}
}
