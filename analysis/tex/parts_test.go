package tex

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"scholium/analysis/text"
)

func TestParts(t *testing.T) {
	for source, want := range map[string][]string{
		`\frac{a}{\bar b}_{i}`: {`command \frac`, `group {a}`, `command \bar`, `group {\bar b}`, `call \frac{a}{\bar b}`, `group {i}`, `call _{i}`},
		`\sqrt[3]{x} [y]`:      {`command \sqrt`, `option [3]`, `group {x}`, `call \sqrt[3]{x}`},
		`\left( a \right\}`:    {`command \left`, `fence \left( a \right\}`, `command \right`},
		"\\begin{array}{cc} a & b \\\\[2pt] c\n\\end{array}": {`command \begin`, `name array`, `group {cc}`, `cell a`, `cell b`, `row a & b`, `command \\`, `command \end`, `name array`,
			"row c", "environment \\begin{array}{cc} a & b \\\\[2pt] c\n\\end{array}"},
		"a % {\n} {b":          {"comment % {"},
		`{\begin{a} } \end{a}`: {`command \begin`, `name a`, `group {\begin{a} }`, `command \end`, `name a`},
	} {
		var got []string
		for _, p := range Parts(source) {
			kind := []string{"command", "call", "group", "option", "fence", "environment", "row", "cell", "name", "comment"}[p.Kind]
			got = append(got, kind+" "+p.Span.Of(source))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", source, strings.Join(got, " | "), strings.Join(want, " | "))
		}
	}
	for _, hostile := range []string{`\begin{`, `{`, `\left(`, `\begin{a}`, `\end{a}`, `}`, `\a[`, `&`, `\begin{a}{`} {
		Parts(strings.Repeat(hostile, 20_000)) // linear: this would not end otherwise
	}
}

// TestPartsOfArguments has ends of cells and rows where an environment's own
// arguments are: they end none.
func TestPartsOfArguments(t *testing.T) {
	for _, source := range []string{`\begin{array}[&]`, `\begin{array}[&]{c}a&b\end{array}`, `\begin{array}{c&c}a\end{array}`} {
		for _, p := range Parts(source) {
			if p.Span.End < p.Span.Start || (p.Kind == CellPart || p.Kind == RowPart) && strings.ContainsAny(p.Span.Of(source), "[]{}") {
				t.Errorf("%q: %+v", source, p)
			}
		}
	}
}

// TestPartsOfAnything reads what nobody would write: every part lies in the
// source, its inside in it, and no character is cut.
func TestPartsOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			`\\`, `\`, "{", "}", "[", "]", "&", "_", "^", "%", "\n", "a", "é", "𝔼", `\begin`, `\end`, "{a}", "{array}", `\left`, `\right`, "*", " ",
		})).Draw(t, "source"), "")
		whole := text.Span{Start: 0, End: len(source)}
		for _, p := range Parts(source) {
			if !whole.Covers(p.Span) || p.Span.End < p.Span.Start || !utf8.ValidString(p.Span.Of(source)) || !utf8.ValidString(p.Inner.Of(source)) {
				t.Fatalf("%q: %+v", source, p)
			}
			if (p.Inner != text.Span{}) && (!p.Span.Covers(p.Inner) || p.Inner.End < p.Inner.Start) {
				t.Fatalf("%q: %+v", source, p)
			}
		}
	})
}
