package analysis

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// inHead reports whether an offset lies in front matter.
func inHead(src *site.Source, offset int) bool {
	return src.Head.Present && src.Head.YAML.Start <= offset && offset <= src.Head.YAML.End && offset < src.Head.Body
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
	key, typed, list := "", "", true
	if k, v, ok := strings.Cut(line, ":"); ok && trimmed == line && !strings.HasPrefix(line, "-") {
		key, typed = strings.TrimSpace(k), strings.TrimLeft(v, " ")
		if i := strings.LastIndexAny(typed, "[,"); i >= 0 && typed[0] == '[' {
			typed = strings.TrimLeft(typed[i+1:], " ")
		} else if i := strings.LastIndexByte(typed, ' '); i >= 0 && inWords(key) && !strings.HasPrefix(typed, "[") {
			typed = typed[i+1:] // words, each a tag
		} else {
			list = strings.HasPrefix(typed, "[")
		}
	} else if rest, ok := strings.CutPrefix(trimmed, "-"); ok && strings.HasPrefix(rest, " ") {
		typed = strings.TrimLeft(rest, " ")
		key = listKey(src.Text[src.Head.YAML.Start : c.Offset-len(line)])
	}
	quote := ""
	if strings.HasPrefix(typed, `"`) || strings.HasPrefix(typed, "'") {
		quote, typed = typed[:1], typed[1:]
	}
	if key == "" || strings.ContainsAny(typed, `"'{#`) {
		return nil
	}
	return completeHeadValues(c, src, headValue{key, typed, quote, list})
}

// inWords reports whether Jekyll takes a string for several values of a key.
func inWords(key string) bool { return key == "tags" || key == "categories" }

// A headValue is a value of front matter that is being typed.
type headValue struct {
	key, typed string
	quote      string // the one that it began with
	list       bool   // others stand beside it
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
	has := map[string]bool{} // by their lines: a key that is being typed makes all of it no YAML
	for line := range strings.Lines(src.Head.YAML.Of(src.Text)) {
		if key, _, ok := strings.Cut(line, ":"); ok {
			has[key] = true
		}
	}
	counts := c.Site.HeadKeys()
	for _, k := range headKeys {
		if k.who == "" || strings.HasPrefix(k.who, "jekyll-") {
			counts[k.name] += 0
		}
	}
	var out []Candidate
	for _, key := range ranked(counts) {
		if has[key] && key != typed {
			continue
		}
		detail := ""
		if k, ok := headKeyOf(key); ok {
			detail = k.does
		} else if n := counts[key]; n > 0 {
			detail = fmt.Sprintf("in %d pages of this site", n)
		}
		out = append(out, Candidate{
			Label: key, Detail: shorten(detail, 60), Insert: key + colon, Kind: KeyCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out)),
			doc: func() string { return describeKey(c, src, key) },
		})
	}
	return out
}

func completeHeadValues(c site.Cursor, src *site.Source, v headValue) []Candidate {
	counts := map[string]int{}
	switch v.key {
	case "layout":
		dir := strings.Trim(c.Site.Config.LayoutsDir, "/") + "/"
		for _, p := range c.Site.Files(func(p site.Path) bool { return strings.HasPrefix(string(p), dir) }) {
			name := strings.TrimPrefix(string(p), dir)
			counts[strings.TrimSuffix(name, path.Ext(name))] = 1
		}
		for name, n := range c.Site.HeadValues(v.key) {
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
		counts = c.Site.HeadValues(v.key)
	}
	if v.key == "author" || v.key == "authors" {
		for _, ext := range []string{".yml", ".yaml", ".json"} { // where jekyll-seo-tag and many themes look
			if data := c.Site.Source(site.Path(strings.Trim(c.Site.Config.DataDir, "/") + "/authors" + ext)); data != nil && data.Data != nil {
				for _, e := range data.Data.Entries {
					counts[e.Key.Text]++
				}
			}
		}
	}
	given := map[string]bool{}
	if n := src.Head.Values.Get(v.key); v.list {
		for _, one := range n.Strings() {
			given[one] = true
			for word := range strings.FieldsSeq(one) {
				given[word] = given[word] || n.Kind == frontmatter.String && inWords(v.key)
			}
		}
	}
	span := text.Span{Start: c.Offset - len(v.typed), End: c.Offset}
	doc := c.Text()
	stop := "\r\n,]" + v.quote
	if !v.list {
		stop = "\r\n" + v.quote
	} else if v.quote == "" && src.Head.Values.Get(v.key).Kind == frontmatter.String {
		stop += " "
	}
	for span.End < len(doc) && strings.IndexByte(stop, doc[span.End]) < 0 {
		span.End++
	}
	end := ""
	if v.quote != "" && (span.End == len(doc) || doc[span.End] != v.quote[0]) {
		span.End, end = c.Offset, v.quote // nothing closes it
	}
	var out []Candidate
	for _, one := range ranked(counts) {
		if strings.ContainsAny(one, "\n") || len(one) > 80 || given[one] && one != span.Of(doc) {
			continue
		}
		file := site.Path(strings.TrimPrefix(one, "/"))
		if imageFile(one) == "" || !c.Site.Has(file) {
			file = ""
		}
		out = append(out, Candidate{Label: one, File: file, Insert: quoted(one, v.quote) + end, Kind: ValueCandidate, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
	}
	return out
}

// quoted writes a string as YAML has it inside of a quote, or bare where there
// is none and it can be.
func quoted(s, quote string) string {
	switch {
	case quote == "'":
		return strings.ReplaceAll(s, "'", "''")
	case quote == `"`:
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
	case strings.ContainsAny(s, ":#[]{},&*!|>'\"%@`"):
		return `"` + quoted(s, `"`) + `"`
	}
	return s
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
