// Package jekyll knows what Jekyll does with a site's files: its configuration,
// which file is a post, a page, a layout or an asset, which URL a document
// gets, and which front matter defaults apply to it.
//
// It knows no file's content but _config.yml's, and nothing of Liquid, kramdown
// or MathJax. The rules are Jekyll 4.3's (and GitHub Pages' 3.10 where they are
// the same).
//
// Read config.go, then kind.go (what is this file?) and url.go.
package jekyll
