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

// An input2 is one of kramdown's two inputs with its options.
type input2 struct {
	name    string
	options map[string]any
	own     func() Options
}

var inputs = []input2{{"kramdown", kramdownOptions, Defaults}, {"GFM", jekyllOptions, GFM}}
