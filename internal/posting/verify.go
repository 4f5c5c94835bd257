package posting

import (
	"context"
	"fmt"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/logging"
)

// longestGap caps the growing pause between two readings of the profile.
const longestGap = 30 * time.Second

// Verify finds out what came of an attempt whose worker died after it recorded
// phase posting. It only looks: nothing is published or changed, and it may be
// asked again. It blocks for at most Config.VerifyTimeout and, when it ends with
// VerdictUnknown, Config.CleanupTimeout for artifacts of its own.
//
// VerdictPosted and VerdictAbsent come without an error and are proved. With
// VerdictUnknown the error says why: of class OutcomeUnknown when the profile
// was read and proves nothing; of another class, or the context's, when the
// profile could not be read, and asking again may help.
func (p *Poster) Verify(ctx context.Context, a Attempt) (Verdict, error) {
	r := p.begin(a)
	before, lost := readBaseline(a.Artifacts, a.Job)
	if before != nil && before.Looked.Before(time.Now()) {
		r.looked = before.Looked
	}
	bounded, cancel := context.WithTimeout(ctx, p.cfg.VerifyTimeout)
	defer cancel()
	verdict, err := r.settle(bounded, before.readingOf(), before.confirmed(), true)
	switch {
	case verdict != VerdictUnknown:
		return verdict, nil
	case ctx.Err() != nil:
		return VerdictUnknown, interrupted(ctx)
	}
	r.keepLook(ctx)
	if before != nil {
		r.remember(ctx, *before)
	}
	if lost != nil && fault.Is(err, fault.OutcomeUnknown) {
		return VerdictUnknown, fault.Errorf(fault.OutcomeUnknown, "%w (%w)", err, lost)
	}
	return VerdictUnknown, err
}

// conclude finds out what became of the share tap. shared is nil when the app
// said that the post is shared, else what went wrong instead.
func (r *run) conclude(ctx context.Context, shared error) error {
	ctx = context.WithoutCancel(ctx)
	if shared != nil {
		r.logger.WarnContext(ctx, "no word of the share, looking at the profile", logging.Err(shared))
		r.keepArtifacts(ctx)
	}
	bounded, cancel := context.WithTimeout(ctx, r.cfg.VerifyTimeout)
	defer cancel()
	confirmed := shared == nil
	if confirmed {
		r.confirm(ctx)
	}
	verdict, why := r.settle(bounded, &r.before, confirmed, !confirmed)
	switch verdict {
	case VerdictPosted:
		if err := r.a.Posted(ctx); err != nil {
			// The proof stands; whoever ends the claim writes the ledger again.
			r.logger.WarnContext(ctx, "phase posted not recorded", logging.Err(err))
		}
		return nil
	case VerdictAbsent:
		return fault.Errorf(absentClass(shared), "%w: %v", ErrAbsent, shared)
	default:
		return r.unproved(ctx, shared, why)
	}
}

// unproved is the error of a share of which nobody can tell. Causes are told,
// not wrapped, here and with ErrAbsent: from the share tap on, the end of a
// context in the chain must not be taken for an attempt that did nothing.
func (r *run) unproved(ctx context.Context, shared, why error) error {
	said := "the app said that it shared"
	if shared != nil {
		said = shared.Error()
		r.remember(ctx, r.baseline())
	} else {
		r.keepArtifacts(ctx)
	}
	if mayBeSeenLater(why) {
		return fault.Errorf(fault.OutcomeUnknown, "%w: %s; then: %v", ErrUnseen, said, why)
	}
	return fault.Errorf(fault.OutcomeUnknown, "%s; then: %v", said, why)
}

// mayBeSeenLater reports whether the profile was not read, for a reason that
// passes or that a person can mend.
func mayBeSeenLater(why error) bool {
	switch fault.Of(why) {
	case fault.Infra, fault.Device, fault.Appium, fault.Human:
		return true
	default:
		return false
	}
}

// absentClass is the class of a share that came to nothing: the screen's own
// word where it spoke of the account or the content.
func absentClass(shared error) fault.Class {
	switch c := fault.Of(shared); c {
	case fault.Account, fault.Content:
		return c
	default:
		return fault.Infra
	}
}

// settle reads the profile until it proves something, until two readings agree
// that it does not, or until ctx ends. The profile may be behind, so the two count
// only once the first reading is Config.ProfileLag old, be it one of an earlier
// look: before it, whatever was being shared was published, or ended by the fresh
// start of the app. With confirmed, the app's own word, a missing post only means
// that the profile is behind: settle waits for it, and never concludes that it is
// absent. With afresh the first look is one at an app that was started anew. An
// unknown verdict comes with its reason.
func (r *run) settle(ctx context.Context, before *reading, confirmed, afresh bool) (Verdict, error) {
	var last *reading
	var reason error
	gap := r.cfg.ReadingGap
	for ; ; afresh = true {
		now, err := r.look(ctx, afresh)
		if err != nil {
			last, reason = nil, earlier(ctx, reason, err)
		} else {
			if r.looked.IsZero() {
				r.looked = time.Now()
			}
			verdict, why := judge(before, now, r.a.Job.Caption)
			agreed := last != nil && last.equal(now) && !confirmed && time.Since(r.looked) >= r.cfg.ProfileLag
			if verdict == VerdictPosted || verdict == VerdictAbsent && agreed {
				return verdict, nil
			}
			last, reason = &now, inconclusive(verdict, confirmed, why)
			if agreed {
				return VerdictUnknown, reason
			}
		}
		if hopeless(err) || !wait(ctx, r.pause(gap)) {
			return VerdictUnknown, reason
		}
		gap = min(2*gap, longestGap)
	}
}

// pause is gap, or what is left until the first reading is old enough.
func (r *run) pause(gap time.Duration) time.Duration {
	if left := r.cfg.ProfileLag - time.Since(r.looked); left > 0 && !r.looked.IsZero() {
		return min(gap, left)
	}
	return gap
}

// inconclusive is the reason of a reading that is not the last word. Of a post
// that is missing, and would be absent if there were time, another claim may
// have more.
func inconclusive(verdict Verdict, confirmed bool, why string) error {
	if verdict == VerdictAbsent && !confirmed {
		return fault.Errorf(fault.Infra, "%s, but not yet for long enough", why)
	}
	return fault.Errorf(fault.OutcomeUnknown, "%s", why)
}

// earlier keeps the last reason that says more than that the time is up.
func earlier(ctx context.Context, reason, err error) error {
	if reason != nil && ctx.Err() != nil {
		return reason
	}
	return classed(err)
}

// hopeless reports whether another look would meet the same.
func hopeless(err error) bool {
	switch fault.Of(err) {
	case fault.Account, fault.Content, fault.Human, fault.Input:
		return true
	default:
		return false
	}
}

// look reads the profile on a fresh screen. Afresh starts the app anew on a
// mended link, which also ends whatever the app was still sharing.
func (r *run) look(ctx context.Context, afresh bool) (reading, error) {
	walk := r.nav.Walk(r.dev, r.slots, nil)
	if !afresh {
		return r.profile(ctx, walk, false)
	}
	if err := r.dev.Connect(ctx); err != nil {
		return reading{}, fmt.Errorf("connect: %w", err)
	}
	if err := r.dev.Launch(ctx, r.nav.AppID()); err != nil {
		return reading{}, fmt.Errorf("launch app: %w", err)
	}
	return r.profile(ctx, walk, true)
}

// wait reports whether d passed before ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
