package analysis

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// The longest tag that is looked back for, in bytes.
const tagReach = 4000

// openTag returns what is written of a Liquid tag or object up to the cursor,
// from its braces on, where one is open there.
func openTag(c site.Cursor) (string, bool) {
	doc := c.Text()[:min(c.Offset, len(c.Text()))]
	doc = doc[max(0, len(doc)-tagReach):]
	at := max(strings.LastIndex(doc, "{%"), strings.LastIndex(doc, "{{"))
	if at < 0 || strings.Contains(doc[at:], "%}") || strings.Contains(doc[at:], "}}") {
		return "", false
	}
	before := c.Text()[:min(c.Offset, len(c.Text()))]
	before = before[:len(before)-len(doc)+at]
	if verbatim(before) && !strings.HasPrefix(strings.TrimLeft(doc[at:], "{%- "), "e") {
		return "", false
	}
	return doc[at:], true
}

// verbatim reports whether a raw or comment block is open behind a text: no tag
// is one there, but the block's end.
func verbatim(doc string) bool {
	open := ""
	if !strings.Contains(doc, "raw") && !strings.Contains(doc, "comment") {
		return false
	}
	for _, m := range tagNames.FindAllStringSubmatch(doc, -1) {
		switch name := m[1]; {
		case open == "" && (name == "raw" || name == "comment"):
			open = name
		case open != "" && name == "end"+open:
			open = ""
		}
	}
	return open != ""
}

// completeTag proposes what can stand in a tag or object.
func completeTag(c site.Cursor, tag string) []Candidate {
	inner := strings.TrimPrefix(tag[2:], "-")
	if i := strings.LastIndexByte(inner, '|'); i >= 0 && strings.Count(inner[:i], `"`)%2 == 0 && strings.Count(inner[:i], "'")%2 == 0 {
		if typed := strings.TrimLeft(inner[i+1:], " "); isName(typed) {
			return described(simple(c, typed, liquid.Filters(), FilterCandidate), liquid.DescribeFilter)
		}
		return nil
	}
	if strings.HasPrefix(tag, "{{") {
		return nil
	}
	trimmed := strings.TrimLeft(inner, " \t\r\n")
	name, arguments, more := strings.Cut(trimmed, " ")
	if line, _, ok := strings.Cut(trimmed, "\n"); ok && len(line) < len(name) {
		name, arguments, more = line, trimmed[len(line)+1:], true
	}
	if !more {
		if !isName(name) {
			return nil
		}
		return described(simple(c, name, tagsFor(c, tag), TagCandidate), liquid.DescribeTag)
	}
	switch name = strings.TrimSpace(name); name {
	case "include_relative":
		if typed := strings.TrimLeft(arguments, " \t\r\n"); !strings.ContainsAny(typed, " \t\r\n") {
			return simple(c, typed, beside(c), FileCandidate)
		}
	case "include", "include_cached":
		return completeInclude(c, strings.TrimLeft(arguments, " \t\r\n"))
	case "post_url":
		if typed := strings.TrimLeft(arguments, " "); !strings.Contains(typed, " ") {
			out := simple(c, typed, reversed(c.Site.PostNames()), PageCandidate)
			for i := range out {
				if posts := c.Site.Posts(out[i].Label); len(posts) > 0 {
					out[i].File = posts[0]
				}
			}
			return out
		}
	case "link":
		if typed := strings.TrimLeft(arguments, " "); !strings.Contains(typed, " ") {
			var list []string
			for _, f := range c.Site.AllFacts() {
				list = append(list, string(f.Path))
			}
			for _, p := range c.Site.Files(func(p site.Path) bool { return c.Site.Published(p) && c.Site.Facts(p) == nil }) {
				list = append(list, string(p))
			}
			out := simple(c, typed, list, FileCandidate)
			for i := range out {
				out[i].File = site.Path(out[i].Label)
			}
			return out
		}
	default:
		return completeCite(c, name, arguments)
	}
	return nil
}

// beside are the texts in the folder of the cursor's file and below it, without
// those that are pages: their front matter would be printed.
func beside(c site.Cursor) []string {
	dir := strings.TrimSuffix(path.Dir(string(c.File))+"/", "./")
	var out []string
	for _, p := range c.Site.Files(func(p site.Path) bool {
		f := c.Site.Config.Classify(string(p))
		return strings.HasPrefix(string(p), dir) && p != c.File && (f.Markdown || f.HTML) && c.Site.Facts(p) == nil
	}) {
		out = append(out, strings.TrimPrefix(string(p), dir))
	}
	return out
}

// described adds what tags or filters do.
func described(list []Candidate, describe func(string) (liquid.Description, bool)) []Candidate {
	for i := range list {
		if d, ok := describe(list[i].Label); ok {
			list[i].Doc = code(d.Usage) + "\n\n" + d.Does
		}
	}
	return list
}

func isName(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// reversed puts the newest post first.
func reversed(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// tagsFor are the tags that can stand at the cursor: the end of the block that
// is open comes first.
func tagsFor(c site.Cursor, tag string) []string {
	doc := c.Text()[:c.Offset-len(tag)]
	var open []string
	for _, m := range tagNames.FindAllStringSubmatch(doc[max(0, len(doc)-50_000):], -1) {
		name := m[1]
		switch {
		case strings.HasPrefix(name, "end"):
			if n := len(open); n > 0 && open[n-1] == name[3:] {
				open = open[:n-1]
			}
		case slices.Contains(blocks, name):
			open = append(open, name)
		}
	}
	tags := liquid.Tags()
	if c.Page != nil && c.Site.Works(c.Page, "cite", nil) != nil {
		tags = append(tags[:len(tags):len(tags)], "cite", "bibliography")
	}
	if n := len(open); n > 0 {
		tags = append([]string{"end" + open[n-1]}, tags...)
	}
	return tags
}

var (
	tagNames = regexp.MustCompile(`\{%-?\s*(\w+)`)
	blocks   = []string{"if", "unless", "for", "case", "capture", "comment", "highlight", "raw", "tablerow", "ifchanged"}
)

// simple proposes names in the order given.
func simple(c site.Cursor, typed string, names []string, kind CandidateKind) []Candidate {
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && (isWordByte(doc[span.End]) || strings.IndexByte("-./", doc[span.End]) >= 0) {
		span.End++
	}
	var out []Candidate
	for _, n := range names {
		out = append(out, Candidate{Label: n, Insert: n, Kind: kind, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
	}
	return out
}

// completeInclude proposes includes, their parameters that are not yet given,
// and files as the values of those.
func completeInclude(c site.Cursor, typed string) []Candidate {
	name, parameters, more := cutBlank(typed)
	if !more {
		return completeIncludes(c, typed)
	}
	src := c.Site.Source(site.Path(path.Join(strings.Trim(c.Site.Config.IncludesDir, "/"), name)))
	if src == nil {
		return nil
	}
	if m := openValue.FindStringSubmatch(parameters); m != nil {
		return completeValue(c, src.Text, m[1], m[3])
	}
	word := parameters[strings.LastIndexAny(parameters, " \t\r\n\"'")+1:]
	if !isName(strings.ReplaceAll(word, "-", "_")) {
		return nil
	}
	var out []Candidate
	for _, p := range parametersOf(src.Text) {
		if regexp.MustCompile(`(^|\s)` + regexp.QuoteMeta(p) + `\s*=`).MatchString(parameters) {
			continue
		}
		out = append(out, Candidate{
			Label: p, Detail: "parameter of " + name, Insert: p + `=""`, Snippet: p + `="$1"`, Kind: ParameterCandidate,
			Replace: replaced(c, word), Sort: fmt.Sprintf("%05d", len(out)),
		})
	}
	return out
}

// openValue is a parameter whose value is being written.
var openValue = regexp.MustCompile(`([\w-]+)\s*=\s*(["'])([^"']*)$`)

func cutBlank(s string) (before, after string, found bool) {
	if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// completeValue proposes files for a parameter that a template makes a part of
// an address of.
func completeValue(c site.Cursor, template, parameter, typed string) []Candidate {
	var out []Candidate
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`([\w./-]*)\{\{-?\s*include\.`+regexp.QuoteMeta(parameter)+`\b`).FindAllStringSubmatchIndex(template, -1) {
		before := template[max(0, m[0]-200):m[0]]
		attribute := before[strings.LastIndexAny(before, " \t\n")+1:]
		if !strings.HasPrefix(attribute, "src=") && !strings.HasPrefix(attribute, "href=") && !strings.Contains(attribute, "url(") && !strings.Contains(attribute, "baseurl") &&
			!strings.HasSuffix(strings.TrimRight(before, " "), "}}") {
			continue
		}
		prefix := strings.TrimPrefix(template[m[2]:m[3]], "/")
		for _, p := range c.Site.Files(func(p site.Path) bool {
			return strings.HasPrefix(string(p), prefix) && c.Site.Config.Classify(string(p)).Kind == jekyll.Static && c.Site.Facts(p) == nil
		}) {
			value := strings.TrimPrefix(string(p), prefix)
			if prefix == "" {
				value = "/" + value
			}
			if seen[value] {
				continue
			}
			seen[value] = true
			out = append(out, Candidate{
				Label: value, Detail: string(p), File: p, Insert: value, Kind: FileCandidate, Replace: text.Span{Start: c.Offset - len(typed), End: valueEnd(c)},
				Sort: fmt.Sprintf("%05d", len(out)),
			})
		}
	}
	return out
}

// valueEnd is the end of the value that the cursor stands in.
func valueEnd(c site.Cursor) int {
	doc := c.Text()
	at := c.Offset
	for at < len(doc) && strings.IndexByte("\"'\n%}", doc[at]) < 0 {
		at++
	}
	if at < len(doc) && (doc[at] == '"' || doc[at] == '\'') {
		return at
	}
	return c.Offset
}

func completeIncludes(c site.Cursor, typed string) []Candidate {
	if c.Site.Loose {
		return nil
	}
	var out []Candidate
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && (isWordByte(doc[span.End]) || strings.IndexByte("-./", doc[span.End]) >= 0) {
		span.End++
	}
	for _, name := range c.Site.Includes() {
		full := path.Join(strings.Trim(c.Site.Config.IncludesDir, "/"), name)
		if c.Site.Config.Classify(full).Kind != jekyll.Include {
			continue
		}
		detail, docText := "", ""
		if src := c.Site.Source(site.Path(full)); src != nil {
			if params := parametersOf(src.Text); len(params) > 0 {
				detail = strings.Join(params, ", ")
			}
			docText = fence("html", src.Text)
		}
		out = append(out, Candidate{Label: name, Detail: detail, Doc: docText, Insert: name, Kind: FileCandidate, Replace: span, Sort: name})
	}
	return out
}
