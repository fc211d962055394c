//go:build unix

package editors

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// helixInstall is what the README says, from this repository's root.
const helixInstall = `mkdir -p ~/.config/helix
cat editors/helix/languages.toml >> ~/.config/helix/languages.toml
`

// helixSettings are those that the README names.
const helixSettings = `[editor]
end-of-line-diagnostics = "hint"

[editor.lsp]
display-inlay-hints = true
`

// TestHelix drives Helix by its keys, in tmux. What it does to a post is looked
// at where it was saved.
func TestHelix(t *testing.T) {
	d := newDesk(t)
	hx := unpacked(t, "hx")
	need(t, "tmux")
	d.installHelix(t, hx)

	steps := d.helixSteps(hx)
	began := time.Now()
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			if wrong := d.helixStep(t, hx, longest, s); wrong != "" {
				t.Error(wrong)
			}
		})
	}
	t.Logf("%d steps in %.1f s", len(steps), time.Since(began).Seconds())
	d.dead(t, func() {
		for _, s := range steps {
			if d.helixStep(t, hx, 500*time.Millisecond, s) == "" {
				t.Errorf("%s: this passes with a dead server", s.name)
			}
		}
	})
}

// installHelix does what the README says.
func (d *desk) installHelix(t *testing.T, hx string) {
	t.Helper()
	readmeSays(t, "### Helix", helixInstall)
	if run := d.start(t, nil, "sh", "-ec", "cd '"+here(t, "..")+"'\n"+helixInstall); run.code != 0 {
		t.Fatalf("installing languages.toml:\n%s", run.out)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```toml\n"+helixSettings+"```") {
		t.Error("the README has other settings for Helix than this test")
	}
	if err := os.WriteFile(filepath.Join(d.home, ".config", "helix", "config.toml"), []byte(helixSettings), 0o644); err != nil {
		t.Fatal(err)
	}
	// Beside what Helix itself has for HTML and YAML, which the blog's are not all of.
	for language, servers := range map[string][]string{
		"markdown": {"scholium"}, "html": {"scholium", "vscode-html-language-server"}, "yaml": {"scholium", "yaml-language-server", "ansible-language-server"},
	} {
		health := d.start(t, nil, hx, "--health", language)
		for _, server := range servers {
			if health.code != 0 || !strings.Contains(health.out, server) {
				t.Errorf("hx --health %s: exit code %d, no %s\n%s", language, health.code, server, health.out)
			}
		}
	}
}

// A helixStep is something an author does in a post. do returns what went
// wrong, or nothing.
type helixStep struct {
	name, file string
	do         func(*helix) string
}

// A helix is Helix in a terminal, with a post of a fresh site.
type helix struct {
	*terminal
	d    *desk
	file string // the post
}

func (d *desk) helixStep(t *testing.T, hx string, most time.Duration, s helixStep) string {
	t.Helper()
	d.fresh(t)
	h := &helix{terminal: d.terminal(t, most, 200, 45, hx, s.file), d: d, file: filepath.Join(d.site, s.file)}
	if !until(longest, func() bool { return strings.Contains(h.screen(), " NOR ") }) {
		return "Helix does not start:\n" + h.screen()
	}
	wrong := s.do(h)
	if wrong != "" {
		wrong += ":\n" + h.screen()
	}
	h.tmux("kill-server") // the terminal is closed, and the server must see that
	d.gone(t)
	return wrong
}

// normal goes back to normal mode, and waits until Helix is there: a key that
// follows Escape at once is another key.
func (h *helix) normal() {
	h.t.Helper()
	h.press("Escape")
	until(longest, func() bool { return strings.Contains(h.screen(), " NOR ") })
}

// change writes some text in place of the selection. Each key is a message of
// Helix's own task to the server: those of keys that come within a
// millisecond, as no author's do, may overtake each other (didChange with the
// versions 1, 4, 2, 3 was seen), so what is typed is pasted in one piece.
func (h *helix) change(text string) {
	h.t.Helper()
	h.write("c")
	until(longest, func() bool { return strings.Contains(h.screen(), " INS ") })
	h.paste(text)
	until(longest, func() bool { return strings.Contains(h.screen(), text) })
	h.normal()
}

// command types a command with a colon, as far as Helix shows it.
func (h *helix) command(line string) {
	h.t.Helper()
	h.write(":" + line)
	until(h.most, func() bool { return strings.Contains(h.screen(), ":"+line) })
	h.press("Enter")
}

// selects makes some text in the line with a mark the selection.
func (h *helix) selects(mark, text string) {
	h.t.Helper()
	data, err := os.ReadFile(h.file)
	if err != nil {
		h.t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(data), mark)
	h.write(position(strings.Count(before, "\n")+1, 1))
	h.write("xs" + text)
	until(longest, func() bool { return strings.Contains(h.screen(), "select:"+text) })
	h.press("Enter")
	until(longest, func() bool { return !strings.Contains(h.screen(), "select:") })
}

// position are the keys that go to a line and a column, from 1.
func position(line, column int) string {
	return strings.Join([]string{itoa(line) + "gg", itoa(column) + "g|"}, "")
}

// saves saves the post and wants it to hold some texts.
func (h *helix) saves(texts ...string) bool {
	h.t.Helper()
	h.command("w")
	return until(h.most, func() bool {
		data, err := os.ReadFile(h.file)
		if err != nil {
			return false
		}
		for _, text := range texts {
			if !strings.Contains(string(data), text) {
				return false
			}
		}
		return true
	})
}

// ready waits for the server: it writes numbers behind references. Helix asks
// for them once, which may overtake the message that opens the post: it asks
// again when the post is read again.
func (h *helix) ready() bool {
	shown := func() bool { return strings.Contains(h.screen(), `\eqref{eq:gap} (2)`) }
	if until(min(h.most, 3*time.Second), shown) {
		return true
	}
	h.command("reload")
	return until(h.most, shown)
}

// breaks misspells the reference behind 𝔼, and waits for the problem.
func (h *helix) breaks() bool {
	h.t.Helper()
	h.selects("𝔼", "eq:gap")
	h.change("eq:gpa")
	return h.shows("no equation of this page has the label")
}

func (d *desk) helixSteps(hx string) []helixStep {
	const slope = `The slope is $\dv{x} \log p(x)$, and with 𝔼 for the mean we may write \eqref{`
	return []helixStep{
		{"inlay hints show the numbers", evidence, func(h *helix) string {
			if !h.ready() || !h.shows(`\eqref{eq:positive} (3) exactly`, `\end{equation} (1)`) {
				return "no numbers"
			}
			return ""
		}},
		{"problems appear behind 𝔼, and clear", evidence, func(h *helix) string {
			if !h.ready() || !h.breaks() {
				return "the wrong reference is not reported"
			}
			// Going to it selects it: what is written then replaces all of it and no more.
			h.write("1gg]d")
			if column := utf8.RuneCountInString(slope) + len("eq:gpa"); !h.shows(" 33:" + itoa(column)) {
				return "the problem is not where it should be"
			}
			h.change("eq:gap")
			if !h.hides("no equation of this page has the label") || !h.saves(slope+"eq:gap} as") {
				return "mended, it is reported"
			}
			return ""
		}},
		{"hover shows number and equation in Unicode", evidence, func(h *helix) string {
			h.selects("𝔼", "eq:gap")
			if !h.ready() {
				return "no server"
			}
			h.write(" k")
			if !h.shows("(2) eq:gap", "log p(x) − ℒ(q) = D") {
				return "it shows something else"
			}
			return ""
		}},
		{"definition jumps into an include, and behind 𝔼 to a label", evidence, func(h *helix) string {
			h.selects("figure.html", "figure.html")
			if !h.ready() {
				return "no server"
			}
			h.write("gd")
			if !h.shows("_includes/figure.html", "<figcaption>") {
				return "the include is not shown"
			}
			h.command("o " + evidence)
			h.shows("{eq:gap}")
			h.selects("𝔼", "eq:gap")
			h.write("gd")
			if !h.shows(" 23:") {
				return "the label is not reached"
			}
			return ""
		}},
		{"completion writes a label", evidence, func(h *helix) string {
			if !h.ready() {
				return "no server"
			}
			h.write("geo")
			until(longest, func() bool { return strings.Contains(h.screen(), " INS ") })
			h.paste(`Over 𝔼 \eqref`)
			until(longest, func() bool { return strings.Contains(h.screen(), `Over 𝔼 \eqref`) })
			h.write("{")
			if !h.shows("eq:positive reference", "eq:gap      reference", "eq:elbo     reference") {
				return "the labels are not offered"
			}
			for _, typed := range []string{"p", "po", "pos"} {
				h.write(typed[len(typed)-1:])
				if !h.shows(`\eqref{` + typed + "}") {
					return "what is typed is not written"
				}
			}
			if !until(h.most, func() bool { return !strings.Contains(h.screen(), "eq:elbo     reference") }) {
				return "what is typed does not narrow what is offered"
			}
			h.press("C-n", "Enter")
			h.normal()
			if !h.saves(`Over 𝔼 \eqref{eq:positive}` + "\n") {
				return "something else is written"
			}
			return ""
		}},
		{"rename changes all places of a label", evidence, func(h *helix) string {
			h.selects("𝔼", "eq:elbo")
			if !h.ready() {
				return "no server"
			}
			h.write(" r")
			if !h.shows("rename-to:eq:elbo") {
				return "it asks for no name"
			}
			h.press("C-u")
			h.write("eq:bound")
			if !h.shows("rename-to:eq:bound") {
				return "the name is not taken"
			}
			h.press("Enter")
			if !h.hides("eq:elbo") || !h.saves(`\label{eq:bound}`, `lost in \eqref{eq:bound} is`, `$\eqref{eq:bound}$ with`) {
				return "not all are changed"
			}
			return ""
		}},
		{"a code action mends a footnote", mistakes, func(h *helix) string {
			if !h.shows("●  10") {
				return "nothing is reported"
			}
			h.selects("[^Everybody]", "Everybody")
			h.write(" a")
			if !h.shows("Replace by everybody") {
				return "no action"
			}
			h.press("Enter")
			if !h.shows("does[^everybody]") || // and behind it its number, once that is there
				!h.saves("everybody does[^everybody].") {
				return "not mended"
			}
			return ""
		}},
		{"a killed server comes back by :lsp-restart", evidence, func(h *helix) string {
			if !h.ready() || !h.breaks() {
				return "the wrong reference is not reported"
			}
			before := d.servers(h.t)
			if err := syscall.Kill(before[len(before)-1], syscall.SIGKILL); err != nil {
				h.t.Fatal(err)
			}
			until(longest, func() bool { return !alive(before[len(before)-1]) })
			h.command("lsp-restart scholium")
			if !until(h.most, func() bool { return len(d.servers(h.t)) > len(before) }) {
				return "no other server is started"
			}
			h.selects("𝔼", "eq:gpa")
			h.change("eq:gap")
			if !h.hides("no equation of this page has the label") || !h.ready() {
				return "the new server does not follow"
			}
			if !h.breaks() {
				return "the new server does not read"
			}
			return ""
		}},
	}
}
