package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"modernc.org/quickjs"

	"scholium/analysis/mathjax"
)

// What one engine may take. A formula of a page needs a few milliseconds; what
// needs a second is no formula, or a trap.
const (
	loadBudget  = 30 * time.Second // a slow machine; a quiet one needs a tenth of a second
	checkBudget = time.Second
	drawBudget  = slow * 2 * time.Second
	memory      = 256 << 20 // bytes; a check needs about 20 MB, a drawing 40
	maxCalls    = 5000      // then a new engine takes its place: one grows by about 4 KB a formula
)

// An engine is one JavaScript engine with MathJax in it. It belongs to one
// goroutine at a time.
type engine struct {
	vm      *quickjs.VM
	version mathjax.Engine
	config  string    // what MathJax is set to
	before  []Formula // what it has read under that
	calls   int
}

// start loads MathJax into a new engine.
func start(e mathjax.Engine, draws bool) (*engine, error) {
	script, err := bundle(e, draws)
	if err != nil {
		return nil, err
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("starting a JavaScript engine: %w", err)
	}
	vm.SetMemoryLimit(memory)
	if err := vm.SetEvalTimeout(loadBudget); err != nil {
		vm.Close()
		return nil, fmt.Errorf("starting a JavaScript engine: %w", err)
	}
	if _, err := vm.Eval(script, quickjs.EvalGlobal); err != nil {
		vm.Close()
		return nil, fmt.Errorf("loading MathJax: %w", err)
	}
	return &engine{vm: vm}, nil
}

// call calls a function of the script within a budget and decodes its answer.
// ctx interrupts it. After an error the engine is not to be used any more.
func (e *engine) call(ctx context.Context, budget time.Duration, answer any, function string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := e.vm.SetEvalTimeout(budget); err != nil {
		return fmt.Errorf("asking MathJax: %w", err)
	}
	e.calls++
	began := time.Now()
	stop := context.AfterFunc(ctx, e.vm.Interrupt)
	v, err := e.vm.Call(function, args...)
	stop()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("asking MathJax: %w", err)
	}
	// MathJax may have caught the interruption, and taken it for a fault of the formula.
	if time.Since(began) >= budget {
		return fmt.Errorf("asking MathJax: no answer within %v", budget)
	}
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("asking MathJax: %s answers %T", function, v)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(text), answer); err != nil {
		return fmt.Errorf("asking MathJax: %w", err)
	}
	return nil
}

// prepare brings MathJax to where a formula stands: under its configuration,
// behind the definitions before it. What was read already is not read again.
// With an error comes which of the formulas before caused it, -1 for none.
func (e *engine) prepare(ctx context.Context, config string, before []Formula) (int, error) {
	known := 0
	if e.config == config && len(e.before) <= len(before) {
		for known < len(e.before) && e.before[known] == before[known] {
			known++
		}
	}
	if e.config != config || known < len(e.before) {
		e.config, e.before = "", nil
		if err := e.call(ctx, checkBudget, nil, "scholiumReset", config); err != nil {
			return -1, err
		}
		e.config, known = config, 0
	}
	for i, f := range before[known:] {
		if err := e.call(ctx, checkBudget, nil, "scholiumCheck", f.TeX, f.Display); err != nil {
			return known + i, err
		}
		e.before = append(e.before, f)
	}
	return -1, nil
}

// behind notes that a formula has been read.
func (e *engine) behind(q Question) {
	if q.Defines {
		e.before = append(e.before, q.Formula)
	}
}

func (e *engine) close() { e.vm.Close() }

// overran reports whether a call ended because of its budget.
func overran(err error) bool {
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrNotBundled)
}
