//go:build unix

package editors

import (
	"context"
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "draw the README's pictures of editors anew")

// TestPictures keeps the README's pictures of the editors of a terminal what
// they show on the example site, one reference of which is misspelt.
func TestPictures(t *testing.T) {
	d := newDesk(t)
	need(t, "tmux")
	picture := func(name string, take func(*testing.T) (*terminal, string)) {
		t.Run(name, func(t *testing.T) {
			d.fresh(t)
			file := filepath.Join(d.site, evidence)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = []byte(strings.Replace(string(text), "in \\eqref{eq:positive}", "in \\eqref{eq:positve}", 1))
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
			term, title := take(t)
			d.keep(t, term, name, title)
		})
	}
	picture("neovim", func(t *testing.T) (*terminal, string) {
		nvim := unpacked(t, "nvim0.10")
		if run := d.start(t, nil, "sh", "-ec", "cd '"+here(t, "..")+"'\n"+neovimInstall); run.code != 0 {
			t.Fatalf("installing the plugin:\n%s", run.out)
		}
		// Neovim starts itself again for its screen, which it cannot where it runs by another release's loader: so here
		// it is started without one, and a screen comes to it.
		dir, err := os.MkdirTemp("", "nvim") // a socket's name must be short
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		socket := filepath.Join(dir, "s")
		headless := exec.CommandContext(t.Context(), nvim, "--headless", "--listen", socket, "-n", "-i", "NONE",
			"-c", "set termguicolors nowrap noshowcmd noruler", evidence)
		headless.Dir, headless.Env = d.site, d.env("tmux-256color")
		if err := headless.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { headless.Wait() })
		if !until(longest, func() bool { _, err := os.Stat(socket); return err == nil }) {
			t.Fatal("Neovim does not listen")
		}
		term := d.terminal(t, longest, 150, 30, nvim, "--server", socket, "--remote-ui")
		term.sees("(2)")
		term.write("12Gzt")
		term.sees("The reader sees", "(2) as")
		term.write(":call search('eq:gap} as')")
		term.press("Enter")
		term.write("K")
		term.sees("log p(x) − ℒ(q) = D")
		return term, "Neovim 0.10: an equation under the cursor"
	})
	picture("emacs", func(t *testing.T) (*terminal, string) {
		emacs := unpacked(t, "emacs30")
		dir := filepath.Join(d.home, ".emacs.d")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		init := strings.ReplaceAll(emacsInit, "/path/to/this/repository", here(t, ".."))
		if err := os.WriteFile(filepath.Join(dir, "init.el"), []byte(init), 0o644); err != nil {
			t.Fatal(err)
		}
		// The minibuffer is no taller than what it shows: Eglot greets with two lines, sooner or later.
		term := d.terminal(t, longest, 118, 40, emacs, "-nw", "--no-splash", "--eval",
			`(progn (load-theme 'modus-vivendi) (menu-bar-mode -1) (setq native-comp-jit-compilation nil global-mode-string nil resize-mini-windows t
				mode-line-format '(" " mode-line-buffer-identification " " mode-line-position flymake-mode-line-format)) (setq-default mode-line-format mode-line-format truncate-lines t))`,
			"+29:200", evidence) // the end of the line: no name is there whose places are highlighted, or not yet
		term.sees("!!The bound", "(2) as")
		term.press("M-x")
		term.write("scholium-insert-reference")
		term.press("Enter")
		term.sees("Reference to:")
		term.press("Tab", "Tab")
		term.sees("(2)  log p(x) − ℒ(q) = D", "(3)  ≥ 0.")
		return term, "Emacs 30: choosing an equation to refer to"
	})
	picture("helix", func(t *testing.T) (*terminal, string) {
		hx := unpacked(t, "hx")
		d.installHelix(t, hx)
		h := &helix{terminal: d.terminal(t, longest, 118, 34, hx, mistakes), d: d, file: filepath.Join(d.site, mistakes)}
		h.sees("●  10", "●  32", "(1)")
		h.selects("[^Everybody]", "Everybody")
		h.write(" a")
		h.sees("Replace by everybody")
		return h.terminal, "Helix 25.01: mending a footnote"
	})
}

// TestPicturesInBrowser shows the README's drawn pictures in a browser: no letter
// of theirs is lost, not even a blank, which would move all behind it.
func TestPicturesInBrowser(t *testing.T) {
	need(t, "chromium")
	files, err := filepath.Glob("../testdata/picture/*.svg")
	if err != nil || len(files) < 4 {
		t.Fatalf("%q, %v", files, err)
	}
	var page strings.Builder
	page.WriteString("<!doctype html><meta charset=utf-8><body>\n")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		page.Write(data)
	}
	page.WriteString(`<script>
		const all = [...document.querySelectorAll('text')];
		const lost = all.filter((text) => text.getNumberOfChars() !== text.textContent.length);
		document.body.textContent = ['seen', all.length, 'lost', lost.length, ...lost.map((text) => text.textContent)].join(' ');
	</script>`)
	dir := t.TempDir()
	file := filepath.Join(dir, "pictures.html")
	if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "user"), "--dump-dom", "file://"+file).Output()
	if err != nil || !strings.Contains(string(out), " lost 0<") || strings.Contains(string(out), "seen 0 ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// sees ends the test where the screen does not come to hold some texts.
func (term *terminal) sees(texts ...string) {
	term.t.Helper()
	if !term.shows(texts...) {
		term.t.Fatalf("want %q on the screen:\n%s", texts, term.screen())
	}
}

// keep wants the screen to become the picture that is kept under a name.
func (d *desk) keep(t *testing.T, term *terminal, name, title string) {
	t.Helper()
	golden := filepath.Join("..", "testdata", "picture", name+".svg")
	draw := func() string {
		out, err := term.tmux("capture-pane", "-p", "-e", "-N")
		if err != nil {
			t.Fatalf("tmux: %v\n%s", err, out)
		}
		return drawScreen(title, strings.Split(strings.TrimRight(out, "\n"), "\n"))
	}
	if *update {
		// What moves is not finished.
		last, same := "", 0
		until(longest, func() bool {
			now := draw()
			if now == last {
				same++
			} else {
				last, same = now, 0
			}
			return same > 50
		})
		if err := os.WriteFile(golden, []byte(last), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	if !until(longest, func() bool { got = draw(); return got == string(want) }) {
		t.Errorf("%s shows something else than its picture: go test ./editors -run Pictures -update, and look at it\n%s\n%s", name, term.screen(),
			cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n"))) // as text the two may be the same
	}
}

// A pen is how letters are drawn in a terminal.
type pen struct {
	fore, back               string
	bold, italic, dim        bool
	underline, strike, turns bool
	line                     string // the colour of what underlines, if not the letters'
}

const paper, ink = "#1e1e2e", "#cdd6f4"

// drawScreen makes a picture of a screen, whose lines have a terminal's escape
// sequences for colours.
func drawScreen(title string, lines []string) string {
	const size, step, margin, unit = 13, 17, 12, 7.83
	var b strings.Builder
	columns := 0
	var body strings.Builder
	p := pen{}
	for row, line := range lines {
		column := 0
		for line != "" {
			if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
				codes, after, _ := strings.Cut(rest, "m")
				p.take(codes)
				line = after
				continue
			}
			text := line
			if at := strings.IndexByte(line, 0x1b); at >= 0 {
				text = line[:at]
			}
			line = line[len(text):]
			if text == "" {
				break // a sequence of another kind
			}
			width := 0
			for _, r := range text {
				if !unicode.Is(unicode.Mn, r) {
					width++
				}
			}
			p.draw(&body, text, margin+float64(column)*unit, margin+row*step, float64(width)*unit)
			column += width
		}
		columns = max(columns, column)
	}
	w, h := int(float64(columns)*unit)+2*margin, len(lines)*step+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, `<title>%s</title><rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", html.EscapeString(title), paper)
	fmt.Fprintf(&b, `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="%d" fill="%s" style="white-space: pre">`+"\n", size, ink)
	b.WriteString(body.String())
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// draw draws some text of one pen, with its upper left corner at x and y.
func (p *pen) draw(b *strings.Builder, text string, x float64, y int, width float64) {
	fore, back := p.fore, p.back
	if p.turns {
		fore, back = back, fore
		if fore == "" {
			fore = paper
		}
		if back == "" {
			back = ink
		}
	}
	if back != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="17" fill="%s"/>`+"\n", x, y, width, back)
	}
	blank := strings.TrimSpace(text) == ""
	if blank && !p.underline {
		return
	}
	if p.underline {
		line := p.line
		if line == "" {
			line = fore
		}
		if line == "" {
			line = ink
		}
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="1.3" fill="%s"/>`+"\n", x, y+14, width, line)
	}
	if blank {
		return
	}
	attributes := ""
	if fore != "" {
		attributes += ` fill="` + fore + `"`
	}
	if p.bold {
		attributes += ` font-weight="bold"`
	}
	if p.italic {
		attributes += ` font-style="italic"`
	}
	if p.dim {
		attributes += ` opacity="0.7"`
	}
	if p.strike {
		attributes += ` text-decoration="line-through"`
	}
	letters := strings.ReplaceAll(html.EscapeString(text), " ", "\u00a0") // browsers run other blanks together
	fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n", x, y+12, width, attributes, letters)
}

// take follows the codes of an escape sequence (ECMA-48, SGR).
func (p *pen) take(codes string) {
	list := strings.Split(strings.ReplaceAll(codes, ":", ";"), ";")
	if strings.HasPrefix(codes, "4:") {
		p.underline = codes != "4:0" // a kind of underline
		return
	}
	number := func(i int) int {
		if i >= len(list) {
			return 0
		}
		n, _ := strconv.Atoi(list[i])
		return n
	}
	for i := 0; i < len(list); i++ {
		switch n := number(i); {
		case n == 0:
			*p = pen{}
		case n == 1:
			p.bold = true
		case n == 2:
			p.dim = true
		case n == 3:
			p.italic = true
		case n == 4:
			p.underline = true
		case n == 7:
			p.turns = true
		case n == 9:
			p.strike = true
		case n == 22:
			p.bold, p.dim = false, false
		case n == 23:
			p.italic = false
		case n == 24:
			p.underline = false
		case n == 27:
			p.turns = false
		case n == 29:
			p.strike = false
		case n >= 30 && n <= 37:
			p.fore = palette(n - 30)
		case n == 39:
			p.fore = ""
		case n >= 40 && n <= 47:
			p.back = palette(n - 40)
		case n == 49:
			p.back = ""
		case n == 59:
			p.line = ""
		case n >= 90 && n <= 97:
			p.fore = palette(n - 90 + 8)
		case n >= 100 && n <= 107:
			p.back = palette(n - 100 + 8)
		case n == 38 || n == 48 || n == 58:
			color := ""
			if number(i+1) == 5 {
				color = palette(number(i + 2))
				i += 2
			} else if number(i+1) == 2 {
				if i+5 < len(list) && list[i+2] == "" { // 58:2::r:g:b names a colour space
					i++
				}
				color = fmt.Sprintf("#%02x%02x%02x", number(i+2), number(i+3), number(i+4))
				i += 4
			}
			switch n {
			case 38:
				p.fore = color
			case 48:
				p.back = color
			default:
				p.line = color
			}
		}
	}
}

// palette returns one of a terminal's 256 colours.
func palette(n int) string {
	named := []string{
		"#11111b", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#f5c2e7", "#94e2d5", "#bac2de",
		"#585b70", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#f5c2e7", "#94e2d5", "#a6adc8",
	}
	switch {
	case n < 16:
		return named[max(n, 0)]
	case n < 232:
		level := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	default:
		grey := 8 + 10*(min(n, 255)-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
}
