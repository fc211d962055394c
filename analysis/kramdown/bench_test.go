package kramdown

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	gmext "github.com/yuin/goldmark/extension"
	gmtext "github.com/yuin/goldmark/text"
)

// benchmarkTexts are the posts of the corpus or, without it, our own cases.
func benchmarkTexts(b *testing.B) []string {
	b.Helper()
	if os.Getenv("SCHOLIUM_CORPUS") == "" {
		cases, err := os.ReadFile("testdata/cases.txt")
		if err != nil {
			b.Fatal(err)
		}
		return []string{strings.ReplaceAll(string(cases), "\n@@\n", "\n\n")}
	}
	posts := corpus(b)
	var names []string
	for name := range posts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		if strings.Contains(name, "_posts") {
			out = append(out, posts[name])
		}
	}
	return out
}

func total(texts []string) (n int64) {
	for _, s := range texts {
		n += int64(len(s))
	}
	return n
}

func BenchmarkParse(b *testing.B) {
	texts := benchmarkTexts(b)
	b.Run("kramdown", func(b *testing.B) {
		b.SetBytes(total(texts))
		b.ReportAllocs()
		perKB := allocationsPerKB(b, texts)
		for b.Loop() {
			for _, s := range texts {
				Parse(s, GFM())
			}
		}
		perKB()
	})
	b.Run("goldmark", func(b *testing.B) {
		b.SetBytes(total(texts))
		b.ReportAllocs()
		parser := goldmark.New(goldmark.WithExtensions(gmext.GFM, gmext.Footnote)).Parser()
		sources := make([][]byte, len(texts))
		for k, s := range texts {
			sources[k] = []byte(s)
		}
		perKB := allocationsPerKB(b, texts)
		for b.Loop() {
			for _, s := range sources {
				parser.Parse(gmtext.NewReader(s))
			}
		}
		perKB()
	})
	b.Run("real kramdown", func(b *testing.B) {
		r := newReferee(b, release{version: "2.4.0"})
		b.SetBytes(total(texts))
		var seconds float64
		for b.Loop() {
			for _, s := range texts {
				_, took, _ := r.timed(s, jekyllOptions)
				seconds += took
			}
		}
		// Its own parsing and printing alone, without the pipe between.
		b.ReportMetric(float64(total(texts))*float64(b.N)/seconds/1e6, "own-MB/s")
	})
}

// allocationsPerKB counts from now on; the function it returns reports.
func allocationsPerKB(b *testing.B, texts []string) func() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	return func() {
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.Mallocs-before.Mallocs)/(float64(total(texts))*float64(b.N)/1024), "allocs/KB")
	}
}

func BenchmarkHTML(b *testing.B) {
	texts := benchmarkTexts(b)
	var trees []*Tree
	for _, s := range texts {
		trees = append(trees, Parse(s, GFM()))
	}
	b.SetBytes(total(texts))
	for b.Loop() {
		for _, t := range trees {
			t.HTML()
		}
	}
}

func BenchmarkFlow(b *testing.B) {
	texts := benchmarkTexts(b)
	var trees []*Tree
	for _, s := range texts {
		trees = append(trees, Parse(s, GFM()))
	}
	b.SetBytes(total(texts))
	for b.Loop() {
		for _, t := range trees {
			t.Flow()
		}
	}
}
