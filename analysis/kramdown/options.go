package kramdown

import (
	"slices"
	"strconv"
	"strings"
)

// Options are the options that kramdown itself has, by its own names. Their
// meaning is kramdown's. Maps and slices in it are data: who changes an option
// puts a new one in their place.
type Options struct {
	Input                   string // kramdown or GFM
	AutoIDs                 bool
	AutoIDPrefix            string
	AutoIDStripping         bool
	TransliteratedHeaderIDs bool // without the stringex library, as here, it does nothing
	HardWrap                bool
	GFMQuirks               []string // paragraph_end, no_auto_typographic

	FootnoteNr             int
	FootnotePrefix         string
	FootnoteBacklink       string
	FootnoteBacklinkInline bool
	FootnoteLinkText       string // since 2.5: what a marker shows, with %s for the number

	HeaderLinks            bool // since 2.5: an empty link to itself begins each heading that has an id
	TOCLevels              []int
	HeaderOffset           int
	SmartQuotes            [4]string         // entity names or code points: ‘ ’ “ ”
	TypographicSymbols     map[string]string // by kramdown's names: mdash, ndash, hellip, laquo, …
	EntityOutput           string            // as_char, as_input, numeric, symbolic
	RemoveLineBreaksForCJK bool

	ParseBlockHTML      bool
	ParseSpanHTML       bool
	HTMLToNative        bool
	RemoveBlockHTMLTags bool
	RemoveSpanHTMLTags  bool

	LinkDefs          map[string][2]string // name: URL and title
	MathEngine        string               // mathjax, or empty for nil
	SyntaxHighlighter string               // empty for nil, the only one that HTML knows
	LineWidth         int
	ForbiddenInline   []string // what {::options} may not set
	Version           string   // the release of kramdown that is followed: 2.4.0, or 2.5.1, which 2.5.2 equals
}

// Defaults returns kramdown's own defaults, but for the syntax highlighter.
func Defaults() Options {
	return Options{
		Input:               "kramdown",
		AutoIDs:             true,
		HardWrap:            true,
		GFMQuirks:           []string{"paragraph_end"},
		FootnoteNr:          1,
		FootnoteBacklink:    "&#8617;",
		FootnoteLinkText:    "%s",
		TOCLevels:           []int{1, 2, 3, 4, 5, 6},
		SmartQuotes:         [4]string{"lsquo", "rsquo", "ldquo", "rdquo"},
		EntityOutput:        "as_char",
		ParseSpanHTML:       true,
		RemoveBlockHTMLTags: true,
		MathEngine:          "mathjax",
		LineWidth:           72,
		ForbiddenInline:     []string{"template"},
		Version:             "2.4.0",
	}
}

// GFM returns what Jekyll 4 passes to kramdown where _config.yml says nothing.
func GFM() Options {
	o := Defaults()
	o.Input = "GFM"
	o.HardWrap = false
	return o
}

// Set sets one option from its text, as a command line or _config.yml gives it:
// true, 3, 1..3, as_char or :as_char; a list as "a, b" or "[a, b]", a map as
// "{k: v, l: [a, b]}" or with a "k: v" on each line. It returns what is wrong
// with it, or an empty string. Options that have no bearing on HTML are accepted.
func Set(o *Options, key, value string) (problem string) {
	flag := func(to *bool) {
		*to = strings.ToLower(strip(value)) != "false" && value != ""
	}
	number := func(to *int) {
		n, err := strconv.ParseInt(strip(value), 0, 32)
		if err != nil {
			problem = "invalid integer value for option '" + key + "': '" + value + "'"
			return
		}
		*to = int(n)
	}
	switch key {
	case "input":
		switch strings.ToLower(strip(value)) {
		case "gfm":
			o.Input = "GFM"
		case "kramdown":
			o.Input = "kramdown"
		default:
			return "unknown input '" + value + "'"
		}
	case "auto_ids":
		flag(&o.AutoIDs)
	case "auto_id_prefix":
		o.AutoIDPrefix = value
	case "auto_id_stripping":
		flag(&o.AutoIDStripping)
	case "transliterated_header_ids":
		flag(&o.TransliteratedHeaderIDs)
	case "hard_wrap":
		flag(&o.HardWrap)
	case "gfm_quirks":
		o.GFMQuirks = list(value)
	case "footnote_nr":
		number(&o.FootnoteNr)
	case "footnote_prefix":
		o.FootnotePrefix = value
	case "footnote_backlink":
		o.FootnoteBacklink = value
	case "footnote_backlink_inline":
		flag(&o.FootnoteBacklinkInline)
	case "footnote_link_text":
		if _, ok := linkText(value, ""); !ok {
			return "option footnote_link_text needs one %s, and %% for any other %"
		}
		o.FootnoteLinkText = value
	case "header_links":
		flag(&o.HeaderLinks)
	case "version":
		if _, _, ok := numbers(value); !ok {
			return "invalid version '" + value + "'"
		}
		o.Version = value
	case "toc_levels":
		levels, ok := levels(value)
		if !ok {
			return "invalid value for option 'toc_levels': '" + value + "'"
		}
		o.TOCLevels = levels
	case "header_offset":
		number(&o.HeaderOffset)
	case "smart_quotes":
		quotes := list(value)
		if len(quotes) != 4 {
			return "option smart_quotes needs exactly 4 values"
		}
		o.SmartQuotes = [4]string(quotes) // kramdown fails only at a quote that it cannot write
		for _, q := range quotes {
			if _, ok := o.quoteEntity(q); !ok {
				return "unknown entity '" + q + "' in option smart_quotes"
			}
		}
	case "typographic_symbols":
		symbols, ok := pairs(value)
		if !ok {
			return "invalid value for option 'typographic_symbols': '" + value + "'"
		}
		o.TypographicSymbols = symbols
	case "entity_output":
		o.EntityOutput = symbol(value)
	case "remove_line_breaks_for_cjk":
		flag(&o.RemoveLineBreaksForCJK)
	case "parse_block_html":
		flag(&o.ParseBlockHTML)
	case "parse_span_html":
		flag(&o.ParseSpanHTML)
	case "html_to_native":
		flag(&o.HTMLToNative)
	case "remove_block_html_tags":
		flag(&o.RemoveBlockHTMLTags)
	case "remove_span_html_tags":
		flag(&o.RemoveSpanHTMLTags)
	case "link_defs":
		defs, ok := pairs(value)
		if !ok {
			return "invalid value for option 'link_defs': '" + value + "'"
		}
		o.LinkDefs = map[string][2]string{}
		for name, def := range defs {
			parts := append(list(def), "")
			o.LinkDefs[name] = [2]string{parts[0], parts[1]}
		}
	case "math_engine":
		o.MathEngine = symbol(value)
		if o.MathEngine != "" && o.MathEngine != "mathjax" {
			return "math engine '" + value + "' is not known here"
		}
	case "syntax_highlighter":
		o.SyntaxHighlighter = symbol(value)
	case "line_width":
		number(&o.LineWidth)
	case "forbidden_inline_options":
		o.ForbiddenInline = list(value)
	case "template", "latex_headers", "list_indent", "math_engine_opts", "syntax_highlighter_opts",
		"show_warnings", "guess_lang", "coderay", "enable_coderay", "typographic", "default_lang":
	default:
		return "unknown option '" + key + "'"
	}
	return problem
}

// numbers reads the first two numbers of a version.
func numbers(version string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.Atoi(first)
	if err != nil {
		return 0, 0, false
	}
	if second != "" {
		minor, err = strconv.Atoi(second)
	}
	return major, minor, err == nil
}

// is25 reports whether kramdown 2.5 is followed: it is for all later releases
// too, as 2.4 is for all earlier ones.
func (o *Options) is25() bool {
	major, minor, _ := numbers(o.Version)
	return major > 2 || major == 2 && minor >= 5
}

// linkText writes number in the place of the %s of a format, and % for %%. It
// returns false where Ruby's sprintf would want more than the one number.
func linkText(format, number string) (string, bool) {
	var b strings.Builder
	count := 0
	for i := 0; i < len(format); i++ {
		switch {
		case format[i] != '%':
			b.WriteByte(format[i])
		case strings.HasPrefix(format[i:], "%%"):
			b.WriteByte('%')
			i++
		case strings.HasPrefix(format[i:], "%s") && count == 0:
			b.WriteString(number)
			count++
			i++
		default:
			return number, false
		}
	}
	return b.String(), strings.Contains(format, "%s")
}

// definedOption reports whether the kramdown that o follows has an option
// itself, so that {::options} may set it.
func (o *Options) definedOption(key string) bool {
	if !o.is25() && (key == "header_links" || key == "footnote_link_text") {
		return false
	}
	return !slices.Contains([]string{"input", "show_warnings", "guess_lang", "coderay", "enable_coderay", "typographic", "default_lang", "version"}, key) &&
		!strings.HasPrefix(Set(new(Options), key, "1"), "unknown option")
}

// symbol reads a Ruby symbol as kramdown does: nil is empty.
func symbol(s string) string {
	s = strings.TrimPrefix(strip(s), ":")
	if s == "nil" {
		return ""
	}
	return s
}

// list reads a, b or [a, b].
func list(s string) []string {
	s = strip(s)
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ",")
	for i, part := range parts {
		parts[i] = unquote(strip(part))
	}
	return parts
}

// pairs reads a: b, one a line or in braces with commas.
func pairs(s string) (map[string]string, bool) {
	s = strip(s)
	lines := strings.Split(s, "\n")
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		lines = splitTop(s[1 : len(s)-1])
	}
	out := map[string]string{}
	for _, line := range lines {
		if strip(line) == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, false
		}
		out[unquote(strip(key))] = unquote(strip(value))
	}
	return out, true
}

// splitTop splits at commas that stand in no brackets.
func splitTop(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// levels reads the levels of headings: 1..3 or 1,2,3.
func levels(s string) ([]int, bool) {
	s = strip(s)
	if len(s) == 4 && isDigit(s[0]) && s[1:3] == ".." && isDigit(s[3]) {
		var out []int
		for i := int(s[0] - '0'); i <= int(s[3]-'0'); i++ {
			out = append(out, i)
		}
		return out, !slices.ContainsFunc(out, func(n int) bool { return n < 1 || n > 6 })
	}
	var out []int
	for _, part := range list(s) {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 6 {
			return nil, false
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, len(out) > 0
}
