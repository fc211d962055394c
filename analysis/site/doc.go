// Package site holds what is known of a site at one instant, and never changes:
// sources, the pages that readers get of them, the names these define and use,
// and the snapshot that ties them together.
//
// It knows which file a page reads, who sees a name, and what must stay silent
// because it is not known. It knows no disk, no clock and no editor: somebody
// hands it sources, and asks.
//
// Read source.go, page.go and make.go (a source becomes a page), names.go and
// formulas.go (what a page defines and uses), layout.go (what its layouts add),
// then snapshot.go and table.go, and last cursor.go.
package site
