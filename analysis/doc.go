// Package analysis answers the questions that people ask of a site: what is
// wrong here, what is this, where is it defined, what can stand here. Each
// question is one file and a pure function of a snapshot and a place.
//
// It speaks bytes and small types of its own, never the protocol's; it knows
// no time, no disk and no editor. Below it lie text (places), frontmatter,
// jekyll, liquid, kramdown, mathjax and tex (syntax), site (the snapshot) and
// rules (problems).
//
// Read problems.go and hover.go first; the others are like them.
package analysis
