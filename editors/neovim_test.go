//go:build unix

package editors

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// neovimInstall is what the README says, from this repository's root.
const neovimInstall = `mkdir -p ~/.local/share/nvim/site/pack/scholium/start/scholium
cp -r editors/neovim/. ~/.local/share/nvim/site/pack/scholium/start/scholium
`

// TestNeovim tests the plugin in the Neovim of Debian 12 and in that of Debian
// 13. SCHOLIUM_NVIM may name another.
func TestNeovim(t *testing.T) {
	d := newDesk(t)
	readmeSays(t, "### Neovim", neovimInstall)
	d.fresh(t)
	if run := d.start(t, nil, "sh", "-ec", "cd '"+here(t, "..")+"'\n"+neovimInstall); run.code != 0 {
		t.Fatalf("installing the plugin:\n%s", run.out)
	}
	test := func(name string, program func(*testing.T) string) {
		t.Run(name, func(t *testing.T) {
			nvim := program(t)
			version, _, _ := strings.Cut(d.start(t, nil, nvim, "--version").out, "\n")
			t.Log(version)
			d.script(t, nvim, "--headless", "-n", "-i", "NONE", "-c", "luafile "+filepath.Join(here(t, "neovim"), "test.lua"))

			tags := d.start(t, nil, nvim, "--headless", "-i", "NONE", "-c", "helptags ALL", "-c", "help ScholiumReference", "-c", "echo bufname()", "-c", "qall!")
			if tags.code != 0 || !strings.Contains(tags.out, "scholium.txt") || strings.Contains(tags.out, "E1") {
				t.Errorf("helptags: exit code %d\n%s", tags.code, tags.out)
			}
		})
	}
	test("system", func(t *testing.T) string { need(t, "nvim"); return "nvim" })
	test("next", func(t *testing.T) string { return unpacked(t, "nvim0.10") })
	if other := os.Getenv("SCHOLIUM_NVIM"); other != "" {
		test("other", func(*testing.T) string { return other })
	}
	for _, line := range helpTags(t, filepath.Join(here(t, "neovim"), "doc", "scholium.txt")) {
		t.Error(line)
	}
}

// readmeSays wants the README's section to have these commands in a block of
// their own.
func readmeSays(t *testing.T, section, commands string) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "\n"+section+"\n")
	body, _, _ := strings.Cut(after, "\n### ")
	if !found || !strings.Contains(body, "\n"+commands+"```") {
		t.Errorf("the README's section %s does not say what this test does:\n%s", section, commands)
	}
}

// helpTags returns what is wrong with a help file: lines too long for a help
// window, and commands and settings without a tag.
func helpTags(t *testing.T, file string) (wrong []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if len(strings.TrimRight(line, "\n")) > 78 {
			wrong = append(wrong, "longer than a help window: "+line)
		}
	}
	for _, tag := range []string{
		"*scholium.txt*", "*scholium*", "*g:scholium_cmd*", "*g:scholium_hints*", "*g:scholium_highlight*", "*g:scholium_options*", "*g:loaded_scholium*",
		"*:ScholiumRestart*", "*:ScholiumLog*", "*:ScholiumCheck*", "*:ScholiumExplain*", "*:ScholiumReference*",
	} {
		if !bytes.Contains(data, []byte(tag)) {
			wrong = append(wrong, "the help has no tag "+tag)
		}
	}
	return wrong
}
