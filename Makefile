# The two commands are "make demo" and "make test"; each does all its own set-up
# and the next run reuses it. "make help" lists the pieces.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Flags for go test, and the packages that lint, vet, unit and fuzz look at.
TESTFLAGS ?=
PKG ?= ./...
# How long "make fuzz" spends on each target.
FUZZTIME ?= 60s
# How many histories of each kind "make powercut" plays; about 2 s for one.
POWERCUT_SEEDS ?= 20
# The directory and the command of "make demo" and "make compose".
DEMO_DIR ?= build/demo
ARGS ?= up
# Flags for the benchmarks. Slow links have their own.
BENCHFLAGS ?=
SLOWLINKFLAGS ?=
# How many processes "make kill-test" kills, and where it draws that from.
KILLS ?= 300
SEED ?= 0
# How long "make chaos" injects faults, and what else its program is told, such
# as -live-restore or -kinds kill_adb,freeze.
CHAOS_MINUTES ?= 10
CHAOSFLAGS ?=
# How long the fleet of "make soak" runs, and what else its program is told, such
# as -workers 2.
SOAK_MINUTES ?= 15
SOAKFLAGS ?=

# One way of compiling for everything but the race detector, so that all share
# the build cache.
export CGO_ENABLED := 0

setup := internal/setup
lint := build/bin/golangci-lint
scripts := $(wildcard $(setup)/*.sh workerimage/*.sh) .ci/run

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: engine image binaries ## three workers post twelve videos to simulated phones, checked
	@build/bin/demo -dir $(DEMO_DIR)

.PHONY: demo-geelark
demo-geelark: engine image binaries ## four workers post 24 videos on eight simulated cloud phones, checked
	@go build -o build/bin/demo-geelark ./internal/demogeelark
	@build/bin/demo-geelark

.PHONY: bench-tracker
bench-tracker: binaries ## what the ledger does a second, beside SQLite and the disk's limit (BENCHFLAGS=-short)
	@go build -o build/bin/bench-tracker ./internal/bench/tracker
	@build/bin/bench-tracker $(BENCHFLAGS)

.PHONY: bench-watch
bench-watch: engine image binaries ## what the orchestrator takes while it watches 64 idle workers (BENCHFLAGS=-appium)
	@go build -o build/bin/bench-watch ./internal/bench/watch
	@build/bin/bench-watch $(BENCHFLAGS)

.PHONY: bench-navigator
bench-navigator: engine image ## an app that has changed (BENCHFLAGS=-short), and slow links (SLOWLINKFLAGS=-lean)
	@go build -o build/bin/bench-navigator ./internal/bench/navigator
	@go build -o build/bin/bench-slowlink ./internal/bench/slowlink
	@missed=0; build/bin/bench-navigator $(BENCHFLAGS) || missed=1; \
		build/bin/bench-slowlink $(SLOWLINKFLAGS) || missed=1; exit $$missed

.PHONY: hostile-test
hostile-test: ## hostile screens, wrong records and crashes, all of them (the unit tests try a part)
	@go test -count 1 -timeout 10m -v -run 'TestObeyingModel|TestWrongRecord|TestCrash' ./internal/guide

.PHONY: kill-test
kill-test: ## SIGKILL for 300 of 8 workers on one ledger, on disk (KILLS=300 SEED=0: a new one)
	@$(setup)/packages.sh python3
	@go build -o build/bin/kill-test ./internal/progress/ledgerproof/killtest
	@build/bin/kill-test -kills $(KILLS) -seed $(SEED)

.PHONY: chaos
chaos: engine image binaries ## four workers under seventeen kinds of faults (CHAOS_MINUTES=10 SEED=0: a new one)
	@$(setup)/packages.sh mkfs.ext4=e2fsprogs
	@go build -o build/bin/chaos ./internal/chaos
	@$(setup)/apart.sh build/bin/chaos -minutes $(CHAOS_MINUTES) -seed $(SEED) $(CHAOSFLAGS)

.PHONY: soak
soak: engine image binaries ## three workers without a pause, memory, files and logs flat (SOAK_MINUTES=15)
	@$(setup)/packages.sh ip=iproute2 unshare=util-linux
	@go build -o build/bin/soak ./internal/soak
	@$(setup)/apart.sh build/bin/soak -minutes $(SOAK_MINUTES) $(SOAKFLAGS)

.PHONY: test
test: ## everything below: lint, vet, unit and integration
	@$(setup)/test.sh "$(TESTFLAGS)"

.PHONY: engine
engine: ## a Docker engine that answers, installed and started where that is possible
	@$(setup)/engine.sh

.PHONY: image
image: engine ## the worker image, postfleet-worker:dev
	@$(setup)/image.sh

.PHONY: binaries
binaries: ## the host's programs in build/bin, from the image where there is no Go
	@$(setup)/binaries.sh

.PHONY: tools
tools: ## golangci-lint and docker-compose in build/bin
	@$(setup)/tool.sh lint
	@$(setup)/tool.sh compose

.PHONY: lint
lint: ## golangci-lint, formatting too, and shellcheck (PKG=./internal/jobs/... for a part)
	@$(setup)/tool.sh lint
	@$(lint) run --build-tags integration $(PKG) || { echo 'lint: make fmt mends the formatting, the rest is by hand' >&2; exit 1; }
	@$(setup)/packages.sh shellcheck
	@shellcheck -x -P SCRIPTDIR $(scripts)

.PHONY: fmt
fmt: ## formats the Go code
	@$(setup)/tool.sh lint
	@$(lint) fmt

.PHONY: vet
vet: ## go vet, without and with the integration tests
	@go vet $(PKG)
	@go vet -tags integration $(PKG)

.PHONY: tidy-check
tidy-check: ## go.mod and go.sum are what go mod tidy would write
	@go mod tidy -diff || { echo 'tidy-check: run: go mod tidy' >&2; exit 1; }

.PHONY: unit
unit: ## the hermetic tests: no Docker, no phone
	@$(setup)/packages.sh gcc=gcc,libc6-dev python3
	@CGO_ENABLED=1 go test -race -shuffle=on $(TESTFLAGS) $(PKG)

.PHONY: fuzz
fuzz: ## every Fuzz target for FUZZTIME each, up to the first finding
	@$(setup)/fuzz.sh "$(FUZZTIME)" $(PKG)

.PHONY: powercut
powercut: ## POWERCUT_SEEDS histories of the ledger, the power cut before every write
	@POWERCUT_SEEDS=$(POWERCUT_SEEDS) go test -run '^TestPowerCut$$' -count 1 -timeout 1h -v ./internal/progress/fileledger

.PHONY: integration
integration: PKG = $(sort $(addprefix ./,$(dir $(shell grep -rl --include='*_test.go' '^//go:build integration' cmd compose internal orchestrator workerimage))))
integration: image ## the tests on a real engine with the real image
	@docker compose version >/dev/null 2>&1 || $(setup)/tool.sh compose
	@$(setup)/packages.sh adb
	@TESTCONTAINERS_RYUK_DISABLED=true go test -tags integration -run '^TestIntegration' \
		-timeout 20m -p 1 -count 1 $(TESTFLAGS) $(PKG)

.PHONY: compose
compose: image ## docker compose, with the plugin or without (ARGS="up", "down", …)
	@$(setup)/compose.sh $(ARGS)

.PHONY: clean
clean: ## removes build/, but no image
	@rm -rf build
