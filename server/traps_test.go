package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis/site"
	"scholium/analysis/text"
)

// TestTraps feeds the judge what it cannot digest, and mutants by the thousand,
// through open posts, and asks the server everything else meanwhile: it answers
// as ever. At the end a post that can be judged is, and the memory is bounded.
func TestTraps(t *testing.T) {
	needMathJax(t)
	mutants := 1000
	switch {
	case os.Getenv("SCHOLIUM_HOSTILE") != "": // takes two minutes
		mutants = 10_000
	case testing.Short(): // under the race detector an engine is slow
		mutants = 40
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
		t.Fatal(err)
	}
	posts := trapPosts(mutants)
	for name, doc := range posts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	push := modes[0]
	push.pull, push.init = false, `{"pictures":true}`
	c := newJudgingClient(t, dir, push)
	go func() {
		for range c.hinted { // nobody else takes them
		}
	}()
	const asked = "_posts/2024-03-01-evidence.md"
	c.open(asked)
	c.wait()
	for name := range posts {
		c.open(name)
	}
	start := resident()
	p := openPost{c, asked}
	label := p.find(`\label{eq:`, 1, 8)
	took := map[string][]time.Duration{}
	highest := start
	random := rand.New(rand.NewPCG(3, 5))
	names := []string{}
	for name := range posts {
		names = append(names, name)
	}
	slices.Sort(names)
	ask := func(method string, params any) {
		begin := time.Now()
		var raw json.RawMessage
		c.call(method, params, &raw)
		took[method] = append(took[method], time.Since(begin))
	}
	// Until all is judged: questions without a pause, and now and then a letter in one of these posts, so that what was
	// asked for is superseded.
	rounds := 0
	for ; rounds < 50 || c.unjudged() > 0; rounds++ {
		if rounds > 1_000_000 {
			t.Fatalf("%d formulas are still not judged", c.unjudged())
		}
		if rounds%2000 < 20 && rounds < 10_000 {
			name := names[random.IntN(len(names))]
			at := len(c.docs[name]) - 1
			c.change(name, text.Span{Start: at, End: at}, string(rune('a'+random.IntN(26))))
			c.call(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: c.document(name).TextDocument}, nil) // the pages are made
		}
		place := p.at(label)
		ask(protocol.MethodTextDocumentDefinition, &protocol.DefinitionParams{TextDocumentPositionParams: place})
		ask(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: place})
		ask(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: place})
		ask(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: place.TextDocument})
		ask(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: place})
		highest = max(highest, resident())
		select {
		case <-c.refreshed:
		default:
		}
	}
	judged := 0
	for _, d := range c.doubts() {
		if !d.Said {
			judged++
		}
	}
	t.Logf("%d formulas judged during %d rounds of questions", judged, rounds)
	if judged < mutants/4 {
		t.Error("hardly anything was in doubt")
	}
	for method, times := range took {
		slices.Sort(times)
		median, p95, most := times[len(times)/2], times[len(times)*95/100], times[len(times)-1]
		t.Logf("%s: median %v, p95 %v, at most %v", method, median, p95, most)
		// The budgets are a millisecond, and the picture's 100; a test among others that takes the machine's cores only sees what is badly wrong.
		limit := 50 * time.Millisecond
		if method == protocol.MethodTextDocumentHover {
			limit = 250 * time.Millisecond
		}
		if p95 > limit && !testing.Short() {
			t.Errorf("%s: p95 %v", method, p95)
		}
	}
	// What can be judged is, behind all of it: the newest page comes first.
	const last = "_posts/2024-05-01-last.md"
	c.openText(last, "---\ntitle: Last\n---\n\n$$\\definecolor{mine}{rgb}{1,2}\\color{mine}z$$\n")
	for found := false; !found; {
		<-c.refreshed
		c.mu.Lock()
		for _, d := range c.published[c.uri(last)] {
			found = found || strings.Contains(fmt.Sprint(d.Message), "require 3 numbers")
		}
		c.mu.Unlock()
	}
	highest = max(highest, resident())
	t.Logf("resident: %d MB before, at most %d MB", start>>20, highest>>20)
	if highest > 600<<20 && !testing.Short() {
		t.Errorf("%d MB", highest>>20)
	}
}

// doubts are the formulas of open posts that MathJax is to judge.
func (c *client) doubts() (out []site.Doubt) {
	for _, s := range c.session.work.Sites() {
		for name := range c.docs {
			if f := s.Now().Facts(site.Path(name)); f != nil {
				out = append(out, f.Doubts...)
			}
		}
	}
	return out
}

// unjudged counts those of which nothing has been said yet.
func (c *client) unjudged() (n int) {
	state := c.session.work.Sites()[0].Now()
	for _, d := range c.doubts() {
		if !d.Said && state.Verdict(d.Key) == nil {
			n++
		}
	}
	return n
}

// trapPosts are posts full of formulas that MathJax chokes on, and of slips.
func trapPosts(mutants int) map[string]string {
	head := "---\ntitle: Trap\n---\n\n"
	traps := []string{
		strings.Repeat("{", 5000) + "x" + strings.Repeat("}", 5000),
		`\def\a{\a\a}\a`,
		`\newcommand{\b}[1]{\b{#1#1}}\b{x}`,
		`\begin{pmatrix}` + strings.Repeat(strings.Repeat("1&", 99)+`1\\`, 100) + `\nosuch\end{pmatrix}`,
		strings.Repeat(`\left(`, 3000) + strings.Repeat(`\right)`, 3000),
		strings.Repeat(`\frac{1}{`, 2000) + "x" + strings.Repeat("}", 2000),
	}
	out := map[string]string{}
	for i, trap := range traps {
		out[fmt.Sprintf("_posts/2024-04-%02d-trap.md", i+1)] = head + "$$" + trap + "$$\n\nText $$\\text{a}^{b}\\undefinedhere$$ and $$\\definecolor{c}{rgb}{1}\\color{c}z$$.\n"
	}
	random := rand.New(rand.NewPCG(1, 9))
	const formula = `\left\langle \frac{a_{i}}{\sqrt[n]{b}}, \begin{matrix} c & d \\ e & f \end{matrix} \right\rangle^{2}`
	per := max(mutants/4, 1)
	for k := range 4 {
		var b strings.Builder
		b.WriteString(head)
		for i := range per {
			at := random.IntN(len(formula))
			for formula[at] == '{' || formula[at] == '}' { // the search for formulas would stumble upon it
				at = random.IntN(len(formula))
			}
			fmt.Fprintf(&b, "$$\\bbox[border:%dpx solid red]{%s}$$\n\n", i, formula[:at]+formula[at+1:])
		}
		out[fmt.Sprintf("_posts/2024-04-%02d-mutants.md", 20+k)] = b.String()
	}
	return out
}

// resident is how much memory the process holds, in bytes; 0 where that cannot
// be known.
func resident() int {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}
