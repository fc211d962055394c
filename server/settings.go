package server

import (
	"context"
	"encoding/json"
	"slices"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"scholium/analysis/rules"
	"scholium/workspace/judge"
)

// section is the name that the editor's settings for Scholium stand under.
const section = "scholium"

// wishes are what a client asks for. They never change: new ones take their place.
type wishes struct {
	pictures *judge.Style // how formulas are drawn; nil where it wants no pictures
	hints    hintKinds

	severities map[string]string // by rule, as .scholium.yml has them
	exclude    []string          // patterns of paths
}

// options are the keys that a client may say when it says initialize, and again
// whenever its settings change.
type options struct {
	// Pictures asks for drawn formulas in hovers, as Markdown images: true, or the
	// colours they are to have.
	Pictures json.RawMessage `json:"pictures"`

	// Hints says which inlay hints are wanted: {"references": true, "numbers":
	// true, "footnotes": true}, or true or false for all.
	Hints json.RawMessage `json:"hints"`

	// Rules and Exclude are those of .scholium.yml: {"broken-link": "off"}, where
	// "default" or null leaves a rule as it is, and ["_drafts/**"].
	Rules   json.RawMessage `json:"rules"`
	Exclude json.RawMessage `json:"exclude"`
}

// files returns what options say of rules and files; nil of what they do not
// speak.
func (o options) files() (severities map[string]string, exclude []string, err error) {
	var all map[string]*string
	if len(o.Rules) > 0 {
		err = json.Unmarshal(o.Rules, &all)
	}
	if len(o.Exclude) > 0 && err == nil {
		err = json.Unmarshal(o.Exclude, &exclude)
	}
	if all != nil {
		severities = map[string]string{}
	}
	for code, word := range all {
		if word != nil && *word != "default" {
			severities[code] = *word
		}
	}
	return severities, exclude, err
}

// readWishes reads the options in what a client said of itself. What is not
// understood is as if it had not been said.
func readWishes(initialize []byte) *wishes {
	var p struct {
		Options options `json:"initializationOptions"`
	}
	w := &wishes{}
	if json.Unmarshal(initialize, &p) != nil {
		return w
	}
	return w.with(p.Options)
}

// with returns the wishes as changed by what options say; of what they do not
// speak stays as it was.
func (w *wishes) with(o options) *wishes {
	next := *w
	if len(o.Hints) > 0 && string(o.Hints) != "null" {
		next.hints = readHints(o.Hints)
	}
	if severities, exclude, err := o.files(); err == nil {
		if severities != nil {
			next.severities = severities
		}
		if exclude != nil {
			next.exclude = exclude
		}
	}
	var yes bool
	var style struct {
		Color      string  `json:"color"`
		Background string  `json:"background"`
		Scale      float64 `json:"scale"`
	}
	switch {
	case len(o.Pictures) == 0 || string(o.Pictures) == "null":
	case json.Unmarshal(o.Pictures, &yes) == nil:
		switch {
		case !yes:
			next.pictures = nil
		case next.pictures == nil:
			next.pictures = ptr(judge.Legible)
		}
	case json.Unmarshal(o.Pictures, &style) == nil:
		next.pictures = &judge.Style{Color: style.Color, Background: style.Background, Scale: min(max(style.Scale, 0), 10)}
	}
	return &next
}

// configure asks the client for its settings, and to say when they change. It
// waits for the client, so it is never done on the reader.
func (s *session) configure() {
	if s.caps.reconfigure {
		options, err := json.Marshal(map[string]string{"section": section})
		if err != nil {
			return
		}
		err = s.client.RegisterCapability(s.bg, &protocol.RegistrationParams{Registrations: []protocol.Registration{{
			ID: "settings", Method: protocol.MethodWorkspaceDidChangeConfiguration, RegisterOptions: options,
		}}})
		if err != nil {
			s.log.Info("the client does not say when settings change", zap.Error(err))
		}
	}
	s.askSettings()
}

// askSettings gets the client's settings, where they can be asked for.
func (s *session) askSettings() {
	if !s.caps.configuration {
		return
	}
	s.asking.Lock() // an older answer must not come after a newer one
	defer s.asking.Unlock()
	got, err := s.client.Configuration(s.bg, &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: ptr(section)}}})
	if err != nil || len(got) != 1 {
		if s.bg.Err() == nil {
			s.log.Info("the client's settings", zap.Error(err), zap.Int("answers", len(got)))
		}
		return
	}
	s.heed(got[0])
}

// DidChangeConfiguration takes new settings: those of the message, or where the
// client can be asked, those that it has by then.
func (s *session) DidChangeConfiguration(_ context.Context, p *protocol.DidChangeConfigurationParams) error {
	if s.caps.configuration {
		go s.askSettings()
		return nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(p.Settings, &all) != nil {
		return nil
	}
	if own, ok := all[section]; ok {
		s.heed(own)
	}
	return nil
}

// heed does as settings say. They are whole: of what they do not speak is as it
// was when the client said initialize.
func (s *session) heed(raw []byte) {
	var o options
	err := json.Unmarshal(raw, &o)
	if err == nil {
		_, _, err = o.files()
	}
	if err != nil {
		s.log.Warn("the client's settings", zap.Error(err))
		return
	}
	next := s.begun.with(o)
	before := s.wishes.Swap(next)
	s.prefer(next)
	if s.caps.hintRefresh && !before.hints.same(s.wishes.Load().hints) {
		s.askHints()
	}
}

// prefer has the workspace do as wishes say of rules and files.
func (s *session) prefer(w *wishes) {
	if len(w.severities) == 0 && len(w.exclude) == 0 {
		s.work.Prefer(nil)
		return
	}
	settings, wrong := rules.EditorSettings(w.severities, slices.Clone(w.exclude))
	if len(wrong) > 0 {
		s.log.Warn("settings that nobody can read", zap.Strings("settings", wrong))
	}
	s.work.Prefer(settings)
}
