package judge

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"scholium/analysis/mathjax"
	"scholium/analysis/site"
	"scholium/analysis/text"
)

// ErrNotBundled says that this program was built without MathJax.
var ErrNotBundled = errors.New("this program was built without MathJax: make mathjax puts it in")

// A Formula is one formula as it reaches MathJax.
type Formula = site.Asked

// A Question is a formula with what it stands under.
type Question struct {
	Config *mathjax.Config
	Before []Formula // the formulas of the page in front of it that may define something, in page order
	Formula
	Defines bool // it may define something itself: the engine is not as it was behind it
}

// A Verdict is what MathJax says of a formula.
type Verdict struct {
	Errors  []Fault // at most one: MathJax stops at the first
	Unknown []Fault // commands that it does not know, which a reader sees in red
}

// A Fault is one thing that MathJax says, with its place.
type Fault struct {
	ID      string    // MathJax's name for the kind of error; empty for an unknown command
	Message string    // MathJax's words, or the unknown command
	Span    text.Span // in the TeX, in bytes; empty where MathJax had read all of it
	Made    bool      // it lies in what a macro stands for: Span is where that is called
}

// A Judge asks MathJax. It may be used by several goroutines; each of its
// engines starts when it is first needed.
type Judge struct {
	check, draw slots
	traps       traps
}

// New returns a judge with up to n engines that check at a time, and one that draws.
func New(n int) *Judge {
	return &Judge{check: slots{free: make(chan *engine, n), all: n}, draw: slots{free: make(chan *engine, 1), all: 1, draws: true}}
}

// slots are engines of one kind, of which some are in use.
type slots struct {
	mu      sync.Mutex
	free    chan *engine
	started int
	all     int
	draws   bool
	closed  bool
}

// take returns an engine of a version. It waits while all are in use.
func (s *slots) take(ctx context.Context, version mathjax.Engine) (*engine, error) {
	if version != mathjax.MathJax4 {
		version = mathjax.MathJax3
	}
	for {
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return nil, context.Canceled
		}
		if s.started < s.all && len(s.free) == 0 {
			s.started++
			s.mu.Unlock()
			e, err := start(version, s.draws)
			if err != nil {
				s.gone()
				return nil, err
			}
			e.version = version
			return e, nil
		}
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case e := <-s.free:
			if e.version == version {
				return e, nil
			}
			e.close()
			s.gone()
		}
	}
}

// gone tells that an engine is no more.
func (s *slots) gone() {
	s.mu.Lock()
	s.started--
	s.mu.Unlock()
}

// give takes an engine back; after a fault it is thrown away.
func (s *slots) give(e *engine, err error) {
	s.mu.Lock()
	keep := err == nil && !s.closed && e.calls < maxCalls
	if !keep {
		s.started--
	}
	s.mu.Unlock()
	if keep {
		s.free <- e
	} else {
		e.close()
	}
}

func (s *slots) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for {
		select {
		case e := <-s.free:
			s.give(e, context.Canceled)
		default:
			return
		}
	}
}

// Close ends all engines that are not in use, and the others when they are done.
func (j *Judge) Close() {
	j.check.close()
	j.draw.close()
}

// Check returns what MathJax says of a formula. The error is ctx's, or
// ErrNotBundled, or says that MathJax came to no end within its budget.
func (j *Judge) Check(ctx context.Context, q Question) (Verdict, error) {
	answer, err := j.ask(ctx, &j.check, q, checkBudget, "scholiumCheck")
	if err != nil {
		return Verdict{}, err
	}
	return answer.verdict(q.TeX), nil
}

// ask has an engine call a function of a formula, behind what stands before it.
func (j *Judge) ask(ctx context.Context, s *slots, q Question, budget time.Duration, function string, more ...any) (answered, error) {
	config := configOf(q.Config)
	if j.traps.behind(config, q.Before) {
		return answered{}, errTrapped
	}
	e, err := s.take(ctx, q.Config.Engine)
	if err != nil {
		return answered{}, err
	}
	var answer answered
	if read, failed := e.prepare(ctx, config, q.Before); failed != nil {
		if err = failed; overran(err) && read >= 0 {
			j.traps.note(config, q.Before[:read+1])
		}
	} else if err = e.call(ctx, budget, &answer, function, append([]any{q.TeX, q.Display}, more...)...); err == nil {
		e.behind(q)
	} else if overran(err) {
		j.traps.note(config, append(slices.Clone(q.Before), q.Formula))
	}
	s.give(e, err)
	return answer, err
}

// A Drawing is a formula drawn.
type Drawing struct {
	SVG    string  // as MathJax makes it; empty where it has no place for it
	Errors []Fault // then the drawing shows an error box
}

// Draw draws a formula. Its equations are numbered from number on; labels are
// those of the page with their numbers, for references. The errors are Check's.
func (j *Judge) Draw(ctx context.Context, q Question, number int, labels map[string]string) (Drawing, error) {
	if labels == nil {
		labels = map[string]string{}
	}
	list, err := json.Marshal(labels)
	if err != nil {
		return Drawing{}, err
	}
	answer, err := j.ask(ctx, &j.draw, q, drawBudget, "scholiumDraw", max(number, 1), string(list))
	if err != nil {
		return Drawing{}, err
	}
	return Drawing{SVG: answer.SVG, Errors: answer.verdict(q.TeX).Errors}, nil
}

// answered is what the script answers, counted in UTF-16.
type answered struct {
	Errors  []said `json:"errors"`
	Unknown []said `json:"unknown"`
	SVG     string `json:"svg"`
}

type said struct {
	ID      string `json:"id"`
	Message string `json:"message"`
	Name    string `json:"name"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Made    bool   `json:"made"`
}

func (a *answered) verdict(tex string) Verdict {
	var v Verdict
	for _, s := range a.Errors {
		v.Errors = append(v.Errors, s.fault(tex, s.Message))
	}
	for _, s := range a.Unknown {
		v.Unknown = append(v.Unknown, s.fault(tex, s.Name))
	}
	return v
}

func (s *said) fault(tex, message string) Fault {
	span := text.Span{Start: bytesOf(tex, s.Start), End: bytesOf(tex, s.End)}
	if span.End < span.Start {
		span.End = span.Start
	}
	return Fault{ID: s.ID, Message: message, Span: span, Made: s.Made}
}

// bytesOf returns the byte offset in s of an offset in units of UTF-16.
func bytesOf(s string, units int) int {
	at := 0
	for at < len(s) && units > 0 {
		r, n := utf8.DecodeRuneInString(s[at:])
		units -= utf16.RuneLen(r)
		at += n
	}
	return at
}
