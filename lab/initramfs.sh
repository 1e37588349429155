#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# initramfs.sh AGENT KERNEL TARGET MODULE...: packs the agent as /init, and the
# modules, uncompressed, in an order in which each finds what it depends on.
set -eu

agent=$1 kernel=$2 target=$3
shift 3

release=$(ls "$kernel/lib/modules")
modules=$kernel/lib/modules/$release

# modules.dep lists what a module needs, the innermost last.
needed_by() {
	awk -F': ?' -v name="/$1.ko" '
		index($1, name) {
			n = split($2, needed, " ")
			for (; n; n--) print needed[n]
			print $1
			exit
		}' "$modules/modules.dep"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$agent" "$work/init"
for name; do needed_by "$name"; done | awk '!seen[$0]++' | while read -r file; do
	plain=$(basename "$file" .xz)
	xz -dc "$modules/$file" >"$work/$plain"
	echo "/$plain" >>"$work/boot-modules"
done
(cd "$work" && find . | cpio --quiet -o -H newc) >"$target.new"
mv "$target.new" "$target"
