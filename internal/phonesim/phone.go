package phonesim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"postfleet/internal/phonesim/adbd"
	"postfleet/internal/phonesim/android"
	"postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/ui"
	"postfleet/internal/phonesim/uia2"
)

// Phone is one simulated phone. It is safe for concurrent use.
type Phone struct {
	cfg      Config
	scratch  string
	posts    *posts
	storage  *android.Storage
	app      *app.App
	renderer *ui.Renderer
	device   *android.Device
	link     link
	login    login
	off      atomic.Bool // as a cloud phone is, when nobody rents it
	faults   *schedule
	control  net.Listener // nil without an address of its own
	// automation is the last UiAutomator2 server that was started.
	automation atomic.Pointer[uia2.Server]
}

// New makes a phone, reads its state and opens its ports. The caller calls
// Run, which alone releases all that, also when its context is done already.
func New(cfg Config) (*Phone, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	p := &Phone{cfg: cfg}
	if err := p.build(); err != nil {
		return nil, errors.Join(err, p.release())
	}
	return p, nil
}

func (p *Phone) build() error {
	var err error
	if p.posts, err = openPosts(p.cfg.StateFile, p.cfg.PeersDir); err != nil {
		return err
	}
	if p.renderer, err = ui.NewRenderer(); err != nil {
		return fmt.Errorf("load fonts: %w", err)
	}
	if p.scratch, err = os.MkdirTemp(p.cfg.ScratchDir, "phonesim-*"); err != nil {
		return fmt.Errorf("make scratch directory: %w", err)
	}
	p.storage = android.NewStorage(p.scratch)
	p.app, err = app.New(app.Config{
		Accounts: p.cfg.Accounts, Store: p.posts, Gallery: gallery{p.storage},
		Language: p.cfg.Language, UploadTime: p.cfg.UploadTime, PostThenDieFunc: p.die, Logger: p.cfg.Logger,
	})
	if err != nil {
		return err
	}
	p.device = android.New(p.deviceConfig())
	if p.link.server, err = adbd.Listen(p.adbdConfig(), p.cfg.Logger); err != nil {
		return err
	}
	p.link.closed = p.cfg.ADBAddress == ""
	p.faults = newSchedule(p.effects(), p.cfg.Logger)
	if p.cfg.ControlAddress == "" {
		return nil
	}
	if p.control, err = net.Listen("tcp", p.cfg.ControlAddress); err != nil {
		return fmt.Errorf("listen for the control api: %w", err)
	}
	return nil
}

// release ends and frees whatever was built so far, in reverse.
func (p *Phone) release() error {
	var err error
	if p.control != nil {
		if e := p.control.Close(); !errors.Is(e, net.ErrClosed) {
			err = e
		}
	}
	if p.faults != nil {
		p.faults.End()
	}
	if p.link.server != nil {
		p.link.server.Close()
	}
	if p.device != nil {
		p.device.Close()
	}
	if p.app != nil {
		p.app.Close()
	}
	if p.scratch != "" {
		err = errors.Join(err, os.RemoveAll(p.scratch))
	}
	return err
}

// Run is the phone's life: it serves adb and the control API until ctx is
// done, and returns when everything it started has ended. It is called once.
func (p *Phone) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.link.server.Run(ctx) })
	if p.control != nil {
		group.Go(func() error { return Serve(ctx, p.control, p.Handler()) })
	}
	err := group.Wait()
	return errors.Join(err, p.release())
}

// ADBAddress is the host:port that adb can connect to; "" while adb is shut.
func (p *Phone) ADBAddress() string { return p.link.server.Address() }

// ControlAddress is the host:port of the control API; "" when it has none.
func (p *Phone) ControlAddress() string {
	if p.control == nil {
		return ""
	}
	return p.control.Addr().String()
}
