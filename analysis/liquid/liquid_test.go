package liquid

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"scholium/analysis/frontmatter"
	"scholium/analysis/text"
)

// siteYAML is what the variable site holds, here and in the referee.
var siteYAML = func() string {
	data, err := os.ReadFile("testdata/site.yml")
	if err != nil {
		panic(err)
	}
	return string(data)
}()

func testEnv(t *testing.T) *Env {
	t.Helper()
	node, problem := frontmatter.Read(siteYAML, text.Span{End: len(siteYAML)})
	if problem != nil {
		t.Fatal(problem)
	}
	site := NewMap()
	object := FromYAML(node, 1).(Object)
	for _, k := range object.Keys() {
		v, _ := object.Get(k)
		switch k {
		case "true": // YAML 1.1 reads the key so
			k = "on"
		case "false":
			k = "off"
		}
		site.Set(k, v)
	}
	page := NewMap().Set("title", Text{S: "A page"}).Set("x", Text{S: `é<b>"x"</b>`})
	return &Env{Files: []string{"page", "site"}, Globals: map[string]Value{"site": site, "page": page}, BaseURL: "/base", URL: "https://x.org"}
}

// TestAgainstRuby holds every case against Ruby's Liquid.
func TestAgainstRuby(t *testing.T) {
	if exec.Command("ruby", "-e", "require 'jekyll'").Run() != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ruby with jekyll is missing")
		}
		t.Skip("ruby with jekyll is missing")
	}
	data, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, c := range cases { // a case is a line; its own line ends are written so
		cases[i] = strings.ReplaceAll(c, "⏎", "\n")
	}
	var in strings.Builder
	for _, c := range cases {
		line, _ := json.Marshal(c)
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("ruby", "testdata/referee.rb")
	cmd.Stdin, cmd.Stderr = strings.NewReader(in.String()), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	compared := 0
	for _, c := range cases {
		if !lines.Scan() {
			t.Fatal("the referee stopped early")
		}
		var want string
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		compared++
		got := Parse(c, 0).Render(testEnv(t))
		checkPieces(t, c, got)
		if strings.HasPrefix(want, "ERROR") {
			if len(got.Problems) == 0 && !(strings.Contains(want, "Unknown tag") && len(got.Holes) > 0) {
				t.Errorf("%s\nRuby refuses it: %s\nwe print %q", c, want, got.Text)
			}
			continue
		}
		if got.Text != want {
			t.Errorf("%s\n got %q\nwant %q\nholes %v", c, got.Text, want, got.Holes)
		}
	}
	t.Logf("%d templates compared", compared)
}

func checkPieces(t *testing.T, doc string, out *Output) {
	t.Helper()
	at := 0
	for _, p := range out.Pieces {
		if p.Out.Start != at {
			t.Fatalf("%s: a gap at %d: %v", doc, at, out.Pieces)
		}
		at = p.Out.End
		if p.File < 0 || int(p.File) >= len(out.Files) {
			t.Fatalf("%s: piece of file %d", doc, p.File)
		}
		if p.Exact && p.File == 0 && p.Out.Of(out.Text) != p.Src.Of(doc) {
			t.Fatalf("%s: piece %v is not exact", doc, p)
		}
		if p.Exact && p.File == 1 && p.Out.Of(out.Text) != p.Src.Of(siteYAML) {
			t.Fatalf("%s: piece %v is not exact", doc, p)
		}
	}
	if at != len(out.Text) {
		t.Fatalf("%s: pieces end at %d of %d", doc, at, len(out.Text))
	}
}

func TestInclude(t *testing.T) {
	doc := `a {% include fig.html ref="one" alt='it\'s' w=700 title=page.title %} b {% include none.html %}`
	inc := Parse(`<img{% if include.ref %} id="figure-{{ include.ref }}"{% endif %}>{{ include.alt }}{{ include.title }}`, 0)
	env := testEnv(t)
	env.Include = func(name string, _ bool) (*Template, string, bool) {
		return inc, "_includes/" + name, name == "fig.html"
	}
	out := Parse(doc, 0).Render(env)
	if want := `a <img id="figure-one">it'sA page b `; out.Text != want {
		t.Fatalf("got %q", out.Text)
	}
	checkPieces(t, doc, out)
	at := strings.Index(out.Text, "one")
	src, file, exact := out.Pieces.Source(text.Span{Start: at, End: at + 3})
	if !exact || file != 0 || src.Of(doc) != "one" {
		t.Errorf("the parameter comes from %v of file %d, exact %v", src, file, exact)
	}
	if len(out.Calls) != 2 || !out.Calls[1].Missing || out.Calls[0].Out.Of(out.Text) != `<img id="figure-one">it'sA page` {
		t.Errorf("calls: %+v", out.Calls)
	}
	if p := out.Calls[0].Params; len(p) != 4 || p[0].ValueSpan.Of(doc) != "one" || p[1].Value != "it's" || p[2].Value != "700" {
		t.Errorf("params: %+v", p)
	}
	if len(out.Holes) != 1 {
		t.Errorf("holes: %+v", out.Holes)
	}
}

func TestUnknown(t *testing.T) {
	env := testEnv(t)
	env.Globals["paginator"] = Unknown{"paginator"}
	doc := `{% cite a %}{% note %}x $y${% endnote %}{{ paginator.page }}{% if paginator.x %}in{% else %}out{% endif %}{% for p in paginator.posts %}[{{ p.title }}]{% endfor %}`
	out := Parse(doc, 0).Render(env)
	if out.Text != "x $y$inout[]" {
		t.Errorf("got %q", out.Text)
	}
	var what []string
	for _, h := range out.Holes {
		if h.Block {
			what = append(what, h.What+"="+h.Out.Of(out.Text))
		} else {
			what = append(what, h.What)
		}
	}
	want := "the tag cite|the tag note=x $y$|paginator|a condition of if=in|paginator=[]|paginator"
	if got := strings.Join(what, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBounds(t *testing.T) {
	env := testEnv(t)
	self := Parse(`{% include self.html %}{% include self.html %}`, 0)
	env.Include = func(string, bool) (*Template, string, bool) { return self, "self.html", true }
	for _, doc := range []string{
		`{% for i in (1..100000000) %}{% for j in (1..100000000) %}x{% endfor %}{% endfor %}`,
		`{% include self.html %}`,
		strings.Repeat("{% if true %}", 100000),
		strings.Repeat("{{ x | append: x ", 10000),
	} {
		if out := Parse(doc, 0).Render(env); len(out.Problems) == 0 {
			t.Errorf("%.30s: no problem", doc)
		}
	}
}

// TestGrowth renders templates in which each step makes more than the one
// before: they end soon, and what they print is said to be unknown.
func TestGrowth(t *testing.T) {
	for _, doc := range []string{
		`{% assign a = 'xx' %}{% for i in (1..1000) %}{% assign a = a | append: a %}{% endfor %}{{ a }}`,
		`{% assign a = 'xx' %}{% for i in (1..1000) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}`,
		`{% assign a = 'xx' %}{% for i in (1..1000) %}{% assign a = a | replace: 'x', a %}{% endfor %}{{ a }}`,
		`{% assign a = 'x,x' %}{% for i in (1..1000) %}{% assign b = a | split: ',' %}{% assign a = b | join: a %}{% endfor %}{{ a }}`,
		`{% assign a = 'x' | split: ',' %}{% for i in (1..1000) %}{% assign a = a | concat: a %}{% endfor %}{{ a }}`,
		`{% assign a = 'x' | split: ',' %}{% for i in (1..100000) %}{% assign a = a | push: i %}{% endfor %}{{ a }}`,
		`{{ 'x'` + strings.Repeat(` | append: 'x' | inspect | jsonify`, 1000) + ` }}`,
	} {
		out := Parse(doc, 0).Render(testEnv(t))
		if len(out.Holes) == 0 || len(out.Text) > maxOutput || len(out.Problems) > 0 {
			t.Errorf("%.80s: %d bytes, %d holes, %v", doc, len(out.Text), len(out.Holes), out.Problems)
		}
	}
}

func FuzzRender(f *testing.F) {
	data, _ := os.ReadFile("testdata/cases.txt")
	for _, c := range strings.Split(string(data), "\n") {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		env := testEnv(t)
		env.Include = func(name string, _ bool) (*Template, string, bool) { return Parse(doc, 0), "x", name == "x" }
		checkPieces(t, doc, Parse(doc, 0).Render(env))
	})
}
