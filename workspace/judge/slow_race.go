//go:build race

package judge

// slow is how many times longer MathJax takes than it does for users: the race
// detector watches the whole engine.
const slow = 10
