//go:build !race

package judge

// slow is how many times longer MathJax takes than it does for users.
const slow = 1
