package kramdown

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/cases.json anew, as the referee has it")

// TestCases compares the small documents of testdata/cases.txt with what the
// referees made of them, and that with the referees. cases.json has what 2.4
// prints, cases25.json what 2.5 prints otherwise.
func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n@@\n")
	kept := keptAnswers(t, "testdata/cases.json")
	kept25 := keptAnswers(t, "testdata/cases25.json")
	answer := func(version string, in reading, source string) (string, bool) {
		if html, ok := kept25[in.name][source]; ok && version != "2.4.0" {
			return html, true
		}
		html, ok := kept[in.name][source]
		return html, ok
	}
	eachRelease(t, func(t *testing.T, r *referee) {
		for _, in := range readings {
			all := map[string]string{}
			for _, source := range cases {
				html, ok := r.html(source, in.options)
				if !ok {
					html = refereeFails
				}
				if was, ok := answer(r.version, in, source); !*update && (!ok || was != html) {
					t.Errorf("%s: the answer kept for %q is stale: go test -update", in.name, source)
				}
				if r.version == "2.4.0" || html != kept[in.name][source] {
					all[source] = html
				}
			}
			if *update && r.version == "2.4.0" {
				kept[in.name] = all
			} else if *update {
				kept25[in.name] = all
			}
		}
	})
	if *update {
		keep(t, "testdata/cases.json", kept)
		keep(t, "testdata/cases25.json", kept25)
	}
	for _, version := range []string{"2.4.0", "2.5.1"} {
		for _, in := range readings {
			for _, source := range cases {
				want, ok := answer(version, in, source)
				if !ok {
					t.Errorf("%s: no answer is kept for %q", in.name, source)
				}
				if !ok || want == refereeFails {
					continue
				}
				o := in.own()
				o.Version = version
				tree := Parse(source, o)
				if got := tree.HTML(); got != want {
					t.Errorf("%s, %s: %q\n got %q\nwant %q", version, in.name, source, got, want)
				}
				checkFlow(t, tree)
				checkSpans(t, tree)
			}
		}
	}
}

const refereeFails = "the referee fails"

// keptAnswers reads answers by reading and document.
func keptAnswers(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	kept := map[string]map[string]string{}
	b, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, &kept)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	return kept
}

func keep(t *testing.T, name string, kept map[string]map[string]string) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(kept)
	if err == nil {
		err = os.WriteFile(name, b.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
