#!/usr/bin/env bash
# Builds the image of the smoke test with Appium's fake driver, on top of the
# worker image, and prints its name. What it was made from is a label: a second
# call builds nothing.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

label=postfleet.smoke
smoke_image=${image%:*}-smoke:${image##*:}
context=internal/appium/testdata/smoke

ensure() {
	local hash worker line options
	worker=$(docker image inspect -f '{{.Id}}' "$image") || die "there is no $image: make image"
	hash=$({ echo "$worker" && cat "$context"/*; } | short_hash)
	if [ "$(docker image inspect -f "{{index .Config.Labels \"$label\"}}" "$smoke_image" 2>/dev/null)" = "$hash" ]; then
		return
	fi
	mapfile -t options < <(host_proxies)
	while read -r line; do
		case $line in NODE_IMAGE=*) options+=(--build-arg "$line") ;; esac
	done < <("$root/internal/setup/images.sh")
	options+=(--build-arg "WORKER_IMAGE=$image" --label "$label=$hash")
	say "building $smoke_image (log: build/setup/smoke.log)"
	timed "built $smoke_image" quiet smoke docker build "${options[@]}" -t "$smoke_image" "$context"
}

with_lock smoke ensure
printf '%s\n' "$smoke_image"
