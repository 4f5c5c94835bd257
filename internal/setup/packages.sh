#!/usr/bin/env bash
# Makes sure of Debian packages, given by name; those that are there cost
# nothing.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

missing=()
for package in "$@"; do
	have "$package" || dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
