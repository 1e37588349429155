# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The checks for every change: the README's two commands and the fast linters, on empty machines. Each row
# has the release, the user and the commands.
#
# All tests and the fast linters run on one machine; with --long, all tests and the long tests run on both.

machines=(
	"trixie|root|demo"
	"bookworm|developer|demo;lint --fast;test"
)
machines_long=(
	"trixie|root|demo;test --long"
	"bookworm|developer|demo;lint --fast;test --long"
)

# on_machine RELEASE USER COMMANDS: run COMMANDS; the demo counts as one test, and
# nothing is run after it has failed
on_machine() {
	local release=$1 user=$2 command list script='failed=0; '

	IFS=';' read -ra list <<<"$3"
	for command in "${list[@]}"; do
		if [[ $command == demo ]]; then
			script+='./dev demo && echo "ok demo" || { echo "FAIL demo"; exit 1; }; '
		else
			script+="./dev $command || failed=1; "
		fi
	done
	cmd_empty --user "$user" "$release" -- bash -c "${script}exit \$failed"
}

cmd_ci() {
	local row release user commands begin rows=("${machines[@]}") results=$build/ci-results passed failed

	[[ ${1:-} != --long ]] || rows=("${machines_long[@]}")
	mkdir -p "$build"
	: >"$results"
	for row in "${rows[@]}"; do
		IFS='|' read -r release user commands <<<"$row"
		begin=$SECONDS
		# Keep the summary line of this run apart from the final one.
		on_machine "$release" "$user" "$commands" 2>&1 | sed -uE 's/^[0-9]+ passed, [0-9]+ failed/on this machine: &/' |
			tee -a "$results" || echo "FAIL $release (exit status ${PIPESTATUS[0]})" | tee -a "$results"
		say "$release: $((SECONDS - begin)) s"
	done
	passed=$(grep -c '^ok ' "$results") || true
	failed=$(grep -c '^FAIL ' "$results") || true
	echo "$passed passed, $failed failed"
	((failed == 0 && passed > 0)) || exit 1
}
