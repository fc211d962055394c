package main

import (
	"flag"
	"runtime"

	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/workspace/judge"
)

func check(args []string, io streams) int {
	flags := flag.NewFlagSet("check [PATH…]", flag.ContinueOnError)
	format := flags.String("format", "text", "how problems are printed: `text` or json")
	failOn := flags.String("fail-on", "error", "the least `severity` that makes the exit code 1: error, warning, info or hint")
	quiet := flags.Bool("quiet", false, "print errors only, and no summary")
	noJudge := flags.Bool("no-judge", false, "do not ask MathJax itself about formulas in doubt")
	paths, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if *format != "text" && *format != "json" {
		return unusable(io, "there is no format %q; there are text and json", *format)
	}
	least, ok := rules.ParseSeverity(*failOn)
	if !ok || least == site.Off {
		return unusable(io, "there is no severity %q; there are error, warning, info and hint", *failOn)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	targets, err := targetsOf(paths)
	if err != nil {
		return unusable(io, "%v", err)
	}
	run := checkRun{io: io, quiet: *quiet}
	if !*noJudge && judge.Bundled() {
		run.judge = judge.New(runtime.GOMAXPROCS(0))
		defer run.judge.Close()
	}
	run.read(targets)
	if run.failed != nil {
		return unusable(io, "%v", run.failed)
	}
	if *format == "json" {
		err = run.json()
	} else {
		run.text()
	}
	if err != nil {
		return unusable(io, "%v", err)
	}
	for _, f := range run.found {
		if f.Severity <= least {
			return exitProblems
		}
	}
	return exitClean
}
