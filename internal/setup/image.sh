#!/usr/bin/env bash
# Builds the worker image, unless the engine has it from the same sources: the
# image carries their hash as a label. Prints nothing but progress.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

image=${POSTFLEET_DOCKER_IMAGE:-postfleet-worker:dev}
build_image=postfleet-build:dev
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

# build_stages makes the compiling stage first and names it, so that its layers
# outlive the clean-up of what they replace.
build_stages() {
	docker build "${options[@]}" --target build -t "$build_image" . &&
		docker build "${options[@]}" --label "$label=$1" -t "$image" . &&
		docker image prune -f --filter label=postfleet.part &&
		docker image prune -f --filter "label=$label"
}

ensure() {
	local hash bases line
	bases=$("$root/internal/setup/images.sh")
	hash=$(sources_hash "$bases")
	if [ "$(docker image inspect -f "{{index .Config.Labels \"$label\"}}" "$image" 2>/dev/null)" = "$hash" ]; then
		return
	fi
	mapfile -t options < <(host_proxies)
	options+=(-f Dockerfile.worker)
	while read -r line; do options+=(--build-arg "$line"); done <<<"$bases"
	say "building $image (log: build/setup/image.log)"
	timed "built $image" quiet image build_stages "$hash"
}

with_lock image ensure
