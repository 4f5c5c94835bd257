package fileledger_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/progress"
	"postfleet/internal/progress/disk/crashdisk"
)

// TestFullDisk lets each operation fail as on a full disk, alone and with all
// that follow until the call is over. The call fails and can be repeated, or it
// succeeds; of what it was to change each row is as before or as after, and
// every process sees the same.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	states, ops := flawless(t)
	for _, failed := range ops {
		if isFlush(failed) || failed.Name == table && failed.Kind != crashdisk.Replace {
			continue // or the edit
		}
		for _, lasting := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %s %s lasting=%v", failed.N, failed.Kind, failed.Name, lasting), func(t *testing.T) {
				t.Parallel()
				p := newProcess(t)
				full := func(op crashdisk.Op) error {
					if op.N == failed.N || lasting && op.N > failed.N && needsRoom(op) {
						return syscall.ENOSPC
					}
					return nil
				}
				for k, s := range steps() {
					p.disk.Before(full)
					err := s.call(p)
					p.disk.Before(nil)
					if full != nil && p.disk.Ops() >= failed.N {
						full = nil
						p.afterFault(s, change{states[k], states[k+1]}, err)
					} else if err != nil {
						t.Fatalf("%s: %v", s.name, err)
					}
				}
				p.ended(states[len(states)-1], failed.Kind != crashdisk.Remove)
			})
		}
	}
}

func isFlush(op crashdisk.Op) bool { return op.Kind == crashdisk.Sync || op.Kind == crashdisk.SyncDir }

// needsRoom reports whether an operation fails on a full disk. That what is
// there can be written over is so on most.
func needsRoom(op crashdisk.Op) bool {
	return op.Kind == crashdisk.Create || strings.HasPrefix(op.Name, ".") && op.Kind != crashdisk.Remove
}

// afterFault looks at the ledger after a call in which the disk was full, as
// this process and as others see it, and repeats the call if it failed.
func (p *process) afterFault(s step, c change, err error) {
	p.t.Helper()
	if err != nil && !fault.Is(err, fault.Infra) {
		p.t.Errorf("%s: got %v (class %v), want class infra", s.name, err, fault.Of(err))
	}
	if err == nil {
		c.before = c.after
	}
	other := p.another()
	theirs, ours := timeless(snapshot(p.t, other)), timeless(snapshot(p.t, p.ledger))
	if diff := cmp.Diff(theirs, ours); diff != "" {
		p.t.Errorf("%s: another process sees other rows (-theirs +ours):\n%s", s.name, diff)
	}
	c.allows(p.t, s.name, ours)
	if len(ours) > 0 {
		p.workFor(other)
	}
	if err := other.Close(); err != nil {
		p.t.Errorf("%s: close the other: %v", s.name, err)
	}
	if err == nil {
		return
	}
	c.allows(p.t, s.name+", after another's work", timeless(snapshot(p.t, p.ledger)))
	if err := s.call(p); err != nil {
		p.t.Fatalf("%s once more: %v", s.name, err)
	}
	if diff := cmp.Diff(c.after, timeless(snapshot(p.t, p.ledger))); diff != "" {
		p.t.Errorf("%s once more (-want +got):\n%s", s.name, diff)
	}
}

// TestFailedFlush lets each flush fail. Nobody knows what is on the disk then:
// this process changes nothing any more, and another one goes on.
func TestFailedFlush(t *testing.T) {
	t.Parallel()
	states, ops := flawless(t)
	for _, failed := range ops {
		if !isFlush(failed) {
			continue
		}
		t.Run(fmt.Sprintf("%d %s %s", failed.N, failed.Kind, failed.Name), func(t *testing.T) {
			t.Parallel()
			p := newProcess(t)
			p.disk.Before(func(op crashdisk.Op) error {
				if op.N == failed.N {
					return syscall.EIO
				}
				return nil
			})
			for k, s := range steps() {
				err := s.call(p)
				if p.disk.Ops() < failed.N {
					continue
				}
				if err != nil && !fault.Is(err, fault.Ledger) {
					t.Errorf("%s: got %v (class %v), want class ledger", s.name, err, fault.Of(err))
				}
				p.broken(s.name)
				other, want := p.another(), change{states[k], states[k+1]}
				if err == nil {
					want.before = want.after
				}
				want.allows(t, s.name, timeless(snapshot(t, other)))
				if _, err := other.Seed(t.Context(), accountJobs(7, "ann", "bob"), nil); err != nil {
					t.Errorf("%s: seed by another: %v", s.name, err)
				}
				p.workFor(other)
				return
			}
		})
	}
}

// broken asks that every call is refused.
func (p *process) broken(after string) {
	p.t.Helper()
	all := accountJobs(7, "ann", "bob")
	calls := map[string]func() error{
		"snapshot": func() error { _, err := p.ledger.Snapshot(p.t.Context()); return err },
		"seed":     func() error { _, err := p.ledger.Seed(p.t.Context(), all, nil); return err },
		"rescue":   func() error { _, err := p.ledger.Rescue(p.t.Context()); return err },
		"join":     func() error { _, err := p.ledger.Join(p.t.Context(), "9"); return err },
		"requeue":  func() error { return p.ledger.Requeue(p.t.Context(), []int{1}, true) },
	}
	if p.member != nil && after != "leave" && after != "rescue" {
		calls["claim"] = func() error { _, err := p.member.Claim(p.t.Context(), progress.Terms{}); return err }
	}
	for name, call := range calls {
		if err := call(); !fault.Is(err, fault.Ledger) {
			p.t.Errorf("%s, then %s: got %v (class %v), want class ledger", after, name, err, fault.Of(err))
		}
	}
}

// TestNearlyFullDisk: nothing is begun, and what was begun is brought to its end.
func TestNearlyFullDisk(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	for _, s := range steps()[:2] {
		if err := s.call(p); err != nil {
			t.Fatal(err)
		}
	}
	p.disk.SetFree(16<<20 - 1)
	if c, err := p.member.Claim(t.Context(), progress.Terms{}); !fault.Is(err, fault.Infra) {
		t.Errorf("got %+v, %v, want class infra", c, err)
	}
	p.disk.SetFree(16 << 20)
	c := claim(t, p.member)
	p.disk.SetFree(0)
	if err := p.member.SetPhase(t.Context(), c, progress.PhasePosting); err != nil {
		t.Error(err)
	}
	finish(t, p.member, c, progress.Success())
}
