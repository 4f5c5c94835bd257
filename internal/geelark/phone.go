package geelark

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"postfleet/internal/fault"
)

// What a zero field of PhoneConfig stands for. Phones have been seen to take
// from 12 seconds to two minutes to start.
const (
	DefaultReadyTimeout = 4 * time.Minute
	DefaultADBTimeout   = 2 * time.Minute
)

const (
	// findTimeout lasts through one minute's limit.
	findTimeout = 2 * time.Minute
	linkTimeout = time.Minute
)

// PhoneConfig says which phone, and how long each step may take.
type PhoneConfig struct {
	// Name is the phone's serialName, exactly.
	Name string
	// EnergySaving makes the phone shut itself down after 30 idle minutes.
	EnergySaving bool
	// ReadyTimeout bounds the start, ADBTimeout the time until adb is on after
	// that, StopTimeout the stop.
	ReadyTimeout, ADBTimeout, StopTimeout time.Duration
	// Pace is how long to wait at first before asking again whether something has
	// happened; 0 is DefaultPace. A simulation that runs faster wants a faster one:
	// adb that is not on after 15 of it is turned off and on.
	Pace time.Duration
}

// Link is how a phone that runs is reached.
type Link struct {
	ID, Name string
	// Address is host:port for adb connect. It changes with every start.
	Address string
	// Password is what glogin wants. It is a secret.
	Password string
}

// String leaves the password out.
func (l Link) String() string {
	return fmt.Sprintf("cloud phone %s (%s) at %s", l.Name, l.ID, l.Address)
}

// GoString leaves the password out.
func (l Link) GoString() string { return l.String() }

// LogValue implements slog.LogValuer.
func (l Link) LogValue() slog.Value { return slog.StringValue(l.String()) }

// Phone is one cloud phone of this fleet. Its methods are for one goroutine at
// a time. Whoever calls Start calls Stop, in the end.
type Phone struct {
	cfg     PhoneConfig
	api     *Client
	book    Book
	stopper *Stopper
	pace    pace
	log     *slog.Logger
	// id is the phone's from the moment that it may run because of us, until it
	// was seen to be off.
	id string
}

// NewPhone returns the phone. Nothing is sent, and nothing booked.
func NewPhone(cfg PhoneConfig, api *Client, book Book, log *slog.Logger) *Phone {
	if cfg.ReadyTimeout <= 0 {
		cfg.ReadyTimeout = DefaultReadyTimeout
	}
	if cfg.ADBTimeout <= 0 {
		cfg.ADBTimeout = DefaultADBTimeout
	}
	log = log.With(slog.String("phone", cfg.Name))
	return &Phone{
		cfg: cfg, api: api, book: book, pace: paceOf(cfg.Pace), log: log,
		stopper: NewStopper(StopConfig{Timeout: cfg.StopTimeout, Pace: cfg.Pace}, api, book, log),
	}
}

// Start finds the phone, books it, starts it and waits until its adb is on. It
// blocks for minutes. When it fails the phone was stopped again, or the error
// is ErrStillRunning as well. A phone that runs already, and that this fleet
// has not started, is somebody else's: ErrInUse, and nothing is done to it. A
// phone that this Phone has started is only asked for its link.
func (p *Phone) Start(ctx context.Context) (Link, error) {
	if p.id != "" {
		return p.Link(ctx)
	}
	begun := time.Now()
	link, err := p.start(ctx)
	if err == nil {
		p.log.InfoContext(ctx, "cloud phone is ready", slog.Duration("took", time.Since(begun)))
		return link, nil
	}
	err = fmt.Errorf("start cloud phone %s: %w", p.cfg.Name, err)
	if errors.Is(err, ErrStillRunning) {
		return Link{}, err // that it is stopped was tried for as long as it may be
	}
	return Link{}, errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
}

// Name is the phone's.
func (p *Phone) Name() string { return p.cfg.Name }

// Adopt makes a phone that a former life of this worker has left on, and that is
// in its name in the book, one that Stop stops. It is called instead of Start.
func (p *Phone) Adopt(id string) { p.id = id }

// Link asks where the phone is now: its address may have changed. ErrNotReady
// when it does not run.
func (p *Phone) Link(ctx context.Context) (Link, error) {
	if p.id == "" {
		return Link{}, fault.Errorf(fault.Device, "%w: it was not started", ErrNotReady)
	}
	ctx, cancel := within(ctx, min(linkTimeout, p.pace.times(adbOnPaces)), fault.Device)
	defer cancel()
	var data ADBData
	err := p.pace.insist(ctx, isLasting, func(ctx context.Context) (err error) {
		data, err = p.api.ADBData(ctx, p.id).One(p.id)
		return err
	})
	if err != nil {
		return Link{}, fmt.Errorf("reach cloud phone %s: %w", p.cfg.Name, err)
	}
	return p.link(data), nil
}

// Stop stops the phone if Start has started it. See Stopper.Stop for how, and
// for its errors. After an error it may be called again.
func (p *Phone) Stop(ctx context.Context) error {
	if p.id == "" {
		return nil
	}
	if err := p.stopper.stop(ctx, p.id); err != nil {
		return err
	}
	p.id = ""
	return nil
}

func (p *Phone) link(data ADBData) Link {
	return Link{ID: p.id, Name: p.cfg.Name, Address: data.Address(), Password: data.Password}
}
