package mathjax

import "strings"

// A Script is one <script> element of a page.
type Script struct {
	Src  string // its src attribute, as written
	Type string // its type attribute
	Body string // what stands between its tags; where Src is a file of the site, that file's text
}

// Default returns what e does when it is told nothing, as its documentation
// and source publish it. For None it returns a Config that finds no formula.
func Default(e Engine) Config {
	c := Config{Engine: e, Tags: "none"}
	if e == None {
		return c
	}
	c.Display = []Delimiters{{"$$", "$$"}, {`\[`, `\]`}}
	c.Inline = []Delimiters{{`\(`, `\)`}}
	c.ProcessEnvironments, c.ProcessRefs = true, true
	c.Autoload = true
	switch e {
	case MathJax2:
		// tex2jax.js, version 2.7: escapes only when asked for.
		c.SkipTags = []string{"script", "noscript", "style", "textarea", "pre", "code", "annotation", "annotation-xml"}
		c.IgnoreClass, c.ProcessClass = "tex2jax_ignore", "tex2jax_process"
		c.Packages = []string{"base", "ams", "newcommand", "noundefined", "require", "configmacros"}
	case MathJax3, MathJax4:
		// HTMLDomStrings.ts and FindTeX.ts, versions 3.2.2 and 4.1.3.
		c.ProcessEscapes = true
		c.SkipTags = []string{"script", "noscript", "style", "textarea", "pre", "code", "math", "select", "option", "mjx-container"}
		c.IgnoreClass, c.ProcessClass = "mathjax_ignore", "mathjax_process"
		c.Packages = []string{"base", "ams", "newcommand", "noundefined", "require", "configmacros"}
		if e == MathJax4 {
			c.Packages = []string{"base", "ams", "newcommand", "textmacros", "noundefined", "require", "configmacros"}
		}
	case KaTeX:
		// auto-render.js: $ is no delimiter unless the page says so.
		c.SkipTags = []string{"script", "noscript", "style", "textarea", "pre", "code", "option"}
		c.ProcessEnvironments, c.ProcessRefs, c.Autoload = false, false, false
		for _, name := range []string{"equation", "align", "alignat", "gather", "CD"} {
			c.Display = append(c.Display, Delimiters{`\begin{` + name + `}`, `\end{` + name + `}`})
		}
	}
	return c
}

// fullPackages is what the components named …-full add to the defaults of
// MathJax 3 (AllPackages.ts).
var fullPackages = []string{
	"action", "amscd", "bbox", "boldsymbol", "braket", "bussproofs", "cancel", "cases", "centernot", "color", "colortbl",
	"empheq", "enclose", "extpfeil", "gensymb", "html", "mathtools", "mhchem", "upgreek", "unicode", "verb", "tagformat",
	"textcomp", "textmacros",
}

// engineOf returns the engine that a script's address loads, and whether it
// is a component that brings all packages along.
func engineOf(src string) (e Engine, full bool) {
	s := strings.ToLower(src)
	if !strings.Contains(s, "mathjax") && !strings.Contains(s, "katex") && !strings.Contains(s, "auto-render") {
		if componentName(s) {
			return MathJax3, strings.Contains(s, "-full")
		}
		return None, false
	}
	switch {
	case strings.Contains(s, "katex"), strings.Contains(s, "auto-render"):
		return KaTeX, false
	case strings.Contains(src, "MathJax.js"), strings.Contains(s, "mathjax@2"), strings.Contains(s, "mathjax/2"), strings.Contains(s, "config=tex"):
		return MathJax2, false
	case strings.Contains(s, "mathjax@4"), strings.Contains(s, "mathjax/4"), strings.Contains(s, "@mathjax"):
		return MathJax4, false
	case strings.Contains(s, "npm/mathjax/") && !strings.Contains(s, "/es5/") && componentName(s):
		return MathJax4, false // without a version it is the latest, and what 3 has lies in es5
	case strings.Contains(s, "mathjax@3"), strings.Contains(s, "mathjax/3"), componentName(s):
		return MathJax3, strings.Contains(s, "-full")
	}
	return None, false // a script of the site that has MathJax in its name
}

// componentName reports whether an address ends in one of MathJax's combined
// components: tex-mml-chtml.js, tex-svg-full.js, tex-chtml.js …
func componentName(s string) bool {
	s, _, _ = strings.Cut(s, "?")
	s = s[strings.LastIndexByte(s, '/')+1:]
	return strings.HasPrefix(s, "tex-") && strings.HasSuffix(s, ".js") &&
		(strings.Contains(s, "chtml") || strings.Contains(s, "svg"))
}
