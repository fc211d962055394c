package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scholium/analysis/site"
	"scholium/workspace"
)

// A target is a path to check: all of a site, a folder in it, or a file.
type target struct {
	path   string
	folder bool
}

// names reports whether the target is a file of a site, or holds it.
func (t target) names(s *workspace.Site, p site.Path) bool {
	return t.holds(s.File(p)) || t.folder && t.path == s.Root
}

// holds reports whether the target is a file, or a folder around it.
func (t target) holds(file string) bool {
	return file == t.path || t.folder && strings.HasPrefix(file, strings.TrimSuffix(t.path, string(filepath.Separator))+string(filepath.Separator))
}

func targetsOf(paths []string) ([]target, error) {
	var out []target
	for _, p := range paths {
		full, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(full)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", p, reason(err))
		}
		if !info.IsDir() && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s: it is neither a file nor a folder", p)
		}
		if !info.IsDir() {
			f, err := os.Open(full)
			if err != nil {
				return nil, fmt.Errorf("%s: %s", p, reason(err))
			}
			f.Close()
		}
		out = append(out, target{full, info.IsDir()})
	}
	return out, nil
}

// reason is an error of the file system in few words.
func reason(err error) string {
	switch {
	case os.IsNotExist(err):
		return "there is no such file or folder"
	case os.IsPermission(err):
		return "it cannot be read"
	}
	return err.Error()
}
