package server

import "testing"

// TestPullers looks at which clients are left to ask for problems themselves: only
// those that can be told when there are new ones.
func TestPullers(t *testing.T) {
	for caps, want := range map[string]bool{
		`{}`:                                 false,
		`{"textDocument":{"diagnostic":{}}}`: false, // Neovim 0.10
		`{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":false}}}`: false,
		`{"textDocument":{"diagnostic":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}`:  true,
		`{"workspace":{"diagnostics":{"refreshSupport":true}}}`:                                   false,
	} {
		p, _, err := decodeInitialize([]byte(`{"processId":null,"rootUri":null,"capabilities":` + caps + `}`))
		if err != nil {
			t.Fatal(err)
		}
		s := newSession(Options{})
		s.learn(&p)
		if got := s.capabilities().DiagnosticProvider != nil; got != want || s.publish.pull != want {
			t.Errorf("%s: advertised %v, kept %v, want %v", caps, got, s.publish.pull, want)
		}
	}
}
