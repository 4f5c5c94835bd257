package main

import (
	"context"
	"errors"
	"time"

	"postfleet/internal/jobs"
	"postfleet/internal/progress"
	"postfleet/internal/progress/fileledger"
)

// open is the ledger that is measured.
func open(dir string) (progress.Ledger, error) { return fileledger.Open(dir, fileledger.Options{}) }

// seedLedger is the ledger's design.prepare.
func seedLedger(ctx context.Context, dir string, rows []jobs.PostJob) error {
	l, err := open(dir)
	if err != nil {
		return err
	}
	_, err = l.Seed(ctx, rows, nil)
	return errors.Join(err, l.Close())
}

// ledgerStore is a worker on Postfleet's ledger, as the worker binary is one.
type ledgerStore struct {
	ledger progress.Ledger
	member progress.Member
	terms  progress.Terms
}

func openLedger(ctx context.Context, dir, worker string) (store, error) {
	l, err := open(dir)
	if err != nil {
		return nil, err
	}
	m, err := l.Join(ctx, worker)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &ledgerStore{ledger: l, member: m, terms: progress.Terms{Location: time.UTC}}, nil
}

func (s *ledgerStore) claim(ctx context.Context) (held, error) {
	c, err := s.member.Claim(ctx, s.terms)
	if err != nil {
		return held{}, err
	}
	return held{job: c.Job.ID, token: c.Token, claim: c}, nil
}

func (s *ledgerStore) release(ctx context.Context, h held) error {
	err := s.member.Finish(ctx, h.claim, progress.Release())
	if errors.Is(err, progress.ErrLostClaim) {
		return errors.Join(errLost, err)
	}
	return err
}

func (s *ledgerStore) close() error { return errors.Join(s.member.Leave(), s.ledger.Close()) }
