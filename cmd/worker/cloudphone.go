package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"postfleet/internal/cloudphone"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/custody"
	"postfleet/workerimage"
)

// openAccount opens the account that the worker's cloud phones are rented on.
func (a *app) openAccount(s workerimage.Settings, logger *slog.Logger) (*custody.Custody, error) {
	credentials, err := a.credentials()
	if err != nil {
		return nil, err
	}
	g := s.Geelark
	return custody.Open(custody.Config{
		DataDir: a.places.data, Fleet: s.Fleet, Worker: s.WorkerID,
		BaseURL: g.BaseURL, Credentials: credentials, PerMinute: g.RequestsPerMinute,
		StopTimeout: time.Duration(g.StopTimeout), Pace: time.Duration(g.PollEvery),
	}, logger)
}

func (a *app) credentials() (geelark.Credentials, error) {
	var c geelark.Credentials
	for _, secret := range []struct {
		name string
		to   *string
	}{
		{workerimage.SecretGeelarkToken, &c.Token},
		{workerimage.SecretGeelarkAppID, &c.AppID},
		{workerimage.SecretGeelarkAPIKey, &c.APIKey},
	} {
		text, err := os.ReadFile(filepath.Join(a.places.secrets, secret.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return geelark.Credentials{}, fault.Errorf(fault.Input, "read secret: %w", err)
		}
		*secret.to = strings.TrimSpace(string(text))
	}
	if c.Token == "" && (c.AppID == "" || c.APIKey == "") {
		return geelark.Credentials{}, fault.Errorf(fault.Input,
			"the device is a cloud phone, but there is no secret %s, nor %s with %s",
			workerimage.SecretGeelarkToken, workerimage.SecretGeelarkAppID, workerimage.SecretGeelarkAPIKey)
	}
	return c, nil
}

// rentTime is what the start of a phone may take, the stop of another, and
// that of its own when it fails, included; stopTime what a stop may. 0 is the worker's default.
func rentTime(g workerimage.Geelark) time.Duration {
	const finding = 3 * time.Minute // its name, and who holds it
	if g.StartTimeout == 0 || g.ADBTimeout == 0 || g.StopTimeout == 0 {
		return 0
	}
	return finding + time.Duration(g.StartTimeout+g.ADBTimeout+2*g.StopTimeout)
}

func stopTime(g workerimage.Geelark) time.Duration {
	const writing = 30 * time.Second // what came of it
	if g.StopTimeout == 0 {
		return 0
	}
	return writing + time.Duration(g.StopTimeout)
}

// cloudPhone returns the worker's phone, which is off.
func cloudPhone(
	s workerimage.Settings, account *custody.Custody, drive device.Config, logger *slog.Logger,
) *cloudphone.Device {
	g, name := s.Geelark, s.Device.CloudPhone
	if name == workerimage.ByAccount {
		name = ""
	}
	drive.SlowLink = g.SlowLink
	rent := func(name string) *geelark.Phone {
		return geelark.NewPhone(geelark.PhoneConfig{
			Name: name, EnergySaving: g.EnergySaving,
			ReadyTimeout: time.Duration(g.StartTimeout), ADBTimeout: time.Duration(g.ADBTimeout),
			StopTimeout: time.Duration(g.StopTimeout), Pace: time.Duration(g.PollEvery),
		}, account.Client, account.Book, logger)
	}
	return cloudphone.New(cloudphone.Config{
		Name: name, LoginEvery: time.Duration(g.LoginEvery), Device: drive,
		RentFunc: rent, LeftFunc: func() ([]*geelark.Phone, error) { return left(account, rent) },
	}, logger)
}

// left are the phones that this worker left on when it was killed.
func left(account *custody.Custody, rent func(name string) *geelark.Phone) ([]*geelark.Phone, error) {
	own, err := account.Own()
	phones := make([]*geelark.Phone, len(own))
	for i, e := range own {
		phones[i] = rent(e.Name)
		phones[i].Adopt(e.ID)
	}
	return phones, err
}
