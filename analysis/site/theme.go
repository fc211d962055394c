package site

import (
	"path"
	"slices"
	"strings"

	"scholium/analysis/frontmatter"
	"scholium/analysis/liquid"
	"scholium/analysis/mathjax"
)

// A theme is a gem whose layouts are not in the repository, as far as it is
// known what they tell MathJax. The site's own files come before the theme's,
// as Jekyll has it.
type theme struct {
	names   []string          // of the gem and of its repository
	layouts map[string]string // its layouts, each with the one around it
	frame   string            // the one of them that loads MathJax, itself or by its includes
	flag    string            // the front matter that makes it load MathJax
	script  string            // the file that configures MathJax, which a site may replace
	says    string            // what the theme's own says
	loads   string
	hooks   []string // includes of its frame, in page order, which a site may replace to load MathJax itself
}

// themes are those whose defaults are certain. al-folio and just-the-docs have
// changed theirs from version to version, so that a site that uses one as a
// gem is not known, and what depends on it is silent.
var themes = []theme{{
	// Chirpy, versions 6 and 7.
	names: []string{"jekyll-theme-chirpy", "cotes2020/jekyll-theme-chirpy"},
	layouts: map[string]string{
		"post": "default", "page": "default", "home": "default", "archives": "page", "categories": "page", "category": "page",
		"tag": "page", "tags": "page", "default": "compress", "compress": "",
	},
	frame:  "default",
	flag:   "math",
	script: "assets/js/data/mathjax.js",
	says:   `MathJax = {tex: {inlineMath: [['$', '$'], ['\\(', '\\)']], displayMath: [['$$', '$$'], ['\\[', '\\]']], tags: 'ams'}}`,
	loads:  "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-chtml.js",
}, {
	// Minimal Mistakes, version 4, leaves MathJax to the site, and has a place for it. Where the site's own files load
	// none, it is not known what does.
	names: []string{"minimal-mistakes-jekyll", "mmistakes/minimal-mistakes"},
	layouts: map[string]string{
		"single": "default", "splash": "default", "search": "default", "archive": "default", "archive-taxonomy": "default", "home": "archive",
		"posts": "archive", "categories": "archive", "category": "archive", "tags": "archive", "tag": "archive", "collection": "archive", "default": "",
	},
	frame: "default",
	hooks: []string{"head.html", "head/custom.html", "footer/custom.html", "scripts.html"},
}}

// theme returns what is known of the site's theme, nil where it has none or
// where it is not known.
func (s *Snapshot) theme() *theme {
	name, _, _ := strings.Cut(s.Config.Theme, "@")
	for i := range themes {
		if slices.Contains(themes[i].names, name) {
			return &themes[i]
		}
	}
	return nil
}

// KnowsTheme reports whether it is known what the theme's layouts load.
func (s *Snapshot) KnowsTheme() bool { return s.theme() != nil }

// layoutOf returns the layout around one of the theme's; false where it has
// none of that name, and for a nil theme.
func (t *theme) layoutOf(name string) (string, bool) {
	if t == nil {
		return "", false
	}
	outer, ok := t.layouts[name]
	return outer, ok
}

// gem follows a layout of the theme to the one around it.
func (l *Layout) gem(t *theme, name *frontmatter.Node, at Origin) *frontmatter.Node {
	l.gaps = l.gaps || name.Text == t.frame
	if !l.themed {
		l.themed = true
		l.Unknown = append(l.Unknown, Unknown{"the layout " + name.Text + " of the theme", at, []Kind{Anchor, Asset}})
	}
	return &frontmatter.Node{Kind: frontmatter.String, Text: t.layouts[name.Text]}
}

// hooked reads the site's own files that the theme's frame includes. Where they
// load nothing for formulas, something else may.
func (l *Layout) hooked(t *theme, s *Snapshot, r *reader, p *Page) {
	for _, hook := range t.hooks {
		src := r.file(path.Join(strings.Trim(s.Config.IncludesDir, "/"), hook))
		if src == nil || src.Template == nil {
			continue
		}
		env := s.env(p, r)
		env.Files = []string{string(src.Path), "_config.yml", string(p.Source.Path)}
		env.Globals["page"] = s.pageValue(p, r, 2)
		env.Globals["content"] = liquid.Text{}
		out := src.Template.Render(env)
		l.read(s, r, out)
		l.holes(out)
	}
	if mathjax.Read(l.scripts).Engine == mathjax.None {
		l.unknown("what the theme loads", Origin{File: p.Source.Path})
	}
}

// loads adds the scripts by which the theme loads MathJax.
func (l *Layout) loads(t *theme, s *Snapshot, r *reader, p *Page) {
	if !s.Config.Value(p.File, p.Source.Head.Values, t.flag).Truthy() {
		return
	}
	script, place := mathjax.Script{Body: t.says}, scriptPlace{}
	if src := r.file(t.script); src != nil {
		script.Body, place = l.local(s, r, src)
	} else if s.Has(Path(t.script)) {
		// The file is there, but says nothing of MathJax: nothing is configured.
		script.Body = ""
	}
	l.scripts = append(l.scripts, script, mathjax.Script{Src: t.loads})
	l.places = append(l.places, place, scriptPlace{})
}

// holes notes what a layout prints that nobody here can know: a theme's
// include or a plugin's tag may bring ids and scripts. A value brings neither,
// and of a condition all arms are read.
func (l *Layout) holes(out *liquid.Output) {
	for _, h := range out.Holes {
		kinds := []Kind{Anchor}
		if tag, ok := strings.CutPrefix(h.What, "the tag "); ok {
			if known, ok := suppliers[tag]; ok {
				kinds = known
			}
		} else if !strings.HasPrefix(h.What, "the include ") && !strings.HasPrefix(h.What, "an include ") {
			continue
		}
		if len(kinds) == 0 {
			continue
		}
		at := Origin{}
		if int(h.File) < len(out.Files) {
			at = Origin{Path(out.Files[h.File]), h.Span, true}
		}
		l.Unknown = append(l.Unknown, Unknown{h.What, at, kinds})
		l.gaps = true
	}
}

// mayLoad reports whether something that could not be read may load an engine
// for formulas. A theme that is known loads none but its own.
func (l *Layout) mayLoad() bool {
	return l.lost || l.gaps && !l.themed || slices.ContainsFunc(l.Unknown, func(u Unknown) bool { return slices.Contains(u.Kinds, Macro) })
}
