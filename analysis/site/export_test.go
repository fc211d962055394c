package site

import (
	"testing"

	"scholium/workspace/judge/nodejs"
)

// What the tests that need the rules, too, take from those of this package.
type Refereed = refereed

func CorpusDirs(t *testing.T) []string { return corpus(t) }

func NeedReferees(t *testing.T) {
	needRuby(t)
	nodejs.Modules(t)
}

func SiteWith(t *testing.T, dir string, rules Rules) *Snapshot { return withScripts(t, dir, rules) }

// RefereeOf says what becomes of pages with other texts: path and text each.
func RefereeOf(t *testing.T, dir string, changed [][2]string) []Refereed {
	var list []changedPage
	for _, c := range changed {
		list = append(list, changedPage{c[0], c[1]})
	}
	return referee(t, dir, list...)
}

func QuestionOf(p *Page, html string) nodejs.Page { return question(p, html) }
