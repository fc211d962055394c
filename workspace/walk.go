package workspace

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"scholium/analysis/frontmatter"
	"scholium/analysis/jekyll"
	"scholium/analysis/site"
)

// A stamp tells whether a file has changed on disk.
type stamp struct {
	size int64
	time time.Time
}

// Bounds of a walk: an editor may hand us a home folder.
const (
	maxFiles    = 150_000
	maxDepth    = 40
	maxFileSize = 8 << 20 // bytes; a larger text is not read
	maxNotes    = 20
)

// A walk lists a site's files.
type walk struct {
	root   string
	real   string // the root without symlinks
	config *jekyll.Config
	loose  bool
	log    *zap.Logger

	files  map[site.Path]stamp
	opaque []site.Path
	notes  []string
	seen   map[string]bool // real folders, against loops of links
}

func (s *Site) walk(config *jekyll.Config) *walk {
	w := &walk{root: s.Root, config: config, loose: s.loose, log: s.w.log, files: map[site.Path]stamp{}, seen: map[string]bool{}}
	w.real = s.Root
	if real, err := filepath.EvalSymlinks(s.Root); err == nil {
		w.real = real
	}
	w.folder("", 0)
	return w
}

func (w *walk) unknown(dir string, note string) {
	w.opaque = append(w.opaque, site.Path(dir))
	if len(w.notes) < maxNotes {
		w.notes = append(w.notes, note)
	}
}

func (w *walk) folder(dir string, depth int) {
	full := filepath.Join(w.root, filepath.FromSlash(dir))
	if real, err := filepath.EvalSymlinks(full); err == nil {
		if w.seen[real] {
			return
		}
		w.seen[real] = true
	}
	if depth > maxDepth {
		w.unknown(dir, "not read, too deep: "+dir)
		return
	}
	entries, err := os.ReadDir(full)
	if err != nil {
		w.log.Warn("reading a folder", zap.String("folder", dir), zap.Error(err))
		w.unknown(dir, "not readable: "+dir+"/")
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if len(w.files) >= maxFiles {
			w.unknown("", "only the first 150,000 files were read")
			return
		}
		info, err := e.Info()
		if err != nil {
			continue
		}
		if e.Type()&fs.ModeSymlink != 0 {
			if info = w.link(name); info == nil {
				continue
			}
		}
		switch {
		case info.IsDir():
			if !w.loose && !w.skips(name) {
				w.folder(name, depth+1)
			}
		case info.Mode().IsRegular():
			w.files[site.Path(name)] = stamp{info.Size(), info.ModTime()}
		}
	}
}

// skips leaves out what Jekyll does not read. The site's own plugins are looked
// at, never run.
func (w *walk) skips(dir string) bool {
	if dir == "_plugins" || strings.HasPrefix(dir, "_plugins/") {
		return false
	}
	return w.config.Skips(dir)
}

// link returns what a symbolic link leads to, or nil where it leads nowhere. A
// link out of the site is not followed: what it leads to is not certain.
func (w *walk) link(name string) fs.FileInfo {
	full := filepath.Join(w.root, filepath.FromSlash(name))
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		return nil
	}
	info, err := os.Stat(real)
	if err != nil {
		return nil
	}
	if real != w.real && !strings.HasPrefix(real, w.real+string(filepath.Separator)) && info.IsDir() {
		w.unknown(name, "not read, a link out of the site: "+name)
		return nil
	}
	return info
}

// Why a file is not read. One that was not readable may be so the next time.
const (
	notReadable = "not readable"
	tooLarge    = "not read, larger than 8 MB"
	outside     = "not read, a link out of the site"
)

// Read returns a file's text as it is on disk; false where it cannot be read,
// is too large, lies outside the site, or is no plain file.
func (s *Site) Read(p site.Path) (string, bool) {
	doc, why := s.read(p)
	return doc, why == ""
}

// read is Read, with the reason why a file is not read.
func (s *Site) read(p site.Path) (doc, why string) {
	if !Inside(p) {
		return "", outside
	}
	real, why := s.real(p)
	if why != "" {
		return "", why
	}
	f, err := os.Open(real)
	if err != nil {
		s.w.log.Warn("reading a file", zap.String("file", string(p)), zap.Error(err))
		return "", notReadable
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1)) // it may grow while it is read
	if err != nil {
		s.w.log.Warn("reading a file", zap.String("file", string(p)), zap.Error(err))
		return "", notReadable
	}
	if len(data) > maxFileSize {
		return "", tooLarge
	}
	return strings.ToValidUTF8(string(data), "\uFFFD"), ""
}

// real returns where a file lies on disk, or why Read refuses it.
func (s *Site) real(p site.Path) (real, why string) {
	real, size, why := s.located(p)
	if why == "" && size > maxFileSize {
		return "", tooLarge
	}
	return real, why
}

// located returns where a file lies on disk, and its size in bytes; or why it is
// none that may be read.
func (s *Site) located(p site.Path) (real string, size int64, why string) {
	full := s.File(p)
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		return "", 0, notReadable
	}
	root := s.Root
	if r, err := filepath.EvalSymlinks(root); err == nil {
		root = r
	}
	if !strings.HasPrefix(real, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator)) {
		return "", 0, outside
	}
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, notReadable
	}
	return real, info.Size(), ""
}

// headSize is how much of a file is read for its front matter at first, in bytes.
const headSize = 4096

// readHead returns the beginning of a file with all of its front matter, or
// nothing where it has none; or why it cannot be read.
func (s *Site) readHead(p site.Path) (doc, why string) {
	real, why := s.real(p)
	if why != "" {
		return "", why
	}
	f, err := os.Open(real)
	if err != nil {
		return "", notReadable
	}
	defer f.Close()
	start := make([]byte, headSize)
	n, err := io.ReadFull(f, start)
	if err != nil && n == 0 && err != io.EOF {
		return "", notReadable
	}
	doc = string(start[:n])
	if !strings.HasPrefix(strings.TrimPrefix(doc, "\uFEFF"), "---") {
		return "", ""
	}
	if n == headSize {
		// What ends with the piece that was read may go on behind it.
		end := strings.LastIndexByte(doc, '\n')
		if head := doc[:end+1]; strings.Contains(head, "\n---") || strings.Contains(head, "\n...") {
			if h := frontmatter.ReadHead(strings.ToValidUTF8(head, "\uFFFD")); h.Present && h.Body < end {
				return strings.ToValidUTF8(head, "\uFFFD"), ""
			}
		}
		return s.read(p)
	}
	return strings.ToValidUTF8(doc, "\uFFFD"), ""
}
