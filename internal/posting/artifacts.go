package posting

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"postfleet/internal/logging"
)

const (
	tailLines = 100
	tailBytes = 64 << 10
)

// keepArtifacts saves what the screen shows and the end of Appium's log, for
// the person who asks why. It takes what it can get: a phone that does not
// answer costs Config.CleanupTimeout and no more, and the attempt's own error
// is what counts.
func (r *run) keepArtifacts(ctx context.Context) { r.keepAll(ctx, "") }

// keepLook saves the same of a look that proved nothing, beside what the attempt
// itself has saved.
func (r *run) keepLook(ctx context.Context) { r.keepAll(ctx, "look-") }

func (r *run) keepAll(ctx context.Context, prefix string) {
	ctx = context.WithoutCancel(ctx)
	err := os.MkdirAll(r.a.Artifacts, dirMode)
	if err == nil {
		err = errors.Join(
			r.keep(ctx, prefix+"screen.png", r.dev.Screenshot),
			r.keep(ctx, prefix+"source.xml", func(ctx context.Context) ([]byte, error) {
				source, err := r.dev.Source(ctx)
				return []byte(source), err
			}),
			r.keep(ctx, prefix+"appium-tail.log", func(context.Context) ([]byte, error) {
				return tail(r.cfg.AppiumLog)
			}),
		)
	}
	if err != nil {
		r.logger.DebugContext(ctx, "artifacts are not complete", logging.Err(err))
	}
}

func (r *run) keep(ctx context.Context, name string, get func(context.Context) ([]byte, error)) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.CleanupTimeout/2)
	defer cancel()
	content, err := get(ctx)
	if err != nil || content == nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.a.Artifacts, name), content, fileMode)
}

// tail returns the last lines of the file at path; nil for no path.
func tail(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.NewSectionReader(f, max(info.Size()-tailBytes, 0), tailBytes))
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	if extra := len(lines) - tailLines; extra > 0 && len(lines[len(lines)-1]) == 0 {
		lines = lines[extra-1:] // what follows the last line break is no line
	} else if extra > 0 {
		lines = lines[extra:]
	}
	return bytes.Join(lines, nil), nil
}
