package editors

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
)

// TestVSCodeSnippets holds the words that snippets are offered for against TeX:
// behind a backslash or in \begin{…} these are offered too, and would leave what
// was typed in front of what they insert.
func TestVSCodeSnippets(t *testing.T) {
	data, err := os.ReadFile("vscode/snippets/markdown.json")
	if err != nil {
		t.Fatal(err)
	}
	var snippets map[string]struct{ Prefix []string }
	if err := json.Unmarshal(data, &snippets); err != nil {
		t.Fatal(err)
	}
	config := &mathjax.Config{}
	names := tex.Commands(config)
	if len(names) < 500 {
		t.Fatalf("TeX has %d commands only", len(names))
	}
	names = append(names, tex.Environments(config)...)
	for name, s := range snippets {
		if len(s.Prefix) == 0 {
			t.Errorf("%s is never offered", name)
		}
		for _, prefix := range s.Prefix {
			for _, info := range names {
				if strings.HasPrefix(strings.TrimPrefix(info.Name, `\`), prefix) {
					t.Errorf("%s is offered for %s, which is the beginning of %s", name, prefix, info.Name)
				}
			}
		}
	}
}
