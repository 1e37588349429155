# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Prometheus and promtool for tests, unpacked under build/prometheus. They are not
# installed, because the package would start a server on the host.

fetch_prometheus() (
	cd "$1" && apt-get -q download prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb
)

need_prometheus() {
	local dir=$build/prometheus

	[[ ! -x $dir/usr/bin/promtool ]] || return 0
	rm -rf "$dir" "$dir.new"
	mkdir -p "$dir.new"
	step prometheus "downloading Prometheus" fetch_prometheus "$dir.new"
	mv "$dir.new" "$dir"
}
