package judge

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Style is how a picture looks where it is shown. An image cannot know the
// colours around it.
type Style struct {
	Color      string  // of the formula, as CSS has it; empty is black
	Background string  // behind it; empty is none
	Scale      float64 // 1 is 8 pixels for the height of an x; 0 is 1
}

// Legible is a style that can be read on dark and on light.
var Legible = Style{Color: "#1a1a1a", Background: "#ffffff"}

var (
	rootTag   = regexp.MustCompile(`^<svg[^>]*>`)
	attribute = regexp.MustCompile(`([a-zA-Z:-]+)="([^"]*)"`)
	dataOnly  = regexp.MustCompile(` (?:data-[a-eg-km-z][a-z-]*|data-latex[a-z-]*|aria-[a-z]+|role|focusable)="[^"]*"`)
)

// lines is what MathJax's style sheet says of the lines and frames of tables.
const lines = `<style>[data-line],[data-frame]{stroke:currentColor;stroke-width:70px;fill:none}` +
	`.mjx-dashed{stroke-dasharray:140}.mjx-dotted{stroke-linecap:round;stroke-dasharray:0,140}</style>`

// margin is around a picture with a background, in thousandths of an em.
const margin = 250

// Picture makes an image file of a drawing. It returns an empty text where the
// drawing has no size of its own.
func Picture(svg string, style Style) string {
	root := rootTag.FindString(svg)
	attrs := map[string]string{}
	for _, m := range attribute.FindAllStringSubmatch(root, -1) {
		attrs[m[1]] = m[2]
	}
	width, ok1 := inEx(attrs["width"])
	height, ok2 := inEx(attrs["height"])
	var x, y, w, h float64
	if _, err := fmt.Sscanf(attrs["viewBox"], "%f %f %f %f", &x, &y, &w, &h); err != nil || !ok1 || !ok2 || w <= 0 || h <= 0 {
		return ""
	}
	scale := style.Scale
	if scale == 0 {
		scale = 1
	}
	if style.Background != "" {
		unit := width / w // ex in a thousandth of an em
		x, y, w, h = x-margin, y-margin, w+2*margin, h+2*margin
		width, height = width+2*margin*unit, height+2*margin*unit
	}
	color := style.Color
	if color == "" {
		color = "#000000"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%s" height="%s" viewBox="%s %s %s %s" color="%s">`,
		number(width*8*scale), number(height*8*scale), number(x), number(y), number(w), number(h), escaped(color))
	if style.Background != "" {
		fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" rx="120" fill="%s"/>`, number(x), number(y), number(w), number(h), escaped(style.Background))
	}
	if strings.Contains(svg, "data-line") || strings.Contains(svg, "data-frame") {
		b.WriteString(lines)
	}
	b.WriteString(dataOnly.ReplaceAllString(svg[len(root):], ""))
	return b.String()
}

// inEx reads a length in ex.
func inEx(s string) (float64, bool) {
	s, ok := strings.CutSuffix(s, "ex")
	f, err := strconv.ParseFloat(s, 64)
	return f, ok && err == nil
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 32) }

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// URI returns an image file as an address that holds it.
func URI(svg string) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg))
}
