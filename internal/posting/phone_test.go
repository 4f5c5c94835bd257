package posting_test

import (
	"context"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/posting"
)

// phone is a handset with trouble at any call.
type phone struct {
	*handset.Handset
	t *testing.T
	// troubleFunc, when set, is asked at the n-th call (from 1) and may fail it.
	troubleFunc func(ctx context.Context, n int, call string) error
}

var _ posting.Device = (*phone)(nil)

func newPhone(t *testing.T, cfg app.Config) *phone {
	t.Helper()
	p := &phone{t: t}
	if cfg.Accounts == nil {
		cfg.Accounts = []string{"shop_b", "shop_a", "shop_c"}
	}
	var err error
	if p.Handset, err = handset.New(handset.Config{App: cfg, Terse: true, CallFunc: p.called}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func (p *phone) called(ctx context.Context, n int, name string) error {
	if p.troubleFunc != nil {
		if err := p.troubleFunc(ctx, n, name); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fault.Errorf(fault.Infra, "%s: %w", name, ctx.Err())
	}
	return nil
}

// captions are what an account has posted, newest first.
func (p *phone) captions(account string) []string {
	posts, _ := p.Service.Posts(account)
	var captions []string
	for _, post := range posts {
		captions = append(captions, post.Caption)
	}
	return captions
}

// brokenAt fails the n-th call and, with forever, every later one.
func brokenAt(n int, forever bool, err error) func(context.Context, int, string) error {
	return func(_ context.Context, now int, _ string) error {
		if now == n || forever && now > n {
			return err
		}
		return nil
	}
}

// frozenFrom lets no call from the n-th on answer before the driver gives up.
func frozenFrom(n int) func(context.Context, int, string) error {
	return func(ctx context.Context, now int, call string) error {
		if now < n {
			return nil
		}
		timer := time.NewTimer(30 * time.Second)
		defer timer.Stop()
		select {
		case <-timer.C:
			return fault.Errorf(fault.Device, "%s: the phone does not answer", call)
		case <-ctx.Done():
			return fault.Errorf(fault.Infra, "%s: %w", call, ctx.Err())
		}
	}
}
