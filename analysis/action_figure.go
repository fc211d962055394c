package analysis

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"scholium/analysis/kramdown"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// figure offers to show the image at the place by the site's own include for
// figures, where the image stands alone.
func (a *actor) figure() {
	if a.s.Loose || !a.p.Renders() {
		return
	}
	nodes := a.p.Nodes(a.at.Start)
	k := slices.IndexFunc(nodes, imageNode)
	if k < 1 {
		return
	}
	node, block := nodes[k], nodes[k]
	if k > 1 {
		if block = nodes[1]; k > 2 || block.Kind != kramdown.Paragraph || len(block.Attr) > 0 || slices.ContainsFunc(block.Children, func(n *kramdown.Node) bool {
			return n != node && (n.Kind != kramdown.Text || strings.TrimSpace(n.Value) != "")
		}) {
			return
		}
	}
	at := a.p.FromTree(block.Span)
	whole := trim(a.doc, at.Span)
	if at.File != a.p.Source.Path || strings.ContainsAny(whole.Of(a.doc), "\n") && strings.Contains(whole.Of(a.doc), "{%") {
		return
	}
	m, ok := a.imageOf(node)
	if !ok {
		return
	}
	offered := 0
	for _, include := range a.figures() {
		if tag, ok := a.call(include, m); ok {
			edit := text.Edit{Span: whole, New: tag}
			if page, ok := a.try(edit); ok && onlyImage(a.page(), page.Tree.HTML()) && m.shown(page) {
				a.offer("Show this image by the include "+include, edit)
				if offered++; offered == 2 {
					return
				}
			}
		}
	}
}

func imageNode(n *kramdown.Node) bool {
	return n.Kind == kramdown.Image || n.Kind == kramdown.HTMLElement && n.Value == "img"
}

// A depiction is an image of a page, with all that it says of itself.
type depiction struct {
	src   string
	file  string // of the site; empty where it lies elsewhere
	alt   string
	title string
	id    string
	more  []kramdown.Attr // other attributes
}

func (a *actor) imageOf(n *kramdown.Node) (depiction, bool) {
	var m depiction
	for _, attr := range n.Attr {
		switch attr.Name {
		case "src":
			m.src = attr.Value
		case "alt":
			m.alt = attr.Value
		case "title":
			m.title = attr.Value
		case "id":
			m.id = attr.Value
		default:
			m.more = append(m.more, attr)
		}
		if strings.ContainsAny(attr.Value, "{}\n") || strings.Contains(attr.Value, `\"`) {
			return m, false // Liquid would read it otherwise
		}
	}
	whole := a.p.FromTree(n.Span)
	for _, name := range a.p.Facts.Names {
		if name.Kind == site.Asset && name.Form == site.ImageSource && name.Whole == whole {
			m.file = name.Text
		}
	}
	return m, m.src != ""
}

// shown reports whether a page shows the picture with its words and id.
func (m depiction) shown(p *site.Page) bool {
	found := false
	p.Tree.Walk(func(n *kramdown.Node, _ int) bool {
		if !imageNode(n) {
			return !found
		}
		alt, _ := n.Get("alt")
		src, _ := n.Get("src")
		if alt.Value != m.alt && (m.alt != "" || alt.Value != m.title) {
			return !found
		}
		same := src.Value == m.src
		if m.file != "" && !same {
			whole := p.FromTree(n.Span)
			for _, name := range p.Facts.Names {
				same = same || name.Kind == site.Asset && name.Form == site.ImageSource && name.Text == m.file && (name.Whole == whole || name.Whole.File == p.Source.Path && name.Whole.Span.Overlaps(whole.Span) || whole.File != p.Source.Path)
			}
		}
		if !same {
			return !found
		}
		for _, attr := range m.more {
			if got, _ := n.Get(attr.Name); got.Value != attr.Value {
				return !found
			}
		}
		if title, _ := n.Get("title"); m.title != "" && title.Value != m.title && !strings.Contains(p.Flow.Text, m.title) {
			return !found
		}
		found = true
		return false
	})
	if m.id != "" {
		found = found && slices.ContainsFunc(p.Facts.Names, func(n site.Name) bool { return n.Kind == site.Anchor && !n.Uses && n.Text == m.id })
	}
	return found
}

// onlyImage reports whether the HTML of two pages differs in one part only: a paragraph or element that shows an image, and no words.
func onlyImage(a, b string) bool {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if open := strings.LastIndexByte(a[:head], '<'); open > strings.LastIndexByte(a[:head], '>') {
		head = open // not in the middle of a tag
	}
	part := a[head : len(a)-tail]
	if shut := strings.IndexByte(a[len(a)-tail:], '>'); shut >= 0 && strings.Count(part, "<") > strings.Count(part, ">") {
		part += a[len(a)-tail : len(a)-tail+shut+1]
	}
	words := part
	for {
		open := strings.IndexByte(words, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(words[open:], '>')
		if end < 0 {
			return false
		}
		words = words[:open] + words[open+end+1:]
	}
	return strings.Count(part, "<img") == 1 && strings.TrimSpace(words) == ""
}

// figures are the includes whose template shows an image that it is given, those
// that the site's pages use most first; of those that none uses, only what is
// named like one.
func (a *actor) figures() []string {
	type candidate struct {
		name string
		uses int
	}
	dir := strings.Trim(a.s.Config.IncludesDir, "/")
	var list []candidate
	for _, name := range a.s.Includes() {
		full := path.Join(dir, name)
		src := a.s.Source(site.Path(full))
		if src == nil || len(imageParameters(src.Text)) == 0 {
			continue
		}
		uses := len(a.s.Holders(site.Key{Kind: site.Include, Text: full, Uses: true}))
		word := strings.ToLower(name)
		if uses == 0 && !strings.Contains(word, "fig") && !strings.Contains(word, "image") && !strings.Contains(word, "img") && !strings.Contains(word, "pic") {
			continue
		}
		list = append(list, candidate{name, uses})
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return b.uses - a.uses })
	var out []string
	for _, c := range list[:min(len(list), 4)] {
		out = append(out, c.name)
	}
	return out
}

var parameter = regexp.MustCompile(`\{\{-?\s*include\.([\w-]+)`)

// imageTags are the <img> tags of a template, each to the > that is in no
// Liquid and no quotes.
func imageTags(template string) []string {
	var out []string
	for {
		open := strings.Index(template, "<img")
		if open < 0 {
			return out
		}
		template = template[open:]
		quote, end := byte(0), len(template)
		for i := 4; i < end; i++ {
			c := template[i]
			switch {
			case strings.HasPrefix(template[i:], "{{") || strings.HasPrefix(template[i:], "{%"):
				shut := map[byte]string{'{': "}}", '%': "%}"}[template[i+1]]
				if n := strings.Index(template[i:], shut); n >= 0 {
					i += n + 1
				}
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				end = i + 1
			}
		}
		out = append(out, template[:end])
		template = template[end:]
	}
}

// attributeOf finds the parameters that are printed in an attribute of a
// template's piece of HTML, in order.
func attributeOf(html, attribute string) []string {
	var out []string
	for _, quote := range []string{`"`, `'`} {
		for _, m := range regexp.MustCompile(`(?is)\b`+attribute+`\s*=\s*`+quote+`((?:\{\{.*?\}\}|\{%.*?%\}|[^`+quote+`])*)`+quote).FindAllStringSubmatch(html, -1) {
			for _, p := range parameter.FindAllStringSubmatch(m[1], -1) {
				if !slices.Contains(out, p[1]) {
					out = append(out, p[1])
				}
			}
		}
	}
	return out
}

// imageParameters are the parameters of a template that can be an image's address.
func imageParameters(template string) []string {
	var out []string
	for _, img := range imageTags(template) {
		out = append(out, attributeOf(img, "src")...)
	}
	return out
}

// call writes the include tag that shows a picture. It has been tried on a page
// with nothing else, for each of the parameters and each way to write the
// address.
func (a *actor) call(include string, m depiction) (string, bool) {
	template := a.s.Source(site.Path(path.Join(strings.Trim(a.s.Config.IncludesDir, "/"), include))).Text
	images := strings.Join(imageTags(template), "\n")
	var params [][2]string
	used := map[string]string{}
	give := func(names []string, value string) bool {
		if value == "" {
			return true
		}
		for _, n := range names {
			if was, ok := used[n]; ok && was != value {
				continue
			} else if !ok {
				params = append(params, [2]string{n, value})
				used[n] = value
			}
			return true
		}
		return false
	}
	captions := captionParameters(template)
	if !give(attributeOf(images, "alt"), m.alt) || !give(append(captions, attributeOf(images, "title")...), m.title) {
		return "", false
	}
	if m.id != "" {
		ids := attributeOf(template, "id")
		if len(ids) == 0 {
			return "", false
		}
		prefix := ""
		if p := regexp.MustCompile(`\bid="([\w-]*)\{\{-?\s*include\.` + regexp.QuoteMeta(ids[0])).FindStringSubmatch(template); p != nil {
			prefix = p[1]
		}
		value, ok := strings.CutPrefix(m.id, prefix)
		if !ok || !give(ids[:1], value) {
			return "", false
		}
	}
	for _, attr := range m.more {
		if !give(attributeOf(images, regexp.QuoteMeta(attr.Name)), attr.Value) {
			return "", false
		}
	}
	alone := ""
	if a.p.Source.Head.Present {
		alone = a.doc[:a.p.Source.Head.Body]
	}
	names := imageParameters(template)
	if m.file != "" { // url is for what lies elsewhere, where there is another one
		slices.SortStableFunc(names, func(a, b string) int { return strings.Count(a, "url") - strings.Count(b, "url") })
	}
	for _, name := range names {
		if _, taken := used[name]; taken {
			continue
		}
		for _, address := range m.addresses() {
			tag := "{% include " + include + " " + name + `="` + address + `"`
			for _, p := range params {
				tag += " " + p[0] + `="` + strings.ReplaceAll(p[1], `"`, `\"`) + `"`
			}
			tag += " %}"
			page := a.s.Make(site.NewSource(a.p.Source.Path, alone+tag+a.newline), a.p)
			if page == nil || page.Tree == nil || len(page.Facts.Unknown) > len(a.p.Facts.Unknown) {
				continue
			}
			html := page.Tree.HTML()
			if m.shown(page) && strings.Count(html, "<img") == 1 && !strings.Contains(strings.ReplaceAll(html, `alt=""`, ""), `=""`) && !strings.Contains(html, "{{") {
				return tag, true
			}
		}
	}
	return "", false
}

// addresses are the ways to write a picture's address: as it is written, from
// the site's root, and without the folders in front, which a template may add.
func (m depiction) addresses() []string {
	out := []string{m.src}
	if m.file == "" {
		return out
	}
	for _, s := range []string{"/" + m.file, m.file} {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for rest := m.file; ; {
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			return out
		}
		rest = after
		out = append(out, rest)
	}
}

// captionParameters are the parameters that a template prints below an image:
// in a figcaption, or what is called a caption.
func captionParameters(template string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`(?is)<figcaption\b.*?</figcaption>|<(?:p|div|span)\b[^>]*caption[^>]*>.*?</(?:p|div|span)>`).FindAllString(template, -1) {
		for _, p := range parameter.FindAllStringSubmatch(m, -1) {
			if !slices.Contains(out, p[1]) {
				out = append(out, p[1])
			}
		}
	}
	return out
}
