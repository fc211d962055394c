package analysis

import (
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// completeFootnotes proposes the page's footnotes, those without a marker first,
// and a new one with its definition.
func completeFootnotes(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	span := word(c, typed, "] \t")
	end := closing(c, span, "]")
	has := map[string]bool{}
	for _, f := range c.Page.Tree.Footnotes {
		if f.Replaced {
			continue
		}
		has[f.Name] = true
		detail := ""
		if f.Node != nil {
			detail = site.PlainText(f.Node)
		}
		rank := "1"
		if f.Number == 0 {
			rank = "0"
		}
		out = append(out, Candidate{
			Label: f.Name, Detail: shorten(detail, 60), Doc: detail, Insert: f.Name + end, Kind: FootnoteCandidate, Replace: span,
			Sort: fmt.Sprintf("%s%05d", rank, len(out)),
		})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Sort < out[j].Sort })
	name := typed
	for n := 1; name == "" || has[name]; n++ {
		if typed != "" {
			return out // it is there
		}
		if next := strconv.Itoa(n); !has[next] {
			name = next
		}
	}
	return append(out, Candidate{
		Label: name, Detail: "a new footnote, with its definition", Insert: name + end, Kind: FootnoteCandidate, Replace: span,
		Sort: "9", Extra: newNote(c.Page, c.Offset, name)[:1],
	})
}

// completeAddress proposes where a link or image can lead: ids of the page or of
// another, pages of the site, its files.
func completeAddress(c site.Cursor, typed string) []Candidate {
	span := word(c, typed, ") \t\"")
	line := c.Line()
	end := closing(c, span, `) "`)
	add := func(out []Candidate, label, detail, insert, rank string, kind CandidateKind, file site.Path) []Candidate {
		return append(out, Candidate{File: file, Label: label, Detail: shorten(detail, 60), Insert: insert + end, Kind: kind, Replace: span, Filter: strings.TrimSpace(insert + " " + detail), Sort: fmt.Sprintf("%s%06d", rank, len(out))})
	}
	var out []Candidate
	if page, id, ok := strings.Cut(typed, "#"); ok {
		facts := c.Page.Facts
		if page != "" {
			key := strings.Trim(strings.TrimPrefix(page, c.Site.Config.BaseURL), "/")
			if facts = c.Site.AtURL(strings.TrimSuffix(strings.TrimSuffix(key, "/index.html"), ".html")); facts == nil {
				return nil
			}
		}
		span = text.Span{Start: c.Offset - len(id), End: span.End}
		seen := map[string]bool{}
		for _, n := range facts.Names {
			if n.Kind != site.Anchor || n.Uses || seen[n.Text] || strings.HasPrefix(n.Text, "fn:") || strings.HasPrefix(n.Text, "fnref:") {
				continue
			}
			seen[n.Text] = true
			out = add(out, n.Text, n.Detail, n.Text, "0", AnchorCandidate, "")
			out[len(out)-1].Filter = ""
		}
		return out
	}
	if c.Site.Loose || strings.Contains(typed, ":") {
		return nil
	}
	image := strings.LastIndex(line, "![") > strings.LastIndex(line[:max(0, len(line)-len(typed)-2)], "](")
	if !image {
		for _, f := range c.Site.AllFacts() {
			if f.URL == "" || f.Path == c.File || f.Kind == jekyll.Draft || f.Hidden {
				continue
			}
			title := f.Title
			if f.Date != "" {
				title += " · " + f.Date
			}
			out = add(out, f.URL, title, address(c.Site, f.URL), "1"+inverse(f.Date), PageCandidate, f.Path)
		}
	}
	for _, p := range c.Site.Files(func(p site.Path) bool { return c.Site.Config.Classify(string(p)).Kind == jekyll.Static }) {
		picture := images[strings.ToLower(path.Ext(string(p)))]
		if picture != image && !(strings.EqualFold(path.Ext(string(p)), ".pdf") && !image) || c.Site.Facts(p) != nil {
			continue
		}
		out = add(out, "/"+string(p), "", address(c.Site, "/"+string(p)), "2", FileCandidate, p)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Sort < out[j].Sort })
	return out
}

var images = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".svg": true, ".webp": true, ".avif": true}

// address writes the address of a page or file of the site as a post needs it:
// through Liquid where the site lies below a path of its host.
func address(s *site.Snapshot, url string) string {
	if strings.Trim(s.Config.BaseURL, "/") == "" {
		return url
	}
	return "{{ '" + url + "' | relative_url }}"
}

// inverse sorts dates the newest first.
func inverse(date string) string {
	b := []byte(date)
	for i, c := range b {
		if c >= '0' && c <= '9' {
			b[i] = '9' - (c - '0')
		}
	}
	if date == "" {
		return "~"
	}
	return string(b)
}

// completeLinkRefs proposes the page's link definitions.
func completeLinkRefs(c site.Cursor, typed string) []Candidate {
	span := word(c, typed, "]")
	end := closing(c, span, "]")
	var out []Candidate
	for _, d := range c.Page.Facts.Names {
		if d.Kind == site.LinkRef && !d.Uses {
			out = append(out, Candidate{Label: d.Text, Detail: shorten(d.Detail, 60), Insert: d.Text + end, Kind: AnchorCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
		}
	}
	return out
}
