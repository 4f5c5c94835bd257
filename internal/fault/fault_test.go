package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"postfleet/internal/fault"
)

func TestOf(t *testing.T) {
	t.Parallel()
	base := errors.New("adb: device offline")
	tests := []struct {
		name string
		err  error
		want fault.Class
	}{
		{"nil", nil, fault.Unclassified},
		{"unmarked", base, fault.Unclassified},
		{"cancelled", context.Canceled, fault.Unclassified},
		{"marked", fault.Mark(fault.Device, base), fault.Device},
		{"wrapped after the mark", fmt.Errorf("connect: %w", fault.Mark(fault.Device, base)), fault.Device},
		{"outermost mark wins", fault.Mark(fault.Human, fault.Mark(fault.Device, base)), fault.Human},
		{"errorf", fault.Errorf(fault.Infra, "upload: %w", base), fault.Infra},
		{"joined", errors.Join(base, fault.Mark(fault.Ledger, base)), fault.Ledger},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := fault.Of(tt.err); got != tt.want {
				t.Errorf("Of(%v): got %q, want %q", tt.err, got, tt.want)
			}
		})
	}
}

func TestMarkKeepsTextAndChain(t *testing.T) {
	t.Parallel()
	base := errors.New("no such element")
	err := fault.Mark(fault.Infra, base)
	if err.Error() != base.Error() {
		t.Errorf("text: got %q, want %q", err.Error(), base.Error())
	}
	if !errors.Is(err, base) {
		t.Error("the marked error no longer matches its cause")
	}
	if fault.Mark(fault.Infra, nil) != nil {
		t.Error("Mark(nil): got an error")
	}
}

func TestEveryClassHasItsOwnWord(t *testing.T) {
	t.Parallel()
	seen := map[string]fault.Class{}
	for c := fault.Infra; c <= fault.Ledger; c++ {
		word := c.String()
		if word == "" {
			t.Errorf("class %d has no word", c)
		}
		if other, ok := seen[word]; ok {
			t.Errorf("classes %d and %d share the word %q", other, c, word)
		}
		seen[word] = c
	}
}
