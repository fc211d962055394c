package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"scholium/analysis/rules"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// What follows is the part of SARIF 2.1.0 that is written; the schema gives the
// meaning of each property. Lines and columns count from 1, columns in UTF-16
// units, offsets in bytes from 0.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		Bases       map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind  string                   `json:"columnKind"`
		Results     []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifText    `json:"shortDescription"`
		Full    sarifText    `json:"fullDescription"`
		Help    sarifText    `json:"help"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		ExitCode      int                 `json:"exitCode"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifResult struct {
		Rule         string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Fixes        []sarifFix         `json:"fixes,omitempty"`
		Baseline     string             `json:"baselineState,omitempty"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
		ByteOffset  int `json:"byteOffset"`
		ByteLength  int `json:"byteLength"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// sourceRoot is what SARIF's readers call the root of the sources.
const sourceRoot = "%SRCROOT%"

// sarif prints problems for services that collect them. Those of a baseline are
// there, as suppressed.
func (r *checkRun) sarif() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	w := sarifWriter{root: repositoryRoot(dir, os.Getenv("GITHUB_WORKSPACE")), lines: map[string]*text.Lines{}, index: map[string]int{}, same: map[string]int{}}
	driver := sarifDriver{Name: "Scholium", Version: versionString()}
	for i, rule := range rules.All {
		page, err := rulePage(rule.Code)
		if err != nil {
			return err
		}
		w.index[rule.Code] = i
		comment := strings.TrimSpace(string(page.Comment))
		full, _, _ := strings.Cut(comment, "\n\n")
		help := sarifText{comment, comment}
		for _, f := range page.Files {
			help.Markdown += "\n\n**" + exampleTitle(f.Name) + "**\n\n" + strings.TrimRight(indented(string(f.Data)), "\n")
		}
		driver.Rules = append(driver.Rules, sarifRule{
			ID: rule.Code, Short: sarifText{Text: rule.Summary}, Full: sarifText{Text: full}, Help: help, Default: sarifDefault{sarifLevel[rule.Severity]},
		})
	}
	run := sarifRun{
		Tool: sarifTool{driver}, Invocations: []sarifInvocation{{Successful: true, ExitCode: r.code}},
		Bases: map[string]sarifArtifact{sourceRoot: {URI: fileURI(w.root)}}, ColumnKind: "utf16CodeUnits", Results: []sarifResult{},
	}
	for _, note := range r.notes {
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{"note", sarifText{Text: note}})
	}
	for i := range r.found {
		f := &r.found[i]
		if r.quiet && f.Severity > site.Error {
			continue
		}
		result, err := w.result(f)
		if err != nil {
			return err
		}
		switch {
		case f.known:
			result.Baseline, result.Suppressions = "unchanged", []sarifSuppression{{"external", "the baseline has it"}}
		case r.baseline:
			result.Baseline = "new"
		}
		run.Results = append(run.Results, result)
	}
	enc := json.NewEncoder(r.io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// severity is never Off in a report.
var sarifLevel = map[site.Severity]string{site.Error: "error", site.Warning: "warning", site.Info: "note", site.Hint: "note", site.Off: "none"}

// A sarifWriter turns problems into results.
type sarifWriter struct {
	root  string
	lines map[string]*text.Lines // of files that problems point to
	index map[string]int         // of the rules
	same  map[string]int         // how many of a fingerprint a file has had
}

func (w *sarifWriter) result(f *found) (sarifResult, error) {
	key := f.file() + "\x00" + f.fingerprint()
	w.same[key]++
	out := sarifResult{
		Rule: f.Code, RuleIndex: w.index[f.Code], Level: sarifLevel[f.Severity], Message: sarifText{Text: f.Message},
		Locations:    []sarifLocation{{Physical: sarifPhysical{w.artifact(f.file()), region(f.lines, f.At.Span)}}},
		Fingerprints: map[string]string{"scholium/v1": fmt.Sprintf("%s:%d", f.fingerprint(), w.same[key])},
	}
	for _, related := range f.Related {
		lines, err := w.linesOf(f.site.File(related.At.File))
		if err != nil {
			continue // it was there a moment ago: the problem itself is none the less so
		}
		message := sarifText{Text: related.Message}
		out.Related = append(out.Related, sarifLocation{sarifPhysical{w.artifact(f.site.File(related.At.File)), region(lines, related.At.Span)}, &message})
	}
	for _, fix := range f.Fixes {
		s := sarifFix{Description: sarifText{Text: fix.Title}}
		at := map[site.Path]int{}
		for _, e := range fix.Edits {
			file := f.site.File(e.File)
			lines, err := w.linesOf(file)
			if err != nil {
				return out, fmt.Errorf("%s: %s", displayPath(file), reason(err))
			}
			i, ok := at[e.File]
			if !ok {
				i = len(s.Changes)
				at[e.File] = i
				s.Changes = append(s.Changes, sarifChange{Artifact: w.artifact(file)})
			}
			s.Changes[i].Replacements = append(s.Changes[i].Replacements, sarifReplacement{region(lines, e.Span), sarifText{Text: e.New}})
		}
		out.Fixes = append(out.Fixes, s)
	}
	return out, nil
}

func (w *sarifWriter) linesOf(file string) (*text.Lines, error) {
	if lines := w.lines[file]; lines != nil {
		return lines, nil
	}
	doc, err := readText(file)
	if err != nil {
		return nil, err
	}
	w.lines[file] = text.NewLines(doc)
	return w.lines[file], nil
}

// artifact names a file from the root of the sources, where it lies below.
func (w *sarifWriter) artifact(file string) sarifArtifact {
	if rel, err := filepath.Rel(w.root, file); err == nil && filepath.IsLocal(rel) {
		return sarifArtifact{(&url.URL{Path: filepath.ToSlash(rel)}).String(), sourceRoot}
	}
	return sarifArtifact{URI: strings.TrimSuffix(fileURI(file), "/")}
}

// fileURI is the URI of a folder, with the slash at its end that SARIF asks for.
func fileURI(dir string) string {
	p := filepath.ToSlash(dir)
	if !strings.HasPrefix(p, "/") { // a drive
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: strings.TrimSuffix(p, "/") + "/"}).String()
}

func region(lines *text.Lines, span text.Span) sarifRegion {
	start, end := lines.Position(span.Start, text.UTF16), lines.Position(span.End, text.UTF16)
	return sarifRegion{start.Line + 1, start.Column + 1, end.Line + 1, end.Column + 1, span.Start, span.Len()}
}
