#!/usr/bin/env bash
# Runs every Fuzz target of some packages for a time each, one after the other:
# fuzz.sh TIME PACKAGE…. It ends at the first finding, whose input go test
# leaves in testdata/fuzz of the package, to be committed with what mends it.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

time=$1
shift
log=$state/fuzz.log

# targets prints "package target" for each, of the files that go test compiles.
targets() {
	local packages package dir files file
	packages=$(go list -f '{{.ImportPath}}:{{.Dir}}:{{join .TestGoFiles " "}} {{join .XTestGoFiles " "}}' "$@") || return
	while IFS=: read -r package dir files; do
		for file in $files; do
			sed -n "s,^func \(Fuzz[A-Za-z0-9_]*\)(.*,$package \1,p" "$dir/$file"
		done
	done <<<"$packages"
}

# fuzz PACKAGE TARGET fails on a finding, with what repeats it in the log. Making
# each new input smaller would take most of the time if it had no limit.
fuzz() {
	go test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 200x "$1" </dev/null 2>&1 | tee "$log" >&2 && return
	# Go before 1.27 may take the end of the time for a failure (golang/go#75804).
	grep -qx ' *context deadline exceeded' "$log" && ! grep -q 'Failing input' "$log" &&
		say "$2: not a finding, only the end of $time"
}

have go || die "fuzzing needs Go 1.26: install it (https://go.dev/doc/install) and put go on the PATH"
all=$(targets "$@")
[ -n "$all" ] || die "no Fuzz target in $*"
while read -r package target; do
	say "$target of $package, $time"
	fuzz "$package" "$target" || die "$target of $package failed; see above, or $log"
done <<<"$all"
say "no findings in $(wc -l <<<"$all") targets, $SECONDS s"
