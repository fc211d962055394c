package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// An action is what GitHub reads of .github/actions/check/action.yml.
type action struct {
	Inputs map[string]struct{ Description, Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Name, Shell, Run string
			Env              map[string]string
		}
	}
}

// TestAction runs the steps of the GitHub action as a runner does.
func TestAction(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, ".github", "actions", "check", "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) != 2 {
		t.Fatalf("the action is not what this test knows: %+v", a.Runs)
	}
	input := regexp.MustCompile(`^\$\{\{ inputs\.([a-z-]+) \}\}$`)
	used := map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") || s.Shell != "bash" {
			t.Errorf("%s: an expression is a part of the script, or its shell is not bash", s.Name)
		}
		for name, value := range s.Env {
			m := input.FindStringSubmatch(value)
			if m == nil {
				t.Errorf("%s: %s is %s", s.Name, name, value)
				continue
			}
			if _, ok := a.Inputs[m[1]]; !ok {
				t.Errorf("%s: there is no input %s", s.Name, m[1])
			}
			used[m[1]] = true
		}
	}
	for name, in := range a.Inputs {
		if !used[name] || in.Description == "" {
			t.Errorf("the input %s is not used, or not described", name)
		}
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`(?m)uses: OWNER/REPOSITORY/(\S+)@.*\n +with: (.*)$`).FindStringSubmatch(string(readme))
	if shown == nil || shown[1] != ".github/actions/check" {
		t.Fatalf("the README does not show the action: %q", shown)
	}
	var given map[string]string
	if err := yaml.Unmarshal([]byte(shown[2]), &given); err != nil || len(given) < 4 {
		t.Errorf("the README's inputs: %v, %v", given, err)
	}
	for name := range given {
		if _, ok := a.Inputs[name]; !ok {
			t.Errorf("the README gives the action an input %s", name)
		}
	}
	temp, site := t.TempDir(), filepath.Join(t.TempDir(), "blog")
	if err := os.CopyFS(site, os.DirFS(filepath.Join(root, "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	step := func(i int, inputs map[string]string) (string, int) {
		t.Helper()
		s := a.Runs.Steps[i]
		script := filepath.Join(temp, "step.sh")
		if err := os.WriteFile(script, []byte(s.Run), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
		cmd.Dir = site
		cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+filepath.Join(root, ".github", "actions", "check"), "RUNNER_TEMP="+temp, "GITHUB_WORKSPACE="+site,
			"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary.md"))
		for name, value := range s.Env {
			in := input.FindStringSubmatch(value)[1]
			given, ok := inputs[in]
			if !ok {
				given = a.Inputs[in].Default
			}
			cmd.Env = append(cmd.Env, name+"="+given)
		}
		out, err := cmd.CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	// The gate bundles MathJax itself, before the tests.
	if out, code := step(0, map[string]string{"mathjax": "false"}); code != 0 || !strings.HasPrefix(out, "scholium ") {
		t.Fatalf("build: exit code %d\n%s", code, out)
	}
	for _, c := range []struct {
		name   string
		inputs map[string]string
		code   int
		says   string
	}{
		{"nothing said", nil, 1, "::error file=_posts/2024-04-01-mistakes.md,line=7,col=35,"},
		{"a clean page", map[string]string{"path": "about.md"}, 0, "No problems in 1 page."},
		{"text", map[string]string{"format": "text", "args": "--quiet  --no-judge"}, 1, "_posts/2024-04-01-mistakes.md:7:35: error: "},
		{"severity", map[string]string{"path": "about.md", "fail-on": "hint"}, 0, "No problems"},
		{"no severity", map[string]string{"fail-on": "never"}, 2, "there is no severity"},
		{"a path that is a command", map[string]string{"path": `"; touch pwned; $(touch pwned) "`}, 2, "there is no such file or folder"},
		{"a path that is a flag", map[string]string{"path": "--help"}, 2, "there is no such file or folder"},
		{"arguments that are a command", map[string]string{"args": "$(touch${IFS}pwned) ; touch pwned"}, 2, "there is no such file or folder"},
		{"a file of problems known", map[string]string{"baseline": "known.json"}, 0, ""},
		{"SARIF too", map[string]string{"sarif": "out.sarif"}, 1, "::error file="},
	} {
		if c.inputs["baseline"] != "" {
			write := exec.Command(filepath.Join(temp, "scholium"), "check", "--baseline", c.inputs["baseline"], "--update-baseline")
			write.Dir = site
			if out, err := write.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		out, code := step(1, c.inputs)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit code %d, want %d and %q\n%s", c.name, code, c.code, c.says, out)
		}
	}
	if _, err := os.Stat(filepath.Join(site, "pwned")); err == nil {
		t.Error("an input was run as a command")
	}
	var sarif struct{ Version string }
	data, err = os.ReadFile(filepath.Join(site, "out.sarif"))
	if err == nil {
		err = json.Unmarshal(data, &sarif)
	}
	if err != nil || sarif.Version != "2.1.0" {
		t.Errorf("SARIF: version %q, %v", sarif.Version, err)
	}
}

// TestPreCommit runs the hook as pre-commit does: its entry with the names of
// files that its pattern takes.
func TestPreCommit(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Entry, Language, Files string
		Serial                           bool `yaml:"require_serial"`
	}
	if err := yaml.Unmarshal(data, &hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 1 || hooks[0].ID != "scholium" || hooks[0].Language != "golang" || !hooks[0].Serial {
		t.Fatalf("the hooks are not what this test knows: %+v", hooks)
	}
	site := filepath.Join(t.TempDir(), "blog")
	if err := os.CopyFS(site, os.DirFS(filepath.Join("..", "..", "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(site, "with blanks 𝔼.md"), []byte("---\n---\n[x](#none)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	taken := regexp.MustCompile(hooks[0].Files)
	run := func(files ...string) (string, int) {
		entry := strings.Fields(hooks[0].Entry)
		var names []string
		for _, f := range files {
			if taken.MatchString(f) {
				names = append(names, f)
			}
		}
		cmd := exec.Command(entry[0], append(entry[1:], names...)...)
		cmd.Dir = site
		out, err := cmd.CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	const mistakes = "_posts/2024-04-01-mistakes.md"
	out, code := run("_config.yml", "about.md", mistakes, "_drafts/brownian-motion.md", "with blanks 𝔼.md")
	if code != 1 || !strings.Contains(out, mistakes+":7:35: error: ") || !strings.Contains(out, "with blanks 𝔼.md:3:6: warning: ") || !strings.Contains(out, "in 4 pages.") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if out, code := run("about.md", "_posts/2024-03-01-evidence.md", "assets/bound.svg"); code != 0 || !strings.Contains(out, "No problems in 2 pages.") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
