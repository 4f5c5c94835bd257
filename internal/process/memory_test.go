package process_test

import (
	"errors"
	"testing"

	"postfleet/internal/process"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	p, err := process.Start(process.Config{Path: "sleep", Args: []string{"60"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Memory()
	if err != nil || got < 4<<10 || got > 64<<20 {
		t.Errorf("got %d bytes and %v for a program of a few", got, err)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Memory(); !errors.Is(err, process.ErrEnded) {
		t.Errorf("after its end: got %d, %v, want %v", got, err, process.ErrEnded)
	}
}

// TestMemoryOfTheGroup: what the program has started counts too.
func TestMemoryOfTheGroup(t *testing.T) {
	t.Parallel()
	p, err := process.Start(process.Config{Path: "sh", Args: []string{"-c", "sleep 60 & sleep 60 & wait"}})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := process.Start(process.Config{Path: "sleep", Args: []string{"60"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = p.Stop(t.Context()), alone.Stop(t.Context()) }()
	one, err := alone.Memory()
	if err != nil {
		t.Fatal(err)
	}
	for t.Context().Err() == nil {
		if all, err := p.Memory(); err == nil && all > one*3/2 {
			return
		}
	}
	t.Error("the children are not counted")
}
