// Package mathjax reads what a page tells MathJax or KaTeX: delimiters, macros,
// packages, tags. Scripts are read as data and never run.
//
// It knows no TeX and no HTML: it is handed the scripts of a page, in page
// order, and returns one Config.
//
// Read config.go (what a configuration is), engine.go (which engine a page
// loads, and what each does when told nothing), read.go (where scripts configure
// it), object.go (from JavaScript objects to a Config), then value.go and
// literal.go (JavaScript values, as far as they are data).
package mathjax
