package main

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the README's picture anew")

// TestPicture keeps the README's picture what the program prints for the
// example site.
func TestPicture(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(root, "testdata", "sites", "example"))
	var out bytes.Buffer
	if code := run([]string{"check"}, streams{nil, &out, &out}); code != exitProblems {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	got := draw("$ scholium check", strings.Split(strings.TrimRight(out.String(), "\n"), "\n"))
	golden := filepath.Join(root, "testdata", "picture", "check.svg")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("the picture is not what check prints: go test ./cmd/scholium -run Picture -update, and look at it")
	}
}

// draw makes a picture of a terminal.
func draw(command string, lines []string) string {
	const size, step, margin, columns = 13, 18, 16, 118
	var b strings.Builder
	height := (len(lines)+1)*step + 2*margin
	width := columns*size*602/1000 + 2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<title>scholium check on the example site</title><rect width="100%%" height="100%%" rx="8" fill="#1e1e2e"/>`+"\n")
	fmt.Fprintf(&b, `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="%d" fill="#cdd6f4" style="white-space: pre">`+"\n", size)
	y := margin + size
	text := func(fill, s string) {
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", margin, y, fill, letters(s))
		y += step
	}
	text("#a6e3a1", command)
	color := "#cdd6f4"
	for _, l := range lines {
		if r := []rune(l); len(r) > columns {
			l = string(r[:columns-1]) + "…"
		}
		switch {
		case strings.Contains(l, ": error: "):
			color = "#f38ba8"
		case strings.Contains(l, ": warning: "):
			color = "#f9e2af"
		case strings.Contains(l, ": hint: "):
			color = "#94e2d5"
		}
		switch {
		case strings.Contains(l, "^") && strings.HasPrefix(l, "      |"):
			text(color, l)
		case strings.Contains(l, ".md:"):
			at := strings.Index(l, ": ")
			end := at + strings.Index(l[at+2:], ":") + 2
			fmt.Fprintf(&b, `<text x="%d" y="%d">%s: <tspan fill="%s">%s</tspan>%s</text>`+"\n", margin, y, letters(l[:at]), color, letters(l[at+2:end]), letters(l[end:]))
			y += step
		case strings.Contains(l, " | "):
			text("#bac2de", l)
		default:
			text("#cdd6f4", l)
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// letters is a text in an SVG. Its blanks do not break: browsers run others together.
func letters(s string) string { return strings.ReplaceAll(html.EscapeString(s), " ", "\u00a0") }
