package tex

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// An Unclosed is an opening delimiter that no closing one answers in its run of
// text: MathJax leaves it, and what follows it, as it stands.
type Unclosed struct {
	At        text.Span // the delimiter, in the Flow
	Delimiter string    // "$", "$$", `\(`, `\[` …, or `\begin{name}`
	Close     string    // what would have closed it
}

// Find returns the formulas that MathJax or KaTeX finds in a page, in page
// order, with Flow, Inner, TeX, Display and Ref set, and the openers that never
// close. Without an engine there are none.
//
// It follows MathJax's HTMLDomStrings and FindTeX (3.2.2; 4.1.3 differs in
// nothing that shows).
func Find(f *text.Flow, c *mathjax.Config) ([]Formula, []Unclosed) {
	if c.Engine == mathjax.None {
		return nil, nil
	}
	fi := newFinder(f, c)
	fi.walk()
	return fi.formulas, fi.unclosed
}

// A finder looks for formulas in one flow.
type finder struct {
	flow     *text.Flow
	config   *mathjax.Config
	openers  []opener  // the longest first
	first    [256]bool // bytes that begin an opener, or \ where commands count
	ignore   *regexp.Regexp
	process  *regexp.Regexp
	fuel     int // how many bytes may still be searched for closers
	formulas []Formula
	unclosed []Unclosed
}

type opener struct {
	mathjax.Delimiters
	display bool
	quoted  int // the length MathJax sorts by: that of the opener's regular expression
}

func newFinder(f *text.Flow, c *mathjax.Config) *finder {
	fi := &finder{flow: f, config: c, fuel: 1<<22 + 64*len(f.Text)}
	fi.formulas = make([]Formula, 0, 4+strings.Count(f.Text, "$")/2+strings.Count(f.Text, `\(`)+strings.Count(f.Text, `\[`))
	fi.ignore, fi.process = classPattern(c.IgnoreClass), classPattern(c.ProcessClass)
	add := func(all []mathjax.Delimiters, display bool) {
		for _, d := range all {
			if d.Open == "" || d.Close == "" {
				continue
			}
			o := opener{d, display, quotedLen(d.Open)}
			// A later pair with the same opener replaces the earlier one's end.
			if i := slices.IndexFunc(fi.openers, func(p opener) bool { return p.Open == d.Open }); i >= 0 && c.Engine != mathjax.KaTeX {
				fi.openers[i] = o
			} else {
				fi.openers = append(fi.openers, o)
			}
			fi.first[d.Open[0]] = true
		}
	}
	if c.Engine == mathjax.KaTeX {
		add(c.Display, true)
		add(c.Inline, false)
		return fi
	}
	add(c.Inline, false)
	add(c.Display, true)
	slices.SortStableFunc(fi.openers, func(a, b opener) int {
		return cmp.Or(cmp.Compare(b.quoted, a.quoted), strings.Compare(a.Open, b.Open))
	})
	if c.ProcessEnvironments || c.ProcessRefs || c.ProcessEscapes {
		fi.first['\\'] = true
	}
	return fi
}

// quotedLen is the length of s with the characters escaped that MathJax
// escapes in a regular expression (quotePattern in util/string.ts).
func quotedLen(s string) int {
	n := len(s)
	for i := range len(s) {
		if strings.IndexByte(`^$(){}.+*?-|[]:\`, s[i]) >= 0 {
			n++
		}
	}
	return n
}

// classPattern returns nil where no class can match.
func classPattern(class string) *regexp.Regexp {
	if class == "" {
		return nil
	}
	re, err := regexp.Compile("(?:^| )(?:" + class + ")(?: |$)")
	if err != nil {
		return nil
	}
	return re
}

// walk cuts the flow into the runs of text that MathJax searches: text goes on
// across br, wbr and comments, and ends at every other element boundary.
func (fi *finder) walk() {
	var run run
	type element struct {
		name    string
		ignored bool
	}
	var stack []element
	ignored, skipping := false, "" // the element whose whole content is skipped
	depth := 0                     // elements of that name open within it
	for _, m := range fi.flow.Marks {
		if skipping != "" {
			if m.Name == skipping && m.Kind == text.Open {
				depth++
			}
			if m.Name == skipping && m.Kind == text.Close {
				if depth--; depth == 0 {
					skipping, run = "", newRun(m.At)
				}
			}
			continue
		}
		switch {
		case m.Kind == text.Comment, m.Kind == text.Void && m.Name == "wbr":
			continue
		case m.Kind == text.Void && m.Name == "br":
			run.breaks = append(run.breaks, m.At)
			continue
		}
		fi.search(run, m.At, ignored)
		run = newRun(m.At)
		switch m.Kind {
		case text.Open:
			process := fi.process != nil && m.Class != "" && fi.process.MatchString(m.Class)
			if !process && slices.Contains(fi.config.SkipTags, m.Name) {
				skipping, depth = m.Name, 1
				continue
			}
			stack = append(stack, element{m.Name, ignored})
			ignored = (ignored || fi.ignore != nil && m.Class != "" && fi.ignore.MatchString(m.Class)) && !process
		case text.Close:
			for i := len(stack) - 1; i >= 0; i-- {
				if stack[i].name == m.Name {
					ignored = stack[i].ignored
					stack = stack[:i]
					break
				}
			}
		}
	}
	if skipping == "" {
		fi.search(run, len(fi.flow.Text), ignored)
	}
}

// A run is text that MathJax searches as one string.
type run struct {
	start  int
	breaks []int // where a <br> stands, in the flow: MathJax reads a newline there
}

func newRun(start int) run { return run{start: start} }

func (fi *finder) search(r run, end int, ignored bool) {
	if ignored || r.start >= end {
		return
	}
	s := searched{text: fi.flow.Text[r.start:end], start: r.start}
	if len(r.breaks) > 0 {
		var b strings.Builder
		at := r.start
		for _, br := range r.breaks {
			b.WriteString(fi.flow.Text[at:br])
			s.breaks = append(s.breaks, b.Len())
			b.WriteByte('\n')
			at = br
		}
		b.WriteString(fi.flow.Text[at:end])
		s.text = b.String()
	}
	if fi.config.Engine == mathjax.KaTeX {
		fi.katex(s)
		return
	}
	fi.find(s)
}

// searched is one string that is searched for formulas.
type searched struct {
	text   string
	start  int   // of its first byte, in the flow
	breaks []int // the newlines in text that the flow does not have
}

// span returns where text[start:end] stands in the flow.
func (s searched) span(start, end int) text.Span {
	return text.Span{Start: s.offset(start), End: s.offset(end)}
}

func (s searched) offset(i int) int {
	n := 0
	for n < len(s.breaks) && s.breaks[n] < i {
		n++
	}
	return s.start + i - n
}

// found adds the formula text[start:end] whose TeX is text[from:to].
func (fi *finder) found(s searched, start, from, to, end int, display bool) {
	f := Formula{Flow: s.span(start, end), Inner: s.span(from, to), TeX: s.text[from:to], Display: display}
	for _, br := range s.breaks {
		if from <= br && br < to {
			f.Breaks = append(f.Breaks, br-from)
		}
	}
	fi.formulas = append(fi.formulas, f)
}

// find is MathJax's findMathInString.
func (fi *finder) find(s searched) {
	t := s.text
	for i := 0; i < len(t); {
		if !fi.first[t[i]] {
			i++
			continue
		}
		if o := fi.opener(t[i:]); o != nil {
			from := i + len(o.Open)
			to, end := fi.end(t, from, o.Close)
			if to < 0 {
				fi.open(s, i, from, o.Open, o.Close)
				i = from
				continue
			}
			fi.found(s, i, from, to, end, o.display)
			i = end
			continue
		}
		if t[i] != '\\' {
			i++
			continue
		}
		i = fi.command(s, i)
	}
}

func (fi *finder) opener(t string) *opener {
	for k := range fi.openers {
		if strings.HasPrefix(t, fi.openers[k].Open) {
			return &fi.openers[k]
		}
	}
	return nil
}

// command looks at the backslash at i: an environment, an escape or a
// reference. It returns where the search goes on.
func (fi *finder) command(s searched, i int) int {
	t := s.text
	if fi.config.ProcessEnvironments && strings.HasPrefix(t[i:], `\begin`) {
		if name, from := braced(t, i+len(`\begin`)); from > 0 {
			to := fi.endEnvironment(t, from, name)
			if to < 0 {
				fi.open(s, i, from, `\begin{`+name+`}`, `\end{`+name+`}`)
				return from
			}
			fi.found(s, i, i, to, to, true)
			return to
		}
	}
	if fi.config.ProcessEscapes && i+1 < len(t) && (t[i+1] == '\\' || t[i+1] == '$') {
		return i + 2
	}
	if fi.config.ProcessRefs {
		for _, command := range [2]string{`\ref`, `\eqref`} {
			if strings.HasPrefix(t[i:], command) {
				if _, end := braced(t, i+len(command)); end > 0 {
					fi.found(s, i, i, end, end, false)
					fi.formulas[len(fi.formulas)-1].Ref = true
					return end
				}
			}
		}
	}
	return i + 1
}

// braced reads \s*\{([^}]*)\} at i and returns what is in the braces and where
// they end, 0 where they are not there.
func braced(t string, i int) (string, int) {
	i = skipSpace(t, i)
	if i >= len(t) || t[i] != '{' {
		return "", 0
	}
	n := strings.IndexByte(t[i:], '}')
	if n < 0 {
		return "", 0
	}
	return t[i+1 : i+n], i + n + 1
}

func (fi *finder) open(s searched, i, from int, open, closer string) {
	fi.unclosed = append(fi.unclosed, Unclosed{s.span(i, from), open, closer})
}

// end returns where the closing delimiter begins and ends, -1 where there is
// none: it stands outside braces that were opened since, and not behind a
// backslash (findEnd).
func (fi *finder) end(t string, from int, closer string) (start, end int) {
	braces, i := 0, from
	for ; i < len(t) && fi.fuel > 0; fi.fuel-- {
		c := t[i]
		switch {
		case c == closer[0] && strings.HasPrefix(t[i:], closer):
			if braces == 0 {
				return i, i + len(closer)
			}
			if len(closer) == 1 && (c == '{' || c == '}') {
				braces = brace(braces, c)
			}
			i += len(closer)
		case c == '\\':
			i = escape(t, i)
		case c == '{' || c == '}':
			braces = brace(braces, c)
			i++
		default:
			i++
		}
	}
	return -1, -1
}

// endEnvironment returns the end of the \end{name} that closes, -1 where there
// is none.
func (fi *finder) endEnvironment(t string, from int, name string) int {
	braces, i := 0, from
	for ; i < len(t) && fi.fuel > 0; fi.fuel-- {
		switch c := t[i]; c {
		case '\\':
			if strings.HasPrefix(t[i:], `\end`) {
				at := skipSpace(t, i+len(`\end`))
				if strings.HasPrefix(t[at:], "{"+name+"}") {
					at += len(name) + 2
					if braces == 0 {
						return at
					}
					i = at
					continue
				}
			}
			i = escape(t, i)
		case '{', '}':
			braces = brace(braces, c)
			i++
		default:
			i++
		}
	}
	return -1
}

func brace(depth int, c byte) int {
	if c == '{' {
		return depth + 1
	}
	return max(depth-1, 0)
}

// escape returns what follows a backslash and the character behind it; a
// newline is not escaped.
func escape(t string, i int) int {
	i++
	if i >= len(t) || t[i] == '\n' || t[i] == '\r' {
		return i
	}
	_, size := utf8.DecodeRuneInString(t[i:])
	return i + size
}

func skipSpace(t string, i int) int {
	for i < len(t) {
		if t[i] < utf8.RuneSelf {
			if !asciiSpace(t[i]) {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(t[i:])
		if !wideSpace(r) {
			return i
		}
		i += size
	}
	return i
}

func asciiSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// wideSpace is what \s matches in JavaScript beyond ASCII.
func wideSpace(r rune) bool {
	switch r {
	case 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

// katex is KaTeX's splitAtDelimiters: the first delimiter of the list that
// matches counts, and after an opener that never closes nothing more is found
// in the run.
func (fi *finder) katex(s searched) {
	t := s.text
	for i := 0; i < len(t); {
		if !fi.first[t[i]] {
			i++
			continue
		}
		o := fi.opener(t[i:])
		if o == nil {
			i++
			continue
		}
		from := i + len(o.Open)
		to := katexEnd(t, from, o.Close)
		if to < 0 {
			fi.open(s, i, from, o.Open, o.Close)
			return
		}
		end := to + len(o.Close)
		if strings.HasPrefix(o.Open, `\begin{`) {
			fi.found(s, i, i, end, end, o.display)
		} else {
			fi.found(s, i, from, to, end, o.display)
		}
		i = end
	}
}

func katexEnd(t string, i int, closer string) int {
	for braces := 0; i < len(t); i++ {
		switch c := t[i]; {
		case braces <= 0 && strings.HasPrefix(t[i:], closer):
			return i
		case c == '\\':
			i++
		case c == '{':
			braces++
		case c == '}':
			braces--
		}
	}
	return -1
}
