package permit_test

import (
	"context"
	"errors"
	"testing"

	"postfleet/internal/navigator/permit"
)

func TestPermit(t *testing.T) {
	t.Parallel()
	if (permit.Permit{}).Use() {
		t.Error("the zero permit permits")
	}
	refused := errors.New("not on disk")
	p, err := permit.After(t.Context(), func(context.Context) error { return refused })
	if !errors.Is(err, refused) || p.Use() {
		t.Errorf("after a commit that failed: got error %v and a right", err)
	}
	p, err = permit.After(t.Context(), func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	again := p
	if !p.Use() || p.Use() || again.Use() {
		t.Error("a permit must permit once, copies included")
	}
}
