package main

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/workspace/judge"
)

// A format prints what a check has found.
type format struct {
	name  string
	print func(*checkRun) error
}

var formats = []format{
	{"text", (*checkRun).text}, {"json", (*checkRun).json}, {"sarif", (*checkRun).sarif}, {"github", (*checkRun).github},
}

func check(args []string, io streams) int {
	flags := flag.NewFlagSet("check [PATH…]", flag.ContinueOnError)
	run := checkRun{io: io}
	formatName := flags.String("format", "text", "how problems are printed: `text` for people, json for programs, sarif for code scanning,\nor github for annotations and a step summary in a GitHub workflow")
	failOn := flags.String("fail-on", "error", "the least `severity` that makes the exit code 1: error, warning, info or hint")
	flags.BoolVar(&run.quiet, "quiet", false, "print errors only, and no summary")
	noJudge := flags.Bool("no-judge", false, "do not ask MathJax itself about formulas in doubt")
	var only codeList
	flags.Var(&only, "rule", "look for this `rule` only; several are separated by commas, or the flag is given again")
	jobs := flags.Int("jobs", runtime.GOMAXPROCS(0), "how many processors are used at most, a `number` from 1 on")
	baselineFile := flags.String("baseline", "", "a `file` of problems that are known: only others are reported, and fail the run")
	update := flags.Bool("update-baseline", false, "write the problems that there are into the file of --baseline, and exit with 0")
	since := flags.String("changed-since", "", "report only problems in lines that were changed since the git `revision` (since it and HEAD\nparted), and those elsewhere that were not there before")
	fix := flags.Bool("fix", false, "mend what can be mended without asking, the problems of a baseline too; then report what is left")
	dryRun := flags.Bool("dry-run", false, "with --fix: write no file; print what would change as a diff for git apply, and on standard error what\nwould be left")
	paths, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	at := slices.IndexFunc(formats, func(f format) bool { return f.name == *formatName })
	if at < 0 {
		return unusable(io, "there is no format %q; there are text, json, sarif and github", *formatName)
	}
	least, ok := rules.ParseSeverity(*failOn)
	if !ok || least == site.Off {
		return unusable(io, "there is no severity %q; there are error, warning, info and hint", *failOn)
	}
	switch {
	case *jobs < 1:
		return unusable(io, "--jobs takes a number from 1 on, not %d", *jobs)
	case *update && *baselineFile == "":
		return unusable(io, "--update-baseline writes the file that --baseline names")
	case *update && *since != "", *update && *fix:
		return unusable(io, "--update-baseline writes all problems down as they are: --changed-since and --fix do not go with it")
	case *fix && *since != "":
		return unusable(io, "--fix mends all problems of a file: --changed-since does not go with it")
	case *dryRun && !*fix:
		return unusable(io, "--dry-run goes with --fix")
	}
	for _, code := range only {
		if _, ok := rules.Find(code); !ok {
			return noRule(io, code)
		}
	}
	run.only = only
	if len(paths) == 0 {
		paths = []string{"."}
	}
	targets, err := targetsOf(paths)
	if err != nil {
		return unusable(io, "%v", err)
	}
	var known *baseline
	if *baselineFile != "" {
		if known, err = readBaseline(*baselineFile, *update); err != nil {
			return unusable(io, "%v", err)
		}
	}
	if *jobs < runtime.GOMAXPROCS(0) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(*jobs))
	}
	if !*noJudge && judge.Bundled() {
		run.judge = judge.New(*jobs)
		defer run.judge.Close()
	}
	switch {
	case *dryRun:
		err = run.dryRun(targets)
	case *fix:
		if err = run.mend(targets); err == nil {
			err = run.read(targets)
		}
	default:
		err = run.read(targets)
	}
	if err == nil && *since != "" {
		err = run.changedSince(*since, targets)
	}
	if err == nil && *update {
		err = run.updateBaseline(known, targets)
		if err == nil {
			return exitClean
		}
	}
	if err != nil {
		return unusable(io, "%v", err)
	}
	if known != nil {
		run.compare(known, targets)
	}
	run.code = exitClean
	if slices.ContainsFunc(run.found, func(f found) bool { return !f.known && f.Severity <= least }) {
		run.code = exitProblems
	}
	if !*dryRun {
		if err := formats[at].print(&run); err != nil {
			return unusable(io, "%v", err)
		}
		if *fix && !run.quiet && (*formatName == "json" || *formatName == "sarif") { // they have no place for it
			fmt.Fprintf(io.err, "%s, %s left.\n", run.mended, isAre(len(run.found)))
		}
	}
	return run.code
}

// A codeList is a flag that takes codes, several at a time and several times.
type codeList []string

func (l *codeList) String() string { return strings.Join(*l, ",") }

func (l *codeList) Set(s string) error {
	for _, code := range strings.Split(s, ",") {
		code = strings.TrimSpace(code)
		if code == "" {
			return fmt.Errorf("a rule's code is missing")
		}
		*l = append(*l, code)
	}
	return nil
}
