package analysis

import (
	"path"
	"slices"
	"strings"

	"scholium/analysis/site"
)

// openCite returns what is typed of a key in a d-cite element whose attribute is
// open at the end of a line.
func openCite(line string) (string, bool) {
	at := strings.LastIndex(line, "<d-cite")
	if at < 0 {
		return "", false
	}
	tag := line[at+len("<d-cite"):]
	key := strings.LastIndex(tag, "key=")
	if key < 0 {
		return "", false
	}
	value := tag[key+len("key="):]
	if quote := value[:min(1, len(value))]; quote == `"` || quote == "'" {
		if value = value[1:]; strings.Contains(value, quote) {
			return "", false // closed
		}
	} else if strings.ContainsAny(value, " \t") {
		return "", false
	}
	if strings.ContainsAny(value, "<>=") {
		return "", false
	}
	return strings.TrimLeft(value[strings.LastIndexByte(value, ',')+1:], " \t"), true
}

// completeCite proposes keys and BibTeX files in a tag of jekyll-scholar.
func completeCite(c site.Cursor, tag, arguments string) []Candidate {
	if c.Page == nil {
		return nil
	}
	words := strings.Fields(arguments)
	typed := ""
	if arguments != "" && len(words) > 0 && !strings.HasSuffix(arguments, " ") {
		typed, words = words[len(words)-1], words[:len(words)-1]
	}
	option := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
	var options []string
	if option >= 0 {
		options = words[option:]
	} else {
		options = optionsBehind(c)
	}
	works := c.Site.Works(c.Page, tag, options)
	if works == nil {
		return nil
	}
	if n := len(words); n > 0 && (words[n-1] == "--file" || words[n-1] == "-f") {
		source := c.Site.Config.Scholar.Source + "/"
		var files []string
		c.Site.EachBib(func(src *site.Source) {
			if name, ok := strings.CutPrefix(string(src.Path), source); ok {
				files = append(files, name)
			}
		})
		return simple(c, typed, files, FileCandidate)
	}
	if option >= 0 || strings.HasPrefix(tag, "bibliography") || strings.HasPrefix(typed, "-") {
		return nil
	}
	return completeWorks(c, typed, works)
}

// optionsBehind are the options of the tag that the cursor stands in.
func optionsBehind(c site.Cursor) []string {
	rest := c.Text()[c.Offset:]
	rest, _, _ = strings.Cut(rest, "\n")
	rest, _, ok := strings.Cut(rest, "%}")
	words := strings.Fields(rest)
	i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") && w != "-" })
	if !ok || i < 0 {
		return nil
	}
	return words[i:]
}

// completeWorks proposes the works of files by their keys. They are found by
// people, year and title too.
func completeWorks(c site.Cursor, typed string, works *site.Works) []Candidate {
	if works == nil {
		return nil
	}
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && strings.IndexByte(keyLetters, doc[span.End]) >= 0 {
		span.End++
	}
	var out []Candidate
	seen := map[string]bool{}
	for _, p := range works.Files {
		src := c.Site.Source(p)
		if src == nil || src.Bib == nil {
			continue
		}
		for i := range src.Bib.Entries {
			e := &src.Bib.Entries[i]
			if e.Key == "" || seen[e.Key] {
				continue
			}
			seen[e.Key] = true
			line := e.Line()
			detail := shorten(line, 80)
			if len(works.Files) > 1 {
				detail += " · " + path.Base(string(p))
			}
			out = append(out, Candidate{
				Label: e.Key, Detail: detail, Insert: e.Key, Filter: strings.TrimSpace(e.Key + " " + line),
				Kind: CitationCandidate, Replace: span, Sort: strings.ToLower(e.Key),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return strings.Compare(a.Sort, b.Sort) })
	return out
}
