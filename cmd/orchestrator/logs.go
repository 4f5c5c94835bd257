package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
)

func (a *app) logsCommand() *cobra.Command {
	var flags configFlags
	var follow, appium bool
	cmd := &cobra.Command{
		Use:   "logs [worker]",
		Short: "Print the logs of the fleet, in order of time, or of one worker",
		Long: "Print the logs of the orchestrator and all workers, in order of time, or those of one\n" +
			"worker by its number. With --appium, print what their Appium servers wrote instead.",
		Args: cobra.MaximumNArgs(1),
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			sources, err := logSources(place.Derived.LogDir, args, appium)
			if err != nil {
				return err
			}
			return unlessInterrupted(cmd.Context(), printLogs(cmd.Context(), a.stdout, sources, follow))
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what is written until interrupted")
	cmd.Flags().BoolVar(&appium, "appium", false, "what the Appium servers wrote")
	return cmd
}

// logSource is one component's log: a file that grows, and older ones that it
// was rotated into.
type logSource struct {
	// name stands before each line of a merged log; "" where there is one source.
	name  string
	path  string
	older []string
}

// logSources finds the logs that are asked for.
func logSources(logDir string, args []string, appium bool) ([]logSource, error) {
	kind := "worker"
	if appium {
		kind = "appium"
	}
	var patterns []string
	switch {
	case len(args) == 1:
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 0 {
			return nil, fault.Errorf(fault.Input, "worker %q: name it by its number, such as 0", args[0])
		}
		patterns = []string{fmt.Sprintf("%s-%d.log", kind, n)}
	case appium:
		patterns = []string{kind + "-[0-9]*.log"}
	default:
		patterns = []string{logName, kind + "-[0-9]*.log"}
	}
	var sources []logSource
	for _, pattern := range patterns {
		found, err := findLogs(logDir, pattern)
		if err != nil {
			return nil, err
		}
		sources = append(sources, found...)
	}
	if len(sources) == 0 {
		return nil, fault.Errorf(fault.Input, "%s: there is no such log: has the fleet been launched "+
			"on this data_dir, and is it the right worker?", logDir)
	}
	if len(sources) == 1 {
		sources[0].name = ""
	}
	return sources, nil
}

// findLogs returns the logs that match, in the order of their numbers. A name
// with another dash is that of an older file: worker-0-2026-…log.
func findLogs(logDir, pattern string) ([]logSource, error) {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(logDir), pattern))
	if err != nil {
		return nil, fmt.Errorf("find logs: %w", err)
	}
	var sources []logSource
	for _, path := range paths {
		name := trimLog(path)
		if !isCurrentLog(name) {
			continue
		}
		older, err := filepath.Glob(filepath.Join(escapeGlob(logDir), name+"-[0-9]*T*.log"))
		if err != nil {
			return nil, fmt.Errorf("find older logs: %w", err)
		}
		slices.Sort(older)
		sources = append(sources, logSource{name: name, path: path, older: older})
	}
	slices.SortFunc(sources, func(a, b logSource) int { return numberOf(a.name) - numberOf(b.name) })
	return sources, nil
}
