# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Progress messages, and steps whose log is shown only when they fail.

say_on=1

say() {
	((say_on == 0)) || echo "dev: $*" >&2
}

die() {
	echo "dev: $*" >&2
	exit 125
}

# Without a terminal, progress messages must not mix with the output of a command.
quiet_unless_terminal() {
	[[ -t 2 ]] || say_on=0
}

# step NAME TEXT COMMAND...: run COMMAND with its output in build/log/NAME
#
# TEXT is printed if COMMAND runs for more than half a second.
#
# COMMAND may be a function. It runs in a condition, where `set -e` has no effect, so a
# function with several commands must join them with &&.
step() {
	local log=$build/log/$1 text=$2 patience status=0

	shift 2
	mkdir -p "$build/log"
	(sleep 0.5 >/dev/null 2>&1 && say "$text") &
	patience=$!
	"$@" >"$log" 2>&1 </dev/null || status=$?
	kill "$patience" 2>/dev/null || true
	wait "$patience" 2>/dev/null || true
	if ((status)); then
		tail -n 60 "$log" >&2
		die "failed: $text (see the full log in ${log#"$top"/})"
	fi
}
