#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs everything at once in the guest for SECONDS: the clients of `stress` (see
# main.c); policies that are applied, replaced and removed; tracers and readers that
# attach, detach and are killed; and the module, which is unloaded and loaded when it
# is not in use. As this is rare, only clients use it during one third of the time.
# During the last third a policy stays active, so that its counters can be checked
# afterwards. Prints errors on stdout and writes the number of calls to stress.log.
#
#   tests/stress/run.sh SECONDS
set -uo pipefail

seconds=$1
module=$IOASID_SRC/build/kmod/$IOASID_FLAVOUR/ioasid_shim.ko
events=/sys/kernel/tracing/events/ioasid/enable

cat >one.yaml <<'YAML'
version: 1
rules:
  - {name: all, cgroup: /t, max: 10}
  - {name: group, cgroup: /t/*, max: 6}
  - {name: inner, cgroup: /t/*/*, max: 3}
YAML
cat >two.yaml <<'YAML'
version: 1
defaults: {max: 7}
rules:
  - {name: inner, cgroup: /t/*/1, max: 2}
YAML

# until_file FILE COMMAND...: repeat the command until the file exists
until_file() {
	local file=$1

	shift
	until [[ -e $file ]]; do
		"$@"
	done
}

# quietly COMMAND...: it may fail, because the module may be unloaded, but must not crash
quietly() {
	local status

	"$@" >/dev/null
	status=$?
	((status < 126 || status == 130 || status == 137 || status == 143)) ||
		echo "ended with status $status: $*"
	return "$status"
} 2>>errors.log

pause() {
	sleep "0.$((RANDOM % 5))"
}

policies() {
	quietly pasidctl policy apply one.yaml
	pause
	quietly pasidctl policy apply two.yaml
	pause
	((removing == 0)) || quietly pasidctl policy remove
	pause
}

tracers() {
	quietly timeout -s INT 1 pasidctl trace --json
	quietly timeout -s KILL 0.7 pasidctl trace
}

readers() {
	quietly pasidctl list
	quietly pasidctl cgroup --json
	quietly pasidctl top -b -n 2 -d 0.1
	quietly pasidctl status
}

ftrace() {
	echo 1 >$events
	pause
	echo 0 >$events
	pause
} 2>/dev/null

unloads() {
	! quietly rmmod ioasid_shim || insmod "$module"
	pause
}

# phase SECONDS JOB...: run the clients and these jobs for this time
phase() {
	local seconds=$1 job

	shift
	rm -f ended
	for job; do
		until_file ended "$job" &
	done
	"$IOASID_BUILT/lab/stress" "$seconds" "${reloaded[@]}" 2>>stress.log
	touch ended
	wait
}

missing() {
	awk -F: '{ split($2, count, " "); sum[$1] += count[1] }
		END { for (call in sum) if (!sum[call]) print "never succeeded: " call }' stress.log
	pasidctl cgroup --json | grep -q '"denied_here": *[1-9]' || echo "no quota was ever reached"
}

removing=1 reloaded=()
phase $((seconds / 3)) policies tracers readers ftrace unloads
pasidctl policy remove >/dev/null 2>&1
reloaded=("$module")
phase $((seconds / 3)) ftrace
reloaded=()
pasidctl policy apply one.yaml >/dev/null
removing=0
# Every call must have succeeded at least once, which takes longer on a slow machine.
for _ in {1..10}; do
	phase $((seconds / 3)) policies tracers readers ftrace
	missing=$(missing)
	[[ -n $missing ]] || break
done
[[ -z $missing ]] || echo "$missing"
# Wait for children of killed clients, which have a copy of the descriptor.
for _ in {1..100}; do
	pgrep -x stress >/dev/null || exit 0
	sleep 0.1
done
echo "a client does not end"
