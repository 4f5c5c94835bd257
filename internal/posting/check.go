package posting

import (
	"errors"
	"os"
	"strings"
	"unicode/utf8"

	"postfleet/internal/fault"
)

// check refuses what cannot be posted as written, and what could be posted but
// never be recognised afterwards.
func (a *Attempt) check() error {
	if a.Artifacts == "" || a.Posting == nil || a.Posted == nil {
		return errors.New("posting: attempt lacks its artifacts directory or its phase functions")
	}
	if a.Job.Account == "" {
		return fault.Errorf(fault.Input, "the job has no account")
	}
	for _, text := range []string{a.Job.Account, a.Job.Caption} {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unshowable) {
			return fault.Errorf(fault.Input, "account or caption holds characters that a screen cannot show")
		}
	}
	info, err := os.Stat(a.VideoPath)
	switch {
	case err != nil:
		return fault.Errorf(fault.Input, "video: %w", err)
	case !info.Mode().IsRegular():
		return fault.Errorf(fault.Input, "video %s is not a file", a.VideoPath)
	case info.Size() == 0:
		return fault.Errorf(fault.Input, "video %s is empty", a.VideoPath)
	}
	return nil
}

// unshowable reports whether the dump of a screen, which is XML 1.0, has no way
// to hold r.
func unshowable(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}
