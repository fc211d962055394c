package server

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"scholium/analysis/rules"
	"scholium/analysis/text"
	"scholium/workspace"
)

// completing opens a site with one post in a client of some capabilities, and
// completes at the ‸ in the post.
type completing struct {
	openPost
	raw  json.RawMessage // the answer as it came
	list struct {
		IsIncomplete bool
		ItemDefaults struct {
			EditRange json.RawMessage
			Data      json.RawMessage
		}
		Items []completionItem
	}
}

type completionItem struct {
	Label, Detail, FilterText, TextEditText string
	Kind                                    int
	InsertTextFormat                        int
	LabelDetails                            struct{ Description string }
	Documentation                           *struct{ Kind, Value string }
	TextEdit                                *struct {
		NewText                string
		Range, Insert, Replace *protocol.Range
	}
	Data json.RawMessage
}

func complete(t *testing.T, post, item, list, init string) *completing {
	t.Helper()
	defaults := "../testdata/sites/example"
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(defaults)); err != nil {
		t.Fatal(err)
	}
	name := "_posts/2024-06-01-a.md"
	doc := "---\nlayout: post\ntitle: 𝔼\n---\n" + post
	before, after, _ := strings.Cut(doc, "‸")
	at := len(before)
	doc = before + after
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	mode := modes[0]
	mode.init = init
	mode.extra = `,"completion":{"completionItem":` + item + `,"completionList":` + list + `}`
	c := &completing{openPost: openPost{newJudgingClient(t, dir, mode), name}}
	c.open(name)
	c.wait()
	c.call(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: c.at(at)}, &c.raw)
	if err := json.Unmarshal(c.raw, &c.list); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *completing) item(label string) completionItem {
	c.t.Helper()
	i := slices.IndexFunc(c.list.Items, func(i completionItem) bool { return i.Label == label })
	if i < 0 {
		c.t.Fatalf("%s is not among %d items", label, len(c.list.Items))
	}
	return c.list.Items[i]
}

// raw returns an item as it came, to be sent back.
func (c *completing) sent(label string) map[string]any {
	c.t.Helper()
	var list struct{ Items []map[string]any }
	if err := json.Unmarshal(c.raw, &list); err != nil {
		c.t.Fatal(err)
	}
	for _, i := range list.Items {
		if i["label"] == label {
			if i["data"] == nil && c.list.ItemDefaults.Data != nil {
				i["data"] = c.list.ItemDefaults.Data // as clients do
			}
			return i
		}
	}
	c.t.Fatalf("%s is not there", label)
	return nil
}

func (c *completing) resolve(item map[string]any) completionItem {
	c.t.Helper()
	var raw json.RawMessage
	c.call(protocol.MethodCompletionItemResolve, item, &raw)
	var out completionItem
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// TestCompletionPlain: a client that says nothing of itself gets whole edits in
// plain text, and documentation at once.
func TestCompletionPlain(t *testing.T) {
	c := complete(t, "𝔼 $$\\fr‸ac{a}{b}$$\n", `{}`, `{}`, "")
	frac := c.item(`\frac`)
	if frac.TextEdit == nil || frac.TextEdit.Range == nil || frac.TextEdit.NewText != `\frac` || frac.InsertTextFormat == 2 || frac.FilterText != "" || frac.Data != nil || frac.TextEditText != "" {
		t.Errorf("%+v", frac)
	}
	if r := frac.TextEdit.Range; r.Start.Character != 5 || r.End.Character != 10 { // 𝔼 is two units
		t.Errorf("it replaces %v", r)
	}
	if frac.Detail != "{…}{…}" {
		t.Errorf("detail %q", frac.Detail)
	}
	if c.list.IsIncomplete || c.list.ItemDefaults.EditRange != nil {
		t.Errorf("%+v", c.list.ItemDefaults)
	}
	for _, i := range c.list.Items {
		if i.FilterText != "" {
			t.Fatalf("%s has filterText %q", i.Label, i.FilterText)
		}
	}
	notes := complete(t, "A[^‸].\n\n[^n]: A **note**.\n", `{}`, `{}`, "")
	if d := notes.item("n").Documentation; d == nil || d.Kind != "markdown" || d.Value != "A note." {
		t.Errorf("documentation: %+v", d)
	}
	if got := notes.resolve(notes.sent("n")); got.Label != "n" || got.Documentation == nil {
		t.Errorf("resolved without being asked to keep anything: %+v", got)
	}
}

// TestCompletionCapable: a client that can do all gets the list short, with
// snippets, and asks for documentation.
func TestCompletionCapable(t *testing.T) {
	item := `{"snippetSupport":true,"labelDetailsSupport":true,"insertReplaceSupport":true,"documentationFormat":["markdown"],"resolveSupport":{"properties":["documentation"]}}`
	list := `{"itemDefaults":["editRange","data"]}`
	c := complete(t, "𝔼 $$\\fr‸ac{a}{b} \\newcommand{\\free}[2]{#1}$$\n", item, list, `{"pictures":true}`)
	frac := c.item(`\frac`)
	if frac.TextEdit != nil || frac.TextEditText != `\\frac{$1}{$2}` || frac.InsertTextFormat != 2 || frac.Documentation != nil || frac.Data != nil {
		t.Errorf("%+v", frac)
	}
	var both struct{ Insert, Replace protocol.Range }
	if err := json.Unmarshal(c.list.ItemDefaults.EditRange, &both); err != nil || both.Insert.End.Character != 8 || both.Replace.End.Character != 10 || both.Insert.Start != both.Replace.Start {
		t.Errorf("%s", c.list.ItemDefaults.EditRange)
	}
	if flat := c.item(`\flat`); flat.TextEditText != "" { // the label is what is inserted
		t.Errorf("%+v", flat)
	}
	if got := c.resolve(c.sent(`\frac`)); got.Documentation == nil || !strings.Contains(got.Documentation.Value, "`\\frac{…}{…}` · MathJax package ams") || got.TextEditText != `\\frac{$1}{$2}` {
		t.Errorf("%+v", got)
	}
	stale := c.sent(`\frac`)
	stale["data"] = 77
	if got := c.resolve(stale); got.Documentation != nil || got.Label != `\frac` {
		t.Errorf("an item of no list: %+v", got)
	}

	labels := complete(t, "\\begin{equation}\\label{eq:a}x+𝔼\\end{equation}\n\n\\eqref{‸}\n", item, list, "")
	if a := labels.item("eq:a"); a.LabelDetails.Description != "(1) x + 𝔼" || a.FilterText == "" {
		t.Errorf("%+v", a)
	}
	if got := labels.resolve(labels.sent("eq:a")); got.Documentation == nil || !strings.HasPrefix(got.Documentation.Value, "**(1)** `eq:a`") {
		t.Errorf("%+v", got)
	}

	// An environment brings the brace behind the cursor along: nothing of it can stay.
	env := complete(t, "$$\\begin{pm‸at}$$\n", item, list, "")
	var one protocol.Range
	if err := json.Unmarshal(env.list.ItemDefaults.EditRange, &one); err != nil || one.End.Character != 13+1 {
		t.Errorf("%s", env.list.ItemDefaults.EditRange)
	}
}

// TestCompletionOlder: without item defaults each item says it all; plain text
// where no Markdown is understood.
func TestCompletionOlder(t *testing.T) {
	c := complete(t, "{{ page.title | upc‸ }}\n", `{"insertReplaceSupport":true,"documentationFormat":["plaintext"]}`, `{}`, "")
	up := c.item("upcase")
	if up.TextEdit == nil || up.TextEdit.Range == nil || up.Documentation == nil || up.Documentation.Kind != "plaintext" || strings.ContainsAny(up.Documentation.Value, "`*") {
		t.Errorf("%+v", up)
	}
	c = complete(t, "{{ page.title | up‸se }}\n", `{"insertReplaceSupport":true,"resolveSupport":{"properties":["documentation"]}}`, `{}`, "")
	up = c.item("upcase")
	if up.TextEdit == nil || up.TextEdit.Insert == nil || up.TextEdit.Replace.End.Character-up.TextEdit.Insert.End.Character != 2 || up.Data == nil || up.Documentation != nil {
		t.Errorf("%+v", up)
	}
	if got := c.resolve(c.sent("upcase")); got.Documentation == nil || !strings.Contains(got.Documentation.Value, "large letters") {
		t.Errorf("%+v", got)
	}
}

// TestHoverImage: a client that asks for pictures sees an image of the site in
// its hover; one that does not ask gets words.
func TestHoverImage(t *testing.T) {
	for _, x := range []struct{ init, extra, want, not string }{
		{`{"pictures":true}`, "", "![bound.svg](data:image/svg+xml;base64,", ""},
		{"", "", "`assets/bound.svg`", "data:"},
	} {
		mode := modes[0]
		mode.init = x.init
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
			t.Fatal(err)
		}
		name := "_posts/2024-06-01-a.md"
		if err := os.WriteFile(filepath.Join(dir, name), []byte("---\ntitle: 𝔼\n---\n𝔼 ![alt](/assets/bound.svg)\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		c := openPost{newClient(t, dir, mode), name}
		c.open(name)
		c.wait()
		got := c.hover(c.find("bound.svg", 1, 2))
		for tries := 0; !strings.Contains(got, x.want) && tries < 1000; tries++ { // it is there at the latest when it is asked for again
			got = c.hover(c.find("bound.svg", 1, 2))
		}
		if !strings.Contains(got, x.want) || x.not != "" && strings.Contains(got, x.not) || !strings.Contains(got, " pixels") {
			t.Errorf("%s: %.200s", x.init, got)
		}
	}
}

// BenchmarkCommands completes \ in math: all commands of MathJax, with their
// JSON, for a client that can do all and for one that says nothing.
func BenchmarkCommands(b *testing.B) {
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../testdata/sites/example")); err != nil {
		b.Fatal(err)
	}
	doc := "---\nlayout: post\ntitle: 𝔼\n---\n" + strings.Repeat("Words and $x$.\n\n", 500) + "$$x + \\$$\n"
	file := filepath.Join(dir, "_posts", "2024-06-01-a.md")
	if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
		b.Fatal(err)
	}
	for name, caps := range map[string]clientCapabilities{
		"capable": {snippets: true, resolve: true, labelDetails: true, insertReplace: true, defaultRange: true, defaultData: true, markdownDocs: true},
		"plain":   {markdownDocs: true},
	} {
		b.Run(name, func(b *testing.B) {
			w := workspace.New(nil, rules.Checker(), nil)
			defer w.Stop()
			w.Open(file, 1, doc)
			where, path := w.Site(file)
			where.Wait()
			s := &session{work: w, caps: caps, encoding: text.UTF16}
			d := &document{where, where.Now(), path}
			ctx := context.WithValue(context.Background(), documentKey{}, d)
			p := &protocol.CompletionParams{}
			p.Position = position(d.source().Lines.Position(len(doc)-3, text.UTF16))
			var times []time.Duration
			size := 0
			for b.Loop() {
				start := time.Now()
				answer, err := s.Completion(ctx, p)
				if err != nil {
					b.Fatal(err)
				}
				data, err := codec{}.Marshal(answer)
				if err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
				size = len(data)
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "p95-µs")
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
