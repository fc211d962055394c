package judge

import (
	"encoding/json"

	"scholium/analysis/mathjax"
	"scholium/analysis/tex"
)

// given is a page's configuration as the script inside the engine takes it.
type given struct {
	Packages     []string       `json:"packages"`
	Tags         string         `json:"tags"`
	Macros       map[string]any `json:"macros,omitempty"`
	Environments map[string]any `json:"environments,omitempty"`
	NoAutoload   []string       `json:"noAutoload,omitempty"`
}

// configOf writes a configuration for the engine. Equal configurations give
// equal texts.
func configOf(c *mathjax.Config) string {
	g := given{Tags: c.Tags, NoAutoload: c.NoAutoload, Macros: map[string]any{}, Environments: map[string]any{}}
	for _, p := range tex.Packages(c) {
		// What noerrors prints in place of an error is the formula's source: it is an error all the same.
		if p != "noerrors" && p != "autoload" {
			g.Packages = append(g.Packages, p)
		}
	}
	if c.Autoload {
		g.Packages = append(g.Packages, "autoload")
	}
	for _, m := range c.Macros {
		switch {
		case len(m.Template) > 0:
			g.Macros[m.Name] = []any{m.Body, m.Args, m.Template}
		case m.Optional != nil:
			g.Macros[m.Name] = []any{m.Body, m.Args, *m.Optional}
		case m.Args > 0:
			g.Macros[m.Name] = []any{m.Body, m.Args}
		default:
			g.Macros[m.Name] = m.Body
		}
	}
	for _, e := range c.Envs {
		v := []any{e.Before, e.After}
		if e.Args > 0 || e.Optional != nil {
			v = append(v, e.Args)
		}
		if e.Optional != nil {
			v = append(v, *e.Optional)
		}
		g.Environments[e.Name] = v
	}
	text, err := json.Marshal(g)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(text)
}
