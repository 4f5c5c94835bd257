package device

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/fault"
)

const frontPoll = 200 * time.Millisecond

var (
	// packageName is Android's rule for an application id.
	packageName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$`)
	// activityName is an application's id and the class of one of its activities.
	activityName = regexp.MustCompile(`^[A-Za-z0-9_.]+/[A-Za-z0-9_.$]+$`)
	// startError is what am says of an activity that it did not start.
	startError = regexp.MustCompile(`(?m)^Error`)
)

// Launch stops the app, starts it afresh and returns when it is in front. A
// system dialog that asks for a permission in the app's name counts as the app.
func (c *Controller) Launch(ctx context.Context, app string) error {
	if !packageName.MatchString(app) {
		return fault.Errorf(fault.Input, "launch %q: not an application id", app)
	}
	what := "launch " + app
	started, err := c.start(ctx, app)
	if err != nil {
		return c.judge(ctx, what, err)
	}
	if !started {
		if err := c.shell(ctx, "am", "force-stop", app); err != nil {
			return c.judge(ctx, what, err)
		}
		err := c.drive(ctx, what, func(s *appium.Session) error {
			return s.Execute(ctx, "mobile: activateApp", map[string]any{"appId": app}, nil)
		})
		if err != nil {
			return c.explainLaunch(ctx, app, err)
		}
	}
	return c.awaitFront(ctx, app)
}

// start does what the driver would, in one question to the phone, or two the
// first time. It reports false for an app that it cannot start: the driver has
// more ways, and says why it has none.
func (c *Controller) start(ctx context.Context, app string) (bool, error) {
	launcher, err := c.launcher(ctx, app)
	if launcher == "" || err != nil {
		return false, err
	}
	const fromLauncher = "0x10200000" // new task, and reset it if needed
	out, err := c.runAll(ctx, []string{"am", "force-stop", app}, []string{
		"am", "start", "-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER",
		"-f", fromLauncher, "-n", launcher,
	})
	if err != nil || startError.MatchString(out) {
		delete(c.launchers, app) // the app may have been updated
		return false, unlessRefused(err)
	}
	return true, nil
}

// launcher returns the activity that begins the app; "" when the phone does not
// tell.
func (c *Controller) launcher(ctx context.Context, app string) (string, error) {
	if known := c.launchers[app]; known != "" {
		return known, nil
	}
	out, err := c.run(ctx, "cmd", "package", "resolve-activity", "--brief", app)
	if err != nil {
		return "", unlessRefused(err)
	}
	for line := range strings.Lines(out) {
		if name := strings.TrimSpace(line); strings.HasPrefix(name, app+"/") && activityName.MatchString(name) {
			c.launchers[app] = name
		}
	}
	return c.launchers[app], nil
}

// unlessRefused leaves out an error that is only the phone's no to a command.
func unlessRefused(err error) error {
	if _, refused := errors.AsType[*adb.ExitError](err); refused {
		return nil
	}
	return err
}

// explainLaunch finds out whether an app that does not start is there at all.
func (c *Controller) explainLaunch(ctx context.Context, app string, launchErr error) error {
	if errors.Is(launchErr, ErrLinkLost) || errors.Is(launchErr, ErrNotConnected) || ctx.Err() != nil {
		return launchErr
	}
	out, err := c.run(ctx, "pm", "path", app)
	if _, failed := errors.AsType[*adb.ExitError](err); (failed || err == nil) && !strings.HasPrefix(out, "package:") {
		return fault.Errorf(fault.Human, "launch %s: %w: %w", app, ErrNotInstalled, launchErr)
	}
	return launchErr
}

func (c *Controller) awaitFront(ctx context.Context, app string) error {
	giveUp := time.NewTimer(c.cfg.Timeouts.Launch)
	defer giveUp.Stop()
	tick := time.NewTicker(frontPoll)
	defer tick.Stop()
	for {
		front, err := c.front(ctx)
		if err == nil && (front == app || asksPermission(front)) {
			return nil
		}
		if errors.Is(err, ErrLinkLost) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-giveUp.C:
			return fault.Errorf(fault.Infra, "launch %s: %w within %s, in front is %q",
				app, ErrNotInFront, c.cfg.Timeouts.Launch, front)
		case <-tick.C:
		}
	}
}

// front returns the package in front; "" when there is none, as happens
// between two screens.
func (c *Controller) front(ctx context.Context) (string, error) {
	var pkg string
	err := c.drive(ctx, "ask what is in front", func(s *appium.Session) error {
		return s.Execute(ctx, "mobile: getCurrentPackage", nil, &pkg)
	})
	return pkg, err
}

// asksPermission reports whether pkg is Android's permission dialog, in
// Google's build or in the plain one.
func asksPermission(pkg string) bool { return strings.HasSuffix(pkg, ".android.permissioncontroller") }
