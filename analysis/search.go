package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scholium/analysis/site"
)

// A Found is a name of the site that a search found.
type Found struct {
	Name string
	In   string // the title of the page it stands on
	Kind SymbolKind
	At   site.Origin

	Score int // the higher the better; says nothing between two queries
}

// SearchLimit is how many names a search returns at most: nobody reads more.
const SearchLimit = 128

// Search finds the names of a site that hold the letters of query in their
// order: pages by their titles, headings, figures, equations by label or number,
// footnotes, macros, includes and works by their keys; closed pages too. The best come first, at most
// SearchLimit of them. Case does not
// count. An empty query finds pages and their headings.
func Search(s *site.Snapshot, query string) []Found {
	f := finder{numbers: strings.ContainsAny(query, "0123456789(")}
	for _, w := range strings.Fields(strings.ToLower(query)) {
		if w = strings.TrimLeft(w, `#[^\`); w != "" { // as symbols are shown
			f.words = append(f.words, w)
		}
	}
	for _, facts := range s.AllFacts() {
		f.page(facts)
	}
	configured := map[site.Origin]bool{} // macros of the site's configuration, as open pages read it
	for _, p := range s.Pages() {
		if p.Layout != nil {
			for i := range p.Layout.Macros {
				if n := &p.Layout.Macros[i]; !configured[n.At] {
					configured[n.At] = true
					f.try(`\`, n.Text, "", string(n.At.File), MacroSymbol, n.At)
				}
			}
		}
	}
	dir := strings.Trim(s.Config.IncludesDir, "/") + "/"
	for _, p := range s.Files(func(p site.Path) bool { return strings.HasPrefix(string(p), dir) }) {
		f.try("", string(p[len(dir):]), "", strings.TrimSuffix(dir, "/"), IncludeSymbol, site.Origin{File: p})
	}
	if len(f.words) > 0 {
		s.EachBib(func(src *site.Source) {
			for i := range src.Bib.Entries {
				if e := &src.Bib.Entries[i]; e.Key != "" {
					f.try("", e.Key, "", string(src.Path), CitationSymbol, site.Origin{File: src.Path, Span: e.KeySpan, Exact: true})
				}
			}
		})
	}
	f.settle()
	return f.best
}

type finder struct {
	words   []string
	numbers bool    // an equation may be meant by its number
	best    []Found // sorted up to SearchLimit, what came since behind
	least   int     // a score that is not among the best; 0 while there is room
}

func (f *finder) page(p *site.Facts) {
	if p.Title != "" {
		f.try("", p.Title, "", string(p.Path), PageSymbol, site.Origin{File: p.Path})
	}
	for i := range p.Names {
		n := &p.Names[i]
		if n.Uses || n.Kind == site.Anchor && n.Form == site.Derived && n.Level == 0 || n.At.File != p.Path && n.Whole.File != p.Path {
			continue
		}
		at := n.At
		if at.File != p.Path {
			at = n.Whole
		}
		switch n.Kind {
		case site.Label:
			switch {
			case n.Detail == "":
				f.try("", n.Text, "", p.Title, EquationSymbol, at)
			case !f.try("("+n.Detail+") ", n.Text, "", p.Title, EquationSymbol, at) && f.numbers:
				f.try("", "("+n.Detail+") "+n.Text, "", p.Title, EquationSymbol, at)
			}
		case site.Anchor:
			switch {
			case n.Level > 0:
				f.try("######"[:n.Level]+" ", n.Detail, "", p.Title, HeadingSymbol, at)
			case n.Form == site.Attribute:
				f.try("#", n.Text, "", p.Title, FigureSymbol, at)
			}
		case site.Footnote:
			f.try("[^", n.Text, "]", p.Title, FootnoteSymbol, at)
		case site.Macro:
			f.try(`\`, n.Text, "", p.Title, MacroSymbol, at)
		}
	}
}

// try takes a name if it fits, and is not worse than what there is enough of.
// It is shown between the two marks of its kind, which are not looked at.
func (f *finder) try(before, name, behind, in string, kind SymbolKind, at site.Origin) bool {
	score := 0
	for _, w := range f.words {
		n := fits(name, w)
		if n == 0 {
			return false
		}
		score += n
	}
	big := kind == PageSymbol || kind == HeadingSymbol
	if len(f.words) == 0 && !big {
		return false
	}
	switch {
	case len(f.words) > 0:
		if score = score*64 + 64 - min(len(name), 60); big {
			score += 32
		}
	case kind == PageSymbol:
		score = 2
	default:
		score = 1
	}
	if score <= f.least { // of equals the earlier ones stay
		return true
	}
	if len(f.best) == 2*SearchLimit {
		f.settle()
		f.least = f.best[SearchLimit-1].Score
	}
	f.best = append(f.best, Found{before + name + behind, in, kind, at, score})
	return true
}

// settle keeps the best.
func (f *finder) settle() {
	slices.SortStableFunc(f.best, func(a, b Found) int {
		return cmp.Or(b.Score-a.Score, strings.Compare(string(a.At.File), string(b.At.File)), a.At.Span.Start-b.At.Span.Start, strings.Compare(a.Name, b.Name))
	})
	f.best = f.best[:min(len(f.best), SearchLimit)]
}

// fits says how well a name holds the letters of a word in their order: 0 where
// it does not. A whole word counts most, then its beginning, then letters that
// stand together or begin words.
func fits(name, word string) int {
	score, at, last := 1, 0, -2
	for i, w := range word {
		found := -1
		for j := at; j < len(name); {
			c, size := rune(name[j]), 1
			if c >= utf8.RuneSelf {
				c, size = utf8.DecodeRuneInString(name[j:])
			}
			if c == w || lower(c) == w {
				found = j
				at = j + size
				break
			}
			j += size
		}
		if found < 0 {
			return 0
		}
		begins := found == 0 || !wordly(name[found-1])
		switch {
		case found == last && i > 0:
			score += 3
		case begins:
			score += 2
		}
		last = at
	}
	// The letters together somewhere are better than scattered from the first fit on.
	if where := foldIndex(name, word); where >= 0 {
		score = max(score, 3*utf8.RuneCountInString(word)) + 4
		if end := where + len(word); where == 0 || !wordly(name[where-1]) {
			score += 4
			if end >= len(name) || !wordly(name[end]) {
				score += 4
			}
		}
	}
	return score
}

func lower(c rune) rune {
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}
	return unicode.ToLower(c)
}

func wordly(c byte) bool {
	return c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// foldIndex is strings.Index with the case of ASCII letters in s left aside.
func foldIndex(s, word string) int {
	for i := 0; i+len(word) <= len(s); i++ {
		if lower(rune(s[i])) == rune(word[0]) || word[0] >= utf8.RuneSelf {
			j := 0
			for j < len(word) && (s[i+j] == word[j] || s[i+j] < utf8.RuneSelf && byte(lower(rune(s[i+j]))) == word[j]) {
				j++
			}
			if j == len(word) {
				return i
			}
		}
	}
	return -1
}
