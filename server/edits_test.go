package server

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"scholium/analysis/text"
)

// TestEditsKeepMemory sends edits, openings, closings and changed
// configurations, over and over, with questions between them: memory and
// goroutines are what they were. A hundred thousand where SCHOLIUM_HOSTILE is set.
func TestEditsKeepMemory(t *testing.T) {
	rounds := 2000
	switch {
	case os.Getenv("SCHOLIUM_HOSTILE") != "":
		rounds = 100_000
	case testing.Short():
		rounds = 400
	}
	files := map[string]string{"_config.yml": "title: x\n", "_includes/a.html": "<p id=\"{{ include.id }}\">a</p>\n"}
	var names []string
	for i := range 10 {
		name := fmt.Sprintf("_posts/2024-01-%02d-a.md", i+1)
		names = append(names, name)
		files[name] = fmt.Sprintf("---\ntitle: A%d\n---\n# H%d\n\n$$\\label{x%d}𝔼$$\n\n$$\\eqref{x%d}$$ {%% include a.html id=\"i%d\" %%} [^n]\n\n[^n]: note\n", i, i, i, i+1, i)
	}
	c := testClient(t, true, files)
	go func() {
		for range c.refreshed { // nobody else takes them
		}
	}()
	random := rand.New(rand.NewPCG(4, 2))
	closeFile := func(name string) {
		c.notify(protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(name)}})
	}
	open := map[string]bool{}
	step := func() {
		name := names[random.IntN(len(names))]
		if !open[name] {
			c.open(name)
			open[name] = true
		}
		switch k := random.IntN(100); {
		case k < 85: // a letter comes, or what was typed goes
			doc := c.docs[name]
			end := len(doc)
			start := end
			if typed := len(strings.TrimRight(doc, "abcdefghijklmnopqrstuvwxyz")); end-typed > 20 {
				start = typed
			}
			c.change(name, text.Span{Start: start, End: end}, string(rune('a'+random.IntN(26))))
		case k < 93:
			closeFile(name)
			delete(open, name)
		case k < 95:
			c.openText("_config.yml", fmt.Sprintf("title: x%d\n", random.IntN(9)))
			closeFile("_config.yml")
		default:
			c.call(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: c.document(name).TextDocument}, nil)
		}
	}
	measure := func() (heap, goroutines int) {
		for name := range open {
			closeFile(name)
			delete(open, name)
		}
		c.call(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: c.document(names[0]).TextDocument}, nil)
		// What is kept stays; what the publisher holds for a moment goes: the least of several looks counts.
		heap, goroutines = math.MaxInt, math.MaxInt
		for range 100 {
			c.diagnostics(names[0]) // it has been quiet
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap, goroutines = min(heap, int(m.HeapAlloc)), min(goroutines, runtime.NumGoroutine())
		}
		return heap, goroutines
	}
	for range rounds / 4 {
		step()
	}
	heap, goroutines := measure()
	for range rounds {
		step()
	}
	heapAfter, goroutinesAfter := measure()
	t.Logf("%d messages: %d KB became %d KB, %d goroutines %d", rounds, heap>>10, heapAfter>>10, goroutines, goroutinesAfter)
	if heapAfter > heap+heap/20+512<<10 {
		t.Errorf("%d KB became %d KB", heap>>10, heapAfter>>10)
	}
	if goroutinesAfter > goroutines+3 {
		t.Errorf("%d goroutines became %d", goroutines, goroutinesAfter)
	}
}
