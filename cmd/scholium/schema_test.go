package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/xeipuuv/gojsonschema"
	"go.yaml.in/yaml/v4"

	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// TestSchema keeps the published schema of .scholium.yml what the program says,
// and holds it against what the program itself reads.
func TestSchema(t *testing.T) {
	var out, problems bytes.Buffer
	if code := schema(nil, streams{out: &out, err: &problems}); code != exitClean {
		t.Fatal(problems.String())
	}
	file := filepath.Join("..", "..", "editors", "scholium.schema.json")
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if published, err := os.ReadFile(file); err != nil || !bytes.Equal(published, out.Bytes()) {
		t.Errorf("editors/scholium.schema.json is not fresh (%v): go test ./cmd/scholium -run Schema -update", err)
	}
	loaded, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		doc  string
		good bool
	}{
		{"", true},
		{"rules:\n  unused-footnote: off\n  broken-anchor: error\nexclude:\n  - _posts/old/**\n", true},
		{"exclude: drafts/**\n", true},
		{"rules:\n  unused-footnote: on\n", true},
		{"rules:\n  unused-footnot: off\n", false},
		{"rules:\n  unused-footnote: fatal\n", false},
		{"rules: off\n", false},
		{"exlude:\n  - x\n", false},
		{"exclude:\n  a: b\n", false},
		{"- rules\n", false},
	} {
		var value any
		if err := yaml.Unmarshal([]byte(x.doc), &value); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		result, err := loaded.Validate(gojsonschema.NewBytesLoader(data))
		if err != nil {
			t.Fatal(err)
		}
		own := rules.ReadSettings(site.NewSource(".scholium.yml", x.doc)).Problems
		if result.Valid() != x.good || (len(own) == 0) != x.good {
			t.Errorf("%q: to the schema %v, to the program %v; want %v", x.doc, result.Errors(), own, x.good)
		}
	}
}
