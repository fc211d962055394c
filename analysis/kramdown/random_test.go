package kramdown

import (
	"fmt"
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

func TestRandom(t *testing.T) {
	r := newReferee(t)
	count, seed := 400, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_RANDOM")); err == nil {
		count = n
	}
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_SEED")); err == nil {
		seed = uint64(n)
	}
	differ := 0
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
		for _, input := range readings {
			want, ok := r.html(text, input.options)
			if !ok {
				continue
			}
			o := input.own()
			if got := Parse(text, o).HTML(); got != want {
				differ++
				small := shrink(r, text, input)
				want, _ := r.html(small, input.options)
				t.Errorf("%s, document %d: %q\n got %q\nwant %q", input.name, k, small, Parse(small, o).HTML(), want)
				if differ > 30 {
					t.FailNow()
				}
			}
		}
	}
	if os.Getenv("SCHOLIUM_RANDOM") != "" {
		fmt.Println(count, "documents,", differ, "differ")
	}
}

// shrink takes from text what the difference does not need.
func shrink(r *referee, text string, in reading) string {
	differs := func(s string) bool {
		want, ok := r.html(s, in.options)
		return ok && Parse(s, in.own()).HTML() != want
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
