package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLaws holds the three laws of the house: analysis knows no time, workspace
// knows no protocol, server knows no Markdown.
func TestLaws(t *testing.T) {
	rooms := map[string]struct {
		never []string
		files int
	}{
		"analysis": {never: []string{
			"scholium/workspace", "scholium/server", "os", "os/", "io/ioutil", "context", "sync", "sync/", "log", "log/", "net", "runtime",
			"go.uber.org/", "go.lsp.dev/", "syscall",
		}},
		"workspace": {never: []string{"scholium/server", "go.lsp.dev/"}},
		"server": {never: []string{
			"scholium/analysis/kramdown", "scholium/analysis/tex", "scholium/analysis/liquid", "scholium/analysis/mathjax",
			"scholium/analysis/frontmatter", "scholium/analysis/jekyll", "scholium/analysis/bib",
		}},
	}
	for room, law := range rooms {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "gen" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			law.files++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, spec := range file.Imports {
				name, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				for _, no := range law.never {
					if name == strings.TrimSuffix(no, "/") || strings.HasSuffix(no, "/") && strings.HasPrefix(name, no) {
						t.Errorf("%s imports %s", path, name)
					}
				}
			}
			if room == "analysis" {
				timeless(t, path, file)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if law.files < 5 {
			t.Errorf("%s: only %d files were looked at", room, law.files)
		}
	}
}

// timeless refuses clocks, goroutines, channels and init functions.
func timeless(t *testing.T, path string, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			t.Errorf("%s starts a goroutine", path)
		case *ast.ChanType:
			t.Errorf("%s has a channel", path)
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				t.Errorf("%s has an init function", path)
			}
		case *ast.SelectorExpr:
			if pkg, ok := n.X.(*ast.Ident); ok && pkg.Name == "time" {
				switch n.Sel.Name {
				case "LoadLocation", "Now", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Since", "Until":
					t.Errorf("%s uses time.%s", path, n.Sel.Name)
				}
			}
		}
		return true
	})
}
