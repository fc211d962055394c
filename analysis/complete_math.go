package analysis

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/tex"
	"scholium/analysis/text"
)

// completeMath proposes what can stand in a formula.
func completeMath(c site.Cursor, line string) []Candidate {
	if typed, ok := argument(line, `\label{`); ok {
		return completeNewLabels(c, typed)
	}
	if typed, ok := argument(line, `\begin{`); ok {
		return completeEnvironments(c, typed)
	}
	if typed, ok := argument(line, `\end{`); ok {
		return completeEnd(c, typed)
	}
	if typed, ok := argument(line, `\require{`); ok {
		return named(c, typed, tex.Requirable(c.Page.Config), PackageCandidate)
	}
	if typed, ok := argument(line, `\color{`, `\textcolor{`, `\colorbox{`, `\fcolorbox{`); ok {
		return named(c, typed, append(ownColors(c), colors...), ColorCandidate)
	}
	if typed, ok := command(line); ok {
		return completeCommands(c, typed)
	}
	return nil
}

// completeProse proposes what the page's engine reads in running text: bare
// environments, and references.
func completeProse(c site.Cursor, line string) []Candidate {
	config := c.Page.Config
	if typed, ok := argument(line, `\begin{`); ok {
		if strings.Trim(typed, environmentLetters) != "" || c.Page.Quiet(c.Offset-len(typed)-1) {
			return nil // behind the end of code
		}
		read := func(environment string) bool {
			return config.ProcessEnvironments || slices.ContainsFunc(config.Display, func(d mathjax.Delimiters) bool { // KaTeX
				return d.Open == `\begin{`+environment+"}"
			})
		}
		var out []Candidate
		for _, k := range completeEnvironments(c, typed) {
			if read(k.Label) {
				if name := strings.TrimSuffix(k.Label, "*"); slices.Contains(displays, name) {
					k.Sort = "!" + k.Sort // an equation of its own comes first
				}
				out = append(out, k)
			}
		}
		return bySort(out)
	}
	typed, ok := command(line)
	if !ok || len(typed) < 2 {
		return nil // a lone backslash is an escape, for all that is known
	}
	var out []Candidate
	add := func(name string, known bool) {
		if known && strings.HasPrefix(`\`+name, typed) {
			out = append(out, Candidate{Label: `\` + name, Insert: `\` + name, Snippet: `\\` + name + "{$1}", Kind: CommandCandidate, Replace: replaced(c, typed), Sort: name})
		}
	}
	add("begin", config.ProcessEnvironments || config.Engine == mathjax.KaTeX)
	add("eqref", config.ProcessRefs)
	add("ref", config.ProcessRefs)
	return out
}

// environmentLetters are those of the names of environments.
const environmentLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ*"

// named proposes names for an argument in braces.
func named(c site.Cursor, typed string, names []string, kind CandidateKind) []Candidate {
	span := word(c, typed, "} \t\\$")
	var out []Candidate
	for _, n := range names {
		out = append(out, Candidate{Label: n, Insert: n + closing(c, span, "}"), Kind: kind, Replace: span, Sort: fmt.Sprintf("%05d", len(out))})
	}
	return out
}

// completeLabels proposes the labels of the page, the nearest first. They are
// found by their name, their number and the words of their equation.
func completeLabels(c site.Cursor, typed string) []Candidate {
	var out []Candidate
	span := word(c, typed, "} \t\\$")
	for i := range c.Page.Math {
		f := &c.Page.Math[i]
		for _, l := range f.Labels {
			if l.Lost == tex.LostDuplicate || l.Name == "" {
				continue
			}
			number := l.Number
			if number == "" {
				number = "???"
			}
			plain := tex.Plain(rowOf(f, l), c.Page.Config, defined(c.Page, i))
			out = append(out, Candidate{
				Label: l.Name, Detail: "(" + number + ") " + shorten(plain, 60), Doc: fence("latex", f.TeX), Insert: l.Name,
				Filter: l.Name + " " + number + " " + shorten(plain, 60), Kind: EquationCandidate, Replace: span,
				Sort: fmt.Sprintf("%08d", distance(c, c.Page.InMath(f, l.Span))),
			})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Sort < out[j].Sort })
	return out
}

// distance is how far a place is from the cursor, in bytes.
func distance(c site.Cursor, o site.Origin) int {
	switch {
	case o.File != c.File:
		return 99_999_999
	case o.Span.Start > c.Offset:
		return o.Span.Start - c.Offset
	}
	return c.Offset - o.Span.Start
}

// rowOf is the row of an equation that has a label, without it.
func rowOf(f *tex.Formula, l tex.Label) string {
	s := f.TeX
	for _, r := range f.Rows {
		if r.Span.Contains(l.Span.Start) {
			s = r.Span.Of(f.TeX)
		}
	}
	s = strings.ReplaceAll(s, l.Span.Of(f.TeX), "")
	for _, env := range displays {
		s = strings.ReplaceAll(s, `\begin{`+env+`}`, "")
		s = strings.ReplaceAll(s, `\end{`+env+`}`, "")
	}
	return strings.TrimSuffix(strings.TrimSpace(s), `\newline`)
}

// completeNewLabels proposes the names that references on the page ask for and
// no equation has yet.
func completeNewLabels(c site.Cursor, typed string) []Candidate {
	has := map[string]bool{}
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Label && !n.Uses {
			has[n.Text] = true
		}
	}
	var names []string
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Label && n.Uses && !has[n.Text] {
			has[n.Text] = true
			names = append(names, n.Text)
		}
	}
	out := named(c, typed, names, EquationCandidate)
	for i := range out {
		out[i].Detail = "a reference asks for it"
	}
	return out
}

// completeEnvironments proposes environments, which close themselves. Those that
// the page uses come first.
func completeEnvironments(c site.Cursor, typed string) []Candidate {
	span := word(c, typed, "} \t\\$")
	doc := c.Text()
	replace := span
	if span.End < len(doc) && doc[span.End] == '}' {
		replace.End++
	}
	line := c.Line()
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t>"))]
	used := uses(c, true)
	var out []Candidate
	add := func(rank, name, detail string) {
		k := Candidate{
			Label: name, Detail: detail, Kind: EnvironmentCandidate, Replace: replace,
			Insert:  name + "}\n" + indent + "\n" + indent + `\end{` + name + "}",
			Snippet: name + "}\n" + escapeSnippet(indent) + "$0\n" + escapeSnippet(indent) + `\\end{` + name + "}",
			Sort:    rank + fmt.Sprintf("%04d", 9999-min(used[name], 9999)) + name,
		}
		if open := strings.Contains(rest(doc, replace.End), `\end{`+name+"}"); open && doc[replace.End:min(replace.End+1, len(doc))] == "\n" {
			k.Insert, k.Snippet = name+"}", "" // its end is there already
		}
		out = append(out, k)
	}
	for _, n := range defined(c.Page, len(c.Page.Math)) {
		if n.Environment {
			add("0", n.Name, "environment of this page")
		}
	}
	for _, e := range c.Page.Config.Envs {
		add("1", e.Name, "environment of this site")
	}
	require := newRequirer(c)
	for _, info := range tex.Environments(c.Page.Config) {
		switch info.Known {
		case tex.Always, tex.Autoload:
			add("2", info.Name, "")
		case tex.Require:
			add("3", info.Name, `needs \require{`+info.Package+"}")
			out[len(out)-1].Extra = require.load(info.Package)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Sort < out[j].Sort })
	return out
}

// rest is what follows an offset, as far as a formula may reach.
func rest(doc string, at int) string {
	s := doc[min(at, len(doc)):]
	if n := strings.Index(s, "\n\n"); n >= 0 {
		s = s[:n]
	}
	return s[:min(len(s), 5000)]
}

// completeEnd proposes the environment that is open at the cursor.
func completeEnd(c site.Cursor, typed string) []Candidate {
	doc := c.Text()[:c.Offset-len(typed)-len(`\end{`)]
	doc = doc[max(0, len(doc)-20_000):]
	depth := map[string]int{}
	for {
		begin, end := strings.LastIndex(doc, `\begin{`), strings.LastIndex(doc, `\end{`)
		if begin < 0 {
			return nil
		}
		at := max(begin, end)
		name, _, ok := strings.Cut(doc[at+strings.IndexByte(doc[at:], '{')+1:], "}")
		switch {
		case !ok:
		case at == end:
			depth[name]++
		case depth[name] > 0:
			depth[name]--
		default:
			return named(c, typed, []string{name}, EnvironmentCandidate)
		}
		doc = doc[:at]
	}
}

// uses counts how often the page uses each command or environment.
func uses(c site.Cursor, environments bool) map[string]int {
	out := map[string]int{}
	for i := range c.Page.Math {
		for j := range c.Page.Math[i].Uses {
			if u := &c.Page.Math[i].Uses[j]; u.Environment == environments {
				out[u.Name]++
			}
		}
	}
	return out
}

// A requirer makes the edits that load packages in the formula at a cursor. The
// place is the same for all of them, and looked for once.
type requirer struct {
	at    text.Span
	ok    bool
	edits map[string][]text.Edit // by package
}

func newRequirer(c site.Cursor) *requirer {
	i, ok := c.Page.Formula(c.File, c.Offset)
	if !ok {
		return &requirer{}
	}
	f := &c.Page.Math[i]
	at := c.Page.InMath(f, text.Span{})
	if strings.HasPrefix(f.TeX, `\begin{`) && f.Flow == f.Inner { // a bare environment: in front of it would be text
		n := strings.IndexByte(f.TeX, '}') + 1
		at = c.Page.InMath(f, text.Span{Start: n, End: n})
	}
	return &requirer{text.Span{Start: at.Span.Start, End: at.Span.Start}, at.Exact && at.File == c.File, map[string][]text.Edit{}}
}

// load is the edit that loads a package; nil where there is no place for it.
func (r *requirer) load(name string) []text.Edit {
	if !r.ok {
		return nil
	}
	edits := r.edits[name]
	if edits == nil {
		edits = []text.Edit{{Span: r.at, New: `\require{` + name + `}`}}
		r.edits[name] = edits
	}
	return edits
}

// completeCommands proposes the page's macros that are defined so far, the
// site's, and MathJax's commands, in this order; of MathJax's first those that
// the page uses most.
func completeCommands(c site.Cursor, typed string) []Candidate {
	span := replaced(c, typed)
	doc := c.Text()
	for span.End < len(doc) && doc[span.End]|0x20 >= 'a' && doc[span.End]|0x20 <= 'z' {
		span.End++
	}
	used := uses(c, false)
	size := 2048 // more than MathJax has commands
	if len(typed) > 2 {
		size = 256 // those of one letter
	}
	out := make([]Candidate, 0, size)
	seen := make(map[string]bool, size)
	add := func(rank, name, detail, source, signature string, kind CandidateKind) *Candidate {
		if seen[name] {
			return &Candidate{}
		}
		seen[name] = true
		k := Candidate{Label: `\` + name, Detail: detail, Doc: source, Insert: `\` + name, Kind: kind, Replace: span,
			Sort: rank + sortNumber(used[name]) + strings.ToLower(name) + name}
		if s := holes(signature); s != "" {
			k.Snippet = `\\` + name + s
		}
		out = append(out, k)
		return &out[len(out)-1]
	}
	arguments := map[string]string{}
	for _, d := range defined(c.Page, len(c.Page.Math)) { // the last of a name counts
		if !d.Environment {
			arguments[d.Name] = mandatory(d.Args, d.Optional != nil)
		}
	}
	for _, n := range c.Page.Facts.Names {
		if n.Kind == site.Macro && !n.Uses && !seen[n.Text] && (n.At.File != c.File || n.At.Span.Start < c.Offset) {
			add("0", n.Text, "macro of this page: "+shorten(n.Detail, 50), fence("latex", c.Region(n.Whole)), arguments[n.Text], MacroCandidate)
		}
	}
	clear(arguments)
	for _, m := range c.Page.Config.Macros {
		arguments[m.Name] = mandatory(m.Args, m.Optional != nil)
	}
	for _, n := range c.Page.Layout.Macros {
		add("1", n.Text, "macro of this site: "+shorten(n.Detail, 50), fence("latex", n.Detail), arguments[n.Text], MacroCandidate)
	}
	prefix := strings.TrimPrefix(typed, `\`)
	require := newRequirer(c)
	for _, info := range tex.Commands(c.Page.Config) {
		if info.Known == tex.Never || len(prefix) >= 2 && !strings.HasPrefix(strings.ToLower(info.Name), strings.ToLower(prefix[:1])) {
			continue
		}
		if first := info.Name[0] | 0x20; first < 'a' || first > 'z' {
			continue
		}
		detail := strings.TrimSpace(info.Char + " " + signature(info))
		rank := "2"
		if info.Known == tex.Require {
			rank = "3"
			detail = strings.TrimSpace(detail + ` needs \require{` + info.Package + "}")
		}
		k := add(rank, info.Name, detail, "", info.Signature, CommandCandidate)
		if info.Known == tex.Require {
			k.Extra = require.load(info.Package)
		}
	}
	return bySort(out)
}

// bySort puts candidates in the order of Sort, which is different for each. They
// are large: their indices are sorted, and each is moved once.
func bySort(list []Candidate) []Candidate {
	order := make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(list[a].Sort, list[b].Sort) })
	out := make([]Candidate, len(list))
	for i, from := range order {
		out[i] = list[from]
	}
	return out
}

// sortNumber puts what is used more often first.
func sortNumber(n int) string { return string([]byte{'9' - byte(min(n, 9))}) }

// mandatory writes the arguments of a macro as a signature.
func mandatory(args int, optional bool) string {
	if optional {
		args--
	}
	return strings.Repeat("m", max(args, 0))
}

// holes writes places to fill for the mandatory arguments of a signature; empty
// where it has none, or has something that cannot be left open.
func holes(signature string) string {
	var b strings.Builder
	n := 0
	for _, letter := range signature {
		switch letter {
		case 'm':
			n++
			fmt.Fprintf(&b, "{$%d}", n)
		case 's', 'o':
		default:
			return ""
		}
	}
	return b.String()
}

func escapeSnippet(s string) string {
	return strings.NewReplacer(`\`, `\\`, "$", `\$`, "}", `\}`).Replace(s)
}

// ownColors are those that the page defines.
func ownColors(c site.Cursor) []string {
	var out []string
	for i := range c.Page.Math {
		rest := c.Page.Math[i].TeX
		for {
			_, after, ok := strings.Cut(rest, `\definecolor{`)
			if !ok {
				break
			}
			name, _, _ := strings.Cut(after, "}")
			out, rest = append(out, name), after
		}
	}
	return out
}

// colors are names that browsers and MathJax know.
var colors = strings.Fields("black blue brown cyan darkgray gray green lightgray lime magenta olive orange pink purple red teal violet white yellow " +
	"crimson darkblue darkgreen darkorange darkred deeppink dodgerblue firebrick forestgreen gold indigo maroon navy orchid royalblue salmon " +
	"seagreen sienna silver skyblue slateblue steelblue tomato turquoise")
