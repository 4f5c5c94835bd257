package geelark_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
)

// A phone that somebody else runs is not touched, whatever its status is.
func TestForeignPhone(t *testing.T) {
	for _, status := range []geelark.Status{geelark.Started, geelark.Starting, 7} {
		t.Run(status.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				b.cloud.set("p1", status)
				p := b.phone(b.book)
				_, err := p.Start(t.Context())
				if !errors.Is(err, geelark.ErrInUse) || !fault.Is(err, fault.Device) {
					t.Errorf("got %v", err)
				}
				if err := errors.Join(p.Stop(t.Context()), b.stopper().Stop(t.Context(), "p1")); err != nil {
					t.Error(err)
				}
				want := []string{"phone/list"}
				if !slices.Equal(b.cloud.calls, want) || b.isBooked() {
					t.Errorf("got %v, want %v", b.cloud.calls, want)
				}
			})
		})
	}
}

// A start refused because the phone is in use gives it back without a stop.
func TestStartOfPhoneInUse(t *testing.T) {
	for _, code := range []int{43005, 43006, 43007, 43021} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				b.cloud.reply("phone/start", reply{code: code})
				_, err := b.phone(b.book).Start(t.Context())
				if !errors.Is(err, geelark.ErrInUse) || b.cloud.count("phone/stop") != 0 || b.isBooked() {
					t.Errorf("got %v, %d stops, booked %t", err, b.cloud.count("phone/stop"), b.isBooked())
				}
			})
		})
	}
}

// Somebody else starts the phone while we wait for the time at which the service
// lets us ask again: it is theirs, and neither started nor stopped.
func TestPhoneStartedByOthersMeanwhile(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.reply("phone/start", reply{code: 40007})
		time.AfterFunc(30*time.Second, func() { b.cloud.set("p1", geelark.Started) })
		_, err := b.phone(b.book).Start(t.Context())
		if !errors.Is(err, geelark.ErrInUse) || !fault.Is(err, fault.Device) {
			t.Errorf("got %v", err)
		}
		if b.cloud.count("phone/start") != 1 || b.cloud.count("phone/stop") != 0 || b.isBooked() {
			t.Errorf("got %v, booked %t", b.cloud.calls, b.isBooked())
		}
	})
}

// A start that was not answered but was done: what then says that the phone is
// in use is meant for ourselves. It must not be left running.
func TestStartUnanswered(t *testing.T) {
	t.Run("and done", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			t := b.t
			b.cloud.reply("phone/start", reply{silent: true, applied: true}, reply{code: 43007})
			p := b.phone(b.book)
			if _, err := p.Start(t.Context()); err != nil || b.cloud.count("phone/start") != 1 {
				t.Errorf("got %v after %d starts", err, b.cloud.count("phone/start"))
			}
			if err := p.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			b.wantOff()
		})
	})
	t.Run("and done, and the status is not told", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			t := b.t
			b.cloud.reply("phone/start", reply{silent: true, applied: true}, reply{code: 43007})
			b.cloud.reply("phone/status", reply{http: 502})
			if _, err := b.phone(b.book).Start(t.Context()); !errors.Is(err, geelark.ErrInUse) {
				t.Errorf("got %v", err)
			}
			b.wantOff()
		})
	})
	t.Run("and not done", func(t *testing.T) {
		inBubble(t, func(b *bench) {
			t := b.t
			b.cloud.reply("phone/start", reply{silent: true}, reply{code: 50000}, reply{http: 503})
			if _, err := b.phone(b.book).Start(t.Context()); err != nil || b.cloud.count("phone/start") != 4 {
				t.Errorf("got %v after %d starts", err, b.cloud.count("phone/start"))
			}
		})
	})
}

// Nobody asks again before the time that the code demands.
func TestWaitsAsLongAsDemanded(t *testing.T) {
	for code, wait := range map[int]time.Duration{
		40007: time.Minute, 40017: time.Minute, 43020: time.Minute, 50000: 10 * time.Second,
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				b.cloud.reply("phone/start", reply{code: code}, reply{code: code})
				if _, err := b.phone(b.book).Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n, most := b.cloud.count("phone/start"), b.cloud.most("phone/start", wait); n != 3 || most != 1 {
					t.Errorf("%d starts, %d of them within %s", n, most, wait)
				}
			})
		})
	}
}

// Whatever any step answers, in the end no phone runs; and codes that pass are
// waited for.
func TestEveryCodeAtEveryStep(t *testing.T) {
	for _, api := range []string{"phone/list", "phone/start", "phone/status", "adb/setStatus", "adb/getData"} {
		for _, tt := range documented {
			t.Run(fmt.Sprintf("%s answers %d", api, tt.code), func(t *testing.T) {
				inBubble(t, func(b *bench) {
					t := b.t
					b.cloud.reply(api, reply{code: tt.code})
					p := b.phone(b.book)
					_, err := p.Start(t.Context())
					// A lock of hours is no thing to wait for.
					if waits := tt.verdict == geelark.Later && tt.after < time.Hour; waits != (err == nil) {
						t.Errorf("got %v", err)
					}
					if err != nil && !errors.Is(err, tt.is) {
						t.Errorf("got %v, want %v", err, tt.is)
					}
					err = p.Stop(t.Context())
					// Where nobody tells the phone's status any more, it is stopped all the
					// same, and the book keeps it.
					locked := api == "phone/status" && (tt.code == 40014 || tt.code == 47002)
					if locked != errors.Is(err, geelark.ErrStillRunning) || locked != b.isBooked() {
						t.Errorf("stop: %v, booked %t", err, b.isBooked())
					}
					if b.cloud.status("p1").Billable() {
						t.Error("the phone runs")
					}
				})
			})
		}
	}
}

// A worker dies between the intent and the call, or right after the call. Who
// comes next stops the phone, or starts it anew.
func TestCrash(t *testing.T) {
	for _, called := range []bool{false, true} {
		crash := func(b *bench) {
			if err := b.book.Intend(b.t.Context(), "p1", "shop"); err != nil {
				b.t.Fatal(err)
			}
			if called {
				b.cloud.client(b.t, b.dir).Start(b.t.Context(), geelark.StartOptions{}, "p1")
			}
		}
		t.Run(fmt.Sprintf("called %t, then stopped", called), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				crash(b)
				left, err := b.open(0).Entries()
				if err != nil || len(left) != 1 {
					t.Fatalf("got %v, %v", left, err)
				}
				if err := b.stopper().Stop(t.Context(), left[0].ID); err != nil {
					t.Error(err)
				}
				b.wantOff()
			})
		})
		t.Run(fmt.Sprintf("called %t, then another worker", called), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				crash(b)
				p := b.phone(b.open(2))
				if _, err := p.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got, err := b.book.Entries(); err != nil || len(got) != 1 || got[0].Worker != 2 {
					t.Errorf("got %v, %v", got, err)
				}
				// The dead one's phone was stopped first, if it ran.
				if n := b.cloud.count("phone/stop"); (n == 1) != called {
					t.Errorf("%d stops", n)
				}
				if err := p.Stop(t.Context()); err != nil {
					t.Error(err)
				}
				b.wantOff()
			})
		})
	}
}

// What a dead worker left and cannot be stopped now is stopped by whoever has it
// from then on, and tried once only for as long as a stop may take.
func TestLeftPhoneThatCannotBeStopped(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		if _, err := b.phone(b.book).Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.cloud.reply("phone/stop", slices.Repeat([]reply{{http: 500}}, 100)...)
		p, begun := b.phone(b.open(2)), time.Now()
		_, err := p.Start(t.Context())
		if took := time.Since(begun); !errors.Is(err, geelark.ErrStillRunning) || took > geelark.DefaultStopTimeout {
			t.Errorf("got %v after %s", err, took)
		}
		b.cloud.next = map[string][]reply{}
		if err := p.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		b.wantOff()
	})
}

// A living worker of this fleet has the phone, on or off.
func TestHeldPhone(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		first := b.phone(b.open(2))
		if _, err := first.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := b.cloud.count("phone/start")
		if _, err := b.phone(b.open(3)).Start(t.Context()); !errors.Is(err, phonebook.ErrHeld) {
			t.Errorf("got %v", err)
		}
		if b.cloud.count("phone/stop") != 0 || b.cloud.count("phone/start") != before {
			t.Errorf("got %v", b.cloud.calls)
		}
	})
}

// A cancelled start leaves nothing running, and its error has no class.
func TestCancelledStart(t *testing.T) {
	for _, after := range []time.Duration{time.Second, bootTime + 2*time.Second} {
		t.Run(after.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(after, cancel)
				begun := time.Now()
				_, err := b.phone(b.book).Start(ctx)
				if !errors.Is(err, context.Canceled) || fault.Of(err) != fault.Unclassified {
					t.Errorf("got class %q: %v", fault.Of(err), err)
				}
				if took := time.Since(begun); took > after+10*time.Second {
					t.Errorf("it took %s", took)
				}
				b.wantOff()
			})
		})
	}
}
