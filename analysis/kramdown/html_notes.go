package kramdown

import "scholium/analysis/text"

// marker writes the number of a footnote.
func (c *converter) marker(n *Node) {
	note := n.x.note
	name := c.o.FootnotePrefix + note.Name
	repeat := ""
	if c.repeats == nil {
		c.repeats = map[*Footnote]int{}
	}
	if count, again := c.repeats[note]; again {
		c.repeats[note] = count + 1
		repeat = ":" + itoa(count+1)
	} else {
		c.repeats[note] = 0
	}
	sup, link, shown := ` role="doc-noteref"`, "", itoa(note.Number)
	if c.o.is25() {
		sup, link = "", sup
		shown, _ = linkText(c.o.FootnoteLinkText, shown)
	}
	c.made(`<sup id="fnref:`+name+repeat+`"`+sup+`>`, n.Span)
	c.made(`<a href="#fn:`+name+`" class="footnote" rel="footnote"`+link+`>`, n.Span)
	c.made(shown, n.Span)
	c.made("</a></sup>", n.Span)
}

// footnotes writes the footnotes that are used.
func (c *converter) footnotes() {
	if len(c.t.printed) == 0 {
		return
	}
	end := text.Span{Start: len(c.t.Source), End: len(c.t.Source)}
	c.made(`<div class="footnotes" role="doc-endnotes">`+"\n  <ol", end)
	if c.o.FootnoteNr != 1 {
		c.made(` start="`+itoa(c.o.FootnoteNr)+`"`, end)
	}
	c.made(">\n", end)
	for _, note := range c.t.printed {
		c.footnote(note)
	}
	c.made("  </ol>\n</div>\n", end)
}

func (c *converter) footnote(note *Footnote) {
	name := c.o.FootnotePrefix + note.Name
	n := note.Node
	var para *Node
	if last := n.last(); c.o.FootnoteBacklinkInline || last != nil && last.Kind == Paragraph {
		parent := n
		for parent.last() != nil && parent.last().Kind != Paragraph && parent.last().Kind != Header {
			parent = parent.last()
		}
		para = parent.last()
	}
	links := ""
	if c.o.FootnoteBacklink != "" {
		entityNbsp, _ := entityByName("nbsp")
		nbsp := c.entity(entityNbsp, "")
		backlink := escapeString(c.o.FootnoteBacklink, false)
		link := func(space, to, text string) {
			links += space + `<a href="#fnref:` + to + `" class="reversefootnote" role="doc-backlink">` + text + "</a>"
		}
		if para != nil {
			link(nbsp, name, backlink)
		} else {
			link("", name, backlink)
		}
		for k := 1; k <= c.repeats[note]; k++ {
			link(nbsp, name+":"+itoa(k), backlink+"<sup>"+itoa(k+1)+"</sup>")
		}
	}
	attrs := []Attr{{Name: "id", Value: "fn:" + name}}
	if !c.o.is25() {
		attrs = append(attrs, Attr{Name: "role", Value: "doc-endnote"})
	}
	if para != nil {
		if c.links == nil {
			c.links = map[*Node]string{}
		}
		c.links[para] = links
		c.item("li", attrs, n, 4)
		return
	}
	// A paragraph for the links alone.
	c.indent(4, n.Span)
	c.open("li", attrs, n.Span, ">")
	if first := n.Children; len(first) == 0 || !(first[0].Kind == Paragraph && first[0].is(transparent)) {
		c.made("\n", n.Span)
	}
	c.inner(n, 4)
	c.indent(6, n.Span)
	c.made("<p>"+links+"</p>\n", text.Span{Start: n.Span.End, End: n.Span.End})
	c.indent(4, n.Span)
	c.close("li", n.Span, "\n")
}
