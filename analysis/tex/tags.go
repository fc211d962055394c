package tex

import (
	"strconv"
	"strings"

	"scholium/analysis/mathjax"
	"scholium/analysis/text"
)

// A frame is what one environment knows of its tags (MathJax's TagInfo).
type frame struct {
	env      string
	taggable bool
	numbered bool // takes a number when none is given
	tag      string
	tagged   bool // a tag is set, be it empty
	own      bool // by \tag
	noTag    bool
	label    int // index of the pending label in the formula, plus 1
}

// numbering is the numbers of a page (MathJax's Tags).
type numbering struct {
	mode    string // "none", "ams" or "all"
	four    bool   // MathJax 4: a label outlives its environment
	counter int
	frame   frame
	outer   []frame
	tagged  bool              // a taggable environment was in this formula
	labels  map[string]Place  // where each label of the page stands
	texts   map[string]string // the tags of labels that are more than plain text
}

// A Place is a label of a page.
type Place struct{ Formula, Label int }

func (r *reader) startFrame(env string, taggable, numbered bool) {
	t := &r.tags
	label := t.frame.label
	t.outer = append(t.outer, t.frame)
	t.frame = frame{env: env, taggable: taggable, numbered: numbered}
	if t.four {
		t.frame.label = label
	}
}

func (r *reader) endFrame() {
	if r.failed {
		return
	}
	t := &r.tags
	t.tagged = t.tagged || t.frame.taggable
	label := t.frame.label
	if !t.four {
		r.lose()
	}
	if n := len(t.outer); n > 0 {
		t.frame, t.outer = t.outer[n-1], t.outer[:n-1]
	} else {
		t.frame = frame{}
	}
	if t.four && label != 0 && t.frame.label == 0 {
		t.frame.label = label
	}
}

// lose says why the pending label of the current frame has no number.
func (r *reader) lose() {
	t := &r.tags
	if t.frame.label == 0 {
		return
	}
	l := &r.f.Labels[t.frame.label-1]
	t.frame.label = 0
	switch {
	case t.frame.env == "" && !r.f.Display:
		l.Lost = LostInline
	case t.frame.noTag:
		l.Lost = LostNonumber
	case t.frame.env != "" && !t.frame.taggable:
		l.Lost = LostInner
	case t.mode == "none":
		l.Lost = LostTagsNone
	case t.frame.env == "":
		l.Lost = LostUnnumbered
	case !t.frame.numbered:
		l.Lost = LostStarred
	default:
		l.Lost = LostUnnumbered
	}
}

// autoTag gives the frame the next number (AbstractTags.autoTag).
func (r *reader) autoTag() {
	t := &r.tags
	if t.mode != "none" && !t.frame.tagged {
		t.counter++
		t.frame.tag, t.frame.tagged, t.frame.noTag = strconv.Itoa(t.counter), true, false
	}
}

// tagRow prints the tag of a row or equation where it has one (getTag).
func (r *reader) tagRow(at text.Span) {
	if r.failed {
		return
	}
	t := &r.tags
	if t.mode == "none" && t.frame.tag == "" || !t.frame.taggable || t.frame.noTag {
		return
	}
	if t.frame.numbered {
		r.autoTag()
	}
	if t.frame.tag != "" {
		r.makeTag(at)
	}
}

// makeTag prints the frame's tag and gives it to the pending label.
func (r *reader) makeTag(at text.Span) {
	t := &r.tags
	if t.frame.label != 0 {
		l := &r.f.Labels[t.frame.label-1]
		l.Number, l.Lost = t.frame.tag, NotLost
		if t.frame.own && strings.ContainsAny(t.frame.tag, `$\{}`) {
			if t.texts == nil {
				t.texts = map[string]string{}
			}
			t.texts[l.Name] = t.frame.tag
		}
		t.frame.label = 0
		if t.frame.noTag {
			l.Lost = LostNonumber
		}
	}
	if t.frame.tag != "" && !r.second {
		r.f.Rows = append(r.f.Rows, Row{Span: at, Number: t.frame.tag, Tag: t.frame.own})
	}
	if t.frame.own {
		p := parser{r: r, command: `\tag`}
		p.printTag(t.frame.tag, at)
	}
}

// clearTag forgets the tag of a finished row.
func (r *reader) clearTag() {
	if r.failed {
		return
	}
	t := &r.tags
	if !t.four {
		r.lose()
	}
	t.frame.tag, t.frame.tagged, t.frame.own, t.frame.noTag = "", false, false, false
}

// finalize tags a formula that is no environment: with "all" it is numbered,
// and otherwise it may have a \tag of its own.
func (r *reader) finalize() {
	t := &r.tags
	if r.failed || !r.f.Display {
		return
	}
	whole := text.Span{End: len(r.f.TeX)}
	if t.mode == "all" {
		if !t.tagged {
			r.autoTag()
			r.makeTag(whole)
		} else if t.four && t.frame.own {
			r.doubt() // it is printed there, in its turn
		}
		return
	}
	if t.frame.env == "" && t.frame.tagged {
		r.makeTag(whole)
	}
}

// tag is \tag{} (HandleTag).
func (p *parser) tag() {
	t := &p.r.tags
	if !t.frame.taggable && t.frame.env != "" {
		p.fail("CommandNotAllowedInEnv", p.running(), "\\tag is not allowed in %s: it belongs to the environment around it.", t.frame.env)
		return
	}
	if t.frame.tag != "" {
		p.fail("MultipleCommand", p.running(), "This equation has a \\tag already.")
		return
	}
	p.star()
	name := trim(p.argument().text)
	if p.r.failed {
		return
	}
	if t.four && name == "" {
		p.r.doubt() // an empty one is not like none there
	}
	t.frame.tag, t.frame.tagged, t.frame.own, t.frame.noTag = name, true, true, false
}

// noTag is \notag and \nonumber.
func (p *parser) noTag() {
	f := &p.r.tags.frame
	f.tag, f.tagged, f.own, f.noTag = "", true, false, true
}

// label is \label{} (HandleLabel).
func (p *parser) label(at int) {
	a := p.argument()
	r := p.r
	if r.failed || a.text == "" || r.second {
		return
	}
	t := &r.tags
	l := Label{Name: a.text, NameSpan: a.span(), Span: p.here(at)}
	if t.frame.label != 0 {
		l.Lost = LostSecond
		r.f.Labels = append(r.f.Labels, l)
		p.fail("MultipleCommand", l.Span, "This row has a \\label already: MathJax prints an error instead of the formula.")
		return
	}
	if first, taken := t.labels[a.text]; taken {
		if f := &r.all[first.Formula]; first.Formula != r.index && f.Doubtful && (!f.Failed || t.four) {
			r.giveUp() // the first one may not count
			return
		}
		l.Lost = LostDuplicate
		r.f.Labels = append(r.f.Labels, l)
		p.fail("MultipleLabel", l.NameSpan, "The label %s is defined before: MathJax prints an error instead of this formula.", a.text)
		return
	}
	if t.labels == nil {
		t.labels = map[string]Place{}
	}
	t.labels[a.text] = Place{r.index, len(r.f.Labels)}
	r.f.Labels = append(r.f.Labels, l)
	t.frame.label = len(r.f.Labels)
}

// ref is \ref{} and \eqref{}.
func (p *parser) ref(at int, command string) {
	a := p.argument()
	if p.r.failed {
		return
	}
	if _, known := p.r.tags.labels[a.text]; !known {
		p.r.redo = true
	}
	if !p.r.second {
		p.r.f.Refs = append(p.r.f.Refs, Reference{Command: command, Name: a.text, NameSpan: a.span(), Span: p.here(at)})
	}
	if tag, more := p.r.tags.texts[a.text]; more {
		p.printTag(tag, p.here(at))
	}
	p.pushNode(node{kind: kOther})
}

// printTag reads a tag as MathJax prints it: it is a text, and may have
// formulas and mistakes in it.
func (p *parser) printTag(tag string, at text.Span) {
	tex := `\text{` + tag + `}`
	sub := parser{r: p.r, s: tex, inner: true, command: p.command,
		origin: origin{stretches: []stretch{{end: len(tex), start: at.Start, tex: at.End}}}}
	sub.parse()
}

func tagsMode(c *mathjax.Config) string {
	if c.Tags == "ams" || c.Tags == "all" {
		return c.Tags
	}
	return "none"
}
