package editors

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scholium/analysis/rules"
)

var fresh = flag.Bool("settings", false, "write the settings of VS Code's extension that are generated from the rules")

const manifestFile = "vscode/package.json"

// TestVSCodeRules keeps the severities that the extension offers those of the
// rules there are: go test ./editors -run VSCodeRules -settings writes them.
func TestVSCodeRules(t *testing.T) {
	data, err := os.ReadFile(manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	const indent = "          "
	begin, end := indent+"\"properties\": {", "\n"+indent+"},\n"
	from := strings.Index(doc, `"scholium.rules": {`)
	if from < 0 {
		t.Fatal("the extension has no setting scholium.rules")
	}
	from += strings.Index(doc[from:], begin) + len(begin)
	to := from + strings.Index(doc[from:], end)
	want := "\n" + ruleSettings(t, indent+"  ")
	if doc[from:to] == want {
		return
	}
	if !*fresh {
		t.Fatal("the rules in vscode/package.json are not fresh: go test ./editors -run VSCodeRules -settings")
	}
	if err := os.WriteFile(manifestFile, []byte(doc[:from]+want+doc[to:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ruleSettings(t *testing.T, indent string) string {
	t.Helper()
	var lines []string
	for _, r := range rules.All {
		value := struct {
			Type        string   `json:"type"`
			Enum        []string `json:"enum"`
			Description string   `json:"description"`
		}{"string", []string{"default", "error", "warning", "info", "hint", "off"}, fmt.Sprintf("%s; by itself: %s", r.Summary, r.Severity)}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s%q: %s", indent, r.Code, data))
	}
	return strings.Join(lines, ",\n")
}

// TestVSCodeReadmes holds what is said of the extension against what it is: each
// setting and command is told of in its own README and in the repository's, and
// these tell of no other.
func TestVSCodeReadmes(t *testing.T) {
	data, err := os.ReadFile(manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Contributes struct {
			Commands      []struct{ Command, Title, Category string }
			Configuration struct {
				Properties map[string]struct{ Description, MarkdownDescription string }
			}
		}
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	setting := regexp.MustCompile("`(scholium\\.[A-Za-z.]+)`")
	command := regexp.MustCompile(`\*Scholium: ([^*]+)\*`)
	for _, file := range []string{"../README.md", "vscode/README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := string(text)
		if file == "../README.md" {
			_, doc, _ = strings.Cut(doc, "### VS Code")
			doc, _, _ = strings.Cut(doc, "\n### ")
		}
		var settings, titles []string
		for _, m := range setting.FindAllStringSubmatch(doc, -1) {
			if m[1] == "scholium.vsix" {
				continue
			}
			settings = append(settings, m[1])
			if p, ok := manifest.Contributes.Configuration.Properties[m[1]]; !ok {
				t.Errorf("%s tells of a setting %s, which there is not", file, m[1])
			} else if p.Description+p.MarkdownDescription == "" {
				t.Errorf("%s has no description", m[1])
			}
		}
		for name := range manifest.Contributes.Configuration.Properties {
			if !slices.Contains(settings, name) {
				t.Errorf("%s does not tell of the setting %s", file, name)
			}
		}
		for _, m := range command.FindAllStringSubmatch(doc, -1) {
			titles = append(titles, m[1])
		}
		for _, c := range manifest.Contributes.Commands {
			if !slices.Contains(titles, c.Title) {
				t.Errorf("%s does not tell of the command %s", file, c.Title)
			}
		}
		if len(titles) != len(manifest.Contributes.Commands) {
			t.Errorf("%s tells of the commands %q, the extension has %d", file, titles, len(manifest.Contributes.Commands))
		}
	}
}
