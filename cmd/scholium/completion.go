package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"scholium/analysis/rules"
)

// shells are those that completion writes a script for. Each script asks
// scholium itself what may stand at the cursor, so that it need not be written
// anew when there is another command, flag or rule.
var shells = map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript, "powershell": powershellScript}

func completion(args []string, io streams) int {
	flags := flag.NewFlagSet("completion SHELL", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) != 1 {
		return unusable(io, "completion takes a shell: bash, zsh, fish or powershell")
	}
	script, ok := shells[rest[0]]
	if !ok {
		return unusable(io, "there is no completion for %q; there is for bash, zsh, fish and powershell", rest[0])
	}
	fmt.Fprint(io.out, script)
	return exitClean
}

// A proposal is a word that may stand at the cursor, and what it means.
type proposal struct{ word, means string }

// complete answers the scripts: a word a line, with its meaning behind a tab, and
// last :files, :folders or :none for what of the disk may stand there too. words are those
// behind scholium up to the cursor, the last one being typed.
func complete(words []string, io streams) int {
	list, rest := proposals(words)
	for _, p := range list {
		fmt.Fprintf(io.out, "%s\t%s\n", p.word, p.means)
	}
	fmt.Fprintln(io.out, ":"+rest)
	return exitClean
}

// proposals returns the words that may stand at the cursor, and which paths may:
// files, folders or none.
func proposals(words []string) (list []proposal, paths string) {
	if len(words) == 0 {
		words = []string{""}
	}
	typed := words[len(words)-1]
	words = words[:len(words)-1]
	if len(words) == 0 {
		for _, c := range commands() {
			list = append(list, proposal{c.name, c.summary})
		}
		return beginning(append(list, proposal{"help", "the list of commands"}), typed), "none"
	}
	all := commands()
	at := slices.IndexFunc(all, func(c command) bool { return c.name == words[0] })
	if at < 0 {
		return nil, "none"
	}
	c, words := all[at], words[1:]
	flags := c.declared()
	// bash takes --flag=value apart at the sign, other shells leave it whole.
	if n := len(words); typed == "=" && n > 0 && isFlag(words[n-1]) {
		typed = ""
	} else if n > 1 && words[n-1] == "=" && isFlag(words[n-2]) {
		words = words[:n-1]
	} else if name, value, ok := strings.Cut(typed, "="); ok && isFlag(name) {
		list, paths = valuesOf(flags.Lookup(strings.TrimLeft(name, "-")), value)
		for i := range list {
			list[i].word = name + "=" + list[i].word
		}
		return list, paths
	}
	position := 0
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "--":
			return c.argument(position+len(words)-i-1, typed)
		case !isFlag(w):
			position++
		case !strings.Contains(w, "="):
			f := flags.Lookup(strings.TrimLeft(w, "-"))
			if f == nil || isSwitch(f) {
				continue
			}
			if i+1 < len(words) && words[i+1] == "=" {
				i++
			}
			if i++; i >= len(words) {
				return valuesOf(f, typed)
			}
		}
	}
	if strings.HasPrefix(typed, "-") {
		flags.VisitAll(func(f *flag.Flag) {
			_, usage := flag.UnquoteUsage(f)
			list = append(list, proposal{dashes(f) + f.Name, oneLine(usage)})
		})
		return beginning(list, typed), "none"
	}
	return c.argument(position, typed)
}

// argument proposes what may stand at a position among a command's arguments.
func (c command) argument(position int, typed string) ([]proposal, string) {
	names := strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(c.args))
	names = slices.DeleteFunc(names, isFlag)
	if len(names) == 0 {
		return nil, "none"
	}
	if last := names[len(names)-1]; position >= len(names) {
		if !strings.HasSuffix(last, "…") {
			return nil, "none"
		}
		position = len(names) - 1
	}
	return namedValues(strings.TrimSuffix(names[position], "…"), typed)
}

// valuesOf proposes the values of a flag.
func valuesOf(f *flag.Flag, typed string) ([]proposal, string) {
	if f == nil || isSwitch(f) {
		return nil, "none"
	}
	if _, ok := values[f.Name]; ok {
		return namedValues(f.Name, typed)
	}
	name, _ := flag.UnquoteUsage(f)
	return namedValues(strings.ToUpper(name), typed)
}

// values are the words that a flag takes, by its name, or an argument of a command.
// A test holds them against what the commands themselves accept.
var values = map[string]func() []proposal{
	"format": func() []proposal {
		var names []string
		for _, f := range formats {
			names = append(names, f.name)
		}
		return plain(names...)
	},
	"fail-on":   func() []proposal { return plain("error", "warning", "info", "hint") },
	"log-level": func() []proposal { return plain("debug", "info", "warn", "error") },
	"input":     func() []proposal { return plain("GFM", "kramdown") },
	"rule":      codes,
	"CODE":      codes,
	"WHAT":      func() []proposal { return plain("html", "tree", "math", "names", "liquid", "page") },
	"SHELL":     func() []proposal { return plain("bash", "zsh", "fish", "powershell") },
}

// namedValues proposes words for the name of an argument or of a flag's value.
func namedValues(name, typed string) ([]proposal, string) {
	if list, ok := values[name]; ok {
		return beginning(list(), typed), "none"
	}
	switch name {
	case "FILE", "PATH":
		return nil, "files"
	case "FOLDER":
		return nil, "folders"
	}
	return nil, "none"
}

func codes() (list []proposal) {
	for _, r := range rules.All {
		list = append(list, proposal{r.Code, r.Summary})
	}
	return list
}

func plain(words ...string) (list []proposal) {
	for _, w := range words {
		list = append(list, proposal{word: w})
	}
	return list
}

func beginning(list []proposal, typed string) []proposal {
	return slices.DeleteFunc(list, func(p proposal) bool { return !strings.HasPrefix(p.word, typed) })
}

func isFlag(word string) bool { return strings.HasPrefix(word, "-") && len(word) > 1 }

// isSwitch reports whether a flag takes no value.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// dashes are those that a flag is shown with: one for a single letter.
func dashes(f *flag.Flag) string {
	if len(f.Name) == 1 {
		return "-"
	}
	return "--"
}
