package main

import (
	"encoding/json"
	"flag"
	"strings"

	"scholium/analysis/rules"
)

// schema prints the JSON schema of .scholium.yml.
func schema(args []string, io streams) int {
	flags := flag.NewFlagSet("schema", flag.ContinueOnError)
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return unusable(io, "schema takes no arguments")
	}
	out := json.NewEncoder(io.out)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(settingsSchema()); err != nil {
		return unusable(io, "writing the schema: %v", err)
	}
	return exitClean
}

// settingsSchema describes .scholium.yml by draft 7 of JSON Schema, which
// editors' YAML extensions read.
func settingsSchema() map[string]any {
	type object = map[string]any
	var words []any
	for _, w := range rules.SeverityWords {
		words = append(words, w)
	}
	words = append(words, true, false) // YAML's on and off
	properties := object{}
	for _, r := range rules.All {
		properties[r.Code] = object{"enum": words, "description": strings.ToUpper(r.Summary[:1]) + r.Summary[1:] + ". Without a word here: " + r.Severity.String() + "."}
	}
	does := map[string]string{}
	for _, k := range rules.SettingKeys {
		does[k.Name] = strings.ToUpper(k.Does[:1]) + k.Does[1:]
	}
	pattern := object{"type": "string", "minLength": 1}
	return object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "Settings of Scholium for a site", "type": []string{"object", "null"}, "additionalProperties": false,
		"properties": object{
			"rules":   object{"type": "object", "description": does["rules"], "properties": properties, "additionalProperties": false},
			"exclude": object{"description": does["exclude"], "anyOf": []object{{"type": "array", "items": pattern}, pattern}},
		},
	}
}
