package kramdown

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// A referee is the real kramdown, in one process for a whole test.
type referee struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

func newReferee(t *testing.T) *referee {
	t.Helper()
	missing := func(why string) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the referee is missing: %s", why)
		}
		t.Skipf("the referee is missing: %s (Debian: ruby-kramdown, ruby-kramdown-parser-gfm)", why)
	}
	cmd := exec.Command("ruby", "-Ku", "testdata/referee.rb")
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
	r := &referee{t, in, bufio.NewScanner(out)}
	r.out.Buffer(nil, 1<<26)
	if !r.out.Scan() {
		missing("ruby cannot load kramdown")
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return r
}

// html renders text. It returns false where kramdown fails or takes too long.
func (r *referee) html(text string, options map[string]any) (string, bool) {
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
	var answer struct{ HTML, Error string }
	if err := json.Unmarshal(r.out.Bytes(), &answer); err != nil {
		r.t.Fatal(err)
	}
	return answer.HTML, answer.Error == ""
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
		"header_offset": 2, "toc_levels": "2..3", "auto_id_prefix": "p-", "footnote_nr": 5, "footnote_prefix": "q-"},
		with(GFM(), "hard_wrap", "true", "parse_block_html", "true", "footnote_backlink_inline", "true",
			"remove_line_breaks_for_cjk", "true", "math_engine", "nil", "entity_output", ":symbolic", "gfm_quirks", "no_auto_typographic",
			"header_offset", "2", "toc_levels", "2..3", "auto_id_prefix", "p-", "footnote_nr", "5", "footnote_prefix", "q-")},
	{"rare", map[string]any{"input": "kramdown", "auto_id_stripping": true, "parse_span_html": false, "entity_output": "numeric",
		"smart_quotes": "39,apos,laquo,quot", "typographic_symbols": map[string]string{"hellip": "...", "ndash": "<--"},
		"auto_ids": false, "footnote_backlink": "", "link_defs": map[string][]string{"k": {"/k", "t"}, "R s": {"x y"}}},
		with(Defaults(), "auto_id_stripping", "true", "parse_span_html", "false", "entity_output", "numeric",
			"smart_quotes", "39,apos,laquo,quot", "typographic_symbols", "{hellip: ..., ndash: <--}",
			"auto_ids", "false", "footnote_backlink", "", "link_defs", "{k: [/k, t], R s: [x y]}")},
	{"native", map[string]any{"input": "GFM", "hard_wrap": false, "html_to_native": true, "entity_output": "as_input"},
		with(GFM(), "html_to_native", "true", "entity_output", "as_input")},
}
