package main

import (
	"context"
	"errors"
	"fmt"

	"postfleet/internal/evidence"
)

// seed is where perturbed dumps are drawn from.
const seed = 6

// run measures, and writes the report.
func run(ctx context.Context, cfg config) (err error) {
	l, err := newLab(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.clear()) }()
	report := evidence.New(seed, "")
	say := func(what string) { fmt.Fprintln(cfg.stderr, what+" …") }

	say(fmt.Sprintf("%d updates of the app", cfg.skins))
	runs := l.skins(ctx)
	known, err := l.original(ctx)
	for _, r := range runs {
		err = errors.Join(err, r.err)
	}
	if err != nil {
		return err
	}
	putSkins(report, runs, known)

	say(fmt.Sprintf("%d workers at once", cfg.fleet))
	fleet := l.fleet(ctx)
	if fleet.err != nil {
		return fleet.err
	}
	putFleet(report, fleet)

	say("outlines and fingerprints")
	if err := l.look(report); err != nil {
		return err
	}

	say("pace")
	pace := l.pace(ctx)
	if pace.err != nil {
		return pace.err
	}
	putPace(report, pace, cfg)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	printSkins(cfg.stdout, runs)
	printFigures(cfg.stdout, report)
	printFailures(cfg.stdout, runs, known, fleet)
	return report.Conclude(cfg.stdout, cfg.report)
}

// look measures what needs no phone.
func (l *lab) look(report *evidence.Report) error {
	app, err := l.outlines()
	if err != nil {
		return err
	}
	corpus, err := l.corpusOutlines()
	if err != nil {
		return err
	}
	putOutlines(report, app, corpus)
	prints, err := l.prints(seed)
	if err != nil {
		return err
	}
	putPrints(report, prints)
	return nil
}
