# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Building. A row is a part, in the order in which they need each other: NAME
# and what is said while it is built. Its function build_NAME is quick when
# nothing of the part has changed.

parts=(
	"lab|building the lab's own programs"
	"module|building the module"
	"bpf|building the BPF programs"
	"user|building the tools"
)

build_lab() {
	make -s -C "$top/lab" OUT="$build/lab" KERNEL="$build/kernel/$flavour"
}

# kbuild needs a second to find that there is nothing to do; this does not.
module_is_current() {
	local module=$build/kmod/$flavour/ioasid_shim.ko

	[[ -e $module && $module -nt $build/kernel/$flavour/release ]] &&
		[[ -z $(find "$top/kmod-shim" "$top/include" -newer "$module" -print -quit) ]]
}

build_module() {
	[[ -e $top/kmod-shim/Makefile ]] || return 0
	! module_is_current || return 0
	make -C "$top/kmod-shim" KDIR="$build/kernel/$flavour/headers" OUT="$build/kmod/$flavour" &&
		touch "$build/kmod/$flavour/ioasid_shim.ko"
}

build_bpf() {
	[[ ! -e $top/Makefile.bpf ]] ||
		make -C "$top" -f Makefile.bpf VMLINUX="$build/kernel/$flavour/headers/vmlinux" \
			MODULE="$build/kmod/$flavour/ioasid_shim.ko" OUT="$build/bpf"
}

# ninja runs cmake again when a file that cmake has read changed.
build_user() {
	[[ -e $top/CMakeLists.txt ]] || return 0
	if [[ ! -e $build/user/build.ninja ]]; then
		cmake -S "$top" -B "$build/user" -G Ninja -DBPF_OUT="$build/bpf" || return
	fi
	cmake --build "$build/user"
}

build_all() {
	local row lock

	mkdir -p "$build"
	# Two may start at once, of which only one builds.
	exec {lock}>"$build/.lock"
	flock "$lock"
	need_kernel
	for row in "${parts[@]}"; do
		step "build-${row%%|*}" "${row#*|}" "build_${row%%|*}"
	done
	exec {lock}>&-
}
