package bib

import "strings"

// Cited is what an author–year citation shows of an entry: “Vaswani et al.
// (2017)”. Empty where it has neither people nor a year.
func (e *Entry) Cited() string {
	people := e.people()
	short := ""
	switch {
	case len(people) == 0:
		short = e.plain("organization", "institution", "publisher")
	case len(people) == 1:
		short = people[0].Short()
	case len(people) == 2 && !people[1].Others:
		short = people[0].Short() + " and " + people[1].Short()
	default:
		short = people[0].Short() + " et al."
	}
	if year := e.Year(); year != "" {
		short += " (" + year + ")"
	}
	return strings.TrimSpace(short)
}

// Line is an entry in one line: who, when, what, where.
func (e *Entry) Line() string {
	out := e.Cited()
	for _, s := range []string{e.Title(), e.Venue()} {
		if s == "" {
			continue
		}
		if out != "" {
			out = strings.TrimSuffix(out, ".") + ". "
		}
		out += s
	}
	return out
}

// Authors are the names of an entry as they are spoken, at most n of them: its
// authors, or else its editors.
func (e *Entry) Authors(n int) string {
	var names []string
	for i, p := range e.people() {
		if p.Others || i == n {
			return strings.Join(names, ", ") + " et al."
		}
		names = append(names, p.Full())
	}
	return strings.Join(names, ", ")
}

// Title is an entry's title in Unicode.
func (e *Entry) Title() string { return e.plain("title", "booktitle") }

// Venue is where an entry appeared: a journal, a book, a school, a publisher.
func (e *Entry) Venue() string {
	if e.Get("title") == nil {
		return e.plain("journal", "journaltitle", "school", "institution", "publisher")
	}
	return e.plain("journal", "journaltitle", "booktitle", "school", "institution", "howpublished", "publisher")
}

// Year is the year of an entry: its field, or that of its date.
func (e *Entry) Year() string {
	if y := e.plain("year"); y != "" {
		return y
	}
	year, _, _ := strings.Cut(e.plain("date"), "–") // of a span of years
	year, _, _ = strings.Cut(year, "-")
	return year
}

// Link is where an entry can be read: its DOI as an address, its arXiv page, or
// its url. Empty where none of them is known.
func (e *Entry) Link() string {
	if f := e.Get("doi"); f != nil && strings.TrimSpace(f.Value) != "" {
		doi := strings.TrimSpace(strings.ReplaceAll(f.Value, `\_`, "_"))
		if strings.HasPrefix(doi, "http") {
			return doi
		}
		return "https://doi.org/" + doi
	}
	if f := e.Get("url"); f != nil {
		url := strings.TrimSpace(strings.ReplaceAll(f.Value, `\_`, "_"))
		if inner, ok := strings.CutPrefix(url, `\url{`); ok {
			url = strings.TrimSuffix(inner, "}")
		}
		if strings.HasPrefix(url, "http") {
			return url
		}
	}
	if f := e.Get("eprint"); f != nil && strings.Contains(strings.ToLower(e.plain("archiveprefix", "eprinttype", "journal")), "arxiv") {
		return "https://arxiv.org/abs/" + strings.TrimSpace(f.Value)
	}
	return ""
}

func (e *Entry) people() []Person {
	for _, name := range []string{"author", "editor"} {
		if f := e.Get(name); f != nil {
			if people := People(f.Value); len(people) > 0 {
				return people
			}
		}
	}
	return nil
}

// plain is the first of some fields that says something, in Unicode.
func (e *Entry) plain(names ...string) string {
	for _, name := range names {
		if f := e.Get(name); f != nil {
			if s := Plain(f.Value); s != "" {
				return s
			}
		}
	}
	return ""
}
