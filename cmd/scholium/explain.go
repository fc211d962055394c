package main

import (
	"flag"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"scholium/analysis/rules"
	"scholium/analysis/tex"
	pages "scholium/testdata/rules"
)

func explain(args []string, io streams) int {
	flags := flag.NewFlagSet("explain [CODE]", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 1 {
		return unusable(io, "explain takes one rule's code")
	}
	if len(rest) == 0 {
		for _, r := range rules.All {
			fmt.Fprintf(io.out, "%-22s %-8s %s\n", r.Code, r.Severity, r.Summary)
		}
		return exitClean
	}
	rule, ok := rules.Find(rest[0])
	if !ok {
		var codes []string
		for _, r := range rules.All {
			codes = append(codes, r.Code)
		}
		hint := ""
		if near := tex.Near(rest[0], codes); len(near) > 0 {
			hint = "; did you mean " + near[0] + "?"
		}
		return unusable(io, "there is no rule %q%s", rest[0], hint)
	}
	data, err := pages.Files.ReadFile(rule.Code + ".txtar")
	if err != nil {
		return unusable(io, "the page of %s: %v", rule.Code, err)
	}
	page := txtar.Parse(data)
	fmt.Fprintf(io.out, "%s (%s)\n\n%s\n", rule.Code, rule.Severity, strings.TrimSpace(string(page.Comment)))
	for _, f := range page.Files {
		title := "At fault"
		if strings.HasPrefix(f.Name, "mended/") {
			title = "Mended"
		}
		_, name, _ := strings.Cut(f.Name, "/")
		fmt.Fprintf(io.out, "\n%s: %s\n\n", title, name)
		for _, line := range strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n") {
			fmt.Fprintf(io.out, "    %s\n", line)
		}
	}
	return exitClean
}
