package site

import (
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scholium/analysis/text"
)

// stranger is a letter that nobody writes and nothing treats specially.
const stranger = "\uE000"

// A letter is one that is exchanged for the stranger, and where it should then be.
type letter struct {
	page *Page
	at   int
}

// letters chooses up to n letters of a page which stand between letters, and
// which our pieces find on the page to the letter.
func letters(random *rand.Rand, p *Page, n int) []letter {
	doc := p.Source.Text
	isLetter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	var candidates []int
	for _, piece := range p.Liquid.Pieces {
		if !piece.Exact || piece.File != 0 || piece.Src.Start < p.Source.Head.Body {
			continue
		}
		for at := max(piece.Src.Start, p.Source.Head.Body) + 1; at+1 < piece.Src.End; at++ {
			// A letter of a tag's own makes it another tag, or none.
			tag := strings.LastIndexAny(doc[:at], "<>")
			// So does one of a name in brackets: it names another thing, or nothing.
			if open := strings.LastIndexAny(doc[:at], "[]\n"); open >= 0 && doc[open] == '[' {
				continue
			}
			if isLetter(doc[at-1]) && isLetter(doc[at]) && isLetter(doc[at+1]) && (tag < 0 || doc[tag] == '>') {
				candidates = append(candidates, at)
			}
		}
	}
	var out []letter
	for range min(n, len(candidates)) {
		out = append(out, letter{p, candidates[random.Intn(len(candidates))]})
	}
	return out
}

// strange returns made with every byte that comes from the byte at of the
// page's file, to the letter, exchanged for the stranger.
func strange(made string, pieces text.Pieces, at int) string {
	var b strings.Builder
	from := 0
	var places []int
	for _, p := range pieces {
		if p.Exact && p.File == 0 && p.Src.Start <= at && at < p.Src.End {
			places = append(places, p.Out.Start+at-p.Src.Start)
		}
	}
	slices.Sort(places)
	for _, i := range places {
		b.WriteString(made[from:i] + stranger)
		from = i + 1
	}
	return b.String() + made[from:]
}

// wordsOf removes tags, in which ids follow from the text.
func wordsOf(html string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(html, '<')
		if i < 0 {
			return b.String() + html
		}
		b.WriteString(html[:i])
		n := strings.IndexByte(html[i:], '>')
		if n < 0 {
			return b.String()
		}
		html = html[i+n+1:]
	}
}

// checkOrigins exchanges letters and compares with what Ruby then prints.
func checkOrigins(t *testing.T, dir string, list []letter) (liquid, html int) {
	t.Helper()
	if len(list) == 0 {
		return 0, 0
	}
	var changed []changedPage
	for _, l := range list {
		doc := l.page.Source.Text
		changed = append(changed, changedPage{string(l.page.Source.Path), doc[l.page.Source.Head.Body:l.at] + stranger + doc[l.at+1:]})
	}
	for i, got := range referee(t, dir, changed...) {
		l := list[i]
		doc := l.page.Source.Text
		around := doc[max(l.at-30, 0):min(l.at+30, len(doc))]
		if got.Error == "no page" {
			continue
		}
		if got.Error != "" {
			t.Errorf("%s byte %d (%q): the referee fails: %s", got.Path, l.at, around, got.Error)
			continue
		}
		if want := strange(l.page.Liquid.Text, l.page.Liquid.Pieces, l.at); want != got.Liquid {
			at := common(want, got.Liquid)
			t.Errorf("%s byte %d (%q) after Liquid:\nwe say %.80q\n  Ruby %.80q", got.Path, l.at, around, want[at:], got.Liquid[at:])
			continue
		}
		liquid++
		if got.HTML == nil || l.page.Tree == nil || len(l.page.Tree.Source) > len(l.page.Liquid.Text)+1 || strings.Contains(l.page.Liquid.Text, "\r") {
			continue
		}
		made, pieces := l.page.Tree.HTMLPieces()
		want, is := wordsOf(strange(made, pieces.Through(l.page.Liquid.Pieces), l.at)), wordsOf(*got.HTML)
		if !strings.Contains(is, stranger) && !strings.Contains(want, stranger) {
			continue // in an attribute, or nowhere
		}
		if want != is {
			at := common(want, is)
			t.Errorf("%s byte %d (%q) as HTML:\nwe say %.80q\n  Ruby %.80q", got.Path, l.at, around, want[at:], is[at:])
			continue
		}
		html++
	}
	return liquid, html
}

// TestOrigins exchanges random letters of real posts, and of the site made for
// these tests, for one that is nowhere else: where Ruby's Liquid and kramdown
// then print it is where our pieces say that the letter goes.
func TestOrigins(t *testing.T) {
	needRuby(t)
	random := rand.New(rand.NewSource(1))
	dirs := []string{writeOwn(t)}
	if root := os.Getenv("SCHOLIUM_CORPUS"); root != "" {
		dirs = append(dirs, corpus(t)...)
	}
	many := 35
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_LETTERS")); err == nil {
		many = n
	}
	liquid, html := 0, 0
	for _, dir := range dirs {
		s := siteOf(t, dir)
		var list []letter
		paths := s.Files(func(p Path) bool {
			f := s.Config.Classify(string(p))
			return f.Markdown && f.Rendered()
		})
		random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		for _, p := range paths {
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(string(p))))
			if err != nil {
				t.Fatal(err)
			}
			page := s.Make(NewSource(p, string(data)), nil)
			if page == nil || len(page.Liquid.Holes) > 0 || len(data) > 60_000 || len(list) >= many {
				continue
			}
			list = append(list, letters(random, page, max(3, 2*many/len(paths)))...)
		}
		a, b := checkOrigins(t, dir, list)
		liquid, html = liquid+a, html+b
	}
	if liquid == 0 || html == 0 {
		t.Error("nothing was compared")
	}
	t.Logf("%d letters are where we say after Liquid, %d of them in the HTML's text", liquid, html)
}
