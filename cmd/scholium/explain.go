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
		return noRule(io, rest[0])
	}
	page, err := rulePage(rule.Code)
	if err != nil {
		return unusable(io, "the page of %s: %v", rule.Code, err)
	}
	fmt.Fprintf(io.out, "%s (%s)\n\n%s\n", rule.Code, rule.Severity, strings.TrimSpace(string(page.Comment)))
	for _, f := range page.Files {
		fmt.Fprintf(io.out, "\n%s\n\n%s", exampleTitle(f.Name), indented(string(f.Data)))
	}
	return exitClean
}

// noRule says that there is no such rule, and which one may be meant.
func noRule(io streams, code string) int {
	var codes []string
	for _, r := range rules.All {
		codes = append(codes, r.Code)
	}
	hint := ""
	if near := tex.Near(code, codes); len(near) > 0 {
		hint = "; did you mean " + near[0] + "?"
	}
	return unusable(io, "there is no rule %q%s", code, hint)
}

// rulePage is what the rule's page says, and its posts.
func rulePage(code string) (*txtar.Archive, error) {
	data, err := pages.Files.ReadFile(code + ".txtar")
	if err != nil {
		return nil, err
	}
	return txtar.Parse(data), nil
}

// exampleTitle is the title of a post of a rule's page.
func exampleTitle(name string) string {
	part, name, _ := strings.Cut(name, "/")
	if part == "mended" {
		return "Mended: " + name
	}
	return "At fault: " + name
}

// indented is a text four blanks in.
func indented(s string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		b.WriteString("    " + line + "\n")
	}
	return b.String()
}
