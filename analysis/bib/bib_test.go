package bib

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scholium/analysis/text"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"@article{a, title = {T}}", "article a title=T"},
		{"---\n---\n@Article { a ,\n title = \"T\" , year = 2017 ,\n}\n", "Article a title=T year=2017"},
		{"\uFEFF---\r\n---\r\n\r\n@article{a,\r\n  title = {T\r\nU},\r\n}\r\n", "article a title=T\r\nU"},
		{"@article(a, title={T (x) }, year=1)", "article a title=T (x)  year=1"},
		{"@article{a, title = {The {LaTeX} {{Companion}}}, note=\"a {\"} b\"}", `article a title=The {LaTeX} {{Companion}} note=a {"} b`},
		{"@string{ jmlr = {J. of } # \"ML\" }\n@article{a, journal = JMLR # { Res.}, month = jan}", "article a journal=J. of ML Res. month=jan"},
		{"@string(x = 1)@misc{a, note = x}", "misc a note=1"},
		{"@preamble{ {\\newcommand{\\x}{y}} }\n@comment{ @article{no, title={x}} }\n@misc{a}", "misc a"},
		{"mail me@x.org or @ home\n@misc{a,}", "misc a"},
		{"@misc{}@misc{,}@misc{a, }", "misc  | misc  | misc a"},
		{"@misc{title = {T}}", "misc  title=T"},
		{"@article{a, title = {never\n@misc{b, note={x}}\n@misc{c}", "article a title=never\n ! | misc b note=x | misc c"},
		{"@article{a, title = \"never\n  @misc {b}\n@misc{c, note = {again\n@misc{d}", "article a title=never\n   ! | misc b | misc c note=again\n ! | misc d"},
		{"@article{a, title = {T},\n@misc{b}", "article a title=T ! | misc b"},
		{"@article{a, title = {x @misc{y} z}, note = {\n@home}}", "article a title=x @misc{y} z note=\n@home"},
		{"@article{a, title}", "article a"},
		{"@article{a, title = }", "article a title="},
		{"@article{a, = {x}, {y}, b = {z} w = 3}", "article a b=z w=3"},
		{"@article{DBLP:conf/nips/Vaswani17+x, x={1}}", "article DBLP:conf/nips/Vaswani17+x x=1"},
		{"% @misc{a}\n@misc{b}", "misc a % | misc b"},
		{"@article{𝔼, title={Über 𝔼}}", "article 𝔼 title=Über 𝔼"},
		{"@article{\xff\xfe, title={\xff}}", "article \xff\xfe title=\xff"},
		{"@", ""}, {"@a", ""}, {"@a{", "a  !"}, {"@a{b", "a b !"}, {"@a{b,c", "a b !"}, {"@a{b,c=", "a b c= !"}, {"@a{b,c={", "a b c= !"}, {"", ""},
	} {
		var got []string
		for _, e := range Read(c.doc).Entries {
			s := e.Type + " " + e.Key
			for _, f := range e.Fields {
				s += " " + f.Name + "=" + f.Value
			}
			if e.Open {
				s += " !"
			}
			if e.Commented {
				s += " %"
			}
			got = append(got, s)
		}
		if all := strings.Join(got, " | "); all != c.want {
			t.Errorf("%q:\n got %q\nwant %q", c.doc, all, c.want)
		}
		spans(t, c.doc)
	}
}

// spans holds every span of a file to what it says.
func spans(t *testing.T, doc string) {
	t.Helper()
	last := 0
	f := Read(doc)
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Span.Start < last || e.Span.End > len(doc) || e.Span.Empty() || doc[e.Span.Start] != '@' {
			t.Fatalf("%q: entry %v", doc, e.Span)
		}
		last = e.Span.End
		if e.KeySpan.Of(doc) != e.Key || !e.Span.Covers(e.KeySpan) {
			t.Fatalf("%q: key %q at %v of %v", doc, e.Key, e.KeySpan, e.Span)
		}
		if found := f.Find(e.Key); e.Key != "" && (found == nil || found.Key != e.Key) {
			t.Fatalf("%q: %q is not found", doc, e.Key)
		}
		at := e.KeySpan.End
		for _, f := range e.Fields {
			if f.Span.Start < at || f.Span.End > len(doc) || !strings.HasPrefix(f.Span.Of(doc), f.Name) {
				t.Fatalf("%q: field %q at %v", doc, f.Name, f.Span)
			}
			at = f.Span.End
			if f.Inner != (text.Span{}) && (f.Inner.Of(doc) != f.Value || !f.Span.Covers(f.Inner)) {
				t.Fatalf("%q: value %q at %v", doc, f.Value, f.Inner)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		`G{\"o}del and Erd{\H{o}}s`:                       "Gödel and Erdős",
		`Poincar\'e, Poincar\'{e}, Poincar{\'e}`:          "Poincaré, Poincaré, Poincaré",
		`Gau\ss, Gau{\ss}ian, \ss`:                        "Gauß, Gaußian, ß",
		`{\v{S}}ide{\v s}, \v{C}ech, Hlawka\v{\i}`:        "Šideš, Čech, Hlawkai\u030C",
		`\L{}o{\'s}, \'{\i}, na\"\i ve, \AA{}ngstr\"om`:   "Łoś, í, naïve, Ångström",
		`pp. 1--2 --- “so''`:                              "pp. 1–2 — “so”",
		"``quoted'' and `single'":                         "“quoted” and ‘single’",
		`{D}eep~{L}earning` + "\n  for {NLP}":             "Deep Learning for NLP",
		`On $\alpha$-divergence of $x^2$`:                 "On α-divergence of x²",
		`costs 5\$ \& 10\% of \#1 a\_b`:                   "costs 5$ & 10% of #1 a_b",
		`\emph{A} \textbf{b \textit{c}} \unknown{d}`:      "A b c d",
		`\href{https://x.org/{a}}{text} \url{http://a~b}`: "text http://a~b",
		`unclosed $x and {brace`:                          "unclosed $x and brace",
		`\`:                                               "",
		`\"`:                                              "",
		`\"{`:                                             "",
		`\.{I} \.{z} \d{a} \k{a} \c{c} \r{u} \u{g} \={a}`: "İ ż a\u0323 ą ç ů ğ ā",
		`𝔼 \'𝔼`:                                           "𝔼 𝔼́",
		"already  plain":                                  "already plain",
	} {
		if got := Plain(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestPeople(t *testing.T) {
	for in, want := range map[string]string{
		"Donald E. Knuth":                          "Donald E.||Knuth|",
		"Knuth, Donald E.":                         "Donald E.||Knuth|",
		"Ludwig van Beethoven":                     "Ludwig|van|Beethoven|",
		"van der Berg, Jr., Jan":                   "Jan|van der|Berg|Jr.",
		"{Barnes and Noble} and others":            "||Barnes and Noble| ; others",
		"A. Author AND\n  B. Buthor":               "A.||Author| ; B.||Buthor|",
		"Jean {\\'E}mile and de la Cruz, Ana":      "Jean||Émile| ; Ana|de la|Cruz|",
		"Charles Louis Xavier Joseph de la Vallee": "Charles Louis Xavier Joseph|de la|Vallee|",
		"{OpenAI}":     "||OpenAI|",
		" and and , ,": "",
		"Sandy and":    "Sandy||and|",
		"":             "",
	} {
		var got []string
		for _, p := range People(in) {
			if p.Others {
				got = append(got, "others")
				continue
			}
			got = append(got, strings.Join([]string{p.First, p.Von, p.Last, p.Jr}, "|"))
		}
		if all := strings.Join(got, " ; "); all != want {
			t.Errorf("%q\n got %s\nwant %s", in, all, want)
		}
	}
}

func TestLine(t *testing.T) {
	for doc, want := range map[string]string{
		"@inproceedings{v, author={Vaswani, Ashish and Shazeer, Noam and others}, title={Attention is {All} You Need}, booktitle=NeurIPS, year=2017}": "Vaswani et al. (2017). Attention is All You Need. NeurIPS",
		"@book{c, author={Thomas Cover and Joy Thomas}, title={Elements}, publisher={Wiley}}":                                                         "Cover and Thomas. Elements. Wiley",
		"@online{o, title={Page}, date={2020-05-01}}":                                                                                                 "(2020). Page",
		"@misc{e, editor={Ed Itor}}": "Itor",
		"@misc{x}":                   "",
	} {
		if got := Read(doc).Entries[0].Line(); got != want {
			t.Errorf("%s\n got %s\nwant %s", doc, got, want)
		}
	}
	for doc, want := range map[string]string{
		`@misc{a, doi={10.1/a\_b}, url={http://x}}`:     "https://doi.org/10.1/a_b",
		`@misc{a, doi={https://doi.org/10.1/x}}`:        "https://doi.org/10.1/x",
		`@misc{a, url={\url{http://x/y}}}`:              "http://x/y",
		`@misc{a, eprint={1.2}, archivePrefix={arXiv}}`: "https://arxiv.org/abs/1.2",
		`@misc{a, url={javascript:alert(1)}, doi={}}`:   "",
	} {
		if got := Read(doc).Entries[0].Link(); got != want {
			t.Errorf("%s: %q, want %q", doc, got, want)
		}
	}
}

// TestHostile reads what would take for ever if some letter were looked at again
// and again.
func TestHostile(t *testing.T) {
	const n = 200_000
	start := time.Now()
	for _, doc := range []string{
		strings.Repeat("@a{b,c={", n), strings.Repeat("\n@a{b,c={", n), strings.Repeat("\n@a{b,c=\"", n), strings.Repeat("@", n), strings.Repeat("@a ", n),
		"@a{b,c=" + strings.Repeat("{x}#", n), "@a{b,c=" + strings.Repeat("{", n) + strings.Repeat("}", n) + "}", strings.Repeat("@string{a={x}}@string{a=a#a}", 1000),
		"@a{" + strings.Repeat("x=", n), strings.Repeat(" ", n) + strings.Repeat("@ \n", n), "@a{b,author={" + strings.Repeat("A and ", n) + "}}",
		"@a{b,title={" + strings.Repeat(`\"`, n) + "}}", "@a{b,title={" + strings.Repeat("$", n) + "}}", "@a{b,title={" + strings.Repeat(`\url{`, n) + "}}",
	} {
		for i, e := range Read(doc).Entries {
			if i < 3 {
				e.Line()
			}
		}
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"@article{a, title = {T {x}} # \"y\", year = 2000}", "---\n---\n@string{a={b}}\n@misc(c, n = a # a)", "@comment{x}@preamble{\"y\"}% @misc{z}\n@a{b,c={",
		"@a{b,author={{\\\"O}zg{\\\"u}r, J. and van der X, Jr, Y and others},title={$\\alpha$ \\v{S} --~`'}}", "\uFEFF@x{\xff,\r\n}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		spans(t, s)
		file := Read(s)
		for i := range file.Entries {
			e := &file.Entries[i]
			for _, line := range []string{e.Line(), e.Authors(3), e.Link()} {
				if strings.ContainsAny(line, "\n\r") && e.Link() != line {
					t.Fatalf("%q is not one line", line)
				}
			}
			if !e.Same(e) && unique(e) {
				t.Fatal("an entry is not the same as itself")
			}
		}
	})
}

// unique reports whether an entry has each field once.
func unique(e *Entry) bool {
	for i := range e.Fields {
		if e.Get(e.Fields[i].Name) != &e.Fields[i] {
			return false
		}
	}
	return true
}

// TestCorpus reads the .bib files of real blogs: every @ at a line's beginning
// is an entry, and each has a line.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("SCHOLIUM_CORPUS")
	if corpus == "" {
		t.Skip("SCHOLIUM_CORPUS names no folder of blogs")
	}
	files, entries, size := 0, 0, 0
	_ = filepath.WalkDir(corpus, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".bib" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc := string(data)
		spans(t, doc)
		file := Read(doc)
		files, entries, size = files+1, entries+len(file.Entries), size+len(doc)
		for i := range file.Entries {
			e := &file.Entries[i]
			if e.Open || e.Line() == "" || strings.ContainsAny(e.Line(), "{}") {
				t.Logf("%s: %s %s: %q open %v", path, e.Type, e.Key, e.Line(), e.Open)
			}
		}
		return nil
	})
	t.Logf("%d files, %d entries, %d bytes", files, entries, size)
	if entries == 0 {
		t.Error("no entry was read")
	}
}

func BenchmarkRead(b *testing.B) {
	entry := "@inproceedings{key%,\n  author    = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki},\n  title     = {{A}ttention is all you need},\n  booktitle = {Advances in Neural Information Processing Systems},\n  volume    = {30},\n  year      = {2017},\n  url       = {https://proceedings.neurips.cc/paper/2017/hash/3f5ee243547dee91fbd053c1c4a845aa-Abstract.html},\n}\n\n"
	var doc strings.Builder
	for i := range 5000 {
		doc.WriteString(strings.Replace(entry, "%", strings.Repeat("k", i%50)+string(rune('a'+i%26)), 1))
	}
	b.SetBytes(int64(doc.Len()))
	for b.Loop() {
		Read(doc.String())
	}
}

func BenchmarkLine(b *testing.B) {
	e := &Read("@inproceedings{key,\n  author = {Vaswani, Ashish and G{\\\"o}del, Kurt and Parmar, Niki},\n  title = {{A}ttention is all $\\alpha$ you need},\n  booktitle = {Advances in Neural Information Processing Systems},\n  year = {2017}}").Entries[0]
	for b.Loop() {
		e.Line()
	}
}
