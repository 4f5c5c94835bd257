#!/usr/bin/env bash
# Every test: lint, vet, unit, integration. Set-up that waits for the network
# (engine, base images, worker image) runs beside lint, whose tool is slow to
# compile; the tests then have the machine to themselves. Every step runs even
# when an earlier one failed, and each failure names the command that repeats
# or mends it. The argument goes to go test.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

flags=${1:-}
failed=()

# step NAME HINT runs make NAME.
step() {
	local start=$SECONDS
	say "$1 …"
	if make --no-print-directory "$1" TESTFLAGS="$flags"; then
		say "$1: ok, $((SECONDS - start)) s"
	else
		failed+=("$1 ($2)")
		say "$1: FAILED after $((SECONDS - start)) s"
	fi
}

have go || die "the tests need Go 1.26: install it (https://go.dev/doc/install) and put go on the PATH"
"$root/internal/setup/packages.sh" shellcheck gcc=gcc,libc6-dev python3
"$root/internal/setup/engine.sh"

make --no-print-directory image &
image=$!
trap 'kill "$image" 2>/dev/null || true' EXIT

step lint "read what it says; make fmt mends the formatting; repeat: make lint"
step tidy-check "mend: go mod tidy"
step vet "repeat: make vet"
wait "$image" || failed+=("image (repeat: make image)")
trap - EXIT
step unit "repeat: make unit PKG=./the/package"
step integration "repeat: make integration PKG=./the/package"

[ ${#failed[@]} = 0 ] || die "failed: $(printf '%s; ' "${failed[@]}")"
say "all tests passed in $SECONDS s"
