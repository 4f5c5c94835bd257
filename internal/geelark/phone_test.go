package geelark_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postfleet/internal/fault"
	"postfleet/internal/geelark"
)

func TestPhoneLife(t *testing.T) {
	for _, boot := range []time.Duration{12 * time.Second, 120 * time.Second} {
		t.Run(boot.String(), func(t *testing.T) {
			inBubble(t, func(b *bench) {
				t := b.t
				b.cloud.boot = boot
				b.cloud.onStart = func(string) {
					if !b.isBooked() {
						t.Error("the intent is not written when the phone starts")
					}
				}
				p := b.phone(b.book)
				begun := time.Now()
				link, err := p.Start(t.Context())
				if took := time.Since(begun); err != nil || took > boot+25*time.Second {
					t.Fatalf("got %v after %s", err, took)
				}
				want := geelark.Link{ID: "p1", Name: "shop", Address: "192.0.2.9:5556", Password: phonePasswd}
				if link != want || !b.isBooked() {
					t.Errorf("got %s, booked %t", link, b.isBooked())
				}
				again, err := p.Start(t.Context())
				if err != nil || again != want || b.cloud.count("phone/start") != 1 {
					t.Errorf("started twice: %s, %v", again, err)
				}
				fmt.Fprintf(&b.log, "%v %+v %#v", link, link, link)
				for range 2 {
					if err := p.Stop(t.Context()); err != nil {
						t.Error(err)
					}
				}
				b.wantOff()
				if n := b.cloud.count("phone/stop"); n != 1 {
					t.Errorf("stopped %d times", n)
				}
				if _, err := p.Link(t.Context()); !errors.Is(err, geelark.ErrNotReady) {
					t.Errorf("a link of a phone that is off: %v", err)
				}
				// There is a life after that, at another address.
				if link, err = p.Start(t.Context()); err != nil || link.Address == want.Address {
					t.Errorf("got %s, %v", link, err)
				}
			})
		})
	}
}

// Polls of a phone that takes two minutes are few.
func TestNoHotPolls(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.boot = 2 * time.Minute
		if _, err := b.phone(b.book).Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := b.cloud.count("phone/status"); n > 20 {
			t.Errorf("%d polls in two minutes", n)
		}
	})
}

// A pace that is faster than the phone is no busy loop, and waits no longer.
func TestPace(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.boot = 2 * time.Second
		cfg := geelark.PhoneConfig{Name: "shop", Pace: 500 * time.Millisecond}
		p := geelark.NewPhone(cfg, b.cloud.client(t, b.dir), b.book, b.logger())
		begun := time.Now()
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > b.cloud.boot+adbTime+2*time.Second {
			t.Errorf("it took %s", took)
		}
		if n := len(b.cloud.calls); n > 40 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestADBComesWithTheSecondTry(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.deafADB = 1
		if _, err := b.phone(b.book).Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := b.cloud.count("adb/setStatus"); n != 3 { // on, off, on
			t.Errorf("adb was switched %d times", n)
		}
	})
}

func TestADBNeverComes(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.deafADB = 100
		begun := time.Now()
		_, err := b.phone(b.book).Start(t.Context())
		if !errors.Is(err, geelark.ErrNotReady) || !fault.Is(err, fault.Device) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(begun); took > bootTime+geelark.DefaultADBTimeout+time.Minute {
			t.Errorf("it took %s", took)
		}
		b.wantOff()
	})
}

func TestPhoneThatNeverStarts(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.boot = time.Hour
		_, err := b.phone(b.book).Start(t.Context())
		if !errors.Is(err, geelark.ErrNotReady) || !fault.Is(err, fault.Device) {
			t.Errorf("got %v", err)
		}
		b.wantOff()
	})
}

func TestExpiredPhone(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		b.cloud.set("p1", geelark.Expired)
		_, err := b.phone(b.book).Start(t.Context())
		if !errors.Is(err, geelark.ErrExpired) || !fault.Is(err, fault.Human) || b.cloud.count("phone/start") != 0 {
			t.Errorf("got %v", err)
		}
	})
}

func TestDeliver(t *testing.T) {
	inBubble(t, func(b *bench) {
		t := b.t
		p := b.phone(b.book)
		send := func() error { return p.Deliver(t.Context(), strings.NewReader("video+more"), 5, "mp4") }
		if err := send(); !errors.Is(err, geelark.ErrNotReady) {
			t.Errorf("before the start: %v", err)
		}
		if _, err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		state := func(s int) reply { return reply{body: fmt.Sprintf(`{"code":0,"data":{"status":%d}}`, s)} }
		b.cloud.reply("phone/uploadFile/result", state(0), state(1), reply{code: 50000})
		if err := send(); err != nil || !slices.Equal(b.cloud.uploads, []string{"video"}) {
			t.Errorf("got %v, %q", err, b.cloud.uploads)
		}
		b.cloud.reply("phone/uploadFile/result", state(3))
		if err := send(); !errors.Is(err, geelark.ErrNotDelivered) || !fault.Is(err, fault.Infra) {
			t.Errorf("got %v", err)
		}
		before := b.cloud.count("phone/uploadFile")
		b.cloud.reply("phone/uploadFile", reply{silent: true, applied: true})
		if err := send(); err == nil || b.cloud.count("phone/uploadFile") != before+1 {
			t.Errorf("a file that may have come was sent again: %v", err)
		}
	})
}
