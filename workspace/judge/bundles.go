package judge

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io"

	"scholium/analysis/mathjax"
)

//go:embed bundles
var bundles embed.FS

// bundle returns MathJax as one script: version 4, or 3 where the page loads 3
// or 2, with or without what draws.
func bundle(e mathjax.Engine, draws bool) (string, error) {
	version, what := "v3", "check"
	if e == mathjax.MathJax4 {
		version = "v4"
	}
	if draws {
		what = "draw"
	}
	packed, err := bundles.ReadFile("bundles/" + version + "-" + what + ".js.gz")
	if err != nil {
		return "", ErrNotBundled
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", fmt.Errorf("unpacking MathJax: %w", err)
	}
	script, err := io.ReadAll(z)
	if err != nil {
		return "", fmt.Errorf("unpacking MathJax: %w", err)
	}
	return string(script), nil
}

//go:embed js/package.json
var packages []byte

// Versions returns the versions of MathJax that this program is made for.
func Versions() (three, four string) {
	var p struct{ Dependencies map[string]string }
	if err := json.Unmarshal(packages, &p); err != nil {
		return "", ""
	}
	return p.Dependencies["mathjax-full"], p.Dependencies["@mathjax/src"]
}

// Bundled reports whether MathJax is part of this program.
func Bundled() bool {
	_, err := bundles.Open("bundles/v4-check.js.gz")
	return err == nil
}
