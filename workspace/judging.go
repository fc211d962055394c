package workspace

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"scholium/analysis/site"
	"scholium/workspace/judge"
)

// judgeQuiet is how long nothing may change before formulas are judged: one
// that is half typed is not a formula yet.
const judgeQuiet = 150 * time.Millisecond

// A court brings the formulas in doubt of open pages to the judge, and what it
// says to the sites. One goroutine does so, behind everybody's back.
type court struct {
	w     *Workspace
	judge *judge.Judge
	woken chan struct{}
	ctx   context.Context // ends with the workspace
	stop  context.CancelFunc
	done  chan struct{}
}

// UseJudge lets MathJax judge what the tables cannot acquit, from now on. It
// may be called once, before anything is opened.
func (w *Workspace) UseJudge(j *judge.Judge) {
	ctx, stop := context.WithCancel(context.Background())
	c := &court{w: w, judge: j, woken: make(chan struct{}, 1), ctx: ctx, stop: stop, done: make(chan struct{})}
	w.court = c
	go c.run(ctx)
}

// wake tells that formulas may have changed.
func (c *court) wake() {
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

func (c *court) run(ctx context.Context) {
	defer close(c.done)
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-c.woken:
			timer.Reset(judgeQuiet)
		case <-timer.C:
			if c.session(ctx) {
				timer.Reset(judgeQuiet)
			}
		}
	}
}

// session judges what is in doubt on open pages, those that changed last first.
// It returns true where it broke off because something has changed meanwhile.
func (c *court) session(ctx context.Context) (again bool) {
	for _, s := range c.w.Sites() {
		state := s.Now()
		if !state.Ready {
			continue
		}
		for _, p := range s.recent() {
			f := state.Facts(p)
			if f == nil {
				continue
			}
			found := map[uint64]*site.Verdict{}
			for i := range f.Doubts {
				d := &f.Doubts[i]
				if d.Said || state.Verdict(d.Key) != nil || found[d.Key] != nil {
					continue
				}
				v, err := Judge(ctx, c.judge, d)
				if errors.Is(err, judge.ErrNotBundled) || ctx.Err() != nil {
					return false
				}
				if err != nil {
					c.w.log.Warn("judging a formula", zap.String("page", string(p)), zap.Error(err))
				}
				found[d.Key] = v
				if len(c.woken) > 0 { // superseded, perhaps: what is known goes out, the rest is looked at anew
					again = true
					break
				}
			}
			s.deliver(found, p)
			if again {
				return true
			}
		}
	}
	return false
}

// Judge asks MathJax about a formula in doubt. Where it gives up, or cannot be
// asked, the verdict is empty: nothing is said of the formula.
func Judge(ctx context.Context, j *judge.Judge, d *site.Doubt) (*site.Verdict, error) {
	answer, err := j.Check(ctx, question(d))
	if err != nil {
		return &site.Verdict{}, err
	}
	v := &site.Verdict{}
	for _, f := range answer.Errors {
		v.Errors = append(v.Errors, site.Ruling{ID: f.ID, Message: f.Message, Span: f.Span})
	}
	for _, f := range answer.Unknown {
		v.Unknown = append(v.Unknown, site.Ruling{Message: f.Message, Span: f.Span})
	}
	return v, nil
}

func question(d *site.Doubt) judge.Question {
	return judge.Question{Config: d.Config, Before: d.Before, Formula: d.Asked, Defines: d.Defines}
}

// recent are the open files, the one that changed last first.
func (s *Site) recent() []site.Path {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Collect(maps.Keys(s.docs))
	slices.SortFunc(list, func(a, b site.Path) int {
		if d := s.docs[b].changed.Compare(s.docs[a].changed); d != 0 {
			return d
		}
		return compareStrings(string(a), string(b))
	})
	return list
}

// deliver takes up what was said of formulas of a page.
func (s *Site) deliver(found map[uint64]*site.Verdict, p site.Path) {
	if len(found) == 0 {
		return
	}
	s.mu.Lock()
	s.flush()
	next := *s.state.Load()
	b := next.Build()
	b.Verdicts(found, []site.Path{p})
	next.Snapshot = b.Done()
	s.state.Store(&next)
	s.mu.Unlock()
	s.w.notify(Event{Site: s}) // not tell: that would wake the court again
}

// JudgeAll asks about every formula in doubt of the pages that only takes, of a
// site that has been read, and takes up the answers. progress is told how many of how many pages are done;
// it may be nil. The error is ctx's, or judge.ErrNotBundled.
func (s *Site) JudgeAll(ctx context.Context, j *judge.Judge, only func(site.Path) bool, progress func(done, total int)) error {
	state := s.Now()
	var pages []*site.Facts
	for _, f := range state.AllFacts() {
		if len(f.Doubts) > 0 && only(f.Path) {
			pages = append(pages, f)
		}
	}
	var mu sync.Mutex
	all := map[uint64]*site.Verdict{}
	var paths []site.Path
	var failed error
	done := 0
	inParallel(len(pages), func(i int) {
		for k := range pages[i].Doubts {
			d := &pages[i].Doubts[k]
			mu.Lock()
			skip := d.Said || all[d.Key] != nil || failed != nil
			mu.Unlock()
			if skip {
				continue
			}
			v, err := Judge(ctx, j, d)
			if errors.Is(err, judge.ErrNotBundled) || ctx.Err() != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
				return
			}
			if err != nil {
				s.w.log.Warn("judging a formula", zap.String("page", string(pages[i].Path)), zap.Error(err))
			}
			mu.Lock()
			all[d.Key] = v
			mu.Unlock()
		}
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, pages[i].Path)
		if done++; progress != nil {
			progress(done, len(pages))
		}
	})
	if failed != nil {
		return failed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.state.Load()
	b := next.Build()
	b.Verdicts(all, paths)
	next.Snapshot = b.Done()
	s.state.Store(&next)
	return nil
}
