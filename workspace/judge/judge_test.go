package judge

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"modernc.org/quickjs"

	"scholium/analysis/mathjax"
)

// needMathJax skips a test where the program has no MathJax, but not where all
// tests are to run.
func needMathJax(t testing.TB) {
	t.Helper()
	if Bundled() {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("MathJax is not bundled: make mathjax")
	}
	t.Skip("MathJax is not bundled: make mathjax")
}

func config(e mathjax.Engine) *mathjax.Config {
	c := mathjax.Default(e)
	c.Tags = "ams"
	return &c
}

// said1 writes a verdict in a line: what MathJax says, and of what.
func said1(tex string, v Verdict) string {
	var out []string
	for _, f := range v.Errors {
		out = append(out, f.Message+" @"+f.Span.Of(tex))
	}
	for _, f := range v.Unknown {
		out = append(out, f.Message+" ?@"+f.Span.Of(tex))
	}
	return strings.Join(out, "; ")
}

var verdicts = []struct{ tex, want string }{
	{`a+b`, ""},
	{`a+\foo+b`, `\foo ?@\foo`},
	{`\frac{a}{b+\foo}`, `\foo ?@\foo`},
	{`\foo \bar`, `Missing argument for \bar @\bar; \foo ?@\foo `},
	{`x^{\sqrt{\foo}}`, `\foo ?@\foo`},
	{`\left(\foo\right)`, `\foo ?@\foo`},
	{`\begin{pmatrix}1&\foo\end{pmatrix}`, `\foo ?@\foo`},
	{`\text{a $x+\foo$ b}`, `\foo ?@\foo`},
	{`𝔼\text{é}+\foo`, `\foo ?@\foo`},
	{`x^a^b`, `Double exponent: use braces to clarify @^`},
	{`\frac{a}`, `Missing argument for \frac @\frac{a}`},
	{`\newcommand{\bad}{\undef} a+\bad+b`, `\undef ?@\bad`},
	{`\begin{nowhere}x\end{nowhere}`, `Unknown environment 'nowhere' @\begin{nowhere}`},
	{`a&b`, `Misplaced & @&`},
	{`a}b`, `Extra close brace or missing open brace @}`},
	{`\begin{align}x\end{gather}`, `\begin{align} ended with \end{gather} @\end{gather}`},
	{`x\tag{1}\tag{2}`, `Multiple \tag @\tag`},
	{`\begin{equation}x\label{a}\label{b}\end{equation}`, `Multiple \label @\label{b}`},
}

func TestCheck(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	engines := []mathjax.Engine{mathjax.MathJax4, mathjax.MathJax3, mathjax.MathJax2}
	if testing.Short() { // under the race detector an engine starts in seconds
		engines = engines[:1]
	}
	for _, e := range engines {
		for _, x := range verdicts {
			v, err := j.Check(context.Background(), Question{Config: config(e), Formula: Formula{TeX: x.tex, Display: true}, Defines: strings.Contains(x.tex, "newcommand")})
			if err != nil {
				t.Fatalf("%s: %v", x.tex, err)
			}
			got := said1(x.tex, v)
			if e == mathjax.MathJax4 { // its macros in text hide where they are
				got = strings.Replace(got, `$x+\foo$`, `\foo`, 1)
			}
			if got != x.want {
				t.Errorf("%v %s: %s, want %s", e, x.tex, got, x.want)
			}
		}
	}
}

// TestBefore: definitions of the page and of its configuration count, those of
// another page do not.
func TestBefore(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	c := config(mathjax.MathJax3)
	c.Macros = []mathjax.Macro{{Name: "R", Body: `\mathbb{R}`}, {Name: "pair", Body: "(#1,#2)", Args: 2}}
	c.Envs = []mathjax.Environment{{Name: "claim", Before: `\left(`, After: `\right)`}}
	def := Formula{TeX: `\newcommand{\mine}{m}`, Display: true}
	named := config(mathjax.MathJax3)
	named.Packages, named.Loads = append(named.Packages, "physics"), []mathjax.Package{}
	for _, x := range []struct {
		config *mathjax.Config
		before []Formula
		tex    string
		want   string
	}{
		{c, nil, `\R\pair ab\begin{claim}x\end{claim}`, ""},
		{c, nil, `\mine`, `\mine ?@\mine`},
		{c, []Formula{def}, `\mine`, ""},
		{c, []Formula{def, {TeX: `\renewcommand{\mine}{\undef}`, Display: true}}, `\mine`, `\undef ?@\mine`},
		{c, []Formula{def}, `\mine`, ""},
		{config(mathjax.MathJax3), nil, `\R`, `\R ?@\R`},
		{c, []Formula{{TeX: `\require{physics}`, Display: true}}, `\dv{x}{t}`, ""},
		{c, nil, `\dv{x}{t}`, `\dv ?@\dv`},
		{named, nil, `\dv{x}{t}`, `\dv ?@\dv`},
		{c, nil, `\begin{equation}x\label{twice}\end{equation}`, ""},
		{c, nil, `\begin{equation}x\label{twice}\end{equation}`, ""},
	} {
		v, err := j.Check(context.Background(), Question{x.config, x.before, Formula{TeX: x.tex, Display: true}, strings.Contains(x.tex, "newcommand")})
		if err != nil {
			t.Fatal(err)
		}
		if got := said1(x.tex, v); got != x.want {
			t.Errorf("%v %s: %q, want %q", x.before, x.tex, got, x.want)
		}
	}
}

// TestTraps: what is no formula ends within the budget, and the next is read
// as ever.
func TestTraps(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	traps := []string{
		strings.Repeat("{", 5000), `\def\a{\a\a}\a`, `\newcommand{\b}{\b}\b`, strings.Repeat(`\frac{1}{`, 2000), `\def\x{\def\x}\x\x\x\x`,
		`\begin{pmatrix}` + strings.Repeat(strings.Repeat("1&", 99)+`1\\`, 100) + `\end{pmatrix}`, strings.Repeat(`\left(`, 3000), "\x00\\\xff",
		`\text{` + strings.Repeat("$", 999) + `}`, strings.Repeat("x^", 3000),
	}
	if testing.Short() {
		traps = traps[:3]
	}
	for _, tex := range traps {
		_, err := j.Check(context.Background(), Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: tex, Display: true}, Defines: true})
		if err != nil && !overran(err) {
			t.Errorf("%.40q: %v", tex, err)
		}
		v, err := j.Check(context.Background(), Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `\foo`, Display: true}})
		if err != nil || said1(`\foo`, v) != `\foo ?@\foo` {
			t.Errorf("after %.40q: %v %v", tex, v, err)
		}
	}
}

// TestTrapBefore: what stands behind a trap waits for it once, not each time.
func TestTrapBefore(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	trap := Formula{TeX: `\begin{pmatrix}` + strings.Repeat(strings.Repeat("1&", 299)+`1\\`, 100) + `\def\a{}\end{pmatrix}`, Display: true}
	harmless := Formula{TeX: `\def\b{b}`, Display: true}
	ask := func(before ...Formula) error {
		_, err := j.Check(context.Background(), Question{Config: config(mathjax.MathJax3), Before: before, Formula: Formula{TeX: `x`, Display: true}})
		return err
	}
	if err := ask(harmless, trap); !overran(err) || errors.Is(err, errTrapped) {
		t.Fatalf("%v", err)
	}
	for range 1000 {
		if err := ask(harmless, trap, harmless); !errors.Is(err, errTrapped) {
			t.Fatalf("%v", err)
		}
	}
	if err := ask(harmless); err != nil {
		t.Errorf("%v", err)
	}
}

// TestRetired: an engine that has read much makes room for a new one, which
// answers as the old one did.
func TestRetired(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	ask := func() *engine {
		v, err := j.Check(context.Background(), Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `\foo`, Display: true}})
		if err != nil || said1(`\foo`, v) != `\foo ?@\foo` {
			t.Fatalf("%v %v", v, err)
		}
		select {
		case e := <-j.check.free:
			j.check.free <- e
			return e
		default:
			return nil
		}
	}
	e := ask()
	e.calls = maxCalls
	if ask() != nil {
		t.Error("the old engine is kept")
	}
	if got := ask(); got == nil || got == e {
		t.Error("there is no new engine")
	}
}

// TestLate gives a function no time: what it answers all the same is none of
// its own answers, as it may have taken the interruption for a fault.
func TestLate(t *testing.T) {
	vm, err := quickjs.NewVM()
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{vm: vm}
	defer e.close()
	if _, err := vm.Eval(`function answers() { return '{"errors": [{"id": "Thrown", "message": "interrupted"}]}' }`, quickjs.EvalGlobal); err != nil {
		t.Fatal(err)
	}
	var answer answered
	if err := e.call(t.Context(), checkBudget, &answer, "answers"); err != nil || len(answer.Errors) != 1 {
		t.Errorf("in time: %v, %v", answer, err)
	}
	answer = answered{}
	if err := e.call(t.Context(), time.Nanosecond, &answer, "answers"); !overran(err) || len(answer.Errors) > 0 {
		t.Errorf("late: %v, %v", answer, err)
	}
}

// TestCancel: a question that nobody waits for any more is given up.
func TestCancel(t *testing.T) {
	needMathJax(t)
	j := New(1)
	defer j.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := j.Check(ctx, Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `x`, Display: true}}); err != context.Canceled {
		t.Errorf("%v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	asked := make(chan error)
	go func() {
		_, err := j.Check(ctx, Question{Config: config(mathjax.MathJax3), Formula: Formula{TeX: `\def\a{\a\a}\a` + strings.Repeat("{x}", 100_000), Display: true}})
		asked <- err
	}()
	cancel()
	if err := <-asked; err != context.Canceled {
		t.Errorf("%v", err)
	}
}
