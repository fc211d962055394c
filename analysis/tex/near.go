package tex

import (
	"cmp"
	"slices"
	"strings"
)

// Near returns the names that may have been meant by name, nearest first, at
// most five. Letter case counts least, then a swap of neighbours, then a letter
// too many, too few or other. Nothing near gives nil.
func Near(name string, among []string) []string {
	type candidate struct {
		name string
		cost int
	}
	limit := 10 // one change in short names
	if len(name) > 4 {
		limit = 20
	}
	if len(name) < 2 {
		return nil
	}
	var found []candidate
	for _, other := range among {
		if d := len(other) - len(name); other == name || d*10 > limit || -d*10 > limit {
			continue
		}
		if cost := distance(name, other, limit); cost <= limit {
			found = append(found, candidate{other, cost})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Or(a.cost-b.cost, strings.Compare(a.name, b.name)) })
	found = slices.CompactFunc(found, func(a, b candidate) bool { return a.name == b.name })
	var out []string
	for _, c := range found[:min(len(found), 5)] {
		out = append(out, c.name)
	}
	return out
}

// distance is the cost of turning a into b, or limit+1 where it is more.
func distance(a, b string, limit int) int {
	if len(b) > 62 {
		return limit + 1
	}
	var rows [3][64]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = 10 * j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = 10 * i
		least := row[0]
		for j := 1; j <= len(b); j++ {
			change := 10
			if a[i-1] == b[j-1] {
				change = 0
			} else if a[i-1]|0x20 == b[j-1]|0x20 {
				change = 4
			}
			row[j] = min(last[j]+10, row[j-1]+10, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+7)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
