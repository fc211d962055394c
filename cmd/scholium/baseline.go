package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"scholium/analysis/inspect"
	"scholium/workspace"
)

// A baseline is a list of problems that are known: those that an old site had
// when its maintainer began to check it. A file that is renamed is not known
// as the same.
type baseline struct {
	file    string // where it is kept; "" for one that is not
	entries map[entryKey]*entry
}

type entryKey struct{ path, code, fingerprint string }

// An entry is one mistake in a file, made once or several times.
type entry struct {
	Path        string   `json:"path"` // from the folder of the baseline
	Code        string   `json:"code"`
	Fingerprint string   `json:"fingerprint"`
	Lines       []string `json:"lines"` // a digest of its line, for each time that it was made
	Text        string   `json:"text"`  // the beginning of what is at fault, for people
}

func (e *entry) key() entryKey { return entryKey{e.Path, e.Code, e.Fingerprint} }

// baselineVersion is raised when older files can no longer be read.
const baselineVersion = 1

type baselineDoc struct {
	Version  int      `json:"scholium-baseline"`
	Problems []*entry `json:"problems"`
}

// readBaseline reads a baseline. Where new is true the file need not exist.
func readBaseline(file string, new bool) (*baseline, error) {
	full, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	b := &baseline{full, map[entryKey]*entry{}}
	data, err := os.ReadFile(full)
	switch {
	case errors.Is(err, fs.ErrNotExist) && new:
		return b, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such baseline; --update-baseline makes it", file)
	case err != nil:
		return nil, fmt.Errorf("%s: %s", file, reason(err))
	}
	var doc baselineDoc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: this is no baseline%s: %v", file, lineOf(data, err), err)
	}
	if dec.More() {
		return nil, fmt.Errorf("%s: this is no baseline: something stands behind its end", file)
	}
	if doc.Version != baselineVersion {
		return nil, fmt.Errorf("%s: this baseline's version is %d, and this scholium reads version %d; --update-baseline writes it anew, once it is removed", file, doc.Version, baselineVersion)
	}
	for _, e := range doc.Problems {
		if e == nil || e.Path == "" || e.Code == "" || e.Fingerprint == "" || len(e.Lines) == 0 {
			return nil, fmt.Errorf("%s: this is no baseline: an entry lacks its path, code, fingerprint or lines", file)
		}
		b.add(e)
	}
	return b, nil
}

// lineOf says in which line JSON cannot be read; nothing where that is not known.
func lineOf(data []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	if errors.As(err, &syntax) {
		at = syntax.Offset
	} else if errors.As(err, &kind) {
		at = kind.Offset
	}
	if at < 0 || at > int64(len(data)) {
		return ""
	}
	return fmt.Sprintf(", in line %d", bytes.Count(data[:at], []byte("\n"))+1)
}

func (b *baseline) add(e *entry) {
	if old := b.entries[e.key()]; old != nil {
		old.Lines = append(old.Lines, e.Lines...)
		return
	}
	b.entries[e.key()] = e
}

// take adds a problem of a file.
func (b *baseline) take(path string, f *found) {
	shown := f.culprit()
	if runes := []rune(shown); len(runes) > 40 {
		shown = string(runes[:39]) + "…"
	}
	b.add(&entry{Path: path, Code: f.Code, Fingerprint: f.fingerprint(), Lines: []string{f.line()}, Text: shown})
}

// match calls known for the problems that the baseline has, and returns the
// lines of entries that no problem answers to any more. Where there are more
// problems of one fingerprint than the baseline knows, those in lines that it
// knows are the old ones, and then the first.
func (b *baseline) match(list []*found, path func(*found) string, known func(*found)) map[entryKey]int {
	same := map[entryKey][]*found{}
	for _, f := range list {
		k := entryKey{path(f), f.Code, f.fingerprint()}
		same[k] = append(same[k], f)
	}
	left := map[entryKey]int{}
	for k, e := range b.entries {
		lines := slices.Clone(e.Lines)
		var others []*found
		for _, f := range same[k] {
			if i := slices.Index(lines, f.line()); i >= 0 {
				lines = slices.Delete(lines, i, i+1)
				known(f)
			} else {
				others = append(others, f)
			}
		}
		for _, f := range others[:min(len(others), len(lines))] {
			known(f)
		}
		if n := len(lines) - len(others); n > 0 {
			left[k] = n
		}
	}
	return left
}

// path is a problem's file as the baseline calls it.
func (b *baseline) path(f *found) string { return pathFrom(filepath.Dir(b.file), f.file()) }

// compare finds what is new, and counts what is mended of what was looked at.
func (r *checkRun) compare(b *baseline, targets []target) {
	r.baseline = true
	list := make([]*found, len(r.found))
	for i := range r.found {
		list[i] = &r.found[i]
	}
	for k, n := range b.match(list, b.path, func(f *found) { f.known = true }) {
		if r.looksAt(b, k, targets) {
			r.gone += n
		}
	}
}

// looksAt reports whether this run would have found a problem of the baseline.
func (r *checkRun) looksAt(b *baseline, k entryKey, targets []target) bool {
	file := filepath.FromSlash(k.path)
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(b.file), file)
	}
	inside := slices.ContainsFunc(targets, func(t target) bool { return t.holds(file) })
	return inside && (len(r.only) == 0 || slices.Contains(r.only, k.code))
}

// updateBaseline writes the problems that were found into the baseline, in place
// of those that it had; what this run did not look at stays.
func (r *checkRun) updateBaseline(b *baseline, targets []target) error {
	maps.DeleteFunc(b.entries, func(k entryKey, _ *entry) bool { return r.looksAt(b, k, targets) })
	for i := range r.found {
		b.take(b.path(&r.found[i]), &r.found[i])
	}
	if err := workspace.Replace(b.file, b.text(), 0o644); err != nil {
		return fmt.Errorf("%s: %w", displayPath(b.file), err)
	}
	fmt.Fprintf(r.io.out, "%s written into %s.\n", inspect.Plural(len(r.found), "problem"), displayPath(b.file))
	return nil
}

// text is the file: JSON with a line for each entry, in order, so that two
// branches that mend different things can be merged.
func (b *baseline) text() []byte {
	list := slices.SortedFunc(maps.Values(b.entries), func(x, y *entry) int {
		return cmp.Or(strings.Compare(x.Path, y.Path), strings.Compare(x.Code, y.Code), strings.Compare(x.Text, y.Text), strings.Compare(x.Fingerprint, y.Fingerprint))
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"scholium-baseline\": %d,\n  \"problems\": [", baselineVersion)
	for i, e := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		slices.Sort(e.Lines)
		out.WriteString("\n    ")
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			panic(err) // strings only
		}
		out.Write(bytes.TrimSpace(line.Bytes()))
	}
	out.WriteString("\n  ]\n}\n")
	return out.Bytes()
}
