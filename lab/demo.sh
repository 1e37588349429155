#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The demo, run in the guest: it applies a policy and runs processes in cgroups that
# allocate PASIDs, bind them, do DMA, exceed their quotas and try to use each other's
# PASIDs, and a process that is killed. At the end it prints the expected and the actual
# results, and exits 0 only if they are the same.
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=lab/actors.sh
. "$here/actors.sh"
work=$(mktemp -d)
summary=()
wrong=0

section() {
	printf '\n\033[1m== %s\033[0m\n' "$*" | if [[ -t 1 ]]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi
}

# expect WHAT EXPECTED ACTUAL
expect() {
	local verdict=ok

	if [[ $2 != "$3" ]]; then
		verdict=WRONG
		((++wrong))
	fi
	summary+=("$(printf '%-5s %-56s %-14s %s' "$verdict" "$1" "$2" "$3")")
}

# act NAME COMMAND: have actor NAME run COMMAND, print it, and set $answer to the answer
act() {
	answer=$(tell "$1" "$2")
	printf '  %-6s %-34s %s\n' "$1" "$2" "$answer"
}

# use CGROUP KEY: print the value of KEY in `pasidctl cgroup`
use() {
	pasidctl cgroup --json | grep -o "{\"cgroup\":\"$1\",[^}]*}" |
		sed -E "s/.*\"$2\":([0-9]+).*/\1/"
}

# held REGEX: print the number of PASIDs that match REGEX
held() {
	pasidctl list --json | grep -oE "\"pasid\":($1)," | wc -l
}

# count EVENT [TEXT]...: print the number of trace lines that contain all of these
count() {
	local lines text

	lines=$(grep -F "\"event\":\"$1\"" "$work/trace.json")
	shift
	for text; do
		lines=$(grep -F "$text" <<<"$lines")
	done
	grep -c . <<<"$lines"
}

section "the policy: $here/../policy/examples/demo.yaml"
grep -v '^#' "$here/../policy/examples/demo.yaml"
pasidctl policy apply "$here/../policy/examples/demo.yaml"
expect "the policy is applied" 0 $?

pasidctl trace --json >"$work/trace.json" 2>"$work/trace.log" &
tracer=$!
for _ in {1..100}; do
	[[ -s $work/trace.log ]] && break
	sleep 0.1
done

section "eight processes in their cgroups"
for pair in web:/demo/web vm-a:/demo/vm/a vm-a2:/demo/vm/a vm-b:/demo/vm/b \
	batch:/demo/batch thief:/demo/thief nomad:/demo/nomad vm-c:/demo/vm/c; do
	actor "${pair%%:*}" "${pair#*:}"
	printf '  %-6s %-14s pid %s\n' "${pair%%:*}" "${pair#*:}" "$(actor_pid "${pair%%:*}")"
done

section "a quota at the leaf: /demo/web may hold 4 PASIDs"
for _ in 1 2 3 4; do
	act web 'alloc 1 0xfffff'
done
web_pasid=$answer
act web 'alloc 1 0xfffff'
expect "a fifth PASID in /demo/web is denied" "error EDQUOT" "$answer"

section "quotas at leaf and parent: 4 per machine, 6 for all machines"
for who in vm-a vm-a vm-a vm-a2; do
	act $who 'alloc 0x100 0x1ff'
done
vm_pasid=$answer
act vm-a 'alloc 0x100 0x1ff'
expect "a fifth PASID in /demo/vm/a is denied by its own limit" "error EDQUOT" "$answer"
act vm-b 'alloc 0x200 0x2ff'
act vm-b 'alloc 0x200 0x2ff'
act vm-b 'alloc 0x200 0x2ff'
expect "a third one in /demo/vm/b by the limit of /demo/vm" "error EDQUOT" "$answer"
act vm-c 'alloc 0x200 0x2ff'
expect "and a first one in /demo/vm/c" "error EDQUOT" "$answer"

section "DMA before and after unbind"
act web "bind sim0 $web_pasid"
act web "dma sim0 $web_pasid write buf 65536"
expect "DMA writes to the memory of a bound process" 65536 "$answer"
act web "dma sim0 $web_pasid read buf+4096 8192"
expect "and reads from it" 8192 "$answer"
act web "unbind sim0 $web_pasid"
act web "dma sim0 $web_pasid read buf 4096"
expect "the same DMA faults after unbind" "error EFAULT" "$answer"

section "another process's PASID"
act thief "free $vm_pasid"
expect "another process's PASID cannot be freed" "error EPERM" "$answer"
act thief "bind sim0 $vm_pasid"
expect "or bound" "error EPERM" "$answer"
act thief "dma sim0 $vm_pasid read buf 64"
expect "or used for DMA" "error EPERM" "$answer"

section "a process that moves to another cgroup"
act nomad 'alloc 1 0xfffff'
mkdir -p /sys/fs/cgroup/demo/oasis
actor_pid nomad >/sys/fs/cgroup/demo/oasis/cgroup.procs
expect "the charge is in /demo/oasis after the move" 1 "$(use /demo/oasis current)"
expect "and no longer in /demo/nomad" 0 "$(use /demo/nomad current)"

section "a process that is killed with PASIDs bound"
act batch 'alloc 0x300 0x3ff'
batch_pasid=$answer
act batch "bind sim0 $batch_pasid"
act batch 'alloc 0x300 0x3ff'
act batch "bind sim1 $answer"

section "PASIDs, cgroups and the live view"
pasidctl list
expect "live IOASIDs" 13 "$(held '[0-9]+')"
echo
pasidctl cgroup
echo
pasidctl top -b -n 1

kill_actor batch
sleep 0.5
expect "both PASIDs of the killed process are reclaimed" 0 "$(held '76[89]')"

for name in web vm-a vm-a2 vm-b vm-c thief nomad; do
	dismiss "$name"
done
expect "no PASIDs are left when all processes have ended" "[]" "$(pasidctl list --json | tr -d ' \n')"
expect "and none are charged to /demo" 0 "$(use /demo current)"
expect "requests denied by the limit of /demo/web" 1 "$(use /demo/web denied_here)"
expect "requests denied by the limit of /demo/vm" 2 "$(use /demo/vm denied_here)"
expect "requests from /demo/vm/c that were denied" 1 "$(use /demo/vm/c denied_asked)"

sleep 0.5
kill -INT $tracer
wait $tracer
section "the trace: denials"
grep -F '"deny"' "$work/trace.json"
expect "denials in the trace" 7 "$(count deny)"
expect "by rule one-vm at /demo/vm/a" 1 \
	"$(count deny '"rule":"one-vm"' '"limit_cgroup":"/demo/vm/a"' EDQUOT)"
expect "by rule vms at /demo/vm" 2 \
	"$(count deny '"rule":"vms"' '"limit_cgroup":"/demo/vm"' EDQUOT)"
expect "allocations, each freed or reclaimed once" "$(count alloc)" "$(($(count free) + $(count reclaim)))"
expect "binds, each with one unbind" "$(count bind)" "$(count unbind)"
expect "faults" 1 "$(count fault)"
expect "moves" 1 "$(count move)"
expect "events lost" 0 "$(count lost)"

pasidctl policy remove
expect "the policy is removed and leaves nothing behind" "" "$(ls /sys/fs/bpf/pasidctl 2>/dev/null)"
expect "errors and warnings in the kernel log" 0 "$(dmesg --level=emerg,alert,crit,err,warn |
	grep -v 'taint' | grep -ciE 'ioasid|BUG|WARNING|oops|rcu.*stall')"

section "summary"
printf '%-5s %-56s %-14s %s\n' "" "" expected actual
printf '%s\n' "${summary[@]}"
echo
if ((wrong)); then
	echo "demo: $wrong of ${#summary[@]} differ"
	exit 1
fi
echo "demo: all ${#summary[@]} as expected"
