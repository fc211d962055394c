package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"scholium/analysis/rules"
)

// manCommand prints the manual page, made from what the commands declare.
func manCommand(args []string, io streams) int {
	flags := flag.NewFlagSet("man", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return unusable(io, "man takes no arguments, but got %q", rest[0])
	}
	fmt.Fprint(io.out, manPage(manDate()))
	return exitClean
}

// manDate is the day of the release, where its builder says so in
// SOURCE_DATE_EPOCH (seconds, as reproducible builds have it), and else today.
func manDate() time.Time {
	if s, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(s, 0).UTC()
	}
	return time.Now()
}

// manPage is the manual page in the language of mdoc(7), which groff and mandoc read.
func manPage(date time.Time) string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put(".Dd %s", date.Format("January 2, 2006"))
	put(".Dt SCHOLIUM 1")
	put(".Os")
	put(".Sh NAME\n.Nm scholium\n.Nd proofread mathematics on Jekyll blogs")
	put(".Sh SYNOPSIS")
	for _, c := range commands() {
		put(".Nm")
		put(".Cm %s%s%s", c.name, manFlags(c), manArguments(c))
	}
	put(".Sh DESCRIPTION")
	put(".Nm\n%s", filled("knows what Jekyll, kramdown and MathJax will do to a post, and says now what its readers would see later."))
	put("%s", filled("What it cannot know, as of a plugin or of a theme that is a gem, it keeps silent about."))
	put(".Pp\nFlags may stand before and behind arguments.\nThe commands are:")
	put(".Bl -tag -width indent")
	for _, c := range commands() {
		put(".It Cm %s%s", c.name, manArguments(c))
		put("%s", filled(sentence(c.summary)))
		flags, any := c.declared(), false
		flags.VisitAll(func(f *flag.Flag) {
			if !any {
				put(".Bl -tag -width indent")
			}
			any = true
			name, usage := flag.UnquoteUsage(f)
			if isSwitch(f) {
				name = ""
			} else {
				name = " Ar " + mdoc(name)
			}
			put(".It Fl %s%s", flagName(f), name)
			put("%s", filled(sentence(oneLine(usage))))
			if f.DefValue != "" && !isSwitch(f) {
				put("The default is %s.", mdoc(f.DefValue))
			}
		})
		if any {
			put(".El")
		}
	}
	put(".El")
	put(".Sh RULES\nEach has a page:\n.Nm\n.Cm explain Ar code .")
	put(".Bl -tag -width indent")
	for _, r := range rules.All {
		put(".It %s Pq %s", mdoc(r.Code), r.Severity)
		put("%s", filled(sentence(r.Summary)))
	}
	put(".El")
	put(".Sh ENVIRONMENT\n.Bl -tag -width indent\n.It Ev NO_COLOR\nIf it is set, nothing is coloured.\n.El")
	put(".Sh FILES\n.Bl -tag -width indent")
	put(".It Pa _config.yml\nmakes a folder a Jekyll site.")
	put(".It Pa .scholium.yml\nbeside it changes the severity of rules, and leaves files out.")
	put(".It Pa Gemfile.lock\nsays which releases of Jekyll, kramdown and a theme the site is built with.\n.El")
	put(".Sh EXIT STATUS\n.Bl -tag -width indent")
	put(".It %d\nNothing was found that is as bad as\n.Fl -fail-on .", exitClean)
	put(".It %d\nSomething was found.", exitProblems)
	put(".It %d\nThe command line, or what it names, cannot be used.\n.El", exitUnusable)
	put(".Sh EXAMPLES\nProofread the site around the working directory, and fail on warnings too:")
	put(".Pp\n.Dl scholium check --fail-on warning\n.Pp\nSay what a rule reports, and how to mend it:\n.Pp\n.Dl scholium explain undefined-label")
	put(".Pp\nComplete commands, flags and rules in bash:\n.Pp\n.Dl source <(scholium completion bash)")
	return b.String()
}

// manFlags are the flags of a command for the synopsis.
func manFlags(c command) string {
	var b strings.Builder
	c.declared().VisitAll(func(f *flag.Flag) {
		fmt.Fprintf(&b, " Oo Fl %s", flagName(f))
		if !isSwitch(f) {
			name, _ := flag.UnquoteUsage(f)
			fmt.Fprintf(&b, " Ar %s", mdoc(name))
		}
		b.WriteString(" Oc")
	})
	return b.String()
}

// manArguments are the arguments of a command, those in brackets being optional.
func manArguments(c command) string {
	var b strings.Builder
	for _, word := range strings.Fields(c.args) {
		name, optional := strings.CutPrefix(word, "[")
		name = strings.TrimSuffix(name, "]")
		if isFlag(name) {
			continue // among the flags
		}
		more := ""
		if name, ok := strings.CutSuffix(name, "…"); ok {
			more, word = " ...", name
		} else {
			word = name
		}
		word = strings.ToLower(strings.TrimSuffix(word, "…"))
		word = strings.TrimPrefix(word, "[")
		if optional {
			fmt.Fprintf(&b, " Op Ar %s%s", word, more)
		} else {
			fmt.Fprintf(&b, " Ar %s%s", word, more)
		}
	}
	return b.String()
}

// flagName is a flag's name behind the hyphen that Fl writes itself.
func flagName(f *flag.Flag) string { return mdoc(strings.TrimPrefix(dashes(f), "-") + f.Name) }

// mdoc writes text so that mdoc takes no part of it for its own.
func mdoc(s string) string {
	s = strings.NewReplacer(
		`\`, `\e`, "“", `\(lq`, "”", `\(rq`, "…", "...", "’", "'", "‘", "'", "–", `\(en`,
	).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

// filled is text in lines of at most 78 characters, none of which mdoc takes for a macro.
func filled(s string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len(line)+1+len(word) > 78 {
			lines = append(lines, mdoc(line))
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return strings.Join(append(lines, mdoc(line)), "\n")
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSuffix(s, ".")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
