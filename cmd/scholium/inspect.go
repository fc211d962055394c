package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	stdio "io"
	"os"
	"path/filepath"
	"strings"

	"scholium/analysis/inspect"
	"scholium/analysis/kramdown"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/workspace"
	"scholium/workspace/judge"
)

// options collects flags that may be given several times.
type options []string

func (o *options) String() string     { return strings.Join(*o, ", ") }
func (o *options) Set(s string) error { *o = append(*o, s); return nil }

func inspectCommand(args []string, io streams) int {
	flags := flag.NewFlagSet("inspect WHAT FILE", flag.ContinueOnError)
	input := flags.String("input", "", "html: kramdown's `parser`, kramdown or GFM; the site's where it is not given")
	var set options
	flags.Var(&set, "option", "html: a kramdown option, `key=value`; may be given several times")
	noLiquid := flags.Bool("no-liquid", false, "html and tree: take the text as it stands")
	noJudge := flags.Bool("no-judge", false, "math: do not ask MathJax itself about formulas in doubt")
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) != 2 {
		return unusable(io, "inspect takes what to show (html, tree, math, names, liquid or page) and a file")
	}
	what, file := rest[0], rest[1]
	kinds := map[string]bool{"html": true, "tree": true, "math": true, "names": true, "liquid": true, "page": true}
	if !kinds[what] {
		return unusable(io, "there is no %q to inspect; there are html, tree, math, names, liquid and page", what)
	}
	if file == "-" || *noLiquid {
		return inspectText(io, what, file, *input, set)
	}
	page, snapshot, err := load(file)
	if err != nil {
		return unusable(io, "%v", err)
	}
	if page == nil {
		return unusable(io, "%s: Jekyll makes no page of this file", file)
	}
	switch what {
	case "html", "tree":
		if page.Tree == nil {
			return unusable(io, "%s: this page is not Markdown for kramdown", file)
		}
		tree := page.Tree
		if *input != "" || len(set) > 0 {
			o := tree.Options
			if problem := apply(&o, *input, set); problem != "" {
				return unusable(io, "%s", problem)
			}
			tree = kramdown.Parse(page.Liquid.Text, o)
		}
		printTree(io, what, tree)
		return exitClean
	case "liquid":
		fmt.Fprint(io.out, page.Liquid.Text)
		return exitClean
	case "math":
		return printJSON(io, inspect.Math(page, judged(page, *noJudge)))
	case "names":
		return printJSON(io, inspect.Names(page, snapshot))
	}
	fmt.Fprint(io.out, inspect.Page(page, snapshot))
	return exitClean
}

// judged asks MathJax about the formulas of a page that are in doubt.
func judged(page *site.Page, never bool) map[int]*site.Verdict {
	out := map[int]*site.Verdict{}
	if never || !judge.Bundled() {
		return out
	}
	j := judge.New(1)
	defer j.Close()
	for i := range page.Math {
		if !page.Math[i].Doubtful || page.Config.Unknown != "" {
			continue
		}
		d := page.Doubt(i)
		v, err := workspace.Judge(context.Background(), j, &d)
		if err != nil {
			continue // it came to no end: still in doubt
		}
		out[i] = v
	}
	return out
}

func apply(o *kramdown.Options, input string, set options) string {
	if input != "" {
		if problem := kramdown.Set(o, "input", input); problem != "" {
			return problem
		}
	}
	for _, s := range set {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Sprintf("--option takes key=value, but got %q", s)
		}
		if problem := kramdown.Set(o, key, value); problem != "" {
			return problem
		}
	}
	return ""
}

// inspectText reads a text by itself, without a site: no front matter of it is
// taken off standard input, as kramdown does not either.
func inspectText(io streams, what, file, input string, set options) int {
	if what != "html" && what != "tree" {
		return unusable(io, "inspect %s needs a file of a site", what)
	}
	var data []byte
	var err error
	if file == "-" {
		data, err = stdio.ReadAll(io.in)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return unusable(io, "%s: %s", file, reason(err))
	}
	doc := strings.ToValidUTF8(string(data), "\uFFFD")
	if file != "-" {
		doc = doc[site.NewSource("x.md", doc).Head.Body:]
	}
	o := kramdown.GFM()
	if problem := apply(&o, input, set); problem != "" {
		return unusable(io, "%s", problem)
	}
	printTree(io, what, kramdown.Parse(doc, o))
	return exitClean
}

func printTree(io streams, what string, tree *kramdown.Tree) {
	if what == "html" {
		fmt.Fprint(io.out, tree.HTML())
		return
	}
	fmt.Fprint(io.out, inspect.Tree(tree))
}

func printJSON(io streams, v any) int {
	enc := json.NewEncoder(io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return unusable(io, "%v", err)
	}
	return exitClean
}

// load reads the site of a file and makes the file's page, which is nil where
// Jekyll makes none.
func load(file string) (*site.Page, *site.Snapshot, error) {
	full, err := filepath.Abs(file)
	if err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(full)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %s", file, reason(err))
	}
	w := workspace.New(nil, rules.Checker(), nil)
	defer w.Stop()
	w.Open(full, 0, strings.ToValidUTF8(string(data), "\uFFFD"))
	s, p := w.Site(full)
	s.Wait()
	state := s.Now()
	return state.Page(p), state.Snapshot, nil
}
