package site

import (
	"hash/maphash"
	"maps"
	"slices"
)

// A shard is a part of a table. It is compared by its address: a shard that
// two tables share is the same in both.
type shard[K comparable, V any] struct{ m map[K]V }

// A table is a map that never changes: a change makes a new one, which shares
// all shards but those it touched. The cost of a change is a shard, not the site.
type table[K comparable, V any] struct {
	shards *[shardCount]*shard[K, V]
	count  int
}

const shardCount = 512

func shardOf[K comparable](k K) int {
	return int(maphash.Comparable(seed, k) % shardCount)
}

func (t table[K, V]) get(k K) (V, bool) {
	if t.shards == nil {
		var none V
		return none, false
	}
	s := t.shards[shardOf(k)]
	if s == nil {
		var none V
		return none, false
	}
	v, ok := s.m[k]
	return v, ok
}

// each calls f for every entry, in no order, until f returns false.
func (t table[K, V]) each(f func(K, V) bool) {
	if t.shards == nil {
		return
	}
	for _, s := range t.shards {
		if s == nil {
			continue
		}
		for k, v := range s.m {
			if !f(k, v) {
				return
			}
		}
	}
}

func (t table[K, V]) at(i int) *shard[K, V] {
	if t.shards == nil {
		return nil
	}
	return t.shards[i]
}

// diff calls f for each key whose value may differ between t and old, by the
// function same. Shards that are shared are not looked at.
func (t table[K, V]) diff(old table[K, V], same func(a, b V) bool, f func(K)) {
	for i := range shardCount {
		a, b := t.at(i), old.at(i)
		if a == b {
			continue
		}
		var now, then map[K]V
		if a != nil {
			now = a.m
		}
		if b != nil {
			then = b.m
		}
		for k, v := range now {
			if w, ok := then[k]; !ok || !same(v, w) {
				f(k)
			}
		}
		for k := range then {
			if _, ok := now[k]; !ok {
				f(k)
			}
		}
	}
}

// An edit of a table owns the shards it has copied and changes those in place.
type edit[K comparable, V any] struct {
	table table[K, V]
	owned [shardCount]bool
	began bool
}

func (e *edit[K, V]) own(k K) map[K]V {
	i := shardOf(k)
	if !e.began {
		shards := new([shardCount]*shard[K, V])
		if e.table.shards != nil {
			*shards = *e.table.shards
		}
		e.table.shards, e.began = shards, true
	}
	if !e.owned[i] {
		m := map[K]V{}
		if old := e.table.shards[i]; old != nil {
			m = maps.Clone(old.m)
		}
		e.table.shards[i], e.owned[i] = &shard[K, V]{m}, true
	}
	return e.table.shards[i].m
}

func (e *edit[K, V]) set(k K, v V) {
	m := e.own(k)
	if _, ok := m[k]; !ok {
		e.table.count++
	}
	m[k] = v
}

func (e *edit[K, V]) delete(k K) {
	if _, ok := e.table.get(k); ok {
		delete(e.own(k), k)
		e.table.count--
	}
}

// groups gathers which paths join and leave sorted lists of paths, and changes
// the lists once: a list of ten thousand is not copied for each that joins.
type groups[K comparable] map[K]map[Path]bool

func (g *groups[K]) add(k K, p Path)    { g.note(k, p, true) }
func (g *groups[K]) remove(k K, p Path) { g.note(k, p, false) }

func (g *groups[K]) note(k K, p Path, in bool) {
	if *g == nil {
		*g = groups[K]{}
	}
	if (*g)[k] == nil {
		(*g)[k] = map[Path]bool{}
	}
	(*g)[k][p] = in
}

// apply returns t with the lists changed. The lists in t stay as they are:
// other snapshots hold them.
func (g groups[K]) apply(t table[K, []Path]) table[K, []Path] {
	e := edit[K, []Path]{table: t}
	for k, notes := range g {
		old, _ := t.get(k)
		list := make([]Path, 0, len(old)+len(notes))
		for _, p := range old {
			if _, noted := notes[p]; !noted {
				list = append(list, p)
			}
		}
		for p, in := range notes {
			if in {
				list = append(list, p)
			}
		}
		slices.Sort(list)
		if len(list) == 0 {
			e.delete(k)
		} else {
			e.set(k, list)
		}
	}
	return e.table
}
