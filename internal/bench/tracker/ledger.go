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
	claims map[held]progress.Claim
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
	return &ledgerStore{
		ledger: l, member: m,
		terms:  progress.Terms{Location: time.UTC},
		claims: make(map[held]progress.Claim),
	}, nil
}

func (s *ledgerStore) claim(ctx context.Context) (held, error) {
	c, err := s.member.Claim(ctx, s.terms)
	if err != nil {
		return held{}, err
	}
	h := held{job: c.Job.ID, token: c.Token}
	s.claims[h] = c
	return h, nil
}

func (s *ledgerStore) release(ctx context.Context, h held) error {
	c := s.claims[h]
	delete(s.claims, h)
	err := s.member.Finish(ctx, c, progress.Release())
	if errors.Is(err, progress.ErrLostClaim) {
		return errors.Join(errLost, err)
	}
	return err
}

func (s *ledgerStore) close() error { return errors.Join(s.member.Leave(), s.ledger.Close()) }
