// Package rules holds a page for each rule: what it reports, why the reader of
// a post suffers, and how to mend it, with a post at fault and the same post
// mended. The pages are shown by scholium explain and are the rules' tests.
package rules

import "embed"

// Files are the pages, CODE.txtar each.
//
//go:embed *.txtar
var Files embed.FS
