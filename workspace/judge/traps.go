package judge

import (
	"errors"
	"hash/maphash"
	"sync"
)

// errTrapped says that a formula stands behind one that came to no end before.
var errTrapped = errors.New("asking MathJax: a formula before this one comes to no end")

// traps are formulas that came to no end within their budget, each with what
// stands before it. Whatever stands behind one would wait for it in vain, each
// time anew.
type traps struct {
	mu   sync.Mutex
	seed maphash.Seed
	held map[uint64]bool
}

// maxTraps bounds how many are remembered. Beyond, all are forgotten.
const maxTraps = 1000

// note remembers the last of some formulas.
func (t *traps) note(config string, before []Formula) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.seed = maphash.MakeSeed()
	}
	if t.held == nil || len(t.held) >= maxTraps {
		t.held = map[uint64]bool{}
	}
	var last uint64
	for key := range t.keys(config, before) {
		last = key
	}
	t.held[last] = true
}

// behind reports whether one of some formulas is a trap.
func (t *traps) behind(config string, before []Formula) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.held) == 0 {
		return false
	}
	for key := range t.keys(config, before) {
		if t.held[key] {
			return true
		}
	}
	return false
}

// keys are those of the formulas, each with those before it.
func (t *traps) keys(config string, before []Formula) func(yield func(uint64) bool) {
	return func(yield func(uint64) bool) {
		var h maphash.Hash
		h.SetSeed(t.seed)
		maphash.WriteComparable(&h, config)
		for _, f := range before {
			maphash.WriteComparable(&h, f)
			if !yield(h.Sum64()) {
				return
			}
		}
	}
}
