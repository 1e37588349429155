# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Saying what is being done, and showing the log of a step only when it failed.

say_on=1

say() {
	((say_on == 0)) || echo "dev: $*" >&2
}

die() {
	echo "dev: $*" >&2
	exit 125
}

# What is not for a person watching must not mix with a command's own output.
quiet_unless_terminal() {
	[[ -t 2 ]] || say_on=0
}

# step NAME TEXT COMMAND...: runs COMMAND with its output in build/log/NAME
#
# TEXT is said when it takes long enough for somebody to wonder.
#
# COMMAND may be a function; as it runs in a condition, `set -e` does not end
# it, so one of several commands has to join them with &&.
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
		die "failed: $text (the whole log is in ${log#"$top"/})"
	fi
}
