package server

import (
	"encoding/json"
	"fmt"

	"go.lsp.dev/protocol"
)

// decodeInitialize decodes what a client says of itself. Real clients send
// members that the protocol's types reject (an array where an object belongs,
// "trace": null, a process id beyond 32 bits); such a member alone is dropped,
// and named.
func decodeInitialize(raw []byte) (p protocol.InitializeParams, dropped []string, err error) {
	if err = protocol.Unmarshal(raw, &p); err == nil {
		return p, nil, nil
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(raw, &top) != nil {
		return p, nil, err
	}
	accepted := func(doc string) bool {
		var q protocol.InitializeParams
		return protocol.Unmarshal([]byte(doc), &q) == nil
	}
	for name, value := range top {
		if name != "capabilities" && !accepted(fmt.Sprintf(`{"processId":null,"rootUri":null,"capabilities":{},%q:%s}`, name, value)) {
			delete(top, name)
			dropped = append(dropped, name)
		}
	}
	var groups map[string]json.RawMessage
	if json.Unmarshal(top["capabilities"], &groups) != nil {
		groups = map[string]json.RawMessage{}
		dropped = append(dropped, "capabilities")
	}
	for group, value := range groups {
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil {
			delete(groups, group)
			dropped = append(dropped, "capabilities."+group)
			continue
		}
		for name, leaf := range members {
			if !accepted(fmt.Sprintf(`{"processId":null,"rootUri":null,"capabilities":{%q:{%q:%s}}}`, group, name, leaf)) {
				delete(members, name)
				dropped = append(dropped, "capabilities."+group+"."+name)
			}
		}
		if groups[group], err = json.Marshal(members); err != nil {
			return p, dropped, err
		}
	}
	if top["capabilities"], err = json.Marshal(groups); err != nil {
		return p, dropped, err
	}
	whole, err := json.Marshal(top)
	if err != nil {
		return p, dropped, err
	}
	p = protocol.InitializeParams{}
	return p, dropped, protocol.Unmarshal(whole, &p)
}
