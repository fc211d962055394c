package server

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"scholium/analysis/text"
)

// FuzzDecode decodes anything as what clients send: a refusal is an error, and
// an edit leaves a text.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"processId":null,"rootUri":"file:///a%20b","capabilities":{"textDocument":[],"workspace":{"edit":1}},"trace":null}`, `[]`, `null`, `{"capabilities":null}`,
		`{"textDocument":{"uri":"file:///c%3A/x","version":null},"contentChanges":[{"range":{"start":{"line":-1,"character":9999999999},"end":{"line":0,"character":1}},"text":"𝔼"}]}`,
		`{"textDocument":{"uri":"untitled:a"},"contentChanges":[{"text":"\ud800"}]}`, `{"textDocument":{"uri":"file://host/%zz%00"}}`,
	} {
		f.Add([]byte(s), "a𝔼\r\nb")
	}
	f.Fuzz(func(t *testing.T, raw []byte, doc string) {
		_, _, _ = decodeInitialize(raw)
		var change struct {
			TextDocument   wireDocument `json:"textDocument"`
			ContentChanges []wireChange `json:"contentChanges"`
		}
		if json.Unmarshal(raw, &change) != nil {
			return
		}
		_, _, _ = change.TextDocument.file()
		for _, e := range []text.Encoding{text.UTF8, text.UTF16, text.UTF32} {
			got := doc
			for _, c := range change.ContentChanges {
				got = c.apply(got, e)
			}
			if utf8.ValidString(doc) && !utf8.ValidString(got) {
				t.Fatalf("%v: %q became %q", e, doc, got)
			}
		}
	})
}
