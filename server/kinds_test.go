package server

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"scholium/analysis"
	"scholium/analysis/site"
)

// A kindTable counts which question the marks ask at which kind of name. It is
// a part of the README.
type kindTable struct {
	mu   sync.Mutex
	seen map[[2]string]int // by kind and verb
}

// tableVerbs are its columns: a verb of marks and the protocol's name for it.
var tableVerbs = [][2]string{
	{"complete", "completion"}, {"hover", "hover"}, {"goto", "definition"}, {"refs", "references"}, {"highlight", "documentHighlight"},
	{"rename", "rename"}, {"link", "documentLink"}, {"hint", "inlayHint"}, {"diag", "diagnostic"}, {"fix", "codeAction"},
}

// tableKinds are its rows: a kind of name, and what the README calls it.
var tableKinds = [][2]string{
	{"label", "labels: `\\label{eq:a}`, `\\eqref{eq:a}`"}, {"footnote", "footnotes: `[^note]`"}, {"anchor", "anchors: ids, headings, figures, `#links`"},
	{"macro", "macros of the page and the site"}, {"command", "commands that MathJax knows"}, {"environment", "environments"}, {"link definition", "link definitions: `[text][name]`"},
	{"post", "posts: `post_url`, `link`"}, {"page", "links to pages"}, {"file", "images and other files"}, {"include", "includes and layouts"},
	{"citation", "citations: `{% cite key %}`, `<d-cite key=\"…\">`, BibTeX keys"}, {"bibliography", "BibTeX files where they are named"},
	{"parameter", "parameters of includes"}, {"tag", "Liquid tags and filters"}, {"key", "front matter: keys and values"},
}

// offered says of what kind a name is that completion offers.
var offered = map[analysis.CandidateKind]string{
	analysis.EquationCandidate: "label", analysis.FootnoteCandidate: "footnote", analysis.AnchorCandidate: "anchor", analysis.FileCandidate: "file",
	analysis.CommandCandidate: "command", analysis.PackageCandidate: "command", analysis.ColorCandidate: "command", analysis.MacroCandidate: "macro",
	analysis.EnvironmentCandidate: "environment", analysis.PageCandidate: "page", analysis.ParameterCandidate: "parameter", analysis.TagCandidate: "tag",
	analysis.FilterCandidate: "tag", analysis.KeyCandidate: "key", analysis.ValueCandidate: "key",
	analysis.CitationCandidate: "citation",
}

// note counts a mark that expects an answer.
func (table *kindTable) note(c *client, k mark) {
	if k.arg == "-" || k.verb == "at" || k.verb == "rename" && strings.Contains(k.arg, ": ") {
		return
	}
	s, p := c.session.work.Site(filepath.Join(c.dir, filepath.FromSlash(k.file)))
	state := s.Now()
	at := site.Cursor{Site: state.Snapshot, Page: state.Page(p), File: p, Offset: c.offset(k.file, k.line, k.start)}
	var kinds []string
	if k.verb == "complete" {
		at.Offset = c.offset(k.file, k.line, k.end)
		for _, candidate := range analysis.Complete(at) {
			if kind := offered[candidate.Kind]; !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	} else {
		kinds = []string{kindAt(at)}
	}
	// Candidates of one kind stand for names of several.
	line := at.Line()
	for i, kind := range kinds {
		switch {
		case k.verb != "complete":
		case kind == "file" && strings.Contains(line, "{% include"):
			kinds[i] = "include"
		case kind == "page" && (strings.Contains(line, "post_url") || strings.Contains(line, "{% link")):
			kinds[i] = "post"
		case kind == "anchor" && strings.Contains(line, "]["):
			kinds[i] = "link definition"
		}
	}
	verb := k.verb
	if verb == "act" {
		verb = "fix"
	}
	table.mu.Lock()
	defer table.mu.Unlock()
	for _, kind := range kinds {
		if kind != "" {
			table.seen[[2]string{kind, verb}]++
		}
	}
}

// kindAt is the kind of name at a place, or of what stands there and is no name
// that the site's authors give.
func kindAt(c site.Cursor) string {
	src := c.Source()
	if src == nil {
		return ""
	}
	line := c.Line()
	open := max(strings.LastIndex(line, "{%"), strings.LastIndex(line, "{{"))
	tag := open >= 0 && !strings.Contains(line[open:], "}")
	rest := strings.TrimLeft(src.Text[min(c.Offset, len(src.Text)):], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-0123456789")
	if tag && strings.HasPrefix(rest, "=") {
		return "parameter"
	}
	if name, ok := c.Name(); ok {
		return name.Kind.String()
	}
	switch {
	case c.Offset < src.Head.Body:
		return "key"
	case tag:
		return "tag"
	}
	if c.Page != nil {
		if _, ok := c.Page.Formula(c.File, c.Offset); ok {
			return "command"
		}
	}
	return ""
}

// check holds the README's table against what was counted, where all marks were run.
func (table *kindTable) check(t *testing.T) {
	if f := flag.Lookup("test.run"); f != nil && f.Value.String() != "" && !*update || t.Failed() {
		return
	}
	var b strings.Builder
	b.WriteString("| |")
	for _, v := range tableVerbs {
		b.WriteString(" " + v[1] + " |")
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(tableVerbs)) + "\n")
	rows := map[string]bool{}
	for _, kind := range tableKinds {
		rows[kind[0]] = true
		b.WriteString("| " + kind[1] + " |")
		for _, v := range tableVerbs {
			b.WriteString(map[bool]string{true: " ✓", false: ""}[table.seen[[2]string{kind[0], v[0]}] > 0] + " |")
		}
		b.WriteString("\n")
	}
	for at := range table.seen {
		if !rows[at[0]] {
			t.Errorf("the README's table has no row for %q", at[0])
		}
	}
	const readme = "../README.md"
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), "<!-- kinds: generated -->\n")
	old, after, ok2 := strings.Cut(rest, "<!-- end -->")
	if !ok || !ok2 {
		t.Fatal("the README has no part kinds")
	}
	if old == b.String() {
		return
	}
	if !*update {
		t.Errorf("the README's table of kinds is not fresh: go test ./server -run TestMarks -update\n%s", b.String())
		return
	}
	doc := fmt.Sprintf("%s<!-- kinds: generated -->\n%s<!-- end -->%s", before, b.String(), after)
	if err := os.WriteFile(readme, []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
}
