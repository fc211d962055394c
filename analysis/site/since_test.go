package site

import (
	"fmt"
	"testing"

	"scholium/analysis/jekyll"
)

// TestSince names the pages whose problems may differ, and no others.
func TestSince(t *testing.T) {
	post := func(name, body string) *Source {
		return NewSource(Path("_posts/2024-01-0"+name+".md"), "---\nlayout: none\n---\n"+body+"\n")
	}
	add := func(s *Snapshot, srcs ...*Source) *Snapshot {
		b := s.Build()
		for _, src := range srcs {
			b.File(src.Path, int64(len(src.Text)))
			if p := s.Make(src, nil); p != nil {
				b.Page(p, false)
			}
		}
		return b.Done()
	}
	s0 := New(Rules{}).Build().Done()
	b := s0.Build()
	b.Configure(jekyll.ReadConfig("title: x\n"), false)
	s0 = b.Done()
	s1 := add(s0, post("1-a", "![x](/x.png)"), post("2-b", "[a](/2024/01/01/a.html#i)"), post("3-c", "alone"))
	if got := fmt.Sprint(s1.Since(s0)); got != "[_posts/2024-01-01-a.md _posts/2024-01-02-b.md _posts/2024-01-03-c.md]" {
		t.Errorf("from nothing: %s", got)
	}
	if got := s1.Since(s1); len(got) != 0 {
		t.Errorf("from itself: %v", got)
	}
	b = s1.Build()
	b.File("x.png", 1)
	s2 := b.Done()
	if got := fmt.Sprint(s2.Since(s1)); got != "[_posts/2024-01-01-a.md]" {
		t.Errorf("an image came: %s", got)
	}
	// A page changes: it and who links to it.
	s3 := add(s2, post("1-a", "# i"))
	if got := fmt.Sprint(s3.Since(s2)); got != "[_posts/2024-01-01-a.md _posts/2024-01-02-b.md]" {
		t.Errorf("a page changed: %s", got)
	}
	b = s3.Build()
	b.NoPage("_posts/2024-01-01-a.md")
	if got := fmt.Sprint(b.Done().Since(s3)); got != "[_posts/2024-01-01-a.md _posts/2024-01-02-b.md]" {
		t.Errorf("a page went: %s", got)
	}
}
