// Package judge is MathJax itself, in a JavaScript engine inside the process. It
// says what MathJax says of a formula, in the words that a reader's browser would
// print, and draws formulas.
//
// It owns the engines: when they start, what a call may cost, what happens
// after a fault. It knows no page and no protocol: it is handed formulas with
// the configuration they stand under and the definitions before them.
//
// MathJax comes from npm by lock file (js/), is bundled by make and embedded
// (bundles/). Without the bundles everything here answers that it is not there.
//
// Read judge.go (what can be asked), engine.go (one engine), config.go (what a
// page's configuration is to MathJax), picture.go (drawings).
package judge
