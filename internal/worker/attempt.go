package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/jobs"
	"postfleet/internal/logging"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
)

// attempt is one claim being worked on.
type attempt struct {
	*Worker
	claim  progress.Claim
	logger *slog.Logger
	begun  time.Time
	// job is the claim's, with what only jobs.csv has of it.
	job jobs.PostJob
	// sum is the video's content once it was read.
	sum string
	// recorded: the ledger has phase posting, so the share tap may happen.
	recorded bool
	// unrotated is why the proxy was not rotated, where the job went on.
	unrotated error
}

// hold is a claim that was just made.
func (w *Worker) hold(ctx context.Context, c progress.Claim) *attempt {
	a := &attempt{Worker: w, claim: c, job: c.Job, logger: w.logger.With(
		slog.Int(logging.KeyJob, c.Job.ID),
		slog.String(logging.KeyAccount, c.Job.Account),
		slog.Int(logging.KeyAttempt, c.Attempt),
	)}
	a.logger.InfoContext(ctx, "job claimed", slog.Bool("verify", c.Verify))
	return a
}

// attempt works on a claim and records what came of it. Its error ends the
// worker; a job that fails does not.
func (w *Worker) attempt(ctx context.Context, a *attempt) error {
	a.begun = time.Now()
	w.served++
	if w.parts.Model != nil {
		w.parts.Model.Begin(strconv.Itoa(a.job.ID))
	}
	w.pulse.set(stateWorking, a.job.ID, w.cfg.JobTimeout+w.cfg.Patience.Grace)
	d := a.work(ctx)
	w.ctl.endJob()
	if d.err != nil && fatal(d.err) {
		a.logger.ErrorContext(ctx, "job dropped, it is not ours to end", logging.Err(d.err))
		return d.err
	}
	w.pulse.set(stateRecording, a.job.ID, 2*w.cfg.Patience.Record+w.cfg.Patience.Ledger)
	if d.outcome == progress.Success() {
		a.remember(ctx)
	}
	outcome, err := a.finish(ctx, d.outcome)
	if err != nil {
		return err
	}
	a.report(ctx, outcome, d.err)
	return w.judge(d.err)
}

// work makes the attempt. A panic is the attempt's, not the worker's.
func (a *attempt) work(ctx context.Context) (d decision) {
	defer func() {
		if v := recover(); v != nil {
			a.logger.ErrorContext(ctx, "panic",
				slog.Any(logging.KeyError, v), slog.String("stack", string(debug.Stack())))
			d = a.panicked(v)
		}
	}()
	alive := ctx
	ctx, cancel := context.WithTimeout(ctx, a.cfg.JobTimeout)
	defer cancel()
	lim := limits{attempts: a.cfg.MaxAttempts, delay: a.cfg.RetryDelay}
	if a.claim.Phase == progress.PhasePosted {
		return decision{outcome: progress.Success()} // its post was seen before the worker died
	}
	a.complete(ctx)
	if a.claim.Verify {
		verdict, err := a.parts.Poster.Verify(ctx, a.order())
		return lim.afterVerify(a.claim, verdict, asked(alive, err), time.Now())
	}
	why, err := a.obstacle(ctx)
	if why != "" {
		return decision{outcome: progress.Skip(why), err: fault.Errorf(fault.Input, "%s", why)}
	}
	if err == nil {
		err = a.parts.Poster.Run(ctx, a.order())
	}
	return lim.afterRun(a.claim, asked(alive, err), a.recorded, time.Now())
}

// complete adds to the job what only jobs.csv has.
func (a *attempt) complete(ctx context.Context) {
	job, err := a.files.complete(a.claim.Job)
	if err != nil {
		a.logger.WarnContext(ctx, "extra columns not read", logging.Err(err))
	}
	a.job = job
}

// asked takes a cancellation that nobody asked for as a fault of ours: as an
// interruption, which is no attempt, it would go round for ever.
func asked(ctx context.Context, err error) error {
	if interrupted(err) && ctx.Err() == nil {
		return fault.Mark(fault.Infra, err)
	}
	return err
}

func (a *attempt) panicked(v any) decision {
	err := fmt.Errorf("panic: %v", v)
	if a.recorded || a.claim.Verify {
		return unknown(err)
	}
	return decision{outcome: progress.Fail(err.Error()), err: err}
}

// order is what the Poster is told.
func (a *attempt) order() posting.Attempt {
	o := posting.Attempt{
		Job: a.job, Number: a.claim.Attempt,
		Artifacts: a.files.artifacts(a.job.ID, a.claim.Attempt),
		Posting:   a.recordPosting,
		Posted:    a.recordPosted,
		Unrotated: func(why error) { a.unrotated = why },
	}
	if a.claim.Verify {
		o.Artifacts = a.files.lastArtifacts(a.job.ID, a.claim.Attempt)
		return o
	}
	// It resolved a moment ago; should it not now, the Poster finds no file.
	o.VideoPath, _ = jobs.ResolveVideo(a.files.media(), a.job.Video)
	return o
}

// recordPosting is the last thing before the share tap.
func (a *attempt) recordPosting(ctx context.Context) error {
	if err := a.ctl.beginPosting(); err != nil {
		return err
	}
	err := a.insist(ctx, "record phase posting", a.cfg.Patience.Claim, func(ctx context.Context) error {
		return a.member.SetPhase(ctx, a.claim, progress.PhasePosting)
	})
	if err == nil {
		a.recorded = true
		a.logger.InfoContext(ctx, "share tap follows", slog.String(logging.KeyPhase, string(progress.PhasePosting)))
	}
	return err
}

func (a *attempt) recordPosted(ctx context.Context) error {
	return a.insist(ctx, "record phase posted", a.cfg.Patience.Claim, func(ctx context.Context) error {
		return a.member.SetPhase(ctx, a.claim, progress.PhasePosted)
	})
}

// finish writes the outcome, whatever else is going on, and returns what was
// written. Until it is, nothing else is claimed. An outcome that the ledger
// finds impossible is one we were wrong about: then nobody can tell.
func (a *attempt) finish(ctx context.Context, o progress.Outcome) (progress.Outcome, error) {
	ctx = context.WithoutCancel(ctx)
	write := func(o progress.Outcome) error {
		return a.insist(ctx, "record outcome", a.cfg.Patience.Record, func(ctx context.Context) error {
			return a.member.Finish(ctx, a.claim, o)
		})
	}
	err := write(o)
	if errors.Is(err, progress.ErrImpossible) {
		a.logger.ErrorContext(ctx, "outcome refused", logging.Err(err))
		o = progress.Unknown(o.Reason())
		err = write(o)
	}
	if err != nil {
		return o, fmt.Errorf("record outcome of job %d: %w", a.claim.Job.ID, err)
	}
	return o, nil
}

// report tells the log and results.csv. A released job was not tried.
func (a *attempt) report(ctx context.Context, o progress.Outcome, err error) {
	ctx = context.WithoutCancel(ctx)
	class := fault.Of(err)
	attrs := []slog.Attr{
		slog.String("status", string(o.Status())), slog.String(logging.KeyClass, class.String()),
		slog.Duration("took", time.Since(a.begun)),
	}
	level := slog.LevelInfo
	if err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, logging.Err(err))
	}
	a.logger.LogAttrs(ctx, level, "job ended", attrs...)
	if o == progress.Release() {
		return
	}
	result := jobs.Result{
		Time: time.Now(), JobID: a.claim.Job.ID, Account: a.claim.Job.Account, Video: a.claim.Job.Video,
		Status: string(o.Status()), Error: a.remark(o), ErrorClass: class.String(),
		WorkerID: a.cfg.ID, Device: a.cfg.Device, Attempt: a.claim.Attempt, Duration: time.Since(a.begun),
	}
	if a.parts.Model != nil {
		result.ModelCalls, result.ModelCostUSD = a.parts.Model.Used()
	}
	a.append(ctx, a.files.results(), func(path string) error { return jobs.AppendResult(path, result) })
}

// judge says what an attempt's error means for the worker: nil to go on.
func (w *Worker) judge(err error) error {
	class := fault.Of(err)
	switch {
	case class == fault.Human:
		return err
	case err == nil, class == fault.Account, class == fault.Content:
		w.troubles = 0
		w.contact = time.Now()
		return nil
	case class == fault.Input, interrupted(err):
		return nil // the phone was not asked
	}
	w.contact = time.Time{} // ask it before the next claim
	if errors.Is(err, posting.ErrAbsent) || class == fault.OutcomeUnknown {
		return nil // it did what it was told, up to the share tap
	}
	if w.troubles++; w.troubles >= maxTroubles {
		return fault.Errorf(fault.Device, "%d attempts in a row were spoiled, the last: %w", w.troubles, err)
	}
	return nil
}
