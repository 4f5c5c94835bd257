package device

import (
	"context"
	"errors"
	"strings"

	"postfleet/internal/fault"
)

// ErrNoVersion is an app whose version the phone does not tell.
var ErrNoVersion = errors.New("device: the app's version is not known")

// Version returns the version of an app as its makers call it (versionName).
// One that is not installed has none, which is ErrNoVersion.
func (c *Controller) Version(ctx context.Context, app string) (string, error) {
	if !packageName.MatchString(app) {
		return "", fault.Errorf(fault.Input, "version of %q: not an application id", app)
	}
	out, err := c.run(ctx, "dumpsys", "package", app)
	if err != nil {
		return "", c.judge(ctx, "ask for the version of "+app, err)
	}
	// An app that came with the phone and was updated has two, the newer first.
	for line := range strings.Lines(out) {
		if version, ok := strings.CutPrefix(strings.TrimSpace(line), "versionName="); ok && version != "" {
			return version, nil
		}
	}
	return "", fault.Errorf(fault.Infra, "%w: %s", ErrNoVersion, app)
}
