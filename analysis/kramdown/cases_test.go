package kramdown

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/cases.json anew, as the referee has it")

// TestCases compares the small documents of testdata/cases.txt with what the
// referee made of them, kept in cases.json, and that with the referee.
func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n@@\n")
	kept := map[string][]string{}
	if b, err := os.ReadFile("testdata/cases.json"); err == nil {
		if err := json.Unmarshal(b, &kept); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath("ruby"); err == nil || os.Getenv("CI") == "true" {
		r := newReferee(t)
		for _, reading := range readings {
			var all []string
			for _, source := range cases {
				html, ok := r.html(source, reading.options)
				if !ok {
					html = "the referee fails"
				}
				all = append(all, html)
			}
			if *update {
				kept[reading.name] = all
				continue
			}
			for k, want := range all {
				if k >= len(kept[reading.name]) || kept[reading.name][k] != want {
					t.Errorf("%s: cases.json is stale for %q: go test -update", reading.name, cases[k])
				}
			}
		}
	}
	if *update {
		b, err := json.MarshalIndent(kept, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/cases.json", append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, reading := range readings {
		if len(kept[reading.name]) != len(cases) {
			t.Fatalf("%s: %d results for %d cases", reading.name, len(kept[reading.name]), len(cases))
		}
		for k, source := range cases {
			want := kept[reading.name][k]
			if want == "the referee fails" {
				continue
			}
			tree := Parse(source, reading.own())
			if got := tree.HTML(); got != want {
				t.Errorf("%s: %q\n got %q\nwant %q", reading.name, source, got, want)
			}
			checkFlow(t, tree)
			checkSpans(t, tree)
		}
	}
}
