package guard

import (
	"errors"

	"github.com/docker/go-units"

	"postfleet/internal/fault"
	"postfleet/internal/progress/disk"
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

// RoomToStart is EnoughToStart of what is free in dir now.
func RoomToStart(dir string) (err error) {
	d, err := disk.OpenDir(dir)
	if err == nil {
		defer func() { err = errors.Join(err, d.Close()) }()
		var free uint64
		if free, err = d.Free(); err == nil {
			return EnoughToStart(dir, free)
		}
	}
	return fault.Errorf(fault.Infra, "ask for the room in %s: %w", dir, err)
}

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
