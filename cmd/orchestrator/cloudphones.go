package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"postfleet/internal/config"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/internal/geelark/phonebook"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

// cloudPhones are those that workers of a data directory have started. The
// account is asked only where there are any: a fleet without them needs no
// credentials.
type cloudPhones struct {
	place  config.Resolved
	logger *slog.Logger
}

var _ orchestrator.PhoneStopper = cloudPhones{}

// geelarkSettings is what workers are told of the service.
func geelarkSettings(r config.Resolved) workerimage.Geelark {
	g := r.Geelark
	return workerimage.Geelark{
		BaseURL: g.BaseURL, KeepWarm: workerimage.Duration(g.KeepWarm), EnergySaving: g.EnergySaving,
		StartTimeout: workerimage.Duration(g.StartTimeout), ADBTimeout: workerimage.Duration(g.ADBTimeout),
		StopTimeout: workerimage.Duration(g.StopTimeout), LoginEvery: workerimage.Duration(g.LoginEvery),
		PollEvery: workerimage.Duration(g.PollEvery), RequestsPerMinute: g.RequestsPerMinute,
		SlowLink: r.Derived.SlowLinkBytes,
	}
}

// StopLeft implements orchestrator.PhoneStopper.
func (p cloudPhones) StopLeft(ctx context.Context) ([]orchestrator.CloudPhone, error) {
	came, err := p.stop(ctx)
	var left []orchestrator.CloudPhone
	for _, o := range came {
		if o.Err != nil {
			left = append(left, orchestrator.CloudPhone{ID: o.ID, Name: o.Name, Err: o.Err})
		}
	}
	return left, err
}

// stop stops the phones of these names, or all, unless a living worker has them,
// and returns what came of each. Where the account cannot be asked, all that
// nobody holds are left.
func (p cloudPhones) stop(ctx context.Context, names ...string) (came []custody.Outcome, err error) {
	booked, err := p.booked()
	if err != nil || len(booked) == 0 {
		return nil, err
	}
	account, err := p.open()
	if err != nil {
		return withoutAccount(booked, names, err), nil
	}
	defer func() { err = errors.Join(err, account.Close()) }()
	return account.StopLeft(ctx, names...)
}

// bookedPhone is a phone in the book, and whether a living worker has it.
type bookedPhone struct {
	phonebook.Entry
	held bool
}

func (p cloudPhones) booked() ([]bookedPhone, error) {
	dataDir := p.place.Derived.DataDir
	entries, err := custody.Booked(dataDir)
	if err != nil {
		return nil, err
	}
	phones := make([]bookedPhone, len(entries))
	for i, e := range entries {
		held, err := custody.Alive(dataDir, e.Worker)
		if err != nil {
			return nil, err
		}
		phones[i] = bookedPhone{Entry: e, held: held && e.Worker != phonebook.NoWorker}
	}
	return phones, nil
}

func withoutAccount(booked []bookedPhone, names []string, err error) []custody.Outcome {
	var came []custody.Outcome
	for _, b := range booked {
		if len(names) > 0 && !slices.Contains(names, b.Name) && !slices.Contains(names, b.ID) {
			continue
		}
		o := custody.Outcome{Entry: b.Entry, Held: b.held}
		if !b.held {
			o.Err = err
		}
		came = append(came, o)
	}
	return came
}

func (p cloudPhones) open() (*custody.Custody, error) {
	credentials, err := p.credentials()
	if err != nil {
		return nil, err
	}
	g := p.place.Geelark
	return custody.Open(custody.Config{
		DataDir: p.place.Derived.DataDir, Fleet: p.place.Fleet, Worker: phonebook.NoWorker,
		BaseURL: g.BaseURL, Credentials: credentials, PerMinute: g.RequestsPerMinute,
		StopTimeout: g.StopTimeout, Pace: g.PollEvery,
	}, p.logger)
}

// credentials are those of the environment, or what an orchestrator that was
// killed has left for its workers.
func (p cloudPhones) credentials() (geelark.Credentials, error) {
	s := p.place.Secrets
	if !s.Complete() {
		s = config.Secrets{
			GeelarkToken:  p.left(workerimage.SecretGeelarkToken),
			GeelarkAppID:  p.left(workerimage.SecretGeelarkAppID),
			GeelarkAPIKey: p.left(workerimage.SecretGeelarkAPIKey),
		}
	}
	if !s.Complete() {
		return geelark.Credentials{}, fmt.Errorf("no credentials: set %s, or %s and %s",
			config.EnvGeelarkToken, config.EnvGeelarkAppID, config.EnvGeelarkAPIKey)
	}
	return geelark.Credentials{
		Token: string(s.GeelarkToken), AppID: string(s.GeelarkAppID), APIKey: string(s.GeelarkAPIKey),
	}, nil
}

func (p cloudPhones) left(name string) config.Secret {
	text, err := os.ReadFile(filepath.Join(secretsDir(p.place), name))
	if err != nil {
		return ""
	}
	return config.Secret(strings.TrimSpace(string(text)))
}
