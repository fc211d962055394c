package kramdown

import (
	"math/rand/v2"
	"os"
	"strconv"
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
	">\\\n", "><x\n", "&#1;[[a]", "<<[[a]", "\\![", "\\](", "\\<b>", "\\`a ", "\\$$a ", "[{::options /}", "*{::options /}", "|\"", "$|", "_<b>", "![[^a]: ", "<b>**a ",
	"<![CDATA[", "<![CDATA[]]>", "<b><![CDATA[&]]>", "<div><![CDATA[a]]>b", "a__", "_a__", "*[a b]: c\n\na  ", "*[a ", "*[&]: b\n\n&",
}

// hostileSize is how long a repetition is made: the megabyte of the bound where
// SCHOLIUM_HOSTILE is set.
func hostileSize() int {
	switch {
	case os.Getenv("SCHOLIUM_HOSTILE") != "":
		return 1 << 20
	case testing.Short():
		return 1 << 14
	}
	return 1 << 17
}

// hostileOptions are read with each repetition.
var hostileOptions = map[string]Options{"kramdown": Defaults(), "GFM": GFM(), "2.5": with(GFM(), "version", "2.5.1")(), "native": native()}

// tooSlow reports a text that takes longer than it may to be read or printed.
// Other work on the machine must not count, so what is slow gets two more tries.
func tooSlow(t *testing.T, text, what string) {
	t.Helper()
	limit := time.Second
	if testing.Short() { // as under the race detector, which is several times slower
		limit *= 3
	}
	for name, o := range hostileOptions {
		for try := 1; ; try++ {
			start := time.Now()
			tree := Parse(text, o)
			parsed := time.Since(start)
			tree.Flow()
			printed := time.Since(start) - parsed
			if max(parsed, printed) <= limit {
				break
			}
			if try == 3 {
				t.Errorf("%s: %s: parsing takes %v, printing %v", name, what, parsed, printed)
				break
			}
		}
	}
}

func TestHostile(t *testing.T) {
	for _, part := range hostile {
		tooSlow(t, strings.Repeat(part, hostileSize()/len(part)), strconv.Quote(part))
	}
}

// TestHostileMixed repeats any two or three of them together.
func TestHostileMixed(t *testing.T) {
	count := 100
	if n, err := strconv.Atoi(os.Getenv("SCHOLIUM_RANDOM")); err == nil {
		count = n
	} else if testing.Short() {
		count = 20
	}
	seed, _ := strconv.Atoi(os.Getenv("SCHOLIUM_SEED"))
	rnd := rand.New(rand.NewPCG(uint64(seed), 4))
	for range count {
		part := ""
		for range 2 + rnd.IntN(2) {
			part += hostile[rnd.IntN(len(hostile))]
		}
		tooSlow(t, strings.Repeat(part, hostileSize()/2/len(part)), strconv.Quote(part))
	}
}

// TestDeep nests as deep as a megabyte lets it: no stack overflows.
func TestDeep(t *testing.T) {
	n := hostileSize()
	for _, x := range [][2]string{{"> ", ""}, {"- ", ""}, {"<b>", "</b>"}, {"<div markdown='1'>\n", "</div>\n"}, {"[", "](a)"}, {"*a **b ", "** *"}, {"![", "](b)"}} {
		k := n / (len(x[0]) + len(x[1]))
		tooSlow(t, strings.Repeat(x[0], k)+"a"+strings.Repeat(x[1], k), strconv.Quote(x[0]+" … "+x[1]))
	}
	var list strings.Builder
	for depth := 0; list.Len() < n; depth++ {
		list.WriteString(strings.Repeat("  ", depth) + "- a\n")
	}
	tooSlow(t, list.String(), "a list in a list")
}
