package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// What follows are the parts of an SPDX 2.3 document that are written, by the
// names of its JSON schema.
type document struct {
	Version       string         `json:"spdxVersion"`
	License       string         `json:"dataLicense"`
	ID            string         `json:"SPDXID"`
	Name          string         `json:"name"`
	Namespace     string         `json:"documentNamespace"`
	Creation      creation       `json:"creationInfo"`
	Describes     []string       `json:"documentDescribes"`
	Packages      []spdxPackage  `json:"packages"`
	Relationships []relationship `json:"relationships"`
}

type creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type spdxPackage struct {
	ID               string      `json:"SPDXID"`
	Name             string      `json:"name"`
	Version          string      `json:"versionInfo"`
	Download         string      `json:"downloadLocation"`
	FilesAnalyzed    bool        `json:"filesAnalyzed"`
	LicenseConcluded string      `json:"licenseConcluded"`
	LicenseDeclared  string      `json:"licenseDeclared"`
	Copyright        string      `json:"copyrightText"`
	Purpose          string      `json:"primaryPackagePurpose,omitempty"`
	Checksums        []checksum  `json:"checksums,omitempty"`
	References       []reference `json:"externalRefs,omitempty"`
}

type checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type reference struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relationship struct {
	From string `json:"spdxElementId"`
	Type string `json:"relationshipType"`
	To   string `json:"relatedSpdxElement"`
}

// spdx is the bill of materials of a binary, as an SPDX 2.3 document.
func spdx(version, system string, made time.Time, binary []byte, parts []part) ([]byte, error) {
	const self = "SPDXRef-scholium"
	name := fmt.Sprintf("scholium-%s-%s", version, strings.ReplaceAll(system, "/", "-"))
	d := document{
		Version: "SPDX-2.3", License: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: name,
		Namespace: "urn:scholium:" + name + ":" + digest(binary),
		Creation:  creation{made.Format(time.RFC3339), []string{"Tool: scholium-release-" + version}},
		Describes: []string{self},
		Packages: []spdxPackage{{
			ID: self, Name: "scholium", Version: version, Download: "NOASSERTION", LicenseConcluded: "MIT", LicenseDeclared: "MIT", Copyright: "NOASSERTION",
			Purpose: "APPLICATION", Checksums: []checksum{{"SHA256", digest(binary)}},
		}},
		Relationships: []relationship{{"SPDXRef-DOCUMENT", "DESCRIBES", self}},
	}
	for _, p := range parts {
		id := "SPDXRef-" + p.kind + "-" + odd.ReplaceAllString(p.name, "-")
		d.Packages = append(d.Packages, spdxPackage{
			ID: id, Name: p.name, Version: p.version, Download: "NOASSERTION", LicenseConcluded: p.licence, LicenseDeclared: p.licence, Copyright: "NOASSERTION",
			Purpose: "LIBRARY", References: []reference{{"PACKAGE-MANAGER", "purl", purl(p)}},
		})
		d.Relationships = append(d.Relationships, relationship{self, "CONTAINS", id})
	}
	out, err := json.MarshalIndent(d, "", "  ")
	return append(out, '\n'), err
}

// odd is what an SPDX identifier may not hold.
var odd = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// purl is the package URL of a part, whose scope's @ is escaped.
func purl(p part) string {
	return "pkg:" + p.kind + "/" + strings.ReplaceAll(p.name, "@", "%40") + "@" + p.version
}
