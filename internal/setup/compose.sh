#!/usr/bin/env bash
# Runs docker compose: the plugin where the Docker client has it, else the one
# of internal/tools/compose.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if docker compose version >/dev/null 2>&1; then
	exec docker compose "$@"
fi
"$root/internal/setup/tool.sh" compose
exec "$bin/docker-compose" "$@"
