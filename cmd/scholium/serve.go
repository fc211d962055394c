package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"scholium/server"
)

func serve(args []string, io streams) int {
	flags := flag.NewFlagSet("serve [--stdio]", flag.ContinueOnError)
	flags.Bool("stdio", true, "speak over standard input and output, which is the only way there is")
	record := flags.String("record", "", "keep what the client says in `FILE`, for scholium replay")
	noJudge := flags.Bool("no-judge", false, "do not ask MathJax itself about formulas in doubt")
	logFile := flags.String("log-file", "", "write the log to `FILE` rather than to standard error")
	logLevel := flags.String("log-level", "warn", "the least `level` that is logged: debug, info, warn or error")
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) > 0 {
		return unusable(io, "serve takes no arguments, but got %q", rest[0])
	}
	log, err := newLog(*logFile, *logLevel, io.err)
	if err != nil {
		return unusable(io, "%v", err)
	}
	defer func() { _ = log.Sync() }() // a terminal cannot be synced
	in := io.in
	if *record != "" {
		f, err := os.Create(*record)
		if err != nil {
			return unusable(io, "%s: %s", *record, reason(err))
		}
		defer f.Close()
		in = tee(in, f)
	}
	return server.Serve(context.Background(), &pipe{in: in, out: io.out}, server.Options{Log: log, Version: versionString(), Alive: alive, Judge: !*noJudge})
}

func tee(in io.Reader, to io.Writer) io.Reader { return io.TeeReader(in, to) }

// replay gives a recorded session to a server of its own, and prints what that
// answers.
func replay(args []string, io streams) int {
	flags := flag.NewFlagSet("replay FILE", flag.ContinueOnError)
	logLevel := flags.String("log-level", "info", "the least `level` that is logged: debug, info, warn or error")
	rest, code, ok := parse(flags, args, io)
	if !ok {
		return code
	}
	if len(rest) != 1 {
		return unusable(io, "replay takes the file of one recorded session")
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return unusable(io, "%s: %s", rest[0], reason(err))
	}
	defer f.Close()
	log, err := newLog("", *logLevel, io.err)
	if err != nil {
		return unusable(io, "%v", err)
	}
	if server.Serve(context.Background(), &pipe{in: f, out: io.out}, server.Options{Log: log, Version: versionString()}) != 0 {
		fmt.Fprintln(io.err, "scholium: the session ends without shutdown and exit")
	}
	return exitClean
}

// newLog writes to a file, or to standard error: standard output is the client's.
func newLog(file, level string, stderr io.Writer) (*zap.Logger, error) {
	least, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, fmt.Errorf("there is no log level %q; there are debug, info, warn and error", level)
	}
	to := zapcore.Lock(zapcore.AddSync(stderr))
	if file != "" {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", file, reason(err))
		}
		to = zapcore.Lock(f)
	}
	encoder := zap.NewDevelopmentEncoderConfig()
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(encoder), to, least)), nil
}

// A pipe is standard input and output as one connection.
type pipe struct {
	in   io.Reader
	out  io.Writer
	once sync.Once
}

func (p *pipe) Read(b []byte) (int, error)  { return p.in.Read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.out.Write(b) }

// Close closes standard input, so that a reader that waits for it wakes up.
func (p *pipe) Close() error {
	var err error
	p.once.Do(func() {
		if c, ok := p.in.(io.Closer); ok {
			err = c.Close()
		}
	})
	return err
}
