#!/usr/bin/env bash
# Builds stand-ins for the base images from what package registries offer, for
# networks without an image registry: a debootstrap'ed Debian, this machine's
# Go, and Node from npm. They trust what this machine trusts and use the
# mirrors and proxies that it uses. Each is tagged with the hash of what it is
# made of, so that nothing is built twice. Prints NAME=image, one a line.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

suite=bookworm
go_version=1.26.0
debian_go=1.23
node_version=24.21.0
npm_version=11.21.2
bundle=/etc/ssl/certs/ca-certificates.crt
work=$state/standins

# mirror is where this machine gets its own Debian packages.
mirror() {
	local found
	# shellcheck disable=SC2016 # apt fills these in
	found=$(apt-get indextargets --format '$(SITE) $(LABEL)' 2>/dev/null |
		awk '$2 == "Debian" {print $1; exit}')
	[ -n "$found" ] || die "no Debian mirror in this machine's apt sources: add one, or set GO_IMAGE, NODE_IMAGE and BASE_IMAGE"
	printf '%s\n' "$found"
}

# apt_settings are the host's transport settings for apt; its hooks stay out.
apt_settings() {
	apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-Valid-Until|Check-Date)\b.*"[^"]+";$' || true
}

# tag NAME prints the stand-in's tag; stdin is all that it is made of.
tag() { printf 'postfleet-standin/%s:%s\n' "$1" "$(short_hash)"; }

# build makes an image of a small context; its output is shown when it fails.
build() {
	local options
	mapfile -t options < <(host_proxies)
	quiet standin docker build "${options[@]}" -t "$1" "$2"
}

# sources are the suite's lines of the host's own apt sources.
sources() {
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format 'deb $(SITE) $(CODENAME) main' 2>/dev/null |
		grep -E " $suite(-updates|-security)? main$" | sort -u || true
}

debian_tree() {
	local tree=$1
	quiet debootstrap debootstrap --variant=minbase --include=ca-certificates "$suite" "$tree" "$mirror"
	cp "$bundle" "$tree$bundle"
	sources >"$tree/etc/apt/sources.list.d/host.list"
	apt_settings >"$tree/etc/apt/apt.conf.d/90host"
	printf 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n' >"$tree/etc/apt/apt.conf.d/91slim"
	rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/* "$tree"/var/log/* \
		"$tree"/usr/share/doc/* "$tree"/usr/share/man/* "$tree"/usr/share/locale/* "$tree"/usr/share/info/*
}

base_image() {
	have debootstrap || apt_install debootstrap
	mirror=$(mirror)
	base=$({ echo "$suite" "$mirror" && sources && apt_settings && cat "$bundle" && declare -f debian_tree; } | tag base)
	image_exists "$base" && return
	say "building $base (debootstrap, about a minute)"
	debian_tree "$work/base"
	tar -C "$work/base" -c . | docker import \
		--change "ENV SSL_CERT_FILE=$bundle NODE_EXTRA_CA_CERTS=$bundle" --change 'CMD ["bash"]' - "$base" >/dev/null
}

# go_settings are the host's ways to modules, as lines of a Dockerfile.
go_settings() {
	local name value
	for name in GOPROXY GOSUMDB GONOSUMDB GONOPROXY GOPRIVATE GOINSECURE GOFLAGS; do
		if have go; then value=$(go env "$name"); else value=${!name:-}; fi
		[ -z "$value" ] || printf 'ENV %s="%s"\n' "$name" "$value"
	done
}

# local_go is true when this machine's Go is new enough.
local_go() {
	have go && [ "$(printf '%s\n' "$(go env GOVERSION)" "go$go_version" | sort -V | head -n 1)" = "go$go_version" ]
}

# debian_go_dockerfile starts from the newest Go that Debian offers for the
# suite and lets it fetch the toolchain that go.mod asks for.
debian_go_dockerfile() {
	cat <<-DOCKERFILE
		FROM $base
		$(go_settings)
		ENV PATH=/usr/lib/go-$debian_go/bin:\$PATH GOPATH=/go GOTOOLCHAIN=go$go_version
		RUN echo 'deb $mirror $suite-backports main' >/etc/apt/sources.list.d/backports.list \
		 && apt-get update -q && apt-get install -qy golang-$debian_go-go \
		 && rm -rf /var/lib/apt/lists/* && go version
	DOCKERFILE
}

local_go_dockerfile() {
	cat <<-DOCKERFILE
		FROM $base
		$(go_settings)
		ENV PATH=/usr/local/go/bin:\$PATH GOPATH=/go GOTOOLCHAIN=local
		COPY go /usr/local/go
	DOCKERFILE
}

go_image() {
	local context=$work/go
	mkdir "$context"
	if ! local_go; then
		debian_go_dockerfile >"$context/Dockerfile"
		go=$(tag go <"$context/Dockerfile")
		image_exists "$go" || { say "building $go (Debian's Go)" && build "$go" "$context"; }
		return
	fi
	local_go_dockerfile >"$context/Dockerfile"
	go=$({ go env GOVERSION && cat "$context/Dockerfile"; } | tag go)
	image_exists "$go" && return
	say "building $go ($(go env GOVERSION) of this machine)"
	mkdir "$context/go"
	tar -ch -C "$(go env GOROOT)" --exclude=./test --exclude=./api --exclude=./doc --exclude=./pkg/obj . |
		tar -x -C "$context/go"
	build "$go" "$context"
}

# npm_settings are the host's ways to packages; secrets stay out.
npm_settings() {
	local key value
	for key in registry proxy https-proxy noproxy strict-ssl; do
		value=$(npm config get "$key" 2>/dev/null)
		case $value in "" | null | undefined) ;; *) printf '%s=%s\n' "$key" "$value" ;; esac
	done
	printf 'cafile=%s\naudit=false\nfund=false\nupdate-notifier=false\n' "$bundle"
}

node_image() {
	local arch
	have npm || apt_install npm
	case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) die "no Node for $(uname -m) on npm: set NODE_IMAGE" ;; esac
	mkdir "$work/node"
	cat >"$work/node/Dockerfile" <<-DOCKERFILE
		FROM $base
		COPY node_modules/node-linux-$arch/bin/node /usr/local/bin/
		COPY node_modules/npm /usr/local/lib/node_modules/npm
		COPY npmrc /usr/local/etc/npmrc
		RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && npm --version
	DOCKERFILE
	npm_settings >"$work/node/npmrc"
	node=$({ echo "$arch" "$node_version" "$npm_version" && cat "$work/node/Dockerfile" "$work/node/npmrc"; } | tag node)
	image_exists "$node" && return
	say "building $node (Node $node_version from npm)"
	# A package.json makes npm install here; --prefix would hide the host's npmrc.
	echo '{}' >"$work/node/package.json"
	quiet npm env -C "$work/node" NODE_EXTRA_CA_CERTS="$bundle" npm install \
		--no-save --no-package-lock --ignore-scripts --loglevel=error \
		"node-linux-$arch@$node_version" "npm@$npm_version"
	build "$node" "$work/node"
}

main() {
	is_root || die "no image registry can be reached, and stand-ins need root: run this as root, or set GO_IMAGE, NODE_IMAGE and BASE_IMAGE"
	[ -r "$bundle" ] || apt_install ca-certificates
	rm -rf "$work"
	trap 'rm -rf "$work"' EXIT
	mkdir "$work"
	base_image
	go_image
	node_image
	printf 'GO_IMAGE=%s\nNODE_IMAGE=%s\nBASE_IMAGE=%s\n' "$go" "$node" "$base"
}

main
