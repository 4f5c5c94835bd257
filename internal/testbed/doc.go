// Package testbed is what the fault suite and the soak stand on: an engine of
// their own that may be killed, a data volume that may be filled, a fleet in
// it, and its phones. It drives the programs that users drive, from outside,
// and takes nothing for granted that it can see for itself.
//
// Its callers run in namespaces of their own, see internal/setup/apart.sh: the
// engine's bridge, the published ports, the mounts and all processes are
// theirs, and end with them, however they end.
package testbed
