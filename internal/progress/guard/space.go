package guard

import (
	"github.com/docker/go-units"

	"postfleet/internal/fault"
)

// How many bytes must be free. A fleet begins with more than it goes on with,
// so that it does not stop with its first job.
const (
	// ToStart is what a launch asks for.
	ToStart = 64 << 20
	// ToClaim is what a claim leaves untouched: room for what the jobs that run
	// have still to record, their logs and artifacts.
	ToClaim = 16 << 20
)

// EnoughToStart returns an error of fault.Input when so few bytes are free in
// dir that a fleet had better not begin.
func EnoughToStart(dir string, free uint64) error {
	if free >= ToStart {
		return nil
	}
	return fault.Errorf(fault.Input, "%s has %s left, and no fleet is begun with less than %s: make room on that disk",
		dir, size(free), size(ToStart))
}

// EnoughToClaim returns an error of fault.Infra when so few bytes are free in
// dir that no further job may be begun. It passes when a person makes room.
func EnoughToClaim(dir string, free uint64) error {
	if free >= ToClaim {
		return nil
	}
	return fault.Errorf(fault.Infra, "%s has %s left, and no job is begun with less than %s: make room on that disk",
		dir, size(free), size(ToClaim))
}

func size(bytes uint64) string { return units.BytesSize(float64(bytes)) }
