package geelark_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
)

func TestStopInsists(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		p := b.phone(b.book)
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.cloud.reply("phone/stop", reply{http: 500}, reply{code: 40007}, reply{silent: true}, reply{code: 40004})
		if err := p.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		b.wantOff()
	})
}

// A service that will not stop what does not run has said that it is off; its
// status has to say so, too.
func TestStopOfPhoneThatIsOff(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		p := b.phone(b.book)
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.cloud.reply("phone/stop", reply{code: 42002}) // it runs
		if err := p.Stop(t.Context()); err != nil || b.cloud.count("phone/stop") != 2 {
			t.Errorf("got %v after %d stops", err, b.cloud.count("phone/stop"))
		}
		b.wantOff()
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.cloud.set("p1", geelark.ShutDown) // by itself
		b.cloud.reply("phone/stop", slices.Repeat([]reply{{code: 42002}}, 100)...)
		if err := p.Stop(t.Context()); err != nil || b.cloud.count("phone/stop") != 3 {
			t.Errorf("off by itself: got %v after %d stops", err, b.cloud.count("phone/stop"))
		}
		b.wantOff()
	})
}

// What cannot be stopped stays in the book, with the reason, and is stopped by
// whoever comes later.
func TestStopGivesUp(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		p := b.phone(b.book)
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.cloud.reply("phone/stop", slices.Repeat([]reply{{http: 500}}, 100)...)
		begun := time.Now()
		err := p.Stop(t.Context())
		if took := time.Since(begun); took > geelark.DefaultStopTimeout || !errors.Is(err, geelark.ErrStillRunning) {
			t.Errorf("got %v after %s", err, took)
		}
		if n := b.cloud.count("phone/stop"); n < 10 || n > 40 {
			t.Errorf("%d tries", n)
		}
		got, err := b.book.Entries()
		if err != nil || len(got) != 1 {
			t.Fatalf("got %v, %v", got, err)
		}
		if got[0].State != phonebook.Stopping || !strings.Contains(got[0].LastError, "500") {
			t.Errorf("got %v", got[0])
		}
		b.cloud.next = map[string][]reply{}
		if err := b.stopper().Stop(t.Context(), "p1"); err != nil {
			t.Error(err)
		}
		b.wantOff()
		if err := p.Stop(t.Context()); err != nil {
			t.Errorf("who finds it off already: %v", err)
		}
	})
}

// Somebody else has come to use the phone that we started.
func TestStopOfPhoneInUse(t *testing.T) {
	for _, code := range []int{43005, 43006, 43007, 43021} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				p := b.phone(b.book)
				if _, err := p.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				b.cloud.reply("phone/stop", reply{code: code})
				err := p.Stop(t.Context())
				if !errors.Is(err, geelark.ErrStillRunning) || !errors.Is(err, geelark.ErrInUse) {
					t.Errorf("got %v", err)
				}
				if b.cloud.count("phone/stop") != 1 || !b.isBooked() {
					t.Errorf("%d stops, booked %t", b.cloud.count("phone/stop"), b.isBooked())
				}
			})
		})
	}
}

// A status that nobody knows is no proof that the phone is off.
func TestUnknownStatusBills(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		p := b.phone(b.book)
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		odd := reply{body: `{"code":0,"data":{"successDetails":[{"id":"p1","status":5}]}}`}
		b.cloud.reply("phone/status", odd, odd, odd)
		before := b.cloud.count("phone/status")
		if err := p.Stop(t.Context()); err != nil || b.cloud.count("phone/status") != before+4 {
			t.Errorf("got %v after %d looks", err, b.cloud.count("phone/status")-before)
		}
		for status := range geelark.Status(10) {
			if want := status != 2 && status != 3; status.Billable() != want {
				t.Errorf("%s: billable %t", status, !want)
			}
		}
	})
}

// Where neither budget nor book can be written, as on a full disk, nothing is
// asked of the service but what stops a phone.
func TestStopOnAFullDisk(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		book := &fullBook{Book: b.book}
		client := b.cloud.client(t, filepath.Join(b.dir, "gone"))
		p := geelark.NewPhone(geelark.PhoneConfig{Name: "shop"}, b.cloud.client(t, b.dir), book, b.logger())
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		book.full = true
		if err := client.Start(t.Context(), geelark.StartOptions{}, "p2").Failed["p2"]; err == nil {
			t.Error("a phone was started that nobody counts")
		}
		err := geelark.NewStopper(geelark.StopConfig{}, client, book, b.logger()).Stop(t.Context(), "p1")
		if !errors.Is(err, syscall.ENOSPC) || b.cloud.status("p1").Billable() || !b.isBooked() {
			t.Errorf("got %v, the phone is %s, booked %t", err, b.cloud.status("p1"), b.isBooked())
		}
	})
}

// fullBook can be read and, when it is full, not be written.
type fullBook struct {
	geelark.Book
	full bool
}

func (f *fullBook) Stopping(ctx context.Context, id string, why error) error {
	if f.full {
		return syscall.ENOSPC
	}
	return f.Book.Stopping(ctx, id, why)
}

func (f *fullBook) Stopped(ctx context.Context, id string) error {
	if f.full {
		return syscall.ENOSPC
	}
	return f.Book.Stopped(ctx, id)
}
