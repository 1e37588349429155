# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian packages: what each task needs, and installing missing packages.

declare -A packages=(
	[build]="gcc g++ libc6-dev make cmake ninja-build clang libclang-rt-dev llvm
		pkg-config git xz-utils zstd cpio kmod bc pahole libbpf1 libbpf-dev bpftool libelf-dev zlib1g-dev
		libncurses-dev libcli11-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev
		prometheus-cpp-dev
		libgtest-dev libgmock-dev libbenchmark-dev"
	[lab]="qemu-system-x86 util-linux procps kmod python3 python3-cram tmux bpftrace strace
		trace-cmd python3-jsonschema systemd"
	[debug]="flex bison"
	[arm64]="qemu-system-arm gcc-aarch64-linux-gnu g++-aarch64-linux-gnu binutils-aarch64-linux-gnu"
	[empty]="mmdebstrap"
	[lint-fast]="clang-format shellcheck codespell"
	[lint-slow]="clang-tidy clang-19 sparse"
)

# Minimum versions of packages that may be too old in a release. libbpf 1.4 introduced
# struct_ops of modules. Before QEMU 8.1 an emulated CPU could run code that another CPU
# had just patched; the kernel patches code whenever a tracer is attached, and died with
# int3.
declare -A least=([libbpf1]=1:1.4 [libbpf-dev]=1:1.4 [bpftool]=7.4 [qemu-system-x86]=1:8.1
	[qemu-system-arm]=1:8.1)

# os_release KEY: print the value of KEY in /etc/os-release
os_release() {
	sed -nE "s/^$1=\"?([^\"]*)\"?$/\1/p" /etc/os-release
}

# Options for apt; they select the package lists of another machine, see apt.sh.
apt_options=()
apt_architectures=()	# options that select another architecture
codename=$(os_release VERSION_CODENAME)

as_root() {
	if ((EUID == 0)); then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -p "dev: password of %u, to install packages: " "$@"
	else
		die "this needs root privileges, but sudo is not installed; as root, run: $*"
	fi
}

# Print the packages of the given groups that are missing or too old, one per line.
missing_packages() {
	local group name status version
	local -A wanted=()

	for group; do
		for name in ${packages[$group]}; do
			wanted[$name]=1
		done
	done
	while read -r name status version; do
		[[ $status == installed ]] || continue
		if [[ -z ${least[$name]:-} ]] || dpkg --compare-versions "$version" ge "${least[$name]}"; then
			unset "wanted[$name]"
		fi
	done < <(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' "${!wanted[@]}" 2>/dev/null || true)
	printf '%s\n' "${!wanted[@]}"
}

# Copy the host's source entry for suite $1, with suite $2 in its place.
copied_source() {
	local file

	for file in /etc/apt/sources.list.d/*.sources; do
		[[ -e $file ]] || continue
		awk -v RS= -v from="$1" -v to="$2" '
			/(^|\n)Types:[^\n]*deb/ && match("\n" $0 "\n", "\nSuites:[^\n]*[ \t]" from "[ \t\n]") {
				sub(/Suites:[^\n]*/, "Suites: " to)
				sub(/Types:[^\n]*/, "Types: deb")
				print
				exit
			}' "$file"
	done >"$build/source.sources"
	{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
		sed -nE "s/^(deb +(\[[^]]*\] +)?[^ ]+ +)$1 +.*/\1$2 main/p" | head -n 1 >"$build/source.list"
}

# Add suite $2 on the mirror that the host uses for suite $1.
add_suite() {
	local kind

	copied_source "$1" "$2"
	for kind in sources list; do
		if [[ -s $build/source.$kind ]]; then
			say "adding the suite $2 (a copy of the entry for $1)"
			as_root cp "$build/source.$kind" "/etc/apt/sources.list.d/$2.$kind"
			return
		fi
	done
	die "no package source has the suite $1, so $2 could not be added"
}

# Check whether the release's own package $1 is too old
too_old_here() {
	local candidate

	[[ -n ${least[$1]:-} ]] || return 1
	candidate=$(LC_ALL=C apt-cache "${apt_options[@]}" policy "$1" | sed -n 's/^  Candidate: //p')
	[[ -z $candidate || $candidate == "(none)" ]] || ! dpkg --compare-versions "$candidate" ge "${least[$1]}"
}

update_lists() {
	step apt-update "reading the package lists" as_root apt-get update
}

# apt_install LOG [OPTION]... PACKAGE...
apt_install() {
	local log=$1

	shift
	step "$log" "installing $*" as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get "${apt_options[@]}" install -y --no-install-recommends "$@"
}

# Packages that are too old are installed from backports in a separate call, because only
# their dependencies may come from backports as well.
install_packages() {
	local name backports=$codename-backports here=() newer=()

	mkdir -p "$build"
	apt-cache "${apt_options[@]}" show "$1" >/dev/null 2>&1 || update_lists
	for name; do
		if too_old_here "$name"; then newer+=("$name"); else here+=("$name"); fi
	done
	((${#here[@]} == 0)) || apt_install apt-install "${here[@]}"
	((${#newer[@]} > 0)) || return 0
	# shellcheck disable=SC2016 # apt's own
	if [[ -z $(apt-get "${apt_options[@]}" indextargets --format '$(IDENTIFIER)' "Release: $backports") ]]; then
		add_suite "$codename" "$backports"
		update_lists
	fi
	apt_install apt-install-backports -t "$backports" "${newer[@]}"
}

# need_packages GROUP...
need_packages() {
	local missing

	command -v dpkg-query >/dev/null || die "requires Debian 12 or later"
	mapfile -t missing < <(missing_packages "$@" | sort)
	[[ -z ${missing[*]} ]] || install_packages "${missing[@]}"
}
