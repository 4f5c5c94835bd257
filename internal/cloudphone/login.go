package cloudphone

import (
	"context"
	"sync"
	"time"

	"postfleet/internal/logging"
)

// renew renews the login of the phone that is on.
func (d *Device) renew(ctx context.Context) {
	ctl := d.driver()
	if ctl == nil {
		return
	}
	if err := ctl.Login(ctx); err != nil && ctx.Err() == nil {
		d.logger.WarnContext(ctx, "login of the cloud phone not renewed", logging.Err(err))
	}
}

// renewal does something every now and then, until it is stopped.
type renewal struct {
	end  context.CancelFunc
	done sync.WaitGroup
}

// start starts it, unless it runs. It outlives ctx.
func (r *renewal) start(ctx context.Context, every time.Duration, do func(context.Context)) {
	if r.end != nil {
		return
	}
	ctx, r.end = context.WithCancel(context.WithoutCancel(ctx))
	r.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				do(ctx)
			}
		}
	})
}

// stop waits until it has ended. Safe to call twice.
func (r *renewal) stop() {
	if r.end != nil {
		r.end()
		r.done.Wait()
		r.end = nil
	}
}
