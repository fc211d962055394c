package kramdown

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// A release is one that is followed, with the folder of its library where it
// is not the machine's own.
type release struct{ version, lib string }

// eachRelease runs a test with the referee of each release.
func eachRelease(t *testing.T, f func(t *testing.T, r *referee)) {
	for _, rel := range []release{{"2.4.0", ""}, {"2.5.1", os.Getenv("SCHOLIUM_KRAMDOWN25")}} {
		t.Run(rel.version, func(t *testing.T) { f(t, newReferee(t, rel)) })
	}
}

// A referee is the real kramdown, in one process for a whole test.
type referee struct {
	t       testing.TB
	version string
	in      io.WriteCloser
	out     *bufio.Scanner
}

func newReferee(t testing.TB, rel release) *referee {
	t.Helper()
	missing := func(why string) {
		t.Helper()
		if os.Getenv("CI") == "true" {
			t.Fatalf("the referee kramdown %s is missing: %s", rel.version, why)
		}
		t.Skipf("the referee kramdown %s is missing: %s (Debian: ruby-kramdown, ruby-kramdown-parser-gfm)", rel.version, why)
	}
	args := []string{"-Ku", "testdata/referee.rb"}
	if rel.version != "2.4.0" {
		if rel.lib == "" {
			missing("SCHOLIUM_KRAMDOWN25 names no folder with its library")
		}
		args = append([]string{"-I", rel.lib}, args...)
	}
	cmd := exec.Command("ruby", args...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	in, err := cmd.StdinPipe()
	if err != nil {
		missing(err.Error())
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		missing(err.Error())
	}
	if err := cmd.Start(); err != nil {
		missing(err.Error())
	}
	r := &referee{t, rel.version, in, bufio.NewScanner(out)}
	r.out.Buffer(nil, 1<<26)
	if !r.out.Scan() {
		missing("ruby cannot load kramdown")
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	var hello struct{ Version string }
	if err := json.Unmarshal(r.out.Bytes(), &hello); err != nil || hello.Version[:3] != rel.version[:3] {
		missing("there is kramdown " + hello.Version)
	}
	return r
}

// own returns the options of a reading, for the release of the referee.
func (r *referee) own(in reading) Options {
	o := in.own()
	o.Version = r.version
	return o
}

// parse reads text as the referee is asked to.
func (r *referee) parse(text string, in reading) *Tree { return Parse(text, r.own(in)) }

// html renders text. It returns false where kramdown fails or takes too long.
func (r *referee) html(text string, options map[string]any) (string, bool) {
	r.t.Helper()
	html, _, ok := r.timed(text, options)
	return html, ok
}

// timed is html, with the seconds that kramdown itself took.
func (r *referee) timed(text string, options map[string]any) (string, float64, bool) {
	r.t.Helper()
	request, err := json.Marshal(map[string]any{"text": text, "options": options})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.in.Write(append(request, '\n')); err != nil {
		r.t.Fatal(err)
	}
	if !r.out.Scan() {
		r.t.Fatal("the referee has ended")
	}
	var answer struct {
		HTML, Error string
		Seconds     float64
	}
	if err := json.Unmarshal(r.out.Bytes(), &answer); err != nil {
		r.t.Fatal(err)
	}
	return answer.HTML, answer.Seconds, answer.Error == ""
}

// The options of the two inputs, for the referee.
var (
	kramdownOptions = map[string]any{"input": "kramdown"}
	jekyllOptions   = map[string]any{"input": "GFM", "hard_wrap": false, "auto_ids": true, "footnote_nr": 1,
		"entity_output": "as_char", "toc_levels": []int{1, 2, 3, 4, 5, 6}, "smart_quotes": "lsquo,rsquo,ldquo,rdquo"}
)

// A reading is a way to read a document, for both.
type reading struct {
	name    string
	options map[string]any
	own     func() Options
}

// with returns o with options set by their text.
func with(o Options, pairs ...string) func() Options {
	for k := 0; k < len(pairs); k += 2 {
		if problem := Set(&o, pairs[k], pairs[k+1]); problem != "" {
			panic(problem)
		}
	}
	return func() Options { return o }
}

var readings = []reading{
	{"kramdown", kramdownOptions, Defaults},
	{"GFM", jekyllOptions, GFM},
	{"seldom", map[string]any{"input": "GFM", "hard_wrap": true, "parse_block_html": true, "footnote_backlink_inline": true,
		"remove_line_breaks_for_cjk": true, "math_engine": nil, "entity_output": "symbolic", "gfm_quirks": "no_auto_typographic",
		"header_offset": 2, "header_links": true, "toc_levels": "2..3", "auto_id_prefix": "p-", "footnote_nr": 5, "footnote_prefix": "q-"},
		with(GFM(), "hard_wrap", "true", "parse_block_html", "true", "footnote_backlink_inline", "true",
			"remove_line_breaks_for_cjk", "true", "math_engine", "nil", "entity_output", ":symbolic", "gfm_quirks", "no_auto_typographic",
			"header_offset", "2", "header_links", "true", "toc_levels", "2..3", "auto_id_prefix", "p-", "footnote_nr", "5", "footnote_prefix", "q-")},
	{"rare", map[string]any{"input": "kramdown", "auto_id_stripping": true, "parse_span_html": false, "entity_output": "numeric",
		"smart_quotes": "39,apos,laquo,quot", "typographic_symbols": map[string]string{"hellip": "...", "ndash": "<--"},
		"auto_ids": false, "footnote_backlink": "", "footnote_link_text": "<%s> %%", "link_defs": map[string][]string{"k": {"/k", "t"}, "R s": {"x y"}}},
		with(Defaults(), "auto_id_stripping", "true", "parse_span_html", "false", "entity_output", "numeric",
			"smart_quotes", "39,apos,laquo,quot", "typographic_symbols", "{hellip: ..., ndash: <--}",
			"auto_ids", "false", "footnote_backlink", "", "footnote_link_text", "<%s> %%", "link_defs", "{k: [/k, t], R s: [x y]}")},
	{"native", map[string]any{"input": "GFM", "hard_wrap": false, "html_to_native": true, "entity_output": "as_input"},
		with(GFM(), "html_to_native", "true", "entity_output", "as_input")},
}
