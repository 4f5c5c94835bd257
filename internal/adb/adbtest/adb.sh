#!/bin/sh
# An adb that follows a script: see adbtest.go. Arguments: -H HOST -P PORT
# COMMAND…; without -H the real one might start a server, so that is refused.
if [ "$1 $3" != "-H -P" ]; then
	echo "fake adb: called without -H and -P: $*" >&2
	exit 99
fi
dir=$(dirname "$0")/$4
shift 4
echo "$*" >>"$dir/calls"
replies=$dir/$(printf %s "$*" | md5sum | cut -c1-32)
[ -d "$replies" ] || exit 0
n=$(cat "$replies/asked" 2>/dev/null || echo 0)
[ -e "$replies/$((n + 1)).code" ] && echo $((n + 1)) >"$replies/asked"
cat "$replies/$n.out"
cat "$replies/$n.err" >&2
code=$(cat "$replies/$n.code")
[ "$code" = hang ] && exec sleep 60
exit "$code"
