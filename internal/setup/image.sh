#!/usr/bin/env bash
# Builds the worker image, and beside it the image that it was compiled in,
# unless the engine has both from the same sources: they carry their hash as a
# label. Prints nothing but progress.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

label=postfleet.source

# context_files lists what .dockerignore lets into the build: what it keeps
# (the lines with !) without what it then leaves out.
context_files() {
	local keep=() out=() line
	while read -r line; do
		case $line in
		'' | '#'* | '*') ;;
		'!'*) keep+=("${line#!}") ;;
		'**/'*) out+=(-o -name "${line#'**/'}") ;;
		*) out+=(-o -path "$line") ;;
		esac
	done <.dockerignore
	find "${keep[@]}" Dockerfile.worker .dockerignore \( "${out[@]:1}" \) -prune -o -type f -print0
}

sources_hash() {
	{
		printf '%s\n' "$@"
		context_files | LC_ALL=C sort -z | xargs -0 sha256sum
	} | short_hash
}

# made_from says whether every one of the images has the hash.
made_from() {
	local hash=$1 name
	shift
	for name in "$@"; do
		[ "$(docker image inspect -f "{{index .Config.Labels \"$label\"}}" "$name" 2>/dev/null)" = "$hash" ] || return
	done
}

# build_images makes the compiling stage first and names it: its layers outlive
# the clean-up of what they replace, and hosts without Go have their programs
# from it.
build_images() {
	docker build "${options[@]}" --target build -t "$build_image" . &&
		docker build "${options[@]}" -t "$image" . &&
		docker image prune -f --filter until=1h --filter label=postfleet.part &&
		docker image prune -f --filter until=1h --filter "label=$label"
}

ensure() {
	local hash bases line
	bases=$("$root/internal/setup/images.sh")
	hash=$(sources_hash "$bases")
	if made_from "$hash" "$image" "$build_image"; then return; fi
	mapfile -t options < <(host_proxies)
	options+=(-f Dockerfile.worker --label "$label=$hash")
	while read -r line; do options+=(--build-arg "$line"); done <<<"$bases"
	say "building $image (log: build/setup/image.log)"
	timed "built $image" quiet image build_images
}

with_lock image ensure
