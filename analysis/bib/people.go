package bib

import "strings"

// A Person is an author or editor, in Unicode.
type Person struct {
	First, Von, Last, Jr string
	Others               bool // “and others”: et al.
}

// Short is the name that a citation shows: van Last.
func (p Person) Short() string { return strings.TrimSpace(p.Von + " " + p.Last) }

// Full is the name as it is spoken.
func (p Person) Full() string {
	return strings.Join(strings.Fields(p.First+" "+p.Von+" "+p.Last+" "+p.Jr), " ")
}

// People reads a list of names joined by the word and, as BibTeX does: “First
// von Last”, “von Last, First” or “von Last, Jr, First”. A name in braces is
// one word.
func People(source string) []Person {
	var out []Person
	for _, name := range words(source, true) {
		if p := person(name); p.Others || p.Last != "" {
			out = append(out, p)
		}
	}
	return out
}

// words cuts a source at blanks that stand in no brace; with names, at the word
// and between them.
func words(source string, names bool) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '{':
			depth++
		case c == '}':
			depth = max(depth-1, 0)
		case depth > 0 || !isBlank(c):
		case !names:
			out, start = append(out, source[start:i]), i+1
		case i+4 < len(source) && strings.EqualFold(source[i+1:i+4], "and") && isBlank(source[i+4]):
			out, start = append(out, source[start:i]), i+4
			i += 3
		}
	}
	out = append(out, source[start:])
	kept := out[:0]
	for _, w := range out {
		if w = strings.TrimSpace(w); w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

func person(name string) Person {
	if name == "others" {
		return Person{Others: true}
	}
	parts := commas(name)
	switch len(parts) {
	case 1:
		list := words(parts[0], false)
		last := len(list) - 1
		von, end := -1, -1
		for i := 0; i < last; i++ {
			if small(list[i]) {
				if von < 0 {
					von = i
				}
				end = i
			}
		}
		if von < 0 {
			return Person{First: join(list[:last]), Last: Plain(list[last])}
		}
		return Person{First: join(list[:von]), Von: join(list[von : end+1]), Last: join(list[end+1:])}
	case 2:
		return surname(parts[0], "", parts[1])
	default:
		return surname(parts[0], parts[1], parts[2])
	}
}

func surname(name, jr, first string) Person {
	list := words(name, false)
	end := 0
	for end < len(list)-1 && small(list[end]) {
		end++
	}
	return Person{First: Plain(first), Von: join(list[:end]), Last: join(list[end:]), Jr: Plain(jr)}
}

func join(list []string) string { return Plain(strings.Join(list, " ")) }

// small reports whether a word begins with a small letter: von.
func small(word string) bool {
	if strings.HasPrefix(word, "{") && !strings.HasPrefix(word, `{\`) {
		return false
	}
	for _, c := range Plain(word) {
		return strings.ToLower(string(c)) == string(c) && strings.ToUpper(string(c)) != string(c)
	}
	return false
}

// commas cuts a name at commas that stand in no brace.
func commas(name string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '{':
			depth++
		case '}':
			depth = max(depth-1, 0)
		case ',':
			if depth == 0 {
				out, start = append(out, name[start:i]), i+1
			}
		}
	}
	return append(out, name[start:])
}
