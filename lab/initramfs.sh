#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# initramfs.sh AGENT KERNEL TARGET MODULE...: pack the agent as /init and the modules,
# uncompressed, in dependency order. Modules built into the kernel are skipped.
set -eu

agent=$1 kernel=$2 target=$3
shift 3

modules=$kernel/lib/modules/$(cat "$kernel/release")

# modules.dep lists the dependencies of a module, the first one to load last.
needed_by() {
	! grep -q "/$1.ko" "$modules/modules.builtin" || return 0
	awk -F': ?' -v name="/$1.ko" '
		index($1, name) {
			n = split($2, needed, " ")
			for (; n; n--) print needed[n]
			print $1
			found = 1
			exit
		}
		END { exit !found }' "$modules/modules.dep"
}

work=$(mktemp -d)
trap 'rm -rf "$work" "$work.list"' EXIT
cp "$agent" "$work/init"
: >"$work/boot-modules"
for name; do
	needed_by "$name" || {
		echo "the kernel $(cat "$kernel/release") lacks $name, which is needed to mount the guest's root" >&2
		exit 1
	}
done >"$work.list"
awk '!seen[$0]++' "$work.list" | while read -r file; do
	plain=$(basename "${file%.ko*}").ko
	case $file in
	*.xz) xz -dc "$modules/$file" ;;
	*.zst) zstd -dcq "$modules/$file" ;;
	*.gz) gzip -dc "$modules/$file" ;;
	*) cat "$modules/$file" ;;
	esac >"$work/$plain"
	echo "/$plain" >>"$work/boot-modules"
done
(cd "$work" && find . | cpio --quiet -o -H newc) >"$target.new"
mv "$target.new" "$target"
