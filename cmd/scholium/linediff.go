package main

import (
	"fmt"
	"slices"
	"strings"
)

// A change is a run of lines of a text in place of which a newer one has other
// lines. Either run may be empty. Lines count from 0.
type change struct {
	old, new lineRange
}

type lineRange struct{ start, end int }

// maxDifference is how many lines two texts may differ in so that the fewest are
// looked for; beyond, all from the first to the last that differ are one change.
const maxDifference = 2000

// lineChanges returns the fewest changes that make a text of another (Myers, “An
// O(ND) Difference Algorithm and Its Variations”, 1986).
func lineChanges(old, new []string) []change {
	head := 0
	for head < len(old) && head < len(new) && old[head] == new[head] {
		head++
	}
	tail := 0
	for tail < len(old)-head && tail < len(new)-head && old[len(old)-1-tail] == new[len(new)-1-tail] {
		tail++
	}
	a, b := old[head:len(old)-tail], new[head:len(new)-tail]
	if len(a)+len(b) == 0 {
		return nil
	}
	var out []change
	for _, c := range shortest(a, b) {
		out = append(out, change{lineRange{c.old.start + head, c.old.end + head}, lineRange{c.new.start + head, c.new.end + head}})
	}
	return out
}

// shortest is lineChanges for texts that differ at both ends.
func shortest(a, b []string) []change {
	whole := []change{{lineRange{0, len(a)}, lineRange{0, len(b)}}}
	if len(a) == 0 || len(b) == 0 {
		return whole
	}
	n, m := len(a), len(b)
	limit := min(n+m, maxDifference)
	reach := make([]int, 2*limit+3) // how far in a, on each diagonal
	mid := limit + 1
	var trace [][]int // reach before each step, from diagonal -d to d
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(reach[mid-d-1:mid+d+2]))
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && reach[mid+k-1] < reach[mid+k+1] {
				x = reach[mid+k+1]
			} else {
				x = reach[mid+k-1] + 1
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			reach[mid+k] = x
			if x >= n && x-k >= m {
				return walked(trace, n, m)
			}
		}
	}
	return whole
}

// walked goes back over the steps that reached the ends of both texts.
func walked(trace [][]int, x, y int) []change {
	var out []change
	for d := len(trace) - 1; d > 0; d-- {
		at := func(k int) int { return trace[d][k+d+1] }
		k := x - y
		before := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			before = k + 1
		}
		px := at(before)
		py := px - before
		step := change{lineRange{px, px + 1}, lineRange{py, py}} // a line of old is gone
		if before == k+1 {
			step = change{lineRange{px, px}, lineRange{py, py + 1}}
		}
		if last := len(out) - 1; last >= 0 && out[last].old.start == step.old.end && out[last].new.start == step.new.end {
			out[last].old.start, out[last].new.start = step.old.start, step.new.start
		} else {
			out = append(out, step)
		}
		x, y = px, py
	}
	slices.Reverse(out)
	return out
}

// contextLines stand around each change of a diff.
const contextLines = 3

// unified is the difference of two texts of a file, as git apply and patch read
// it; nothing where they are the same.
func unified(name, old, new string) string {
	a, b := strings.SplitAfter(old, "\n"), strings.SplitAfter(new, "\n")
	a, b = slices.DeleteFunc(a, func(s string) bool { return s == "" }), slices.DeleteFunc(b, func(s string) bool { return s == "" })
	changes := lineChanges(a, b)
	if len(changes) == 0 {
		return ""
	}
	var out strings.Builder
	name = strings.TrimPrefix(name, "/")
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", quoted("a/"+name), quoted("b/"+name))
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].old.start-changes[n-1].old.end <= 2*contextLines {
			n++
		}
		hunk(&out, a, b, changes[:n])
		changes = changes[n:]
	}
	return out.String()
}

// hunk writes changes that stand near each other.
func hunk(out *strings.Builder, a, b []string, changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	lead, trail := min(contextLines, first.old.start), min(contextLines, len(a)-last.old.end)
	old := lineRange{first.old.start - lead, last.old.end + trail}
	new := lineRange{first.new.start - lead, last.new.end + trail}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", old, new)
	write := func(sign string, lines []string) {
		for _, l := range lines {
			out.WriteString(sign + l)
			if !strings.HasSuffix(l, "\n") {
				out.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	at := old.start
	for _, c := range changes {
		write(" ", a[at:c.old.start])
		write("-", a[c.old.start:c.old.end])
		write("+", b[c.new.start:c.new.end])
		at = c.old.end
	}
	write(" ", a[at:old.end])
}

// String is the range as the head of a hunk has it.
func (r lineRange) String() string {
	start := r.start + 1
	if r.start == r.end {
		start-- // the line behind which
	}
	return fmt.Sprintf("%d,%d", start, r.end-r.start)
}

// quoted is a path in the head of a diff: a blank in it needs a tab behind it,
// a quote, backslash or control character quotes around it.
func quoted(name string) string {
	if strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == '"' || c == '\\' || c == 0x7F }) {
		var b strings.Builder
		for _, c := range []byte(name) {
			switch {
			case c == '"' || c == '\\':
				b.WriteString(`\` + string(rune(c)))
			case c < ' ' || c == 0x7F:
				fmt.Fprintf(&b, `\%03o`, c)
			default:
				b.WriteByte(c)
			}
		}
		return `"` + b.String() + `"`
	}
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}
