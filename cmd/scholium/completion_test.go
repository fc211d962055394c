package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"scholium/analysis/rules"
)

// needs returns the path of a program that the gate installs. Elsewhere the test
// is skipped where it is not there.
func needs(t *testing.T, name string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return file
}

// asked are lines as typed, with the words that are proposed at their end: all
// of them, or those behind … among others.
var asked = []struct{ line, words string }{
	{"scholium ch", "check"},
	{"scholium i", "inspect"},
	{"scholium he", "help"},
	{"scholium nonsense ", ""},
	{"scholium check --fa", "--fail-on"},
	{"scholium check -", "… --format | --fail-on | --quiet | --no-judge"},
	{"scholium check --fail-on ", "error | hint | info | warning"},
	{"scholium check --fail-on w", "warning"},
	{"scholium check --fail-on=w", "warning"},
	{"scholium check --fail-on=", "error | hint | info | warning"},
	{"scholium check --format j", "json"},
	{"scholium check --rule unc", "unclosed-group"},
	{"scholium check --baseline abo", "about.md"},
	{"scholium check --quiet --format=js", "json"},
	{"scholium check _posts/2024-03", "_posts/2024-03-01-evidence.md"},
	{"scholium check about.md inde", "index.html"},
	{"scholium check --quiet with", "with blanks.md"},
	{"scholium explain undefined-l", "undefined-label | undefined-link-reference"},
	{"scholium explain undefined-label un", ""},
	{"scholium inspect m", "math"},
	{"scholium inspect math abo", "about.md"},
	{"scholium inspect math about.md x", ""},
	{"scholium inspect html --input k", "kramdown"},
	{"scholium serve --log-level d", "debug"},
	{"scholium serve --log-file abo", "about.md"},
	{"scholium doctor _d", "_drafts"},
	{"scholium doctor ab", ""},
	{"scholium draw --page abo", "about.md"},
	{"scholium draw -", "… -o | --scale"},
	{"scholium completion f", "fish"},
	{"scholium version ", ""},
}

// TestCompletion asks each shell for what it would propose. scholium is on the
// PATH of these tests.
func TestCompletion(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(site, os.DirFS(filepath.Join("..", "..", "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(site, "with blanks.md"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"bash": {"--norc", "-c", askBash, "bash"}, "zsh": {"-fc", askZsh, "zsh"}, "fish": {"--no-config", "-c", askFish},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(needs(t, name), args...)
			for _, a := range asked {
				cmd.Args = append(cmd.Args, a.line)
			}
			cmd.Dir = site
			cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "TERM=dumb", "LC_ALL=C.UTF-8")
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil || errs.Len() > 0 {
				t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
			}
			parts := strings.Split(out.String(), "== \n")[1:]
			if len(parts) != len(asked) {
				t.Fatalf("%d answers to %d lines:\n%s", len(parts), len(asked), out.String())
			}
			for i, a := range asked {
				got := proposed(parts[i])
				want, some := strings.CutPrefix(a.words, "… ")
				for _, w := range strings.Split(want, " | ") {
					if w != "" && !slices.Contains(got, path.Base(w)) {
						t.Errorf("%q: no %s among %q", a.line, w, got)
					}
				}
				if n := len(strings.Split(want, " | ")); !some && (want == "" && len(got) > 0 || len(got) > n) {
					t.Errorf("%q: %q are proposed, but not all of them are to be", a.line, got)
				}
			}
		})
	}
}

// proposed are the words proposed, each once, without what shells add: a meaning,
// a flag in front of its value, the folders before a file, a slash behind a
// folder, backslashes before blanks.
func proposed(out string) (list []string) {
	for _, line := range strings.Split(strings.TrimRight(out, "\n"), "\n") {
		word, _, _ := strings.Cut(strings.TrimRight(line, "\r"), "\t")
		if _, value, ok := strings.Cut(word, "="); ok {
			word = value
		}
		word = strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(word), "/"), `\ `, " ")
		if word = path.Base(word); word != "." && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// askBash does what readline does at a Tab: it takes the line apart, at signs
// of equality too, and calls the function that the script has registered.
const askBash = `
source <(scholium completion bash)
registered=$(complete -p scholium)
[[ $registered =~ -F\ ([^ ]+) ]] || exit 3
ask=${BASH_REMATCH[1]}
for line; do
read -ra COMP_WORDS <<<"${line//=/ = }"
case $line in *" ") COMP_WORDS+=("") ;; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
"$ask" scholium "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
echo "== "
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
done
`

// askFish asks fish itself.
const askFish = `
scholium completion fish | source
for line in $argv
    echo "== "
    complete --do-complete "$line"
end
`

// askZsh types the line into an interactive zsh on a terminal of its own, whose
// completion writes down what it was offered.
const askZsh = `
zmodload zsh/zpty zsh/zselect
export ZDOTDIR=$HOME
cat > $HOME/.zshrc <<'END'
PS1= RPS1=
unsetopt zle_bracketed_paste
autoload -Uz compinit; compinit -u -D
source <(scholium completion zsh)
compadd () {
	typeset -a offered
	if [[ " $* " != *" -"[OAD]" "* ]]; then
		builtin compadd -O offered "$@"
		[[ $#offered -eq 0 ]] || print -rl -- "${offered[@]}" >> $HOME/offered
	fi
	builtin compadd "$@"
}
finished () { print done > $HOME/done; zle kill-whole-line }
zle -N finished
bindkey '^I' complete-word
bindkey '^X' finished
line-ready () { print ready > $HOME/ready }
zle -N zle-line-init line-ready
END
wait_for () { integer n; while [[ ! -e $1 ]] && (( n++ < 600 )); do zpty -rt z rest; zselect -t 2; done; [[ -e $1 ]] || { print -u2 "zsh: no $1"; exit 3 } }
zpty z zsh -i
wait_for $HOME/ready
for line; do
	zpty -wn z $line$'\t\x18'
	wait_for $HOME/done
	print "== "
	[[ ! -e $HOME/offered ]] || cat $HOME/offered
	rm -f $HOME/done $HOME/offered
done
zpty -d z
`

// TestCompletionFresh holds what is proposed against what the commands accept.
func TestCompletionFresh(t *testing.T) {
	for _, c := range commands() {
		if c.declared() == nil {
			t.Errorf("%s declares no flags", c.name)
		}
	}
	says := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := run(args, streams{strings.NewReader(""), &out, &errs}); code != exitUnusable {
			t.Errorf("%q: exit code %d", args, code)
		}
		return errs.String()
	}
	for name, said := range map[string]string{
		"format":    says("check", "--format", "no"),
		"fail-on":   says("check", "--fail-on", "no"),
		"log-level": says("serve", "--log-level", "no"),
		"WHAT":      says("inspect", "no", "no"),
		"SHELL":     says("completion", "no"),
	} {
		_, listed, ok := strings.Cut(said, "; there ")
		if !ok {
			t.Errorf("%s: %s", name, said)
			continue
		}
		_, listed, _ = strings.Cut(strings.NewReplacer(" for ", " are ").Replace(listed), "are ")
		if name == "SHELL" {
			_, listed, _ = strings.Cut(said, "there is for ")
		}
		want := regexp.MustCompile(`, | and |\n`).Split(listed, -1)
		want = slices.DeleteFunc(want, func(s string) bool { return s == "" })
		var got []string
		for _, p := range values[name]() {
			got = append(got, p.word)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-accepted +proposed)\n%s", name, diff)
		}
	}
	if list, _ := proposals([]string{"explain", ""}); len(list) != len(rules.All) {
		t.Errorf("%d rules are proposed, of %d", len(list), len(rules.All))
	}
	// Each flag that takes a value proposes something, or takes what nobody can list.
	free := []string{"option", "color", "background", "scale", "jobs", "changed-since"}
	for _, c := range commands() {
		c.declared().VisitAll(func(f *flag.Flag) {
			list, paths := valuesOf(f, "")
			if !isSwitch(f) && len(list) == 0 && paths == "none" && !slices.Contains(free, f.Name) {
				t.Errorf("scholium %s --%s: nothing is proposed", c.name, f.Name)
			}
		})
	}
}

// TestMan holds the manual page against the programs that read it.
func TestMan(t *testing.T) {
	page := manPage(time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC))
	for _, want := range []string{".Dd January 2, 2024", ".It Cm check Op Ar path ...", ".It Fl -fail-on Ar severity", ".It Fl o Ar FILE", ".It undefined-label Pq error"} {
		if !strings.Contains(page, want+"\n") {
			t.Errorf("no %q in the manual page", want)
		}
	}
	for _, c := range commands() {
		c.declared().VisitAll(func(f *flag.Flag) {
			if !strings.Contains(page, "\n.It Fl "+flagName(f)) {
				t.Errorf("the manual page has no %s of %s", f.Name, c.name)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "scholium.1")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, reader := range [][]string{{"mandoc", "-Tlint", "-Wall"}, {"groff", "-mandoc", "-ww", "-z"}} {
		t.Run(reader[0], func(t *testing.T) {
			out, err := exec.Command(needs(t, reader[0]), append(reader[1:], file)...).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
