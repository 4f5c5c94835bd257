// Package testbed is what the fault suite, the soak, the demonstrations and the
// benches stand on: an engine of their own that may be killed, a data volume that
// may be filled, a fleet in it, and its phones; a cloud of phones; programs that
// are run and timed. It drives the programs that users drive, from outside, and
// takes nothing for granted that it can see for itself.
//
// Who has an Engine or a Volume runs in namespaces of its own, see
// internal/setup/apart.sh: the engine's bridge, the published ports, the mounts
// and all processes are its own, and end with it, however it ends.
package testbed
