package main

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"scholium/workspace/judge"
)

// release is the version of a released build, set by its linker flags.
var release = ""

func versionString() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

func version(args []string, io streams) int {
	flags := flag.NewFlagSet("version", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return unusable(io, "version takes no arguments, but got %q", rest[0])
	}
	fmt.Fprintf(io.out, "scholium %s\n%s %s/%s\n", versionString(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if three, four := judge.Versions(); judge.Bundled() {
		fmt.Fprintf(io.out, "MathJax %s and %s\n", three, four)
	} else {
		fmt.Fprintln(io.out, "MathJax is not bundled: formulas are judged by the tables of MathJax's commands alone")
	}
	return exitClean
}
