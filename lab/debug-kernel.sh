# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The debug kernel: built from the distribution's source with the options in
# lab/debug.config. See kernel.sh for the resulting files; headers is the build tree.
# An interrupted build, or one whose configuration has changed, continues.

debug_config=$top/lab/debug.config

# Print the lines of the configuration that are not in $1/.config.
without_effect() {
	local line name

	while IFS= read -r line; do
		case $line in
		"# CONFIG_"*" is not set")
			name=${line#\# }
			! grep -q "^${name%% *}=" "$1/.config" || echo "$line"
			;;
		CONFIG_*) grep -qxF "$line" "$1/.config" || echo "$line" ;;
		esac
	done <"$debug_config"
}

configure_debug_kernel() {
	local tree=$1 refused

	make -s -C "$tree" tinyconfig &&
		(cd "$tree" && scripts/kconfig/merge_config.sh -m .config "$debug_config") &&
		make -s -C "$tree" olddefconfig || return
	refused=$(without_effect "$tree")
	[[ -z $refused ]] || { echo "options without effect: $refused"; return 1; }
}

# One complete vmlinux for modules and debuggers, and one for QEMU.
make_debug_kernel() {
	local dir=$1 tree=$1/linux release

	nice -n 19 make -C "$tree" -j "$(nproc)" vmlinux modules &&
		make -s -C "$tree" INSTALL_MOD_PATH="$dir" modules_install &&
		release=$(make -s -C "$tree" kernelrelease) &&
		strip --strip-debug -o "$dir/vmlinux" "$tree/vmlinux" &&
		rm -f "$dir/lib/modules/$release/build" "$dir/lib/modules/$release/source" &&
		ln -sfn linux "$dir/headers" &&
		echo "$release" >"$dir/release" &&
		cp "$debug_config" "$dir/debug.config"	# last: marks the build as complete
}

need_debug_kernel() {
	local dir=$build/kernel/debug source

	! cmp -s "$debug_config" "$dir/debug.config" || return 0
	need_packages debug
	if [[ ! -e $dir/linux ]]; then
		need_source
		rm -rf "$dir"
		mkdir -p "$dir/new"
		step debug-unpack "unpacking the kernel source" unpack_source "$dir/new"
		mv "$dir/new" "$dir/linux"
	fi
	step debug-configure "configuring the debug kernel" configure_debug_kernel "$dir/linux"
	step debug-build "building the debug kernel (ten minutes or more)" make_debug_kernel "$dir"
}
