package posting

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/internal/navigator"
)

// Device is what posting does to a phone. Every call blocks until it is done
// or ctx ends; errors carry a fault class.
type Device interface {
	navigator.Screen
	// Connect makes sure that the phone answers, mending the link when it does
	// not. Calling it on a good link costs little.
	Connect(ctx context.Context) error
	// Launch ends the app if it runs and starts it afresh.
	Launch(ctx context.Context, app string) error
	// Upload puts the file at local into the phone's gallery under name, and
	// returns where it is.
	Upload(ctx context.Context, local, name string) (remote string, err error)
	// Remove deletes what Upload returned.
	Remove(ctx context.Context, remote string) error
	// Screenshot returns the screen as PNG.
	Screenshot(ctx context.Context) ([]byte, error)
}

// Rotator gives the phone's proxy a new address. Its errors hold no secret.
type Rotator interface {
	Rotate(ctx context.Context) error
}

// What a zero field of Config stands for.
const (
	DefaultVerifyTimeout  = 3 * time.Minute
	DefaultReadingGap     = 3 * time.Second
	DefaultCleanupTimeout = 15 * time.Second
)

// Config bounds a Poster.
type Config struct {
	// ProxyRequired makes a failed rotation fail the attempt.
	ProxyRequired bool
	// AppiumLog is the log file whose end goes into the artifacts; "" is none.
	AppiumLog string
	// VerifyTimeout bounds the finding out after the share tap, which an end of
	// the caller's context does not shorten; 0 is DefaultVerifyTimeout.
	VerifyTimeout time.Duration
	// ReadingGap is the pause between two readings of the profile, at first. A post
	// counts as absent only when two readings agree; 0 is DefaultReadingGap.
	ReadingGap time.Duration
	// ProfileLag is how long a post that was published may stay off the profile. It
	// counts as absent only when it still is not there after that; 0 is half of
	// VerifyTimeout.
	ProfileLag time.Duration
	// CleanupTimeout bounds the collecting of artifacts, and again the removal
	// of the uploaded file; 0 is DefaultCleanupTimeout.
	CleanupTimeout time.Duration
}

// Attempt is one run of a job, or one look at what came of it.
type Attempt struct {
	Job jobs.PostJob
	// Number is 1 for the first.
	Number int
	// VideoPath is a readable local file. Verify does not need it.
	VideoPath string
	// Artifacts is this attempt's own directory, made on demand. The baseline
	// is kept there, so Verify needs the directory of the attempt it asks about.
	Artifacts string
	// Posting durably records that the share tap may happen from now on. It is
	// called right before the tap; an error means that there is no tap.
	Posting func(context.Context) error
	// Posted records that the post was seen on the profile.
	Posted func(context.Context) error
	// Unrotated, when set, is told why the proxy was not rotated where the attempt
	// goes on all the same.
	Unrotated func(why error)
}

// ErrAbsent is in the chain of Run's error when the share tap may have
// happened and the post was then proved not to be there.
var ErrAbsent = errors.New("posting: proved not to be on the profile")

// ErrUnseen is in the chain of Run's error when the share tap may have happened
// and there was no way of looking at the profile: Verify may help, later.
var ErrUnseen = errors.New("posting: the profile could not be looked at")

// Poster posts on one phone. It does one attempt at a time: it is not safe for
// concurrent use.
type Poster struct {
	cfg    Config
	dev    Device
	nav    *navigator.Navigator
	rotate Rotator
	logger *slog.Logger
}

// New returns a Poster. A nil rotate rotates nothing; a nil logger discards.
func New(cfg Config, dev Device, nav *navigator.Navigator, rotate Rotator, logger *slog.Logger) *Poster {
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{
		{&cfg.VerifyTimeout, DefaultVerifyTimeout},
		{&cfg.ReadingGap, DefaultReadingGap},
		{&cfg.CleanupTimeout, DefaultCleanupTimeout},
	} {
		if *d.field <= 0 {
			*d.field = d.fallback
		}
	}
	if cfg.ProfileLag <= 0 {
		cfg.ProfileLag = cfg.VerifyTimeout / 2
	}
	if logger == nil {
		logger = logging.Discard()
	}
	return &Poster{cfg: cfg, dev: dev, nav: nav, rotate: rotate, logger: logger}
}
