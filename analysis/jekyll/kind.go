package jekyll

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A Kind says what Jekyll takes a file for.
type Kind uint8

// The kinds of files of a site.
const (
	Static   Kind = iota // copied as it is, or a page where it has front matter
	Post                 // a dated file in a _posts folder
	Draft                // a file in a _drafts folder
	Document             // of another collection
	Page                 // with front matter, anywhere else
	Include
	Layout
	Data
	ConfigFile
	NotAPost // in _posts, but without a date in its name: Jekyll passes over it
	Ignored
)

// A File is what Jekyll knows of a file by its path.
type File struct {
	Path             string // from the site's root, with slashes
	Kind             Kind
	Collection       string // the label, for posts, drafts and documents
	Markdown         bool   // by its extension
	HTML             bool
	Year, Month, Day string   // of a post, as the name has them
	Slug             string   // of a post, from its name
	Dirs             []string // the folders above _posts: categories
}

// Rendered reports whether the file becomes a page of the site if it has front
// matter (a post and a draft do without, too).
func (f File) Rendered() bool {
	return f.Kind == Post || f.Kind == Draft || f.Kind == Document || f.Kind == Page || f.Kind == Static
}

// maxPath is how long a path can be, in bytes: PATH_MAX of Linux, and more than
// other systems allow.
const maxPath = 4096

// Classify says what Jekyll takes the file at p for. What it calls Static is a
// Page where the file has front matter.
func (c *Config) Classify(p string) File {
	f := File{Path: p}
	if len(p) > maxPath {
		return f // no disk has it: somebody only speaks of it
	}
	ext := strings.TrimPrefix(strings.ToLower(path.Ext(p)), ".")
	for _, e := range c.MarkdownExt {
		f.Markdown = f.Markdown || ext == strings.ToLower(e)
	}
	f.HTML = ext == "html" || ext == "htm" || ext == "xhtml"
	switch {
	case p == "_config.yml" || p == "_config.yaml":
		f.Kind = ConfigFile
		return f
	case within(p, c.IncludesDir):
		f.Kind = Include
		return f
	case within(p, c.LayoutsDir):
		f.Kind = Layout
		return f
	case within(p, c.DataDir):
		f.Kind = Data
		return f
	}
	parts := strings.Split(p, "/")
	name := parts[len(parts)-1]
	for i, part := range parts[:len(parts)-1] {
		switch {
		case part == "_posts":
			f.Collection, f.Dirs = "posts", nil
			if i > 0 && strings.TrimPrefix(strings.Join(parts[:i+1], "/"), c.CollectionsDir) != part {
				f.Dirs = parts[:i]
			}
			f.Kind = NotAPost
			if f.dated(name) {
				f.Kind = Post
			}
			if c.hidden(parts[:i]) || c.excluded(p) || !strings.HasPrefix(p, c.CollectionsDir) {
				f.Kind = Ignored
			}
			return f
		case part == "_drafts":
			f.Collection, f.Kind = "posts", Draft
			f.Slug = strings.TrimSuffix(name, path.Ext(name))
			if c.hidden(parts[:i]) || c.excluded(p) || hiddenName(name) || !strings.HasPrefix(p, c.CollectionsDir) {
				f.Kind = Ignored
			}
			return f
		case i == strings.Count(c.CollectionsDir, "/") && strings.HasPrefix(p, c.CollectionsDir) && strings.HasPrefix(part, "_"):
			if label := part[1:]; c.collection(label) != nil {
				f.Collection, f.Kind = label, Document
				f.Slug = strings.TrimSuffix(name, path.Ext(name))
				if c.excluded(p) || c.hidden(parts[i+1:]) {
					f.Kind = Ignored
				}
				return f
			}
		}
	}
	if c.excluded(p) || c.hidden(parts) {
		f.Kind = Ignored
	}
	return f
}

func (c *Config) collection(label string) *Collection {
	for i := range c.Collections {
		if c.Collections[i].Label == label {
			return &c.Collections[i]
		}
	}
	return nil
}

func within(p, dir string) bool {
	dir = strings.Trim(dir, "/")
	return dir != "" && strings.HasPrefix(p, dir+"/")
}

// dated reads a post's name by Jekyll's DATE_FILENAME_MATCHER:
// YYYY-M-D-slug.ext, the year of two to four digits.
func (f *File) dated(name string) bool {
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	parts := strings.SplitN(base, "-", 4)
	if len(parts) < 4 || ext == "" {
		return false
	}
	for i, p := range parts[:3] {
		low, high := 1, 2
		if i == 0 {
			low, high = 2, 4
		}
		if len(p) < low || len(p) > high || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	f.Year, f.Month, f.Day = parts[0], pad(parts[1]), pad(parts[2])
	if len(f.Year) == 2 {
		f.Year = "20" + f.Year
	}
	f.Slug = strings.TrimRight(parts[3], ".")
	return true
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// hidden reports whether Jekyll's entry filter passes over a path by its names,
// unless the configuration includes it.
func (c *Config) hidden(parts []string) bool {
	for i, part := range parts {
		if hiddenName(part) && !c.matches(c.Include, part) && !c.matches(c.Include, strings.Join(parts[:i+1], "/")) {
			return true
		}
	}
	return false
}

func hiddenName(name string) bool {
	return name != "" && (strings.ContainsRune("._#~", rune(name[0])) || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "."))
}

func (c *Config) excluded(p string) bool {
	parts := strings.Split(p, "/")
	for i := range parts {
		entry := strings.Join(parts[:i+1], "/")
		if c.matches(c.Exclude, entry) && !c.matches(c.Include, entry) && !c.matches(c.Include, parts[i]) {
			return true
		}
	}
	return false
}

// Skips reports whether Jekyll reads nothing below the folder dir.
func (c *Config) Skips(dir string) bool {
	switch dir {
	case strings.Trim(c.IncludesDir, "/"), strings.Trim(c.LayoutsDir, "/"), strings.Trim(c.DataDir, "/"):
		return false
	}
	if c.holdsCitations(dir) {
		return false
	}
	base := path.Base(dir)
	if base == "_site" || base == ".git" || c.excluded(dir) {
		return true
	}
	if base == "_posts" || base == "_drafts" || strings.HasPrefix(base, "_") && c.collection(base[1:]) != nil {
		return false
	}
	for _, root := range []string{c.IncludesDir, c.LayoutsDir, c.DataDir} {
		if within(dir, root) || strings.HasPrefix(strings.Trim(root, "/"), dir+"/") {
			return false
		}
	}
	return hiddenName(base) && !c.matches(c.Include, base) && !c.matches(c.Include, dir)
}

// holdsCitations reports whether jekyll-scholar's files lie in or below a
// folder, which Jekyll itself need not read.
func (c *Config) holdsCitations(dir string) bool {
	source := c.Scholar.Source
	return source != "" && (dir == source || within(dir, source) || strings.HasPrefix(source, dir+"/"))
}

// matches is Jekyll's glob_include?: File.fnmatch (whose * crosses slashes), or
// a path that begins with the pattern.
func (c *Config) matches(patterns []string, entry string) bool {
	for _, p := range patterns {
		p = strings.TrimPrefix(p, "/")
		if p == "" {
			continue
		}
		if strings.HasPrefix(entry, p) || strings.HasSuffix(p, "/") && p[:len(p)-1] == entry {
			return true
		}
		if strings.ContainsAny(p, "*?[") {
			if ok, err := doublestar.Match(fnmatch.Replace(p), strings.ReplaceAll(entry, "/", "\x00")); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// fnmatch makes a pattern of File.fnmatch one of doublestar: a slash is a
// character as others, and so is a brace.
var fnmatch = strings.NewReplacer("/", "\x00", "{", `\{`, "}", `\}`)

// matchPrefix reports whether a pattern matches p or a folder above it.
func matchPrefix(pattern, p string) bool {
	for at := 0; at <= len(p); {
		n := strings.IndexByte(p[at:], '/')
		end := len(p)
		if n >= 0 {
			end = at + n
		}
		if ok, err := doublestar.Match(strings.TrimSuffix(pattern, "/"), p[:end]); err == nil && ok {
			return true
		}
		at = end + 1
	}
	return false
}
