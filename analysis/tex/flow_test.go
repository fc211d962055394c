package tex

import (
	"html"
	"regexp"
	"strings"

	"scholium/analysis/text"
)

var markup = regexp.MustCompile(`(?s)<!--.*?-->|<!DOCTYPE[^>]*>|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?|\s*/)*)\s*>`)
var classPart = regexp.MustCompile(`\sclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))`)

// flowOf reads a built page into a Flow, well enough for pages that kramdown
// and layouts make.
func flowOf(page string) *text.Flow {
	page = strings.ReplaceAll(page, "\r\n", "\n")
	f := &text.Flow{}
	var b strings.Builder
	voids := " area base br col embed hr img input link meta param source track wbr "
	for page != "" {
		m := markup.FindStringSubmatchIndex(page)
		if m == nil {
			b.WriteString(html.UnescapeString(page))
			break
		}
		b.WriteString(html.UnescapeString(page[:m[0]]))
		tag := page[m[0]:m[1]]
		rest := page[m[1]:]
		mark := text.Mark{At: b.Len(), Kind: text.Comment}
		if m[4] >= 0 {
			mark.Name, mark.Kind = strings.ToLower(page[m[4]:m[5]]), text.Open
			if c := classPart.FindStringSubmatch(page[m[6]:m[7]]); c != nil {
				mark.Class = html.UnescapeString(c[1] + c[2] + c[3])
			}
			switch {
			case page[m[2]:m[3]] == "/":
				mark.Kind = text.Close
			case strings.Contains(voids, " "+mark.Name+" ") || strings.HasSuffix(tag, "/>"):
				mark.Kind = text.Void
			}
		}
		if !strings.HasPrefix(tag, "<!D") && !strings.HasPrefix(tag, "<!d") {
			f.Marks = append(f.Marks, mark)
		}
		if mark.Kind == text.Open && (mark.Name == "script" || mark.Name == "style" || mark.Name == "textarea" || mark.Name == "title") {
			if n := strings.Index(strings.ToLower(rest), "</"+mark.Name); n >= 0 {
				rest = rest[n:]
			}
		}
		page = rest
	}
	f.Text = b.String()
	return f
}
