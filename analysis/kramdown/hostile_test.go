package kramdown

import (
	"os"
	"strings"
	"testing"
	"time"
)

// Texts that make a careless parser quadratic or overflow its stack. Each is
// repeated to 128 KB, and to a megabyte where SCHOLIUM_HOSTILE is set.
var hostile = []string{
	"[", "*", "_", "$", "`", "|", "{", "<", ">", "\\", "!", "~", "^", "#", "-", ":", "&", "'", "\"", "(", ")", "]", "}", "=", "+", ".",
	"![", "[a", "[a](", "[a](<", "[a](b \"", "[[a]", "[](", "*a ", "**a ", "*a **a ", "_a __a ", "**a *a ", "***a", "a*", "a_",
	"`a ``a ", "$$a ", "$a$$", "{:", "{::a}", "{:a}", "{::comment}", "<a ", "<a b='", "<a>", "<b>", "<i><b>", "</a>", "<!--", "<!-- a", "<?", "<a@", "<http:",
	"<div>", "<div>\n", "<div markdown=\"1\">\n", "<p markdown='1'>", "</div>\n", "<x\n", "<script>", "<script>\n", "<code>",
	"> ", ">", "> a\n>", "- ", "- a\n  ", "1. ", "* * ", "- \n", "-\ta\n", "a\n: b\n", ": a\n", "    a\n", "a\n", "\n", "a\\\n", "a  \n",
	"```\n", "~~~\n", "``` a\n", "````\n```\n", "$$\n", "$$\na\n\n", "| a\n", "|a|\n|-|\n", "| `a\n", "| <code>a\n", "\\|",
	"[a]: b\n", "[^a]: b\n", "[^a]", "[^a]: b\n\n    ", "*[a]: b\n", "{: a}\n", "{:a: b}\n", "{:a\n", "{::a}\n", "{::options auto_ids='a' /}\n", "^\n",
	"# a\n", "a\n=\n", "a\n-\n\n", "&a;", "&#1;", "\\\\", "~~a", "~~a~~", "--", "...", "<<", ">>", "\\<<", "'a", "\"'", "é", "\x00", "\xff", "\r", "\t", " ",
	"*<b>", "**<b>*", "![<i>", "[<b>*", "![*[**", "*![**![", "_[*![<b>", "*a [b](c) **d ", "![[a](b) *", "> - ", "> * > ", "<div markdown='1'>\n> ", "- <div markdown='1'>\n  ",
	"* a\n{:toc}\n\n# b\n\n", "![a][b] ", "![[a] ", "[![a](b)](c", "![![a](b)](c) ", "*[a*](b) ", "- [ ] a\n", "{:toc}\n",
}

func TestHostile(t *testing.T) {
	size := 1 << 17
	if os.Getenv("SCHOLIUM_HOSTILE") != "" {
		size = 1 << 20
	}
	for _, part := range hostile {
		text := strings.Repeat(part, size/len(part))
		for _, o := range []Options{Defaults(), GFM()} {
			start := time.Now()
			tree := Parse(text, o)
			parsed := time.Since(start)
			if parsed > time.Second {
				t.Errorf("%s: %q: parsing takes %v", o.Input, part, parsed)
			}
			tree.Flow()
			if all := time.Since(start) - parsed; all > 2*time.Second {
				t.Errorf("%s: %q: printing takes %v", o.Input, part, all)
			}
		}
	}
}
