package editors

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// walkthroughCommands are VS Code's own that the walkthrough leads to:
// vscode/test/drive.mjs follows each link in the real one.
var walkthroughCommands = []string{"vscode.openFolder", "workbench.action.openSettings"}

// TestVSCodeWalkthrough follows what the walkthrough names, and finds each
// thing missing that is taken away.
func TestVSCodeWalkthrough(t *testing.T) {
	data, err := os.ReadFile(manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	manifest, files := string(data), vscodeFiles(t)
	if faults := walkthroughFaults(t, manifest, files); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
	for _, c := range []struct{ old, new, want string }{
		{`(command:scholium.proofread)`, `(command:scholium.proofreed)`, "mend leads to the command scholium.proofreed, which there is not"},
		{`(command:vscode.openFolder)`, `(command:vscode.openFolders)`, "open leads to the command vscode.openFolders, which there is not"},
		{`{ "command": "scholium.openRule",`, `{ "command": "scholium.rule",`, "mend leads to the command scholium.openRule, which there is not"},
		{`"onCommand:scholium.proofread"`, `"onCommand:scholium.proofreed"`, "mend is done by onCommand:scholium.proofreed, which never happens"},
		{`"onSettingChanged:scholium.rules"`, `"onSettingChanged:scholium.rule"`, "tune is done by onSettingChanged:scholium.rule, which never happens"},
		{`"extensionInstalled:scholium.scholium"`, `"extensionInstalled:scholium"`, "open is done by extensionInstalled:scholium, which never happens"},
		{`?%22@ext:scholium.scholium%22`, `?@ext:scholium.scholium`, "tune gives the command workbench.action.openSettings no JSON"},
		{`"image": "images/hover.png"`, `"image": "images/hovers.png"`, "see shows images/hovers.png, which is not packed"},
		{`"altText": "A quick fix for a footnote"`, `"altText": ""`, "mend says nothing in place of its picture"},
	} {
		if !strings.Contains(manifest, c.old) {
			t.Errorf("there is no %s", c.old)
		}
		if faults := walkthroughFaults(t, strings.Replace(manifest, c.old, c.new, 1), files); !slices.Equal(faults, []string{c.want}) {
			t.Errorf("with %s: %q, want %q", c.new, faults, c.want)
		}
	}
}

// walkthroughFaults says what the walkthroughs of a manifest lead to and show
// that is not there, among the commands and the packed files.
func walkthroughFaults(t *testing.T, manifest string, packed []string) (faults []string) {
	t.Helper()
	var m struct {
		Name, Publisher string
		Contributes     struct {
			Commands      []struct{ Command string }
			Configuration struct{ Properties map[string]any }
			Walkthroughs  []struct {
				Steps []struct {
					ID, Title, Description string
					Media                  struct{ Image, AltText string }
					CompletionEvents       []string
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(manifest), &m); err != nil {
		t.Fatal(err)
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	isCommand := func(name string) bool {
		for _, c := range m.Contributes.Commands {
			if c.Command == name {
				return true
			}
		}
		return slices.Contains(walkthroughCommands, name)
	}
	link := regexp.MustCompile(`\]\(command:([^?)]+)(?:\?([^)]*))?\)`)
	steps := 0
	for _, w := range m.Contributes.Walkthroughs {
		for _, s := range w.Steps {
			steps++
			for _, to := range link.FindAllStringSubmatch(s.Description, -1) {
				if !isCommand(to[1]) {
					fault("%s leads to the command %s, which there is not", s.ID, to[1])
				}
				if to[2] != "" && !json.Valid([]byte(strings.ReplaceAll(to[2], "%22", `"`))) {
					fault("%s gives the command %s no JSON", s.ID, to[1])
				}
			}
			for _, event := range s.CompletionEvents {
				kind, of, _ := strings.Cut(event, ":")
				_, isSetting := m.Contributes.Configuration.Properties[of]
				happens := kind == "onCommand" && isCommand(of) || kind == "onSettingChanged" && isSetting ||
					kind == "extensionInstalled" && of == m.Publisher+"."+m.Name
				if !happens {
					fault("%s is done by %s, which never happens", s.ID, event)
				}
			}
			if !slices.Contains(packed, s.Media.Image) {
				fault("%s shows %s, which is not packed", s.ID, s.Media.Image)
			}
			if s.Media.AltText == "" {
				fault("%s says nothing in place of its picture", s.ID)
			}
		}
	}
	if steps == 0 {
		fault("there is no walkthrough")
	}
	return faults
}
