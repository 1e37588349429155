# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the tests. Every runner prints "ok NAME" or "FAIL NAME" at the start of a line,
# and these lines are counted.

filter=

selected() {
	# shellcheck disable=SC2053 # the filter may be a pattern
	[[ $1 == *"$filter"* || $1 == $filter ]]
}

# cram_files VARIANT TEST...: print the selected cram files among the given files or
# directories in tests/
cram_files() {
	local variant=$1 name file

	shift
	for name; do
		for file in "$top/tests/$name.t" "$top/tests/$name"/*.t; do
			[[ -e $file ]] && selected "$(realpath --relative-to "$top/tests" "${file%.t}")$variant" && echo "$file"
		done
	done
	true
}

# Print ctest's report $1 in the common format.
report_units() {
	/usr/bin/python3 - "$1" <<'EOF'
import sys
import xml.etree.ElementTree as tree

for case in tree.parse(sys.argv[1]).getroot().iter("testcase"):
    if case.get("status") in ("disabled", "notrun") and case.find("failure") is None:
        print(f"skip unit/{case.get('name')}")
        continue
    passed = case.get("status") == "run"
    print(f"{'ok' if passed else 'FAIL'} unit/{case.get('name')} ({float(case.get('time')):.0f} s)")
    if not passed:
        for line in (case.findtext("system-out") or "").splitlines()[-60:]:
            print(f"    {line}")
EOF
}

# Print a pattern that matches the ctest names of the selected tests
unit_pattern() {
	local name

	# shellcheck disable=SC2016 # the dollar is one of the characters
	ctest --test-dir "$build/user" -N | sed -nE 's/^ +Test +#[0-9]+: //p' | while read -r name; do
		! selected "unit/$name" || echo "$name"
	done | sed 's/[][\.*^$()+?{}|]/\\&/g' | paste -sd '|'
}

run_units() {
	local pattern report=$build/unit-tests.xml

	[[ -e $build/user/CTestTestfile.cmake ]] || return 0
	pattern=$(unit_pattern) || true
	[[ -n $pattern ]] || return 0
	say "unit tests"
	rm -f "$report"
	ctest --test-dir "$build/user" -R "^($pattern)\$" -j "$(nproc)" --timeout 600 \
		--output-junit "$report" >"$build/log/unit-tests" 2>&1 || true
	report_units "$report" || echo "FAIL unit/ctest"
}

run_on_host() {
	local files

	mapfile -t files < <(cram_files "" lab install deploy)
	((${#files[@]})) || return 0
	say "tests on the host"
	"$top/tests/run" "${files[@]}" || true
}

# The kinds of guest in which tests run, one row each: the name, which is appended to the
# names of its tests and is empty for the first kind; options of `./dev lab`; the tests.
# The slowest tests come first, so that none is left for one guest at the end, after
# bpf/version1, which needs cgroups with small IDs. The second kind also traces cgroups
# with the tracepoints that the module is attached to. The third has an IOMMU that the
# kernel leaves alone, and a device behind it that tests may also drive past the module.
guests=(
	"||bpf/version1 bpf/interrupted runtime/history runtime/json kernel/sets kernel bpf runtime"
	"preempt=full|--append preempt=full --append trace_event=cgroup:*|kernel/stress"
	"vtd|--append intel_iommu=off --append intremap=off --append iomem=relaxed --qemu -device --qemu intel-iommu,x-scalable-mode=on,aw-bits=48 --qemu -device --qemu edu,dma_mask=0xffffffffffffffff|vtd"
)
side_by_side=2	# guests of one kind; a single one leaves half of two CPUs idle

# run_guest REPORT CLAIMS VARIANT OPTIONS FILE...: run one of the guests that share the files
run_guest() {
	local report=$1 claims=$2 variant=$3 options

	read -ra options <<<"$4"
	shift 4
	say_on=0 run_lab --kernel "$flavour" "${options[@]}" --env "IOASID_LONG=${IOASID_LONG:-}" --out "$claims" -- \
		"$top/tests/run" --kernel-log --variant "$variant" --claims /out "$@" \
		</dev/null 2>&1 | tee "$report" | sed -u '' || true	# whole lines
}

# An emulated CPU may still run code that another CPU is patching, though rarely since
# QEMU 8.1 (see packages.sh). The kernel then dies, which is not the fault of a test.
died_of_patching() {
	grep -q 'Oops: int3: ' "$@"
}

# share_files VARIANT BOOT-OPTIONS FILE...: run the files; sets `reports` to the reports' names
share_files() {
	local variant=$1 boot=$2 claims count number running=()

	shift 2
	count=$(($# < side_by_side ? $# : side_by_side))
	say "tests in $count guest(s)${variant:+, $variant}"
	claims=$(mktemp -d "$build/claims.XXXXXX")
	reports=()
	for ((number = 1; number <= count; number++)); do
		reports+=("$build/guest-tests$variant-$number")
		run_guest "${reports[-1]}" "$claims" "$variant" "$boot" "$@" &
		running+=($!)
	done
	wait "${running[@]}"
	rm -rf "$claims"
}

# not_reported VARIANT FILE...: print the files that no guest finished
not_reported() {
	local variant=$1 file name

	shift
	for file; do
		name=${file#"$top/tests/"}
		grep -qE "^(ok|FAIL|skip) ${name%.t}$variant( |\$)" "${reports[@]}" || echo "$file"
	done
}

# run_guests NAME BOOT-OPTIONS TEST...: run the tests; those not finished, because a guest
# died, have failed.
run_guests() {
	local variant=${1:+@$1} boot=$2 files file reports

	shift 2
	mapfile -t files < <(cram_files "$variant" "$@" | awk '!seen[$0]++')
	((${#files[@]})) || return 0
	share_files "$variant" "$boot" "${files[@]}"
	mapfile -t files < <(not_reported "$variant" "${files[@]}")
	if ((${#files[@]})) && died_of_patching "${reports[@]}"; then
		say "running them again, because the emulator failed"
		share_files "$variant" "$boot" "${files[@]}"
		mapfile -t files < <(not_reported "$variant" "${files[@]}")
	fi
	for file in "${files[@]}"; do
		file=${file#"$top/tests/"}
		echo "FAIL ${file%.t}$variant (the guest ended before or during this test)"
	done
}

run_in_guests() {
	local row name options tests

	for row in "${guests[@]}"; do
		IFS='|' read -r name options tests <<<"$row"
		# shellcheck disable=SC2086 # several words
		run_guests "$name" "$options" $tests
	done
}

cmd_test() {
	local results=$build/test-results passed failed

	while (($#)); do
		case $1 in
		--long) export IOASID_LONG=1 ;;
		--kernel)
			(($# > 1)) || die "test: --kernel needs a name"
			name_kernel "$2"
			shift
			;;
		-*) die "test: unknown option: $1" ;;
		*) filter=$1 ;;
		esac
		shift
	done
	need_packages build lab
	need_prometheus
	for_tests=1
	build_all
	{
		# Tests on the host do not depend on the guest's kernel.
		if [[ $flavour == "$bpf_flavour" ]]; then
			run_units
			run_on_host >"$build/host-tests" 2>&1 &
		fi
		run_in_guests
		wait
		[[ $flavour != "$bpf_flavour" ]] || cat "$build/host-tests"
	} | sed -u '/^[0-9]* passed, /d' | tee "$results"
	passed=$(grep -c '^ok ' "$results") || true
	failed=$(grep -c '^FAIL ' "$results") || true
	echo "$passed passed, $failed failed"
	((failed == 0 && passed > 0)) || exit 1
}
