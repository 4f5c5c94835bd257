package device

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/fault"
)

// Controller drives one phone. All methods but Check are for one goroutine at
// a time. Errors have a class:
//
//	fault.Device  at Connect: the phone does not answer
//	fault.Human   at Connect: the phone is not authorized, wants a login, or is
//	              another one; at Launch: the app is not installed
//	fault.Appium  at Connect: the Appium server does not answer
//	fault.Input   arguments that no phone could take
//	fault.Infra   everything else, above all a lost link: Connect repairs it
//
// A cancelled context stays what it is, without a class.
type Controller struct {
	cfg    Config
	adb    *adb.Client
	appium *appium.Client
	logger *slog.Logger

	// serial is the phone's own serial number, by which it is known again.
	serial string
	// provisioned is set once a session has shown that the driver's apps work.
	provisioned bool
	// reached is set when Reach made the link and nothing was done on it since.
	reached bool
	// launchers are the activities that begin apps, as the phone told.
	launchers map[string]string

	mu      sync.Mutex
	session *appium.Session // nil: none
	lost    bool            // session is beyond repair
}

// New returns a controller. It makes no call; Connect does. The caller must
// Close it.
func New(cfg Config, logger *slog.Logger) *Controller {
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	t := cfg.Timeouts
	return &Controller{
		cfg: cfg,
		adb: adb.NewClient(adb.ClientConfig{
			Program:     cfg.ADBProgram,
			Host:        cfg.ADBHost,
			Port:        cfg.ADBPort,
			Timeout:     t.ADB,
			PushTimeout: t.Push,
		}),
		appium:    appium.NewClient(cfg.AppiumURL, appium.Timeouts{Command: t.Command, NewSession: t.NewSession}),
		logger:    logger.With("address", cfg.Address),
		launchers: map[string]string{},
	}
}

// live returns the session, or nil when there is none that works.
func (c *Controller) live() *appium.Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost {
		return nil
	}
	return c.session
}

// holds reports whether there is a session, working or not.
func (c *Controller) holds() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session != nil
}

func (c *Controller) adopt(s *appium.Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session, c.lost = s, false
}

// lose marks the session as beyond repair. It stays to be deleted.
func (c *Controller) lose() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost = true
}

// take hands over the session, working or not, so that only one caller ends it.
func (c *Controller) take() *appium.Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.session
	c.session, c.lost = nil, false
	return s
}

// Check tells in at most Timeouts.Probe whether the phone is there and the
// session works. It repairs nothing and may be called by any goroutine.
func (c *Controller) Check(ctx context.Context) error {
	probe, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeouts.Probe, errNoSign)
	defer cancel()
	state, err := c.adb.State(probe, c.cfg.Address)
	if err != nil {
		return c.judge(ctx, "check phone", err)
	}
	if err := state.Err(); err != nil {
		return c.judge(ctx, "check phone", err)
	}
	return c.drive(probe, "check session", func(s *appium.Session) error {
		_, err := s.WindowRect(probe)
		return err
	})
}

// Close ends the session and the link to the phone and frees its local ports.
// It is bounded by Timeouts.Close and a few seconds, also when the phone is
// frozen, and by a deadline of ctx that is still to come; a context that has
// ended, or is cancelled meanwhile, does not cut it short. It may be called
// twice; after it only Connect may be called, which makes both anew. The error
// is for the log: nothing is left to be done about it but to stop the Appium
// server, which as a rule comes next.
func (c *Controller) Close(ctx context.Context) error {
	session := c.cfg.Timeouts.Close
	deadline, limited := ctx.Deadline()
	limited = limited && ctx.Err() == nil
	ctx = context.WithoutCancel(ctx)
	if limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
		session = min(session, time.Until(deadline)*2/3) // the rest is for the link
	}
	defer c.appium.Close()
	c.reached = false
	err := joined(c.deleteSession(ctx, session), c.dropLink(ctx))
	if err != nil {
		return fault.Errorf(fault.Infra, "release %s: %w", c.cfg.Address, err)
	}
	return nil
}
