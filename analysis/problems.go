package analysis

import (
	"scholium/analysis/frontmatter"
	"scholium/analysis/rules"
	"scholium/analysis/site"
)

// Problems returns what is wrong in a file, in the order of its text: in a
// page, what its reader would see; in an include or layout, what pages that are
// open show to come from it; in a configuration, what nobody can read.
func Problems(s *site.Snapshot, settings *rules.Settings, p site.Path) []site.Problem {
	if settings.Excludes(p) {
		return nil
	}
	var out []site.Problem
	switch {
	case s.Facts(p) != nil:
		out = s.Problems(p)
	case isSettings(p):
		return settings.Problems
	case p == "_config.yml" || p == "_config.yaml":
		out = configProblems(s, p)
	case site.IsBib(p):
		out = rules.OfBib(s, p)
	default:
		out = below(s, p)
	}
	return settings.Apply(out)
}

// configProblems are the site's configuration's.
func configProblems(s *site.Snapshot, p site.Path) []site.Problem {
	problem := s.Config.Problem
	if problem == nil {
		return nil
	}
	return []site.Problem{{
		Code: "front-matter", Severity: site.Error, At: site.Origin{File: p, Span: problem.Span, Exact: true},
		Message: "Jekyll cannot read this configuration, and builds nothing: " + problem.Message + ".",
	}}
}

// below are the problems of open pages that come from a file they read, each
// once.
func below(s *site.Snapshot, p site.Path) []site.Problem {
	src := s.Source(p)
	if src == nil {
		return nil
	}
	var out []site.Problem
	if problem := src.Head.Problem; problem != nil && src.Head.Values.Kind == frontmatter.Map {
		out = append(out, site.Problem{
			Code: "front-matter", Severity: site.Error, At: site.Origin{File: p, Span: problem.Span, Exact: true},
			Message: "Jekyll cannot read this front matter: " + problem.Message + ".",
		})
	}
	type key struct {
		code, message string
		at            site.Origin
	}
	seen := map[key]bool{}
	for _, reader := range s.Readers(p) {
		if s.Page(reader) == nil {
			continue
		}
		for _, problem := range s.Problems(reader) {
			for _, r := range problem.Related {
				if r.At.File == p && problem.At.File != p && r.Message == "the include tag" {
					problem.At = r.At
				}
			}
			k := key{problem.Code, problem.Message, problem.At}
			if problem.At.File == p && !seen[k] {
				seen[k] = true
				out = append(out, problem)
			}
		}
	}
	site.SortProblems(out)
	return out
}
