package learned_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/sharedfile"
)

// TestStory: one learns, one tries, all use.
func TestStory(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	learner, canary, third := open(t, file, "w0"), open(t, file, "w1"), open(t, file, "w2")
	missing(t, third, at, wanted("tab"), learned.NoEntry)
	learn(t, learner, at, "tab", "tab_create")
	if r := only(t, file, learned.StateCandidate); r.By != (learned.Provenance{
		Model: "model", Prompt: "3", Worker: "w0", Run: "run-1",
	}) || r.Successes != 1 || r.Version != version || r.Kind != learned.KindElement {
		t.Errorf("got %+v", r)
	}
	use(t, learner, at, "tab") // its own, as often as it likes
	u := use(t, canary, at, "tab")
	missing(t, third, at, wanted("tab"), learned.BeingLearned)
	if diff := cmp.Diff(ways("tab_create"), u.Find); diff != "" || u.State != learned.StateCandidate {
		t.Errorf("got %s, %s", u.State, diff)
	}
	if err := canary.Succeed(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if u := use(t, third, at, "tab"); u.State != learned.StateTrusted || u.VersionNew {
		t.Errorf("got %+v", u)
	}
	if r := only(t, file, learned.StateTrusted); !slices.Equal(r.Workers, []string{"w0", "w1"}) {
		t.Errorf("got %+v", r)
	}
}

// A model that says the same twice proves nothing: trust is for what led there
// without it.
func TestFoundAgainIsNoTrust(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	learn(t, open(t, file, "w0"), at, "tab", "tab")
	b := open(t, file, "w1")
	u := use(t, b, at, "tab")
	if err := b.Return(t.Context(), u); err != nil { // of no use this time
		t.Fatal(err)
	}
	w := wanted("tab")
	w.Not = []string{u.ID}
	if err := lease(t, b, at, w).Confirm(t.Context(), finding("tab", "tab")); err != nil {
		t.Fatal(err)
	}
	if r := only(t, file, learned.StateCandidate); r.ID != u.ID {
		t.Errorf("got %+v", r)
	}
	trust(t, b, at, "tab")
	only(t, file, learned.StateTrusted)
}

func TestWrongCandidateMeetsOneMore(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	learn(t, open(t, file, "w0"), at, "tab", "wrong")
	other, third := open(t, file, "w1"), open(t, file, "w2")
	u := use(t, other, at, "tab")
	if err := other.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
		t.Fatal(err)
	}
	missing(t, third, at, wanted("tab"), learned.ExpectFailed)
	only(t, file, learned.StateRetired)
	if err := other.Succeed(t.Context(), u); err != nil { // too late
		t.Fatal(err)
	}
	only(t, file, learned.StateRetired)
	learn(t, third, at, "tab", "right")
	if r := only(t, file, learned.StateCandidate); r.ID == u.ID || r.Find[0].ID != "right" {
		t.Errorf("got %+v", r)
	}
}

func TestTrustedFailsTwice(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	a, b := open(t, file, "w0"), open(t, file, "w1")
	learn(t, a, at, "tab", "tab")
	trust(t, b, at, "tab")
	for _, step := range []struct {
		fails bool
		state learned.State
	}{
		{true, learned.StateTrusted},
		{false, learned.StateTrusted}, // which makes the next the first in a row
		{true, learned.StateTrusted},
		{true, learned.StateQuarantined},
	} {
		u := use(t, b, at, "tab")
		end := b.Succeed
		if step.fails {
			end = func(ctx context.Context, u learned.Use) error { return b.Fail(ctx, u, learned.ExpectFailed) }
		}
		if err := end(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		only(t, file, step.state)
	}
	missing(t, a, at, wanted("tab"), learned.Quarantined)
}

// A success that was kept back is from before the failure: it does not make up
// for it, whoever writes it.
func TestOldSuccessIsNoExcuse(t *testing.T) {
	t.Parallel()
	for _, last := range []string{"who failed", "another"} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			file := path(t)
			synctest.Test(t, func(t *testing.T) {
				at := place(1)
				a, b := open(t, file, "w0"), open(t, file, "w1")
				learn(t, a, at, "tab", "tab")
				trust(t, b, at, "tab")
				trust(t, b, at, "tab") // kept back
				<-time.After(time.Minute)
				u := use(t, b, at, "tab")
				failing := b
				if last == "another" {
					failing = a
				}
				if err := failing.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
					t.Fatal(err)
				}
				learn(t, b, place(2), "tab", "tab") // writes what b kept back
				if err := a.Fail(t.Context(), u, learned.ExpectFailed); err != nil {
					t.Fatal(err)
				}
				missing(t, a, at, wanted("tab"), learned.Quarantined)
			})
		})
	}
}

func TestNewVersion(t *testing.T) {
	t.Parallel()
	file := path(t)
	old, next := place(1), place(1)
	next.Version = "2.0"
	a, b := open(t, file, "w0"), open(t, file, "w1")
	learn(t, a, old, "tab", "tab")
	trust(t, b, old, "tab")
	u := use(t, a, next, "tab")
	if !u.VersionNew {
		t.Errorf("got %+v", u)
	}
	if err := a.Succeed(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if u := use(t, b, next, "tab"); u.VersionNew {
		t.Errorf("after a success: %+v", u)
	}
	next.Version = "3.0"
	if err := b.Fail(t.Context(), use(t, b, next, "tab"), learned.ExpectFailed); err != nil {
		t.Fatal(err)
	}
	missing(t, a, next, wanted("tab"), learned.VersionNew)
}

func TestMisses(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	b := open(t, file, "w0")
	learn(t, b, at, "tab", "tab")
	missing(t, b, place(2), wanted("tab"), learned.NoEntry)
	missing(t, b, at, wanted("other"), learned.NoEntry)
	missing(t, b, at, learned.Wanted{Name: "tab", Hash: learned.Hash("said otherwise")}, learned.NoEntry)
	missing(t, b, at, learned.Wanted{Name: "tab", Hash: wanted("tab").Hash, Not: []string{use(t, b, at, "tab").ID}},
		learned.NoEntry)
	other := at
	other.Screen.Signs = place(9).Screen.Signs
	missing(t, b, other, wanted("tab"), learned.SignsDiffer)
	// Two screens of one key are two screens.
	learn(t, b, other, "tab", "tab_of_the_other")
	if got := use(t, b, at, "tab").Find[0].ID + use(t, b, other, "tab").Find[0].ID; got != "tabtab_of_the_other" {
		t.Errorf("got %s", got)
	}
	// What closes an interruption has no name.
	learn(t, b, at, "", "close")
	if u := use(t, b, at, ""); u.Find[0].ID != "close" {
		t.Errorf("got %+v", u)
	}
}

func TestReturn(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	learn(t, open(t, file, "w0"), at, "tab", "tab")
	a, b := open(t, file, "w1"), open(t, file, "w2")
	u := use(t, a, at, "tab")
	if err := a.Return(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	use(t, b, at, "tab")
	// Who found it of no use may find out, though another tries it.
	w := wanted("tab")
	w.Not = []string{u.ID}
	l := lease(t, a, at, w)
	if err := l.Confirm(t.Context(), finding("tab", "better")); err != nil {
		t.Fatal(err)
	}
	if r := only(t, file, learned.StateCandidate); r.Find[0].ID != "better" {
		t.Errorf("got %+v", r)
	}
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	const text = "learned: 1\nrecords: [{"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := learned.Records(file)
	is(t, err, sharedfile.ErrDamaged)
	if !fault.Is(err, fault.Infra) {
		t.Errorf("class: got %q", fault.Of(err))
	}
	b := open(t, file, "w0")
	missing(t, b, at, wanted("tab"), learned.NoEntry)
	learn(t, b, at, "tab", "tab")
	only(t, file, learned.StateCandidate)
	aside, _ := filepath.Glob(file + ".damaged-*")
	if len(aside) != 1 {
		t.Fatalf("put aside: %q", aside)
	}
	if got, err := os.ReadFile(aside[0]); err != nil || string(got) != text {
		t.Errorf("kept %q, %v", got, err)
	}
}

// What a person wrote into the file is held to the same rules.
func TestPlantedRecord(t *testing.T) {
	t.Parallel()
	at, file := place(1), path(t)
	b := open(t, file, "w0")
	learn(t, b, at, "tab", "tab_create")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	planted := strings.Replace(string(data), "desc: Create", "desc: '@somebody'", 1)
	if err := os.WriteFile(file, []byte(planted), 0o600); err != nil {
		t.Fatal(err)
	}
	missing(t, b, at, wanted("tab"), learned.PolicyDenied)
}
