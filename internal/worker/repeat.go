package worker

import (
	"context"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/logging"
)

// obstacle returns why the job is not to be tried: its video cannot be read, or
// was posted for the account before, by this ledger's word or an earlier one's.
// Another job of the account cannot post it meanwhile: the account is claimed.
func (a *attempt) obstacle(ctx context.Context) (why string, err error) {
	if why, ok := jobs.MissingVideos(a.files.media(), []jobs.PostJob{a.job})[a.job.ID]; ok {
		return why, nil
	}
	if err := a.hash(ctx); err != nil || a.job.AllowRepeat {
		return "", err
	}
	log, err := jobs.ReadPosted(a.files.posted(), func(account string) bool { return account == a.job.Account })
	if err != nil {
		return "", err
	}
	if before, ok := log.Find(a.job.Account, a.sum); ok {
		return before.Repeat(), nil
	}
	return "", nil
}

func (a *attempt) hash(ctx context.Context) error {
	if a.sum != "" {
		return nil
	}
	path, err := jobs.ResolveVideo(a.files.media(), a.job.Video)
	if err == nil {
		a.sum, err = jobs.HashVideo(ctx, path)
	}
	return err
}

// remember puts the post into posted.csv, before the ledger calls it a success:
// a worker that dies between the two has left a claim that is verified, and the
// post is then there twice, which says no more than once.
func (a *attempt) remember(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.Patience.Record)
	defer cancel()
	if a.sum == "" { // another worker posted it
		if err := a.hash(ctx); err != nil {
			a.logger.WarnContext(ctx, "post not in posted.csv, its video is gone", logging.Err(err))
			return
		}
	}
	post := jobs.Posted{Account: a.job.Account, SHA256: a.sum, JobID: a.job.ID, At: time.Now()}
	a.append(ctx, a.files.posted(), func(path string) error { return jobs.AppendPosted(path, post) })
}
