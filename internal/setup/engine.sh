#!/usr/bin/env bash
# Makes a Docker engine answer: the one that runs, or, on a Debian machine and
# as root, Debian's own, installed and started here. Anywhere else it says in
# one line what is missing. The engine it starts outlives it.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

log=${DOCKERD_LOG:-/var/log/postfleet-dockerd.log}
run_dir=/var/run
start_seconds=60

answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# wait_until_it_answers gives the engine start_seconds, and no longer than the
# process that was started lives.
wait_until_it_answers() {
	local pid=${1:-} deadline=$((SECONDS + start_seconds))
	until answers; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		[ -z "$pid" ] || kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.3
	done
}

# forget_dead_daemons removes pid files whose process is gone, or is by now
# another program: a machine that lost its power leaves them, and dockerd
# believes them.
forget_dead_daemons() {
	local file name pid
	while read -r file name; do
		[ -f "$file" ] || continue
		pid=$(tr -dc 0-9 <"$file")
		[ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] && continue
		say "removing the stale $file"
		rm -f "$file"
	done <<-FILES
		$run_dir/docker.pid dockerd
		$run_dir/docker/containerd/containerd.pid containerd
	FILES
}

start_dockerd() {
	if [ -d /run/systemd/system ]; then
		systemctl start docker && wait_until_it_answers
		return
	fi
	forget_dead_daemons
	say "starting dockerd (log: $log)"
	detached dockerd </dev/null >>"$log" 2>&1 &
	wait_until_it_answers $!
}

# detached becomes a program in a session of its own, without any file but the
# first three: it must neither die with make nor keep a pipe of its caller open.
detached() {
	local fd
	for fd in "/proc/$BASHPID/fd/"*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || exec {fd}>&-
	done
	exec setsid "$@"
}

cannot() { die "no Docker engine answers, and $1"; }

main() {
	if have docker && answers; then return; fi
	[ -z "${DOCKER_HOST:-}" ] || cannot "DOCKER_HOST is $DOCKER_HOST: start that engine, or unset DOCKER_HOST"
	if [ -S "$run_dir/docker.sock" ] && ! [ -w "$run_dir/docker.sock" ]; then
		cannot "$run_dir/docker.sock is not yours to use: run this as root, or join its group (usermod -aG docker $(id -un))"
	fi
	is_root || cannot "only root could start one: start Docker (systemctl start docker) or run this as root"
	if ! have dockerd || ! have docker; then
		debian_family || cannot "this is no Debian machine on which to install one: install Docker"
		apt_install docker.io iptables ca-certificates
		hash -r
		have docker || apt_install docker-cli
		if answers; then return; fi
	fi
	start_dockerd || { tail -n 15 "$log" >&2 2>/dev/null && cannot "dockerd did not come up: see $log"; }
	say "Docker engine $(docker version --format '{{.Server.Version}}') is up"
}

main
