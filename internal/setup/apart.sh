#!/usr/bin/env bash
# apart.sh PROGRAM [ARG…]: runs a program with a network, mounts and processes of
# its own, on Linux and as root. Its loopback is not the machine's, so no port
# is taken; whatever it starts ends with it, however it ends; what it mounts
# nobody else sees. Files are the machine's.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A containerd that serves the machine's engine must not be found by another:
# its containers would live outside. Orphans are bash's, which outlives them.
inside='
	ip link set lo up
	[ ! -d /run/containerd ] || mount -t tmpfs none /run/containerd
	"$@" && exit 0 || exit $?
'

main() {
	[ $# -gt 0 ] || die "name a program to run apart"
	is_root || die "only root may make namespaces: run this as root"
	"$root/internal/setup/packages.sh" ip=iproute2 unshare=util-linux
	exec unshare --net --mount --pid --fork --kill-child --mount-proc -- bash -c "$inside" apart "$@"
}

main "$@"
