// Package tex reads formulas as MathJax reads them: where they stand in a page,
// what they define, label, number and refer to, and what MathJax will call an
// error in them.
//
// It knows no Markdown and no file. It proves innocence: a formula that is
// neither Doubtful nor has a Fault renders without an error; a Fault is given
// only where MathJax prints one. MathJax 2 is read with the tables of 3: what it
// has under other names or loads otherwise is doubtful, and never at fault.
//
// Read formula.go (what is known of a formula), find.go (where formulas are),
// state.go (a page's formulas in order) and world.go (what is defined); then
// parser.go, item.go and tags.go, which are MathJax's TexParser, stack and
// numbering. Its methods are in command.go, environment.go, script.go,
// textmode.go, macro.go (source.go keeps positions through macros) and, by
// package, in extension.go, physics.go and mathtools.go. table.go looks things
// up in table_v3.go and table_v4.go, which gen/tables.js writes.
package tex
