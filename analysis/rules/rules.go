package rules

import (
	"fmt"
	"slices"

	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// A Rule reports one kind of problem.
type Rule struct {
	Code     string
	Severity site.Severity // where the settings do not say otherwise
	Summary  string        // one line, for lists

	// local looks at a page alone. It runs once, when the page is made.
	local func(*page)
	// site looks at what other files decide.
	site func(*site.Facts, *site.Snapshot, func(site.Problem))
	// math says that the problem lies in formulas, so that a delimiter which
	// never closes silences it.
	math bool
}

// All are the rules, by code.
var All = []Rule{
	{Code: "broken-anchor", Severity: site.Warning, Summary: "a link to an id that the page does not have", local: brokenAnchor},
	{Code: "broken-link", Severity: site.Warning, Summary: "a link to a page, or to an id of another page, that does not exist", site: brokenLink},
	{Code: "broken-post-url", Severity: site.Error, Summary: "a post_url or link tag that names no document: the site is not built", site: brokenPostURL},
	{Code: "currency-as-math", Severity: site.Error, Summary: "two amounts in dollars that are set as a formula", local: currencyAsMath},
	{Code: "duplicate-citation-key", Severity: site.Warning, Summary: "two works of one BibTeX file with one key: a citation means only one of them"},
	{Code: "duplicate-footnote", Severity: site.Warning, Summary: "two footnotes of one name: readers get the later text only", local: duplicateFootnote},
	{Code: "duplicate-id", Severity: site.Warning, Summary: "two elements with one id: links reach the first only", local: duplicateID},
	{Code: "duplicate-label", Severity: site.Error, Summary: "two equations with one label: the second is an error box", local: duplicateLabel, math: true},
	{Code: "front-matter", Severity: site.Error, Summary: "front matter that Jekyll cannot read", local: frontMatter},
	{Code: "latex-in-prose", Severity: site.Warning, Summary: "LaTeX in running text, which is printed as it stands", local: latexInProse},
	{Code: "liquid-in-math", Severity: site.Error, Summary: "braces in a formula that Liquid takes for its own and empties", local: liquidInMath, math: true},
	{Code: "liquid-syntax", Severity: site.Error, Summary: "a Liquid tag that Jekyll refuses: the page is not built", local: liquidSyntax},
	{Code: "math-delimiter", Severity: site.Error, Summary: "formulas between single dollars where the site's MathJax has no $: readers see the TeX", local: mathDelimiter},
	{Code: "math-emphasis", Severity: site.Error, Summary: "a formula torn apart by emphasis: readers see the TeX", local: mathEmphasis},
	{Code: "math-escapes", Severity: site.Error, Summary: "a backslash that kramdown eats and TeX needed", local: mathEscapes, math: true},
	{Code: "math-html", Severity: site.Error, Summary: "a formula torn apart by what looks like an HTML tag", local: mathHTML},
	{Code: "math-in-table", Severity: site.Error, Summary: "a formula whose | makes a table of its line", local: mathInTable},
	{Code: "math-not-loaded", Severity: site.Error, Summary: "formulas on a page that loads no MathJax: readers see the TeX", local: mathNotLoaded},
	{Code: "math-typography", Severity: site.Warning, Summary: "quotes or dashes that kramdown sets in a formula", local: mathTypography, math: true},
	{Code: "mathjax-error", Severity: site.Error, Summary: "a formula that MathJax prints as an error box", local: faults("tex-error"), math: true},
	{Code: "missing-bibliography", Severity: site.Error, Summary: "citations from a BibTeX file that does not exist, or from none", site: missingBibliography},
	{Code: "missing-image", Severity: site.Error, Summary: "an image whose file does not exist", site: missingImage},
	{Code: "missing-include", Severity: site.Error, Summary: "an include whose file does not exist: the site is not built", site: missingInclude},
	{Code: "not-a-post", Severity: site.Warning, Summary: "a file in _posts whose name has no date: Jekyll passes over it", local: notAPost},
	{Code: "raw-tex", Severity: site.Error, Summary: "a formula that never ends: readers see the TeX", local: rawTeX},
	{Code: "redefined-macro", Severity: site.Hint, Summary: "a definition that silently replaces another meaning", local: redefinedMacro, math: true},
	{Code: "require-shadowed", Severity: site.Warning, Summary: "a command that \\require does not replace: readers see MathJax's own", local: requireShadowed, math: true},
	{Code: "settings", Severity: site.Warning, Summary: "a key or value in .scholium.yml that nobody reads"},
	{Code: "toc-mismatch", Severity: site.Warning, Summary: "an entry of the front matter's contents that no heading answers", local: tocMismatch},
	{Code: "unclosed-group", Severity: site.Error, Summary: "a brace, environment or \\left that is not closed", local: faults("unclosed-group"), math: true},
	{Code: "undefined-citation", Severity: site.Error, Summary: "a citation of no work: readers see (missing reference), or ?", site: undefinedCitation},
	{Code: "undefined-command", Severity: site.Error, Summary: "a command that MathJax does not know: readers see it in red", local: faults("undefined-command"), math: true},
	{Code: "undefined-environment", Severity: site.Error, Summary: "an environment that MathJax does not know", local: faults("undefined-environment"), math: true},
	{Code: "undefined-footnote", Severity: site.Error, Summary: "a footnote marker without a footnote: readers see [^name]", local: undefinedFootnote},
	{Code: "undefined-label", Severity: site.Error, Summary: "a reference to no equation: readers see ???", local: undefinedLabel, math: true},
	{Code: "undefined-link-reference", Severity: site.Hint, Summary: "[text][name] without a definition of name: printed as it stands", local: undefinedLinkReference},
	{Code: "unknown-package", Severity: site.Error, Summary: "a package that MathJax does not have: it sets no formula of the page", local: unknownPackage, math: true},
	{Code: "unnumbered-label", Severity: site.Error, Summary: "a reference to an equation that has no number: readers see ???", local: unnumberedLabel, math: true},
	{Code: "unused-footnote", Severity: site.Hint, Summary: "a footnote that no marker uses: it is not printed", local: unusedFootnote},
	{Code: "unused-ignore", Severity: site.Hint, Summary: "a scholium-ignore that silences nothing, or names no rule"},
	{Code: "unused-macro", Severity: site.Hint, Summary: "a macro that the page defines and never uses", local: unusedMacro, math: true},
}

// Find returns the rule of a code.
func Find(code string) (Rule, bool) {
	for _, r := range All {
		if r.Code == code {
			return r, true
		}
	}
	return Rule{}, false
}

// Checker is what makes pages report: hand it to site.New.
func Checker() site.Rules { return site.Rules{Local: local, Site: onSite, Last: onPage} }

// A page is a page under the eyes of a rule.
type page struct {
	*site.Page
	rule  *Rule
	found *[]site.Problem
	*damage
}

// damage is what several rules ask of a page: found once.
type damage struct {
	refusal *liquid.Problem // why Liquid cannot read the page; nil where it can
	shifted *tex.Formula    // the formula that a $$ without an end runs into; else nil
	quiet   []text.Span     // of the flow, where formulas are not to be trusted
	torn    []torn          // formulas that elements tear apart

	causes []site.Origin // of the problems that may explain an error of MathJax, in order
	looked int           // at how many problems for that
}

func local(p *site.Page) []site.Problem {
	var found []site.Problem
	if p.Tree == nil {
		if p.File.Markdown {
			frontMatter(&page{Page: p, rule: ruleOf("front-matter"), found: &found})
		}
		return found
	}
	d := &damage{refusal: refusal(p), shifted: shifted(p)}
	d.quiet, d.torn = unclosed(p, d.shifted), tornFormulas(p)
	for i := range All {
		if p.File.Kind == jekyll.NotAPost && All[i].Code != "not-a-post" {
			continue // nobody ever sees it
		}
		if All[i].local != nil && (d.refusal == nil || All[i].Code == "liquid-syntax" || All[i].Code == "front-matter") {
			All[i].local(&page{Page: p, rule: &All[i], found: &found, damage: d})
		}
	}
	doubts(&page{Page: p, rule: ruleOf("mathjax-error"), found: &found, damage: d})
	return found
}

func ruleOf(code string) *Rule {
	for i := range All {
		if All[i].Code == code {
			return &All[i]
		}
	}
	return nil
}

func onSite(f *site.Facts, s *site.Snapshot) []site.Problem {
	var found []site.Problem
	for i := range All {
		r := &All[i]
		if r.site != nil {
			r.site(f, s, func(p site.Problem) {
				p.Code, p.Severity = r.Code, r.Severity
				found = append(found, p)
			})
		}
	}
	return append(found, judged(f, s)...)
}

// report adds a problem of the page's rule.
func (p *page) report(at site.Origin, format string, args ...any) *site.Problem {
	*p.found = append(*p.found, site.Problem{Code: p.rule.Code, Severity: p.rule.Severity, At: at, Message: fmt.Sprintf(format, args...)})
	return &(*p.found)[len(*p.found)-1]
}

// inMath is where a span of a formula stands in the page's own file: an author
// is shown the include tag rather than the inside of a template.
func (p *page) inMath(f *tex.Formula, span text.Span) site.Origin {
	return p.own(p.InMath(f, span), f.Flow.Start)
}

// behind is the place behind what stands somewhere, where something can be put.
func behind(o site.Origin) site.Origin {
	o.Span.Start = o.Span.End
	return o
}

// own takes an origin in another file to the tag that brought it.
func (p *page) own(o site.Origin, flow int) site.Origin {
	if o.File == p.Source.Path {
		return o
	}
	return p.Own(o, p.Out(flow))
}

// hushed reports whether a formula lies where a delimiter never closes.
func (p *page) hushed(f *tex.Formula) bool {
	if !p.rule.math {
		return false
	}
	for _, q := range p.quiet {
		if q.Start <= f.Flow.Start && f.Flow.Start < q.End {
			return true
		}
	}
	return false
}

// knows reports whether the absence of a name may be reported on this page.
func (p *page) knows(kind site.Kind) bool { return p.Facts.Knows(kind) == site.Certain }

// replace is a fix that writes another name.
func replace(at site.Origin, with string) []site.Fix {
	return edit(at, "Replace by "+with, with)
}

// edit is a fix of one edit at a place; none where the place is not written to the letter.
func edit(at site.Origin, title, new string) []site.Fix {
	if !at.Exact {
		return nil
	}
	return []site.Fix{{Title: title, Edits: []site.FileEdit{{File: at.File, Edit: text.Edit{Span: at.Span, New: new}}}}}
}

// both is a fix that writes the same at two places; none where one of them is
// not written to the letter.
func both(first, last site.Origin, title, new string) []site.Fix {
	if !first.Exact || !last.Exact {
		return nil
	}
	return []site.Fix{{Title: title, Edits: []site.FileEdit{
		{File: first.File, Edit: text.Edit{Span: first.Span, New: new}}, {File: last.File, Edit: text.Edit{Span: last.Span, New: new}},
	}}}
}

// asked says of fixes that an author has to choose them.
func asked(fixes []site.Fix) []site.Fix {
	for i := range fixes {
		fixes[i].Ask = true
	}
	return fixes
}

// maxGuesses is for how many names a rule looks on one page for what its author
// may have meant. Whoever has more than these wrong is not helped by a guess.
const maxGuesses = 100

// guesses counts the names that a rule has done so for.
type guesses int

// near returns the names that may have been meant by name, as tex.Near does,
// and nil once there have been enough.
func (g *guesses) near(name string, among func() []string) []string {
	if *g >= maxGuesses {
		return nil
	}
	*g++
	return tex.Near(name, among())
}

func these(names []string) func() []string { return func() []string { return names } }

// near words the suggestion of a near name; empty where there is none.
func near(names []string, before string) string {
	if len(names) == 0 {
		return ""
	}
	return " Did you mean " + before + names[0] + "?"
}

// needs are the kinds of names whose absence a rule reports: where one of them
// is not certain on a page, the rule is silent.
var needs = map[string]site.Kind{
	"undefined-label": site.Label, "unnumbered-label": site.Label, "undefined-footnote": site.Footnote, "unused-footnote": site.Footnote,
	"broken-anchor": site.Anchor, "toc-mismatch": site.Anchor, "undefined-link-reference": site.Footnote, "undefined-command": site.Macro, "undefined-environment": site.Macro, "math-not-loaded": site.Macro, "math-delimiter": site.Macro, "missing-image": site.Asset,
	"undefined-citation": site.Citation,
}

// A Silence is a rule that says nothing about a page, because something that it
// depends on is not known there.
type Silence struct {
	Code    string
	Because []string // what is not known, in words
}

// Silent returns the rules that say nothing about a page of a site, in their
// order.
func Silent(p *site.Page, s *site.Snapshot) []Silence {
	var out []Silence
	for _, r := range All {
		var because []string
		if p.Tree == nil && r.Code != "front-matter" && r.Code != "missing-include" && r.Code != "settings" {
			because = append(because, "pages that are not Markdown for kramdown")
		}
		if kind, ok := needs[r.Code]; ok {
			for _, u := range p.Facts.Unknown {
				if slices.Contains(u.Kinds, kind) && !slices.Contains(because, u.What) {
					because = append(because, u.What)
				}
			}
			if kind == site.Asset {
				for _, plugin := range s.FileMakers() {
					because = append(because, "the plugin "+plugin)
				}
			}
		}
		if r.math && p.Config != nil && p.Config.Unknown != "" && !slices.Contains(because, p.Config.Unknown) {
			because = append(because, p.Config.Unknown)
		}
		if len(because) > 0 {
			out = append(out, Silence{r.Code, because})
		}
	}
	return out
}
