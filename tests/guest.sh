# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What tests in the guest share. Sourced.
#   usage CGROUP KEY...   values of `pasidctl cgroup`, on one line
#   rule FILE             apply the policy on standard input, quietly
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
	rmdir /sys/fs/cgroup/t/*/* /sys/fs/cgroup/t/* /sys/fs/cgroup/t 2>/dev/null
	true
}
