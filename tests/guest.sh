# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Functions for tests in the guest. Sourced.
#   usage CGROUP KEY...   print values of `pasidctl cgroup`, on one line
#   rule                  apply the policy on standard input, quietly
#   in_cgroup, actor, tell, dismiss, kill_actor: see lab/actors.sh
# shellcheck source=lab/actors.sh
. "$IOASID_SRC/lab/actors.sh"

in_cgroup() {
	"$IOASID_SRC/lab/in-cgroup" "$@"
}

usage() {
	pasidctl cgroup --json | python3 -c '
import json, sys
rows = {row["cgroup"]: row for row in json.load(sys.stdin)}
row = rows.get(sys.argv[1])
print(*(row[key] for key in sys.argv[2:]) if row else ["no such cgroup"])' "$@"
}

rule() {
	cat >policy.yaml
	pasidctl policy apply policy.yaml >/dev/null
}

clean_up() {
	pasidctl policy remove >/dev/null 2>&1
	rmdir /sys/fs/cgroup/marker 2>/dev/null
	find /sys/fs/cgroup/t -depth -type d -exec rmdir {} + 2>/dev/null
	true
}

# wait_for CONDITION: wait until it is true, at most one minute, or three on a debug kernel or
# arm64; print the condition if it never is
wait_for() {
	local end=$((SECONDS + ($([ ! -e /sys/kernel/debug/kmemleak ] && [ "$(uname -m)" != aarch64 ] || echo 3*) 60)))

	until eval "$1"; do
		if ((SECONDS >= end)); then
			echo "never: $1"
			return 1
		fi
		sleep 0.1
	done
}

# watch_denials: start to record denials; deny_trace: stop and print them, one per line
watch_denials() {
	pasidctl trace --json >denials.json 2>denials.log &
	denials_tracer=$!
	wait_for '[ -s denials.log ]'
}

deny_trace() {
	# Events arrive in order: once this one is there, all earlier ones are.
	"$IOASID_SRC/lab/in-cgroup" /marker ioasid-io -q -c 'alloc 1 0xfffff' >/dev/null 2>&1
	wait_for 'grep -q /marker denials.json'
	kill -INT "$denials_tracer"
	wait "$denials_tracer"
	python3 -c '
import json
for line in open("denials.json"):
    e = json.loads(line)
    if e["event"] == "deny" and e["cgroup"] != "/marker":
        print(e["op"], e["result"], *("%s=%s" % (k.split("_")[0], e[k])
              for k in ("rule", "limit_cgroup", "mode")), "from=" + e["cgroup"])'
	rm denials.json denials.log
}
