package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // holds the schema, in schema.go
	"github.com/xeipuuv/gojsonschema"

	"scholium/analysis/text"
)

// TestSARIF holds the report of the example site, and of one under a baseline,
// against the schema of SARIF 2.1.0, and the report's places and fixes against
// the files.
func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	if bad, err := gojsonschema.Validate(schema, gojsonschema.NewStringLoader(`{"version": "2.1.0", "runs": [{"tool": {}}]}`)); err != nil || bad.Valid() {
		t.Fatalf("the schema takes a tool without a driver: %v", err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "sites", "example"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("GITHUB_WORKSPACE", "")
	report := func(args ...string) (log sarifLog) {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(append([]string{"check", "--format", "sarif"}, args...), streams{nil, &out, &errs}); code == exitUnusable {
			t.Fatal(errs.String())
		}
		result, err := gojsonschema.Validate(schema, gojsonschema.NewBytesLoader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range result.Errors() {
			t.Errorf("%v: %s", args, e)
		}
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		return log
	}
	post := filepath.Join("_posts", "2024-04-01-mistakes.md")
	data, err := os.ReadFile(post)
	if err != nil {
		t.Fatal(err)
	}
	before := report()
	prints := map[string]bool{}
	fixes := 0
	for _, r := range before.Runs[0].Results {
		if rule := before.Runs[0].Tool.Driver.Rules[r.RuleIndex]; rule.ID != r.Rule {
			t.Errorf("the rule of a problem of %s is %s", r.Rule, rule.ID)
		}
		if fp := r.Fingerprints["scholium/v1"]; prints[fp] {
			t.Errorf("two problems have the fingerprint %s", fp)
		} else {
			prints[fp] = true
		}
		checkRegion(t, string(data), r.Locations[0].Physical.Region)
		for _, fix := range r.Fixes {
			for _, c := range fix.Changes {
				for _, part := range c.Replacements {
					fixes++
					checkRegion(t, string(data), part.Deleted)
				}
			}
		}
	}
	if len(prints) < 10 || fixes < 4 {
		t.Fatalf("only %d problems and %d edits", len(prints), fixes)
	}
	report("--quiet")
	report("_drafts")

	// Fingerprints stay the same when anything else is edited.
	edited := strings.Replace(string(data), "Everything", "𝔼. All of this,\n\nI say: everything", 1) + "\nMore.\n"
	if err := os.WriteFile(post, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	after := report()
	for _, r := range after.Runs[0].Results {
		if !prints[r.Fingerprints["scholium/v1"]] {
			t.Errorf("the fingerprint of %s, %s, has changed", r.Rule, r.Message.Text)
		}
	}
	if len(after.Runs[0].Results) != len(prints) {
		t.Errorf("%d problems, not %d", len(after.Runs[0].Results), len(prints))
	}

	// What a baseline has is suppressed.
	var out bytes.Buffer
	if code := run([]string{"check", "--baseline", "b.json", "--update-baseline"}, streams{nil, &out, &out}); code != exitClean {
		t.Fatal(out.String())
	}
	if err := os.WriteFile(post, []byte(edited+"\n\\eqref{eq:new}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	fresh := 0
	for _, r := range report("--baseline", "b.json").Runs[0].Results {
		if len(r.Suppressions) == 0 {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d problems are not suppressed", fresh)
	}
}

// checkRegion holds a region's lines and columns against its bytes.
func checkRegion(t *testing.T, doc string, r sarifRegion) {
	t.Helper()
	lines := text.NewLines(doc)
	start := lines.Offset(text.Position{Line: r.StartLine - 1, Column: r.StartColumn - 1}, text.UTF16)
	end := lines.Offset(text.Position{Line: r.EndLine - 1, Column: r.EndColumn - 1}, text.UTF16)
	if start != r.ByteOffset || end-start != r.ByteLength {
		t.Errorf("region %+v holds bytes %d to %d", r, start, end)
	}
}

// sarifSchema is OASIS's schema, as the module go-sarif has it in a constant of
// its own.
func sarifSchema(t *testing.T) gojsonschema.JSONLoader {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("the module with the schema: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			continue
		}
		spec := decl.Specs[0].(*ast.ValueSpec)
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok && spec.Names[0].Name == "schema" {
			schema, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			return gojsonschema.NewStringLoader(schema)
		}
	}
	t.Fatal("the module go-sarif has no schema any more")
	return nil
}
