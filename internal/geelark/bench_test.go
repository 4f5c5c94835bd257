package geelark_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"postfleet/internal/geelark"
	"postfleet/internal/geelark/phonebook"
)

// bench is a phone named shop (p1), a cloud and a data directory.
type bench struct {
	t     *testing.T
	cloud *cloud
	dir   string
	book  *phonebook.Book
	log   strings.Builder
}

// inBubble runs test under synctest.
func inBubble(t *testing.T, test func(b *bench)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, cloud: newCloud("shop", "shop2"), dir: t.TempDir()}
		b.book = b.open(1)
		test(b)
		for _, secret := range []string{testToken, phonePasswd} {
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("a secret is in the log: %s", b.log.String())
			}
		}
	})
}

// open opens the book as a worker does; the first is dead for the others.
func (b *bench) open(worker int) *phonebook.Book {
	b.t.Helper()
	book, err := phonebook.Open(phonebook.Config{
		Path: filepath.Join(b.dir, phonebook.FileName), Fleet: "f", Worker: worker,
		AliveFunc: func(w int) (bool, error) { return w != 1, nil },
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = book.Close() })
	return book
}

func (b *bench) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (b *bench) phone(book geelark.Book) *geelark.Phone {
	return geelark.NewPhone(geelark.PhoneConfig{Name: "shop"}, b.cloud.client(b.t, b.dir), book, b.logger())
}

func (b *bench) stopper() *geelark.Stopper {
	return geelark.NewStopper(geelark.StopConfig{}, b.cloud.client(b.t, b.dir), b.book, b.logger())
}

// isBooked is whether the book has the phone, as one who opens it now sees it.
func (b *bench) isBooked() bool {
	b.t.Helper()
	booked, err := b.open(9).Booked(b.t.Context(), "p1")
	if err != nil {
		b.t.Fatal(err)
	}
	return booked
}

// wantOff checks that nothing runs and nothing is booked.
func (b *bench) wantOff() {
	b.t.Helper()
	if got := b.cloud.status("p1"); got.Billable() || b.isBooked() {
		b.t.Errorf("the phone is %s, booked: %t", got, b.isBooked())
	}
}
