package site

import (
	"hash/maphash"
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
)

// A Head is what other pages can ask of a document or page without reading it:
// its front matter, without places. It never changes.
type Head struct {
	Path    Path
	Present bool              // the file has front matter
	Values  *frontmatter.Node // a Map
	Hash    uint64            // of the path and the front matter as written; never 0
}

// NewHead reads the front matter of a file. doc may end behind it.
func NewHead(p Path, doc string) *Head { return headOf(p, doc, frontmatter.ReadHead(doc)) }

// head returns the source's front matter on its own.
func (s *Source) head() *Head { return headOf(s.Path, s.Text, s.Head) }

func headOf(p Path, doc string, head frontmatter.Head) *Head {
	h := &Head{Path: p, Present: head.Present, Values: head.Values.Bare()}
	h.Hash = headHash(p, doc, head)
	return h
}

func headHash(p Path, doc string, head frontmatter.Head) uint64 {
	h := maphash.String(seed, string(p)+"\x00"+head.YAML.Of(doc)) &^ 3
	if head.Present {
		h |= 1
	}
	return h | 2
}

// Headed reports whether a file's front matter is kept for others to ask: that
// of documents, and of whatever else may be a page.
func Headed(c *jekyll.Config, p Path) bool {
	f := c.Classify(string(p))
	switch f.Kind {
	case jekyll.Post, jekyll.Draft, jekyll.Document, jekyll.Static:
		return f.Markdown || f.HTML || !binary[strings.ToLower(path.Ext(string(p)))]
	}
	return false
}

// binary are extensions of files that never begin with front matter.
var binary = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".avif": true, ".ico": true, ".bmp": true, ".tif": true, ".tiff": true,
	".pdf": true, ".ps": true, ".eps": true, ".djvu": true, ".woff": true, ".woff2": true, ".ttf": true, ".otf": true, ".eot": true,
	".zip": true, ".gz": true, ".tar": true, ".tgz": true, ".bz2": true, ".xz": true, ".7z": true, ".mp3": true, ".mp4": true, ".webm": true,
	".ogg": true, ".wav": true, ".mov": true, ".avi": true, ".m4a": true, ".npy": true, ".npz": true, ".mat": true, ".bin": true, ".pt": true,
	".psd": true, ".xls": true, ".xlsx": true, ".doc": true, ".docx": true, ".ppt": true, ".pptx": true, ".ipynb": true, ".bib": true,
}

// Names of inputs that are no files: no path in a site begins with slashes.
const (
	allHeads = Path("//front matter of all pages")
	allFiles = Path("//all files")
	oneHead  = "//front matter of "
	oneName  = "//posts named "
)

// Changed names the inputs, other than files, that differ between s and old:
// the front matter of a page, that of all pages, and which files there are.
// Cost grows with what changed.
func (s *Snapshot) Changed(old *Snapshot) []Path {
	var out []Path
	s.heads.diff(old.heads, func(a, b *Head) bool { return a.Hash == b.Hash }, func(p Path) {
		out = append(out, oneHead+p)
		if base, ok := postName(p); ok {
			out = append(out, Path(oneName+base))
		}
	})
	if len(out) > 0 {
		out = append(out, allHeads)
	}
	before := len(out)
	s.files.diff(old.files, func(a, b int64) bool { return true }, func(p Path) { out = append(out, oneHead+p) })
	if len(out) > before {
		out = append(out, allFiles)
	}
	return out
}

// inputHash returns what an input is now; 0 where it does not exist.
func (s *Snapshot) inputHash(p Path) uint64 {
	switch {
	case !strings.HasPrefix(string(p), "//"):
		src, _ := s.sources.get(p)
		if src == nil {
			return 0
		}
		return src.Hash
	case p == allHeads:
		return s.headSum
	case p == allFiles:
		return s.fileSum
	}
	if name, ok := strings.CutPrefix(string(p), oneHead); ok {
		if h, ok := s.heads.get(Path(name)); ok {
			return h.Hash
		}
		if s.Has(Path(name)) {
			return 1 // a file without
		}
		return 0
	}
	sum := uint64(0)
	for _, p := range s.named(strings.TrimPrefix(string(p), oneName)) {
		if h, ok := s.heads.get(p); ok {
			sum ^= h.Hash
		}
	}
	return sum
}

// input remembers that a page was made from something that is no file.
func (r *reader) input(p Path) {
	in := Input{p, r.s.inputHash(p)}
	if !slices.Contains(r.inputs, in) {
		r.inputs = append(r.inputs, in)
	}
}

// head returns a page's front matter, or nil; both are remembered.
func (r *reader) head(p Path) *Head {
	r.input(oneHead + p)
	h, _ := r.s.heads.get(p)
	return h
}

// Head keeps a file's front matter.
func (b *Builder) Head(h *Head) {
	if old, ok := b.heads.table.get(h.Path); ok {
		if old.Hash == h.Hash {
			return // the same: nothing changes
		}
		b.next.headSum ^= old.Hash
	}
	b.heads.set(h.Path, h)
	b.next.headSum ^= h.Hash
}

// SourceHead keeps a source's front matter where it is one that others ask for.
func (b *Builder) SourceHead(src *Source) {
	if b.next.Loose || !Headed(b.next.Config, src.Path) {
		b.NoHead(src.Path)
		return
	}
	if old, ok := b.heads.table.get(src.Path); ok && old.Hash == headHash(src.Path, src.Text, src.Head) {
		return
	}
	b.Head(src.head())
}

// NoHead forgets a file's front matter.
func (b *Builder) NoHead(p Path) {
	if old, ok := b.heads.table.get(p); ok {
		b.next.headSum ^= old.Hash
		b.heads.delete(p)
	}
}

// fileHash is what a file's existence adds to the number that stands for all.
func fileHash(p Path) uint64 { return maphash.String(seed, string(p)) }

// HeadKeys counts the keys that the site's documents have in their front matter.
func (s *Snapshot) HeadKeys() map[string]int {
	out := map[string]int{}
	s.heads.each(func(_ Path, h *Head) bool {
		for _, e := range h.Values.Entries {
			out[e.Key.Text]++
		}
		return true
	})
	return out
}

// HeadValues counts the values that the site's documents have for a key of
// their front matter: those of a list one by one, and the words of a string
// where Jekyll reads words.
func (s *Snapshot) HeadValues(key string) map[string]int {
	out := map[string]int{}
	words := key == "tags" || key == "categories"
	s.heads.each(func(_ Path, h *Head) bool {
		n := h.Values.Get(key)
		if words && n.Kind == frontmatter.String {
			for _, w := range strings.Fields(n.Text) {
				out[w]++
			}
			return true
		}
		for _, v := range n.Strings() {
			out[v]++
		}
		return true
	})
	return out
}
