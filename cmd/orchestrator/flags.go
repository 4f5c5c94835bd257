package main

import (
	"github.com/spf13/cobra"

	"postfleet/internal/config"
)

// configFlags are the flags that more than one command has.
type configFlags struct {
	file     string
	dataDir  string
	workers  int
	simulate bool
}

// addPlace adds the flags that say which fleet is meant.
func (f *configFlags) addPlace(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "config", "", "the fleet's file (default fleet.yaml, if there is one)")
	cmd.Flags().StringVar(&f.dataDir, "data-dir", "", "the folder with jobs.csv (default ./data)")
}

// addPlan adds the flags that say, besides, what the fleet is to be.
func (f *configFlags) addPlan(cmd *cobra.Command) {
	f.addPlace(cmd)
	cmd.Flags().IntVar(&f.workers, "workers", 0, "how many workers (default num_workers)")
	cmd.Flags().BoolVar(&f.simulate, "simulate", false, "drive a simulated phone for each worker, no device")
}

// options returns where a command's configuration comes from.
func (a *app) options(cmd *cobra.Command, f configFlags) config.Options {
	opts := config.Options{Path: f.file, Environ: a.environ, Simulate: f.simulate}
	if cmd.Flags().Changed("data-dir") {
		opts.Flags = append(opts.Flags, config.Override{Flag: "--data-dir", Key: "data_dir", Value: f.dataDir})
	}
	if cmd.Flags().Changed("workers") {
		opts.Flags = append(opts.Flags, config.Override{Flag: "--workers", Key: "num_workers", Value: f.workers})
	}
	return opts
}

// loadPlace loads only what says which fleet is meant, so that a mistake
// elsewhere in the file does not keep anybody from looking at it or stopping it.
func (a *app) loadPlace(cmd *cobra.Command, f configFlags) (config.Resolved, error) {
	opts := a.options(cmd, f)
	opts.Only = []string{"fleet", "data_dir", "log_dir", "docker.network", "shutdown.grace"}
	return config.Load(opts)
}
