package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"postfleet/compose"
	"postfleet/internal/config"
	"postfleet/internal/usb"
	"postfleet/orchestrator"
	"postfleet/workerimage"
)

func (a *app) composeCommand() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "compose",
		Short: "Print the plan as a compose file that runs the same fleet without an orchestrator",
		Args:  cobra.NoArgs,
		RunE: a.untilSignal(func(cmd *cobra.Command, _ []string) error {
			return a.compose(cmd.Context(), a.options(cmd, flags))
		}),
	}
	flags.addPlan(cmd)
	return cmd
}

func (a *app) compose(ctx context.Context, opts config.Options) (err error) {
	resolved, err := loadFleet(opts)
	if err != nil {
		return err
	}
	in, err := readJobs(resolved.Derived.DataDir)
	if err != nil {
		return err
	}
	eng, err := a.newEngine()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close()) }()
	plan, err := planOf(ctx, resolved, userOf(resolved.Derived.DataDir), accountsOf(in.Jobs), eng.HostPath)
	if err != nil {
		return err
	}
	if err := plugIn(plan, usb.Host()); err != nil {
		return err
	}
	text, err := compose.Render(compose.Fleet{
		Name: plan.Fleet, Network: plan.Network, Containers: containersOf(plan), Notes: composeNotes(resolved),
	})
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(text)
	return err
}

// plugIn gives the workers of phones on USB their devices, as they are plugged
// in just now.
func plugIn(plan orchestrator.Plan, bus orchestrator.Bus) error {
	for i, s := range plan.Slots {
		if s.USB == "" {
			continue
		}
		phone, err := bus.Find(s.USB)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Device.Name, err)
		}
		plan.Slots[i].Worker = orchestrator.OnBus(s.Worker, phone)
	}
	return nil
}

// containersOf returns a plan's containers, each phone after its worker.
func containersOf(plan orchestrator.Plan) []workerimage.Container {
	var all []workerimage.Container
	for _, s := range plan.Slots {
		all = append(all, s.Worker)
		if s.Phone != nil {
			all = append(all, *s.Phone)
		}
	}
	return all
}

func composeNotes(r config.Resolved) []string {
	notes := []string{
		"The fleet " + r.Fleet + ", rendered by 'orchestrator compose'. It runs without an orchestrator:",
		"nothing restarts a worker or reports at the end. Make the ledger and the folders first:",
		"",
		"  orchestrator seed --data-dir " + r.Derived.DataDir,
		"",
		"Workers end by themselves when nothing is left to do; see 'orchestrator status'.",
	}
	if files := secretFiles(r); len(files) > 0 {
		notes = append(notes, "",
			"Secrets are not in here. Write them, readable for the workers' user only, to", "")
		for _, name := range slices.Sorted(maps.Keys(files)) {
			notes = append(notes, "  "+filepath.Join(secretsDir(r), name))
		}
	}
	if slices.ContainsFunc(r.Devices, func(d config.Device) bool { return d.Connect == config.KindUSB }) {
		notes = append(notes, "",
			"Phones on USB are as they were plugged in when this was rendered: plugged in again, render again.")
	}
	if r.HasCloudPhones() {
		notes = append(notes, "",
			"GeeLark's credentials are secrets, too: "+filepath.Join(secretsDir(r), workerimage.SecretGeelarkToken)+",",
			"or "+workerimage.SecretGeelarkAppID+" and "+workerimage.SecretGeelarkAPIKey+" beside it.",
			"A worker that is killed leaves its cloud phone on:",
			"", "  orchestrator phones stop --all --data-dir "+r.Derived.DataDir)
	}
	return notes
}
