package posting

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
	"postfleet/internal/navigator"
	"postfleet/internal/recipe"
)

// run is one attempt under way.
type run struct {
	*Poster
	nav    *navigator.Navigator // the Poster's, logging with the job's attributes
	a      Attempt
	slots  map[string]string
	logger *slog.Logger
	remote string
	before reading
	// tapped: Posting returned nil, so the share tap may have happened.
	tapped bool
	// looked is when the profile was first read since, zero for never.
	looked time.Time
	// refused is Posting's error.
	refused error
	// unrotated is why the proxy was not rotated, where that was not required.
	unrotated error
}

func (p *Poster) begin(a Attempt) *run {
	slots := maps.Clone(a.Job.Extra)
	if slots == nil {
		slots = map[string]string{}
	}
	slots[recipe.SlotAccount] = a.Job.Account
	slots[recipe.SlotCaption] = a.Job.Caption
	logger := p.logger.With(
		slog.Int(logging.KeyJob, a.Job.ID),
		slog.String(logging.KeyAccount, a.Job.Account),
		slog.Int(logging.KeyAttempt, a.Number))
	return &run{Poster: p, nav: p.nav.With(logger), a: a, slots: slots, logger: logger}
}

// Run makes one attempt and returns nil when the post was seen on the profile
// on a fresh screen. It blocks until then, also past the end of ctx: once the
// share tap may have happened, what came of it is found out all the same, which
// takes at most Config.VerifyTimeout and Config.CleanupTimeout twice.
//
// An error's class says what happened. Infra, Device, Human and Appium: nothing
// was published and another attempt may succeed. Account, Content and Input:
// nothing was published and none will. OutcomeUnknown: the share tap may have
// happened and nothing is proved, with ErrUnseen in the chain because the
// profile could not be read. With ErrAbsent in the chain the share tap may
// have happened and the post is proved not to be there. When ctx was cancelled
// before the share tap, the error is the context's, without a class. When
// Attempt.Posting refused, it is that error. One of an attempt whose proxy was
// not rotated says so.
func (p *Poster) Run(ctx context.Context, a Attempt) error {
	if err := a.check(); err != nil {
		return err
	}
	r := p.begin(a)
	defer r.removeUpload(ctx)
	err := r.publish(ctx)
	if r.tapped || err == nil {
		err = r.conclude(ctx, err)
	} else {
		err = r.spoiled(ctx, err)
	}
	if err != nil && r.unrotated != nil {
		// As text: the class is that of what went wrong.
		err = fmt.Errorf("%w; before it, proxy not rotated: %v", err, r.unrotated) //nolint:errorlint // see above
	}
	return err
}

// publish does everything up to the app's own word that the post is shared.
func (r *run) publish(ctx context.Context) error {
	if err := r.rotateProxy(ctx); err != nil {
		return err
	}
	if err := r.dev.Connect(ctx); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	remote, err := r.dev.Upload(ctx, r.a.VideoPath, r.uploadName())
	if err != nil {
		return fmt.Errorf("upload video: %w", err)
	}
	r.remote = remote
	if err := r.dev.Launch(ctx, r.nav.AppID()); err != nil {
		return fmt.Errorf("launch app: %w", err)
	}
	walk := r.nav.Walk(r.dev, r.slots, r.commit)
	if r.before, err = r.profile(ctx, walk, true); err != nil {
		return err
	}
	err = writeBaseline(r.a.Artifacts, r.baseline())
	if err != nil {
		return fault.Mark(fault.Infra, err)
	}
	_, err = walk.Run(ctx, recipe.FlowPost)
	return err
}

// baseline is what is known of the profile as it was before.
func (r *run) baseline() baseline {
	return baseline{JobID: r.a.Job.ID, Account: r.a.Job.Account, At: time.Now().UTC(), reading: r.before}
}

// confirm keeps the app's word for whoever verifies if this worker cannot.
func (r *run) confirm(ctx context.Context) {
	b := r.baseline()
	b.Confirmed = true
	if err := writeBaseline(r.a.Artifacts, b); err != nil {
		r.logger.WarnContext(ctx, "the app's word is not on disk", logging.Err(err))
	}
}

// remember lets a later look go on where this one ends.
func (r *run) remember(ctx context.Context, b baseline) {
	b.Looked = r.looked
	if err := writeBaseline(r.a.Artifacts, b); err != nil {
		r.logger.WarnContext(ctx, "the time of the look is not on disk", logging.Err(err))
	}
}

func (r *run) rotateProxy(ctx context.Context) error {
	if r.rotate == nil {
		return nil
	}
	err := r.rotate.Rotate(ctx)
	switch {
	case err == nil:
		r.logger.InfoContext(ctx, "proxy rotated")
		return nil
	case r.cfg.ProxyRequired || ctx.Err() != nil:
		return err
	}
	r.unrotated = err
	if r.a.Unrotated != nil {
		r.a.Unrotated(err)
	}
	r.logger.WarnContext(ctx, "proxy not rotated, the job goes on", logging.Err(err))
	return nil
}

// uploadName is unlike any other attempt's. What the job's file is called is
// data and does not reach the phone, but for a plain extension.
func (r *run) uploadName() string {
	ext := strings.ToLower(filepath.Ext(r.a.VideoPath))
	if !regexp.MustCompile(`^\.[a-z0-9]{1,8}$`).MatchString(ext) {
		ext = ".mp4"
	}
	return fmt.Sprintf("postfleet-%d-%d%s", r.a.Job.ID, r.a.Number, ext)
}

// commit is called by the navigator right before the share tap.
func (r *run) commit(ctx context.Context) error {
	if err := r.a.Posting(ctx); err != nil {
		r.refused = err
		return err
	}
	r.tapped = true
	return nil
}

// profile reads the account's profile, bringing the account to the front first
// when asked to.
func (r *run) profile(ctx context.Context, walk *navigator.Walk, switchFirst bool) (reading, error) {
	if switchFirst {
		if _, err := walk.Run(ctx, recipe.FlowSwitchAccount); err != nil {
			return reading{}, err
		}
	}
	values, err := walk.Run(ctx, recipe.FlowProfile)
	if err != nil {
		return reading{}, err
	}
	now, err := newReading(values)
	if err != nil {
		return reading{}, fault.Errorf(fault.Infra, "read profile: %w", err)
	}
	now.Hearsay = walk.Hearsay()
	return now, nil
}

// spoiled is what Run returns when the share tap was not reached.
func (r *run) spoiled(ctx context.Context, err error) error {
	switch {
	case r.refused != nil:
		return fmt.Errorf("not shared: %w", err)
	case errors.Is(ctx.Err(), context.Canceled):
		return interrupted(ctx)
	}
	r.keepArtifacts(ctx)
	if ctx.Err() != nil {
		return fault.Errorf(fault.Infra, "%w: %w", interrupted(ctx), err)
	}
	return classed(err)
}

// interrupted is the end of ctx as an error: its kind, and its cause when that
// says more.
func interrupted(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return fmt.Errorf("interrupted: %w", cause)
	}
	return fmt.Errorf("interrupted: %w: %w", err, cause)
}

// classed takes an error that nobody classified for our own plumbing's.
func classed(err error) error {
	if fault.Of(err) == fault.Unclassified {
		return fault.Mark(fault.Infra, err)
	}
	return err
}

func (r *run) removeUpload(ctx context.Context) {
	if r.remote == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.cfg.CleanupTimeout)
	defer cancel()
	if err := r.dev.Remove(ctx, r.remote); err != nil {
		r.logger.WarnContext(ctx, "uploaded video left on the phone", logging.Err(err))
	}
}
