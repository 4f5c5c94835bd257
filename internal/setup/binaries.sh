#!/usr/bin/env bash
# Puts the host's programs into build/bin: compiled here where there is a Go,
# else taken from the image that image.sh compiled them in.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

from_image() {
	local container
	"$root/internal/setup/image.sh"
	container=$(docker create "$build_image" true)
	docker cp "$container:/out/." "$bin"
	docker rm "$container" >/dev/null
}

mkdir -p "$bin"
if have go; then
	CGO_ENABLED=0 go build -o "$bin/" ./cmd/... ./internal/demo
else
	from_image
fi
