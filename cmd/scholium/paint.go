package main

import (
	"os"

	"github.com/fatih/color"

	"scholium/analysis/site"
)

var severityColor = map[site.Severity]color.Attribute{
	site.Error: color.FgRed, site.Warning: color.FgYellow, site.Info: color.FgCyan, site.Hint: color.Faint,
}

// painter colours words where w is a terminal and NO_COLOR is not set.
func painter(w any) func(color.Attribute, string) string {
	if !isTerminal(w) || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return func(_ color.Attribute, s string) string { return s }
	}
	return func(a color.Attribute, s string) string {
		c := color.New(a)
		c.EnableColor()
		return c.Sprint(s)
	}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
