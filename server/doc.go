// Package server speaks the Language Server Protocol: messages, their order,
// cancellation, columns, capabilities, and when problems are shown.
//
// It knows no Markdown and no TeX: it asks package analysis and translates the
// answers. Messages are taken in wire order; a request gets the state of the
// site as it is at its place in that order, and only then runs beside others.
//
// Read serve.go (the connection), lifecycle.go and capabilities.go, sync.go
// (what the editor holds), publish.go (when problems are shown), convert.go
// (places), then one file a request.
package server
