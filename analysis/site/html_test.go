package site

import "testing"

func TestElements(t *testing.T) {
	doc := `<!-- <p id="no"> --><P ID='a' class=b data-x>t</p><br/><script src="x.js" async>if (a<b) "<p id=no>"</script><img id = "c&amp;d" src=y.png/><a name=e>`
	var got []string
	for _, e := range elements(doc) {
		line := e.name
		for _, a := range e.attrs {
			line += " " + a.name + "=" + a.value
			if a.value == "a" && a.span.Of(doc) != "a" {
				t.Errorf("the value's place is %q", a.span.Of(doc))
			}
		}
		got = append(got, line+"|"+e.body.Of(doc))
	}
	want := []string{"p id=a class=b data-x=|", "br|", `script src=x.js async=|if (a<b) "<p id=no>"`, "img id=c&d src=y.png/|", "a name=e|"}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

func FuzzElements(f *testing.F) {
	for _, s := range []string{`<p id="a">`, `<a href='x`, `<!--`, `<script>x</scrip`, `<a =b c= >`, `<`, `<p/`, `<p id=`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		for _, e := range elements(doc) {
			if e.span.Start < 0 || e.span.End > len(doc) || e.span.Empty() || e.body.End > len(doc) {
				t.Fatalf("%+v of %q", e, doc)
			}
			for _, a := range e.attrs {
				if a.span.End > len(doc) || a.span.Start > a.span.End {
					t.Fatalf("%+v of %q", a, doc)
				}
			}
		}
	})
}
