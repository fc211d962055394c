package kramdown

import (
	"math/rand/v2"
	"testing"
)

// FuzzParse reads, prints and maps back anything: no panic, no span outside the
// source, no byte of the page without an origin.
func FuzzParse(f *testing.F) {
	for _, part := range hostile {
		f.Add(part + part + part)
	}
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 100 {
		f.Add(randomDocument(rnd, 12))
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, o := range []Options{Defaults(), GFM(), native(), with(GFM(), "version", "2.5.1")()} {
			tree := Parse(source, o)
			tree.HTML()
			checkFlow(t, tree)
			checkSpans(t, tree)
		}
	})
}

// native returns options that are seldom set.
func native() Options {
	o := GFM()
	o.HardWrap = true
	o.HTMLToNative = true
	o.ParseBlockHTML = true
	o.FootnoteBacklinkInline = true
	o.RemoveLineBreaksForCJK = true
	o.MathEngine = ""
	o.EntityOutput = "symbolic"
	return o
}
