#!/usr/bin/env bash
# Prints the base images of the worker image, one NAME=value a line: what the
# environment names (GO_IMAGE, NODE_IMAGE, BASE_IMAGE), else the usual ones,
# else, where no image registry can be reached, stand-ins built here. The
# answer is kept in build/setup/images and holds as long as the engine has the
# images that it names.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

answer=$state/images
probe_seconds=20
usual_go=golang:1.26-bookworm
usual_node=node:24-bookworm-slim
usual_base=debian:bookworm-slim

# registry_answers asks the engine to pull the smallest image and lets it go on
# once the registry has shown the manifest.
registry_answers() {
	local log=$state/pull.log deadline=$((SECONDS + probe_seconds)) pull
	docker pull "$1" </dev/null >"$log" 2>&1 &
	pull=$!
	until grep -q 'Pulling from' "$log"; do
		if ! kill -0 "$pull" 2>/dev/null; then break; fi
		if [ "$SECONDS" -ge "$deadline" ]; then
			kill "$pull" 2>/dev/null
			break
		fi
		sleep 0.2
	done
	wait "$pull" 2>/dev/null
}

usual_images() {
	local name
	for name in "$usual_base" "$usual_go" "$usual_node"; do
		image_exists "$name" || registry_answers "$name" || return
	done
	printf 'GO_IMAGE=%s\nNODE_IMAGE=%s\nBASE_IMAGE=%s\n' "$usual_go" "$usual_node" "$usual_base"
}

# still_there is true while the engine has every image of the kept answer.
still_there() {
	local line
	[ -s "$answer" ] || return
	while read -r line; do image_exists "${line#*=}" || return; done <"$answer"
}

choose() {
	if still_there; then return; fi
	if ! usual_images >"$answer.new"; then
		say "no image registry can be reached: building stand-ins for the base images"
		"$root/internal/setup/standins.sh" >"$answer.new"
	fi
	mv "$answer.new" "$answer"
}

main() {
	if [ -z "${GO_IMAGE:-}" ] || [ -z "${NODE_IMAGE:-}" ] || [ -z "${BASE_IMAGE:-}" ]; then
		with_lock images choose
		# shellcheck source=/dev/null
		while IFS='=' read -r name value; do
			[ -n "${!name:-}" ] || printf -v "$name" '%s' "$value"
		done <"$answer"
	fi
	printf 'GO_IMAGE=%s\nNODE_IMAGE=%s\nBASE_IMAGE=%s\n' "$GO_IMAGE" "$NODE_IMAGE" "$BASE_IMAGE"
}

main
