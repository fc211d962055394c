package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/liquid"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// A reading is a place where a template reads a variable.
type reading struct {
	at      text.Span
	guarded bool // a condition asks for it, or a default stands in for it
}

// readings returns where a template reads a variable, or a part of it, in order.
func readings(src *site.Source, variable string) []reading {
	if src.Template == nil || !strings.Contains(src.Text, variable) {
		return nil
	}
	var out []reading
	for _, m := range liquid.Marks(src.Text, src.Head.Body) {
		if !strings.Contains(m.Span.Of(src.Text), variable) {
			continue
		}
		words := m.Words(src.Text)
		guarded := slices.Contains([]string{"if", "elsif", "unless", "case", "when"}, m.Name) ||
			slices.ContainsFunc(words, func(w liquid.Word) bool { return w.Kind == liquid.FilterName && w.Span.Of(src.Text) == "default" })
		for _, w := range words {
			if word := w.Span.Of(src.Text); w.Kind == liquid.Variable && (word == variable || strings.HasPrefix(word, variable+".")) {
				out = append(out, reading{w.Span, guarded})
			}
		}
	}
	return out
}

// keysRead are the keys that a template reads of a variable, such as "page.",
// in the order of its text.
func keysRead(src *site.Source, of string) []string {
	if src.Template == nil || !strings.Contains(src.Text, of) {
		return nil
	}
	var out []string
	for _, m := range liquid.Marks(src.Text, src.Head.Body) {
		for _, w := range m.Words(src.Text) {
			rest, ok := strings.CutPrefix(w.Span.Of(src.Text), of)
			if key, _, _ := strings.Cut(rest, "."); ok && w.Kind == liquid.Variable && key != "" && !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

// headComment is the comment that a template begins with, where authors say how
// to use it; "" where there is none.
func headComment(src *site.Source) string {
	m := beginsWithComment.FindStringSubmatch(src.Text[min(src.Head.Body, len(src.Text)):])
	if m == nil {
		return ""
	}
	return dedent(m[1] + m[2])
}

var beginsWithComment = regexp.MustCompile(`(?s)\A\s*(?:\{%-?\s*comment\s*-?%\}(.*?)\{%-?\s*endcomment\s*-?%\}|<!--(.*?)-->)`)

// hoverLiquid describes what stands in a tag or object: the tag, a filter, a
// parameter of an include, a variable of the page or site. Where an example is
// to be found on a closed page, it returns that page.
func hoverLiquid(c site.Cursor) (h HoverText, need []site.Path, ok bool) {
	src := c.Source()
	if src == nil || src.Template == nil || c.Offset < src.Head.Body || c.Page != nil && c.Page.Source.Path == c.File && !c.Page.Renders() {
		return HoverText{}, nil, false
	}
	span := liquid.TagAt(src.Text, src.Head.Body, c.Offset)
	if span.Empty() {
		return HoverText{}, nil, false
	}
	// All marks, not this one alone: what stands in raw and comment blocks is none.
	marks := liquid.Marks(src.Text, src.Head.Body)
	i := slices.IndexFunc(marks, func(m liquid.Mark) bool { return m.Span.Contains(c.Offset) && m.Span.Len() <= span.Len() })
	if i < 0 {
		return HoverText{}, nil, false
	}
	m := marks[i]
	h.At = site.Origin{File: c.File, Span: m.NameSpan, Exact: true}
	if !m.Object && m.NameSpan.Contains(c.Offset) && m.NameSpan.Len() > 0 {
		d, ok := liquid.DescribeTag(m.Name)
		h.Markdown = code(d.Usage) + "\n\n" + d.Does
		return h, nil, ok
	}
	for _, p := range m.Params {
		if p.NameSpan.Contains(c.Offset) {
			h.At.Span = p.NameSpan
			h.Markdown, need, ok = describeParameter(c, m, p)
			return h, need, ok
		}
	}
	for _, w := range m.Words(src.Text) {
		if !w.Span.Contains(c.Offset) {
			continue
		}
		h.At.Span = w.Span
		word := w.Span.Of(src.Text)
		switch w.Kind {
		case liquid.FilterName:
			d, ok := liquid.DescribeFilter(word)
			h.Markdown = code(d.Usage) + "\n\n" + d.Does
			return h, nil, ok
		case liquid.Variable:
			word = strings.TrimSuffix(word, ".")
			h.Markdown = describeVariable(c, word)
			return h, nil, h.Markdown != ""
		}
	}
	return HoverText{}, nil, false
}

// describeParameter says which template reads a parameter of an include, where,
// and whether it can do without; and what another call gives.
func describeParameter(c site.Cursor, m liquid.Mark, p liquid.Param) (string, []site.Path, bool) {
	file := includeFile(c, m)
	src := c.Site.Source(file)
	if src == nil {
		return "", nil, false
	}
	reads := readings(src, "include."+p.Name)
	out := fmt.Sprintf("`%s`, parameter of `%s`", p.Name, file)
	switch {
	case len(reads) == 0 && strings.Contains(src.Text, "[include") || len(reads) == 0 && strings.Contains(src.Text, "include["):
		// By a name that is made there.
	case len(reads) == 0:
		out += "\n\nThe template never reads it"
	default:
		need := "needed"
		if slices.ContainsFunc(reads, func(r reading) bool { return r.guarded }) {
			need = "can be left out"
		}
		out += ": " + need + "\n\nRead in " + strings.Join(readersOf(c.Site, "include."+p.Name, file), ", ")
	}
	value, where, need := example(c, file, p)
	if value != "" {
		out += "\n\nIn `" + string(where) + "`: " + code(p.Name+"="+shorten(value, 80))
	}
	return out, need, true
}

// includeFile is the file that an include tag names, where it writes it out.
func includeFile(c site.Cursor, m liquid.Mark) site.Path {
	name := m.File.Of(c.Text())
	if m.Name == "include_relative" {
		return site.Path(strings.TrimPrefix(pathJoin(string(c.File), name), "/"))
	}
	return site.Path(strings.Trim(c.Site.Config.IncludesDir, "/") + "/" + name)
}

func pathJoin(file, name string) string {
	return file[:strings.LastIndexByte(file, '/')+1] + name
}

// maxExamples is how many other pages are looked at for an example.
const maxExamples = 3

// example finds what another call of a template gives for a parameter. Closed
// pages that call it are returned, to be made whole.
func example(c site.Cursor, file site.Path, p liquid.Param) (value string, where site.Path, need []site.Path) {
	if c.Site.Loose {
		return "", "", nil
	}
	looked := 0
	for _, holder := range c.Site.Holders(site.Key{Kind: site.Include, Text: string(file), Uses: true}) {
		if holder == c.File || looked == maxExamples {
			continue
		}
		looked++
		page := c.Site.Page(holder)
		if page == nil {
			need = append(need, holder)
			continue
		}
		for _, call := range page.Liquid.Calls {
			if call.Path != string(file) || call.File != 0 {
				continue
			}
			for _, q := range call.Params {
				given := q.ValueSpan.Of(page.Source.Text)
				if q.Name != p.Name || given == "" {
					continue
				}
				if quote := page.Source.Text[q.ValueSpan.Start-1 : q.ValueSpan.Start]; quote == `"` || quote == "'" {
					given = quote + given + quote
				}
				return given, holder, nil
			}
		}
	}
	return "", "", need
}

// describeVariable says what a variable of the page or the site holds, and where
// it is written.
func describeVariable(c site.Cursor, word string) string {
	of, rest, _ := strings.Cut(word, ".")
	switch of {
	case "site":
		config := c.Site.Source("_config.yml")
		key, _, _ := strings.Cut(rest, ".")
		if n := c.Site.Config.Values.Get(key); config != nil && n.Kind != frontmatter.Null {
			return "`" + of + "." + key + "` is " + valueOf(n) + ", in " + placeOf(c.Site, "_config.yml", n.Span.Start)
		}
	case "page":
		key, _, _ := strings.Cut(rest, ".")
		if key == "" {
			return ""
		}
		about := ""
		if k, ok := headKeyOf(key); ok {
			about = "\n\n" + k.does
		}
		if c.Page == nil || c.Page.Source.Path != c.File {
			if about == "" {
				return ""
			}
			return "`page." + key + "`, of the page's front matter" + about
		}
		head := c.Page.Source.Head.Values
		if head.Has(key) {
			n := head.Get(key)
			return "`page." + key + "` is " + valueOf(n) + ", in the front matter" + about
		}
		f := c.Page.File
		if f.Kind == jekyll.Static {
			f.Kind = jekyll.Page
		}
		if n := c.Site.Config.Value(f, head, key); n.Kind != frontmatter.Null {
			return "`page." + key + "` is " + valueOf(n) + ", from the defaults of " + placeOf(c.Site, "_config.yml", n.Span.Start) + about
		}
	case "include":
		src := c.Source()
		key, _, _ := strings.Cut(rest, ".")
		if key == "" || src == nil {
			return ""
		}
		return "`include." + key + "`, a parameter that pages give to `" + string(src.Path) + "`"
	}
	return ""
}
