// Package frontmatter reads the YAML head of a post, and YAML files
// (_config.yml, data files, our own .scholium.yml), with the place of every key
// and value.
//
// It knows YAML and where Jekyll looks for it; it does not know what a key means.
// The grammar and the wording of errors are libyaml's, which is what Jekyll's
// Psych uses too.
//
// Read head.go (what is front matter?), then node.go (values with places).
package frontmatter
