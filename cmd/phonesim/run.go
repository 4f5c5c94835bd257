package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/logging"
	"postfleet/internal/phonesim"
)

func newRunCommand() *cobra.Command {
	var cfg phonesim.Config
	var auth, level, language string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Be a phone until SIGTERM",
		Long: "Be a phone until SIGTERM: adb can connect to it, Appium's UiAutomator2 driver can work its\n" +
			"screen, and what the sample app publishes is told by the control API.",
		Args: usageArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var threshold slog.Level
			if err := threshold.UnmarshalText([]byte(level)); err != nil {
				return usageError{fmt.Errorf("--log-level: %w", err)}
			}
			cfg.Auth, cfg.Language = phonesim.Auth(auth), phonesim.Language(language)
			if err := cfg.Validate(); err != nil {
				return usageError{err}
			}
			cfg.Logger = slog.New(logging.JSON(cmd.ErrOrStderr(), threshold))
			return run(cmd, cfg)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&cfg.ADBAddress, "adb", ":5555", "where adbd listens")
	flags.StringVar(&cfg.ControlAddress, "control", ":8099", "where the control API listens")
	flags.StringVar(&cfg.StateFile, "state", "", "file that keeps the posts over restarts")
	flags.StringVar(&cfg.PeersDir, "peers", "", "directory with the state files (*.json) of all phones of the fleet")
	flags.StringArrayVar(&cfg.Accounts, "account", nil, "account on the phone, the first one in front; may be repeated")
	flags.StringVar(&cfg.Serial, "serial", "SIM0000", "serial number")
	flags.BoolVar(&cfg.Preinstalled, "preinstalled", true, "have the packages installed that Appium's driver brings")
	flags.StringVar(&language, "language", "en", "what the phone is set to: en, de, es, fr, pt or ja")
	flags.DurationVar(&cfg.InstrumentationDelay, "instrumentation-delay", 0,
		"how long the UiAutomator2 server takes to start")
	flags.DurationVar(&cfg.BootTime, "boot-time", 2*time.Second, "how long a reboot takes")
	flags.DurationVar(&cfg.UploadTime, "upload-time", 0, "how long sharing takes; 0 is the app's own choice")
	flags.StringVar(&auth, "auth", "", "ask adb for its key, and accept or refuse it")
	flags.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return cmd
}

func run(cmd *cobra.Command, cfg phonesim.Config) error {
	phone, err := phonesim.New(cfg)
	if err != nil {
		return err
	}
	cfg.Logger.Info("phone is on",
		slog.String("adb", phone.ADBAddress()), slog.String("control", phone.ControlAddress()),
		slog.Int("posts", len(phone.Posts())))
	if err := phone.Run(cmd.Context()); err != nil {
		return err
	}
	cfg.Logger.Info("phone is off")
	return nil
}
