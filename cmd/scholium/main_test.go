package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"scholium/workspace/judge"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"scholium": main})
}

// TestCommandLine runs the scripts of testdata/cli against the program.
func TestCommandLine(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Condition: func(name string) (bool, error) {
			if name == "mathjax" {
				return judge.Bundled(), nil
			}
			return false, fmt.Errorf("there is no condition %s", name)
		},
		Dir: filepath.Join(root, "testdata", "cli"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			return os.CopyFS(filepath.Join(env.WorkDir, "example"), os.DirFS(filepath.Join(root, "testdata", "sites", "example")))
		},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}
