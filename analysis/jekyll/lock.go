package jekyll

import "strings"

// LockFile is where Bundler keeps the releases of the gems that a site is built
// with.
const LockFile = "Gemfile.lock"

// Locked returns the release of a gem that a Gemfile.lock names, or an empty
// string. Under specs: each gem stands on a line of its own behind four spaces,
// as "    kramdown (2.5.1)"; what it needs stands behind six. A release made for
// one platform has that behind a hyphen, which is left out.
func Locked(lock, gem string) string {
	for line := range strings.Lines(lock) {
		rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "    "+gem+" (")
		if !ok {
			continue
		}
		if version, _, ok := strings.Cut(rest, ")"); ok {
			version, _, _ = strings.Cut(version, "-")
			return version
		}
	}
	return ""
}
