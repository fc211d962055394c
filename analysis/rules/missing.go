package rules

import (
	"path"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
)

// missingInclude reports include tags whose file does not exist. Jekyll stops
// the build for them.
func missingInclude(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	if s.Config.Theme != "" {
		return // the theme may have it
	}
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		if n.Kind != site.Include || !s.Absent(site.Path(n.Text)) {
			continue
		}
		close := g.near(n.Detail, s.Includes)
		problem := site.Problem{At: n.At, Message: "There is no include “" + n.Detail + "”: Jekyll does not build the site." + near(close, "")}
		if n.At.File != f.Path {
			problem.At = n.Whole
			problem.Related = []site.Related{{At: n.At, Message: "the include tag"}}
		} else if len(close) > 0 {
			problem.Fixes = replace(n.At, close[0])
		}
		report(problem)
	}
}

// missingImage reports images whose file the site does not have, where its
// address belongs to this site and every maker of files is known.
func missingImage(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	if s.Knows(f.Path, site.Asset) == site.Uncertain {
		return
	}
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		if n.Kind != site.Asset || n.Form != site.ImageSource || s.Config.Theme != "" && strings.HasPrefix(n.Text, "assets/") {
			continue // a theme brings assets of its own
		}
		file := site.Path(n.Text)
		at := n.At
		if at.File != f.Path {
			at = n.Whole
		}
		switch {
		case s.Published(file) || inCollection(s, n.Text):
		case s.Has(file):
			report(site.Problem{At: at, Message: "The reader sees no image: Jekyll does not publish “" + n.Text + "”."})
		case s.Absent(file):
			problem := site.Problem{At: at, Message: "The reader sees no image: there is no file “" + n.Text + "”."}
			if close := nearFile(s, &g, n.Text); close != "" {
				problem.Message += " Did you mean “" + close + "”?"
				if old := path.Base(n.Text); n.At.Exact && strings.HasSuffix(s.Region(n.At), old) && path.Dir(close) == path.Dir(n.Text) {
					name := at
					name.Span.Start = name.Span.End - len(old)
					problem.Fixes = replace(name, path.Base(close))
				}
			}
			report(problem)
		}
	}
}

// inCollection reports whether a URL's path is that of a file in a collection's
// folder: Jekyll copies _name/x.png to name/x.png.
func inCollection(s *site.Snapshot, file string) bool {
	label, rest, ok := strings.Cut(file, "/")
	if !ok {
		return false
	}
	for _, c := range s.Config.Collections {
		if c.Label == label && c.Output {
			return s.Has(site.Path(s.Config.CollectionsDir + "_" + label + "/" + rest))
		}
	}
	return false
}

// nearFile returns a file of the same folder, or of the same name elsewhere,
// that may have been meant.
func nearFile(s *site.Snapshot, g *guesses, file string) string {
	close := g.near(path.Base(file), beside(s, file, func(p site.Path) bool { return s.Config.Classify(string(p)).Kind == jekyll.Static }))
	if len(close) > 0 {
		return path.Join(path.Dir(file), close[0])
	}
	return ""
}

// beside gives the names of files in the same folder that are of some sort.
func beside(s *site.Snapshot, file string, of func(site.Path) bool) func() []string {
	return func() (names []string) {
		for _, f := range s.Files(func(p site.Path) bool { return path.Dir(string(p)) == path.Dir(file) && of(p) }) {
			names = append(names, path.Base(string(f)))
		}
		return names
	}
}

// brokenPostURL reports post_url and link tags whose document does not exist.
// Jekyll stops the build for them.
func brokenPostURL(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		if n.Kind != site.Post || s.Has(site.Path(n.Text)) || !s.Absent(site.Path(n.Text)) {
			continue
		}
		problem := site.Problem{At: n.At, Message: "There is no document “" + n.Text + "”: Jekyll does not build the site."}
		if close := g.near(n.Text, s.PostNames); len(close) > 0 {
			problem.Message += near(close, "")
			problem.Fixes = replace(n.At, close[0])
		}
		report(problem)
	}
}
