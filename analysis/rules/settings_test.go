package rules

import (
	"testing"

	"scholium/analysis/site"
)

func TestSettings(t *testing.T) {
	s := ReadSettings(site.NewSource(".scholium.yml", "rules:\n  unused-footnote: off\n  broken-anchor: error\n  raw-tex: on\nexclude: [old/, '*.draft.md']\n"))
	if len(s.Problems) != 0 {
		t.Fatalf("%+v", s.Problems)
	}
	got := s.Apply([]site.Problem{{Code: "unused-footnote", Severity: site.Hint}, {Code: "broken-anchor", Severity: site.Warning}, {Code: "raw-tex", Severity: site.Error}})
	if len(got) != 2 || got[0].Severity != site.Error || got[1].Severity != site.Error {
		t.Errorf("%+v", got)
	}
	for p, want := range map[site.Path]bool{"old/a.md": true, "x.draft.md": true, "older/a.md": false, "a.md": false} {
		if s.Excludes(p) != want {
			t.Errorf("Excludes(%s) = %v", p, !want)
		}
	}
}

func FuzzSettings(f *testing.F) {
	for _, s := range []string{"rules: {a: b}", "exclude: ['[', x]", "rules: [x]", "a: b: c", "- x", "", "rules:\n  raw-tex: &a [*a]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		for _, p := range ReadSettings(site.NewSource(".scholium.yml", doc)).Problems {
			if p.At.Span.Start < 0 || p.At.Span.End > len(doc) || p.Message == "" {
				t.Fatalf("%+v of %q", p, doc)
			}
		}
	})
}
