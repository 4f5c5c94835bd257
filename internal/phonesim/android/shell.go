package android

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"postfleet/internal/phonesim/adbd"
)

// Exit codes of a shell.
const (
	exitFailure  = 1
	exitUsage    = 2
	exitNotFound = 127
	exitHangup   = 129
)

const homeDir = "/"

// Shell implements [adbd.Services]. Lines are parsed as the phone's mksh does;
// every program comes from the phone's own table, every file from its storage.
func (d *Device) Shell(ctx context.Context, line string, std adbd.Stdio) uint8 {
	script := io.Reader(strings.NewReader(line))
	if strings.TrimSpace(line) == "" {
		script = std.In
		std.In = strings.NewReader("")
	}
	runner, err := d.newRunner(std)
	if err != nil {
		complain(std.Err, "%v", err)
		return exitFailure
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn))
	var code uint8
	for stmt, err := range parser.StmtsSeq(script) {
		if err == nil {
			err = onlyForeground(stmt)
		}
		if err != nil {
			complain(std.Err, "%v", err)
			return exitFailure
		}
		code = exitCode(ctx, runner.Run(ctx, stmt), std.Err)
		if runner.Exited() || ctx.Err() != nil {
			break
		}
	}
	return code
}

// onlyForeground refuses "&": nobody would own what runs behind the shell.
func onlyForeground(stmt *syntax.Stmt) error {
	var err error
	syntax.Walk(stmt, func(n syntax.Node) bool {
		if s, ok := n.(*syntax.Stmt); ok && (s.Background || s.Coprocess) {
			err = errors.New("background commands are not supported")
		}
		return err == nil
	})
	return err
}

// complain writes what the shell itself has to say. A host that left need not
// hear it.
func complain(w io.Writer, format string, a ...any) {
	_, _ = fmt.Fprintf(w, "/system/bin/sh: "+format+"\n", a...)
}

func exitCode(ctx context.Context, err error, stderr io.Writer) uint8 {
	if code, ok := errors.AsType[interp.ExitStatus](err); ok {
		return uint8(code)
	}
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		return exitHangup
	default:
		complain(stderr, "%v", err)
		return exitFailure
	}
}

// newRunner returns an interpreter that knows nothing of the host. Programs
// read std.In themselves, so that what none of them reads is left alone.
func (d *Device) newRunner(std adbd.Stdio) (*interp.Runner, error) {
	return interp.New(
		interp.Env(expand.ListEnviron(
			"HOME="+homeDir, "PATH=/system/bin", "USER=shell", "SHELL=/system/bin/sh",
			"ANDROID_DATA=/data", "ANDROID_ROOT=/system", "EXTERNAL_STORAGE=/sdcard", "TMPDIR=/data/local/tmp",
		)),
		interp.Dir(homeDir),
		interp.StdIO(nil, std.Out, std.Err),
		interp.CallHandler(programName),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return d.exec(std.In) }),
		interp.OpenHandler(d.openFile),
		interp.StatHandler(d.statFile),
		interp.ReadDirHandler2(d.readDir),
		interp.AccessHandler(d.access),
	)
}

// programName keeps the interpreter's own versions of some programs out of
// the way of the phone's.
func programName(_ context.Context, args []string) ([]string, error) {
	switch args[0] {
	case "kill", "sleep":
		args[0] = "/system/bin/" + args[0]
	case "command", "type":
		if len(args) > 1 {
			return []string{"which", args[len(args)-1]}, nil
		}
	}
	return args, nil
}

// exec runs a program of the phone's table.
func (d *Device) exec(stdin io.Reader) interp.ExecHandlerFunc {
	return func(ctx context.Context, args []string) error {
		hc := interp.HandlerCtx(ctx)
		c := &call{device: d, args: args, in: stdin, out: hc.Stdout, err: hc.Stderr, dir: hc.Dir}
		if hc.Stdin != nil {
			c.in = hc.Stdin
		}
		run, ok := d.commands[strings.TrimPrefix(args[0], "/system/bin/")]
		if !ok {
			complain(c.err, "%s: inaccessible or not found", args[0])
			return interp.ExitStatus(exitNotFound)
		}
		if code := run(ctx, c); code != 0 {
			return interp.ExitStatus(code)
		}
		return nil
	}
}

func (d *Device) statFile(_ context.Context, name string, _ bool) (fs.FileInfo, error) {
	if command, ok := strings.CutPrefix(name, "/system/bin/"); ok && d.commands[command] != nil {
		return fileInfo{name: command, entry: &entry{mode: 0o755}}, nil
	}
	return d.cfg.Storage.Stat(name)
}

func (d *Device) readDir(_ context.Context, name string) ([]fs.DirEntry, error) {
	infos, err := d.cfg.Storage.List(name)
	if err != nil {
		return nil, err
	}
	entries := make([]fs.DirEntry, 0, len(infos))
	for _, info := range infos {
		entries = append(entries, fs.FileInfoToDirEntry(info))
	}
	return entries, nil
}

func (d *Device) access(ctx context.Context, name string, mode interp.AccessMode) error {
	info, err := d.statFile(ctx, name, true)
	switch {
	case err != nil:
		return err
	case mode&interp.AccessWrite != 0 && !writable(canonical(name)),
		mode&interp.AccessExec != 0 && !info.IsDir() && info.Mode()&0o111 == 0:
		return &fs.PathError{Op: "access", Path: name, Err: fs.ErrPermission}
	}
	return nil
}

// resolve makes a name absolute.
func resolve(dir, name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(dir, name)
}
