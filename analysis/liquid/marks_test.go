package liquid

import (
	"strings"
	"testing"
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
