# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Package sources of Debian releases, including releases other than the host's, on
# the mirrors that the host uses. The host's apt configuration is not changed.

# mirror [-v] NAME: the first URI of the host's sources that contains NAME (-v: that does not)
mirror() {
	# shellcheck disable=SC2016 # apt's own
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
		sort -u | grep -m 1 "$@" || true
}

# debian_sources RELEASE [SUITE]...: the sources of an installation of RELEASE, and SUITEs
debian_sources() {
	local main security suite

	main=$(mirror -v security)
	security=$(mirror security)
	[[ -n $main ]] || die "this machine has no Debian package source to copy for $1"
	printf 'deb %s main\n' "$main $1" "$main $1-updates" "${security:-$main} $1-security"
	shift
	for suite; do
		echo "deb $main $suite main"
	done
}

# use_release DIR RELEASE [SUITE]...: make apt_options describe a machine with RELEASE and
# no installed packages; its package lists are kept in DIR
use_release() {
	local dir=$1

	shift
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	: >"$dir/status"
	debian_sources "$@" >"$dir/sources.list"
	codename=$1
	apt_options=(-o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists" -o "Dir::State::status=$dir/status"
		-o "Dir::State::extended_states=$dir/extended" -o "Dir::Cache=$dir"
		-o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o APT::Sandbox::User=root "${apt_architectures[@]}")
	apt-get -q "${apt_options[@]}" update
}
