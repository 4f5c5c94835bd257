# shellcheck shell=bash
# What the set-up scripts share. Sourced, never run. Everything that set-up
# makes lands in build/ or in the Docker engine; messages go to stderr, answers
# to stdout.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
state=$root/build/setup
mkdir -p "$state"
cd "$root"

# shellcheck disable=SC2034 # they are for those who source this
{
	bin=$root/build/bin
	image=${POSTFLEET_DOCKER_IMAGE:-postfleet-worker:dev}
	build_image=${image%:*}-build:${image##*:}
}

say() { printf 'setup: %s\n' "$*" >&2; }

# die says in one line what is missing and what mends it.
die() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# debian_family is true where apt-get is the package manager.
debian_family() { have apt-get && [ -r /etc/debian_version ]; }

# apt_install installs Debian packages. One caller at a time: the parts of
# set-up run side by side, and dpkg has one lock.
apt_install() {
	if ! is_root || ! debian_family; then
		die "missing: $*. Install them (on Debian, as root: apt-get install $*) and run this again"
	fi
	say "installing $*"
	export DEBIAN_FRONTEND=noninteractive
	with_lock apt quiet apt-update apt-get update -q
	with_lock apt quiet apt-install apt-get install -qy --no-install-recommends "$@"
}

# short_hash is a digest of stdin, short enough for a tag.
short_hash() { sha256sum | cut -c1-12; }

# timed runs a command and says how long it took.
timed() {
	local what=$1 start=$SECONDS
	shift
	"$@" || return
	say "$what: $((SECONDS - start)) s"
}

# host_proxies prints the build arguments that carry the host's proxy settings
# into a build; every builder knows these names without an ARG.
host_proxies() {
	local name
	for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
		[ -z "${!name:-}" ] || printf -- '--build-arg\n%s\n' "$name"
	done
	# A proxy on the host's loopback is out of a container's reach otherwise.
	case "${http_proxy:-}${https_proxy:-}${HTTP_PROXY:-}${HTTPS_PROXY:-}" in
	*127.0.0.1* | *localhost*) printf -- '--network\nhost\n' ;;
	esac
}

# with_lock NAME runs a command while no other process of this tree holds NAME.
with_lock() {
	local lock=$state/$1.lock
	shift
	(flock 9 && "$@") 9>"$lock"
}

# quiet NAME runs a command with its output in a log, shown when it fails.
quiet() {
	local log=$state/$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null && return
	tail -n 25 "$log" >&2
	die "that failed: $* (all of it: $log)"
}

# stamped NAME HASH says whether NAME was last made from HASH; stamp records it.
stamped() { [ "$(cat "$state/$1.stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s\n' "$2" >"$state/$1.stamp"; }

# image_exists asks the engine, not a file that may lie.
image_exists() { docker image inspect "$1" >/dev/null 2>&1; }
