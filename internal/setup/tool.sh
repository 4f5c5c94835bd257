#!/usr/bin/env bash
# Builds a tool of internal/tools into build/bin, once for each version of it
# and of Go: tool.sh lint | compose.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

build() {
	local module=$1 program=$2 package=$3 flags=${4:-} hash
	have go || die "$program is built with Go: install Go 1.26 (https://go.dev/doc/install)"
	hash=$({ go version && cat "internal/tools/$module/go.mod" "internal/tools/$module/go.sum"; } | short_hash)
	if [ -x "$bin/$program" ] && stamped "$program" "$hash"; then return; fi
	say "building $program (a few minutes, once)"
	timed "built $program" quiet "$program" \
		env CGO_ENABLED=0 go -C "internal/tools/$module" build -ldflags="-s -w $flags" -o "$bin/$program" "$package"
	stamp "$program" "$hash"
}

mkdir -p "$bin"
case ${1:-} in
lint) with_lock lint build lint golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint ;;
compose)
	library=github.com/docker/compose/v2
	version=$(sed -n "s,^.*$library \\(v[^ ]*\\).*,\\1,p" internal/tools/compose/go.mod)
	with_lock compose build compose docker-compose "$library/cmd" "-X $library/internal.Version=$version"
	;;
*) die "usage: tool.sh lint | compose" ;;
esac
