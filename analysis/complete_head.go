package analysis

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// inHead reports whether an offset lies in front matter.
func inHead(src *site.Source, offset int) bool {
	return src.Head.Present && src.Head.YAML.Start <= offset && offset <= src.Head.YAML.End && offset < src.Head.Body
}

// wellKnown are keys of front matter that Jekyll reads, with what they do.
var wellKnown = map[string]string{
	"title": "the page's title", "layout": "the layout around the page", "date": "the day, which goes before the file's name", "categories": "a list, or words",
	"tags": "a list, or words", "permalink": "the page's address", "published": "false: it is not on the site", "excerpt": "its first words", "author": "who wrote it",
	"description": "for search engines", "image": "for search engines", "redirect_from": "old addresses", "render_with_liquid": "false: it does not go through Liquid",
}

// completeHead proposes keys of front matter that other pages of the site have,
// and the values that they have there.
func completeHead(c site.Cursor) []Candidate {
	line := c.Line()
	src := c.Source()
	trimmed := strings.TrimLeft(line, " ")
	if !strings.Contains(line, ":") && !strings.HasPrefix(trimmed, "-") && trimmed == line {
		return completeKeys(c, src, line)
	}
	key, typed := "", ""
	if k, v, ok := strings.Cut(line, ":"); ok && trimmed == line {
		key, typed = strings.TrimSpace(k), strings.TrimLeft(v, " ")
		if i := strings.LastIndexAny(typed, "[,"); i >= 0 {
			typed = strings.TrimLeft(typed[i+1:], " ")
		}
	} else if rest, ok := strings.CutPrefix(trimmed, "- "); ok {
		typed = rest
		key = listKey(src.Text[src.Head.YAML.Start : c.Offset-len(line)])
	}
	if key == "" || strings.ContainsAny(typed, `"'{`) {
		return nil
	}
	return completeHeadValues(c, key, typed)
}

// listKey is the key of the list whose items follow a text.
func listKey(before string) string {
	lines := strings.Split(strings.TrimRight(before, "\n"), "\n")
	for _, l := range slices.Backward(lines) {
		trimmed := strings.TrimSpace(l)
		if strings.HasPrefix(trimmed, "-") {
			continue
		}
		key, value, ok := strings.Cut(trimmed, ":")
		if !ok || value != "" {
			return ""
		}
		return key
	}
	return ""
}

func completeKeys(c site.Cursor, src *site.Source, typed string) []Candidate {
	span := replaced(c, typed)
	doc := c.Text()
	colon := ": "
	for span.End < len(doc) && (isWordByte(doc[span.End]) || doc[span.End] == '-') {
		span.End++
	}
	if span.End < len(doc) && doc[span.End] == ':' {
		colon = ""
	}
	counts := c.Site.HeadKeys()
	for key := range wellKnown {
		counts[key] += 0
	}
	var out []Candidate
	for _, key := range ranked(counts) {
		if src.Head.Values.Has(key) && key != typed {
			continue
		}
		detail := wellKnown[key]
		if n := counts[key]; n > 0 && detail == "" {
			detail = fmt.Sprintf("in %d pages of this site", n)
		}
		out = append(out, Candidate{Label: key, Detail: detail, Insert: key + colon, Kind: KeyCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
	}
	return out
}

func completeHeadValues(c site.Cursor, key, typed string) []Candidate {
	counts := map[string]int{}
	switch key {
	case "layout":
		dir := strings.Trim(c.Site.Config.LayoutsDir, "/") + "/"
		for _, p := range c.Site.Files(func(p site.Path) bool { return strings.HasPrefix(string(p), dir) }) {
			name := strings.TrimPrefix(string(p), dir)
			counts[strings.TrimSuffix(name, path.Ext(name))] = 1
		}
		for name, n := range c.Site.HeadValues(key) {
			counts[name] += n
		}
	case "published", "render_with_liquid", "comments", "math", "mathjax", "toc", "pin":
		counts = map[string]int{"true": 1, "false": 1}
	case "image", "thumbnail", "cover", "header-img", "teaser":
		for _, p := range c.Site.Files(func(p site.Path) bool {
			return images[strings.ToLower(path.Ext(string(p)))] && c.Site.Config.Classify(string(p)).Kind == jekyll.Static
		}) {
			counts["/"+string(p)] = 1
		}
	case "title", "date", "permalink", "excerpt", "description", "redirect_from":
		return nil
	default:
		counts = c.Site.HeadValues(key)
	}
	span := text.Span{Start: c.Offset - len(typed), End: c.Offset}
	doc := c.Text()
	for span.End < len(doc) && strings.IndexByte("\r\n,]", doc[span.End]) < 0 {
		span.End++
	}
	var out []Candidate
	for _, v := range ranked(counts) {
		if strings.ContainsAny(v, "\n") || len(v) > 80 {
			continue
		}
		insert := v
		if strings.ContainsAny(v, ":#[]{},&*!|>'\"%@`") {
			insert = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
		}
		out = append(out, Candidate{Label: v, Insert: insert, Kind: ValueCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
	}
	return out
}

// ranked sorts names by how often they come, then by letters.
func ranked(counts map[string]int) []string {
	var out []string
	for name := range counts {
		if name != "" {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return out
}
