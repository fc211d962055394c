package rules

import (
	"path"
	"strings"

	"scholium/analysis/bib"
	"scholium/analysis/site"
)

// undefinedCitation reports citations of works that are in none of the BibTeX
// files where they are looked up, if all of these have been read.
func undefinedCitation(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		if n.Kind != site.Citation || !n.Uses || n.Works == nil || n.Works.Unknown != "" || len(n.Works.Files) == 0 {
			continue
		}
		if _, ok := s.Work(n.Works, n.Text); ok {
			continue
		}
		var files []string
		readable := true
		for _, p := range n.Works.Files {
			src := s.Source(p)
			if src == nil || src.Bib == nil || renamed(src.Bib, n.Text) {
				readable = false
				break
			}
			files = append(files, "“"+string(p)+"”")
		}
		if !readable {
			continue
		}
		close := g.near(n.Text, func() []string { return workKeys(s, n.Works.Files) })
		problem := site.Problem{At: n.At, Message: "Readers see " + n.Works.Missing + ": no work in " + strings.Join(files, " or ") + " has the key “" + n.Text + "”." + near(close, "")}
		if n.At.File != f.Path {
			problem.At = n.Whole
		} else if len(close) > 0 && n.Prefix == "" && n.Suffix == "" {
			problem.Fixes = replace(n.At, close[0])
		}
		report(problem)
	}
}

// workKeys are those of the works in BibTeX files that have been read.
func workKeys(s *site.Snapshot, files []site.Path) (all []string) {
	for _, p := range files {
		for _, e := range s.Source(p).Bib.Entries {
			all = append(all, e.Key)
		}
	}
	return all
}

// renamed reports whether a key may be that of a second entry: bibtex-ruby gives
// a key that is taken its successor (Entry#register: a2 for a second a1).
func renamed(f *bib.File, key string) bool {
	for i := range f.Entries {
		e := &f.Entries[i]
		if same := len(e.Key) - 2; e.Key != "" && f.Find(e.Key) != e && len(key) >= len(e.Key) && len(key) <= len(e.Key)+1 && strings.HasPrefix(key, e.Key[:max(same, 0)]) {
			return true
		}
	}
	return false
}

// missingBibliography reports BibTeX files that a page cites from and the site
// does not have, and pages that cite and name no file.
func missingBibliography(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	said := map[string]bool{}
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		at := n.At
		if at.File != f.Path {
			at = n.Whole
		}
		switch {
		case n.Kind == site.Citation && n.Uses && n.Works != nil && n.Works.Unknown == "" && len(n.Works.Files) == 0 && !said[""]:
			said[""] = true
			report(site.Problem{At: at, Message: "Readers see no reference here: the page’s front matter names no bibliography."})
		case n.Kind != site.Bibliography || said[n.Text] || !s.Absent(site.Path(n.Text)):
		case n.Form != site.Parameter && (s.Knows(f.Path, site.Asset) == site.Uncertain || s.Config.Theme != ""): // a plugin or theme may have it
		default:
			said[n.Text] = true
			problem := site.Problem{At: at, Message: "There is no file “" + n.Text + "”: "}
			if n.Form == site.Parameter {
				problem.Message += "jekyll-scholar stops the build."
			} else {
				problem.Message += "readers see no references."
			}
			if close := nearBib(s, &g, n.Text); close != "" {
				problem.Message += near([]string{close}, "")
				if old := path.Base(n.Text); n.At.File == f.Path && n.At.Exact && strings.HasSuffix(s.Region(n.At), old) {
					at.Span.Start = at.Span.End - len(old)
					problem.Fixes = replace(at, close)
				}
			}
			report(problem)
		}
	}
}

// nearBib returns the name of a BibTeX file in the same folder that may have
// been meant.
func nearBib(s *site.Snapshot, g *guesses, file string) string {
	if close := g.near(path.Base(file), beside(s, file, site.IsBib)); len(close) > 0 {
		return close[0]
	}
	return ""
}

// OfBib are the problems of a BibTeX file: keys that an earlier entry has, where
// some page cites them. Of entries that say the same nobody sees a difference.
func OfBib(s *site.Snapshot, p site.Path) []site.Problem {
	src := s.Source(p)
	if src == nil || src.Bib == nil {
		return nil
	}
	rule := ruleOf("duplicate-citation-key")
	var out []site.Problem
	for i := range src.Bib.Entries {
		e := &src.Bib.Entries[i]
		first := src.Bib.Find(e.Key)
		if e.Key == "" || first == e || e.Commented || first.Commented || e.Same(first) || !s.Cites(p, e.Key) {
			continue
		}
		out = append(out, site.Problem{
			Code: rule.Code, Severity: rule.Severity, At: site.Origin{File: p, Span: e.KeySpan, Exact: true},
			Message: "A work above has the key “" + e.Key + "” too: who cites it gets only one of them.",
			Related: []site.Related{{At: site.Origin{File: p, Span: first.KeySpan, Exact: true}, Message: "the first work with this key"}},
		})
	}
	return out
}
