package kramdown

import (
	"slices"
	"strings"
)

// codeLanguage finds \blanguage-\S+ in a class.
func codeLanguage(class string) (from, to int) {
	for i := 0; ; {
		k := strings.Index(class[i:], "language-")
		if k < 0 {
			return 0, 0
		}
		i += k
		end := i + len("language-")
		for end < len(class) && !isSpace(class[end]) {
			end++
		}
		if (i == 0 || !isWordByte(class[i-1])) && end > i+len("language-") {
			return i, end
		}
		i++
	}
}

func (c *converter) codeBlock(n *Node, indent int) {
	attrs := n.Attr
	lang := ""
	if class := classOf(n); class != "" {
		if from, to := codeLanguage(class); to > 0 {
			lang = class[from:to]
			attrs = slices.Clone(attrs)
			if rest := strip(class[:from] + class[to:]); rest != "" {
				attrs = setAttr(attrs, Attr{Name: "class", Value: rest}, false)
			} else {
				attrs, _, _ = dropAttr(attrs, "class")
			}
		}
	}
	c.indent(indent, n.Span)
	c.open("pre", attrs, n.Span, ">")
	var code []Attr
	if lang != "" {
		code = []Attr{{Name: "class", Value: lang}}
	}
	c.open("code", code, n.Span, ">")
	if hasWord(classOf(n), "show-whitespaces") {
		c.made(showSpaces(strings.TrimSuffix(escapeAllString(n.Value), "\n")), n.Span)
		c.made("\n", n.Span)
	} else {
		c.value(n, escapeAll, false)
		if !strings.HasSuffix(n.Value, "\n") {
			c.made("\n", n.Span)
		}
	}
	c.made("</code></pre>\n", n.Span)
}

func escapeAllString(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// showSpaces makes elements of the blanks in a code block.
func showSpaces(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := skipBlank(s, i)
		if j == i {
			b.WriteByte(s[i])
			i++
			continue
		}
		suffix := ""
		if i == 0 || s[i-1] == '\n' {
			suffix = "-l"
		} else if j == len(s) || s[j] == '\n' {
			suffix = "-r"
		}
		for ; i < j; i++ {
			if s[i] == '\t' {
				b.WriteString(`<span class="ws-tab` + suffix + "\">\t</span>")
			} else {
				b.WriteString(`<span class="ws-space` + suffix + `">&#8901;</span>`)
			}
		}
	}
	return b.String()
}
