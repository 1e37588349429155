#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A sample workload: processes that start and exit, use PASIDs, reach their quotas and
# try to use each other's PASIDs, until this script is killed.
set -uo pipefail

here=$(dirname "$(readlink -f "$0")")
trap 'kill 0' EXIT
pasidctl policy apply "$here/../policy/examples/demo.yaml"

# work CGROUP SECONDS RANGE: run one process after another
work() {
	while :; do
		"$here/in-cgroup" "$1" ioasid-io -k -c "alloc $3" -c 'bind sim0 $' \
			-c 'repeat 20 { dma sim0 $ write buf 65536; sleep 0.05 }' -c "sleep $2" \
			-c "alloc $3" -c 'bind sim1 $' -c "sleep $2" -c 'unbind sim1 $' \
			-c "alloc $3" -c "sleep $2"
	done
}

work /demo/web 1 '1 0xff' &
work /demo/web 2 '1 0xff' &
work /demo/vm/a 3 '0x100 0x1ff' &
work /demo/vm/b 2 '0x200 0x2ff' &
work /demo/vm/c 1 '0x300 0x3ff' &
work /demo/batch 0.2 '0x1000 0xfffff' &
while :; do
	"$here/in-cgroup" /demo/thief ioasid-io -k -c 'free 0x100' -c 'bind sim0 0x200' -c 'sleep 4'
done
