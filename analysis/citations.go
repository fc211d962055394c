package analysis

import (
	"fmt"
	"strings"

	"scholium/analysis/bib"
	"scholium/analysis/site"
)

// hoverCitation describes the work that a key means: title, people, venue, year
// and where to read it.
func hoverCitation(c site.Cursor, n site.Name) string {
	var e *bib.Entry
	file := c.File
	if src := c.Source(); src != nil && src.Bib != nil {
		for i := range src.Bib.Entries { // at a second work of one key, that one
			if src.Bib.Entries[i].KeySpan == n.At.Span {
				e = &src.Bib.Entries[i]
			}
		}
		if e == nil {
			e = src.Bib.Find(n.Text)
		}
	} else if n.Works != nil {
		if work, ok := c.Site.Work(n.Works, n.Text); ok {
			e, file = work.Entry, work.File
		}
	}
	if e == nil {
		if n.Works != nil && n.Works.Unknown == "" && len(n.Works.Files) > 0 {
			return fmt.Sprintf("No work in `%s` has the key `%s`", n.Works.Files[0], n.Text)
		}
		return fmt.Sprintf("Citation of `%s`", n.Text)
	}
	return work(e, file)
}

// The most authors that a hover names.
const hoverAuthors = 12

// work describes an entry in Markdown.
func work(e *bib.Entry, file site.Path) string {
	var b strings.Builder
	if title := e.Title(); title != "" {
		b.WriteString("**" + plainMarkdown(title) + "**\n\n")
	}
	var facts []string
	if people := e.Authors(hoverAuthors); people != "" {
		facts = append(facts, plainMarkdown(people))
	}
	for _, s := range []string{e.Venue(), e.Year()} {
		if s != "" {
			facts = append(facts, plainMarkdown(s))
		}
	}
	if len(facts) > 0 {
		b.WriteString(strings.Join(facts, " · ") + "\n\n")
	}
	if link := e.Link(); link != "" && !strings.ContainsAny(link, "<> \n\r") {
		b.WriteString("<" + link + ">\n\n")
	}
	fmt.Fprintf(&b, "`%s` · `%s`", e.Key, file)
	return b.String()
}

// plainMarkdown hides what Markdown would read in a text.
func plainMarkdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", "&lt;", "&", "&amp;", "$", `\$`).Replace(s)
}

// hoverBibliography says how many works a BibTeX file holds.
func hoverBibliography(c site.Cursor, n site.Name) string {
	p := site.Path(n.Text)
	switch src := c.Site.Source(p); {
	case src != nil && src.Bib != nil && len(src.Bib.Entries) == 1:
		return fmt.Sprintf("`%s` · 1 work", p)
	case src != nil && src.Bib != nil:
		return fmt.Sprintf("`%s` · %d works", p, len(src.Bib.Entries))
	case c.Site.Absent(p):
		return fmt.Sprintf("There is no file `%s`", p)
	}
	return fmt.Sprintf("`%s`", p)
}

// Works is the outline of a BibTeX file: its entries in their order; nil for any
// other file.
func Works(src *site.Source) []Symbol {
	if src == nil || src.Bib == nil {
		return nil
	}
	var out []Symbol
	for i := range src.Bib.Entries {
		e := &src.Bib.Entries[i]
		s := Symbol{Name: e.Key, Detail: shorten(e.Line(), 80), Kind: CitationSymbol, Span: e.Span, Select: e.KeySpan}
		if s.Name == "" {
			s.Name, s.Select = "@"+e.Type, e.Span
		}
		out = append(out, s)
	}
	return out
}
