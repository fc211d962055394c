package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"scholium/analysis/frontmatter"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// Settings are what a site says in its .scholium.yml.
//
//	rules:
//	  unused-footnote: off
//	  broken-anchor: error
//	exclude:
//	  - _posts/old/**
type Settings struct {
	severities map[string]site.Severity
	on         map[string]bool // rules that are to stay as they are
	exclude    []string
	editor     *Settings      // what counts where the site says nothing; nil: nothing
	Problems   []site.Problem // in the file itself
}

// A SettingKey is a key of .scholium.yml at its left margin.
type SettingKey struct{ Name, Does string }

// SettingKeys are all that there are.
var SettingKeys = []SettingKey{
	{"rules", "a severity for each rule that is to have another one than its own; `off` silences it."},
	{"exclude", "files that are left out: paths from the site's folder, in which `*` stands for any letters but `/`, and `**` for any."},
}

// SeverityWords are what a rule can be set to, the worst first.
var SeverityWords = []string{"error", "warning", "info", "hint", "off", "on"}

// DefaultSettings are those of a site without a file.
func DefaultSettings() *Settings { return &Settings{} }

// ReadSettings reads a .scholium.yml. What cannot be used is a problem at its place.
func ReadSettings(src *site.Source) *Settings {
	s := &Settings{severities: map[string]site.Severity{}, on: map[string]bool{}}
	values, problem := frontmatter.Read(src.Text, text.Span{Start: 0, End: len(src.Text)})
	at := func(n *frontmatter.Node) site.Origin { return site.Origin{File: src.Path, Span: n.Span, Exact: true} }
	report := func(n *frontmatter.Node, message string, close []string) {
		p := site.Problem{Code: "settings", Severity: ruleOf("settings").Severity, At: at(n), Message: message + near(close, "")}
		if len(close) > 0 {
			p.Fixes = replace(p.At, close[0])
		}
		s.Problems = append(s.Problems, p)
	}
	if problem != nil {
		s.Problems = append(s.Problems, site.Problem{
			Code: "settings", Severity: site.Error, At: site.Origin{File: src.Path, Span: problem.Span, Exact: true},
			Message: "This file is not YAML: " + problem.Message + ".",
		})
		return s
	}
	if values.Kind != frontmatter.Map && values.Kind != frontmatter.Null {
		report(values, "Settings are keys and values: rules and exclude.", nil)
	}
	for _, e := range values.Entries {
		switch e.Key.Text {
		case "rules":
			if e.Value.Kind != frontmatter.Map {
				report(e.Value, "“rules” gives each rule's code a severity.", nil)
				continue
			}
			for _, r := range e.Value.Entries {
				s.rule(r, report)
			}
		case "exclude":
			if e.Value.Kind == frontmatter.Map || e.Value.Kind == frontmatter.Null {
				report(e.Key, "“exclude” is a list of paths, which may hold * and **.", nil)
				continue
			}
			for _, pattern := range e.Value.Strings() {
				if !doublestar.ValidatePattern(pattern) {
					report(e.Value, "“"+pattern+"” is no pattern of paths.", nil)
					continue
				}
				s.exclude = append(s.exclude, strings.TrimPrefix(pattern, "/"))
			}
		default:
			report(e.Key, "There is no setting “"+e.Key.Text+"”.", tex.Near(e.Key.Text, keys()))
		}
	}
	return s
}

func keys() (names []string) {
	for _, k := range SettingKeys {
		names = append(names, k.Name)
	}
	return names
}

// EditorSettings are what an editor is told in place of a file: a severity by
// rule, and patterns of paths to leave out. What nobody can read is left out,
// and named.
func EditorSettings(severities map[string]string, exclude []string) (s *Settings, wrong []string) {
	s = &Settings{severities: map[string]site.Severity{}}
	for _, code := range slices.Sorted(maps.Keys(severities)) {
		severity, ok := ParseSeverity(severities[code])
		_, known := Find(code)
		switch {
		case known && ok:
			s.severities[code] = severity
		case !known || severities[code] != "on":
			wrong = append(wrong, code+": "+severities[code])
		}
	}
	for _, pattern := range exclude {
		if !doublestar.ValidatePattern(pattern) {
			wrong = append(wrong, pattern)
			continue
		}
		s.exclude = append(s.exclude, strings.TrimPrefix(pattern, "/"))
	}
	return s, wrong
}

// Over returns the settings of a site over those of its author's editor: where
// both speak of a rule, the site decides, as it does for everyone who writes for
// it; what either leaves out is left out. Without an editor's, nil, they are the
// site's alone.
func (s *Settings) Over(editor *Settings) *Settings {
	over := *s
	over.editor = editor
	return &over
}

func (s *Settings) rule(e frontmatter.Entry, report func(*frontmatter.Node, string, []string)) {
	if _, ok := Find(e.Key.Text); !ok {
		report(e.Key, "There is no rule “"+e.Key.Text+"”.", tex.Near(e.Key.Text, codes()))
		return
	}
	word := e.Value.Text
	if e.Value.Kind == frontmatter.Bool { // YAML reads off as false
		word = map[string]string{"true": "on", "false": "off"}[word]
	}
	switch word {
	case "on":
		s.on[e.Key.Text] = true
	case "off", "error", "warning", "info", "hint":
		severity, _ := ParseSeverity(word)
		s.severities[e.Key.Text] = severity
	default:
		report(e.Value, "A severity is error, warning, info, hint, on or off.", tex.Near(word, SeverityWords))
	}
}

// ParseSeverity reads a severity's name.
func ParseSeverity(word string) (site.Severity, bool) {
	for v := site.Error; v <= site.Off; v++ {
		if v.String() == word {
			return v, true
		}
	}
	return 0, false
}

// Apply returns the problems as the settings want them.
func (s *Settings) Apply(list []site.Problem) []site.Problem {
	out := list[:0:0]
	for _, p := range list {
		if v, ok := s.severities[p.Code]; ok {
			p.Severity = v
		} else if s.editor != nil && !s.on[p.Code] {
			if v, ok := s.editor.severities[p.Code]; ok {
				p.Severity = v
			}
		}
		if p.Severity != site.Off {
			out = append(out, p)
		}
	}
	return out
}

// Excludes reports whether a file is left out: its problems are not shown.
func (s *Settings) Excludes(p site.Path) bool {
	for _, pattern := range s.exclude {
		if ok, _ := doublestar.Match(pattern, string(p)); ok || strings.HasPrefix(string(p), strings.TrimSuffix(pattern, "/")+"/") {
			return true
		}
	}
	return s.editor != nil && s.editor.Excludes(p)
}
