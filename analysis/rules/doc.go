// Package rules finds what is wrong with a page: one kind of problem a file,
// named after the rule's code. A rule says only what the reader of the page
// would see, and an absence only where the site knows every provider.
//
// Each rule has a page in testdata/rules that explains it, with a post at fault
// and the post mended; the page is its test.
//
// Read rules.go (the list, and what a rule is), settings.go (what a site may
// change), then any rule.
package rules
