# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Building. Each row is a part, in dependency order: its name and the message shown
# while it is built. The function build_NAME is fast if nothing of the part changed.

parts=(
	"lab|building the lab's own programs"
	"module|building the module"
	"bpf|building the BPF programs"
	"user|building the tools"
	"faults|building the module with fault injection"
)
for_tests=0	# whether to build what only tests need

# The directory of files built for the guest
built() {
	if is_foreign "$flavour"; then echo "$build/$flavour"; else echo "$build"; fi
}

build_lab() {
	if is_foreign "$flavour"; then
		make -s -C "$top/lab" OUT="$build/lab" "$build/lab/host" &&
			make -s -C "$top/lab" OUT="$(built)/lab" CC="${arm64_compiler}gcc" KERNEL="$build/kernel/$flavour" guest
	else
		make -s -C "$top/lab" OUT="$build/lab" KERNEL="$build/kernel/$flavour"
	fi
}

# make_module DIR [OPTION]...: build the module if needed. kbuild takes a second to find
# out that nothing has changed; this check does not.
make_module() {
	local dir=$build/kmod/$1 module=$build/kmod/$1/ioasid_shim.ko

	[[ -e $top/kmod-shim/Makefile ]] || return 0
	[[ ! -e $module || $module -ot $build/kernel/$flavour/release ||
		-n $(find "$top/kmod-shim" "$top/include" -newer "$module" -print -quit) ]] || return 0
	with_tools make -j "$(nproc)" -C "$top/kmod-shim" KDIR="$build/kernel/$flavour/headers" OUT="$dir" WERROR=1 "${@:2}" &&
		sh "$top/kmod-shim/check-btf" "$module" "$build/kernel/$flavour/headers/vmlinux" && touch "$module"
}

build_module() {
	make_module "$flavour"
}

# A module in which any allocation can be made to fail.
build_faults() {
	((for_tests == 0)) || make_module "$flavour-faults" FAULTS=1
}

build_bpf() {
	[[ ! -e $top/Makefile.bpf ]] ||
		make -j "$(nproc)" -C "$top" -f Makefile.bpf VMLINUX="$build/kernel/$bpf_flavour/headers/vmlinux" OUT="$build/bpf" WERROR=1
}

# ninja runs cmake again when one of cmake's input files changed.
build_user() {
	local targets=(pasidctl ioasid-io) built options=()

	# A guest with another kernel runs only these programs.
	((for_tests == 0)) || [[ $flavour != "$bpf_flavour" ]] || targets=(all)
	[[ -e $top/CMakeLists.txt ]] || return 0
	built=$(built)
	if is_foreign "$flavour"; then
		export ROOT=$build/kernel/$flavour/root
		options=(--toolchain "$top/lab/$flavour.cmake" -DPASIDCTL_TESTS=OFF -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$built/bin")
	fi
	if [[ ! -e $built/user/build.ninja ]]; then
		# Backtraces need lines and names; types take a quarter of the build time.
		cmake -S "$top" -B "$built/user" -G Ninja -DBPF_OUT="$build/bpf" -DWERROR=ON \
			-DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -g1 -DNDEBUG" "${options[@]}" || return
	fi
	cmake --build "$built/user" --target "${targets[@]}"
}

build_all() {
	local row lock

	mkdir -p "$build"
	# If two runs start at the same time, only one builds.
	exec {lock}>"$build/.lock"
	flock "$lock"
	need_kernel
	for row in "${parts[@]}"; do
		step "build-${row%%|*}" "${row#*|}" "build_${row%%|*}"
	done
	exec {lock}>&-
}
