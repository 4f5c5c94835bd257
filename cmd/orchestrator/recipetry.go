package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/fault"
	"postfleet/internal/navigator"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/recipe"
)

// simDevice is the only phone on which a recipe can be tried.
const simDevice = "sim"

// rehearsal is one recipe try.
type rehearsal struct {
	recipe *recipe.Recipe
	slots  map[string]string
	phone  *handset.Handset
	say    func(format string, args ...any)
	steps  int
}

func (a *app) recipeTryCommand() *cobra.Command {
	var device, language string
	var skin int
	var given map[string]string
	cmd := &cobra.Command{
		Use:   "try FILE --device sim",
		Short: "Walk a recipe on the sample app, up to the step that publishes",
		Long: "Walk a recipe's flows on the sample app of simulated phones, which runs inside this\n" +
			"command: no container, no adb, no Appium. Each step is printed with the view it acted\n" +
			"on and what found it. The step that publishes is looked for and not taken.\n\n" +
			"Exit codes: 0 it came that far, 1 it did not, 2 the recipe is wrong.",
		Args: cobra.ExactArgs(1),
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			if device != simDevice {
				return fault.Errorf(fault.Input, "--device %s: a recipe is tried on the sample app: write --device %s",
					device, simDevice)
			}
			t := &rehearsal{say: func(format string, args ...any) { say(a.stdout, format, args...) }}
			var err error
			if t.recipe, err = recipe.Load(args[0]); err != nil {
				return err
			}
			if t.recipe.AppID() != sample.Package {
				return fault.Errorf(fault.Input, "%s drives %s: the sample app stands for %s only",
					args[0], t.recipe.AppID(), sample.Package)
			}
			if err := t.fill(given); err != nil {
				return err
			}
			if t.phone, err = newSamplePhone(t.slots[recipe.SlotAccount], language, skin); err != nil {
				return fault.Mark(fault.Input, err)
			}
			defer t.phone.Close()
			return t.run(cmd.Context())
		}),
	}
	cmd.Flags().StringVar(&device, "device", "", "the phone: sim")
	cmd.Flags().StringVar(&language, "language", string(sample.English), "the phone's language: en, de, es, fr, pt, ja")
	cmd.Flags().IntVar(&skin, "skin", 0, "how the app looks: 0 as recipes know it, others as after an update")
	cmd.Flags().StringToStringVar(&given, "slot", nil, "what the job brings, as name=value")
	return cmd
}

// fill gives every slot of the recipe a value, and refuses those that it has not.
func (t *rehearsal) fill(given map[string]string) error {
	t.slots = map[string]string{}
	for _, name := range t.recipe.Slots() {
		t.slots[name] = name
	}
	t.slots[recipe.SlotAccount] = "shop_a"
	t.slots[recipe.SlotCaption] = "A try of the recipe."
	for name, value := range given {
		if _, ok := t.slots[name]; !ok {
			return fault.Errorf(fault.Input, "--slot %s: the recipe has no such slot, but %s",
				name, strings.Join(slices.Sorted(maps.Keys(t.slots)), ", "))
		}
		t.slots[name] = value
	}
	return nil
}

// errPublishes ends a walk that came to the step that publishes.
var errPublishes = errors.New("not taken: it publishes")

func (t *rehearsal) run(ctx context.Context) error {
	began := time.Now()
	nav := navigator.New(t.recipe, navigator.Config{StepFunc: t.step}, nil)
	walk := nav.Walk(t.phone, t.slots, func(context.Context) error { return errPublishes })
	t.phone.App.Start()
	for _, flow := range []string{recipe.FlowSwitchAccount, recipe.FlowProfile, recipe.FlowPost} {
		_, err := walk.Run(ctx, flow)
		switch {
		case errors.Is(err, errPublishes):
			t.say("ok: %d steps in %s, up to the one that publishes\n", t.steps, rounded(time.Since(began)))
			return nil
		case err != nil:
			return fmt.Errorf("try %s: %w", t.recipe.Name(), err)
		}
	}
	return fmt.Errorf("try %s: the flow %s ended without publishing", t.recipe.Name(), recipe.FlowPost)
}

// step prints a step that ended.
func (t *rehearsal) step(s navigator.Taken) {
	t.steps++
	outcome := rounded(s.Took).String()
	switch {
	case s.Skipped:
		outcome = "not needed"
	case errors.Is(s.Err, errPublishes):
		outcome = errPublishes.Error()
	case s.Err != nil:
		outcome = "failed"
	}
	found := make([]string, 0, 2)
	for _, part := range []string{s.Found.Element, s.Found.By} {
		if part != "" {
			found = append(found, part)
		}
	}
	t.say("%-36s %-6s %-14s %s\n", s.Flow+"/"+s.Step.ID, s.Step.Do, outcome, strings.Join(found, " by "))
}

func rounded(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
