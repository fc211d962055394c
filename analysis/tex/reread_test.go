package tex

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"scholium/analysis/mathjax"
)

// TestReread edits pages at random, by a fixed seed: what is taken from the
// reading before must be what reading anew gives.
func TestReread(t *testing.T) {
	all := ownFormulas(t)
	rng := rand.New(rand.NewPCG(seedOf(t, 47), 53))
	taken, read := 0, 0
	for range times(t, 300) {
		c := mathjax.Default([]mathjax.Engine{mathjax.MathJax3, mathjax.MathJax4}[rng.IntN(2)])
		c.Tags = pick(rng, "none", "ams", "all")
		var page []Formula
		for range 25 {
			page = append(page, Formula{TeX: all[rng.IntN(len(all))], Display: rng.IntN(2) == 0})
			if rng.IntN(2) == 0 {
				page[len(page)-1].TeX = pick(rng, "x", "x^2", `\alpha_1`, `\frac12`)
			}
		}
		state := Read(page, &c)
		for range 6 {
			next := make([]Formula, 0, len(page)+1)
			for _, f := range page {
				next = append(next, Formula{TeX: f.TeX, Display: f.Display})
			}
			at := rng.IntN(len(next))
			switch rng.IntN(3) {
			case 0:
				next[at].TeX = mutate(rng, next[at].TeX, c.Engine)
			case 1:
				next = slices.Delete(next, at, at+1)
			default:
				next = slices.Insert(next, at, Formula{TeX: all[rng.IntN(len(all))], Display: true})
			}
			if rng.IntN(8) == 0 { // another configuration
				c.Loads = []mathjax.Package{{Name: "physics"}}
				c.Packages = append(slices.Clip(c.Packages), pick(rng, "physics", "cancel", "braket"))
			}
			anew := slices.Clone(next)
			want := Read(anew, &c)
			got := Reread(next, &c, page, state)
			for i := range next {
				read++
				if same(&next[i], got.Before[i], page, state, i) >= 0 {
					taken++
				}
				next[i].Uses, anew[i].Uses = slices.Clip(next[i].Uses), slices.Clip(anew[i].Uses)
				if len(next[i].Uses) == 0 && len(anew[i].Uses) == 0 {
					next[i].Uses, anew[i].Uses = nil, nil
				}
				if !reflect.DeepEqual(next[i], anew[i]) {
					t.Fatalf("%q: got %+v, want %+v", next[i].TeX, next[i], anew[i])
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("the states differ: %+v, want %+v", got, want)
			}
			page, state = next, got
		}
	}
	t.Logf("%d of %d formulas were taken", taken, read)
	if taken*4 < read {
		t.Error("hardly any formula was taken")
	}
}
