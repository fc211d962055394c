package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"scholium/analysis/rules"
)

// TestReadmeTables keeps the README's generated parts what the program says.
func TestReadmeTables(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	doc := string(readme)
	for name, body := range map[string]string{"rules": rulesTable(), "marks": marksTable(t, root)} {
		begin, end := "<!-- "+name+": generated -->\n", "<!-- end -->"
		from := strings.Index(doc, begin)
		if from < 0 {
			t.Fatalf("the README has no part %s", name)
		}
		from += len(begin)
		to := from + strings.Index(doc[from:], end)
		if doc[from:to] != body && !*update {
			t.Errorf("the README's %s are not fresh: go test ./cmd/scholium -run Readme -update", name)
		}
		doc = doc[:from] + body + doc[to:]
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, "README.md"), []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func rulesTable() string {
	var b strings.Builder
	b.WriteString("| rule | | reports |\n| --- | --- | --- |\n")
	for _, r := range rules.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Code, r.Severity, strings.ReplaceAll(r.Summary, "|", `\|`))
	}
	return b.String()
}

// marksTable counts the marks of testdata by what is asked.
func marksTable(t *testing.T, root string) string {
	asks := []struct{ verb, what string }{
		{"diag", "problems"}, {"fix", "fixes"}, {"act", "code actions that are no fixes"}, {"hover", "hover"}, {"goto", "definition"}, {"refs", "references"}, {"complete", "completion"},
		{"highlight", "highlights"}, {"linked", "linked editing"}, {"rename", "rename"},
		{"select", "growing selections"}, {"link", "links"}, {"hint", "inlay hints"},
	}
	sections := []struct{ name, what string }{
		{"symbols", "outline"}, {"search", "symbols of the site"}, {"fold", "folding"}, {"tokens", "semantic tokens"},
	}
	counts := map[string]int{}
	files, err := filepath.Glob(filepath.Join(root, "testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	mark := regexp.MustCompile(`(?m)^ *\^+ ([a-z]+)\b`)
	for _, f := range files {
		archive, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.Files {
			for _, m := range mark.FindAllSubmatch(part.Data, -1) {
				counts[string(m[1])]++
			}
			for _, s := range sections {
				if part.Name == s.name {
					counts[s.name] += bytes.Count(part.Data, []byte("\n"))
				}
			}
			if part.Name == "script" {
				counts["move"] += strings.Count("\n"+string(part.Data), "\nmove ")
			}
		}
	}
	var b strings.Builder
	b.WriteString("| question | marks |\n| --- | --- |\n")
	for _, a := range asks {
		if counts[a.verb] == 0 {
			t.Errorf("no mark asks for %s", a.what)
		}
		fmt.Fprintf(&b, "| %s | %d |\n", a.what, counts[a.verb])
	}
	fmt.Fprintf(&b, "| moved files | %d |\n", counts["move"])
	for _, s := range sections {
		fmt.Fprintf(&b, "| %s | %d |\n", s.what, counts[s.name])
	}
	return b.String()
}

// TestReadmeCommands runs every command of the README. Those of other tests'
// are named here with the test that runs them.
func TestReadmeCommands(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	elsewhere := map[string]string{
		"make test": "this very run",
		`scholium draw '\frac{a}{b}' -o fraction.svg`: "testdata/cli/draw.txtar, where MathJax is there",
		"make release": "the gate, which builds a release twice and compares",
		"make mathjax": "the gate, which bundles MathJax before the tests",
		"make vet":     "the gate, which runs the linters before the tests",
	}
	// What cannot be run without the editor itself is run by the tests in editors.
	editorCommand := regexp.MustCompile(`^(cd editors/vscode|npm |code --install-extension |cp -r editors/|cat editors/|mkdir -p ~/|git clone |ln -s )`)
	// These commands succeed by finding something: exit code 1.
	finds := []string{"scholium check", "scholium check --fail-on warning", "scholium check --quiet", "scholium check --format json", "scholium check --fail-on error",
		"scholium check --format github", "scholium check --format sarif", "scholium check --jobs 1", "scholium check --fix", "scholium check --fix --dry-run",
		"scholium check _posts/2024-04-01-mistakes.md", "scholium check path/to/blog"}
	// They are run in a copy of the example site that git has, on a branch of main.
	example := t.TempDir()
	if err := os.CopyFS(example, os.DirFS(filepath.Join(root, "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	clean := func() {
		t.Helper()
		for _, args := range [][]string{{"reset", "-q", "--hard"}, {"clean", "-q", "-d", "-f"}} {
			git(t, example, args...)
		}
	}
	git(t, example, "init", "-q", "-b", "main")
	git(t, example, "add", "-A")
	git(t, example, "commit", "-q", "-m", "The example")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	steps := regexp.MustCompile(`(?m)^ +- run: (scholium .*)$`).FindAllStringSubmatch(string(readme), -1) // of workflows
	if len(steps) < 2 {
		t.Errorf("%d steps of workflows", len(steps))
	}
	blocks = append(blocks, steps...)
	ran := 0
	var left []string
	for _, block := range blocks {
		clean() // what one block has written is not there for the next
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			command, _, _ := strings.Cut(line, " #")
			command = strings.TrimSpace(command)
			switch {
			case command == "" || strings.HasPrefix(command, "#"):
				continue
			case elsewhere[command] != "":
				left = append(left, command)
				continue
			case editorCommand.MatchString(command):
				left = append(left, command)
				continue
			}
			dir := example
			if strings.HasPrefix(command, "make ") || strings.HasPrefix(command, "go ") {
				dir = root
			}
			cmd := exec.Command("bash", "-c", strings.NewReplacer("path/to/blog", example, "origin/${{ github.base_ref }}", "main").Replace(command))
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOBIN="+bin, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			want := 0
			if slices.Contains(finds, command) {
				want = 1
			}
			if got := cmd.ProcessState.ExitCode(); got != want || out.Len() == 0 && !strings.HasPrefix(command, "go install") && !strings.Contains(command, " > ") && !strings.HasPrefix(command, "source ") {
				t.Errorf("%s: exit code %d (%v), want %d\n%s", command, got, err, want, out.String())
			}
			ran++
		}
	}
	sort.Strings(left)
	t.Logf("%d commands ran; run elsewhere: %s", ran, strings.Join(left, "; "))
	if ran < 10 {
		t.Errorf("only %d commands of the README ran", ran)
	}
}

// git runs git in a folder, as nobody in particular.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
