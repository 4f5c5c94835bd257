package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"postfleet/internal/adb"
	"postfleet/internal/appium"
	"postfleet/internal/device"
	"postfleet/internal/fault"
	"postfleet/internal/guide"
	"postfleet/internal/navigator"
	"postfleet/internal/posting"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
	"postfleet/internal/proxy"
	"postfleet/internal/recipe"
	"postfleet/internal/worker"
	"postfleet/workerimage"
)

var (
	_ worker.Device  = (*device.Controller)(nil)
	_ posting.Device = (*device.Controller)(nil)
	_ worker.Sized   = (*appium.Server)(nil)
	_ worker.Ledger  = (*fileledger.Ledger)(nil)
)

// wire makes the worker that s describes. Nothing is started.
func (a *app) wire(s workerimage.Settings, ledger worker.Ledger, logger *slog.Logger) (*worker.Worker, error) {
	cfg, err := a.workerConfig(s)
	if err != nil {
		return nil, err
	}
	written, err := recipe.Load(s.Recipe)
	if err != nil {
		return nil, err
	}
	rotator, err := a.rotator(s.Proxy)
	if err != nil {
		return nil, err
	}
	server, err := a.adbServer(s.Device)
	if err != nil {
		return nil, err
	}
	adbClient := server.client()
	appiumURL := "http://127.0.0.1:" + strconv.Itoa(s.AppiumPort)
	appiumClient := appium.NewClient(appiumURL, appium.Timeouts{})
	phone := a.phone(s, device.Config{
		Address: s.Device.Address, Attached: s.Device.Attached, UDID: s.Device.UDID,
		ADBHost: server.host, ADBPort: server.port, AppiumURL: appiumURL,
		SystemPort: s.SystemPort, MJPEGPort: s.MJPEGPort, ChromedriverPort: s.ChromedriverPort,
	}, adbClient, logger)
	navigation := navigator.Config{MaxSteps: s.MaxSteps}
	var model worker.Model
	if a.guide != nil {
		navigation.Help, model = a.guide.Help(phone.drive, written.AppID()), a.guide
	}
	nav := navigator.New(written, navigation, logger)
	poster := posting.New(a.postingConfig(s), phone.drive, nav, rotator, logger)
	return worker.New(cfg, worker.Parts{
		ADB: a.startADB(s, server, logger), Appium: a.startAppium(s, server, logger),
		Device: phone.drive, Rented: phone.rented, Poster: poster, Ledger: ledger, Model: model,
		Checks: map[string]func(context.Context) error{
			"appium": func(ctx context.Context) error { return ready(ctx, appiumClient) },
			"adb":    phone.check,
		},
	}, logger), nil
}

// phone is the worker's, always on or rented.
type phone struct {
	drive interface {
		worker.Device
		posting.Device
		guide.Phone
	}
	rented worker.Rented
	check  func(context.Context) error
}

func (a *app) phone(s workerimage.Settings, cfg device.Config, client *adb.Client, logger *slog.Logger) phone {
	if a.account == nil {
		return phone{
			drive: device.New(cfg, logger),
			check: func(ctx context.Context) error { return present(ctx, client, s.Device.Address) },
		}
	}
	rented := cloudPhone(s, a.account, cfg, logger)
	return phone{drive: rented, rented: rented, check: rented.Check}
}

func (a *app) workerConfig(s workerimage.Settings) (worker.Config, error) {
	location, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return worker.Config{}, fault.Errorf(fault.Input, "time_zone: %w", err)
	}
	return worker.Config{
		ID: strconv.Itoa(s.WorkerID), Device: s.Device.Name, DataDir: a.places.data,
		Terms: progress.Terms{
			Only: s.Device.Accounts, Reserved: s.Device.ReservedAccounts,
			DailyCap: s.MaxPostsPerDay, Location: location,
		},
		MaxAttempts: s.MaxAttempts, RetryDelay: time.Duration(s.RetryDelay),
		JobTimeout: time.Duration(s.JobTimeout), DrainTimeout: time.Duration(s.DrainTimeout),
		StopTimeout:  time.Duration(s.StopTimeout),
		HealthSocket: a.places.healthSocket(),
		KeepWarm:     time.Duration(s.Geelark.KeepWarm),
		Recycle:      worker.Recycle{Jobs: s.RecycleJobs, MemoryBytes: s.RecycleMemory},
		Patience: worker.Patience{
			Grace: attemptGrace(s), Rent: rentTime(s.Geelark), StopPhone: stopTime(s.Geelark),
		},
	}, nil
}

// attemptGrace is what an attempt may take beyond its deadline before its
// worker is stuck: the finding out, two clean-ups, and a moment. 0 is the
// worker's default.
func attemptGrace(s workerimage.Settings) time.Duration {
	const moment = 5 * time.Second
	verify := time.Duration(s.VerifyTimeout)
	if verify <= 0 {
		return 0
	}
	return verify + 2*verify/cleanupShare + moment
}

// cleanupShare is the part of the verification's time that each clean-up of an
// attempt may take: two of them fit between its end and that of a drain.
const cleanupShare = 5

func (a *app) postingConfig(s workerimage.Settings) posting.Config {
	verify := time.Duration(s.VerifyTimeout)
	return posting.Config{
		ProxyRequired: s.Proxy.Required, AppiumLog: a.places.log("appium", s.WorkerID),
		VerifyTimeout: verify, CleanupTimeout: min(verify/cleanupShare, posting.DefaultCleanupTimeout),
	}
}

// rotator returns nil when there is no URL to call.
func (a *app) rotator(p workerimage.Proxy) (posting.Rotator, error) {
	url, err := os.ReadFile(filepath.Join(a.places.secrets, cmp.Or(p.Secret, workerimage.SecretProxyURL)))
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.Required:
		return nil, fault.Errorf(fault.Input, "the proxy's rotation is required, but there is no secret %s",
			cmp.Or(p.Secret, workerimage.SecretProxyURL))
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fault.Errorf(fault.Input, "read secret: %w", err)
	}
	return proxy.New(proxy.Config{
		URL: strings.TrimSpace(string(url)), Timeout: time.Duration(p.Timeout), Attempts: p.Attempts,
	}, nil), nil
}

func (a *app) startAppium(s workerimage.Settings, server adbServer, logger *slog.Logger) worker.StartFunc {
	cfg := appium.ServerConfig{
		Command: s.AppiumStartCmd, Args: s.AppiumArgs,
		Address: a.places.appiumAddress, Port: s.AppiumPort,
		LogPath: a.places.log("appium", s.WorkerID),
		Env: []string{
			"HOME=" + a.places.home,
			"ANDROID_ADB_SERVER_PORT=" + strconv.Itoa(server.port),
		},
		AfterStop: server.cleanUp(s.Device.Address),
	}
	return func(ctx context.Context) (worker.Server, error) {
		server, err := appium.StartServer(ctx, cfg, logger)
		if err != nil {
			return nil, err
		}
		return server, nil
	}
}

func ready(ctx context.Context, client *appium.Client) error {
	ok, err := client.Ready(ctx)
	if err == nil && !ok {
		return errors.New("takes no sessions")
	}
	return err
}

func present(ctx context.Context, client *adb.Client, serial string) error {
	state, err := client.State(ctx, serial)
	if err != nil {
		return err
	}
	if err := state.Err(); err != nil {
		return fmt.Errorf("%s: %w", serial, err)
	}
	return nil
}
