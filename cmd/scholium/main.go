// Scholium proofreads mathematical blog posts: a language server, and a check
// for the command line.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	_ "time/tzdata" // the zones that sites name, where the machine has none
)

// The exit codes of every command.
const (
	exitClean    = 0
	exitProblems = 1
	exitUnusable = 2 // the command line or what it names cannot be used
)

// A command is one of scholium's subcommands. It returns the exit code.
type command struct {
	name, args, summary string
	run                 func(args []string, io streams) int
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func commands() []command {
	return []command{
		{"serve", "[--stdio]", "the language server, over standard input and output", serve},
		{"replay", "FILE", "run a recorded session again", replay},
		{"check", "[PATH…]", "proofread a site", check},
		{"explain", "[CODE]", "a rule's page, or the list of rules", explain},
		{"schema", "", "the JSON schema of .scholium.yml", schema},
		{"inspect", "WHAT FILE", "show how a file is read: html, tree, math, names, liquid or page", inspectCommand},
		{"doctor", "[FOLDER]", "what is found of a site, what is not, and what to write into a bug report", doctor},
		{"draw", "TEX", "draw a formula as an SVG image", drawCommand},
		{"completion", "SHELL", "the script that completes commands in bash, zsh, fish or powershell", completion},
		{"man", "", "the manual page", manCommand},
		{"version", "", "the version of scholium, Go and MathJax", version},
	}
}

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// softMemory is what Go's collector keeps the program below, in bytes, where
// less is in use: a page full of traps leaves much behind that nobody needs.
const softMemory = 768 << 20

func run(args []string, io streams) int {
	if len(args) == 0 {
		usage(io.err)
		return exitUnusable
	}
	switch args[0] {
	case "help", "--help", "-h":
		usage(io.out)
		return exitClean
	case "--version":
		args[0] = "version"
	case "__complete": // asked by the scripts of scholium completion
		return complete(args[1:], io)
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(args[1:], io)
		}
	}
	return unusable(io, "there is no command %q; scholium help lists them", args[0])
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "Scholium proofreads mathematical blog posts: it says now what the reader would see later.")
	fmt.Fprintln(w)
	for _, c := range commands() {
		fmt.Fprintf(w, "  scholium %-22s %s\n", c.name+" "+c.args, c.summary)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "scholium COMMAND --help lists a command's flags.")
}

// unusable says in one line why a command cannot be carried out.
func unusable(io streams, format string, args ...any) int {
	fmt.Fprintf(io.err, "scholium: "+format+"\n", args...)
	return exitUnusable
}

// A declaration stands for the standard input of a command that is not to be
// carried out, but to tell its flags: parse leaves them here.
type declaration struct{ flags *flag.FlagSet }

func (*declaration) Read([]byte) (int, error) { return 0, io.EOF }

// declared are the flags of a command, as it declares them itself.
func (c command) declared() *flag.FlagSet {
	var d declaration
	c.run(nil, streams{&d, io.Discard, io.Discard})
	return d.flags
}

// parse reads a command's flags, which may stand before and behind its
// arguments. It returns the arguments, and false with an exit code where the
// command is done.
func parse(flags *flag.FlagSet, args []string, io streams) (rest []string, code int, ok bool) {
	if d, ok := io.in.(*declaration); ok {
		d.flags = flags
		return nil, exitClean, false
	}
	flags.SetOutput(io.err)
	flags.Usage = func() {}
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Fprintf(io.out, "scholium %s\n", flags.Name())
				flags.SetOutput(io.out)
				flags.PrintDefaults()
				return nil, exitClean, false
			}
			return nil, exitUnusable, false // the flag package has said why, in a line
		}
		if flags.NArg() == 0 {
			return rest, exitClean, true
		}
		if left := flags.Args(); len(args) > len(left) && args[len(args)-len(left)-1] == "--" {
			return append(rest, left...), exitClean, true
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}
