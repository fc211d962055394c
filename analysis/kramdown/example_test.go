package kramdown_test

import (
	"fmt"

	"scholium/analysis/kramdown"
	"scholium/analysis/text"
)

// A page as Jekyll has it printed where the site's configuration says nothing.
func ExampleTree_HTML() {
	tree := kramdown.Parse("A *claim*[^1] -- and $$x_1$$.\n\n[^1]: Why.\n", kramdown.GFM())
	fmt.Print(tree.HTML())
	// Output:
	// <p>A <em>claim</em><sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="footnote" rel="footnote">1</a></sup> – and \(x_1\).</p>
	//
	// <div class="footnotes" role="doc-endnotes">
	//   <ol>
	//     <li id="fn:1" role="doc-endnote">
	//       <p>Why. <a href="#fnref:1" class="reversefootnote" role="doc-backlink">&#8617;</a></p>
	//     </li>
	//   </ol>
	// </div>
}

// Where in the source the text of the page stands: an escape and a symbol were
// made from what is written there, all else stands there to the letter.
func ExampleTree_Flow() {
	tree := kramdown.Parse("a \\$b -- *c*\n", kramdown.GFM())
	flow := tree.Flow()
	for _, p := range flow.Pieces {
		fmt.Printf("%q from %q %v\n", p.Out.Of(flow.Text), p.Src.Of(tree.Source), p.Exact)
	}
	for _, m := range flow.Marks {
		if m.Kind == text.Open {
			fmt.Println(m.Name, "opens at", m.At)
		}
	}
	// Output:
	// "a " from "a " true
	// "$" from "\\$" false
	// "b " from "b " true
	// "–" from "--" false
	// " " from " " true
	// "c" from "c" true
	// "\n" from "a \\$b -- *c*" false
	// p opens at 0
	// em opens at 9
}

// Options have kramdown's names, and their texts are read as it reads them.
func ExampleSet() {
	o := kramdown.GFM()
	for _, x := range [][2]string{{"version", "2.5.1"}, {"header_links", "true"}, {"toc_levels", "2..7"}, {"smart_quotes", "apos,apos,quot,quot"}} {
		if problem := kramdown.Set(&o, x[0], x[1]); problem != "" {
			fmt.Println(problem)
		}
	}
	fmt.Print(kramdown.Parse("# It's so\n", o).HTML())
	// Output:
	// invalid value for option 'toc_levels': '2..7'
	// <h1 id="its-so"><a href="#its-so"></a>It's so</h1>
}
