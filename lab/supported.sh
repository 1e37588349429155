# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Writes docs/supported.md, the test results of each kernel. A row is rewritten when its
# kernel is tested, and is kept until then.

supported_page=$top/docs/supported.md
supported_tests="bpf/"	# the tests that a row reports, unless --tests selects others

# The kernels to test: those of this release and those of the newer release
supported_kernels() {
	local name

	printf '%s\n' generic "$kernel_version-rt" "$kernel_version-cloud" arm64
	if [[ $(os_release VERSION_CODENAME) != "$newer_release" ]]; then
		printf "$kernel_version+deb$newer_number%s\n" "" -rt -cloud
	fi
	for name in backports backports-rt backports-cloud; do
		(name_kernel "$name" && echo "$flavour")
	done
}

# release_of NAME: print the release that the kernel is from
release_of() {
	case $1 in
	*+deb*) echo "Debian ${1##*+deb}" | sed 's/-.*//' ;;
	generic | arm64 | "$kernel_version"-*) echo "Debian $(os_release VERSION_ID)" ;;
	*) echo "Debian $newer_number backports" ;;
	esac
}

# series_of NAME: print the name for the table, in which the release has its own column
series_of() {
	local name=${1/generic/$kernel_version}

	! is_foreign "$1" || name="$kernel_version $1"
	echo "$name" | sed -E 's/\+deb[0-9]+//'
}

# Each test of a kernel prints its result: yes, no, or the reason. It runs in a subshell,
# because a failed step exits.
try_build() {
	# shellcheck disable=SC2030 # intended
	(say_on=0 && flavour=$1 && need_kernel && build_module) >"$build/log/supported-build" 2>&1 && echo yes || echo no
}

try_load() {
	local log=$build/log/supported-load why

	if "$top/dev" test --kernel "$1" kernel/loads >"$log" 2>&1; then
		echo yes
	else
		why=$(sed -nE 's/^the kernel .* lacks (.*), which .*/no: lacks \1/p' "$log")
		echo "${why:-no}"
	fi
}

# try_suite NAME FILTER: "FILTER: 17 of 17"
try_suite() {
	local passed failed

	"$top/dev" test --kernel "$1" "$2" >"$build/log/supported-suite" 2>&1 || true
	read -r passed failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$build/log/supported-suite") || true
	echo "${2:-all}: ${passed:-0} of $((${passed:-0} + ${failed:-0}))"
}

# write_row ROW: write ROW in place of the one with the same first two columns
write_row() {
	local rows

	rows=$({ sed -n '/^| Debian/p' "$supported_page" 2>/dev/null || true
		echo "$1"; } | tac | awk -F '|' '!seen[$2 $3]++' | sort -t '|' -k 2,2 -k 3,3V)
	{
		cat <<EOF
# Supported kernels

Linux $KERNEL_OLDEST to $KERNEL_NEWEST. This page is written by \`./dev supported\`, which builds the module with the
tools of each release, boots the kernel in the lab with the user space of Debian $(os_release VERSION_ID), loads the
module and every BPF program, and runs tests.

| release | kernel | package | builds | loads | tests passed |
| --- | --- | --- | --- | --- | --- |
EOF
		echo "$rows"
	} >"$supported_page.new"
	mv "$supported_page.new" "$supported_page"
}

try_kernel() {
	local name=$1 tests=$2 builds loads suite

	say "testing the kernel $name"
	builds=$(try_build "$name")
	[[ $builds != yes ]] || loads=$(try_load "$name")
	[[ ${loads:-} != yes ]] || suite=$(try_suite "$name" "$tests")
	write_row "| $(release_of "$name") | $(series_of "$name") | $(cat "$build/kernel/$name/release" 2>/dev/null || echo -) | $builds | ${loads:--} | ${suite:--} |"
	tail -n 1 <<<"$name: builds $builds, loads ${loads:--}, tests ${suite:--}"
}

# cmd_supported [--tests FILTER] [NAME]...
cmd_supported() {
	local tests=$supported_tests names=() name

	. "$top/kmod-shim/supported-kernels"
	while (($#)); do
		case $1 in
		--tests)
			(($# > 1)) || die "supported: --tests needs a filter"
			tests=$2
			shift
			;;
		-*) die "supported: unknown option: $1" ;;
		*) names+=("$1") ;;
		esac
		shift
	done
	need_packages build lab
	mkdir -p "$build/log"
	((${#names[@]})) || mapfile -t names < <(supported_kernels)
	for name in "${names[@]}"; do
		name_kernel "$name"
		# shellcheck disable=SC2031
		try_kernel "$flavour" "$tests"
	done
}
