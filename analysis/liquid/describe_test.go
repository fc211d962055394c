package liquid

import "testing"

// TestDescribed: whatever is offered can also be explained.
func TestDescribed(t *testing.T) {
	for _, name := range Tags() {
		if d, ok := DescribeTag(name); !ok || d.Does == "" || d.Usage == "" {
			t.Errorf("the tag %s: %+v", name, d)
		}
	}
	for _, name := range Filters() {
		if d, ok := DescribeFilter(name); !ok || d.Does == "" || d.Usage == "" {
			t.Errorf("the filter %s: %+v", name, d)
		}
	}
	if d, ok := DescribeTag("endfor"); !ok || d.Does != "Ends the block of `for`." {
		t.Errorf("endfor: %+v", d)
	}
	for _, name := range []string{"", "endassign", "for!", "nosuch"} {
		if d, ok := DescribeTag(name); ok {
			t.Errorf("%q is described: %+v", name, d)
		}
	}
}
