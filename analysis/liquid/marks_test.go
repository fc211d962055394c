package liquid

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"scholium/analysis/text"
)

func TestMarks(t *testing.T) {
	doc := `{% if a == "x" %}{% raw %}{{ no }}{% endraw %}{%- include f.html src="p.png" alt=page.title -%}{{ b | append: 'c' }}{% endif %}` +
		`{% comment %}{% comment %}{% if %}{% endcomment %}{{ no }}{% endcomment %}{% own %}{% for %}{% endown %}{% endfor %}`
	var got []string
	marks := Marks(doc, 0)
	for _, m := range marks {
		s := m.Span.Of(doc)
		if m.End > 0 {
			s = marks[m.End].NameSpan.Of(doc)
		}
		for _, p := range m.Params {
			s += " " + p.NameSpan.Of(doc) + ":" + p.ValueSpan.Of(doc)
		}
		for _, w := range m.Words(doc) {
			s += " " + string("vlfp"[w.Kind]) + "<" + w.Span.Of(doc) + ">"
		}
		got = append(got, s)
	}
	want := []string{
		`endif v<a> l<"x">`, `endraw`, `{% endraw %}`,
		`{%- include f.html src="p.png" alt=page.title -%} src:p.png alt:page.title v<f.html> p<src> l<"p.png"> p<alt> v<page.title>`,
		`{{ b | append: 'c' }} v<b> f<append> l<'c'>`, `{% endif %}`, `endcomment`, `{% endcomment %}`, `endown`, `{% for %}`, `{% endown %}`, `{% endfor %}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestMarksOfAnything reads what nobody would write: marks follow each other,
// what they hold lies in them, and blocks end behind where they begin.
func TestMarksOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"{% ", "%}", "{%-", "-%}", "{{", "}}", "if", "endif", "raw", "endraw", "comment", "endcomment", "liquid", "include", " a.html", ` b="c"`, "|", "'", " ", "\n", "x", "𝔼", "endx",
		})).Draw(t, "doc"), "")
		at := 0
		marks := Marks(doc, 0)
		for i := range marks {
			m := &marks[i]
			if m.Span.Start < at || m.Span.End > len(doc) || m.End != 0 && m.End <= i || m.End >= len(marks) {
				t.Fatalf("%q: %+v", doc, m)
			}
			at = m.Span.End
			parts := []text.Span{m.NameSpan, m.Markup, m.File}
			for _, w := range m.Words(doc) {
				parts = append(parts, w.Span)
			}
			for _, p := range m.Params {
				parts = append(parts, p.NameSpan, p.ValueSpan)
			}
			for _, p := range parts {
				if (p != text.Span{}) && (!m.Span.Covers(p) || p.End < p.Start) {
					t.Fatalf("%q: %+v of %+v", doc, p, m)
				}
			}
		}
	})
}
