#!/usr/bin/env bash
# Makes sure of programs, each with the Debian packages that bring it:
# packages.sh program[=package,package…]… Those that are there cost nothing.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

missing=()
for want in "$@"; do
	have "${want%%=*}" && continue
	IFS=, read -ra packages <<<"${want#*=}"
	missing+=("${packages[@]}")
done
[ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
