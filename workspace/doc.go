// Package workspace owns what changes: files on disk, open buffers, the
// configuration, and the succession of snapshots that follows from them.
//
// It knows no protocol; whoever has one tells it which files are open, with
// which text, and asks for the newest State. Each site has one writer at a
// time; readers take an atomic pointer and never wait, but for the parse of a
// text that was typed since.
//
// Read workspace.go (which site is a file's?), site.go (the state and its
// writer), overlay.go (open buffers), load.go (disk) and walk.go.
package workspace
