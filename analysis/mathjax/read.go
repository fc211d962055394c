package mathjax

import (
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// Read reads every configuration found in the scripts of a page, which come in
// page order. It never returns nil. Where no script loads an engine the
// Config's Engine is None, unless one is configured: then it is the engine that
// the configuration is written for, whoever loads it.
func Read(scripts []Script) *Config {
	var found settings
	full := false
	for i, s := range scripts {
		e, all := engineOf(s.Src)
		if e == None && s.runs() && mentions(s.Body) {
			e, all = loadedBy(s.Body)
		}
		if found.loads == None || found.loads == KaTeX && e != None {
			found.loads = e
			if e != None {
				found.loader = i + 1
			}
		}
		full = full || all
	}
	for i, s := range scripts {
		if mentions(s.Body) && (s.runs() || found.loads < MathJax3 && strings.Contains(s.Type, "x-mathjax-config")) {
			found.script(i, s)
		}
	}
	engine := found.loads
	if engine == None {
		engine = found.engine
	}
	c := Default(engine)
	c.Loader = found.loader
	if full || found.fullInput() {
		c.Packages = append(c.Packages, fullPackages...)
		full = true
	}
	found.apply(&c)
	if !full && (c.Engine == MathJax3 || c.Engine == MathJax4) {
		found.loading(&c)
	}
	return &c
}

// runs reports whether a browser runs the script. What is written for MathJax 2
// has a type of its own, which only MathJax 2 reads.
func (s Script) runs() bool {
	t := strings.ToLower(s.Type)
	return t == "" || strings.Contains(t, "javascript") || strings.Contains(t, "ecmascript") || t == "module"
}

// loadedBy returns the engine that a script fetches itself, by an address in a
// string.
func loadedBy(body string) (Engine, bool) {
	toks, _ := tokens(body)
	for _, t := range toks {
		if t.kind != js.StringToken || !strings.Contains(t.text, "//") && !strings.Contains(t.text, ".js") {
			continue
		}
		if e, full := engineOf(unquote(t.text)); e != None {
			return e, full
		}
	}
	return None, false
}

// mentions reports whether a script may configure an engine. A whole library
// is not searched for its own defaults.
func mentions(body string) bool {
	return len(body) < 1<<20 && (strings.Contains(body, "MathJax") || strings.Contains(body, "renderMathInElement"))
}

// settings is what the scripts of a page say, before any default.
type settings struct {
	loads   Engine // by a script's address
	loader  int    // which does, counted from 1
	engine  Engine // that the configuration is written for
	three   value  // window.MathJax, the last one assigned
	katex   value
	script3 int
	script2 []scripted
	reasons []string
	noNames bool
	noTags  bool
}

// scripted is one Hub.Config call.
type scripted struct {
	script int
	value  value
}

func (f *settings) script(index int, s Script) {
	// A script that is no JavaScript does nothing in a browser either.
	if _, err := js.Parse(parse.NewInputString(s.Body), js.Options{}); err != nil {
		f.lost("a script that configures it cannot be parsed")
		return
	}
	toks, whole := tokens(s.Body)
	if !whole {
		f.lost("a script that configures it cannot be parsed")
		return
	}
	r := newReader(toks)
	for i := range toks {
		switch {
		case toks[i].text == "renderMathInElement" && r.at(i+1).kind == js.OpenParenToken:
			if f.engine == None {
				f.engine = KaTeX
			}
			_, next := r.expression(i + 2)
			if r.at(next).kind == js.CommaToken {
				f.katex, _ = r.expression(next + 1)
			}
		case toks[i].text == "MathJax":
			f.mention(index, r, i)
		}
	}
}

// mention reads what is done to the name MathJax at token i.
func (f *settings) mention(index int, r *reader, i int) {
	if r.at(i-1).kind == js.DotToken {
		if owner := r.at(i - 2).text; owner != "window" && owner != "globalThis" && owner != "self" {
			return
		}
	}
	switch r.at(i + 1).kind {
	case js.EqToken:
		v, _ := r.expression(i + 2)
		if v.kind == object && v.get("AuthorInit").kind == undefined && (isTwo(v)) {
			f.hub(index, v)
			return
		}
		if v.kind != object {
			f.lost("MathJax is set to " + v.text)
		}
		if f.engine == None || f.engine == KaTeX {
			f.engine = MathJax3
		}
		f.three, f.script3 = v, index
	case js.DotToken:
		path := []token{}
		for r.at(i+1).kind == js.DotToken {
			path = append(path, r.at(i+2))
			i += 2
		}
		if len(path) == 2 && path[0].text == "Hub" && path[1].text == "Config" && r.at(i+1).kind == js.OpenParenToken {
			v, _ := r.expression(i + 2)
			f.hub(index, v)
			return
		}
		if r.at(i+1).kind == js.EqToken && len(path) <= 3 && f.three.kind == object {
			v, _ := r.expression(i + 2)
			assign(&f.three, path, v)
		}
	}
}

// assign sets a.b.c to w within v.
func assign(v *value, path []token, w value) {
	p := property{name: path[0].text, at: path[0].span(), value: w}
	if len(path) > 1 {
		inner := v.get(p.name)
		if inner.kind != object {
			inner = value{kind: object}
		}
		assign(&inner, path[1:], w)
		p.value = inner
	}
	v.set(p)
}

// isTwo reports whether an object is written for MathJax 2, which also reads
// window.MathJax when it starts.
func isTwo(v value) bool {
	for _, name := range []string{"tex2jax", "TeX", "extensions", "jax", "HTML-CSS", "CommonHTML", "SVG", "messageStyle"} {
		if v.get(name).kind == object || v.get(name).kind == list {
			return true
		}
	}
	return false
}

func (f *settings) hub(index int, v value) {
	if f.engine == None || f.engine == KaTeX {
		f.engine = MathJax2
	}
	if v.kind != object {
		f.lost("Hub.Config is given " + v.text)
		return
	}
	f.script2 = append(f.script2, scripted{index, v})
}
