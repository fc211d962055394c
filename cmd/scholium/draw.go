package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"scholium/analysis/mathjax"
	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/workspace"
	"scholium/workspace/judge"
)

// drawCommand writes a formula as an SVG file, as a reader's browser would show it.
func drawCommand(args []string, io streams) int {
	flags := flag.NewFlagSet("draw TEX", flag.ContinueOnError)
	file := flags.String("o", "", "write the picture to `FILE`; standard output where it is not given")
	page := flags.String("page", "", "with the macros of this `FILE`, a post of a site, and of that site")
	inline := flags.Bool("inline", false, "as a formula in a line of text")
	four := flags.Bool("mathjax4", false, "by MathJax 4, where no page says which")
	color := flags.String("color", "#000000", "of the formula, a `colour` of CSS")
	background := flags.String("background", "", "behind the formula, a `colour` of CSS; none where it is not given")
	scale := flags.Float64("scale", 1, "1 is the size of text of 16 pixels")
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) != 1 {
		return unusable(io, "draw takes one formula, without delimiters")
	}
	engine := mathjax.MathJax3
	if *four {
		engine = mathjax.MathJax4
	}
	config := mathjax.Default(engine)
	config.Tags = "ams"
	d := site.Doubt{Asked: site.Asked{TeX: rest[0], Display: !*inline}, Config: &config}
	if *page != "" {
		p, _, err := load(*page)
		if err != nil {
			return unusable(io, "%v", err)
		}
		if p == nil || p.Tree == nil {
			return unusable(io, "%s: this page is not Markdown for kramdown", *page)
		}
		d = p.Ask(d.Asked)
		if d.Config.Engine < mathjax.MathJax2 || d.Config.Engine > mathjax.MathJax4 {
			return unusable(io, "%s: this page loads no MathJax that is known", *page)
		}
	}
	w := workspace.New(nil, rules.Checker(), nil)
	defer w.Stop()
	w.UseJudge(judge.New(1))
	svg, fault, err := w.Draw(context.Background(), &d, judge.Style{Color: *color, Background: *background, Scale: *scale})
	switch {
	case err != nil:
		return unusable(io, "%v", err)
	case fault != "":
		fmt.Fprintf(io.err, "scholium: MathJax says: %s\n", fault)
		return exitProblems
	}
	if *file == "" {
		fmt.Fprintln(io.out, svg)
		return exitClean
	}
	if err := os.WriteFile(*file, []byte(svg+"\n"), 0o644); err != nil {
		return unusable(io, "%s: %s", *file, reason(err))
	}
	return exitClean
}
