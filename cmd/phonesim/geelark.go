package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim"
	"postfleet/internal/phonesim/geelark"
)

// cloudFlags are the flags that are not fields of geelark.Config as they are.
type cloudFlags struct {
	phones                 []string
	ports, level, language string
}

func newGeelarkCommand() *cobra.Command {
	var cfg geelark.Config
	var extra cloudFlags
	cmd := &cobra.Command{
		Use:   "geelark",
		Short: "Be the GeeLark cloud with its phones until SIGTERM",
		Long: "Be the GeeLark cloud until SIGTERM: the Open API over simulated phones of this process that are\n" +
			"off until they are started, and a control API that tells what they cost and posted.",
		Args: usageArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			threshold, err := extra.apply(&cfg)
			if err == nil {
				err = cfg.Validate()
			}
			if err != nil {
				return usageError{err}
			}
			cfg.Logger = slog.New(logging.JSON(cmd.ErrOrStderr(), threshold))
			return runGeelark(cmd, cfg)
		},
	}
	addCloudFlags(cmd, &cfg, &extra)
	addLimitFlags(cmd, &cfg)
	return cmd
}

func addCloudFlags(cmd *cobra.Command, cfg *geelark.Config, extra *cloudFlags) {
	flags := cmd.Flags()
	flags.StringVar(&cfg.APIAddress, "api", ":8090", "where the Open API listens")
	flags.StringVar(&cfg.ControlAddress, "control", ":8099", "where the control API listens")
	flags.StringVar(&cfg.Token, "token", "", "the token that is good")
	flags.StringVar(&cfg.AppID, "app-id", "", "the app id that is good, with --api-key")
	flags.StringVar(&cfg.APIKey, "api-key", "", "the key that signs for the app id")
	flags.StringArrayVar(&extra.phones, "phone", nil,
		"a phone, NAME or NAME=ACCOUNT,ACCOUNT; without accounts it has one of its name; may be repeated")
	flags.StringVar(&cfg.ADBHost, "adb-host", "", "the address that the phones' adbd listen on; empty is all")
	flags.StringVar(&extra.ports, "adb-ports", "21000-21099", "the ports they listen on, FIRST-LAST")
	flags.StringArrayVar(&cfg.Advertise, "advertise", []string{"127.0.0.1"},
		"the address that the API tells for adb; may be repeated")
	flags.StringVar(&cfg.StateDir, "state", "", "directory that keeps posts and the meter over restarts")
	flags.Uint64Var(&cfg.Seed, "seed", 1, "where all chance comes from")
	flags.Float64Var(&cfg.Scale, "scale", 1,
		"what starting (12 to 120 s), adb (3 s) and uploads (2 s) are multiplied by")
	flags.Float64Var(&cfg.StuckChance, "adb-stuck", 0.1, "how often adb does not come up until it is set off and on")
	flags.DurationVar(&cfg.InstrumentationDelay, "instrumentation-delay", 0,
		"how long the UiAutomator2 server takes to start")
	flags.DurationVar(&cfg.UploadTime, "upload-time", 0, "how long sharing takes; 0 is the app's own choice")
	flags.StringVar(&extra.language, "language", "en", "what the phones are set to: en, de, es, fr, pt or ja")
	flags.StringVar(&extra.level, "log-level", "info", "debug, info, warn or error")
}

func addLimitFlags(cmd *cobra.Command, cfg *geelark.Config) {
	flags := cmd.Flags()
	flags.DurationVar(&cfg.IdleTime, "idle-time", 0, "when idle phones that save energy shut down; 0 is 30m")
	flags.IntVar(&cfg.Limits.PerMinute, "per-minute", 0, "calls of each API in a minute; 0 is 200")
	flags.IntVar(&cfg.Limits.PerHour, "per-hour", 0, "calls of each API in an hour; 0 is 24000")
	flags.IntVar(&cfg.Limits.LockAfter, "lock-after", 0, "refused calls in a minute that lock an API; 0 is 100")
	flags.DurationVar(&cfg.Limits.LockTime, "lock-time", 0, "how long it stays locked; 0 is 2h")
}

// apply puts what the flags say into cfg, and returns what is worth logging.
func (f cloudFlags) apply(cfg *geelark.Config) (slog.Level, error) {
	var threshold slog.Level
	if err := threshold.UnmarshalText([]byte(f.level)); err != nil {
		return 0, fmt.Errorf("--log-level: %w", err)
	}
	cfg.Language = phonesim.Language(f.language)
	var err error
	first, last, _ := strings.Cut(f.ports, "-")
	if cfg.PortFirst, err = strconv.Atoi(first); err != nil {
		return 0, fmt.Errorf("--adb-ports: %w", err)
	}
	if cfg.PortLast, err = strconv.Atoi(last); err != nil {
		return 0, fmt.Errorf("--adb-ports: %w", err)
	}
	for _, p := range f.phones {
		name, accounts, ok := strings.Cut(p, "=")
		spec := geelark.PhoneSpec{Name: name}
		if ok {
			spec.Accounts = strings.Split(accounts, ",")
		}
		cfg.Phones = append(cfg.Phones, spec)
	}
	return threshold, nil
}

func runGeelark(cmd *cobra.Command, cfg geelark.Config) error {
	service, err := geelark.New(cfg)
	if err != nil {
		return err
	}
	cfg.Logger.Info("cloud is up",
		slog.String("api", service.APIAddress()), slog.String("control", service.ControlAddress()),
		slog.Int("phones", len(cfg.Phones)))
	if err := service.Run(cmd.Context()); err != nil {
		return err
	}
	cfg.Logger.Info("cloud is down")
	return nil
}
