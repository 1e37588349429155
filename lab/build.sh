# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Building, each part only when something of it changed.

build_lab() {
	make -s -C "$top/lab" OUT="$build/lab" KERNEL="$build/kernel/$flavour"
}

# kbuild needs a second to find that there is nothing to do; this does not.
module_is_current() {
	local module=$build/kmod/$flavour/ioasid_shim.ko

	[[ -e $module && $module -nt $build/kernel/$flavour/release ]] &&
		[[ -z $(find "$top/kmod-shim" "$top/include" -type f -newer "$module" -print -quit) ]]
}

build_module() {
	make -C "$top/kmod-shim" KDIR="$build/kernel/$flavour/headers" OUT="$build/kmod/$flavour" &&
		touch "$build/kmod/$flavour/ioasid_shim.ko"
}

build_bpf() {
	make -C "$top" -f Makefile.bpf VMLINUX="$build/kernel/$flavour/headers/vmlinux" \
		MODULE="$build/kmod/$flavour/ioasid_shim.ko" OUT="$build/bpf"
}

build_user() {
	[[ -e $build/user/build.ninja ]] || cmake -S "$top" -B "$build/user" -G Ninja \
		-DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$build/bin"
	cmake --build "$build/user"
}

# Says and logs the step when there is something to do, as $1 -q tells for make.
build_all() {
	mkdir -p "$build"
	# Two labs may start at once; only one of them builds.
	exec {lock}>"$build/.lock"
	flock "$lock"
	need_kernel
	step build-lab "building the lab's own programs" build_lab
	if [[ -e $top/kmod-shim/Makefile ]] && ! module_is_current; then
		step build-module "building the module for the $flavour kernel" build_module
	fi
	[[ ! -e $top/Makefile.bpf ]] || step build-bpf "building the BPF programs" build_bpf
	[[ ! -e $top/CMakeLists.txt ]] || step build-user "building the tools" build_user
	exec {lock}>&-
}
