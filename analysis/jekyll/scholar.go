package jekyll

import (
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
)

// A Scholar is what a site tells jekyll-scholar.
type Scholar struct {
	Source       string            // the folder of its files, from the site's root
	Bibliography *frontmatter.Node // the file that is meant where none is named; Null where nothing is said
	Missing      string            // what a reader sees in place of a work that is not there
	Outside      bool              // the folder lies outside the site
}

// readScholar reads the key scholar, over the plugin's own defaults.
func readScholar(values *frontmatter.Node) Scholar {
	n := values.Get("scholar")
	out := Scholar{Source: "_bibliography", Bibliography: n.Get("bibliography"), Missing: "(missing reference)"}
	if source := n.Get("source"); source.Kind == frontmatter.String {
		out.Source = strings.TrimPrefix(path.Clean("/"+source.Text), "/")
		out.Outside = strings.Contains("/"+source.Text+"/", "/../")
	}
	if values.Has("source") { // of the site: all paths count from there
		out.Outside = true
	}
	if missing := n.Get("missing_reference"); missing.Kind == frontmatter.String {
		out.Missing = missing.Text
	}
	return out
}

// LoadsScholar reports whether a site has the plugin jekyll-scholar, by its
// configuration or by its Gemfile.lock, whose text is empty where there is none.
func (c *Config) LoadsScholar(lock string) bool {
	return slices.Contains(c.Plugins, "jekyll/scholar") || slices.Contains(c.Plugins, "jekyll-scholar") || Locked(lock, "jekyll-scholar") != ""
}
