// Package liquid reads Liquid templates and says what they print, and where
// every printed byte comes from.
//
// It owns the tags, objects and filters of Liquid 4 and 5 as Jekyll uses them
// (error mode lax), and Jekyll's own. It knows no files: whoever renders a
// template says what an include's name stands for and what site and page are.
// A tag or filter that only a plugin knows leaves a Hole, never a guess, and
// rendering is bounded in steps, depth and output.
//
// Read token.go, parse.go and markup.go (text to nodes), expr.go, value.go and
// evaluate.go (expressions), render.go (nodes to output with origins), tags.go
// and include.go, then filters.go with strings.go, lists.go, numbers.go,
// dates.go, url.go and inspect.go.
package liquid
