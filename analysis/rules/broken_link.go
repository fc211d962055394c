package rules

import (
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
)

// brokenLink reports links to pages that the site does not have, and to ids
// that another page does not have. It speaks only of addresses beside others of
// the site, where every maker of pages is known.
func brokenLink(f *site.Facts, s *site.Snapshot, report func(site.Problem)) {
	var g guesses
	for i := range f.Names {
		n := &f.Names[i]
		if n.Kind != site.PageLink {
			continue
		}
		at := n.At
		if at.File != f.Path {
			at = n.Whole
		}
		target := s.AtURL(n.Text)
		switch {
		case target != nil && target.Hidden && !f.Hidden && f.Kind != jekyll.Draft:
			report(site.Problem{At: at, Message: "This link leads nowhere: “" + target.Title + "” is not published, as its front matter says.",
				Related: []site.Related{{At: site.Origin{File: target.Path}, Message: "the page that is not published"}}})
		case target != nil:
			id := n.Detail
			if id == "" || strings.EqualFold(id, "top") || strings.HasPrefix(id, ":~:") || target.HasAnchor(id) {
				continue
			}
			report(site.Problem{At: at, Message: "This link leads to the top of its page: nothing on “" + target.Title + "” has the id “" + id + "”."})
		case s.Serves(n.Text) || s.KnowsURL(n.Text) == site.Uncertain:
		default:
			message := "This link leads nowhere: the site has no page “/" + n.Text + "”."
			if close := g.near(n.Text, func() []string { return s.NearURLs(n.Text) }); len(close) > 0 {
				message += " Did you mean “/" + close[0] + "”?"
			}
			report(site.Problem{At: at, Message: message})
		}
	}
}
