package kramdown

import (
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// fragments are what random documents are put together from.
var fragments = []string{
	"a", "b c", "word", "x_1", "é", "ß-", "1", "12", "A", "the '80s", "don't", "3\"",
	" ", "  ", "   ", "    ", "\t", " \t", "\n", "\n", "\n", "\n", "\n\n", "\n\n", "  \n", "\\\n", "\n   \n",
	"*", "**", "***", "_", "__", "*a*", "**b**", "_c_", "__d__", "~~", "~~e~~",
	"`", "``", "`f`", "``g ` h``", "```", "~~~", "```\n", "~~~\n", "~~~ ruby\n", "``` x?y=z\n",
	"$$", "$$x$$", "$$\ny\n$$\n", "\\$$", "$",
	"[", "]", "(", ")", "![", "[i](j)", "[k]", "[k][l]", "[l][]", "![m](n \"o\")", "[p](<q r> 't')", "[u](v(w)x)", "](", "][",
	"[^1]", "[^2]", "\n[^1]: note\n", "\n[^2]:\n    para\n\n    para\n", "[^q]",
	"\n[k]: /url\n", "\n[l]: <u v> \"title\"\n", "\n[M]: z 'ti'\n", "\n[o]: q\n  \"next\"\n",
	"<", ">", "<b>", "</b>", "<i a=\"b\">", "</i>", "<br>", "<br/>", "<div>", "</div>", "<div>\n", "\n</div>\n", "<p markdown=\"1\">", "</p>",
	"<div markdown=\"1\">\n", "<div markdown=\"span\">", "<code>", "</code>", "<script>", "</script>", "<!--", "-->", "<!-- c -->", "<pre>", "</pre>",
	"<x", "<x y>", "</x>", "<?php", "?>", "<https://a.b>", "<a@b.c>", "<a name='n'/>", "<img src=\"s\">", "<td>", "<em markdown='0'>", "</em>",
	"\n# ", "\n## h {#id}\n", "\n### ", "#", "\n===\n", "\n---\n", "\n- - -\n", "\n***\n", "# k #\n",
	"\n- ", "\n* ", "\n+ ", "\n1. ", "\n2. ", "\n  - ", "\n    - ", "\n   1. ", "\n-\t", "\n- [ ] ", "\n- [x] ", "-", "+ ",
	"\n> ", "\n>", "\n> > ", "\n    code\n", "\n\tcode\n",
	"\n: def\n", ": ", "\nterm\n: ", "\n\n: para\n",
	"|", "\n| a | b |\n", "|---|\n", "|:--|--:|:-:|\n", "|:-:-:-|-:-|\n", "|===|\n", "a|b", "\\|", "\n|-\n",
	"{: .c}", "\n{: .c #i}\n", "{:r}", "\n{:r: .d k=\"v\"}\n", "{:toc}", "\n{: toc}\n", "{:.e}", "\n{:.no_toc}\n", "{: standalone}", "{:", "}", "{::comment}", "{:/comment}", "{:/}",
	"\n{::comment}\n", "\n{:/comment}\n", "\n{::nomarkdown}\n", "\n{:/}\n", "{::nomarkdown}", "{::options auto_ids=\"false\" /}\n",
	"\n^\n", "^", "--", "---", "...", "<<", ">>", "<< ", " >>", "\\<<", "'", "\"", "'a'", "\"b\"", "\"'", "'\"",
	"&amp;", "&lt;", "&copy;", "&#65;", "&#x41;", "&nope;", "&", "\\", "\\*", "\\_", "\\\\", "\\[", "\\(", "\\`", "\\{", "!", ".", ",", "?",
	"<table>\n<tr><td>a</td><td style='text-align: left'>b</td></tr>\n</table>\n", "<ul>\n<li>a</li>\n</ul>\n", "<h2>t <i>u</i></h2>", "<th>",
	"<blockquote>x</blockquote>", "<em>y </em>", "<p>z\n&mdash;</p>", "&rsquo;", "<pre><code>a &lt; b</code></pre>", "<code>a &hellip;</code>",
	"<table>\n<thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody>\n</table>\n", "<script type='math/tex'>x</script>",
	"<![CDATA[", "]]>", "<![CDATA[a < &amp; *b*]]>", "<div><![CDATA[x <y> &lt;]]> z</div>", "<time>", "</time>", "<TIME a='1'>", "<time markdown=\"1\">*t*</time>",
	"snake__case_", "a__", "__b", "_-", "a-_", "é_", "word\nword", "b  c", "b\u00a0c", "\u2003", "\u00a0", "\u2028", "\u200b", "🎉", "e\u0301", "ﬁ", "İ", "ǅ", "Ⅷ", "٣", "\u3000",
	"\n*[b c]: two words\n", "\n*[word word]:  \n", "\n*[.a]: dot\n", "\n*[b]: bee\n{: .ab}\n", "\n*[a b]: x\n", "\n*[b ]: y\n", "\n*[1 \t2]: n\n", "1 \t 2",
	"&there4;", "&nvlt;", "&Afr;", "&#60;", "&#8834;", "&lang;", "&nsub;", "&#8788;", "&coloneq;", "&#128;", "&#x110000;", "&#0;", "&npre;", "&#10927;",
	"\n{::options header_links=\"true\" footnote_link_text=\"(%s)\" /}\n", "\n{::options footnote_link_text=\"x\" toc_levels=\"2..3\" /}\n",
	"\n{::options parse_block_html=\"true\" /}\n", "\n{::options parse_span_html=\"false\" entity_output=\"symbolic\" /}\n", "{::options smart_quotes=\"apos,apos,quot,quot\" /}",
	"\n{::options header_offset=\"1\" footnote_nr=\"3\" footnote_prefix=\"z\" /}\n", "\n{::options auto_id_prefix=\"ö\" hard_wrap=\"true\" /}\n", "{::options html_to_native=\"true\" /}",
	"\n* toc\n{:toc}\n", "\n1. toc\n{:toc #my .k}\n", "\n* notes\n{:footnotes}\n", "\n## a *b* `c` $$d$$ [e](f)[^1] &amp; \"g\"\n", "\n# é 字 🎉 Ab\n", "\nset $$x$$\n---\n",
	"\n# x\n{: #same}\n", "\n## x {#same}\n{: .c}\n", "\n###### six ######\n", "\n> # h\n> {: #q}\n", "\n- # h\n", "\n* a\n\n  b\n\n      c\n", "\n1. a\n   $$\n   x\n   $$\n",
	"\n> $$\n> x\n> $$\n", "\n> a\nb\n", "\n> - c\n>   d\n", "\n[^3]: a $$x$$\n\n    $$\n    y\n    $$\n\n    > q\n\n    - l\n", "[^3]", "\n[^4]:\n\t| a | b |\n", "[^4]", "\n[^1]: again\n{: .n}\n",
	"\n| `a|b` | $$c|d$$ |\n", "\n| <b>x|y</b> | [e](f) |\n|---+---|\n| \\| | z\n|===\n| f | g |\n{: .t}\n", "\n|a\n|:-\n", "| [^1] | b\n", "$$|a|$$", "$$a_b$$ and $$c_d$$", "$$ $$", "$$$$", "$$$", "\\$$x$$", "\n$$x$$\n", "\n\n$$\nx\n\ny\n$$\n\n", "\n$$x$$ t\n", "$$\n",
	"<div markdown=\"block\">\n", "<p markdown=\"block\">", "<td markdown=\"span\">", "<span markdown=\"block\">", "<b markdown='0'>*x*</b>", "<details>\n<summary>s</summary>\n", "</details>\n", "<section markdown='1'>\n# h\n</section>\n", "<DIV>", "</DIV>", "<Br>", "<hr/>\n", "<!DOCTYPE html>\n", "<?x ?>\n", "\n<!-- a\n\nb -->\n", "<style>*x*</style>", "<textarea>*x*</textarea>", "<a href='u' title=\"v\">w</a>", "<svg:x y:z='1'/>", "<p>\n", "\n</p>\n", "<input checked disabled>", "<q cite=\"a\nb\">",
	"\n\n  ^\n\n", "\n^ \n", "\t- ", "\n \t* ", "\n  1.\tb\n", "\n\t\tcode\n", "  \n    \n", "\n:   d\n\n    p\n\n    - l\n", "\nt1\nt2\n: d1\n: d2\n", "\n{:.x}t\n: {:.y} d\n", "\n- {:.z} i\n", "~~a *b*~~", "~~~~\na\n~~~~\n", "```a-b {: .c}\nx\n```\n{: .d}\n",
	"{:.a #b c=\"d\" e='f' g}", "{: #1x .y.z}", "{::nomarkdown type=\"html\"}<x>{:/nomarkdown}", "{::nomarkdown type='latex'}", "{:/options}", "\\{::a}", "{::nope /}", "[a]{:.s}", "*e*{:#f}", "`g`{:.h}{:.i}", "![j](k){: standalone}",
	"[a](<b c> \"d 'e'\")", "[f](g 'h\")", "[i]( j )", "[k](l(m)n \"o\")", "[p\n  q]", "\n[P Q]: r\n", "\n[É]: /e 'f'\n", "[é]", "[ k ]", "[k] [l]", "[k]\n[l]", "![k]", "![[i](j)](k)", "[![a](b)](c)", "[a [b](c) d](e)", "[x](y){:.z}", "<mailto:a@b.c>", "<http://a.b/'c'>", "<ftp:x>", "http://a.b/c_d_e",
	"'tis", "'90s", "\"'x'\"", "(\"y\")", "--'z", "a'b\"c", "\"\n", "'\n\"", "----", "....", "<<<", ">>>", "<< >>", "\\.", "\\~", "\\^", "a\\\nb", "a   \nb", "a \\\n",
	"字", "字\n漢", "\n*[word]: title\n", "\n*[A]:\n", "{", "{{", "%}", "x\n", "y\n\n", "z",
}

// randomDocument puts n fragments together.
func randomDocument(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(fragments[r.IntN(len(fragments))])
	}
	return b.String()
}

// A setting is an option with a value for the referee and the text that Set reads.
type setting struct {
	key   string
	value any
	text  string
}

// settings are what random readings are made of, beside the input.
var settings = []setting{
	{"auto_ids", false, "false"}, {"auto_id_prefix", "p-", "p-"}, {"auto_id_prefix", "1 é", "1 é"}, {"auto_id_stripping", true, "true"},
	{"hard_wrap", true, "true"}, {"hard_wrap", false, "false"}, {"gfm_quirks", "no_auto_typographic", "no_auto_typographic"},
	{"gfm_quirks", "paragraph_end,no_auto_typographic", "paragraph_end,no_auto_typographic"}, {"gfm_quirks", []string{}, "[]"},
	{"footnote_nr", 7, "7"}, {"footnote_prefix", "q-", "q-"}, {"footnote_backlink", "", ""}, {"footnote_backlink", "<&>", "<&>"},
	{"footnote_backlink", "&nbsp;up", "&nbsp;up"}, {"footnote_backlink_inline", true, "true"}, {"footnote_link_text", "[%s]", "[%s]"},
	{"header_links", true, "true"}, {"toc_levels", "2..3", "2..3"}, {"toc_levels", []int{1, 4}, "1,4"}, {"header_offset", 3, "3"}, {"header_offset", -1, "-1"},
	{"smart_quotes", "39,apos,laquo,quot", "39,apos,laquo,quot"}, {"smart_quotes", "sbquo,lsquo,bdquo,ldquo", "sbquo,lsquo,bdquo,ldquo"},
	{"typographic_symbols", map[string]string{"hellip": "...", "ndash": "<--"}, "{hellip: ..., ndash: <--}"},
	{"typographic_symbols", map[string]string{"mdash": "&#8201;", "laquo_space": "", "raquo": "}"}, "mdash: '&#8201;'\nlaquo_space: ''\nraquo: '}'"},
	{"entity_output", "as_input", "as_input"}, {"entity_output", "numeric", "numeric"}, {"entity_output", "symbolic", ":symbolic"},
	{"remove_line_breaks_for_cjk", true, "true"}, {"parse_block_html", true, "true"}, {"parse_span_html", false, "false"},
	{"html_to_native", true, "true"}, {"remove_block_html_tags", false, "false"}, {"remove_span_html_tags", true, "true"},
	{"link_defs", map[string][]string{"k": {"/k", "t"}, "R s": {"x y"}}, "{k: [/k, t], R s: [x y]}"}, {"math_engine", nil, "nil"},
	{"line_width", 20, "20"}, {"list_indent", 2, "2"}, {"transliterated_header_ids", true, "true"},
}

// randomReading returns one of the readings, or any options.
func randomReading(rnd *rand.Rand) reading {
	if rnd.IntN(3) == 0 {
		return readings[rnd.IntN(len(readings))]
	}
	in := readings[rnd.IntN(2)]
	options := maps.Clone(in.options)
	o := in.own()
	name := in.name
	for range 1 + rnd.IntN(6) {
		s := settings[rnd.IntN(len(settings))]
		options[s.key] = s.value
		if problem := Set(&o, s.key, s.text); problem != "" {
			panic(problem)
		}
		name += " " + s.key + "=" + s.text
	}
	return reading{name, options, func() Options { return o }}
}

func TestRandom(t *testing.T) { eachRelease(t, testRandom) }

func testRandom(t *testing.T, r *referee) {
	count, seed := 1200, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_RANDOM")); err == nil {
		count = n
	} else if testing.Short() {
		count = 200
	}
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_SEED")); err == nil {
		seed = uint64(n)
	}
	compared, differ := 0, 0
	for k := range count {
		rnd := rand.New(rand.NewPCG(seed, uint64(k)))
		size := 2 + rnd.IntN(14)
		if k%10 == 9 {
			size *= 10
		}
		text := randomDocument(rnd, size)
		if k%50 == 49 {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if r.differs(text, randomReading(rnd), k, &compared) {
			if differ++; differ > 30 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d documents, %d compared, %d differ", count, compared, differ)
	if compared < count*9/10 {
		t.Errorf("the referee reads only %d of %d documents", compared, count)
	}
}

// differs compares what the referee makes of text with our own HTML, and
// reports a difference as small as it can be.
func (r *referee) differs(text string, in reading, k int, compared *int) bool {
	r.t.Helper()
	want, ok := r.html(text, in.options)
	if !ok {
		return false
	}
	*compared++
	if r.parse(text, in).HTML() == want {
		return false
	}
	small := shrink(r, text, in)
	want, _ = r.html(small, in.options)
	r.t.Errorf("%s: document %d: %s: %q\n got %q\nwant %q", r.version, k, in.name, small, r.parse(small, in).HTML(), want)
	return true
}

// shrink takes from text what the difference does not need.
func shrink(r *referee, text string, in reading) string {
	differs := func(s string) bool {
		want, ok := r.html(s, in.options)
		return ok && r.parse(s, in).HTML() != want
	}
	for again := true; again; {
		again = false
		for size := len(text) / 2; size > 0; size /= 2 {
			for i := 0; i+size <= len(text); {
				if s := text[:i] + text[i+size:]; differs(s) && strings.ToValidUTF8(s, "") == s {
					text, again = s, true
				} else {
					i++
				}
			}
		}
	}
	return text
}
