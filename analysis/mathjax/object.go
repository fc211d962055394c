package mathjax

import (
	"slices"
	"strings"

	"scholium/analysis/text"
)

// apply lays what the scripts say over the defaults in c.
func (f *settings) apply(c *Config) {
	switch c.Engine {
	case MathJax3, MathJax4:
		f.applyThree(c)
	case MathJax2:
		if f.three.kind == object && len(f.script2) == 0 {
			f.applyThree(c)
		}
		for _, s := range f.script2 {
			f.applyTwo(c, s)
		}
	case KaTeX:
		f.applyKaTeX(c)
	}
	c.Unknown, c.UnknownNames, c.UnknownTags = strings.Join(f.reasons, "; "), f.noNames, f.noTags
}

func (f *settings) unsure(key string, v value) {
	reason := v.text
	if v.kind != unknown {
		reason = "not what is expected there"
	}
	f.reasons = append(f.reasons, key+": "+reason)
	switch last := key[strings.LastIndexByte(key, '.')+1:]; {
	case last == "tags" || last == "tagformat" || last == "autoNumber" || last == "equationNumbers":
		f.noTags = true
	case strings.Contains(key, "acros") || last == "packages" || last == "environments" || last == "autoload" || last == "extensions":
		f.noNames = true
	case !strings.Contains(key, "."): // a whole section
		f.noTags, f.noNames = true, true
	}
}

// lost notes that a whole configuration is not known.
func (f *settings) lost(reason string) {
	f.reasons = append(f.reasons, reason)
	f.noNames, f.noTags = true, true
}

// An option is one key of an object, and what takes its value.
type option struct {
	key  string
	take func(value) bool // false where the value is not understood
}

// read hands the values of v's keys to their options.
func (f *settings) read(path string, v value, options []option) {
	switch v.kind {
	case undefined:
		return
	case object:
	default:
		f.unsure(path, v)
		return
	}
	if spread := v.get("..."); spread.kind == unknown && spread.text != "" {
		f.unsure(path, spread)
	}
	for _, o := range options {
		if item := v.get(o.key); item.kind != undefined && !o.take(item) {
			f.unsure(path+"."+o.key, item)
		}
	}
}

// applyThree reads window.MathJax of versions 3 and 4.
func (f *settings) applyThree(c *Config) {
	if f.three.kind != object {
		return
	}
	f.read("tex", f.three.get("tex"), []option{
		{"inlineMath", pairs(&c.Inline)},
		{"displayMath", pairs(&c.Display)},
		{"processEscapes", flag(&c.ProcessEscapes)},
		{"processEnvironments", flag(&c.ProcessEnvironments)},
		{"processRefs", flag(&c.ProcessRefs)},
		{"tags", tags(&c.Tags)},
		{"packages", func(v value) bool { return packages(v, c) }},
		{"macros", func(v value) bool { return f.macros("tex.macros", f.script3, v, c) }},
		{"environments", func(v value) bool { return f.environments(f.script3, v, c) }},
		{"autoload", func(v value) bool { return noAutoload(v, c) }},
		{"tagformat", func(v value) bool { return v.get("number").kind == undefined && v.get("tag").kind == undefined }},
	})
	f.read("options", f.three.get("options"), []option{
		{"skipHtmlTags", names(&c.SkipTags)},
		{"ignoreHtmlClass", class(&c.IgnoreClass)},
		{"processHtmlClass", class(&c.ProcessClass)},
	})
}

// fullInput reports whether the configuration loads the input that brings all
// packages along.
func (f *settings) fullInput() bool {
	for _, name := range f.three.get("loader").get("load").list {
		if name.kind == str && (name.text == "input/tex-full" || name.text == "[tex]/all-packages") {
			return true
		}
	}
	return false
}

// loading reads which packages the configuration loads. What it names in
// packages and does not load, MathJax leaves out ("Package not found. Omitted").
func (f *settings) loading(c *Config) {
	if f.three.kind != object {
		return
	}
	load := f.three.get("loader").get("load")
	c.Loads = []Package{}
	switch load.kind {
	case undefined:
	case list:
		for _, item := range load.list {
			if item.kind != str {
				c.Loads = nil
				return
			}
			if name, ok := strings.CutPrefix(item.text, "[tex]/"); ok {
				at := item.span
				if n := len(item.text); at.Len() == n+2 { // within its quotes, behind [tex]/
					at = text.Span{Start: at.Start + 1 + len("[tex]/"), End: at.End - 1}
				}
				c.Loads = append(c.Loads, Package{name, f.script3, at})
			} else if part, _, _ := strings.Cut(item.text, "/"); !slices.Contains([]string{"core", "ui", "a11y", "input", "output"}, part) {
				c.Loads = nil // a bundle of its own may bring packages
				return
			}
		}
	default:
		c.Loads = nil
	}
}

// applyTwo reads one Hub.Config. Keys merge over those of earlier calls;
// lists replace.
func (f *settings) applyTwo(c *Config, s scripted) {
	f.read("tex2jax", s.value.get("tex2jax"), []option{
		{"inlineMath", pairs(&c.Inline)},
		{"displayMath", pairs(&c.Display)},
		{"processEscapes", flag(&c.ProcessEscapes)},
		{"processEnvironments", flag(&c.ProcessEnvironments)},
		{"processRefs", flag(&c.ProcessRefs)},
		{"skipTags", names(&c.SkipTags)},
		{"ignoreClass", class(&c.IgnoreClass)},
		{"processClass", class(&c.ProcessClass)},
	})
	tex := s.value.get("TeX")
	f.read("TeX", tex, []option{
		{"Macros", func(v value) bool { return f.macros("TeX.Macros", s.script, v, c) }},
		{"extensions", func(v value) bool { return extensions(v, c) }},
	})
	f.read("TeX.equationNumbers", tex.get("equationNumbers"), []option{
		{"autoNumber", func(v value) bool {
			if v.kind != str {
				return false
			}
			c.Tags = strings.ToLower(v.text)
			return true
		}},
	})
}

// applyKaTeX reads the options of renderMathInElement.
func (f *settings) applyKaTeX(c *Config) {
	f.read("katex", f.katex, []option{
		{"delimiters", func(v value) bool { return katexDelimiters(v, c) }},
		{"ignoredTags", names(&c.SkipTags)},
		{"ignoredClasses", func(v value) bool {
			all, ok := v.strings()
			c.IgnoreClass = strings.Join(all, "|")
			return ok
		}},
		{"macros", func(v value) bool { return f.macros("katex.macros", 0, v, c) }},
	})
}

func katexDelimiters(v value, c *Config) bool {
	if v.kind != list {
		return false
	}
	c.Inline, c.Display = nil, nil
	for _, item := range v.list {
		left, right := item.get("left"), item.get("right")
		if left.kind != str || right.kind != str {
			return false
		}
		d := Delimiters{left.text, right.text}
		if item.get("display").truthy() {
			c.Display = append(c.Display, d)
		} else {
			c.Inline = append(c.Inline, d)
		}
	}
	return true
}

// pairs takes [['$', '$'], …], and MathJax 4's {'[+]': …, '[-]': …}.
func pairs(into *[]Delimiters) func(value) bool {
	read := func(v value) (out []Delimiters, ok bool) {
		if v.kind != list {
			return nil, false
		}
		for _, item := range v.list {
			both, ok := item.strings()
			if !ok || len(both) != 2 {
				return nil, false
			}
			out = append(out, Delimiters{both[0], both[1]})
		}
		return out, true
	}
	return func(v value) bool {
		if v.kind == object {
			more, ok := read(v.get("[+]"))
			if v.get("[+]").kind == undefined {
				ok = true
			}
			less, _ := read(v.get("[-]"))
			*into = slices.DeleteFunc(slices.Concat(*into, more), func(d Delimiters) bool { return slices.Contains(less, d) })
			return ok
		}
		all, ok := read(v)
		if ok {
			*into = all
		}
		return ok
	}
}

func flag(into *bool) func(value) bool {
	return func(v value) bool {
		if v.kind == unknown {
			return false
		}
		*into = v.truthy()
		return true
	}
}

func tags(into *string) func(value) bool {
	return func(v value) bool {
		if v.kind == str {
			*into = v.text
		}
		return v.kind == str
	}
}

// names takes a list of elements, or changes to the default one.
func names(into *[]string) func(value) bool {
	return func(v value) bool {
		if v.kind == object {
			more, ok1 := v.get("[+]").strings()
			less, ok2 := v.get("[-]").strings()
			*into = slices.DeleteFunc(slices.Concat(*into, more), func(s string) bool { return slices.Contains(less, s) })
			return ok1 || ok2
		}
		all, ok := v.strings()
		if ok {
			*into = all
		}
		return ok
	}
}

func class(into *string) func(value) bool {
	return func(v value) bool {
		all, ok := v.strings()
		if ok {
			*into = strings.Join(all, "|")
		}
		return ok
	}
}

// packages takes a list, which replaces the defaults, or changes to them.
func packages(v value, c *Config) bool {
	add := func(all []string) {
		for _, name := range all {
			if name == "autoload" {
				c.Autoload = true
			} else if !slices.Contains(c.Packages, name) {
				c.Packages = append(c.Packages, name)
			}
		}
	}
	if v.kind == object {
		more, ok1 := v.get("[+]").strings()
		less, ok2 := v.get("[-]").strings()
		add(more)
		c.Packages = slices.DeleteFunc(c.Packages, func(s string) bool { return slices.Contains(less, s) })
		c.Autoload = c.Autoload && !slices.Contains(less, "autoload")
		return ok1 || ok2
	}
	all, ok := v.strings()
	if ok {
		c.Packages, c.Autoload = nil, false
		add(all)
	}
	return ok
}

// noAutoload takes the packages that are given no commands to load them.
func noAutoload(v value, c *Config) bool {
	if v.kind != object {
		return false
	}
	for _, p := range v.keys {
		if all, ok := p.value.strings(); ok && len(all) == 0 {
			c.NoAutoload = append(c.NoAutoload, p.name)
		} else {
			return false
		}
	}
	return true
}

// extensions takes MathJax 2's TeX extensions: mhchem.js is the package mhchem.
func extensions(v value, c *Config) bool {
	all, ok := v.strings()
	for _, name := range all {
		name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".js")
		switch name {
		case "AMSmath", "AMSsymbols", "noErrors", "noUndefined", "autoload-all", "autobold", "color":
		default:
			if !slices.Contains(c.Packages, name) {
				c.Packages = append(c.Packages, name)
			}
		}
	}
	return ok
}

// macros takes name: 'body', name: ['body', 2], name: ['body', 2, 'default'].
func (f *settings) macros(path string, script int, v value, c *Config) bool {
	if v.kind != object {
		return false
	}
	for _, p := range v.keys {
		name := p.name
		if c.Engine == KaTeX {
			name = strings.TrimPrefix(name, `\`)
		}
		m := Macro{Name: name, Script: script, At: p.at, Whole: text.Union(p.at, p.value.span)}
		item := p.value
		if item.kind == str {
			m.Body = item.text
		} else if item.kind == list && len(item.list) > 0 && item.list[0].kind == str {
			m.Body = item.list[0].text
			if len(item.list) > 1 {
				n := item.list[1]
				if n.kind != number && n.kind != undefined && n.kind != boolean {
					f.unsure(path+"."+p.name, n)
					continue
				}
				m.Args = int(n.num)
			}
			if len(item.list) > 2 && !m.optional(item.list[2]) {
				f.unsure(path+"."+p.name, item.list[2])
				continue
			}
		} else {
			f.unsure(path+"."+p.name, item)
			continue
		}
		if i := slices.IndexFunc(c.Macros, func(old Macro) bool { return old.Name == m.Name }); i >= 0 {
			c.Macros[i] = m
		} else {
			c.Macros = append(c.Macros, m)
		}
	}
	return true
}

// optional takes the third item: a default for the first argument, or what
// delimits the arguments.
func (m *Macro) optional(v value) bool {
	switch v.kind {
	case str:
		m.Optional = &v.text
	case undefined:
	case list:
		for _, item := range v.list {
			if item.kind != str && item.kind != undefined {
				return false
			}
			m.Template = append(m.Template, item.text)
		}
	default:
		return false
	}
	return true
}

// environments takes name: ['before', 'after', 2, 'default'].
func (f *settings) environments(script int, v value, c *Config) bool {
	if v.kind != object {
		return false
	}
	for _, p := range v.keys {
		items := p.value.list
		if p.value.kind != list || len(items) < 2 || items[0].kind != str || items[1].kind != str {
			f.unsure("tex.environments."+p.name, p.value)
			continue
		}
		e := Environment{Name: p.name, Before: items[0].text, After: items[1].text, Script: script, At: p.at, Whole: text.Union(p.at, p.value.span)}
		if len(items) > 2 {
			e.Args = int(items[2].num)
		}
		if len(items) > 3 && items[3].kind == str {
			e.Optional = &items[3].text
		}
		c.Envs = append(c.Envs, e)
	}
	return true
}
