package kramdown

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scholium/analysis/text"
)

// checkFlow fails where a flow is not what it promises to be.
func checkFlow(t *testing.T, tree *Tree) *text.Flow {
	t.Helper()
	f := tree.Flow()
	at := 0
	for _, p := range f.Pieces {
		if p.Out.Start != at || p.Out.Len() <= 0 {
			t.Fatalf("%q: a piece begins at %d, want %d", tree.Source, p.Out.Start, at)
		}
		at = p.Out.End
		if p.Src.Start < 0 || p.Src.End < p.Src.Start || p.Src.End > len(tree.Source) {
			t.Fatalf("%q: piece %v is not in the source", tree.Source, p)
		}
		if p.Exact && p.Src.Of(tree.Source) != p.Out.Of(f.Text) {
			t.Fatalf("%q: piece %v is %q, in the source %q", tree.Source, p, p.Out.Of(f.Text), p.Src.Of(tree.Source))
		}
	}
	if at != len(f.Text) {
		t.Fatalf("%q: the pieces end at %d of %d", tree.Source, at, len(f.Text))
	}
	at = 0
	for _, m := range f.Marks {
		if m.At < at || m.At > len(f.Text) || m.Src.Start < 0 || m.Src.End < m.Src.Start || m.Src.End > len(tree.Source) {
			t.Fatalf("%q: mark %v", tree.Source, m)
		}
		at = m.At
	}
	return f
}

// checkSpans fails where a span lies outside the source, or an attribute's
// span does not hold its value.
func checkSpans(t *testing.T, tree *Tree) {
	t.Helper()
	inside := func(s text.Span) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= len(tree.Source) }
	tree.Walk(func(n *Node, _ int) bool {
		if !inside(n.Span) || !inside(n.Inner) {
			t.Fatalf("%q: node %d has spans %v, %v", tree.Source, n.Kind, n.Span, n.Inner)
		}
		for _, a := range n.Attr {
			if !inside(a.Span) {
				t.Fatalf("%q: attribute %v", tree.Source, a)
			}
		}
		return true
	})
}

// TestOrigins puts U+E000 in the place of one letter of the source after the
// other, renders with the real kramdown, and looks where it is in the page.
func TestOrigins(t *testing.T) {
	r := newReferee(t, release{version: "2.4.0"})
	var texts []string
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		texts = append(texts, randomDocument(rnd, 30))
	}
	letters := 2
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_LETTERS")); err == nil {
		letters = n
	}
	if os.Getenv("SCHOLIUM_CORPUS") != "" {
		posts := corpus(t)
		for _, s := range posts {
			if len(s) < 20000 {
				texts = append(texts, s)
			}
		}
		slices.Sort(texts)
	}
	tried, same := 0, 0
	for _, source := range texts {
		tree := Parse(source, GFM())
		f := checkFlow(t, tree)
		checkSpans(t, tree)
		for range letters {
			at := rnd.IntN(len(tree.Source))
			if !isLetter(tree.Source[at]) {
				continue
			}
			tried++
			changed := tree.Source[:at] + "\ue000" + tree.Source[at+1:]
			html, ok := r.html(changed, jekyllOptions)
			if !ok {
				continue
			}
			page := pageText(html)
			if strings.ReplaceAll(page, "\ue000", tree.Source[at:at+1]) != f.Text {
				continue // the letter meant something
			}
			same++
			var want, got []int
			for _, p := range f.Pieces {
				if p.Exact && p.Src.Start <= at && at < p.Src.End {
					want = append(want, p.Out.Start+at-p.Src.Start)
				}
			}
			for i := 0; ; {
				k := strings.Index(page[i:], "\ue000")
				if k < 0 {
					break
				}
				got = append(got, i+k-2*len(got))
				i += k + 3
			}
			got = slices.DeleteFunc(got, func(i int) bool {
				p := f.Pieces[f.Pieces.At(i)] // within what was made of a construct that holds the letter
				return !p.Exact && p.Src.Start <= at && at < p.Src.End
			})
			if !slices.Equal(got, want) {
				t.Errorf("%q at %d of %q: in the page at %v, want %v", source[at:at+1], at, around(source, at), got, want)
			}
		}
	}
	t.Logf("%d letters, %d of them compared", tried, same)
	if same < tried/2 {
		t.Errorf("only %d of %d letters could be compared", same, tried)
	}
}

func around(s string, i int) string { return s[max(0, i-40):min(len(s), i+40)] }

// pageText returns the text of the referee's HTML.
func pageText(html string) string {
	f := &flower{s: html, in: text.Pieces{{Out: text.Span{End: len(html)}}}, flow: &text.Flow{}}
	f.read()
	return f.out.String()
}
