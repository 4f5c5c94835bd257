package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/config"
	"postfleet/internal/progress"
	"postfleet/orchestrator"
)

const (
	// watchEvery is how often --watch looks again.
	watchEvery = time.Second
	// engineTimeout bounds what a status waits for an engine to answer.
	engineTimeout = 5 * time.Second
	// clearScreen moves to the top left and empties the terminal.
	clearScreen = "\x1b[H\x1b[2J"
)

func (a *app) statusCommand() *cobra.Command {
	var flags configFlags
	var asJSON, watch bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show jobs, workers, rate and estimate, whether or not an orchestrator runs",
		Args:  cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			s, err := a.statusReader(cmd, flags)
			if err != nil {
				return err
			}
			show := showStatus
			if asJSON {
				show = showStatusJSON
			}
			err = s.print(cmd.Context(), a.stdout, show, watch)
			return errors.Join(unlessInterrupted(cmd.Context(), err), s.close())
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&watch, "watch", false, "show it again every second until interrupted")
	return cmd
}

// pause waits and reports whether ctx still lasts.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// statusReader is what a status is read from.
type statusReader struct {
	fleet   string
	dataDir string
	slots   []orchestrator.Slot
	engine  engine
	ledger  progress.Ledger
}

func (a *app) statusReader(cmd *cobra.Command, flags configFlags) (*statusReader, error) {
	place, err := a.loadPlace(cmd, flags)
	if err != nil {
		return nil, err
	}
	if err := requireDataDir(place); err != nil {
		return nil, err
	}
	s := &statusReader{fleet: place.Fleet, dataDir: place.Derived.DataDir, slots: a.slotsOf(cmd, flags)}
	if s.ledger, err = a.ledgerOf(place); err != nil {
		return nil, err
	}
	if s.engine, err = a.newEngine(); err != nil {
		return nil, errors.Join(err, s.ledger.Close())
	}
	return s, nil
}

// slotsOf returns the slots that the configuration asks for. A simulated fleet
// may have none to go by; its containers tell.
func (a *app) slotsOf(cmd *cobra.Command, flags configFlags) []orchestrator.Slot {
	resolved, err := config.Load(a.options(cmd, flags))
	if err != nil {
		return nil
	}
	plan, err := planOf(cmd.Context(), resolved, userOf(resolved.Derived.DataDir), nil, samePath)
	if err != nil {
		return nil
	}
	return plan.Slots
}

// showFunc writes a status down.
type showFunc func(out io.Writer, s orchestrator.Status) error

// print shows the status once, or again and again until ctx ends.
func (s *statusReader) print(ctx context.Context, out io.Writer, show showFunc, watch bool) error {
	for {
		status, err := s.read(ctx)
		if err != nil {
			return err
		}
		if watch && isTerminal(out) {
			say(out, clearScreen)
		}
		if err := show(out, status); err != nil || !watch || !pause(ctx, watchEvery) {
			return err
		}
	}
}

func (s *statusReader) read(ctx context.Context) (orchestrator.Status, error) {
	ctx, stop := context.WithTimeout(ctx, engineTimeout)
	defer stop()
	return orchestrator.StatusSource{
		Fleet: s.fleet, DataDir: s.dataDir, Slots: s.slots, Engine: s.engine, Ledger: s.ledger,
	}.Read(ctx)
}

func (s *statusReader) close() error { return errors.Join(s.engine.Close(), s.ledger.Close()) }

func showStatusJSON(out io.Writer, s orchestrator.Status) error {
	if err := json.NewEncoder(out).Encode(s); err != nil {
		return fmt.Errorf("print the status: %w", err)
	}
	return nil
}
